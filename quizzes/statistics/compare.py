"""Has a share changed? An item that grew easier from one season to the next may have become known."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .intervals import Z95, Interval, wilson


@dataclass(frozen=True)
class Change:
    """Second share minus first, both from 0 to 1, with its interval."""

    difference: float
    interval: Interval

    @property
    def is_clear(self) -> bool:
        """Does the interval leave out "no change"?"""
        return self.interval.low > 0 or self.interval.high < 0


def change(first: float, n_first: int, second: float, n_second: int, z: float = Z95) -> Change | None:
    """The difference of two independent shares (Newcombe 1998, Statistics in Medicine 17, 873-890, method 10).

    It joins the two Wilson intervals, and so keeps its promise near 0 and 1 where items live. Mean fractions may
    stand for proportions as in `wilson`. None where either side has no interval.
    """
    a, b = wilson(first, n_first, z), wilson(second, n_second, z)
    if a is None or b is None:
        return None
    difference = second - first
    low = difference - math.hypot(second - b.low, a.high - first)
    high = difference + math.hypot(b.high - second, first - a.low)
    return Change(difference, Interval(max(-1.0, low), min(1.0, high)))
