"""Upper against lower candidates, and the options they choose."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.statistics.groups import Ranking, option_figures, point_biserials
from tests.quizzes.statistics.by_hand import band_by_hand


def test_a_hundred_candidates_have_twenty_seven_in_each_extreme_group() -> None:
    scores = np.arange(100.0)
    is_right = (scores >= 80).astype(float)
    upper, lower = Ranking(scores).upper_lower(is_right[:, None])
    assert upper[0] == pytest.approx(20 / 27)
    assert lower[0] == 0


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), min_size=1, max_size=30))
def test_ties_are_shared_out_so_that_order_never_matters(rows: list[tuple[int, int]]) -> None:
    values = [value / 4 for value, _score in rows]
    scores = [float(score) for _value, score in rows]
    upper, lower = Ranking(np.array(scores)).upper_lower(np.array(values)[:, None])
    assert upper[0] == pytest.approx(band_by_hand(values, scores, upper=True))
    assert lower[0] == pytest.approx(band_by_hand(values, scores, upper=False))


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=30),
    st.integers(1, 6),
)
def test_equal_groups_together_are_everybody(rows: list[tuple[bool, int]], groups: int) -> None:
    chosen = np.array([[value] for value, _score in rows])
    scores = np.array([float(score) for _value, score in rows])
    [option] = option_figures(["c1"], chosen, scores=scores, rest=scores, groups=groups)
    shares = [share for share in option.shares_by_group if share is not None]
    assert len(shares) == groups
    assert sum(shares) / groups == pytest.approx(option.share)
    assert all(-1e-9 <= share <= 100 + 1e-9 for share in shares)


def test_unmet_rows_are_not_ranked() -> None:
    values = np.array([[1.0], [np.nan], [0.0], [np.nan]])
    upper, lower = Ranking(np.array([3.0, 9.0, 1.0, 0.0])).upper_lower(values)
    assert (upper[0], lower[0]) == (1, 0)
    upper, _lower = Ranking(np.array([3.0])).upper_lower(np.array([[np.nan]]))
    assert np.isnan(upper[0])


def test_options_of_an_item_and_who_chose_them() -> None:
    """Ten candidates by rising score: the weakest choose b, two in the middle leave it blank, the best choose a."""
    picked = ["b", "b", "b", "b", "", "", "a", "a", "a", "a"]
    chosen = np.array([[pick == "a", pick == "b", pick == "c"] for pick in picked])
    scores = np.arange(10.0)
    a, b, c = option_figures(["a", "b", "c"], chosen, scores=scores, rest=scores)
    assert (a.count, b.count, c.count) == (4, 4, 0)
    assert (a.share, c.share) == (40, 0)
    assert (a.upper_share, a.lower_share, a.pull) == (pytest.approx(100), 0, pytest.approx(100))
    assert b.pull == pytest.approx(-100)
    assert a.shares_by_group == pytest.approx((0, 0, 0, 100, 100))
    assert a.point_biserial == pytest.approx(np.corrcoef([pick == "a" for pick in picked], scores)[0, 1])
    assert a.point_biserial == pytest.approx(-(b.point_biserial or 0))
    assert c.point_biserial is None


def test_nobody_has_no_shares() -> None:
    [option] = option_figures(["a"], np.zeros((0, 1), dtype=bool), scores=np.zeros(0), rest=np.zeros(0))
    assert (option.count, option.share, option.upper_share, option.pull, option.point_biserial) == (0, *[None] * 4)
    assert option.shares_by_group == (None,) * 5


def test_what_does_not_vary_does_not_correlate() -> None:
    everybody = np.ones((4, 1), dtype=bool)
    assert np.isnan(point_biserials(everybody, np.arange(4.0))[0])
    assert np.isnan(point_biserials(np.array([[True], [False]]), np.array([2.0, 2.0]))[0])
    assert np.isnan(point_biserials(np.array([[True]]), np.array([2.0]))[0])
