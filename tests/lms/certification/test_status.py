"""What a certificate is worth today: precedence, and that nothing leads from revoked to valid."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.enums import CertificateEventKind as Kind
from lms.certification.enums import CertificateStatus as Status
from lms.certification.status import FOLLOWS, Happened, may_follow, standing

TODAY = date(2026, 11, 2)
PAST, FUTURE = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
#: Strongest first.
PRECEDENCE = (Status.REVOKED, Status.SUPERSEDED, Status.SUSPENDED, Status.EXPIRED)
events = st.lists(st.sampled_from(list(Kind)), max_size=8)


def happened(*kinds: str) -> list[Happened]:
    return [Happened(kind, f"because {kind}" if kind != Kind.ISSUED else "") for kind in kinds]


@pytest.mark.parametrize("present", [row for size in range(5) for row in combinations(PRECEDENCE, size)], ids=str)
def test_the_gravest_of_what_happened_decides(present: tuple[Status, ...]) -> None:
    kinds = [Kind(status.value) for status in present if status != Status.EXPIRED]
    expires = PAST if Status.EXPIRED in present else None
    for order in (kinds, kinds[::-1]):
        found = standing(happened(Kind.ISSUED, *order), expires, TODAY)
        expected = next((status for status in PRECEDENCE if status in present), Status.ACTIVE)
        assert found.status is expected
        assert found.is_valid is (expected is Status.ACTIVE)
        assert found.public_reason == ("" if expected in {Status.ACTIVE, Status.EXPIRED} else f"because {expected}")


@pytest.mark.parametrize(
    ("expires", "expected"),
    [(None, Status.ACTIVE), (FUTURE, Status.ACTIVE), (TODAY, Status.ACTIVE), (PAST, Status.EXPIRED)],
)
def test_it_holds_to_the_end_of_its_last_day(expires: date | None, expected: Status) -> None:
    assert standing(happened(Kind.ISSUED), expires, TODAY).status is expected


def test_a_reinstated_certificate_holds_again_and_a_second_suspension_has_its_own_reason() -> None:
    first, second = Happened(Kind.SUSPENDED, "under_review"), Happened(Kind.SUSPENDED, "conduct")
    back = Happened(Kind.REINSTATED)
    assert standing([first], None, TODAY).public_reason == "under_review"
    assert standing([first, back], None, TODAY).is_valid
    assert standing([first, back, second], None, TODAY).public_reason == "conduct"
    assert standing([first, back], PAST, TODAY).status is Status.EXPIRED


@given(events, events, st.sampled_from([None, PAST, FUTURE]), st.integers(0, 4000))
def test_nothing_leads_from_revoked_to_valid(
    before: list[Kind], after: list[Kind], expires: date | None, days: int
) -> None:
    """Whatever is written into the ledger after a revocation, and however much time passes."""
    found = standing(happened(*before, Kind.REVOKED, *after), expires, TODAY + timedelta(days=days))
    assert found.status is Status.REVOKED
    assert not found.is_valid


@given(events, st.sampled_from([None, PAST, FUTURE]))
def test_walking_by_the_rules_never_leaves_revoked_or_comes_back_from_superseded(
    wishes: list[Kind], expires: date | None
) -> None:
    told, seen = [Kind.ISSUED], []
    for wish in wishes:
        now = standing(happened(*told), expires, TODAY).status
        if may_follow(now, wish):
            told.append(wish)
        seen.append(standing(happened(*told), expires, TODAY).status)
    if Status.REVOKED in seen:
        assert set(seen[seen.index(Status.REVOKED) :]) == {Status.REVOKED}
    if Status.SUPERSEDED in seen:
        assert set(seen[seen.index(Status.SUPERSEDED) :]) <= {Status.SUPERSEDED, Status.REVOKED}
    assert told.count(Kind.REVOKED) <= 1
    assert told.count(Kind.ISSUED) == 1


@given(events, st.sampled_from([None, PAST, FUTURE]))
def test_only_an_active_certificate_is_valid(kinds: list[Kind], expires: date | None) -> None:
    found = standing(happened(*kinds), expires, TODAY)
    assert found.is_valid == (found.status is Status.ACTIVE)


TABLE = {
    Status.ACTIVE: {Kind.SUSPENDED, Kind.REVOKED, Kind.SUPERSEDED},
    Status.EXPIRED: {Kind.SUSPENDED, Kind.REVOKED, Kind.SUPERSEDED},
    Status.SUSPENDED: {Kind.REINSTATED, Kind.REVOKED},
    Status.SUPERSEDED: {Kind.REVOKED},
    Status.REVOKED: set(),
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("kind", Kind)
def test_what_may_follow_what(status: Status, kind: Kind) -> None:
    assert may_follow(status, kind) == (kind in TABLE[status])


def test_every_status_says_what_may_follow() -> None:
    assert set(FOLLOWS) == set(Status)
