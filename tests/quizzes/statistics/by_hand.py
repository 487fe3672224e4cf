"""The same statistics straight from their definitions: plain Python, one loop after another, nothing shared."""

from __future__ import annotations

import math
from typing import Any


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def covariance(first: list[float], second: list[float]) -> float:
    a, b = mean(first), mean(second)
    return sum((x - a) * (y - b) for x, y in zip(first, second, strict=True)) / (len(first) - 1)


def is_zero(value: float) -> bool:
    return abs(value) < 1e-12


def item_by_hand(rows: list[list[float]], maxima: list[float], item: int) -> dict[str, Any]:
    """One item of a complete test."""
    figures: dict[str, Any] = dict.fromkeys(
        ("facility", "sd", "discrimination", "efficiency", "effective_weight", "intended_weight")
    )
    figures["negative_covariance"] = False
    if sum(maxima):
        figures["intended_weight"] = 100 * maxima[item] / sum(maxima)
    if not rows:
        return figures
    own = [row[item] for row in rows]
    rest = [sum(row) - row[item] for row in rows]
    if maxima[item]:
        figures["facility"] = 100 * mean(own) / maxima[item]
    if len(rows) < 2:
        return figures
    figures["sd"] = math.sqrt(covariance(own, own))
    product = covariance(own, own) * covariance(rest, rest)
    if not is_zero(product):
        figures["discrimination"] = 100 * covariance(own, rest) / math.sqrt(product)
    largest = covariance(sorted(own), sorted(rest))
    if not is_zero(largest):
        figures["efficiency"] = 100 * covariance(own, rest) / largest
    totals = [sum(row) for row in rows]
    with_total = [covariance([row[p] for row in rows], totals) for p in range(len(maxima))]
    with_total = [0.0 if is_zero(value) else value for value in with_total]
    whole = sum(math.sqrt(value) for value in with_total if value >= 0)
    figures["negative_covariance"] = with_total[item] < 0
    if whole and with_total[item] >= 0:
        figures["effective_weight"] = 100 * math.sqrt(with_total[item]) / whole
    return figures


def scores_by_hand(rows: list[list[float]], maxima: list[float]) -> dict[str, Any]:
    """A complete test."""
    names = ("mean", "median", "sd", "skewness", "kurtosis", "cic", "error_ratio", "sem")
    figures: dict[str, Any] = dict.fromkeys(names)
    s, p = len(rows), len(maxima)
    if not s:
        return figures
    totals = sorted(sum(row) for row in rows)
    figures["mean"] = mean(totals)
    figures["median"] = totals[s // 2] if s % 2 else (totals[s // 2 - 1] + totals[s // 2]) / 2
    if s < 2:
        return figures
    m2, m3, m4 = (sum((total - mean(totals)) ** power for total in totals) / s for power in (2, 3, 4))
    k2 = s * m2 / (s - 1)
    figures["sd"] = math.sqrt(k2)
    if s < 3 or is_zero(k2):
        return figures
    figures["skewness"] = s**2 * m3 / ((s - 1) * (s - 2)) / k2**1.5
    if s > 3:
        k4 = s**2 * ((s + 1) * m4 - 3 * (s - 1) * m2**2) / ((s - 1) * (s - 2) * (s - 3))
        figures["kurtosis"] = k4 / k2**2
    if p > 1:
        variances = sum(covariance([row[q] for row in rows], [row[q] for row in rows]) for q in range(p))
        figures["cic"] = 100 * p / (p - 1) * (1 - variances / k2)
        figures["error_ratio"] = 100 * math.sqrt(max(0.0, 1 - figures["cic"] / 100))
        figures["sem"] = figures["error_ratio"] * figures["sd"] / 100
    return figures


def band_by_hand(values: list[float], scores: list[float], upper: bool, share: float = 0.27) -> float:
    """The mean among the best or weakest share; those who tie at the border are taken in proportion."""
    places = share * len(values)
    total = 0.0
    left = places
    for score in sorted(set(scores), reverse=upper):
        tied = [value for value, own in zip(values, scores, strict=True) if own == score]
        taken = min(left, len(tied))
        total += taken * mean(tied)
        left -= taken
    return total / places
