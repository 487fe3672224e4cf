"""People who completed a course, and what they say of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lms.learning.api import CourseCompletion, enrol, evaluate_course
from lms.learning.evaluation_statements import VERSION, WORDINGS
from tests.lms.learning.studying import course

CODES = [row.code for row in WORDINGS[VERSION]]


def completed(user: Any, at: datetime, *, code: str = "C1", cohort: Any = None) -> CourseCompletion:
    """As if all of the course had been studied, which is tested elsewhere."""
    if cohort:
        enrol(user=user, course=course(code), cohort=cohort, by=user, at=at - timedelta(days=30))
    return CourseCompletion.objects.create(
        user=user, course_code=code, outline_digest="0" * 64, credited_minutes=60, completed_at=at
    )


def evaluated(user: Any, at: datetime, *, code: str = "C1", value: int | None = 4, **said: str) -> None:
    """The same answer to every statement."""
    evaluate_course(course_code=code, version=VERSION, answers=dict.fromkeys(CODES, value), by=user, at=at, **said)
