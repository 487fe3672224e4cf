"""Certainty-based marks: what saying how sure one is would have earned. They change no score. Pure: no database.

The scale is that of certainty-based marking in three levels: a right answer earns 1, 2 or 3, a wrong one 0, -2 or -6.
To be fairly sure pays from two thirds right on, to be sure from four fifths: whoever claims more than they know loses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

LEVELS = (1, 2, 3)
#: What an answer earns at each level, when it is right and when it is wrong.
SCALE = {1: (Decimal(1), Decimal(0)), 2: (Decimal(2), Decimal(-2)), 3: (Decimal(3), Decimal(-6))}


@dataclass(frozen=True)
class Level:
    """The answers given at one level of certainty: how many, and how many of them wholly right."""

    certainty: int
    answers: int
    right: int


@dataclass(frozen=True)
class Calibration:
    """How far certainty and truth agree. `average` is the mean certainty-based mark of an answer, -6 to 3."""

    levels: tuple[Level, ...]
    average: Decimal


def certainty_mark(fraction: Decimal, certainty: int) -> Decimal:
    """What one answer earns; a partly right one the share of each, so that half right and unsure is 0.5."""
    right, wrong = SCALE[certainty]
    return fraction * right + (1 - fraction) * wrong


def calibration(answers: Iterable[tuple[int, Decimal]]) -> Calibration | None:
    """From (certainty 1..3, fraction 0..1) of each answer; None without any."""
    given = list(answers)
    if not given:
        return None
    levels = tuple(
        Level(
            certainty=level,
            answers=sum(certainty == level for certainty, _fraction in given),
            right=sum(certainty == level and fraction == 1 for certainty, fraction in given),
        )
        for level in LEVELS
    )
    total = sum((certainty_mark(fraction, certainty) for certainty, fraction in given), Decimal(0))
    return Calibration(levels, total / len(given))
