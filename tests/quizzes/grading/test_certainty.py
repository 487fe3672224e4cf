"""Certainty-based marks: the scale, partly right answers, and when claiming more than one knows stops paying."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.grading.certainty import calibration, certainty_mark

FRACTIONS = st.decimals(min_value=0, max_value=1, places=4)


@pytest.mark.parametrize(("certainty", "right", "wrong"), [(1, 1, 0), (2, 2, -2), (3, 3, -6)])
def test_the_scale(certainty: int, right: int, wrong: int) -> None:
    assert certainty_mark(Decimal(1), certainty) == right
    assert certainty_mark(Decimal(0), certainty) == wrong


def test_half_right_and_unsure_is_half_a_mark() -> None:
    assert certainty_mark(Decimal("0.5"), 1) == Decimal("0.5")
    assert certainty_mark(Decimal("0.5"), 3) == Decimal("-1.5")


@given(FRACTIONS)
def test_the_level_that_pays_best_is_the_honest_one(fraction: Decimal) -> None:
    marks = {level: certainty_mark(fraction, level) for level in (1, 2, 3)}
    best = max(marks.values())
    honest = 1 if fraction < Decimal(2) / 3 else 2 if fraction < Decimal("0.8") else 3
    assert marks[honest] == best


def test_nobody_said_how_sure() -> None:
    assert calibration([]) is None


def test_levels_and_average() -> None:
    found = calibration([(1, Decimal(1)), (1, Decimal(0)), (3, Decimal(1)), (3, Decimal("0.5")), (3, Decimal(0))])
    assert found is not None
    assert [(level.certainty, level.answers, level.right) for level in found.levels] == [
        (1, 2, 1),
        (2, 0, 0),
        (3, 3, 1),
    ]
    assert found.average == Decimal("-0.7")  # (1 + 0 + 3 - 1.5 - 6) / 5


@given(st.lists(st.tuples(st.integers(1, 3), FRACTIONS), min_size=1, max_size=30))
def test_counts_add_up_and_the_average_stays_on_the_scale(answers: list[tuple[int, Decimal]]) -> None:
    found = calibration(answers)
    assert found is not None
    assert sum(level.answers for level in found.levels) == len(answers)
    assert all(level.right <= level.answers for level in found.levels)
    assert -6 <= found.average <= 3
