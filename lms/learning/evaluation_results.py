"""What evaluations of a course come to, and when they may be shown. Pure.

Nobody is to be found out by a subtraction. So a part of the responses (a year, a cohort) is shown only where it has
enough of them, and where what it leaves out, taken from what is shown beside it, has enough of them or none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, TypeVar

from .evaluation_statements import AGREES, SCALE

#: So many responses have to come together before anything of them is shown.
FEWEST = 5

#: Course, year, cohort (primary key, None where none is kept): how many responses there are of each.
Cells = Mapping[tuple[str, int, int | None], int]
Part = TypeVar("Part", bound=Hashable)


@dataclass(frozen=True)
class Chosen:
    """Which responses are looked at: of a course, perhaps of one year, perhaps of one cohort."""

    course_code: str
    year: int | None = None
    cohort: int | None = None

    def takes(self, course_code: str, year: int, cohort: int | None) -> bool:
        """Whether a response belongs to it."""
        return (
            course_code == self.course_code
            and self.year in {None, year}
            and (self.cohort is None or self.cohort == cohort)
        )


def shown_parts(counts: Mapping[Part, int]) -> set[Part]:
    """Which parts of a whole may be shown beside it: those left out have enough responses together, or none."""
    shown = {part for part, count in counts.items() if count >= FEWEST}
    left_out = sum(count for part, count in counts.items() if part not in shown)
    while shown and 0 < left_out < FEWEST:
        smallest = min(shown, key=lambda part: (counts[part], str(part)))
        shown.remove(smallest)
        left_out += counts[smallest]
    return shown


def count_of(cells: Cells, chosen: Chosen) -> int:
    """How many responses are looked at."""
    return sum(count for cell, count in cells.items() if chosen.takes(*cell))


def is_shown(cells: Cells, chosen: Chosen) -> bool:
    """Whether what these responses say may be shown to somebody who may see all of `cells`."""
    if count_of(cells, chosen) < FEWEST:
        return False
    if chosen.year is not None:
        wider = Chosen(chosen.course_code, cohort=chosen.cohort)
        years: Counter[int] = Counter()
        for cell, count in cells.items():
            if wider.takes(*cell):
                years[cell[1]] += count
        if chosen.year not in shown_parts(years) or not is_shown(cells, wider):
            return False
    if chosen.cohort is not None:
        wider = Chosen(chosen.course_code, year=chosen.year)
        cohorts: Counter[int | None] = Counter()
        for cell, count in cells.items():
            if wider.takes(*cell):
                cohorts[cell[2]] += count
        if chosen.cohort not in shown_parts(cohorts) or not is_shown(cells, wider):
            return False
    return True


@dataclass(frozen=True)
class Tally:
    """The answers to one statement: how many gave each value from 1 to 5, and to how many it does not apply."""

    code: str
    counts: tuple[int, ...]
    does_not_apply: int

    @property
    def answered(self) -> int:
        """How many took a side."""
        return sum(self.counts)

    @property
    def mean(self) -> float | None:
        """From 1 to 5; None where it applies to nobody."""
        if not self.answered:
            return None
        return sum(value * count for value, count in zip(SCALE, self.counts, strict=True)) / self.answered

    @property
    def spread(self) -> float | None:
        """Standard deviation of the answers as they are, not an estimate from a sample."""
        mean = self.mean
        if mean is None:
            return None
        squares = sum((value - mean) ** 2 * count for value, count in zip(SCALE, self.counts, strict=True))
        return sqrt(squares / self.answered)

    @property
    def agree_percent(self) -> int | None:
        """Share of those who took a side and agree, in whole percent."""
        if not self.answered:
            return None
        agree = sum(count for value, count in zip(SCALE, self.counts, strict=True) if value >= AGREES)
        return round(100 * agree / self.answered)


def tallies(codes: Iterable[str], answers: Iterable[Mapping[str, Any]]) -> list[Tally]:
    """The answers to each of these statements that anybody was asked."""
    rows = list(answers)
    found = []
    for code in codes:
        given = Counter(row[code] for row in rows if code in row)
        if given:
            found.append(Tally(code, tuple(given[value] for value in SCALE), given[None]))
    return found
