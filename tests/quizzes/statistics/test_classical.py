"""Classical statistics: a published-definition example, a second implementation by hand, drawn forms, edges."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.statistics.classical import item_figures, responses, score_figures
from tests.quizzes.statistics.by_hand import band_by_hand, item_by_hand, scores_by_hand

SMALL = [[int(mark) for mark in row] for row in ("1111", "1110", "1101", "1010", "1000", "0000")]
NAN = math.nan


def near(value: float | None) -> Any:
    return None if value is None else pytest.approx(value, abs=1e-6, rel=1e-6)


@st.composite
def complete_tests(draw: st.DrawFn) -> tuple[list[list[float]], list[float]]:
    """Marks in quarters, so that what is equal on paper is equal in the machine. Few rows are common."""
    maxima = draw(st.lists(st.sampled_from([0.0, 1.0, 1.0, 2.0, 3.5]), min_size=1, max_size=6))
    row = st.tuples(*(st.integers(0, int(4 * most)).map(lambda quarters: quarters / 4) for most in maxima)).map(list)
    return draw(st.lists(row, max_size=draw(st.sampled_from([0, 1, 2, 3, 4, 12])))), maxima


def test_the_small_example_to_six_decimals() -> None:
    data = responses(SMALL, [1, 1, 1, 1])
    expected = [
        (83.333333, 53.935989, 100.0, 22.448954),
        (50.0, 70.710678, 100.0, 28.532123),
        (50.0, 30.151134, 33.333333, 24.114045),
        (33.333333, 44.172610, 57.142857, 24.904878),
    ]
    for item, (facility, discrimination, efficiency, weight) in zip(item_figures(data), expected, strict=True):
        assert item.facility == near(facility)
        assert item.discrimination == near(discrimination)
        assert item.efficiency == near(efficiency)
        assert item.effective_weight == near(weight)
        assert item.intended_weight == near(25)
        assert item.answers == 6
        assert item.is_binary
    test = score_figures(data)
    assert (test.attempts, test.items, test.maximum, test.in_percent, test.is_kr20) == (6, 4, 4, False, True)
    assert test.mean == near(2.166667)
    assert test.median == near(2.5)
    assert test.sd == near(1.471960)
    assert test.skewness == near(-0.418072)
    assert test.kurtosis == near(-0.859172)
    assert test.cic == near(69.743590)
    assert test.alpha == near(0.69743590)
    assert test.error_ratio == near(55.005827)
    assert test.sem == near(0.809664)


@given(complete_tests())
def test_it_agrees_with_the_definitions_worked_out_by_hand(given_test: tuple[list[list[float]], list[float]]) -> None:
    rows, maxima = given_test
    data = responses(rows, maxima)
    for place, item in enumerate(item_figures(data)):
        for name, value in item_by_hand(rows, maxima, place).items():
            assert getattr(item, name) == near(value), name
        if rows and maxima[place]:
            totals = [sum(row) for row in rows]
            own = [row[place] for row in rows]
            difference = band_by_hand(own, totals, upper=True) - band_by_hand(own, totals, upper=False)
            assert item.upper_lower == near(100 * difference / maxima[place])
    figures = score_figures(data)
    for name, value in scores_by_hand(rows, maxima).items():
        assert getattr(figures, name) == near(value), name


@given(complete_tests(), st.randoms(use_true_random=False))
def test_the_order_of_attempts_and_the_unit_of_marks_do_not_matter(
    given_test: tuple[list[list[float]], list[float]], rng: Any
) -> None:
    rows, maxima = given_test
    mixed = rng.sample(rows, k=len(rows))
    tenfold = [[10 * mark for mark in row] for row in mixed]
    before = item_figures(responses(rows, maxima))
    after = item_figures(responses(tenfold, [10 * most for most in maxima]))
    for old, new in zip(before, after, strict=True):
        for name in ("facility", "discrimination", "efficiency", "effective_weight", "intended_weight", "upper_lower"):
            assert getattr(new, name) == near(getattr(old, name)), name
        assert new.sd == near(None if old.sd is None else 10 * old.sd)
    old_scores = score_figures(responses(rows, maxima))
    new_scores = score_figures(responses(tenfold, [10 * most for most in maxima]))
    for name in ("skewness", "kurtosis", "cic", "error_ratio"):
        assert getattr(new_scores, name) == near(getattr(old_scores, name)), name


@given(complete_tests())
def test_figures_stay_where_they_can_be(given_test: tuple[list[list[float]], list[float]]) -> None:
    rows, maxima = given_test
    data = responses(rows, maxima)
    items = item_figures(data)
    weights = [item.effective_weight for item in items if item.effective_weight is not None]
    assert not weights or sum(weights) == near(100)
    for item in items:
        assert item.facility is None or 0 <= item.facility <= 100
        assert item.discrimination is None or -100 <= item.discrimination <= 100
        if item.facility_interval is not None and item.facility is not None:
            assert 0 <= item.facility_interval.low <= item.facility + 1e-9
            assert item.facility - 1e-9 <= item.facility_interval.high <= 100
    alpha = score_figures(data).alpha
    assert alpha is None or alpha <= 1 + 1e-9


@pytest.mark.parametrize("attempts", [0, 1, 2, 3, 4])
def test_what_few_attempts_cannot_tell_is_not_known_rather_than_0(attempts: int) -> None:
    rows = [[1, 0, 0.5], [1, 1, 1], [0, 0, 0.5], [1, 1, 0]][:attempts]
    data = responses(rows, [1, 1, 1])
    item, test = item_figures(data)[1], score_figures(data)
    assert (item.facility is None) == (attempts == 0)
    assert (item.facility_interval is None) == (attempts == 0)
    assert (item.sd is None) == (attempts < 2)
    assert (item.discrimination is None) == (item.efficiency is None) == (attempts < 2)
    assert (item.effective_weight is None) == (attempts < 2)
    assert (test.mean is None) == (test.median is None) == (test.maximum is None) == (attempts == 0)
    assert (test.sd is None) == (attempts < 2)
    assert (test.skewness is None) == (test.cic is None) == (test.sem is None) == (attempts < 3)
    assert (test.kurtosis is None) == (attempts < 4)


def test_when_all_answer_alike_nothing_can_be_told_apart() -> None:
    data = responses([[0.1, 0.7]] * 30, [1, 1])
    for item in item_figures(data):
        assert item.sd == 0
        assert item.discrimination is None
        assert item.efficiency is None
        assert item.effective_weight is None
        assert not item.negative_covariance
    test = score_figures(data)
    assert test.sd == 0
    assert (test.skewness, test.kurtosis, test.cic, test.sem) == (None, None, None, None)


def test_thirds_that_are_stored_short_of_one_make_no_spread() -> None:
    stored = 0.33333333
    data = responses([[3 * stored, 1], [1, 0], [1, 1]], [1, 1])
    assert item_figures(data)[0].discrimination is None
    assert item_figures(data)[0].is_binary


def test_an_item_on_which_the_best_fail_has_no_effective_weight_and_leaves_the_others_a_hundred() -> None:
    rows = [[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 1]]
    items = item_figures(responses(rows, [1, 1, 1, 1]))
    assert items[3].negative_covariance
    assert items[3].effective_weight is None
    assert items[3].discrimination is not None
    assert items[3].discrimination < 0
    assert sum(item.effective_weight or 0 for item in items) == near(100)


def test_a_single_item_has_no_consistency_and_worthless_items_no_facility() -> None:
    assert score_figures(responses([[0], [1], [1], [0]], [1])).cic is None
    worthless = item_figures(responses([[0, 1], [0, 0]], [0, 1]))[0]
    assert worthless.facility is None
    assert worthless.upper_lower is None
    assert worthless.sd_percent is None
    assert worthless.intended_weight == 0


def test_alpha_is_kr20_only_for_equal_items_that_are_right_or_wrong() -> None:
    assert score_figures(responses(SMALL, [1, 1, 1, 1])).is_kr20
    assert score_figures(responses([[2 * mark for mark in row] for row in SMALL], [2, 2, 2, 2])).is_kr20
    partial = [[0.5, *row[1:]] if row[0] else row for row in SMALL]
    assert not score_figures(responses(partial, [1, 1, 1, 1])).is_kr20
    assert not score_figures(responses([[2 * row[0], *row[1:]] for row in SMALL], [2, 1, 1, 1])).is_kr20
    assert not score_figures(responses([[1, 1]] * 5, [1, 1])).is_kr20


def test_a_pilot_item_is_judged_against_the_score_that_it_is_no_part_of() -> None:
    pilot = [1, 1, 1, 0, 0, 0]
    rows = [[*row, mark] for row, mark in zip(SMALL, pilot, strict=True)]
    data = responses(rows, [1] * 5, [True] * 4 + [False])
    assert score_figures(data) == score_figures(responses(SMALL, [1] * 4))
    *counted, tried = item_figures(data)
    assert counted == list(item_figures(responses(SMALL, [1] * 4)))
    totals = [sum(row) for row in SMALL]
    assert tried.discrimination == near(100 * float(np.corrcoef(pilot, totals)[0, 1]))
    assert tried.intended_weight == 0
    assert tried.effective_weight is None


def test_a_drawn_item_is_judged_over_those_who_met_it() -> None:
    """Two halves met another second item: each half alone gives what the whole gives."""
    first = [[1, 1, NAN, 1], [1, 0, NAN, 0], [0, 0, NAN, 1], [1, 1, NAN, 1]]
    second = [[1, NAN, 1, 0], [0, NAN, 0, 0], [1, NAN, 0, 1]]
    whole = item_figures(responses(first + second, [1] * 4))
    alone = [
        item_figures(responses([[row[0], row[place], row[3]] for row in rows], [1] * 3))[1]
        for rows, place in ((first, 1), (second, 2))
    ]
    for drawn, kept in zip(whole[1:3], alone, strict=True):
        assert drawn.answers == kept.answers
        for name in ("facility", "sd", "discrimination", "efficiency", "intended_weight", "upper_lower"):
            assert getattr(drawn, name) == near(getattr(kept, name)), name
        assert drawn.effective_weight is None
    test = score_figures(responses(first + second, [1] * 4))
    assert test.maximum == 3
    assert not test.in_percent
    assert test.mean == near((3 + 1 + 1 + 3 + 2 + 0 + 2) / 7)
    assert (test.cic, test.sem, test.is_kr20) == (None, None, False)


def test_attempts_with_different_maxima_are_compared_in_percent() -> None:
    data = responses([[1, 1, NAN], [1, 0, 2], [0, 1, 1], [0, NAN, 0]], [1, 1, 2])
    assert data.in_percent
    assert data.scores.tolist() == near([100, 75, 50, 0])
    assert data.rest(0).tolist() == near([100, 2 / 3 * 100, 2 / 3 * 100, 0])
    test = score_figures(data)
    assert (test.maximum, test.in_percent, test.cic) == (100, True, None)
    assert test.mean == near(56.25)
    assert item_figures(data)[0].discrimination == near(
        100 * float(np.corrcoef([1, 1, 0, 0], [100, 66.6666667, 66.6666667, 0])[0, 1])
    )


def test_an_item_that_nobody_met_is_unknown() -> None:
    item = item_figures(responses([[1, NAN], [0, NAN], [1, NAN]], [1, 1]))[1]
    assert item.answers == 0
    assert (item.facility, item.sd, item.discrimination, item.upper_lower) == (None, None, None, None)
    assert (item.intended_weight, item.effective_weight) == (None, None)


def test_an_attempt_with_nothing_to_earn_spoils_no_weights() -> None:
    items = item_figures(responses([[NAN, NAN], [1, 0], [0, 1]], [1, 3]))
    assert [item.intended_weight for item in items] == near([25, 75])


@pytest.mark.parametrize(
    ("marks", "maxima", "counted"),
    [
        ([[1, 0]], [1], None),
        ([[1], [math.inf]], [1], None),
        ([[1]], [-1], None),
        ([[1]], [math.nan], None),
        ([[1]], [1], [True, False]),
    ],
)
def test_marks_without_a_meaning_are_refused(marks: Any, maxima: Any, counted: Any) -> None:
    with pytest.raises(ValueError, match=r"marks|counts"):
        responses(marks, maxima, counted)


def test_a_hundred_thousand_answers_take_no_time() -> None:
    rng = np.random.default_rng(4)
    marks = (rng.random((2_000, 50)) < 0.7).astype(np.float64)
    began = time.process_time()
    data = responses(marks, [1] * 50)
    assert len(item_figures(data)) == 50
    assert score_figures(data).cic is not None
    assert time.process_time() - began < 1
