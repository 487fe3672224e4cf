"""The pure part of a regrade: what a correction makes of one fraction."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from quizzes.grading.engine import GradedItem, work_out
from quizzes.grading.enums import RegradeMethod
from quizzes.grading.regrading import corrected, falls, flip, follows_new_key, fraction_under, is_manual

fractions = st.decimals(min_value=0, max_value=1, places=8)
known_or_not = st.none() | fractions
methods = st.sampled_from(RegradeMethod.values)


@given(methods, known_or_not, known_or_not, known_or_not)
def test_never_lower_never_lowers_a_fraction(method: str, before: Decimal | None, shown: Decimal | None, new: Decimal):
    after = corrected(method, before=before, under_shown=shown, under_new=new, never_lower=True)
    if before is not None and after is not None:
        assert after >= before


@given(methods, known_or_not, known_or_not, known_or_not, st.booleans())
def test_correcting_twice_is_correcting_once(
    method: str, before: Decimal | None, shown: Decimal | None, new: Decimal | None, never_lower: bool
) -> None:
    once = corrected(method, before=before, under_shown=shown, under_new=new, never_lower=never_lower)
    assert corrected(method, before=once, under_shown=shown, under_new=new, never_lower=never_lower) == once


@given(known_or_not, fractions, fractions, st.booleans())
def test_both_keys_give_at_least_what_either_gives(
    before: Decimal | None, shown: Decimal, new: Decimal, never_lower: bool
) -> None:
    after = corrected("accept_also", before=before, under_shown=shown, under_new=new, never_lower=never_lower)
    assert after is not None
    assert after >= max(shown, new)


def test_what_a_person_must_judge_stays_not_known() -> None:
    for method in ("new_key", "accept_also"):
        assert corrected(method, before=None, under_shown=None, under_new=None, never_lower=True) is None
    assert corrected("full_credit", before=None, under_shown=None, under_new=None, never_lower=True) == 1
    assert corrected("drop_item", before=None, under_shown=None, under_new=None, never_lower=True) is None


def test_the_explanation_follows_the_key_that_gave_the_credit() -> None:
    assert follows_new_key("new_key", Decimal(1), Decimal(0))
    assert not follows_new_key("accept_also", Decimal(1), Decimal(0))
    assert follows_new_key("accept_also", Decimal(0), Decimal(0))
    assert not follows_new_key("full_credit", None, None)


def test_stored_data_is_judged_under_a_stored_key() -> None:
    key = {"correct": "c2", "feedback": {}}
    assert fraction_under("single_choice", key, {"choice": "c2"}) == 1
    assert fraction_under("single_choice", key, {"choice": "c1"}) == 0
    assert fraction_under("single_choice", key, None) == 0


def test_a_mark_put_back_by_an_undo_is_still_a_persons() -> None:
    assert is_manual("marker", 1)
    assert is_manual("moderation", None)
    assert is_manual("regrade", 1)
    assert not is_manual("regrade", None)
    assert not is_manual("auto", None)


def test_flips_are_named_only_between_known_results() -> None:
    assert [flip(*pair) for pair in ((True, False), (False, True), (True, True), (None, True), (True, None))] == [
        "to_failed", "to_passed", "", "", "",
    ]  # fmt: skip


@given(st.lists(fractions, min_size=2, max_size=6), st.integers(0, 5))
def test_dropping_the_item_at_the_mean_makes_nobody_worse_off(values: list[Decimal], place: int) -> None:
    items = [GradedItem(slot, Decimal(1), True, "D1", value) for slot, value in enumerate(values)]
    mine = place % len(items)
    before, after = (work_out(rows, cut_percent=Decimal(50)) for rows in (items, items[:mine] + items[mine + 1 :]))
    assert before is not None
    assert after is not None
    others = (sum(values) - values[mine]) / (len(values) - 1)
    if others > values[mine] + Decimal("0.0001"):
        assert not falls(before, after)
    if others < values[mine] - Decimal("0.0001"):
        assert falls(before, after)
    assert falls(before, None)
