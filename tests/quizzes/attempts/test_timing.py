"""Time given, taken, stopped and set going again: the deadline is always the base plus what the ledger says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lms.accounts.api import grant_accommodation
from quizzes.attempts.commands import (
    adjust_time,
    apply_accommodation,
    interrupt,
    pause,
    resume,
    seal_if_overdue,
    submit_attempt,
)
from quizzes.attempts.exceptions import AttemptPaused, CannotAdjust
from quizzes.attempts.models import Attempt, AttemptEvent, Response, TimeAdjustment
from tests.quizzes.making import right

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def timed(quiz_of: Any, begin: Any) -> Attempt:
    return begin(quiz_of(["single_choice", "single_choice"], time_limit=HOUR))


@pytest.fixture
def by(others: Any) -> Any:
    return others["examiner"]


def deadline(attempt: Attempt) -> Any:
    attempt.refresh_from_db()
    return attempt.deadline_at


def follows_from_the_ledger(attempt: Attempt) -> bool:
    rows = TimeAdjustment.objects.filter(attempt=attempt)
    return deadline(attempt) == attempt.started_at + HOUR + timedelta(seconds=sum(row.seconds for row in rows))


def test_time_given_moves_the_deadline_and_says_who_and_why(timed: Attempt, by: Any, now: Any) -> None:
    assert adjust_time(attempts=[timed], seconds=600, reason="Fire alarm", by=by, at=now) == 1
    assert deadline(timed) == now + HOUR + timedelta(minutes=10)
    row = TimeAdjustment.objects.get(attempt=timed)
    assert (row.seconds, row.reason, row.by, row.kind) == (600, "Fire alarm", by, "given")
    assert follows_from_the_ledger(timed)
    assert AttemptEvent.objects.filter(attempt=timed, type="adjusted", by=by).count() == 1


@pytest.mark.parametrize(("taken", "left"), [(600, 3000), (3590, 60), (9000, 60)])
def test_time_taken_leaves_a_minute(timed: Attempt, by: Any, now: Any, taken: int, left: int) -> None:
    adjust_time(attempts=[timed], seconds=-taken, reason="Given in error", by=by, at=now)
    assert deadline(timed) == now + timedelta(seconds=left)
    assert follows_from_the_ledger(timed)


def test_taking_time_never_gives_any(timed: Attempt, by: Any, now: Any) -> None:
    late = now + HOUR - timedelta(seconds=20)
    assert adjust_time(attempts=[timed], seconds=-600, reason="Given in error", by=by, at=late) == 0
    assert deadline(timed) == now + HOUR


@pytest.mark.parametrize(("seconds", "reason"), [(0, "Why"), (60, " "), (25 * 3600, "Why"), (-25 * 3600, "Why")])
def test_an_adjustment_needs_a_reason_and_a_sensible_size(
    timed: Attempt, by: Any, now: Any, seconds: int, reason: str
) -> None:
    with pytest.raises(CannotAdjust):
        adjust_time(attempts=[timed], seconds=seconds, reason=reason, by=by, at=now)
    assert not TimeAdjustment.objects.exists()


def test_a_sealed_or_untimed_attempt_is_left_alone(timed: Attempt, quiz_of: Any, begin: Any, by: Any, now: Any) -> None:
    submit_attempt(attempt=timed, by=timed.candidate, at=now)
    untimed = begin(quiz_of(["numeric"]))
    assert adjust_time(attempts=[timed, untimed], seconds=60, reason="Why", by=by, at=now) == 0
    assert not TimeAdjustment.objects.exists()


def test_an_extended_attempt_takes_answers_until_its_new_deadline(
    timed: Attempt, by: Any, answer: Any, now: Any
) -> None:
    adjust_time(attempts=[timed], seconds=600, reason="Fire alarm", by=by, at=now)
    assert answer(timed, answer=right(timed), at=now + HOUR + timedelta(minutes=9)).is_new
    timed.refresh_from_db()
    assert not seal_if_overdue(attempt=timed, at=now + HOUR + timedelta(minutes=10))
    assert seal_if_overdue(attempt=timed, at=now + HOUR + timedelta(minutes=11))


def test_a_pause_costs_nobody_time(timed: Attempt, by: Any, now: Any) -> None:
    stopped = now + timedelta(minutes=10)
    assert pause(attempts=[timed], reason="Power cut", by=by, at=stopped) == 1
    timed.refresh_from_db()
    assert timed.paused_at == stopped
    assert not seal_if_overdue(attempt=timed, at=now + timedelta(days=3))
    assert resume(attempts=[timed], by=by, at=stopped + timedelta(minutes=25)) == 1
    assert deadline(timed) == now + HOUR + timedelta(minutes=25)
    assert timed.paused_at is None
    assert follows_from_the_ledger(timed)


def test_while_paused_only_what_was_on_its_way_is_taken(timed: Attempt, by: Any, answer: Any, now: Any) -> None:
    pause(attempts=[timed], reason="Power cut", by=by, at=now)
    assert answer(timed, answer=right(timed), at=now + timedelta(seconds=3)).is_new
    with pytest.raises(AttemptPaused):
        answer(timed, slot=2, answer=right(timed, 2), at=now + timedelta(seconds=30))
    assert Response.objects.filter(item__attempt=timed).count() == 1


def test_who_hands_in_while_paused_finished_when_the_clock_stopped(timed: Attempt, by: Any, now: Any) -> None:
    pause(attempts=[timed], reason="Power cut", by=by, at=now + timedelta(minutes=5))
    timed.refresh_from_db()
    assert submit_attempt(attempt=timed, by=timed.candidate, at=now + timedelta(hours=4))
    assert timed.finished_at == now + timedelta(minutes=5)


def test_a_second_pause_changes_nothing_and_neither_does_a_second_resume(timed: Attempt, by: Any, now: Any) -> None:
    assert pause(attempts=[timed], reason="Alarm", by=by, at=now) == 1
    assert pause(attempts=[timed], reason="Alarm", by=by, at=now + timedelta(minutes=1)) == 0
    assert resume(attempts=[timed], by=by, at=now + timedelta(minutes=2)) == 1
    assert resume(attempts=[timed], by=by, at=now + timedelta(minutes=3)) == 0
    assert deadline(timed) == now + HOUR + timedelta(minutes=2)


def test_who_ran_out_of_time_is_not_saved_by_a_pause(timed: Attempt, by: Any, now: Any) -> None:
    assert pause(attempts=[timed], reason="Alarm", by=by, at=now + HOUR) == 0


def test_everybody_is_paused_and_set_going_together(
    quiz_of: Any, begin: Any, others: Any, show_to: Any, by: Any, now: Any, django_assert_max_num_queries: Any
) -> None:
    quiz = quiz_of(["single_choice"], time_limit=HOUR)
    show_to(others["other"], quiz)
    room = [begin(quiz), begin(quiz, by=others["other"], at=now + timedelta(minutes=5))]
    assert pause(attempts=room, reason="Alarm", by=by, at=now + timedelta(minutes=10)) == 2
    assert resume(attempts=room, by=by, at=now + timedelta(minutes=30)) == 2
    assert [deadline(attempt) - attempt.started_at for attempt in room] == [HOUR + timedelta(minutes=20)] * 2


def test_an_accommodation_reaches_who_is_writing(timed: Attempt, by: Any, now: Any) -> None:
    adjust_time(attempts=[timed], seconds=300, reason="Late start", by=by, at=now)
    at = now + timedelta(minutes=30)
    grant_accommodation(user=timed.candidate, time_factor=Decimal("1.5"), by=by, at=at)
    assert deadline(timed) == now + timedelta(minutes=95)
    assert follows_from_the_ledger(timed)
    assert apply_accommodation(candidate=timed.candidate, by=by, at=at) == 0, "once is enough"


def test_a_shorter_accommodation_takes_nothing_back(timed: Attempt, by: Any, now: Any) -> None:
    grant_accommodation(user=timed.candidate, time_factor=Decimal(2), by=by, at=now)
    grant_accommodation(user=timed.candidate, time_factor=Decimal(1), by=by, at=now + timedelta(minutes=1))
    assert deadline(timed) == now + 2 * HOUR


def test_who_leaves_the_course_is_interrupted_and_not_sealed(timed: Attempt, by: Any, now: Any) -> None:
    stopped = interrupt(
        candidate=timed.candidate, assessment_codes=[timed.assessment.code], by=by, at=now + timedelta(minutes=1)
    )
    assert stopped == 1
    timed.refresh_from_db()
    assert timed.is_open
    assert timed.paused_at
    assert AttemptEvent.objects.filter(attempt=timed, type="interrupted").exists()
    assert resume(attempts=[timed], by=by, at=now + timedelta(minutes=5)) == 0, "a person must mean it"
    assert resume(attempts=[timed], with_interrupted=True, by=by, at=now + timedelta(minutes=5)) == 1


def test_a_deadline_over_the_night_of_the_clock_change_is_as_long_as_any(quiz_of: Any, begin: Any) -> None:
    """In Berlin the clocks go back on 25 October 2026 at 03:00: the wall shows 02:30 twice."""
    started = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    attempt = begin(quiz_of(["numeric"], time_limit=HOUR), at=started)
    attempt.refresh_from_db()
    assert attempt.deadline_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert attempt.deadline_at.astimezone(started.tzinfo).strftime("%H:%M") == "02:30"
    assert not seal_if_overdue(attempt=attempt, at=datetime(2026, 10, 25, 1, 29, tzinfo=UTC))
    assert seal_if_overdue(attempt=attempt, at=datetime(2026, 10, 25, 1, 31, tzinfo=UTC))
