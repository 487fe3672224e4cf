"""When an attempt may start and when it ends: pure rules, to the second."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.assembly.policy import Policy
from quizzes.attempts.enums import AttemptState
from quizzes.attempts.policy import (
    Past,
    Schedule,
    Start,
    TimeAllowance,
    attempts_left,
    is_overdue,
    may_start,
    schedule,
    state_of,
)
from tests.conftest import NOW

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def policy(**rules: Any) -> Policy:
    usual = {
        "kind": "quiz", "form_policy": "drawn", "cut_percent": Decimal(80), "cut_basis": "interim",
        "feedback": "after_submit", "results": "at_once", "domain_report": "scores", "navigation": "free",
        "shuffle_items": True,
    }  # fmt: skip
    return Policy(**{**usual, **rules})


def ended(ago: timedelta, lasted: timedelta = timedelta(minutes=10)) -> Past:
    return Past(NOW - ago, NOW - ago + lasted)


moments = st.integers(-(10**6), 10**6).map(lambda seconds: NOW + timedelta(seconds=seconds))
pasts = st.lists(
    st.builds(
        lambda started, lasted: Past(started, None if lasted is None else started + timedelta(seconds=lasted)),
        moments.map(lambda at: min(at, NOW)),
        st.none() | st.integers(0, 10_000),
    ),
    max_size=6,
)
policies = st.builds(
    policy,
    opens_at=st.none() | moments,
    closes_at=st.none() | moments,
    max_attempts=st.none() | st.integers(0, 4),
    attempts_window_seconds=st.none() | st.integers(1, 10**6),
    cooldown_seconds=st.none() | st.integers(0, 10**5),
).filter(lambda rules: not (rules.opens_at and rules.closes_at and rules.opens_at >= rules.closes_at))


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (None, None, Start(True)),
        (NOW, None, Start(True)),
        (NOW + SECOND, None, Start(False, "not_open", NOW + SECOND)),
        (None, NOW + SECOND, Start(True)),
        (None, NOW, Start(False, "not_open")),
        (NOW - HOUR, NOW + HOUR, Start(True)),
        (NOW - 2 * HOUR, NOW - HOUR, Start(False, "not_open")),
    ],
)
def test_the_window_opens_and_closes_to_the_second(opens: Any, closes: Any, expected: Start) -> None:
    assert may_start(policy(opens_at=opens, closes_at=closes), [], NOW) == expected


@pytest.mark.parametrize(("used", "is_allowed"), [(0, True), (1, True), (2, False), (3, False)])
def test_attempts_are_counted(used: int, is_allowed: bool) -> None:
    past = [ended(number * DAY) for number in range(1, used + 1)]
    start = may_start(policy(max_attempts=2), past, NOW)
    assert start == (Start(True) if is_allowed else Start(False, "no_attempts_left"))
    assert attempts_left(policy(max_attempts=2), past, NOW) == max(0, 2 - used)


def test_without_a_limit_nothing_runs_out() -> None:
    assert may_start(policy(), [ended(DAY)] * 50, NOW).allowed
    assert attempts_left(policy(), [ended(DAY)] * 50, NOW) is None


def test_an_attempt_leaves_the_window_to_the_second() -> None:
    rules = policy(max_attempts=2, attempts_window_seconds=int(DAY.total_seconds()))
    past = [ended(DAY - SECOND), ended(HOUR)]
    assert may_start(rules, past, NOW) == Start(False, "no_attempts_left", NOW + SECOND)
    assert attempts_left(rules, past, NOW) == 0
    assert may_start(rules, past, NOW + SECOND) == Start(True)
    assert attempts_left(rules, past, NOW + SECOND) == 1


def test_with_more_attempts_than_allowed_the_wait_is_for_the_right_one() -> None:
    # The limit was lowered after three attempts: two of them must leave the window before the next.
    rules = policy(max_attempts=2, attempts_window_seconds=int(DAY.total_seconds()))
    past = [ended(20 * HOUR), ended(10 * HOUR), ended(5 * HOUR)]
    assert may_start(rules, past, NOW) == Start(False, "no_attempts_left", NOW + 14 * HOUR)


def test_no_attempts_at_all_is_a_rule_too() -> None:
    rules = policy(max_attempts=0, attempts_window_seconds=3600)
    assert may_start(rules, [], NOW) == Start(False, "no_attempts_left")
    assert attempts_left(rules, [], NOW) == 0


def test_a_cooldown_runs_from_the_finish_and_ends_to_the_second() -> None:
    rules = policy(cooldown_seconds=3600)
    finished = ended(2 * HOUR, lasted=HOUR)
    assert may_start(rules, [finished], NOW) == Start(True)
    assert may_start(rules, [finished], NOW - SECOND) == Start(False, "cooldown", NOW)
    assert may_start(rules, [finished], NOW - timedelta(microseconds=1)) == Start(False, "cooldown", NOW)


@pytest.mark.parametrize("rules", [{"cooldown_seconds": 3600}, {"max_attempts": 1, "attempts_window_seconds": 3600}])
def test_no_date_is_promised_on_which_it_will_be_closed(rules: dict[str, int]) -> None:
    past = [Past(NOW - timedelta(minutes=1), NOW - timedelta(minutes=1))]
    opens_again = NOW + timedelta(minutes=59)
    closed = may_start(policy(**rules, closes_at=opens_again), past, NOW)
    assert closed == Start(False, "no_attempts_left")
    assert may_start(policy(**rules, closes_at=opens_again + SECOND), past, NOW).retry_at == opens_again


def test_no_date_is_promised_when_the_wait_after_it_outlasts_the_opening_hours() -> None:
    rules = policy(max_attempts=1, attempts_window_seconds=60, cooldown_seconds=3600, closes_at=NOW + HOUR)
    just_ended = Past(NOW - SECOND, NOW)
    assert may_start(rules, [just_ended], NOW) == Start(False, "no_attempts_left")
    assert may_start(rules.model_copy(update={"closes_at": NOW + 2 * HOUR}), [just_ended], NOW).retry_at is not None


def test_the_latest_finish_decides_the_cooldown() -> None:
    rules = policy(cooldown_seconds=3600)
    long_one = Past(NOW - 5 * HOUR, NOW - timedelta(minutes=10))
    short_one = Past(NOW - HOUR, NOW - timedelta(minutes=50))
    assert may_start(rules, [short_one, long_one], NOW).retry_at == NOW + timedelta(minutes=50)


def test_an_attempt_that_runs_has_no_finish_to_wait_for() -> None:
    assert may_start(policy(cooldown_seconds=3600), [Past(NOW - HOUR, None)], NOW) == Start(True)


def test_a_spent_limit_is_told_before_a_cooldown() -> None:
    rules = policy(max_attempts=1, cooldown_seconds=3600)
    assert may_start(rules, [ended(timedelta(minutes=20))], NOW).code == "no_attempts_left"


@given(policies, pasts)
def test_a_refusal_has_a_reason_and_an_honest_date(rules: Policy, past: list[Past]) -> None:
    start = may_start(rules, past, NOW)
    assert start.allowed == (start.code == "")
    if start.allowed:
        assert start.retry_at is None
        assert attempts_left(rules, past, NOW) != 0
    elif start.retry_at is not None:
        assert start.retry_at > NOW
        # A second before the date the same reason stands; from the date on it does not, though another may.
        assert may_start(rules, past, start.retry_at - SECOND).code == start.code
        assert may_start(rules, past, start.retry_at).code != start.code


@given(policies, pasts, st.randoms())
def test_the_order_of_past_attempts_does_not_matter(rules: Policy, past: list[Past], rng: Any) -> None:
    mixed = list(past)
    rng.shuffle(mixed)
    assert may_start(rules, past, NOW) == may_start(rules, mixed, NOW)


@given(policies, pasts, moments)
def test_one_more_attempt_never_opens_what_was_shut(rules: Policy, past: list[Past], at: datetime) -> None:
    if not may_start(rules, past, NOW).allowed:
        assert not may_start(rules, [*past, Past(min(at, NOW), NOW)], NOW).allowed


@pytest.mark.parametrize(
    ("limit", "allowance", "closes", "expected"),
    [
        (None, TimeAllowance(Decimal(2), 30, 5), None, None),
        (None, TimeAllowance(), NOW + HOUR, NOW + HOUR),
        (2400, TimeAllowance(), None, NOW + timedelta(seconds=2400)),
        (2400, TimeAllowance(Decimal("1.25")), None, NOW + timedelta(seconds=3000)),
        (2400, TimeAllowance(Decimal("1.5"), 10, 5), None, NOW + timedelta(seconds=3600 + 900)),
        (601, TimeAllowance(Decimal("1.25")), None, NOW + timedelta(seconds=752)),
        (2400, TimeAllowance(Decimal(2)), NOW + HOUR, NOW + HOUR),
        (2400, TimeAllowance(), NOW + HOUR, NOW + timedelta(seconds=2400)),
    ],
)
def test_the_deadline_is_the_limit_with_the_persons_conditions(
    limit: int | None, allowance: TimeAllowance, closes: Any, expected: Any
) -> None:
    made = schedule(policy(time_limit_seconds=limit, closes_at=closes), NOW, allowance)
    assert made.deadline_at == expected
    assert made.conditions == {
        "time_limit_seconds": limit,
        "time_factor": str(allowance.factor),
        "extra_minutes": allowance.extra_minutes,
        "break_minutes": allowance.break_minutes,
        "closes_at": closes.isoformat() if closes else None,
        "hard_stop_at": None,
    }


factors = st.decimals(min_value=1, max_value=3, places=2)
allowances = st.builds(TimeAllowance, factors, st.integers(0, 120), st.integers(0, 60))


@given(st.integers(1, 20_000), allowances, st.none() | st.integers(1, 40_000))
def test_an_accommodation_never_shortens_and_closing_is_never_passed(
    limit: int, allowance: TimeAllowance, closes_in: int | None
) -> None:
    closes = NOW + timedelta(seconds=closes_in) if closes_in else None
    rules = policy(time_limit_seconds=limit, closes_at=closes)
    plain: Schedule = schedule(rules, NOW, TimeAllowance())
    mine: Schedule = schedule(rules, NOW, allowance)
    assert plain.deadline_at is not None
    assert mine.deadline_at is not None
    assert mine.deadline_at >= plain.deadline_at > NOW
    assert closes is None or mine.deadline_at <= closes
    assert mine.deadline_at.microsecond == NOW.microsecond


GRACE = timedelta(seconds=5)


@pytest.mark.parametrize(
    ("deadline", "paused", "late", "expected"),
    [
        (None, None, 10 * DAY, False),
        (NOW, None, timedelta(0), False),
        (NOW, None, GRACE, False),
        (NOW, None, GRACE + timedelta(microseconds=1), True),
        (NOW, NOW - HOUR, 10 * DAY, False),
    ],
)
def test_overdue_is_past_deadline_and_grace(deadline: Any, paused: Any, late: timedelta, expected: bool) -> None:
    assert is_overdue(deadline, paused, NOW + late, GRACE) is expected


@pytest.mark.parametrize(
    ("is_void", "is_submitted", "is_released", "state"),
    [
        (False, False, False, AttemptState.IN_PROGRESS),
        (False, True, False, AttemptState.SUBMITTED),
        (False, True, True, AttemptState.GRADED),
        (True, False, False, AttemptState.VOID),
        (True, True, False, AttemptState.VOID),
        (True, True, True, AttemptState.VOID),
    ],
)
def test_the_state_from_outside(is_void: bool, is_submitted: bool, is_released: bool, state: AttemptState) -> None:
    assert state_of(is_void=is_void, is_submitted=is_submitted, is_released=is_released) == state
