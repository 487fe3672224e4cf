"""The feedback rule at a moment: pure."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.assembly.enums import FeedbackRule
from quizzes.assembly.policy import Policy
from quizzes.delivery.terms import whole
from quizzes.delivery.visibility import Visibility, visibility
from tests.conftest import NOW

RULES = list(FeedbackRule.values)
NOTHING = Visibility(score=False, key=False)
TICK = timedelta(microseconds=1)


def policy(feedback: str, closes_at: Any = None) -> Policy:
    return Policy(
        kind="quiz", form_policy="drawn", cut_percent=Decimal(80), cut_basis="interim", feedback=feedback,
        results="at_once", domain_report="scores", navigation="free", shuffle_items=True, closes_at=closes_at,
    )  # fmt: skip


def sees(rules: Policy, *, is_submitted: bool = True, is_void: bool = False, is_released: bool = True, now: Any = NOW):
    return visibility(rules, is_submitted=is_submitted, is_void=is_void, is_released=is_released, now=now)


@pytest.mark.parametrize(
    ("rule", "key"), [("never", False), ("after_submit", True), ("immediate", True), ("after_close", False)]
)
def test_after_submission_each_rule_shows_its_own(rule: str, key: bool) -> None:
    assert sees(policy(rule, NOW + timedelta(hours=1))) == Visibility(score=True, key=key)


@pytest.mark.parametrize(("moment", "key"), [(-TICK, False), (timedelta(0), True), (timedelta(days=9), True)])
def test_after_close_means_from_that_moment_on(moment: timedelta, key: bool) -> None:
    assert sees(policy("after_close", NOW), now=NOW + moment) == Visibility(score=True, key=key)


def test_without_a_closing_time_after_close_never_comes() -> None:
    assert sees(policy("after_close"), now=NOW + timedelta(days=10_000)).key is False


@given(st.sampled_from(RULES), st.none() | st.integers(-10, 10), st.booleans(), st.booleans(), st.booleans())
def test_no_rule_shows_what_is_open_void_or_held(
    rule: str, closes: int | None, is_submitted: bool, is_void: bool, is_released: bool
) -> None:
    rules = policy(rule, None if closes is None else NOW + timedelta(hours=closes))
    seen = sees(rules, is_submitted=is_submitted, is_void=is_void, is_released=is_released)
    if is_void or not is_submitted or not is_released:
        assert seen == NOTHING
    assert seen.score == (is_submitted and is_released and not is_void)
    if rule == "never":
        assert not seen.key


@pytest.mark.parametrize(("percent", "shown"), [("75", "75"), ("75.00", "75"), ("66.5", "66.5"), (Decimal("0"), "0")])
def test_a_percentage_loses_its_empty_places(percent: Any, shown: str) -> None:
    assert str(whole(percent)) == shown
