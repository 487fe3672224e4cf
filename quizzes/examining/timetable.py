"""What a hard stop leaves to whoever starts last. Pure: no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quizzes.assembly.policy import Policy


@dataclass(frozen=True)
class LatestStart:
    """The last moment at which one may start, and the time that is left then."""

    at: datetime
    seconds: int
    full_seconds: int | None


def latest_start(
    policy: Policy, closes_at: datetime | None = None, hard_stop_at: datetime | None = None
) -> LatestStart | None:
    """Who starts last has so much time; None when nobody's time is cut short.

    `closes_at` and `hard_stop_at` are those of a sitting: its start window and its end.
    """
    stop = min((at for at in (policy.closes_at, hard_stop_at) if at), default=None)
    if stop is None:
        return None
    last = min((at for at in (policy.starts_until, closes_at, stop) if at), default=stop)
    seconds = int((stop - last).total_seconds())
    if policy.time_limit_seconds is not None and seconds >= policy.time_limit_seconds:
        return None
    return LatestStart(last, seconds, policy.time_limit_seconds)
