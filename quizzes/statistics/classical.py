"""Classical statistics of a test and its items, from a matrix of marks. Pure and vectorised.

One row per attempt, one column per item; NaN means that the attempt did not meet the item (a drawn quiz), 0 that it met
it and earned nothing. Definitions follow Moodle's quiz statistics ("Quiz statistics calculations", docs.moodle.org),
and agree with it to 1e-6 on the same marks; variances and covariances divide by n - 1.

**Drawn forms.** An item is judged over those who met it. Its rest score is the total of the attempt without the item.
Where attempts had different maxima, totals and rests are percentages of what each could earn: correlations do not
depend on the unit, so for forms of equal length this is the raw rest. Drawn forms differ a little in difficulty,
which lowers every correlation. Internal consistency and effective weights exist only where all met all counted items.

**Not counted.** A pilot item is analysed against the counted total, of which it is no part.

None is "not known" and never 0. Fewer than 20 answers mean little; `flags` says so, this module still counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .groups import Bools, Floats, Ranking, known
from .intervals import Interval, wilson

#: A spread below this share of what could be earned is none: fractions are stored with eight decimals.
NEGLIGIBLE = 1e-6
#: A covariance this much smaller than the spreads allow is rounding, and its sign means nothing.
ROUNDING = 1e-12


@dataclass(frozen=True)
class ItemFigures:
    """An item over those who met it. Everything in percent but `mean` and `sd`, which are marks.

    Attributes:
        answers: attempts that met it, blank ones included.
        facility: 100 x mean mark / maximum.
        facility_interval: Wilson's 95 % interval; with partial credit on the wide side.
        sd: standard deviation of the marks.
        intended_weight: its share of the maximum, averaged over those who met it; 0 if it does not count.
        effective_weight: 100 x sqrt(cov(item, total)) over the sum of these of all items with a covariance of at
            least 0; None if its own is negative.
        negative_covariance: who does better in all does worse here.
        discrimination: 100 x correlation with the rest score (corrected item-total correlation).
        efficiency: 100 x covariance with the rest over the largest that these marks could have, both sorted.
        upper_lower: facility among the best 27 % by total minus that among the weakest 27 %.
        is_binary: nobody got part of the marks.
    """

    answers: int
    maximum: float
    mean: float | None
    facility: float | None
    facility_interval: Interval | None
    sd: float | None
    intended_weight: float | None
    effective_weight: float | None
    negative_covariance: bool
    discrimination: float | None
    efficiency: float | None
    upper_lower: float | None
    is_binary: bool

    @property
    def sd_percent(self) -> float | None:
        """The standard deviation as a percentage of the maximum."""
        return None if self.sd is None or not self.maximum else 100 * self.sd / self.maximum


@dataclass(frozen=True)
class ScoreFigures:
    """A test over its attempts. `mean`, `median`, `sd` and `sem` are on a scale from 0 to `maximum`.

    Attributes:
        maximum: what all attempts could earn; 100, with `in_percent`, where they could earn different totals.
        skewness, kurtosis: k3/k2^1.5 and k4/k2^2 from the k-statistics (kurtosis as excess over the normal curve).
        cic: coefficient of internal consistency, 100 x Cronbach's alpha (1951, Psychometrika 16, 297-334).
        is_kr20: alpha may be called KR-20, since all items weigh the same and are right or wrong.
        error_ratio: 100 x sqrt(1 - alpha), the share of the spread that is error; above 100 if alpha is negative.
        sem: standard error of measurement, error ratio x standard deviation.
    """

    attempts: int
    items: int
    maximum: float | None
    in_percent: bool
    mean: float | None
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    cic: float | None
    is_kr20: bool
    error_ratio: float | None
    sem: float | None

    @property
    def alpha(self) -> float | None:
        """Cronbach's alpha, at most 1."""
        return None if self.cic is None else self.cic / 100


@dataclass(frozen=True, eq=False)
class Responses:
    """The marks of a test with what follows from them for every item alike. Make it with `responses`."""

    marks: Floats
    maxima: Floats
    counted: Bools

    @cached_property
    def met(self) -> Bools:
        """Which attempt met which item."""
        return ~np.isnan(self.marks)

    @cached_property
    def is_complete(self) -> bool:
        """Every attempt met every counted item."""
        return bool(self.met[:, self.counted].all())

    @cached_property
    def totals(self) -> Floats:
        """Marks earned by each attempt on counted items."""
        return np.nansum(self.marks[:, self.counted], axis=1)

    @cached_property
    def possible(self) -> Floats:
        """Marks that each attempt could earn on counted items."""
        return self.met[:, self.counted] @ self.maxima[self.counted]

    @cached_property
    def in_percent(self) -> bool:
        """Attempts could earn different totals, so that only percentages compare."""
        return len(self.possible) > 0 and bool(np.ptp(self.possible) > NEGLIGIBLE * self.possible.max())

    @cached_property
    def scores(self) -> Floats:
        """Totals on one scale: marks, or percentages where maxima differ."""
        return _percent(self.totals, self.possible) if self.in_percent else self.totals

    def rest(self, item: int | None = None) -> Floats:
        """Score without the item, on the scale of `scores`: one column, or for all items attempts x items.

        NaN where an attempt did not meet the item.
        """
        columns = slice(None) if item is None else slice(item, item + 1)
        counts = self.counted[columns]
        marks = self.marks[:, columns]
        rest = self.totals[:, None] - np.where(counts, marks, marks * 0.0)
        if self.in_percent:
            rest = _percent(rest, self.possible[:, None] - self.maxima[columns] * counts)
        rest[np.isnan(marks)] = np.nan
        return rest if item is None else rest[:, 0]


def responses(marks: Any, maxima: Sequence[float] | Floats, counted: Sequence[bool] | None = None) -> Responses:
    """Check and keep a matrix of marks.

    Args:
        marks: attempts x items, anything numpy makes floats of; NaN for "not met". No attempts is a list without rows.
        maxima: the most that each item can earn, 0 or more.
        counted: which items are part of the total; all by default.

    Raises ValueError for shapes that do not fit and for marks or maxima without a meaning.
    """
    most = np.asarray(maxima, dtype=np.float64).reshape(-1)
    matrix = np.asarray(marks, dtype=np.float64)
    if matrix.size == 0 and matrix.ndim < 2:
        matrix = matrix.reshape(0, len(most))
    if matrix.ndim != 2 or matrix.shape[1] != len(most):
        raise ValueError(f"marks of shape {matrix.shape} do not fit {len(most)} items")
    if np.isinf(matrix).any() or not np.isfinite(most).all() or (most < 0).any():
        raise ValueError("marks must be finite or NaN, and maxima finite and not negative")
    flags = np.ones(len(most), dtype=np.bool_) if counted is None else np.asarray(counted, dtype=np.bool_)
    if flags.shape != most.shape:
        raise ValueError(f"{len(flags)} answers to what counts, for {len(most)} items")
    return Responses(matrix, most, flags)


def _percent(part: Floats, whole: Floats) -> Floats:
    """100 x part / whole; 0 where there was nothing to earn."""
    return np.where(whole > 0, 100 * part / np.where(whole > 0, whole, 1.0), 0.0)


def _deviations(values: Floats, met: Bools, scale: Floats | float) -> Floats:
    """Distances from the column's mean over those who met it; 0 elsewhere, and where the spread is negligible."""
    n = met.sum(axis=0)
    away = np.where(met, values, 0.0)
    away = np.where(met, away - away.sum(axis=0) / np.maximum(n, 1), 0.0)
    spread = away.max(axis=0, initial=0.0) - away.min(axis=0, initial=0.0)
    away[:, spread <= NEGLIGIBLE * np.where(np.asarray(scale) > 0, scale, 1.0)] = 0.0
    return away


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Quotients, NaN where the whole is 0 or not known."""
    result = np.full(part.shape, np.nan)
    np.divide(part, whole, out=result, where=~np.isnan(whole) & (whole != 0))
    return result


def item_figures(data: Responses) -> tuple[ItemFigures, ...]:
    """The figures of every item, in the order of the columns."""
    met, n = data.met, data.met.sum(axis=0)
    freedom = np.where(n > 1, n - 1.0, np.nan)
    rest = data.rest()
    scale = 100.0 if data.in_percent else max(float(data.maxima[data.counted].sum()), 0.0)
    own = _deviations(data.marks, met, data.maxima)
    others = _deviations(rest, met, scale)
    variance = (own**2).sum(axis=0) / freedom
    rest_variance = (others**2).sum(axis=0) / freedom
    covariance = (own * others).sum(axis=0) / freedom
    # Zeros of the unmet stand in the middle of a sorted column and would pair with real marks: infinities go last.
    in_order = [np.sort(np.where(met, away, np.inf), axis=0) for away in (own, others)]
    largest = np.where(np.isinf(in_order[0]), 0.0, in_order[0])
    largest = (largest * np.where(np.isinf(in_order[1]), 0.0, in_order[1])).sum(axis=0) / freedom
    mean = np.where(n > 0, np.where(met, data.marks, 0.0).sum(axis=0) / np.maximum(n, 1), np.nan)
    facility = _ratio(mean, data.maxima)
    upper, lower = Ranking(data.scores).upper_lower(data.marks)
    weights, negative = _effective_weights(data, own, variance, freedom)
    discrimination = 100 * np.clip(_ratio(covariance, np.sqrt(variance * rest_variance)), -1.0, 1.0)
    efficiency = 100 * _ratio(covariance, largest)
    difference = 100 * _ratio(upper - lower, data.maxima)
    intended = _intended_weights(data, n)
    binary = _is_binary(data)
    intervals = [
        wilson(share, count) if count else None for share, count in zip(facility.tolist(), n.tolist(), strict=True)
    ]
    return tuple(
        ItemFigures(
            answers=int(n[p]),
            maximum=float(data.maxima[p]),
            mean=known(mean[p]),
            facility=known(100 * facility[p]),
            facility_interval=interval.in_percent() if interval else None,
            sd=known(np.sqrt(variance[p])),
            intended_weight=known(intended[p]),
            effective_weight=known(weights[p]),
            negative_covariance=bool(negative[p]),
            discrimination=known(discrimination[p]),
            efficiency=known(efficiency[p]),
            upper_lower=known(difference[p]),
            is_binary=bool(binary[p]),
        )
        for p, interval in enumerate(intervals)
    )


def _intended_weights(data: Responses, n: Floats) -> Floats:
    """The item's share of the maximum, averaged over those who met it; in a complete test max / sum of max."""
    if not len(data.marks):
        return 100 * _ratio(data.maxima * data.counted, np.full(len(n), data.maxima[data.counted].sum()))
    usable = data.possible > 0
    met = data.met[usable]
    return (
        100 * data.maxima * data.counted * _ratio((1 / data.possible[usable]) @ met, met.sum(axis=0, dtype=np.float64))
    )


def _effective_weights(data: Responses, own: Floats, variance: Floats, freedom: Floats) -> tuple[Floats, Bools]:
    """Effective weights in percent, and which items covary negatively with the total."""
    none = np.full(len(data.maxima), np.nan), np.zeros(len(data.maxima), dtype=np.bool_)
    if not data.is_complete or len(data.marks) < 2:
        return none
    total = _deviations(data.totals[:, None], np.ones((len(data.totals), 1), dtype=np.bool_), data.maxima.sum())
    covariance = (own * total).sum(axis=0) / freedom
    spread = np.sqrt(variance * (total**2).sum() / (len(data.totals) - 1))
    covariance[np.abs(covariance) <= ROUNDING * spread] = 0.0
    negative = (covariance < 0) & data.counted
    roots = np.where(data.counted & (covariance >= 0), np.sqrt(np.clip(covariance, 0.0, None)), np.nan)
    return 100 * _ratio(roots, np.full(len(roots), np.nansum(roots))), negative


def _is_binary(data: Responses) -> Bools:
    """Items on which nobody got part of the marks."""
    close = NEGLIGIBLE * data.maxima
    extreme = (np.abs(data.marks) <= close) | (np.abs(data.marks - data.maxima) <= close)
    return np.asarray((extreme | ~data.met).all(axis=0), dtype=np.bool_)


def score_figures(data: Responses) -> ScoreFigures:
    """The figures of the whole test."""
    s, scores = len(data.marks), data.scores
    maximum = 100.0 if data.in_percent else float(data.possible[0]) if s else None
    away = _deviations(scores[:, None], np.ones((s, 1), dtype=np.bool_), maximum or 1.0)[:, 0]
    m2, m3, m4 = (float((away**power).sum()) / s if s else 0.0 for power in (2, 3, 4))
    k2 = s * m2 / (s - 1) if s > 1 else None
    sd = None if k2 is None else k2**0.5
    skewness = kurtosis = cic = error_ratio = sem = None
    if k2 and s > 2:
        skewness = s * s * m3 / ((s - 1) * (s - 2)) / k2**1.5
        if s > 3:
            k4 = s * s * ((s + 1) * m4 - 3 * (s - 1) * m2 * m2) / ((s - 1) * (s - 2) * (s - 3))
            kurtosis = k4 / (k2 * k2)
        cic = _internal_consistency(data, k2)
    if cic is not None and sd is not None:
        error_ratio = 100 * max(0.0, 1 - cic / 100) ** 0.5
        sem = error_ratio * sd / 100
    most = data.maxima[data.counted]
    alike = len(most) > 0 and bool(np.ptp(most) <= NEGLIGIBLE * most.max()) and most.max() > 0
    return ScoreFigures(
        attempts=s,
        items=len(most),
        maximum=maximum,
        in_percent=data.in_percent,
        mean=float(scores.mean()) if s else None,
        median=float(np.median(scores)) if s else None,
        sd=sd,
        skewness=skewness,
        kurtosis=kurtosis,
        cic=cic,
        is_kr20=cic is not None and alike and bool(_is_binary(data)[data.counted].all()),
        error_ratio=error_ratio,
        sem=sem,
    )


def _internal_consistency(data: Responses, k2: float) -> float | None:
    """100 x alpha of a complete test of several items."""
    items = int(data.counted.sum())
    if items < 2 or not data.is_complete:
        return None
    marks = data.marks[:, data.counted]
    own = _deviations(marks, np.ones(marks.shape, dtype=np.bool_), data.maxima[data.counted])
    variances = float((own**2).sum()) / (len(marks) - 1)
    return 100 * items / (items - 1) * (1 - variances / k2)
