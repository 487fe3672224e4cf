"""The life of a certificate, mixed by registrars and a calendar, and what anybody who checks it must find each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from lms.certification.api import issue_renewed, reinstate, reissue, revoke, suspend
from lms.certification.credentials import places
from lms.certification.enums import CertificateStatus as Status
from lms.certification.exceptions import NotPossibleNow
from lms.certification.models import Certificate
from lms.certification.queries import certificate_by_number, public_facts
from tests.conftest import NOW
from tests.lms.certification.builders import certified

pytestmark = pytest.mark.django_db
picks = st.integers(0, 9)
ENDED = {Status.REVOKED, Status.SUPERSEDED}


class CertificateLife(RuleBasedStateMachine):
    """One holder, a first certificate, and all that came of it."""

    people: dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.savepoint()
        self.at: datetime = NOW
        self.numbers = [certified(self.people["student"], self.people["registrar"], NOW).number]
        self.at += timedelta(hours=2)
        #: What a number answered once and must answer ever after, or something graver.
        self.final: dict[str, Status] = {}
        self.serial = 0

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.outer)

    def certificate(self, pick: int) -> Certificate:
        return Certificate.objects.get(number=self.numbers[pick % len(self.numbers)])

    def status(self, number: str) -> Status:
        row = certificate_by_number(number)
        assert row is not None, "a number always answers"
        return Status(public_facts(row, self.at.date())["status"])

    def act(self, pick: int, possible: set[Status], command: Any, **terms: Any) -> Any:
        """The command happens exactly where the rules of the school let it, and is refused elsewhere."""
        row = self.certificate(pick)
        before = self.status(row.number)
        terms = {"certificate": row, "internal_reason": "Seen", "by": self.people["registrar"], "at": self.at, **terms}
        if before in possible:
            return command(**terms)
        with transaction.atomic(), pytest.raises(NotPossibleNow):
            command(**terms)
        assert self.status(row.number) is before
        return None

    @rule(pick=picks)
    def suspend(self, pick: int) -> None:
        self.act(pick, {Status.ACTIVE, Status.EXPIRED}, suspend, public_reason="under_review")

    @rule(pick=picks)
    def reinstate(self, pick: int) -> None:
        self.act(pick, {Status.SUSPENDED}, reinstate)

    @rule(pick=picks)
    def revoke(self, pick: int) -> None:
        self.act(pick, set(Status) - {Status.REVOKED}, revoke, public_reason="conduct")

    @rule(pick=picks)
    def correct_the_name(self, pick: int) -> None:
        self.serial += 1
        name = f"Sam Student {'I' * self.serial}"
        if made := self.act(pick, {Status.ACTIVE, Status.EXPIRED}, reissue, legal_name=name):
            self.numbers.append(made.number)

    @rule(pick=picks)
    def renew(self, pick: int) -> None:
        end = self.at.date() + timedelta(days=700)
        if made := self.act(pick, {Status.ACTIVE, Status.EXPIRED}, issue_renewed, expires_on=end, steps=()):
            self.numbers.append(made.number)

    @rule(days=st.integers(1, 500))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days)

    @invariant()
    def what_ended_never_holds_again(self) -> None:
        for number in self.numbers:
            now, before = self.status(number), self.final.get(number)
            if before is Status.REVOKED:
                assert now is Status.REVOKED
            elif before is Status.SUPERSEDED:
                assert now in {Status.SUPERSEDED, Status.REVOKED}
            if now in ENDED:
                self.final[number] = now

    @invariant()
    def one_certificate_holds_at_the_most(self) -> None:
        assert [self.status(number) for number in self.numbers].count(Status.ACTIVE) <= 1

    @invariant()
    def the_published_list_says_the_same(self) -> None:
        rows = Certificate.objects.filter(number__in=self.numbers).select_related("status_position")
        ended = {row.status_position.index for row in rows if self.status(row.number) in ENDED}
        assert set(places("revocation", 1)) == ended

    @invariant()
    def each_was_issued_once_and_revoked_once_at_the_most(self) -> None:
        for row in Certificate.objects.filter(number__in=self.numbers):
            kinds = list(row.events.values_list("kind", flat=True))
            assert kinds.count("issued") == 1
            assert kinds.count("revoked") <= 1
            assert kinds.count("superseded") <= 1


def test_no_sequence_of_events_leads_from_revoked_to_valid(people: dict[str, Any]) -> None:
    CertificateLife.people = people
    run_state_machine_as_test(
        CertificateLife,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
