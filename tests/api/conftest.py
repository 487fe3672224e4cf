"""A school with one of everything that belongs to somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from courses.api import outline
from lms.learning.api import enrol
from quizzes.api import Assessment, grade_attempt, start_attempt, submit_attempt
from tests.lms.certification.builders import applied, certified


@dataclass(frozen=True)
class School:
    """People by role, and what the student owns."""

    people: dict[str, Any]
    attempt: Any
    finished: Any
    certificate: Any
    application: Any


@pytest.fixture
def school(people: dict[str, Any], now: datetime) -> School:
    """The student takes the first course, has an attempt running and one done, and holds a certificate."""
    student = people["student"]
    before = now - timedelta(days=2)
    course = outline().course("C1")
    assert course is not None
    enrol(user=student, course=course, by=student, at=before)
    quiz = Assessment.objects.get(code="ori-quiz")
    finished, _is_new = start_attempt(assessment=quiz, seed="finished", by=student, at=before)
    submit_attempt(attempt=finished, by=student, at=before)
    grade_attempt(attempt=finished, at=before)
    attempt, _is_new = start_attempt(assessment=quiz, seed="running", by=student, at=before)
    return School(
        people=people,
        attempt=attempt,
        finished=finished,
        certificate=certified(student, people["registrar"], before),
        application=applied(people["other"], people["registrar"], before),
    )
