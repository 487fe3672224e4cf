"""What the tests of the quiz engine share: quizzes that belong to somebody, a clock, and a client with its session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests with real threads prove nothing on SQLite, and must not look as if they had."""
    if item.get_closest_marker("races"):
        from django.db import connection

        if connection.vendor != "postgresql":
            pytest.fail("Races are tested on PostgreSQL only: set DATABASE_URL, or leave out the marker `races`.")


class Clock:
    """Stands in for the clock at the door of the server; everything behind it is handed the time of arrival."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **delta: float) -> datetime:
        self.at += timedelta(**delta)
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Clock:
    """The time at which requests arrive, to be moved by the test."""
    stopped = Clock(now)
    monkeypatch.setattr("lms.core.middleware.timezone", stopped)
    return stopped


@pytest.fixture
def show_to(db: None) -> Iterator[Callable[..., None]]:
    """Make assessments part of what a person takes, by the port that courses and paths use."""
    from lms.core.ports import visible_assessments

    codes: dict[int, set[str]] = {}

    def theirs(user: Any) -> set[str]:
        return codes.get(user.pk, set())

    def show(user: Any, *assessments: Any) -> None:
        codes.setdefault(user.pk, set()).update(assessment.code for assessment in assessments)

    visible_assessments.register(theirs)
    yield show
    visible_assessments.answers.remove(theirs)


@pytest.fixture
def quiz_of(student: Any, show_to: Callable[..., None]) -> Callable[..., Any]:
    """Publish a quiz for the student: `quiz_of(["numeric"], feedback="never")`."""
    from tests.quizzes.making import SIX_TYPES, make_quiz

    def make(types: Any = SIX_TYPES, **fields: Any) -> Any:
        quiz = make_quiz(types, **fields)
        show_to(student, quiz)
        return quiz

    return make


@pytest.fixture
def others(make_user: Callable[..., Any]) -> dict[str, Any]:
    """Everybody who is not the student: one person for each other role, and a second student."""
    found = {role: make_user(role, role) for role in ("instructor", "examiner", "registrar", "admin")}
    found["other"] = make_user("other", "student")
    return found


@pytest.fixture
def begin(student: Any, now: datetime) -> Callable[..., Any]:
    """Start an attempt of the student, or of somebody else."""
    from quizzes.attempts.commands import start_attempt

    def start(quiz: Any, *, by: Any = None, at: datetime | None = None, seed: str = "test") -> Any:
        attempt, _is_new = start_attempt(assessment=quiz, seed=seed, by=by or student, at=at or now)
        return attempt

    return start


@pytest.fixture
def answer(now: datetime) -> Callable[..., Any]:
    """Save an answer by the command, as the attempt's candidate."""
    from quizzes.attempts.commands import record_response

    def save(attempt: Any, slot: int = 1, *, at: datetime | None = None, **given: Any) -> Any:
        return record_response(attempt_uuid=attempt.uuid, slot=slot, by=attempt.candidate, at=at or now, **given)

    return save


@pytest.fixture
def hand_in(now: datetime) -> Callable[..., Any]:
    """Submit and grade an attempt; gives the result."""
    from quizzes.attempts.commands import submit_attempt
    from quizzes.grading.commands import grade_attempt

    def submit(attempt: Any, *, at: datetime | None = None) -> Any:
        submit_attempt(attempt=attempt, by=attempt.candidate, at=at or now)
        return grade_attempt(attempt=attempt, at=at or now)

    return submit


@pytest.fixture
def put(student: Any, api: Callable[..., Any], clock: Clock) -> Callable[..., Any]:
    """Save an answer over the API: `put(attempt, 1, {"answer": …}, key="…", revision=2)`."""
    client = api(student)

    def send(attempt: Any, slot: int, body: Any, *, key: str = "", revision: Any = None, by: Any = None) -> Any:
        headers = {}
        if key:
            headers["Idempotency-Key"] = key
        if revision is not None:
            headers["If-Match"] = f'"{revision}"'
        sender = client if by is None else api(by)
        return sender.put(f"/api/v1/attempts/{attempt.uuid}/responses/{slot}/", body, format="json", headers=headers)

    return send
