"""The decision at the cut: the exact model against plain integration, limits, and what a short hurdle does."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.statistics.decision import (
    beta_binomial_decision,
    chance_to_reach,
    conditional_sem,
    decision_figures,
    effective_length,
    hurdle_misclassification,
    incomplete_beta,
    whole_items,
)

STEPS = 4_000


def density(x: float, a: float, b: float) -> float:
    log = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + (a - 1) * math.log(x) + (b - 1) * math.log(1 - x)
    return math.exp(log)


def tail(need: int, n: int, p: float) -> float:
    return sum(math.comb(n, x) * p**x * (1 - p) ** (n - x) for x in range(need, n + 1))


@pytest.mark.parametrize(
    ("n", "a", "b", "cut"), [(20, 6, 2, 0.75), (10, 3, 3, 0.5), (40, 9.5, 4.2, 0.7), (8, 12, 5, 0.8)]
)
def test_the_exact_figures_agree_with_integration(n: int, a: float, b: float, cut: float) -> None:
    need = math.ceil(cut * n)
    points = [(step + 0.5) / STEPS for step in range(STEPS)]
    weights = [density(x, a, b) / STEPS for x in points]
    passing = [tail(need, n, x) for x in points]
    rate = sum(w * p for w, p in zip(weights, passing, strict=True))
    alike = sum(w * (p * p + (1 - p) ** 2) for w, p in zip(weights, passing, strict=True))
    false_pass = sum(w * p for x, w, p in zip(points, weights, passing, strict=True) if x < cut)
    false_fail = sum(w * (1 - p) for x, w, p in zip(points, weights, passing, strict=True) if x >= cut)
    found = beta_binomial_decision(n, a, b, cut)
    assert found.pass_rate == pytest.approx(100 * rate, abs=1e-3)
    assert found.consistency == pytest.approx(100 * alike, abs=1e-3)
    assert found.false_pass == pytest.approx(100 * false_pass, abs=0.05)
    assert found.false_fail == pytest.approx(100 * false_fail, abs=0.05)
    assert found.accuracy == pytest.approx(100 - found.false_pass - found.false_fail)
    by_chance = rate**2 + (1 - rate) ** 2
    assert found.kappa == pytest.approx((alike - by_chance) / (1 - by_chance), abs=1e-4)


@given(st.integers(5, 80), st.floats(1, 20), st.floats(1, 20))
def test_a_beta_binomial_test_finds_its_own_length(n: int, a: float, b: float) -> None:
    """Its moments and its reliability n / (n + a + b) are known exactly (Huynh 1979)."""
    mean = a / (a + b)
    variance = mean * (1 - mean) * (a + b + n) / (n * (a + b + 1))
    reliability = n / (n + a + b)
    assert effective_length(mean, math.sqrt(variance), reliability) == pytest.approx(n)
    found = decision_figures(
        mean=n * mean, sd=n * math.sqrt(variance), reliability=reliability, maximum=n, cut=n * 0.75
    )
    expected = beta_binomial_decision(n, a, b, 0.75)
    assert found is not None
    assert found.effective_length == n
    assert found.consistency == pytest.approx(expected.consistency, abs=1e-6)
    assert found.accuracy == pytest.approx(expected.accuracy, abs=1e-6)


@given(st.floats(0.3, 0.9), st.floats(0.05, 0.2), st.floats(0.2, 0.95), st.floats(0.3, 0.9))
def test_a_decision_is_never_worse_than_chance(mean: float, sd: float, reliability: float, cut: float) -> None:
    found = decision_figures(mean=mean, sd=sd, reliability=reliability, maximum=1, cut=cut)
    assert found is not None
    assert 50 <= found.consistency <= 100
    assert 0 <= found.accuracy <= 100
    assert found.kappa is None or 0 <= found.kappa <= 1
    assert 0 <= found.pass_rate <= 100


def test_scores_without_error_decide_rightly_and_better_ones_decide_better() -> None:
    perfect = decision_figures(mean=45, sd=6, reliability=1.0, maximum=60, cut=45)
    assert perfect is not None
    assert (perfect.consistency, perfect.accuracy, perfect.kappa) == (100, 100, 1)
    assert perfect.effective_length is None
    found = [decision_figures(mean=45, sd=6, reliability=r, maximum=60, cut=45) for r in (0.5, 0.7, 0.9, 0.98)]
    consistency = [row.consistency for row in found if row]
    assert len(consistency) == 4
    assert consistency == sorted(consistency)
    assert consistency[-1] > 90


def test_a_cut_that_all_or_none_reach_is_decided_alike_by_any_form() -> None:
    everybody = beta_binomial_decision(30, 8, 3, 0.0)
    assert (everybody.pass_rate, everybody.consistency, everybody.kappa) == (
        pytest.approx(100),
        pytest.approx(100),
        None,
    )
    assert everybody.accuracy == pytest.approx(100)


def test_without_reliability_or_spread_nothing_is_said() -> None:
    assert decision_figures(mean=45, sd=6, reliability=None, maximum=60, cut=45) is None
    assert decision_figures(mean=45, sd=6, reliability=-0.2, maximum=60, cut=45) is None
    assert decision_figures(mean=45, sd=0, reliability=0.8, maximum=60, cut=45) is None
    assert decision_figures(mean=60, sd=0, reliability=0.8, maximum=60, cut=45) is None
    with pytest.raises(ValueError, match="cut"):
        decision_figures(mean=45, sd=6, reliability=0.8, maximum=60, cut=61)
    with pytest.raises(ValueError, match="cut"):
        decision_figures(mean=0, sd=0, reliability=0.8, maximum=0, cut=0)


@pytest.mark.parametrize(
    ("a", "b", "x", "value"),
    [
        (1, 1, 0.3, 0.3),
        (2, 1, 0.3, 0.09),
        (1, 3, 0.5, 0.875),
        (0.5, 0.5, 0.25, 1 / 3),
        (5, 3, 0.5, 29 / 128),
        (3, 4, 0, 0),
        (3, 4, 1, 1),
    ],
)
def test_the_beta_distribution_where_it_is_known(a: float, b: float, x: float, value: float) -> None:
    assert incomplete_beta(a, b, x) == pytest.approx(value, abs=1e-12)


@given(st.integers(1, 60), st.integers(0, 60), st.floats(0.01, 0.99))
def test_binomial_tails_are_beta_values(n: int, need: int, p: float) -> None:
    expected = 1.0 if need <= 0 else 0.0 if need > n else incomplete_beta(need, n - need + 1, p)
    assert chance_to_reach(need, n, p) == pytest.approx(expected, abs=1e-10)


def test_a_hurdle_of_eight_items_fails_many_who_deserve_to_pass() -> None:
    rows = hurdle_misclassification(8, 6)
    assert [round(row.margin) for row in rows] == [-20, -15, -10, -5, 0, 5, 10, 15, 20]
    at_cut = rows[4]
    assert at_cut.true_percent == pytest.approx(75)
    # 28 p^6 q^2 + 8 p^7 q + p^8 at p = 3/4
    assert at_cut.passes == pytest.approx(100 * (28 * 3**6 + 8 * 3**7 + 3**8) / 4**8)
    assert at_cut.wrong == pytest.approx(100 - at_cut.passes)
    above = rows[6]
    assert above.wrong == pytest.approx(100 - above.passes)
    assert 10 < above.wrong < 13
    below = rows[2]
    assert below.wrong == below.passes
    assert 40 < below.wrong < 45
    longer = hurdle_misclassification(80, 60)
    for margin in (2, 6):
        assert longer[margin].wrong < rows[margin].wrong


def test_a_hurdle_table_for_chosen_abilities() -> None:
    none, half, master = hurdle_misclassification(10, 8, [0, 0.5, 1])
    assert (none.passes, none.wrong) == (0, 0)
    assert half.passes == pytest.approx(100 * 56 / 1024)
    assert (master.passes, master.wrong) == (100, 0)
    assert hurdle_misclassification(10, 10)[-1].true_percent == 100


@pytest.mark.parametrize(("items", "cut"), [(0, 0), (8, 9), (8, -1)])
def test_a_hurdle_that_cannot_be_is_refused(items: int, cut: int) -> None:
    with pytest.raises(ValueError, match="hurdle"):
        hurdle_misclassification(items, cut)
    with pytest.raises(ValueError, match="true share"):
        hurdle_misclassification(8, 6, [1.5])


def test_the_error_of_one_score() -> None:
    assert conditional_sem(45, 60) == pytest.approx(math.sqrt(45 * 15 / 59))
    assert conditional_sem(0, 60) == 0
    assert conditional_sem(60, 60) == 0
    assert conditional_sem(90, 60, marks_per_item=2) == pytest.approx(2 * math.sqrt(45 * 15 / 59))
    assert conditional_sem(1, 1) is None
    with pytest.raises(ValueError, match="score"):
        conditional_sem(61, 60)


def test_whole_items_reach_the_cut_and_not_one_more() -> None:
    assert [whole_items(share, 60) for share in (0, 0.75, 0.7501, 1)] == [0, 45, 46, 60]
    assert whole_items(0.7, 10) == 7
    assert whole_items(20 / 24, 24) == 20
