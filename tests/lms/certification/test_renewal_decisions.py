"""The decision on a renewal: by whom, on what, once, and what follows from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from lms.accounts.api import grant_role
from lms.certification import renewal_commands
from lms.certification.api import Certificate, standing_of_certificate
from lms.certification.exceptions import (
    AlreadyDecided,
    AlreadyUsed,
    NotIndependent,
    NotPossibleNow,
    OwnApplication,
    ReasonMissing,
    RequirementsMissing,
)
from lms.certification.issuing import add_months, reissue
from lms.certification.models import CeUse, Evidence, Renewal, RenewalDecision
from lms.certification.renewal_commands import (
    apply_for_renewal,
    decide_renewal,
    withdraw_ce_claim,
)
from lms.certification.renewal_queries import renewal_ledger
from lms.certification.standing_proof import Proof
from lms.learning.models import Cohort, Enrolment
from tests.lms.certification.renewing import (
    QUIZ,
    accepted,
    drawing,
    educated,
    fresh,
    noon,
    practitioner,
    ready_to_renew,
    renewing,
    signatures,
)
from tests.lms.learning.studying import take

pytestmark = pytest.mark.django_db


def test_an_award_follows_on_the_old_end_and_uses_the_hours_up(
    no_audit: None, holder: Any, registrar: Any, now: datetime
) -> None:
    renewal, moment = renewing(holder, registrar, now)
    old = renewal.certificate
    decision, successor = decide_renewal(renewal=renewal, outcome="award", by=registrar, at=moment + timedelta(days=3))
    assert successor is not None
    assert (successor.renews, successor.holder_name, successor.title) == (old, old.holder_name, old.title)
    assert successor.awarded_on == (moment + timedelta(days=3)).date()
    assert successor.expires_on == add_months(old.expires_on, 24)  # type: ignore[arg-type]
    assert successor.number != old.number
    assert (decision.outcome, renewal.closed_at) == ("award", moment + timedelta(days=3))
    standing = standing_of_certificate(fresh(old), successor.awarded_on)
    assert (standing.status, standing.public_reason) == ("superseded", "renewed")
    uses = {row.claim.category: row.hours for row in CeUse.objects.filter(certificate=successor)}
    assert uses == {"ethics": 3, "safety": 3, "hands_on": 6, "general": 12}
    kinds = list(Evidence.objects.filter(certificate=successor).values_list("kind", flat=True))
    assert sorted(kinds) == ["continuing_education"] * 4 + ["result", "statements"]
    assert list(Proof(successor.awarded_on).findings()) == []
    with pytest.raises(AlreadyDecided):
        decide_renewal(renewal=renewal, outcome="award", by=registrar, at=moment)


def test_nothing_is_used_twice_and_nothing_is_carried_over(
    no_audit: None, holder: Any, registrar: Any, now: datetime
) -> None:
    renewal, moment = renewing(holder, registrar, now)
    surplus = accepted(holder, registrar, moment.date() - timedelta(days=20), "self_care", "9")
    later = accepted(holder, registrar, moment.date() + timedelta(days=1), "ethics", "2")
    _decision, successor = decide_renewal(
        renewal=renewal, outcome="award", by=registrar, at=moment + timedelta(days=10)
    )
    assert successor is not None
    assert CeUse.objects.get(claim=surplus).hours == 4
    assert not CeUse.objects.filter(claim=later).exists()
    ledger = renewal_ledger(successor, successor.expires_on - timedelta(days=10))  # type: ignore[operator]
    assert ledger is not None
    assert ledger.counts_from == moment.date() + timedelta(days=1)
    # What came between the application and the decision is not lost: it counts for the next one.
    assert [row.claim.key for row in ledger.claims if row.counted] == [str(later.uuid)]
    assert ledger.total == 2
    with pytest.raises(AlreadyUsed):
        withdraw_ce_claim(claim=surplus, by=holder, at=moment)


def test_a_use_that_slipped_in_undoes_the_whole_award(
    no_audit: None, holder: Any, registrar: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewal, moment = renewing(holder, registrar, now)
    ledger = renewal_commands.reads.ledger_of(renewal)
    assert ledger is not None
    counted = next(row for row in ledger.claims if row.counted)
    CeUse.objects.create(
        claim=holder.ce_claims.get(uuid=counted.claim.key), certificate=renewal.certificate, hours=1, at=moment
    )
    # As one who read before the other wrote.
    monkeypatch.setattr(renewal_commands.reads, "ledger_of", lambda row: ledger)
    with pytest.raises(AlreadyUsed), transaction.atomic():
        decide_renewal(renewal=renewal, outcome="award", by=registrar, at=moment)
    renewal.refresh_from_db()
    assert renewal.closed_at is None
    assert not RenewalDecision.objects.exists()
    assert not Certificate.objects.filter(renews=renewal.certificate).exists()


def test_a_late_award_runs_from_its_own_day(no_audit: None, holder: Any, registrar: Any, now: datetime) -> None:
    certificate = practitioner(holder, registrar, now)
    moment = noon(certificate.expires_on + timedelta(days=100))  # type: ignore[operator]
    educated(holder, registrar, moment.date() - timedelta(days=130))
    take(holder, QUIZ, moment - timedelta(days=1))
    signed = signatures(certificate)
    with pytest.raises(RequirementsMissing):
        apply_for_renewal(certificate=certificate, statements=signed, by=holder, at=moment)
    educated(holder, registrar, moment.date() - timedelta(days=10))
    renewal, _is_new = apply_for_renewal(certificate=certificate, statements=signed, by=holder, at=moment)
    assert renewal.is_late
    decided = moment + timedelta(days=20)
    _decision, successor = decide_renewal(renewal=renewal, outcome="award", by=registrar, at=decided)
    assert successor is not None
    assert successor.expires_on == add_months(decided.date(), 24)
    assert CeUse.objects.count() == 4


def test_who_applied_in_the_days_of_grace_is_judged_by_that_day(
    no_audit: None, holder: Any, registrar: Any, now: datetime
) -> None:
    certificate, _moment = ready_to_renew(holder, registrar, now)
    at = noon(certificate.expires_on + timedelta(days=59))  # type: ignore[operator]
    renewal, _is_new = apply_for_renewal(certificate=certificate, statements=signatures(certificate), by=holder, at=at)
    _decision, successor = decide_renewal(renewal=renewal, outcome="award", by=registrar, at=at + timedelta(days=30))
    assert successor is not None


def test_an_audited_one_needs_the_auditors_note(
    holder: Any, registrar: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing(monkeypatch, 0)
    renewal, moment = renewing(holder, registrar, now)
    with pytest.raises(ReasonMissing):
        decide_renewal(renewal=renewal, outcome="award", reason=" ", by=registrar, at=moment)
    decision, successor = decide_renewal(
        renewal=renewal, outcome="award", reason="All four certificates are genuine", by=registrar, at=moment
    )
    assert successor is not None
    assert decision.reason == "All four certificates are genuine"


@pytest.mark.parametrize("outcome", ["return", "refuse"])
def test_who_is_not_renewed_reads_why_and_may_apply_again(
    outcome: str, no_audit: None, holder: Any, registrar: Any, now: datetime
) -> None:
    renewal, moment = renewing(holder, registrar, now)
    with pytest.raises(ReasonMissing):
        decide_renewal(renewal=renewal, outcome=outcome, by=registrar, at=moment)
    decide_renewal(renewal=renewal, outcome=outcome, reason="Not readable", by=registrar, at=moment)
    assert not CeUse.objects.exists()
    certificate = renewal.certificate
    _again, is_new = apply_for_renewal(
        certificate=certificate, statements=signatures(certificate), by=holder, at=moment + timedelta(days=1)
    )
    assert is_new


def test_neither_the_holder_decides_nor_who_taught_them(
    no_audit: None, holder: Any, registrar: Any, people: dict[str, Any], now: datetime
) -> None:
    renewal, moment = renewing(holder, registrar, now)
    grant_role(user=holder, role="registrar")
    with pytest.raises(OwnApplication):
        decide_renewal(renewal=renewal, outcome="award", by=holder, at=moment)
    cohort = Cohort.objects.create(code="TAUGHT", title="Taught")
    cohort.instructors.add(people["admin"])
    Enrolment.objects.create(user=holder, course_code="C5", cohort=cohort, enrolled_at=now, enrolled_by=holder)
    with pytest.raises(NotIndependent):
        decide_renewal(renewal=renewal, outcome="award", by=people["admin"], at=moment)
    assert Renewal.objects.get().closed_at is None


def test_what_an_application_counts_on_is_not_taken_back(
    no_audit: None, holder: Any, registrar: Any, now: datetime
) -> None:
    _renewal, moment = renewing(holder, registrar, now)
    with pytest.raises(AlreadyUsed):
        withdraw_ce_claim(claim=holder.ce_claims.get(category="ethics"), by=holder, at=moment)


def test_a_certificate_that_was_replaced_meanwhile_is_not_renewed(
    no_audit: None, holder: Any, registrar: Any, now: datetime
) -> None:
    renewal, moment = renewing(holder, registrar, now)
    corrected = reissue(
        certificate=renewal.certificate, legal_name="Married Name", internal_reason="Marriage", by=registrar, at=moment
    )
    with pytest.raises(NotPossibleNow):
        decide_renewal(renewal=renewal, outcome="award", by=registrar, at=moment)
    decide_renewal(renewal=renewal, outcome="return", reason="Apply with the new one", by=registrar, at=moment)
    again, _is_new = apply_for_renewal(
        certificate=fresh(corrected), statements=signatures(corrected), by=holder, at=moment
    )
    _decision, successor = decide_renewal(renewal=again, outcome="award", by=registrar, at=moment)
    assert successor is not None
    assert successor.holder_name == "Married Name"
