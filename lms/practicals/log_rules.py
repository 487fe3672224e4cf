"""What is odd about entries of an hours log, and how far a log has come. Pure: a person sees it and decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

#: More supervised work than this on one day is hardly possible; in minutes.
LONG_DAY = 12 * 60
#: An entry written down later than so many days after the session is flagged.
LATE_DAYS = 30

OVERLAP = "overlap"
LONG = "long_day"
LATE = "late_entry"


@dataclass(frozen=True)
class Entry:
    """A session as the rules see it."""

    key: int
    held_on: date
    starts_at: time
    minutes: int
    recorded_on: date

    @property
    def begins(self) -> datetime:
        """When it began, by the clock on the wall."""
        return datetime.combine(self.held_on, self.starts_at)

    @property
    def ends(self) -> datetime:
        """When it was over."""
        return self.begins + timedelta(minutes=self.minutes)


def flags(entries: Iterable[Entry]) -> dict[int, frozenset[str]]:
    """What is odd about each entry of one student's log, by key: overlaps, more than 12 hours a day, written late."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = sorted(entries, key=lambda row: row.begins)
    per_day: dict[date, int] = defaultdict(int)
    for row in rows:
        per_day[row.held_on] += row.minutes
    # The one that reaches furthest is kept at hand: every later one that begins before its end overlaps with it.
    longest: Entry | None = None
    for row in rows:
        if longest and row.begins < longest.ends:
            found[row.key].add(OVERLAP)
            found[longest.key].add(OVERLAP)
        if longest is None or row.ends > longest.ends:
            longest = row
        if per_day[row.held_on] > LONG_DAY:
            found[row.key].add(LONG)
        if (row.recorded_on - row.held_on).days > LATE_DAYS:
            found[row.key].add(LATE)
    return {key: frozenset(value) for key, value in found.items()}


@dataclass(frozen=True)
class Share:
    """How many there are of how many that are needed, in these categories where it is a minimum of a few."""

    have: int
    need: int
    categories: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        """Enough of them."""
        return self.have >= self.need

    @property
    def percent(self) -> int:
        """For a bar: 100 at most."""
        return min(100, self.have * 100 // self.need) if self.need else 100


@dataclass(frozen=True)
class LogProgress:
    """How far a log is towards what a path asks of it: all sessions, different clients, and minima of categories."""

    sessions: Share
    clients: Share
    minima: tuple[Share, ...]

    @property
    def is_met(self) -> bool:
        """Nothing is missing."""
        return all(share.is_met for share in (self.sessions, self.clients, *self.minima))


def counting(terms: Mapping[str, Any], approved: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The approved sessions that are long enough. A longer one than asked for counts once."""
    return [row for row in approved if row["minutes"] >= terms["min_minutes"]]


def log_progress(terms: Mapping[str, Any], approved: Iterable[Mapping[str, Any]]) -> LogProgress:
    """What approved sessions (dicts with `client`, `minutes` and `categories`) make of the terms of a path."""
    rows = counting(terms, approved)
    return LogProgress(
        sessions=Share(len(rows), terms["count"]),
        clients=Share(len({row["client"] for row in rows}), terms["clients"]),
        minima=tuple(
            Share(
                sum(bool(set(minimum["categories"]) & set(row["categories"])) for row in rows),
                minimum["count"],
                tuple(minimum["categories"]),
            )
            for minimum in terms["minima"]
        ),
    )
