"""The platform called inside the process, without sockets, so that statements and processor time can be counted."""

from __future__ import annotations

import io
import itertools
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.bench import students as do
from tests.bench.students import HOST, Request, Student


@dataclass(frozen=True)
class Answer:
    """What the application said, with the processor time of this thread that it took."""

    status: int
    headers: dict[str, str]
    body: bytes
    cpu_seconds: float

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers.get("location", "")


def environ_of(request: Request) -> dict[str, Any]:
    """A WSGI environment as the server program would make it."""
    path, _mark, query = request.path.partition("?")
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.all_headers.items()}
    content_type = named.pop("HTTP_CONTENT_TYPE", "")
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path),
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HOST,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **named,
    }


def ask(application: Any, request: Request, expected: int) -> Answer:
    """Call the application; any other status than the expected one is an error."""
    environ, seen = environ_of(request), {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        seen.update(status=int(status.split()[0]), headers={name.lower(): value for name, value in headers})

    began = time.thread_time()
    parts = application(environ, start_response)
    body = b"".join(parts)
    parts.close()
    answer = Answer(seen["status"], seen["headers"], body, time.thread_time() - began)
    if answer.status != expected:
        raise RuntimeError(f"{request.method} {request.path}: {answer.status} {answer.body[:500]!r}")
    return answer


def application() -> Any:
    """The platform, in the environment of a live instance."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    from lms.wsgi import application as platform

    return platform


@dataclass(frozen=True)
class Action:
    """Something students do: `prepare` goes as far as it needs, uncounted, and gives the request that is counted."""

    prepare: Callable[[], Request]
    expected: int


def actions(platform: Any, people: Iterator[Student], quiz: str, items: int) -> dict[str, Action]:
    """Every action of a student at a quiz of so many items."""

    def begun() -> tuple[Student, str]:
        student = next(people)
        return student, do.attempt_of(ask(platform, do.start(student, quiz), 302).location)

    def answered() -> tuple[Student, str]:
        student, attempt = begun()
        for slot in range(1, items + 1):
            ask(platform, do.save(student, attempt, slot, "a"), 200)
        return student, attempt

    def finished() -> tuple[Student, str]:
        student, attempt = answered()
        ask(platform, do.finish(student, attempt), 302)
        return student, attempt

    slot = itertools.cycle(range(1, items + 1))
    reader, writer, graduate = answered(), answered(), finished()
    revisions = [1] * (items + 1)

    def saving() -> Request:
        at = next(slot)
        revisions[at] += 1
        return do.save(*writer, at, "b", os.urandom(8).hex(), revisions[at] - 1)

    return {
        "rules": Action(lambda: do.rules(next(people), quiz), 200),
        "start": Action(lambda: do.start(next(people), quiz), 302),
        "start (API)": Action(lambda: do.start_by_api(next(people), quiz), 201),
        "page": Action(lambda: do.question(*reader, next(slot)), 200),
        "attempt (API)": Action(lambda: do.attempt_by_api(*reader), 200),
        "save": Action(saving, 200),
        "finish": Action(lambda: do.finish(*answered()), 302),
        "finish (API)": Action(lambda: do.finish_by_api(*answered()), 200),
        "results": Action(lambda: do.result(*graduate), 200),
    }


def students_from_input() -> tuple[Iterator[Student], dict[str, Any]]:
    """The people and the rest of what the parent process sends as JSON."""
    given = json.load(sys.stdin)
    return (Student(**one) for one in given["students"]), given
