"""Setting a cut score by the modified Angoff method. Pure; ratings are probabilities from 0 to 1.

Each judge says of each item which share of minimally competent candidates would get it right. A judge's cut is the
sum over the items; the panel's is the mean of the judges'.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .groups import Floats, known

#: Judges further apart than this on an item should talk about it.
DISPUTED_RANGE = 0.30
#: A judge whose mean rating is this far from the median of the others stands apart.
APART = 0.10
#: A judge whose ratings hardly follow those of the others ranks items differently.
FOLLOWS = 0.20


@dataclass(frozen=True)
class Agreement:
    """Intraclass correlations, two-way random effects: of one judge, and of the mean of the panel."""

    single: float
    average: float


@dataclass(frozen=True)
class RatedItem:
    """The judges' ratings of one item; `sd` is None for a single judge."""

    mean: float
    sd: float | None
    low: float
    high: float

    @property
    def is_disputed(self) -> bool:
        """Are the judges so far apart that the item should be talked about?"""
        return self.high - self.low >= DISPUTED_RANGE - 1e-9


@dataclass(frozen=True)
class Judge:
    """One judge beside the others.

    Attributes:
        cut: what this judge alone would require, in marks.
        apart: mean rating minus the median of the others' means; None for a single judge.
        follows: correlation of the ratings with the others' mean; None where either does not vary.
    """

    cut: float
    apart: float | None
    follows: float | None

    @property
    def is_outlier(self) -> bool:
        """Much stricter or milder than the others, or of another mind about which items are hard."""
        far = self.apart is not None and abs(self.apart) > APART + 1e-9
        return far or (self.follows is not None and self.follows < FOLLOWS)


@dataclass(frozen=True)
class PanelFigures:
    """What a panel came to.

    Attributes:
        judges: by place in the ratings; None for a judge who has not rated every item and therefore does not count.
        cut: in marks, unrounded; None without a complete judge.
        cut_percent: of the maximum.
        standard_error: SD of the judges' cuts / sqrt(judges), in marks; None below two judges.
        agreement: None below two judges or two items, or where nothing varies.
    """

    judges: tuple[Judge | None, ...]
    items: tuple[RatedItem, ...]
    cut: float | None
    cut_percent: float | None
    sd: float | None
    standard_error: float | None
    agreement: Agreement | None

    @property
    def counted_judges(self) -> int:
        """How many judges the cut rests on."""
        return sum(judge is not None for judge in self.judges)


@dataclass(frozen=True)
class Round:
    """A round with what it changed: marks on the cut, and mean absolute change of a rating; None in the first."""

    panel: PanelFigures
    cut_change: float | None
    rating_change: float | None


def agreement(ratings: Any) -> Agreement | None:
    """ICC(2,1) and ICC(2,k) (Shrout and Fleiss 1979, Psychological Bulletin 86, 420-428).

    Args:
        ratings: targets x judges, complete.

    From the mean squares of targets, judges and error. It may be negative. None below two targets or two judges,
    where nothing varies, and where judges contradict each other so much that the estimated variance is not positive.
    """
    table = np.asarray(ratings, dtype=np.float64)
    n, k = table.shape
    if n < 2 or k < 2:
        return None
    grand = table.mean()
    targets, judges = table.mean(axis=1) - grand, table.mean(axis=0) - grand
    residual = table - grand - targets[:, None] - judges[None, :]
    between_targets = k * float((targets**2).sum()) / (n - 1)
    between_judges = n * float((judges**2).sum()) / (k - 1)
    error = float((residual**2).sum()) / ((n - 1) * (k - 1))
    average = between_targets + (between_judges - error) / n
    single = between_targets + (k - 1) * error + k * (between_judges - error) / n
    smallest = 1e-12 * max(between_targets, between_judges, error, 1e-12)
    if average <= smallest or single <= smallest:
        return None
    return Agreement((between_targets - error) / single, (between_targets - error) / average)


def panel_figures(ratings: Any, marks: Sequence[float] | None = None) -> PanelFigures:
    """The cut and how firmly it stands.

    Args:
        ratings: judges x items, NaN for what is not rated yet.
        marks: what each item is worth; 1 by default.

    Raises ValueError for ratings that are no probabilities, or shapes that do not fit.
    """
    table, worth = _checked(ratings, marks)
    complete = ~np.logical_or.reduce(np.isnan(table), axis=1)
    full = table[complete]
    cuts = full @ worth
    cut = float(cuts.mean()) if len(cuts) else None
    sd = float(cuts.std(ddof=1)) if len(cuts) > 1 else None
    judges = iter([_judge(full, place, float(cuts[place])) for place in range(len(full))])
    return PanelFigures(
        judges=tuple(next(judges) if is_complete else None for is_complete in complete.tolist()),
        items=tuple(_item(column) for column in full.T) if len(full) else (),
        cut=cut,
        cut_percent=None if cut is None else 100 * cut / float(worth.sum()),
        sd=sd,
        standard_error=None if sd is None else sd / math.sqrt(len(cuts)),
        agreement=agreement(full.T) if len(full) else None,
    )


def rounds(tables: Sequence[Any], marks: Sequence[float] | None = None) -> tuple[Round, ...]:
    """The panel after each round, first to last. What a judge does not rate again stands as it was."""
    found: list[Round] = []
    before: Floats | None = None
    for ratings in tables:
        table, _worth = _checked(ratings, marks)
        if before is not None:
            table = np.where(np.isnan(table), before, table)
        panel = panel_figures(table, marks)
        cut_change = rating_change = None
        if before is not None:
            earlier = found[-1].panel.cut
            cut_change = None if panel.cut is None or earlier is None else panel.cut - earlier
            moves = np.abs(table - before)
            rating_change = None if np.isnan(moves).all() else known(np.nanmean(moves))
        found.append(Round(panel, cut_change, rating_change))
        before = table
    return tuple(found)


def _checked(ratings: Any, marks: Sequence[float] | None) -> tuple[Floats, Floats]:
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or not table.shape[1]:
        raise ValueError("ratings are judges x items")
    rated = table[~np.isnan(table)]
    if ((rated < 0) | (rated > 1)).any():
        raise ValueError("a rating is a probability")
    worth = np.ones(table.shape[1]) if marks is None else np.asarray(marks, dtype=np.float64)
    if worth.shape != (table.shape[1],) or not (worth > 0).all():
        raise ValueError("every item has marks above 0")
    return table, worth


def _item(column: Floats) -> RatedItem:
    sd = float(column.std(ddof=1)) if len(column) > 1 else None
    return RatedItem(float(column.mean()), sd, float(column.min()), float(column.max()))


def _judge(full: Floats, place: int, cut: float) -> Judge:
    others = np.delete(full, place, axis=0)
    if not len(others):
        return Judge(cut, None, None)
    own, theirs = full[place], others.mean(axis=0)
    apart = float(own.mean() - np.median(others.mean(axis=1)))
    follows = None
    if np.ptp(own) > 1e-9 and np.ptp(theirs) > 1e-9:
        follows = known(np.corrcoef(own, theirs)[0, 1])
    return Judge(cut, apart, follows)
