"""From fractions to a result: exact arithmetic, compared unrounded, rounded once for people."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.grading.engine import GradedItem, band, display_percent, domain_scores, reaches, work_out

CUT = Decimal(75)
fractions = st.decimals(min_value=0, max_value=1, places=8)
marks = st.decimals(min_value=Decimal("0.25"), max_value=10, places=2)
cuts = st.decimals(min_value=0, max_value=100, places=2)
graded = st.builds(
    GradedItem,
    slot=st.just(0),
    marks=marks,
    counts=st.booleans(),
    domain=st.sampled_from(["D1", "D2", "D3"]),
    fraction=fractions,
)
tests = st.lists(graded, min_size=1, max_size=12)
hurdle_lists = st.lists(
    st.fixed_dictionaries({"domain": st.sampled_from(["D1", "D2", "D9"]), "percent": cuts.map(str)}), max_size=2
)


def items(*given_fractions: Any, domain: str = "D1", each: str = "1") -> list[GradedItem]:
    return [
        GradedItem(slot, Decimal(each), True, domain, None if fraction is None else Decimal(str(fraction)))
        for slot, fraction in enumerate(given_fractions, start=1)
    ]


def stored(numerator: int, denominator: int) -> Decimal:
    """A fraction as it is kept: eight decimals."""
    return (Decimal(numerator) / denominator).quantize(Decimal("0.00000001"))


@given(tests, cuts, hurdle_lists)
def test_a_score_lies_between_nothing_and_everything(given_items: list[GradedItem], cut: Decimal, hurdles: Any) -> None:
    figures = work_out(given_items, cut_percent=cut, hurdles=hurdles)
    if figures is None:
        assert not any(item.counts for item in given_items)
        return
    assert 0 <= figures.raw <= figures.maximum
    assert figures.maximum == sum(item.marks for item in given_items if item.counts)
    assert 0 <= figures.percent <= 100
    assert sum(domain.score for domain in figures.domains) == figures.raw
    assert sum(domain.maximum for domain in figures.domains) == figures.maximum
    assert figures.passed == (reaches(figures.percent, cut) and all(row["met"] for row in figures.hurdles))


@given(tests, cuts, hurdle_lists, st.data())
def test_a_better_answer_never_makes_a_worse_result(
    given_items: list[GradedItem], cut: Decimal, hurdles: Any, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(given_items) - 1))
    fraction = given_items[place].fraction
    assert fraction is not None
    better = replace(given_items[place], fraction=data.draw(st.decimals(min_value=fraction, max_value=1, places=8)))
    before = work_out(given_items, cut_percent=cut, hurdles=hurdles)
    after = work_out([*given_items[:place], better, *given_items[place + 1 :]], cut_percent=cut, hurdles=hurdles)
    if before is None or after is None:
        assert before is after
        return
    assert after.raw >= before.raw
    assert after.percent >= before.percent
    assert after.passed >= before.passed


@given(tests, cuts, st.randoms())
def test_the_order_of_items_does_not_matter(given_items: list[GradedItem], cut: Decimal, rng: Any) -> None:
    mixed = list(given_items)
    rng.shuffle(mixed)
    assert work_out(given_items, cut_percent=cut) == work_out(mixed, cut_percent=cut)


@given(tests, cuts, fractions)
def test_pilot_items_do_not_count_in_anything(given_items: list[GradedItem], cut: Decimal, fraction: Decimal) -> None:
    pilot = GradedItem(99, Decimal(50), False, "D9", fraction)
    unjudged = replace(pilot, fraction=None)
    figures = work_out(given_items, cut_percent=cut)
    assert work_out([*given_items, pilot], cut_percent=cut) == figures
    assert work_out([*given_items, unjudged], cut_percent=cut) == figures


@given(tests, cuts)
def test_nothing_is_known_while_a_counted_item_waits_for_a_person(given_items: list[GradedItem], cut: Decimal) -> None:
    waiting = GradedItem(99, Decimal(1), True, "D1", None)
    assert work_out([*given_items, waiting], cut_percent=cut) is None


def test_nobody_passes_an_exam_without_items() -> None:
    assert work_out([], cut_percent=Decimal(0)) is None
    assert work_out([GradedItem(1, Decimal(1), False, "D1", Decimal(1))], cut_percent=Decimal(0)) is None


@pytest.mark.parametrize(
    ("percent", "shown", "is_passed"),
    [
        ("74.996", "75.00", False),
        ("74.994999", "74.99", False),
        ("74.99999", "75.00", False),
        ("75", "75.00", True),
        ("75.004", "75.00", True),
        ("75.005", "75.01", True),
        ("0.005", "0.01", False),
    ],
)
def test_the_cut_is_compared_unrounded_and_shown_rounded_half_up(percent: str, shown: str, is_passed: bool) -> None:
    figures = work_out(items(Decimal(percent) / 100), cut_percent=CUT)
    assert figures is not None
    assert str(display_percent(figures.percent)) == shown
    assert figures.passed is is_passed


@pytest.mark.parametrize(
    ("parts", "whole", "cut"),
    [
        ([(1, 3)] * 3 + [(1, 1)] * 2, 5, 60),
        ([(2, 3)] * 3, 3, Decimal("66.66")),
        ([(1, 7)] * 7 + [(0, 1)] * 1, 8, Decimal("12.5")),
        ([(1, 6)] * 6, 6, Decimal("16.66")),
        ([(1, 3)] * 12 + [(1, 1)] * 4, 16, 50),
    ],
)
def test_three_thirds_are_one_although_each_is_stored_short_of_it(parts: Any, whole: int, cut: Any) -> None:
    figures = work_out(items(*(stored(*part) for part in parts)), cut_percent=Decimal(cut))
    assert figures is not None
    assert figures.maximum == whole
    assert figures.passed


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 6)).filter(lambda pair: pair[0] <= pair[1]), min_size=1))
def test_storing_fractions_never_costs_a_pass(parts: list[tuple[int, int]]) -> None:
    from fractions import Fraction

    exact = 100 * sum(Fraction(*part) for part in parts) / len(parts)
    figures = work_out(items(*(stored(*part) for part in parts)), cut_percent=Decimal(0))
    assert figures is not None
    for cut in (Decimal(50), Decimal(75), Decimal(80), Decimal(exact.numerator) / exact.denominator):
        whole = cut.quantize(Decimal("0.01"))
        assert reaches(figures.percent, whole) == (exact >= Fraction(str(whole)))


def test_a_hurdle_is_a_cut_of_its_own() -> None:
    both = [*items(1, 1, 1, 1), *items(1, 0, domain="D2")]
    hurdle = [{"domain": "D2", "percent": "50.01"}]
    assert work_out(both, cut_percent=CUT).passed  # type: ignore[union-attr]
    figures = work_out(both, cut_percent=CUT, hurdles=hurdle)
    assert figures is not None
    assert not figures.passed
    (told,) = figures.hurdles
    assert (told["code"], told["need"], Decimal(told["have"]), told["met"]) == ("D2", "50.01", 50, False)
    met = work_out(both, cut_percent=CUT, hurdles=[{"domain": "D2", "percent": 50}])
    assert met is not None
    assert met.passed


def test_a_hurdle_in_a_domain_without_items_is_not_met() -> None:
    figures = work_out(items(1), cut_percent=CUT, hurdles=[{"domain": "D9", "percent": 1}])
    assert figures is not None
    assert (figures.passed, figures.hurdles[0]["have"]) == (False, "0")


def test_marks_weigh() -> None:
    figures = work_out([*items(1, each="3"), *items(0, each="1")], cut_percent=CUT)
    assert figures is not None
    assert (figures.raw, figures.maximum, figures.percent, figures.passed) == (3, 4, 75, True)


def test_domains_are_told_in_order_of_their_codes() -> None:
    scores = domain_scores([*items(1, domain="D3"), *items("0.5", 0, domain="D1", each="2")])
    assert [(row.code, row.score, row.maximum) for row in scores] == [("D1", 1, 4), ("D3", 1, 1)]


@pytest.mark.parametrize(
    ("score", "cut", "expected"),
    [
        ("74.996", "75", "below"),
        ("75", "75", "at"),
        ("84.99", "75", "at"),
        ("85", "75", "above"),
        ("99.99", "95", "at"),
        ("100", "95", "above"),
        ("0", "0", "at"),
        ("10", "0", "above"),
    ],
)
def test_bands_lie_around_the_cut(score: str, cut: str, expected: str) -> None:
    assert band(Decimal(score), Decimal(100), Decimal(cut)) == expected


def test_a_domain_without_marks_is_below_any_cut_but_none() -> None:
    assert band(Decimal(0), Decimal(0), CUT) == "below"
