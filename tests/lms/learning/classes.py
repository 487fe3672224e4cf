"""A cohort in class: its people, and sessions that have been and that come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lms.learning.api import ClassSession, Cohort, enrol, note_attendance, plan_session
from tests.lms.learning.studying import course


def make_cohort(instructor: Any, students: list[Any], at: datetime, code: str = "autumn") -> Cohort:
    """A cohort whose people have been in it for a month."""
    cohort = Cohort.objects.create(code=code, title=code.title())
    cohort.instructors.add(instructor)
    for student in students:
        enrol(user=student, course=course("C1"), cohort=cohort, by=student, at=at - timedelta(days=30))
    return cohort


def make_session(cohort: Cohort, by: Any, starts_at: datetime, **facts: Any) -> ClassSession:
    """Two hours of theory, planned a week ahead."""
    facts = {"title": "Palpation", "minutes": 120, **facts}
    return plan_session(cohort=cohort, starts_at=starts_at, by=by, at=starts_at - timedelta(days=7), **facts)


def note(session: ClassSession, by: Any, at: datetime, reason: str = "", **minutes: int) -> None:
    """Note people by the first part of their address."""
    people = {enrolment.user.email.split("@")[0]: enrolment.user for enrolment in session.cohort.enrolments.all()}
    note_attendance(
        session=session, minutes={people[name]: value for name, value in minutes.items()}, reason=reason, by=by, at=at
    )
