"""Standard setting: the published example of agreement, the cut and its error, rounds, judges apart."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.statistics.angoff import agreement, panel_figures, rounds

#: Shrout and Fleiss 1979, table 2: six targets, four judges.
TARGETS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
NAN = math.nan
panels = st.integers(2, 5).flatmap(
    lambda items: st.lists(
        st.lists(st.integers(0, 20).map(lambda twentieth: twentieth / 20), min_size=items, max_size=items),
        min_size=2,
        max_size=6,
    )
)


def test_agreement_is_that_of_shrout_and_fleiss() -> None:
    found = agreement(TARGETS)
    assert found is not None
    assert found.single == pytest.approx(0.29, abs=0.005)
    assert found.average == pytest.approx(0.62, abs=0.005)


def test_judges_who_say_the_same_agree_wholly() -> None:
    found = agreement([[0.2, 0.2, 0.2], [0.5, 0.5, 0.5], [0.9, 0.9, 0.9]])
    assert found is not None
    assert found.single == pytest.approx(1)
    assert found.average == pytest.approx(1)


def test_agreement_needs_two_judges_two_items_and_something_that_varies() -> None:
    assert agreement([[0.5, 0.6]]) is None
    assert agreement([[0.5], [0.6]]) is None
    assert agreement([[0.5, 0.5], [0.5, 0.5]]) is None


def test_the_cut_is_the_mean_of_the_judges_sums() -> None:
    panel = panel_figures([[0.6, 0.8, 0.9, 0.7], [0.5, 0.7, 0.8, 0.6], [0.7, 0.9, 0.9, 0.9]])
    assert [judge.cut for judge in panel.judges if judge] == pytest.approx([3.0, 2.6, 3.4])
    assert panel.cut == pytest.approx(3.0)
    assert panel.cut_percent == pytest.approx(75)
    assert panel.sd == pytest.approx(0.4)
    assert panel.standard_error == pytest.approx(0.4 / math.sqrt(3))
    assert panel.items[0].mean == pytest.approx(0.6)
    assert panel.items[0].sd == pytest.approx(0.1)
    assert (panel.items[3].low, panel.items[3].high) == (0.6, 0.9)
    assert [item.is_disputed for item in panel.items] == [False, False, False, True]


def test_items_count_by_their_marks() -> None:
    panel = panel_figures([[0.5, 1.0], [0.5, 1.0]], marks=[3, 1])
    assert panel.cut == pytest.approx(2.5)
    assert panel.cut_percent == pytest.approx(62.5)


@given(panels)
def test_the_order_of_judges_does_not_matter(table: list[list[float]]) -> None:
    before, after = panel_figures(table), panel_figures(table[::-1])
    assert after.cut == pytest.approx(before.cut)
    assert after.standard_error == pytest.approx(before.standard_error)
    assert (after.agreement is None) == (before.agreement is None)
    if before.agreement and after.agreement:
        assert after.agreement.average == pytest.approx(before.agreement.average, rel=1e-6, abs=1e-6)
        assert before.agreement.average <= 1 + 1e-9
    assert before.cut_percent is not None
    assert 0 <= before.cut_percent <= 100 + 1e-9


def test_who_has_not_rated_everything_does_not_count() -> None:
    panel = panel_figures([[0.6, 0.8], [0.1, NAN], [0.8, 0.8]])
    assert panel.judges[1] is None
    assert panel.counted_judges == 2
    assert panel.cut == pytest.approx(1.5)
    nobody = panel_figures([[NAN, 0.5]])
    assert (nobody.cut, nobody.cut_percent, nobody.items, nobody.agreement) == (None, None, (), None)


def test_one_judge_has_a_cut_and_no_error() -> None:
    panel = panel_figures([[0.6, 0.8]])
    assert panel.cut == pytest.approx(1.4)
    assert (panel.sd, panel.standard_error, panel.agreement) == (None, None, None)
    [judge] = panel.judges
    assert judge is not None
    assert (judge.apart, judge.follows, judge.is_outlier) == (None, None, False)


def test_a_judge_apart_and_a_judge_of_another_mind_are_named() -> None:
    common = [0.5, 0.6, 0.7, 0.8]
    mild = [share - 0.2 for share in common]
    contrary = common[::-1]
    panel = panel_figures([common, common, common, mild, contrary])
    assert [judge.is_outlier for judge in panel.judges if judge] == [False, False, False, True, True]
    stricter, other = panel.judges[3], panel.judges[4]
    assert stricter is not None
    assert stricter.apart == pytest.approx(-0.2)
    assert other is not None
    assert other.follows == pytest.approx(-1)
    assert other.apart == pytest.approx(0)


def test_rounds_carry_on_what_was_not_rated_again() -> None:
    first, second = rounds([[[0.4, 0.8], [0.8, 0.8]], [[0.5, NAN], [0.7, NAN]]])
    assert (first.cut_change, first.rating_change) == (None, None)
    assert first.panel.cut == pytest.approx(1.4)
    assert second.panel.cut == pytest.approx(1.4)
    assert second.cut_change == pytest.approx(0)
    assert second.rating_change == pytest.approx(0.05)
    assert second.panel.sd is not None
    assert first.panel.sd is not None
    assert second.panel.sd < first.panel.sd


@pytest.mark.parametrize("ratings", [[[1.2]], [[-0.1]], [[]], [0.5]])
def test_ratings_that_are_no_probabilities_are_refused(ratings: object) -> None:
    with pytest.raises(ValueError, match="rating"):
        panel_figures(ratings)


def test_marks_must_fit() -> None:
    with pytest.raises(ValueError, match="marks"):
        panel_figures(np.array([[0.5, 0.5]]), marks=[1])
    with pytest.raises(ValueError, match="marks"):
        panel_figures([[0.5, 0.5]], marks=[1, 0])
