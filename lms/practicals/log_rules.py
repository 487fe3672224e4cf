"""What is odd about entries of an hours log. Pure: the supervisor sees the flags and decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

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
