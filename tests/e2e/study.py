"""Studying by the API: what a journey does not walk through page by page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.e2e.answers import Answer, Item, right_answer

JSON = {"Content-Type": "application/json", "Accept": "application/json"}


class Person(Protocol):
    """Whoever can call the API."""

    def send(self, method: str, path: str, data: Any = None) -> Any:
        """The JSON that the API answers; anything but success is an AssertionError."""


class Script:
    """A script with its key, on nothing but the standard library."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url, self.token = url, token

    @classmethod
    def log_in(cls, url: str, email: str, password: str) -> Script:
        """A script in somebody's name."""
        answer = cls(url).send("POST", "auth/token/", {"email": email, "password": password})
        return cls(url, answer["token"])

    def ask(self, method: str, path: str, data: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """(status, JSON) of any answer."""
        content = None if data is None else json.dumps(data).encode()
        request = Request(f"{self.url}/api/v1/{path}", content, {**JSON, **(headers or {})}, method=method)
        if self.token:
            request.add_header("Authorization", f"Token {self.token}")
        try:
            with urlopen(request, timeout=30) as answer:
                status, body = answer.status, answer.read()
        except HTTPError as error:
            status, body = error.code, error.read()
        return status, json.loads(body) if body else None

    def send(self, method: str, path: str, data: Any = None) -> Any:
        """The JSON of a success."""
        status, body = self.ask(method, path, data)
        assert status < 400, f"{method} {path}: {status} {body}"
        return body


def sit(person: Person, quiz: str, answer: Callable[[Item], Answer] = right_answer) -> dict[str, Any]:
    """Take a quiz from start to result."""
    attempt = person.send("POST", f"quizzes/{quiz}/attempts/")
    for item in attempt["items"]:
        person.send("PUT", f"attempts/{attempt['id']}/responses/{item['slot']}/", {"answer": answer(item)})
    result: dict[str, Any] = person.send("POST", f"attempts/{attempt['id']}/submit/")
    return result


def study_course(person: Person, slug: str) -> None:
    """Whatever of a course is still open: checks, lessons, quizzes, in their order."""
    for module in person.send("GET", f"courses/{slug}/")["modules"]:
        for lesson in module["lessons"]:
            if lesson["state"] == "completed":
                continue
            if lesson["knowledge_check"]:
                sit(person, lesson["knowledge_check"])
            person.send("POST", f"lessons/{lesson['id']}/complete/")
        if module["quiz"] and module["state"] != "completed":
            assert sit(person, module["quiz"])["passed"] is True
    assert person.send("GET", f"courses/{slug}/")["state"] == "completed"
