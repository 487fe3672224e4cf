"""Stronger against weaker candidates: upper and lower 27 %, and who chose which option.

Groups are cut by rank. Candidates whose scores tie across a border are shared out in proportion, so no figure depends
on the order in which rows happen to come, and groups have exactly the size they claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: The share of candidates in each extreme group (Kelley 1939, Journal of Educational Psychology 30, 17-24).
EXTREME = 0.27
#: Scores closer than this many decimals are ties: stored fractions are short of the truth by 1e-8.
TIE_DECIMALS = 6


def known(value: float | np.floating) -> float | None:
    """A plain number, or None for "not known", which is NaN inside arrays and never 0."""
    return None if np.isnan(value) else float(value)


class Ranking:
    """The order of attempts by score, worked out once for all the bands asked of it."""

    def __init__(self, scores: Floats) -> None:
        """`scores`: one per attempt, on one scale for all."""
        keys = np.round(scores, TIE_DECIMALS)
        self._order = np.argsort(keys, kind="stable")
        in_order = keys[self._order]
        self._starts = np.flatnonzero(np.concatenate(([True], in_order[1:] != in_order[:-1]))) if len(keys) else None

    def band_means(self, values: Floats, *bands: tuple[float, float]) -> list[Floats]:
        """The mean of each column of `values` within bands of rank, such as (0.73, 1.0) for the best 27 %.

        NaN in `values` is "did not meet it": such a candidate is not ranked in that column. NaN comes back for a
        column that nobody met.
        """
        if self._starts is None:
            return [np.full(values.shape[1], np.nan) for _band in bands]
        values = values[self._order]
        met = ~np.isnan(values)
        counts = np.add.reduceat(met, self._starts, axis=0, dtype=np.float64)
        sums = np.add.reduceat(np.where(met, values, 0.0), self._starts, axis=0)
        upto = np.cumsum(counts, axis=0)
        n = upto[-1]
        with np.errstate(invalid="ignore", divide="ignore"):
            tie_means = np.where(counts > 0, sums / counts, 0.0)
            means = []
            for low, high in bands:
                inside = np.minimum(upto, high * n) - np.maximum(upto - counts, low * n)
                means.append((np.clip(inside, 0.0, None) * tie_means).sum(axis=0) / ((high - low) * n))
        return means

    def upper_lower(self, values: Floats) -> tuple[Floats, Floats]:
        """The column means of the best and of the weakest 27 %."""
        upper, lower = self.band_means(values, (1 - EXTREME, 1.0), (0.0, EXTREME))
        return upper, lower


@dataclass(frozen=True)
class OptionFigures:
    """How one option of an item drew candidates. Shares in percent; correlation from -1 to 1."""

    option: str
    count: int
    share: float | None
    upper_share: float | None
    lower_share: float | None
    point_biserial: float | None
    shares_by_group: tuple[float | None, ...]

    @property
    def pull(self) -> float | None:
        """Upper minus lower share, in points: above 0 draws the stronger."""
        if self.upper_share is None or self.lower_share is None:
            return None
        return self.upper_share - self.lower_share


def point_biserials(chosen: Bools, rest: Floats) -> Floats:
    """Pearson's correlation of choosing each option (columns) with the rest score; NaN where one does not vary."""
    if len(rest) < 2:
        return np.full(chosen.shape[1], np.nan)
    picked = chosen - chosen.mean(axis=0)
    others = rest - rest.mean()
    if np.ptp(rest) <= 10.0**-TIE_DECIMALS:
        others = np.zeros_like(others)
    spread = np.sqrt((picked**2).sum(axis=0) * (others**2).sum())
    varies = (spread > 0) & chosen.any(axis=0) & ~chosen.all(axis=0)
    result = np.full(chosen.shape[1], np.nan)
    result[varies] = np.clip((others @ picked)[varies] / spread[varies], -1.0, 1.0)
    return result


def option_figures(
    options: Sequence[str], chosen: Bools, *, scores: Floats, rest: Floats, groups: int = 5
) -> tuple[OptionFigures, ...]:
    """The figures of every option of one item, over the attempts that met it.

    Args:
        options: canonical ids, one per column of `chosen`.
        chosen: attempts x options; several may be true in a row (multiple response) or none (left blank).
        scores: what attempts are ranked by, the whole score on one scale.
        rest: the score without this item, for the correlation: an item must not be praised for agreeing with itself.
        groups: into how many equal groups by score the picture of the item is cut, weakest first.
    """
    values = chosen.astype(np.float64)
    ranking = Ranking(scores)
    upper, lower = ranking.upper_lower(values)
    edges = [(step / groups, (step + 1) / groups) for step in range(groups)]
    pictures = np.array(ranking.band_means(values, *edges)).reshape(groups, len(options))
    correlations = point_biserials(chosen, rest)
    n = len(chosen)
    return tuple(
        OptionFigures(
            option=option,
            count=int(chosen[:, place].sum()),
            share=100 * float(values[:, place].mean()) if n else None,
            upper_share=known(100 * upper[place]),
            lower_share=known(100 * lower[place]),
            point_biserial=known(correlations[place]),
            shares_by_group=tuple(known(100 * share) for share in pictures[:, place]),
        )
        for place, option in enumerate(options)
    )
