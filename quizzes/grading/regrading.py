"""What a correction does to one item and to one attempt. Pure: no database, no clock.

Four methods make a faulty question good: score by the corrected key, accept the corrected key beside the old one,
full credit to everybody, or leave the item out. `never_lower` (the usual choice, for the fault was not the
candidate's) means that no item's fraction falls, and that nobody's percentage falls because an item was left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from quizzes.types import registry

from .engine import COMPARISON, Figures
from .enums import GradeSource, RegradeMethod

EVERYTHING = Decimal(1)
NOTHING = Decimal(0)
FRACTION_PLACES = Decimal("0.00000001")
#: Methods that score answers by another key, and so need the version that holds it.
KEYED = frozenset({RegradeMethod.NEW_KEY, RegradeMethod.ACCEPT_ALSO})


class Outcome(StrEnum):
    """What a regrade does to one item of one attempt."""

    CHANGED = "changed"  # the figures of the attempt change
    UNCHANGED = "unchanged"  # they do not, though the key behind them may
    KEPT = "kept"  # the figures would fall, and stay as they are
    MANUAL = "manual"  # a person marked it, and that stands
    WAITING = "waiting"  # a person has still to mark it
    LEFT_OUT = "left_out"  # an earlier regrade left the item out


def fraction_under(type_slug: str, key: Mapping[str, Any], data: Any) -> Decimal | None:
    """What stored answer data is worth under a stored key: 0 to 1 with eight places, None if a person must judge.

    A blank is worth 0.
    """
    if data is None:
        return NOTHING
    kind = registry.get(type_slug)
    fraction = kind.grade(kind.Key.model_validate(key), kind.Answer.model_validate(data)).fraction
    return None if fraction is None else fraction.quantize(FRACTION_PLACES, ROUND_HALF_UP)


def corrected(
    method: str, *, before: Decimal | None, under_shown: Decimal | None, under_new: Decimal | None, never_lower: bool
) -> Decimal | None:
    """The fraction of an item after a correction; None when a person must still judge.

    `before` is the fraction in force, `under_shown` what the answer is worth under the key of the version that was
    shown, `under_new` under the corrected key. A dropped item keeps its fraction: that it counts no more is said
    apart, so that taking the correction back needs no guess.
    """
    if method == RegradeMethod.FULL_CREDIT:
        return EVERYTHING
    if method == RegradeMethod.DROP_ITEM:
        return before
    if under_new is None:
        return None
    worth = under_new
    if method == RegradeMethod.ACCEPT_ALSO and under_shown is not None:
        worth = max(worth, under_shown)
    if never_lower and before is not None:
        worth = max(worth, before)
    return worth


def follows_new_key(method: str, under_shown: Decimal | None, under_new: Decimal | None) -> bool:
    """Whether the explanation of an item goes by the corrected key from now on.

    Where both keys are accepted, an answer that only the old one credits is explained by the old one.
    """
    if method == RegradeMethod.ACCEPT_ALSO and under_shown is not None and under_new is not None:
        return under_new >= under_shown
    return method in KEYED


def is_manual(source: str, marking: int | None) -> bool:
    """A person's mark, also where it was put back by undoing a regrade."""
    return source in {GradeSource.MARKER, GradeSource.MODERATION} or (
        source == GradeSource.REGRADE and marking is not None
    )


def falls(before: Figures, after: Figures | None) -> bool:
    """Whether somebody would be worse off: a lower percentage, a pass lost to a hurdle, or nothing left to count."""
    if after is None:
        return True
    lost = before.passed and not after.passed
    return lost or after.percent.quantize(COMPARISON) < before.percent.quantize(COMPARISON)


def flip(passed_before: bool | None, passed_after: bool | None) -> str:
    """`to_passed`, `to_failed`, or empty. A result that was not known before flips nothing."""
    if passed_before is None or passed_after is None or passed_before == passed_after:
        return ""
    return "to_passed" if passed_after else "to_failed"
