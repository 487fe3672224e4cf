"""What an assessment asks of one person: their own time, deadline and hurdles, told before the bell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from lms.knowledge.api import domain_titles
from quizzes.assembly.policy import Policy
from quizzes.attempts import policy as rules
from quizzes.attempts.commands import allowance_for


@dataclass(frozen=True)
class Terms:
    """The conditions of a start at a given moment."""

    seconds: int | None  # the person's own time, accommodation included; None: no limit
    has_extra_time: bool
    deadline_at: datetime | None  # when the time would end after a start now
    seconds_now: int | None  # what is left until that deadline
    is_cut_short: bool  # the assessment or the sitting stops before the time is over
    stops_with_sitting: bool  # it is the sitting that stops it
    latest_full_start_at: datetime | None  # who starts later has less than the full time; None: no hard stop
    hurdles: tuple[dict[str, Any], ...]


def whole(percent: Decimal | str) -> int | float:
    """A percentage for a drawing or a sentence: 75 rather than 75.0."""
    value = float(percent)
    return int(value) if value.is_integer() else value


def terms_for(policy: Policy, user: Any, at: datetime, hard_stop_at: datetime | None = None) -> Terms:
    """What would hold for this person if they started now; `hard_stop_at` is that of the sitting."""
    allowance = allowance_for(user, at)
    deadline_at = rules.schedule(policy, at, allowance, hard_stop_at).deadline_at
    full = rules.schedule(policy.model_copy(update={"closes_at": None}), at, allowance).deadline_at
    stop_at = min((stop for stop in (policy.closes_at, hard_stop_at) if stop), default=None)
    seconds = int((full - at).total_seconds()) if full else None
    titles = domain_titles() if policy.hurdles else {}
    return Terms(
        seconds=seconds,
        has_extra_time=seconds is not None and seconds > (policy.time_limit_seconds or 0),
        deadline_at=deadline_at,
        seconds_now=int((deadline_at - at).total_seconds()) if deadline_at else None,
        is_cut_short=bool(full and deadline_at and deadline_at < full),
        stops_with_sitting=hard_stop_at is not None and hard_stop_at == stop_at,
        latest_full_start_at=stop_at - timedelta(seconds=seconds) if stop_at and seconds else None,
        hurdles=tuple(
            {"title": titles.get(hurdle.domain, hurdle.domain), "percent": whole(hurdle.percent)}
            for hurdle in policy.hurdles
        ),
    )


def draw_domains(data: dict[str, Any], cut_percent: int | float) -> None:
    """Give the domains of a result their bars and the hurdles their names, for the page alone."""
    titles = domain_titles() if data["hurdles"] else {}
    need = {hurdle["code"]: whole(hurdle["need"]) for hurdle in data["hurdles"]}
    for hurdle in data["hurdles"]:
        hurdle["title"] = titles.get(hurdle["code"], hurdle["code"])
    for domain in data["domains"]:
        domain["hurdle"] = need.get(domain["code"])
        domain["cut"] = need.get(domain["code"], cut_percent)
        if domain.get("max_score"):
            domain["percent"] = round(100 * domain["score"] / domain["max_score"])
