"""Intervals against values published with the methods."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.statistics.compare import change
from quizzes.statistics.intervals import rate, wilson


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(count: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3."""
    interval = wilson(count / n, n)
    assert interval is not None
    assert interval.low == pytest.approx(low, abs=5e-5)
    assert interval.high == pytest.approx(high, abs=5e-5)


@given(st.integers(1, 500), st.floats(0, 1))
def test_wilson_holds_the_share_and_stays_possible_and_mirrors(n: int, share: float) -> None:
    interval, mirrored = wilson(share, n), wilson(1 - share, n)
    assert interval is not None
    assert mirrored is not None
    assert 0 <= interval.low <= share <= interval.high <= 1
    assert mirrored.low == pytest.approx(1 - interval.high, abs=1e-9)
    wider = wilson(share, n, z=3)
    assert wider is not None
    assert wider.low <= interval.low + 1e-12
    assert wider.high >= interval.high - 1e-12


def test_nothing_is_said_of_nobody_or_of_impossible_shares() -> None:
    assert wilson(0.5, 0) is None
    assert wilson(-0.2, 10) is None
    assert wilson(1.2, 10) is None
    assert wilson(float("nan"), 10) is None


def test_a_rate_is_in_percent() -> None:
    passed = rate(15, 148)
    assert passed.percent == pytest.approx(100 * 15 / 148)
    assert passed.interval is not None
    assert passed.interval.high == pytest.approx(16.05, abs=5e-3)
    assert rate(0, 0).percent is None
    assert rate(0, 0).interval is None
    with pytest.raises(ValueError, match="no rate"):
        rate(3, 2)


@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 10, -0.2775, 0.2775),
    ],
)
def test_changes_have_the_published_intervals(a: int, m: int, b: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10."""
    found = change(b / n, n, a / m, m)
    assert found is not None
    assert found.difference == pytest.approx(a / m - b / n)
    assert found.interval.low == pytest.approx(low, abs=5e-5)
    assert found.interval.high == pytest.approx(high, abs=5e-5)
    assert found.is_clear == (low > 0)


def test_no_change_can_be_told_without_answers() -> None:
    assert change(0.5, 0, 0.5, 10) is None
