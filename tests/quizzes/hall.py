"""A hall for tests: an exam that asks for a sitting, the sitting with its invigilator, and people in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.attempts.commands import book_seat, check_identity, open_sitting, start_attempt
from quizzes.attempts.models import Attempt, Seat
from quizzes.examining.room import room_of
from tests.quizzes.making import make_assessment, make_bank, make_question

#: Stands in every rationale and every feedback of the exam.
SECRET = "Because of the tell-tale sign"


class Hall:
    """An exam that asks for a sitting, the sitting, and ways to fill it."""

    def __init__(self, make_user: Any, now: datetime, items: int = 3) -> None:
        bank = make_bank("hall-exam", "exam")
        questions = [make_question(bank=bank, rationale=f"<p>{SECRET}</p>", said=SECRET) for _ in range(items)]
        self.exam = make_assessment(
            questions=questions, kind="exam", feedback="never", results="held", needs_sitting=True,
            time_limit=timedelta(minutes=40),
        )  # fmt: skip
        self.make_user, self.now = make_user, now
        self.examiner, self.invigilator = make_user("examiner", "examiner"), make_user("watcher", "instructor")
        self.sitting, self.code = open_sitting(
            assessment=self.exam, place="Room 2", opens_at=now, closes_at=now + timedelta(hours=1),
            invigilators=[self.invigilator], by=self.examiner, at=now,
        )  # fmt: skip

    def seat(self, name: str, label: str = "") -> Seat:
        person = self.make_user(name, sort_name=name)
        return book_seat(sitting=self.sitting, candidate=person, label=label, by=self.examiner, at=self.now)

    def begun(self, name: str, label: str = "") -> Attempt:
        seat = self.seat(name, label)
        check_identity(seat=seat, method="passport", by=self.invigilator, at=self.now)
        attempt, _new = start_attempt(
            assessment=self.exam, start_code=self.code, seed=name, by=seat.candidate, at=self.now
        )
        return attempt

    def place(self, name: str, at: datetime | None = None) -> Any:
        places = room_of(self.sitting, at or self.now).places
        return next(place for place in places if place.candidate.display_name == name.title())

    @property
    def url(self) -> str:
        return f"/examine/sittings/{self.sitting.uuid}/"


@pytest.fixture
def hall(make_user: Callable[..., Any], now: datetime, clock: Any) -> Hall:
    return Hall(make_user, now)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def watcher(hall: Hall) -> Client:
    return signed_in(hall.invigilator)
