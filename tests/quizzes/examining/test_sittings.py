"""A sitting from its invigilators' side: who may see it, and what the screen says."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.accounts.api import grant_accommodation
from quizzes.attempts.commands import (
    book_seat,
    check_identity,
    note_presence,
    submit_attempt,
)
from quizzes.attempts.models import Attempt
from quizzes.examining.room import PlaceState, room_of, sittings_for
from tests.quizzes.hall import SECRET, Hall, hall, signed_in, watcher
from tests.quizzes.making import right

pytestmark = pytest.mark.django_db
__all__ = ["hall", "watcher"]


# Who sees it --------------------------------------------------------------------------------------------------------


def test_a_sitting_is_there_for_its_invigilators_and_for_examiners_only(hall: Hall, make_user: Any) -> None:
    other = make_user("other-teacher", "instructor")
    for path in ("", "live/", "register/", "clock/pause/?who=all", "notes/"):
        assert signed_in(hall.invigilator).get(hall.url + path).status_code == 200
        assert signed_in(hall.examiner).get(hall.url + path).status_code == 200
        assert signed_in(other).get(hall.url + path).status_code == 404
        assert signed_in(make_user(f"s{len(path)}")).get(hall.url + path).status_code == 403
    assert "Room 2" in signed_in(hall.invigilator).get("/examine/sittings/").content.decode()
    assert "Room 2" not in signed_in(other).get("/examine/sittings/").content.decode()
    assert "Room 2" in signed_in(hall.invigilator).get("/teach/").content.decode()


def test_nobody_watches_over_a_sitting_that_they_sit_in(hall: Hall, make_user: Any, now: datetime) -> None:
    both = make_user("both", "examiner", "student")
    assert hall.sitting in sittings_for(both)
    book_seat(sitting=hall.sitting, candidate=both, by=hall.examiner, at=now)
    assert signed_in(both).get(hall.url).status_code == 404
    assert hall.sitting not in sittings_for(both)


# What it says -------------------------------------------------------------------------------------------------------


def test_the_room_says_where_everybody_stands(hall: Hall, now: datetime) -> None:
    hall.seat("absent", "A10")
    check_identity(seat=hall.seat("seen", "A2"), method="known", by=hall.invigilator, at=now)
    writing, paused, done = hall.begun("writing", "A1"), hall.begun("paused"), hall.begun("done")
    signed_in(hall.invigilator).post(f"{hall.url}clock/pause/", {"seat": hall.place("paused").key, "reason": "Ill"})
    submit_attempt(attempt=done, by=done.candidate, at=now)
    assert [(place.seat.label, place.state.value) for place in room_of(hall.sitting, now).places] == [
        ("A1", "writing"), ("A2", "identified"), ("A10", "absent"), ("", "handed_in"), ("", "paused"),
    ]  # fmt: skip
    late = now + timedelta(minutes=41)
    assert hall.place("writing", late).state == PlaceState.TIME_OVER
    assert writing.submitted_at is None
    assert hall.place("paused", late).seconds_left == 40 * 60
    assert hall.place("done", late).seconds_left is None
    assert room_of(hall.sitting, late).counts["time_over"] == 1
    assert Attempt.objects.get(pk=paused.pk).paused_at == now


def test_answered_counts_what_stands_and_never_says_what(hall: Hall, answer: Any, now: datetime, watcher: Any) -> None:
    attempt = hall.begun("ana")
    answer(attempt, 1, answer=right(attempt, 1))
    answer(attempt, 2, answer=right(attempt, 2))
    answer(attempt, 2, answer=None, at=now + timedelta(seconds=30))
    place = hall.place("ana")
    assert (place.answered, place.asked, place.saved_at) == (1, 3, now + timedelta(seconds=30))
    submit_attempt(attempt=attempt, by=attempt.candidate, at=now + timedelta(minutes=1))
    pages = [hall.url, f"{hall.url}live/", f"{hall.url}register/", f"{hall.url}seats/{place.key}/"]
    for page in pages:
        said = watcher.get(page).content.decode()
        assert "Ana" in said
        for secret in (SECRET, "What is asked by", "Oedema", "Q-TST", "%</", "passed"):
            assert secret not in said, (page, secret)


def test_a_page_that_is_silent_for_a_minute_is_told(hall: Hall, now: datetime, answer: Any, watcher: Any) -> None:
    attempt = hall.begun("ana")
    assert not hall.place("ana", now + timedelta(seconds=60)).is_lost
    assert hall.place("ana", now + timedelta(seconds=61)).is_lost
    note_presence(attempt=attempt, at=now + timedelta(seconds=50))
    assert not hall.place("ana", now + timedelta(seconds=110)).is_lost
    answer(attempt, 1, answer=right(attempt), at=now + timedelta(seconds=100))
    assert not hall.place("ana", now + timedelta(seconds=160)).is_lost
    assert hall.place("ana", now + timedelta(seconds=161)).is_lost
    submit_attempt(attempt=attempt, by=attempt.candidate, at=now + timedelta(seconds=170))
    assert not hall.place("ana", now + timedelta(seconds=900)).is_lost


def test_conditions_are_shown_and_their_reason_never(hall: Hall, now: datetime, watcher: Any) -> None:
    seat = hall.seat("ana")
    grant_accommodation(
        user=seat.candidate, time_factor=Decimal("1.25"), extra_minutes=5, break_minutes=10,
        notes_for_invigilators="Sits by a door", reason="Crohn's disease", by=hall.examiner, at=now,
    )  # fmt: skip
    for page in (hall.url, f"{hall.url}register/", f"{hall.url}seats/{seat.uuid}/"):
        said = watcher.get(page).content.decode()
        assert "×1.25" in said
        assert "Sits by a door" in said
        assert "Crohn" not in said


def test_the_live_part_is_what_the_page_shows(hall: Hall, watcher: Any) -> None:
    hall.begun("ana", "A1")
    page, live = (watcher.get(url).content.decode() for url in (hall.url, f"{hall.url}live/"))
    rows = re.compile(r"<tr data-row.*?</tr>", re.DOTALL)
    assert rows.findall(live) == rows.findall(page) != []
    assert 'data-left="2400"' in live
    assert "<html" not in live


@pytest.mark.parametrize("path", ["", "live/", "register/"])
def test_the_screen_costs_the_same_for_two_candidates_and_for_forty(
    hall: Hall, watcher: Any, path: str, django_assert_max_num_queries: Any
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert watcher.get(hall.url + path).status_code == 200
        return len(captured)

    hall.begun("one")
    hall.begun("two")
    cost()  # What the school has set is cached.
    few = cost()
    for number in range(38):
        (hall.begun if number % 3 else hall.seat)(f"p{number}")
    assert cost() == few
    with django_assert_max_num_queries({"": 17, "live/": 11, "register/": 12}[path]):
        watcher.get(hall.url + path)
