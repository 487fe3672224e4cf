"""The rules of renewal, without a database: stages, windows, minima and maxima, and what can never happen."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.enums import ClaimState, RenewalStage
from lms.certification.renewal import evaluate, reminder_due
from lms.certification.renewal_ledger import Claim, Passed, RenewalFacts, RenewalLedger
from lms.certification.renewal_terms import RenewalPolicy

AWARDED, EXPIRES = date(2026, 11, 2), date(2028, 11, 2)
POLICY = RenewalPolicy.model_validate(
    {
        "hours": 24,
        "categories": [
            {"code": "ethics", "title": "Ethics", "min_hours": 3},
            {"code": "safety", "title": "Safety", "min_hours": 3},
            {"code": "hands_on", "title": "Hands-on", "min_hours": 6},
            {"code": "self_care", "title": "Self-care", "max_hours": 4},
            {"code": "general", "title": "Other"},
        ],
        "quiz": "safety-quiz",
    }
)
MIDDLE = date(2028, 6, 1)
ACCEPTED = ClaimState.ACCEPTED


def course(category: str, hours: str, day: date = MIDDLE, state: ClaimState = ACCEPTED, key: str = "") -> Claim:
    return Claim(key or f"{category}-{hours}-{day}", "A course", category, Decimal(hours), day, state)


ENOUGH = (course("ethics", "3"), course("safety", "3"), course("hands_on", "6"), course("general", "12"))


def ledger(*claims: Claim, today: date = date(2028, 8, 1), **fields: Any) -> RenewalLedger:
    usual: dict[str, Any] = {
        "window_from": AWARDED, "expires_on": EXPIRES, "claims": claims, "quiz_title": "Quiz",
        "quiz_passes": [Passed(MIDDLE, {"kind": "result"})], "statements": [("conduct", "Conduct")],
        "signed": {"conduct": {"kind": "acceptance"}},
    }  # fmt: skip
    return evaluate(POLICY, RenewalFacts(**{**usual, **fields}), today)


def missing(found: RenewalLedger) -> list[str]:
    return [row.key for row in found.missing]


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (EXPIRES - timedelta(days=181), "not_open"),
        (EXPIRES - timedelta(days=180), "open"),
        (EXPIRES, "open"),
        (EXPIRES + timedelta(days=1), "grace"),
        (EXPIRES + timedelta(days=60), "grace"),
        (EXPIRES + timedelta(days=61), "lapsed"),
        (date(2029, 11, 2), "lapsed"),
        (date(2029, 11, 3), "refresher"),
        (date(2031, 11, 2), "refresher"),
        (date(2031, 11, 3), "recertify"),
    ],
)
def test_stages_change_on_their_days(today: date, stage: str) -> None:
    assert ledger(today=today).stage == RenewalStage(stage)


def test_all_that_is_asked_for_makes_it_complete() -> None:
    found = ledger(*ENOUGH)
    assert (found.total, found.is_met, found.missing) == (Decimal(24), True, ())


def test_an_hour_of_ethics_that_is_missing_is_named() -> None:
    found = ledger(course("ethics", "2"), course("safety", "3"), course("hands_on", "6"), course("general", "20"))
    assert missing(found) == ["category:ethics"]
    assert found.missing[0].detail == "2 of 3 hours"
    assert not found.is_met


def test_hours_above_the_most_of_a_category_do_not_count_toward_the_total() -> None:
    found = ledger(*ENOUGH[:3], course("general", "7.75"), course("self_care", "10"))
    assert (found.total, missing(found)) == (Decimal("23.75"), ["hours"])
    line = next(row for row in found.claims if row.claim.category == "self_care")
    assert (line.counted, line.reason) == (Decimal(4), "At most 4 hours of this kind count.")
    assert ledger(*ENOUGH[:3], course("general", "8"), course("self_care", "10")).is_met


def test_what_fills_a_category_is_counted_oldest_first() -> None:
    first, second = course("self_care", "3", MIDDLE), course("self_care", "3", MIDDLE + timedelta(days=1))
    assert [row.counted for row in ledger(second, first).claims] == [Decimal(3), Decimal(1)]


@pytest.mark.parametrize(
    ("day", "today", "counts"),
    [
        (AWARDED - timedelta(days=1), EXPIRES, False),
        (AWARDED, EXPIRES, True),
        (EXPIRES, EXPIRES, True),
        (EXPIRES + timedelta(days=60), EXPIRES + timedelta(days=60), True),
        (MIDDLE, EXPIRES + timedelta(days=60), True),
        (EXPIRES + timedelta(days=2), EXPIRES + timedelta(days=1), False),
        (MIDDLE, EXPIRES + timedelta(days=61), False),
        (EXPIRES, EXPIRES + timedelta(days=61), False),
        (EXPIRES + timedelta(days=1), EXPIRES + timedelta(days=61), True),
        (EXPIRES + timedelta(days=300), EXPIRES + timedelta(days=400), True),
    ],
)
def test_the_window_opens_with_the_award_and_a_late_renewal_counts_only_what_came_after_the_end(
    day: date, today: date, counts: bool
) -> None:
    found = ledger(course("ethics", "3", day), today=today)
    assert bool(found.total) is counts
    assert bool(found.claims[0].reason) is not counts


@pytest.mark.parametrize("state", [row for row in ClaimState if row is not ACCEPTED])
def test_only_what_was_accepted_and_not_used_counts_and_the_reason_is_told(state: ClaimState) -> None:
    found = ledger(course("ethics", "3", state=state))
    assert found.total == 0
    assert found.claims[0].reason


def test_what_waits_for_the_school_is_told_beside_the_hours() -> None:
    found = ledger(course("ethics", "3", state=ClaimState.WAITING))
    line = next(row for row in found.lines if row.key == "category:ethics")
    assert line.detail == "0 of 3 hours, and 3 wait for the school"
    assert line.state == "in_progress"


def test_the_quiz_must_be_passed_in_the_window() -> None:
    before = [Passed(AWARDED - timedelta(days=1), {"kind": "result"})]
    assert missing(ledger(*ENOUGH, quiz_passes=before)) == ["quiz:safety-quiz"]
    late = EXPIRES + timedelta(days=90)
    anew = [course(row.category, str(row.hours), late) for row in ENOUGH]
    assert missing(ledger(*anew, today=late)) == ["quiz:safety-quiz"]
    assert ledger(*anew, today=late, quiz_passes=[Passed(late, {"kind": "result"})]).is_met


def test_a_refresher_is_due_when_it_lapsed_long_ago_and_must_come_after_the_end() -> None:
    late = date(2030, 1, 1)
    anew = [course(row.category, str(row.hours), late) for row in ENOUGH]
    facts: dict[str, Any] = {"today": late, "quiz_passes": [Passed(late, {"kind": "result"})]}
    assert missing(ledger(*anew, **facts)) == ["refresher"]
    assert missing(ledger(*anew, refreshers=[Passed(EXPIRES, {"kind": "practical"})], **facts)) == ["refresher"]
    assert ledger(*anew, refreshers=[Passed(late, {"kind": "practical"})], **facts).is_met


def test_nothing_renews_what_must_be_certified_anew_or_is_not_open() -> None:
    late = date(2032, 1, 1)
    anew = [course(row.category, str(row.hours), late) for row in ENOUGH]
    passed = [Passed(late, {"kind": "result"})]
    found = ledger(*anew, today=late, quiz_passes=passed, refreshers=passed)
    assert (found.missing, found.is_open, found.is_met) == ((), False, False)
    early = ledger(*(course(row.category, str(row.hours), AWARDED) for row in ENOUGH),
                   today=date(2027, 1, 1), quiz_passes=[Passed(AWARDED, {"kind": "result"})])  # fmt: skip
    assert (early.missing, early.is_met) == ((), False)


def test_statements_are_signed_with_the_application() -> None:
    found = ledger(*ENOUGH, signed={})
    assert (missing(found), found.may_sign, found.is_met) == (["statements"], True, False)
    assert not ledger(signed={}).may_sign


# What never happens -----------------------------------------------------------------------------------------------

days = st.dates(AWARDED - timedelta(days=90), EXPIRES + timedelta(days=1300))
quarters = st.integers(1, 160).map(lambda number: Decimal(number) / 4)
claims = st.lists(
    st.builds(
        Claim,
        key=st.uuids().map(str),
        title=st.just("A course"),
        category=st.sampled_from(["ethics", "safety", "hands_on", "self_care", "general", "unknown"]),
        hours=quarters,
        completed_on=days,
        state=st.sampled_from(ClaimState),
    ),
    max_size=12,
    unique_by=lambda row: row.key,
)


@given(claims, claims, days)
def test_more_accepted_claims_never_make_it_worse(some: list[Claim], more: list[Claim], today: date) -> None:
    less, all_of_it = ledger(*some, today=today), ledger(*some, *more, today=today)
    assert all_of_it.total >= less.total
    assert set(missing(all_of_it)) <= set(missing(less))
    assert all_of_it.is_met >= less.is_met


@given(claims, days)
def test_no_claim_outside_the_window_counts(some: list[Claim], today: date) -> None:
    found = ledger(*some, today=today)
    for row in found.claims:
        if row.counted:
            assert found.counts_from <= row.claim.completed_on <= today
            assert found.counts_until is None or row.claim.completed_on <= found.counts_until
            assert row.claim.state is ACCEPTED


@given(claims, days)
def test_the_total_is_the_sum_of_the_capped_categories(some: list[Claim], today: date) -> None:
    found = ledger(*some, today=today)
    assert found.total == sum(row.counted for row in found.categories)
    for row in found.categories:
        assert 0 <= row.counted <= row.accepted
        assert row.max_hours is None or row.counted <= row.max_hours


@given(claims, days, st.randoms())
def test_the_order_of_claims_changes_nothing(some: list[Claim], today: date, rng: Any) -> None:
    mixed = list(some)
    rng.shuffle(mixed)
    assert ledger(*some, today=today).as_dict() == ledger(*mixed, today=today).as_dict()


# Reminders --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "due"), [(181, None), (180, 180), (91, 180), (90, 90), (31, 90), (30, 30), (7, 7), (0, 7), (-1, None)]
)
def test_the_latest_reminder_that_came_due(left: int, due: int | None) -> None:
    assert reminder_due(AWARDED, EXPIRES, EXPIRES - timedelta(days=left)) == due


def test_a_short_certificate_gets_no_reminder_that_looks_back_before_its_award() -> None:
    ends = AWARDED + timedelta(days=60)
    assert reminder_due(AWARDED, ends, AWARDED) is None
    assert reminder_due(AWARDED, ends, ends - timedelta(days=30)) == 30
