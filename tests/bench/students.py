"""What students do, request by request; the same for the load client and for a client inside the process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlencode

HOST = "school.example"
ORIGIN = f"https://{HOST}"
#: Rows that the floor has to update.
FLOOR_ROWS = 1000
#: The cookie is the browser's own, so any secret will do as long as cookie and token are of one mind.
CSRF = "b" * 32
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@dataclass(frozen=True)
class Student:
    """Somebody with a session."""

    pk: int
    session: str


@dataclass(frozen=True)
class School:
    """What the set-up made: quizzes by slug, students who take them, their instructor, candidates for the exam."""

    quiz: str
    long_quiz: str
    exam: str
    instructor: Student
    students: list[Student]
    candidates: list[Student]


@dataclass(frozen=True)
class Request:
    """A request of a student, before it is made bytes."""

    student: Student
    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def all_headers(self) -> dict[str, str]:
        """What a browser behind the proxy sends; `Host` and length apart."""
        writes = {"Origin": ORIGIN, "Referer": f"{ORIGIN}/", "X-CSRFToken": CSRF} if self.method != "GET" else {}
        return {
            "User-Agent": AGENT,
            "Accept": "*/*",
            "Accept-Language": "en-GB,en;q=0.8",
            "Accept-Encoding": "gzip, deflate, br",
            "Cookie": f"lms_csrf={CSRF}; lms_session={self.student.session}",
            "X-Forwarded-For": "192.0.2.7",
            "X-Forwarded-Proto": "https",
            **writes,
            **dict(self.headers),
        }

    @property
    def wire(self) -> bytes:
        """The request as HTTP/1.1."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {HOST}"]
        lines += [f"{name}: {value}" for name, value in self.all_headers.items()]
        if self.method != "GET":
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


def _form(student: Student, path: str, **fields: str) -> Request:
    body = urlencode({"csrfmiddlewaretoken": CSRF, **fields}).encode()
    return Request(student, "POST", path, (("Content-Type", "application/x-www-form-urlencoded"),), body)


def rules(student: Student, quiz: str) -> Request:
    """The page with the rules and the button."""
    return Request(student, "GET", f"/quizzes/{quiz}/")


def start(student: Student, quiz: str) -> Request:
    """Press "Start"; answered by a redirect to the first question."""
    return _form(student, f"/quizzes/{quiz}/")


def start_by_api(student: Student, quiz: str) -> Request:
    """The same for a program: answered by the whole attempt."""
    return Request(student, "POST", f"/api/v1/quizzes/{quiz}/attempts/", (("Content-Type", "application/json"),), b"{}")


def attempt_by_api(student: Student, attempt: str) -> Request:
    """Everything about an attempt, with the answers as they are stored."""
    return Request(student, "GET", f"/api/v1/attempts/{attempt}/")


def question(student: Student, attempt: str, slot: int) -> Request:
    """The page of one question."""
    return Request(student, "GET", f"/attempts/{attempt}/?slot={slot}")


def save(student: Student, attempt: str, slot: int, choice: str, key: str = "", revision: int | None = None) -> Request:
    """Save a choice as the page's script does it."""
    headers = [("Content-Type", "application/json")]
    if key:
        headers.append(("Idempotency-Key", key))
    if revision is not None:
        headers.append(("If-Match", f'"{revision}"'))
    body = json.dumps({"answer": {"choice": choice}}).encode()
    return Request(student, "PUT", f"/api/v1/attempts/{attempt}/responses/{slot}/", tuple(headers), body)


def finish(student: Student, attempt: str) -> Request:
    """Press "Hand in"; sealed, graded, and answered by a redirect to the result."""
    return _form(student, f"/attempts/{attempt}/submit/")


def finish_by_api(student: Student, attempt: str) -> Request:
    """The same for a program: answered by the result."""
    return Request(
        student, "POST", f"/api/v1/attempts/{attempt}/submit/", (("Content-Type", "application/json"),), b"{}"
    )


def result(student: Student, attempt: str) -> Request:
    """The page of the result."""
    return Request(student, "GET", f"/attempts/{attempt}/result/")


def report(instructor: Student, quiz: str) -> Request:
    """The first page of all attempts at a quiz, for those who teach."""
    return Request(instructor, "GET", f"/examine/assessments/{quiz}/attempts/")


def attempt_of(location: str) -> str:
    """The attempt that a redirect leads to, or nothing."""
    parts = location.strip("/").split("/")
    return parts[-1] if len(parts) >= 2 and parts[-2] == "attempts" else ""


def floor(row: int) -> bytes:
    """A request to the floor."""
    body = b'{"answer": {"choice": "b"}}'
    return f"POST /save/{row}/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
