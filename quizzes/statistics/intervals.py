"""Shares with their uncertainty. Pure arithmetic; shares are proportions from 0 to 1."""

from __future__ import annotations

import math
from dataclasses import dataclass

#: The 97.5th centile of the normal distribution: 95 % between minus and plus.
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, in the unit of the figure that it belongs to."""

    low: float
    high: float

    def in_percent(self) -> Interval:
        """The same interval for a figure shown as a percentage."""
        return Interval(100 * self.low, 100 * self.high)


def wilson(share: float, n: int, z: float = Z95) -> Interval | None:
    """Wilson's score interval (Wilson 1927, JASA 22, 209-212) for a share seen in `n` independent answers.

    For 0/1 answers `share` is the proportion right. With partial credit it is the mean fraction: a score between 0
    and 1 never varies more than a 0/1 score of the same mean, so the interval is rather too wide than too narrow.
    None without answers, and for a mean outside 0 to 1, which negative marks can give.
    """
    if n < 1 or not -1e-12 <= share <= 1 + 1e-12:
        return None
    share = min(max(share, 0.0), 1.0)
    shrink = 1 + z * z / n
    middle = (share + z * z / (2 * n)) / shrink
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / shrink
    # Rounding must not leave the possible values, nor the share that was seen.
    return Interval(max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share)))


@dataclass(frozen=True)
class Rate:
    """How many of how many, such as a pass rate. `percent` and `interval` (percent) are None of nobody."""

    count: int
    of: int
    percent: float | None
    interval: Interval | None


def rate(count: int, of: int) -> Rate:
    """A rate with its Wilson interval. Raises ValueError for more than all or fewer than none."""
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no rate")
    interval = wilson(count / of, of) if of else None
    return Rate(count, of, 100 * count / of if of else None, interval.in_percent() if interval else None)
