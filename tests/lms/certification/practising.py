"""What a practitioner candidate does besides studying: labs, sessions, case reports, stations, as tests need them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from lms.learning.api import Cohort, note_attendance
from lms.practicals.api import Practical, PracticalAttempt, SupervisedSession, log_session, open_attempt, sign_off
from tests.lms.learning.classes import make_session
from tests.lms.practicals.log_builders import hand_in, read

#: What each session of a round of ten is about: 30 of them fill every minimum of the shipped path.
ROUND = ["head_neck", "head_neck", "low_back_hip", "low_back_hip", "shoulder", "arm_hand", "leg_foot", "chest_back",
         "older_adult", "widespread_pain"]  # fmt: skip


def attend_labs(student: Any, teacher: Any, cohort: Cohort, now: datetime, hours: int) -> None:
    """Labs of three hours, one a day, three months ago."""
    for number in range(hours // 3):
        begins = now - timedelta(days=90 - number)
        session = make_session(cohort, teacher, begins, minutes=180, kind="technique_lab")
        note_attendance(session=session, minutes={student: 180}, by=teacher, at=begins + timedelta(hours=4))


def log_sessions(student: Any, supervisor: Any, now: datetime, count: int, clients: int) -> list[SupervisedSession]:
    """Sessions of an hour, one a day, each of the clients in turn; nobody has looked at them."""
    rows: list[SupervisedSession] = []
    for number in range(count):
        held = now - timedelta(days=60 - number)
        rows.append(
            log_session(
                student=student,
                client=None if number < clients else rows[number % clients].client,
                supervisor=supervisor,
                held_on=held.date(),
                starts_at=time(10),
                minutes=60,
                setting="school_clinic",
                categories=[ROUND[number % 10]],
                techniques=["palpation"],
                at=held + timedelta(hours=9),
            )
        )
    return rows


def write_reports(student: Any, reader: Any, now: datetime, count: int) -> None:
    """Case reports, accepted with all points."""
    for number in range(count):
        read(hand_in(student, now - timedelta(days=20 - number), title=f"Case {number + 1}"), reader, now)


def show_stations(student: Any, examiner: Any, now: datetime, but: str = "") -> PracticalAttempt:
    """All stations of the shipped practical with all points; all but one if asked."""
    practical = Practical.objects.get(code="practical-exam")
    attempt, _is_new = open_attempt(candidate=student, practical=practical, by=examiner, at=now)
    for place in attempt.version.content["stations"]:
        count = len(place["criteria"])
        if place["code"] != but:
            sign_off(
                attempt=attempt, station=place["code"], points=[2] * count, comments=[""] * count, critical_fails={},
                by=examiner, at=now,
            )  # fmt: skip
    return attempt
