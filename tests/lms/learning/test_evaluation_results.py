"""What evaluations come to, and that nobody is found out by a subtraction."""

from __future__ import annotations

import statistics
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.learning.evaluation_results import FEWEST, Chosen, Tally, count_of, is_shown, shown_parts, tallies
from lms.learning.evaluation_statements import SCALE, VERSION, WORDINGS, statement_texts

CELLS = st.dictionaries(
    st.tuples(st.just("C1"), st.sampled_from([2025, 2026, 2027]), st.sampled_from([None, 1, 2])),
    st.integers(1, 9),
    max_size=9,
)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({}, set()),
        ({"a": 4}, set()),
        ({"a": 5}, {"a"}),
        ({"a": 5, "b": 6}, {"a", "b"}),
        # 9 less 5 would be what four people said.
        ({"a": 5, "b": 4}, set()),
        ({"a": 5, "b": 6, "c": 1}, {"b"}),
        ({"a": 5, "b": 3, "c": 2}, {"a"}),
    ],
)
def test_a_part_is_shown_where_what_it_leaves_out_tells_nobody(counts: dict[str, int], shown: set[str]) -> None:
    assert shown_parts(counts) == shown


@given(st.dictionaries(st.integers(), st.integers(1, 12), max_size=8))
def test_what_is_left_out_of_shown_parts_is_nothing_or_enough(counts: dict[int, int]) -> None:
    shown = shown_parts(counts)
    assert all(counts[part] >= FEWEST for part in shown)
    if shown:
        left_out = sum(count for part, count in counts.items() if part not in shown)
        assert left_out == 0 or left_out >= FEWEST
    # Nothing is held back without need.
    assert shown or all(count < FEWEST for count in counts.values()) or sum(counts.values()) - max(counts.values()) > 0


@given(CELLS)
def test_no_two_shown_views_differ_by_a_few(cells: dict[tuple[str, int, int | None], int]) -> None:
    views = [Chosen("C1", year, cohort) for year in (None, 2025, 2026, 2027) for cohort in (None, 1, 2)]
    shown = [view for view in views if is_shown(cells, view)]
    assert all(count_of(cells, view) >= FEWEST for view in shown)
    for one, other in combinations(shown, 2):
        inside = all(one.takes(*cell) for cell in cells if other.takes(*cell))
        if inside and {one.year, one.cohort} & {None}:
            difference = count_of(cells, one) - count_of(cells, other)
            direct = (one.year == other.year) != (one.cohort == other.cohort)
            assert not direct or difference == 0 or difference >= FEWEST


def test_another_course_does_not_count() -> None:
    cells = {("C1", 2026, None): 4, ("C2", 2026, None): 9}
    assert not is_shown(cells, Chosen("C1"))
    assert is_shown(cells, Chosen("C2", 2026))
    assert not is_shown(cells, Chosen("C3"))


@given(st.lists(st.sampled_from([None, *SCALE])))
def test_mean_and_spread_are_those_of_who_took_a_side(values: list[int | None]) -> None:
    found = tallies(["a", "b"], [{"a": value} for value in values])
    assert [row.code for row in found] == (["a"] if values else [])
    sides = [value for value in values if value is not None]
    for row in found:
        assert (row.answered, row.does_not_apply) == (len(sides), len(values) - len(sides))
        assert row.counts == tuple(sides.count(value) for value in SCALE)
        if sides:
            assert row.mean == pytest.approx(statistics.fmean(sides))
            assert row.spread == pytest.approx(statistics.pstdev(sides))
            assert row.agree_percent == round(100 * sum(value >= 4 for value in sides) / len(sides))
        else:
            assert row.mean is row.spread is row.agree_percent is None


def test_a_statement_that_one_version_lacks_is_counted_where_it_was_asked() -> None:
    assert tallies(["a", "b"], [{"a": 5}, {"a": 3, "b": None}]) == [
        Tally("a", (0, 0, 1, 0, 1), 0), Tally("b", (0, 0, 0, 0, 0), 1),
    ]  # fmt: skip


def test_each_version_has_its_codes_once() -> None:
    for statements in WORDINGS.values():
        assert len({row.code for row in statements}) == len(statements)
    assert list(statement_texts())[:5] == [row.code for row in WORDINGS[VERSION]]
