"""The door of an exam as its candidate sees it: the seat, what is missing, the start code, one's own deadline."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from quizzes.attempts.commands import authorise, book_seat, check_identity, grant_start, open_sitting
from quizzes.attempts.enums import GrantKind
from quizzes.attempts.models import Attempt
from quizzes.delivery.code_tries import MOST_TRIES
from quizzes.delivery.terms import terms_for
from tests.quizzes.making import make_quiz

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def examiner(others: Any) -> Any:
    return others["examiner"]


@pytest.fixture
def exam(show_to: Any, student: Any) -> Any:
    quiz = make_quiz(["numeric"], needs_sitting=True, time_limit=HOUR)
    show_to(student, quiz)
    return quiz


@pytest.fixture
def room(exam: Any, examiner: Any, student: Any, now: datetime) -> Any:
    """A sitting with a seat for the student, whose identity was checked: (sitting, seat, start code)."""
    sitting, code = open_sitting(
        assessment=exam, place="Room 2", opens_at=now, closes_at=now + HOUR, hard_stop_at=now + 90 * MINUTE,
        invigilators=[examiner], by=examiner, at=now - DAY,
    )  # fmt: skip
    seat = book_seat(sitting=sitting, candidate=student, label="A4", by=examiner, at=now - DAY)
    check_identity(seat=seat, method="passport", by=examiner, at=now)
    return sitting, seat, code


@pytest.fixture
def page(client: Any, student: Any, clock: Any, exam: Any) -> Any:
    client.force_login(student)
    return lambda: client.get(f"/quizzes/{exam.code}/").content.decode()


@pytest.fixture
def press(client: Any, page: Any, exam: Any) -> Any:
    """Press the button with a code; gives where it leads."""
    return lambda code: client.post(f"/quizzes/{exam.code}/", {"start_code": code})["Location"]


@pytest.fixture
def call(api: Any, student: Any, clock: Any, exam: Any) -> Any:
    client = api(student)
    return lambda code: client.post(f"/api/v1/quizzes/{exam.code}/attempts/", {"start_code": code}, format="json")


def facts(api: Any, student: Any, exam: Any) -> dict[str, Any]:
    found: dict[str, Any] = api(student).get(f"/api/v1/quizzes/{exam.code}/").json()
    return found


def test_without_a_seat_the_page_says_what_is_missing(page: Any, exam: Any, api: Any, student: Any) -> None:
    assert "A seat in a sitting of this exam" in page()
    said = facts(api, student, exam)
    assert (said["can_start"], said["reason"], said["needs_sitting"]) == (False, "locked", True)
    assert [row["code"] for row in said["missing"]] == ["sitting"]


def test_the_page_names_the_seat_and_asks_for_the_code(room: Any, page: Any, exam: Any, api: Any, student: Any) -> None:
    text = page()
    assert "Room 2, seat A4" in text
    assert 'name="start_code"' in text
    assert room[2] not in text
    said = facts(api, student, exam)
    assert (said["can_start"], said["asks_start_code"]) == (True, True)


def test_before_the_sitting_the_page_says_when_and_where(room: Any, page: Any, clock: Any) -> None:
    clock.forward(hours=-3)
    text = page()
    assert "Your sitting begins on 2 November 2026" in text
    assert "Room 2, seat A4" in text
    assert 'name="start_code"' not in text


def test_a_wrong_code_is_refused_and_the_right_one_begins(room: Any, press: Any, page: Any, exam: Any) -> None:
    assert press("WRONG") == f"/quizzes/{exam.code}/"
    assert "start code is missing or wrong" in page()
    assert press("") == f"/quizzes/{exam.code}/"
    assert press(room[2].lower()) == f"/attempts/{Attempt.objects.get().uuid}/"


def test_codes_cannot_be_tried_for_ever(room: Any, call: Any, clock: Any, now: datetime) -> None:
    for _try in range(MOST_TRIES):
        assert call("WRONG").json()["code"] == "locked"
        clock.forward(seconds=1)
    refused = call(room[2])
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_tries")
    until = datetime.fromisoformat(refused.json()["retry_at"])
    assert until == now + 15 * MINUTE
    assert "try again at" in refused.json()["detail"]
    assert not Attempt.objects.exists()


def test_only_wrong_codes_use_up_tries(room: Any, call: Any, clock: Any) -> None:
    clock.forward(hours=-1)
    for _try in range(MOST_TRIES + 2):  # Too early: the code is nobody's concern yet.
        assert call("WRONG").json()["missing"][0]["code"] == "sitting_not_open"
    clock.forward(hours=1)
    assert call(room[2]).status_code == 201
    for _try in range(MOST_TRIES + 2):  # Whoever has begun goes on, whatever they type.
        assert call("WRONG").status_code == 200


def test_tries_of_one_person_are_not_held_against_another(
    room: Any, call: Any, api: Any, others: Any, show_to: Any, examiner: Any, exam: Any, now: datetime
) -> None:
    for _try in range(MOST_TRIES + 1):
        call("WRONG")
    other = others["other"]
    show_to(other, exam)
    seat = book_seat(sitting=room[0], candidate=other, by=examiner, at=now)
    check_identity(seat=seat, method="passport", by=examiner, at=now)
    assert api(other).post(f"/api/v1/quizzes/{exam.code}/attempts/", {"start_code": room[2]}).status_code == 201


def test_ones_own_deadline_is_told_before_the_start(room: Any, page: Any, clock: Any) -> None:
    assert "If you start now, your time ends at" in page()
    assert "To have all of it, start by" in page()
    clock.forward(minutes=45)
    text = page()
    assert "You would not have the full time" in text
    assert "The sitting ends for everybody at" in text
    assert "45 minutes instead of 1 hour" in text
    assert "To have all of it" not in text


@pytest.mark.parametrize(
    ("closes", "hard_stop", "latest", "by_sitting"),
    [
        (None, None, None, False),
        (3 * HOUR, None, 2 * HOUR, False),
        (None, 90 * MINUTE, 30 * MINUTE, True),
        (3 * HOUR, 90 * MINUTE, 30 * MINUTE, True),
        (80 * MINUTE, 90 * MINUTE, 20 * MINUTE, False),
    ],
)
def test_the_latest_start_with_the_full_time(
    student: Any, now: datetime, closes: Any, hard_stop: Any, latest: Any, by_sitting: bool
) -> None:
    from quizzes.assembly.policy import Policy

    quiz = make_quiz(["numeric"], time_limit=HOUR, closes_at=now + closes if closes else None)
    terms = terms_for(Policy(**quiz.current_version.policy), student, now, now + hard_stop if hard_stop else None)
    assert terms.latest_full_start_at == (now + latest if latest else None)
    assert terms.stops_with_sitting is by_sitting
    assert terms.is_cut_short is False


def test_an_authorisation_is_shown_with_its_end(
    client: Any, student: Any, examiner: Any, show_to: Any, clock: Any, now: datetime
) -> None:
    quiz = make_quiz(["numeric"], needs_authorisation=True)
    show_to(student, quiz)
    client.force_login(student)
    assert "An authorisation to test" in client.get(f"/quizzes/{quiz.code}/").content.decode()
    authorise(candidate=student, assessment=quiz, valid_from=now, valid_until=now + DAY, by=examiner, at=now)
    assert "Until 3 November 2026" in client.get(f"/quizzes/{quiz.code}/").content.decode()


def test_a_waived_limit_counts_in_what_is_left(
    quiz_of: Any, begin: Any, hand_in: Any, api: Any, student: Any, examiner: Any, client: Any, clock: Any, now: Any
) -> None:
    quiz = quiz_of(["numeric"], max_attempts=1)
    hand_in(begin(quiz))
    assert facts(api, student, quiz)["reason"] == "no_attempts_left"
    grant_start(
        candidate=student, assessment=quiz, kind=GrantKind.EXTRA_ATTEMPT, reason="Fire alarm", by=examiner, at=now
    )
    assert facts(api, student, quiz)["can_start"] is True
    client.force_login(student)
    assert "Start" in client.get(f"/quizzes/{quiz.code}/").content.decode()


def test_the_last_start_is_told(quiz_of: Any, client: Any, student: Any, clock: Any, api: Any, now: datetime) -> None:
    quiz = quiz_of(["numeric"], time_limit=HOUR, starts_until=now + HOUR)
    client.force_login(student)
    text = client.get(f"/quizzes/{quiz.code}/").content.decode()
    assert "Last start" in text
    assert "Whoever has started by then has the full time" in text
    assert datetime.fromisoformat(facts(api, student, quiz)["starts_until"]) == now + HOUR
    clock.forward(hours=1, seconds=1)
    assert facts(api, student, quiz)["reason"] == "not_open"
