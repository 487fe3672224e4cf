"""When an attempt may start, when it ends, and what state it is in. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from quizzes.assembly.policy import Policy

from .enums import AttemptState, GrantKind

LEAST_LEFT = timedelta(seconds=60)


@dataclass(frozen=True)
class Past:
    """A counted attempt as the start rules see it."""

    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Grant:
    """A rule that was waived for this person, and when."""

    kind: str
    at: datetime


@dataclass(frozen=True)
class Start:
    """May the candidate start now? If not: a code, and when it becomes possible, if that is known."""

    allowed: bool
    code: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True)
class TimeAllowance:
    """A candidate's standing conditions."""

    factor: Decimal = Decimal(1)
    extra_minutes: int = 0
    break_minutes: int = 0


@dataclass(frozen=True)
class Schedule:
    """The deadline (None: untimed) and the parts that it was made of."""

    deadline_at: datetime | None
    conditions: dict[str, Any]


def may_start(policy: Policy, past: Sequence[Past], now: datetime, grants: Sequence[Grant] = ()) -> Start:
    """Window, number of attempts, cooldown, in that order. Open attempts are not the caller's concern here.

    A granted attempt adds to the limit (within the same window); a cooldown is waived by a grant later than the finish.
    """
    if policy.opens_at and now < policy.opens_at:
        return Start(False, "not_open", policy.opens_at)
    if (policy.closes_at and now >= policy.closes_at) or (policy.starts_until and now > policy.starts_until):
        return Start(False, "not_open")
    counted = sorted(past, key=lambda attempt: attempt.started_at)
    if policy.attempts_window_seconds is not None:
        horizon = now - timedelta(seconds=policy.attempts_window_seconds)
        counted = [attempt for attempt in counted if attempt.started_at > horizon]
    most = _most_attempts(policy, now, grants)
    if most is not None and len(counted) >= most:
        retry_at = None
        if policy.attempts_window_seconds is not None and most:
            oldest = counted[len(counted) - most]
            retry_at = oldest.started_at + timedelta(seconds=policy.attempts_window_seconds)
        if retry_at and _is_closed_by(policy, _cooled_down_at(policy, past, grants)):
            retry_at = None  # The limit would be lifted, and the wait that follows would outlast the opening hours.
        return _not_before(policy, retry_at, "no_attempts_left")
    cooled_down_at = _cooled_down_at(policy, past, grants)
    if cooled_down_at and now < cooled_down_at:
        return _not_before(policy, cooled_down_at, "cooldown")
    return Start(True)


def _cooled_down_at(policy: Policy, past: Sequence[Past], grants: Sequence[Grant]) -> datetime | None:
    """When the wait after the latest finish is over; None without one, or where it was waived."""
    finished = max((attempt.finished_at for attempt in past if attempt.finished_at), default=None)
    if not policy.cooldown_seconds or finished is None:
        return None
    if any(grant.kind == GrantKind.NO_COOLDOWN and grant.at >= finished for grant in grants):
        return None
    return finished + timedelta(seconds=policy.cooldown_seconds)


def _most_attempts(policy: Policy, now: datetime, grants: Sequence[Grant]) -> int | None:
    if policy.max_attempts is None:
        return None
    granted = [grant.at for grant in grants if grant.kind == GrantKind.EXTRA_ATTEMPT]
    if policy.attempts_window_seconds is not None:
        horizon = now - timedelta(seconds=policy.attempts_window_seconds)
        granted = [at for at in granted if at > horizon]
    return policy.max_attempts + len(granted)


def _not_before(policy: Policy, retry_at: datetime | None, code: str) -> Start:
    """A refusal with its date; a date on which it will be closed is none, and no attempt is left."""
    if _is_closed_by(policy, retry_at):
        return Start(False, "no_attempts_left")
    return Start(False, code, retry_at)


def _is_closed_by(policy: Policy, at: datetime | None) -> bool:
    last = min((end for end in (policy.closes_at, policy.starts_until) if end), default=None)
    return at is not None and last is not None and at >= last


def attempts_left(policy: Policy, past: Sequence[Past], now: datetime, grants: Sequence[Grant] = ()) -> int | None:
    """How many more attempts the rules give; None when there is no limit."""
    most = _most_attempts(policy, now, grants)
    if most is None:
        return None
    counted = list(past)
    if policy.attempts_window_seconds is not None:
        horizon = now - timedelta(seconds=policy.attempts_window_seconds)
        counted = [attempt for attempt in counted if attempt.started_at > horizon]
    return max(0, most - len(counted))


def schedule(
    policy: Policy, started_at: datetime, allowance: TimeAllowance, hard_stop_at: datetime | None = None
) -> Schedule:
    """The candidate's own deadline: limit × factor + minutes, and never after the hard stop of quiz or sitting."""
    limit = policy.time_limit_seconds
    stop = min((at for at in (policy.closes_at, hard_stop_at) if at), default=None)
    conditions: dict[str, Any] = {
        "time_limit_seconds": limit,
        "time_factor": str(allowance.factor),
        "extra_minutes": allowance.extra_minutes,
        "break_minutes": allowance.break_minutes,
        "closes_at": policy.closes_at.isoformat() if policy.closes_at else None,
        "hard_stop_at": hard_stop_at.isoformat() if hard_stop_at else None,
    }
    if limit is None:
        return Schedule(stop, conditions)
    seconds = int((Decimal(limit) * allowance.factor).to_integral_value(ROUND_CEILING))
    seconds += 60 * (allowance.extra_minutes + allowance.break_minutes)
    # In UTC: on the night of a clock change a sum on the wall clock would be an hour out.
    deadline = started_at.astimezone(UTC) + timedelta(seconds=seconds)
    if stop:
        deadline = min(deadline, stop)
    return Schedule(deadline, conditions)


def shift(deadline_at: datetime | None, seconds: int, now: datetime) -> datetime | None:
    """The deadline after time was given or taken. What is taken leaves a minute to finish, unless less was left."""
    if deadline_at is None:
        return None
    moved = deadline_at + timedelta(seconds=seconds)
    return moved if seconds >= 0 else max(moved, min(deadline_at, now + LEAST_LEFT))


def is_overdue(deadline_at: datetime | None, paused_at: datetime | None, now: datetime, grace: timedelta) -> bool:
    """Past deadline and grace. A paused attempt is never overdue."""
    return deadline_at is not None and paused_at is None and now > deadline_at + grace


def state_of(*, is_void: bool, is_submitted: bool, is_released: bool) -> AttemptState:
    """The state seen from outside. A result that is held, or waits for a person, is still `submitted`."""
    if is_void:
        return AttemptState.VOID
    if not is_submitted:
        return AttemptState.IN_PROGRESS
    return AttemptState.GRADED if is_released else AttemptState.SUBMITTED
