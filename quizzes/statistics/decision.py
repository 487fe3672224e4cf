"""How sure the decision at the cut is. Pure arithmetic, scores as proportions or marks as each function says.

The model is the beta-binomial one of Livingston and Lewis (1995, Journal of Educational Measurement 32, 179-197): any
score of known reliability is treated as if it came from a test of so many equal 0/1 items, the *effective length*, and
true scores follow a beta distribution. We fit its two-parameter form on 0 to 1, by mean and variance.

Limits: a two-parameter fit has no floor for guessing, so it is a little off where many score near chance; the effective
length is rounded to whole items, and so is the cut on it; figures are about this group of candidates and lean on
its reliability, which is itself an estimate. Below some 100 attempts they are a hint.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .groups import Floats

#: A reliability so high that its effective length exceeds this is worked out as if it had this length.
LONGEST = 1000
#: How near two shares are the same: the cut on whole items must not move by rounding.
SAME = 1e-9
#: Distances from the cut, in points, at which an exam manager is shown what happens.
MARGINS = (-20, -15, -10, -5, 0, 5, 10, 15, 20)


@dataclass(frozen=True)
class Decision:
    """What the pass/fail decision is worth. Shares of all candidates in percent; kappa from 0 to 1.

    Attributes:
        effective_length: how many equal 0/1 items would measure as well; None for scores without error.
        pass_rate: expected under the model; far from the real one, the model does not fit.
        consistency: decided alike by two parallel forms.
        kappa: the part of the consistency beyond chance (Cohen 1960); None if all pass or all fail.
        accuracy: decided as their true score deserves.
        false_pass: passed, true score below the cut.
        false_fail: failed, true score at the cut or above.
    """

    effective_length: int | None
    pass_rate: float
    consistency: float
    kappa: float | None
    accuracy: float
    false_pass: float
    false_fail: float


@dataclass(frozen=True)
class Chance:
    """A candidate of known true score before a cut. All in percent; `margin` in points above the cut."""

    true_percent: float
    margin: float
    passes: float
    wrong: float


def effective_length(mean: float, sd: float, reliability: float) -> float | None:
    """Livingston and Lewis's effective test length, unrounded, for scores as proportions of the maximum.

    Infinite for a perfect reliability; None where reliability is not positive or the scores cannot be.
    """
    variance = sd * sd
    room = mean * (1 - mean)
    if not 0 < reliability <= 1 or not 0 < mean < 1 or variance <= 0 or variance > room + SAME:
        return None
    if reliability == 1:
        return math.inf
    return max(room - reliability * variance, 0.0) / (variance * (1 - reliability))


def decision_figures(
    *, mean: float, sd: float, reliability: float | None, maximum: float, cut: float
) -> Decision | None:
    """Consistency and accuracy of the decision at `cut`, from mean, spread and reliability of the scores.

    Args:
        mean: of the scores, in marks, as are `sd`, `maximum` and `cut`; who reaches the cut passes.
        sd: standard deviation of the scores.
        reliability: such as Cronbach's alpha; None where it is not known.
        maximum: the most that can be earned.
        cut: from 0 to the maximum.

    None where the reliability is unknown or not positive, or the scores do not vary. Raises ValueError for a cut that
    nobody could be measured against.
    """
    if maximum <= 0 or not 0 <= cut <= maximum:
        raise ValueError(f"a cut of {cut} on a scale to {maximum}")
    if reliability is None:
        return None
    share = mean / maximum
    length = effective_length(share, sd / maximum, reliability)
    if length is None:
        return None
    spread = share * (1 - share) / (reliability * (sd / maximum) ** 2) - 1
    if spread <= SAME:
        return None  # all true scores at 0 or 1
    if math.isinf(length):
        passes = 1 - incomplete_beta(spread * share, spread * (1 - share), cut / maximum)
        return Decision(None, 100 * passes, 100.0, 1.0 if SAME < passes < 1 - SAME else None, 100.0, 0.0, 0.0)
    n = max(1, round(min(length, LONGEST)))
    return beta_binomial_decision(n, spread * share, spread * (1 - share), cut / maximum)


def beta_binomial_decision(n: int, a: float, b: float, cut: float) -> Decision:
    """The decision at the share `cut` on `n` equal items, true scores being Beta(a, b). Exact, no integration.

    The chance of two scores together, and of a score with a true score, are ratios of beta functions (Huynh 1976,
    Journal of Educational Measurement 13, 253-264).
    """
    need = whole_items(cut, n)
    choose = np.array([math.lgamma(n + 1) - math.lgamma(x + 1) - math.lgamma(n - x + 1) for x in range(n + 1)])
    single = np.exp(choose + _log_betas(n, a, b))
    passing = np.arange(need, n + 1)
    pairs = _log_betas(2 * n, a, b)[passing[:, None] + passing[None, :]]
    both_pass = float(np.exp(choose[passing, None] + choose[None, passing] + pairs).sum())
    passes = min(1.0, float(single[passing].sum()))
    consistency = min(1.0, max(0.5, 1 - 2 * passes + 2 * both_pass))
    by_chance = passes**2 + (1 - passes) ** 2
    true_pass = [1 - incomplete_beta(a + x, b + n - x, cut) for x in range(n + 1)]
    false_pass = sum(float(single[x]) * (1 - true_pass[x]) for x in range(need, n + 1))
    false_fail = sum(float(single[x]) * true_pass[x] for x in range(need))
    return Decision(
        effective_length=n,
        pass_rate=100 * passes,
        consistency=100 * consistency,
        kappa=max(0.0, (consistency - by_chance) / (1 - by_chance)) if SAME < passes < 1 - SAME else None,
        accuracy=100 * min(1.0, max(0.0, 1 - false_pass - false_fail)),
        false_pass=100 * false_pass,
        false_fail=100 * false_fail,
    )


def _log_betas(n: int, a: float, b: float) -> Floats:
    """The logarithm of B(a + x, b + n - x) / B(a, b) for x from 0 to n."""
    whole = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) - math.lgamma(a + b + n)
    return np.array([whole + math.lgamma(a + x) + math.lgamma(b + n - x) for x in range(n + 1)])


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b): the chance of a Beta(a, b) value below `x`.

    By the continued fraction of DLMF 8.17.22 (dlmf.nist.gov), evaluated from the front by Lentz's method.
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast on this side of the mean only
        return 1 - incomplete_beta(b, a, 1 - x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    fraction = d
    for m in range(1, 10_000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + term * d or tiny)
            c = 1 + term / c or tiny
            fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return min(1.0, math.exp(log_front) * fraction / a)


def whole_items(cut: float, n: int) -> int:
    """The fewest of `n` items that reach the share `cut`."""
    return min(n, max(0, math.ceil(cut * n - SAME * n)))


def chance_to_reach(need: int, n: int, true: float) -> float:
    """The chance that who masters the share `true` gets at least `need` of `n` items right (binomial)."""
    if need <= 0:
        return 1.0
    if need > n or true <= 0:
        return 0.0
    if true >= 1:
        return 1.0
    log_n = math.lgamma(n + 1)
    terms = (
        math.exp(log_n - math.lgamma(x + 1) - math.lgamma(n - x + 1) + x * math.log(true) + (n - x) * math.log1p(-true))
        for x in range(need, n + 1)
    )
    return min(1.0, math.fsum(terms))


def hurdle_misclassification(
    items: int, cut_items: int, true_shares: Sequence[float] | None = None
) -> tuple[Chance, ...]:
    """What a hurdle of `cut_items` out of `items` does to candidates of known ability.

    Each answers every item rightly with the chance `true`, independently (binomial): `wrong` is the chance to fail for
    who is truly at the cut or above, and to pass for who is truly below. Without `true_shares`, abilities from 20
    points below the cut to 20 above. The same table with an effective length shows a whole test near its cut.

    Raises ValueError for a hurdle that cannot be, or a share outside 0 to 1.
    """
    if items < 1 or not 0 <= cut_items <= items:
        raise ValueError(f"a hurdle of {cut_items} out of {items} items")
    cut = cut_items / items
    if true_shares is None:
        true_shares = [cut + margin / 100 for margin in MARGINS if -SAME <= cut + margin / 100 <= 1 + SAME]
        true_shares = [min(1.0, max(0.0, share)) for share in true_shares]
    rows = []
    for true in true_shares:
        if not 0 <= true <= 1:
            raise ValueError(f"a true share of {true}")
        passes = chance_to_reach(cut_items, items, true)
        wrong = 1 - passes if true >= cut - SAME else passes
        rows.append(Chance(100 * true, 100 * (true - cut), 100 * passes, 100 * wrong))
    return tuple(rows)


def conditional_sem(score: float, items: float, marks_per_item: float = 1.0) -> float | None:
    """The standard error of measurement of one score, in marks: sqrt(X (n - X) / (n - 1)) (Lord 1955, 1957).

    Args:
        score: in marks, from 0 to `items * marks_per_item`; the cut, for the error where it matters most.
        items: how many 0/1 items; an effective length where scores are partial or weighted.
        marks_per_item: the unit: maximum / items.

    None for fewer than two items. Raises ValueError for an impossible score.
    """
    if items < 2 or marks_per_item <= 0:
        return None
    right = score / marks_per_item
    if not -SAME * items <= right <= items * (1 + SAME):
        raise ValueError(f"a score of {score} on {items} items of {marks_per_item}")
    return marks_per_item * math.sqrt(max(0.0, right * (items - right)) / (items - 1))
