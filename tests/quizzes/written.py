"""Essay exams for tests: handed-in answers, markers, and what they give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from lms.accounts.api import User
from quizzes.attempts.commands import record_response, start_attempt, submit_attempt
from quizzes.attempts.models import Attempt, AttemptItem, Response
from quizzes.bank.models import QuestionVersion
from quizzes.grading.commands import grade_attempt
from quizzes.grading.marking import Marked, mark_item, moderate_item
from tests.quizzes.making import make_assessment, make_bank, make_question, right

TEXT = "I would press here, slowly.\nYou can stop me <at any time>."
#: Points by the rubric of the draft in `making`: two criteria of two points, the second one required.
FULL, HALF, NO_STOP, NOTHING = ({"c1": one, "c2": two} for one, two in ((2, 2), (1, 1), (2, 0), (0, 0)))


def exam(**fields: Any) -> Any:
    """An exam of one essay (slot 1) and one single choice (slot 2)."""
    bank = make_bank("written-exam", "exam")
    questions = [make_question(slug=slug, bank=bank) for slug in ("essay", "single_choice")]
    usual = {"kind": "exam", "feedback": "after_submit", "results": "held", "cut_percent": 60}
    return make_assessment(questions=questions, **{**usual, **fields})


def written(quiz: Any, candidate: Any, at: datetime, text: str | None = TEXT) -> Attempt:
    """A handed-in attempt: this text, and the choice right."""
    attempt, _new = start_attempt(assessment=quiz, seed="written", by=candidate, at=at)
    answers = {1: None if text is None else {"text": text}, 2: right(attempt, 2)}
    for slot, answer in answers.items():
        record_response(attempt_uuid=attempt.uuid, slot=slot, answer=answer, by=candidate, at=at)
    submit_attempt(attempt=attempt, by=candidate, at=at)
    grade_attempt(attempt=attempt, at=at)
    return attempt


def essay_of(attempt: Attempt) -> AttemptItem:
    return AttemptItem.objects.select_related("version").get(attempt=attempt, slot=1)


def version_of(attempt: Attempt) -> QuestionVersion:
    return essay_of(attempt).version


def revision_of(attempt: Attempt) -> int:
    return Response.objects.filter(item=essay_of(attempt), counted=True).latest("sequence").sequence


def mark(attempt: Attempt, by: Any, at: datetime, points: Any = FULL, **given: Any) -> Marked:
    return mark_item(
        **{"attempt_uuid": attempt.uuid, "slot": 1, "revision": revision_of(attempt), "points": points, **given},
        by=by,
        at=at,
    )


def moderate(attempt: Attempt, by: Any, at: datetime, points: Any = FULL, **given: Any) -> Marked:
    return moderate_item(
        **{"attempt_uuid": attempt.uuid, "slot": 1, "revision": revision_of(attempt), "points": points, **given},
        by=by,
        at=at,
    )


def differently_marked(candidate: Any, at: datetime) -> Attempt:
    """A handed-in exam on whose essay two markers differ."""
    attempt = written(exam(needs_second_marker=True), candidate, at)
    for number, points in enumerate((HALF, FULL), start=1):
        marker = User.objects.create_user(f"marker{number}@test.example", display_name=f"Marker {number}")
        mark(attempt, marker, at, points)
    return attempt


@pytest.fixture
def markers(make_user: Callable[..., Any]) -> list[Any]:
    """Three examiners."""
    return [make_user(f"examiner{number}", "examiner") for number in (1, 2, 3)]


def candidates(make_user: Any, count: int) -> list[Any]:
    return [
        make_user(f"zqperson{n}", "student", display_name=f"Zqname{n}", legal_name=f"Zqlegal{n}") for n in range(count)
    ]


@pytest.fixture
def handed_in(make_user: Any, now: datetime) -> list[Any]:
    """Four answers to one essay, handed in one after the other."""
    quiz = exam()
    people = candidates(make_user, 4)
    return [written(quiz, person, now + timedelta(minutes=n)) for n, person in enumerate(people)]


@pytest.fixture
def differing(student: Any, markers: Any, now: datetime) -> Any:
    """An answer on which the first two examiners differ."""
    attempt = written(exam(needs_second_marker=True), student, now)
    mark(attempt, markers[0], now, HALF, comment="Thin.")
    mark(attempt, markers[1], now, {"c1": 1, "c2": 2}, comment="Good.")
    return attempt
