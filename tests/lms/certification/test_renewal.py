"""Renewing a certificate: continuing education, the application, the decision, and what comes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lms.accounts.api import accept_agreement, current_agreements, grant_role, publish_agreement
from lms.certification.api import Certificate, revoke
from lms.certification.exceptions import (
    AlreadyReviewed,
    NotPossibleNow,
    NotRenewed,
    OwnApplication,
    RenewalNotOpen,
    RequirementsMissing,
    StatementsChanged,
)
from lms.certification.ports import exams_of_paths
from lms.certification.renewal_commands import (
    apply_for_renewal,
    decide_renewal,
    review_ce_claim,
    withdraw_ce_claim,
)
from lms.certification.renewal_queries import renewal_ledger
from lms.core.exceptions import InvalidInput, NotAllowed
from tests.lms.certification.builders import certified
from tests.lms.certification.renewing import (
    QUIZ,
    accepted,
    claim,
    drawing,
    fresh,
    noon,
    pdf,
    practitioner,
    ready_to_renew,
    renewing,
    signatures,
)
from tests.lms.learning.studying import take
from tests.quizzes.making import drawn

pytestmark = pytest.mark.django_db


# Continuing education ---------------------------------------------------------------------------------------------


def refused(holder: Any, now: datetime, **fields: Any) -> set[str]:
    with pytest.raises(InvalidInput) as caught:
        claim(holder, fields.pop("day", now.date()), **{"at": now, **fields})
    return set(caught.value.extra["errors"])


@pytest.mark.parametrize("hours", ["0", "-1", "1.1", "0.1", "200.25"])
def test_hours_come_in_quarters(hours: str, certificate: Certificate, holder: Any, now: datetime) -> None:
    assert refused(holder, now, hours=hours) == {"hours"}


@pytest.mark.parametrize("hours", ["0.25", "1.5", "24"])
def test_quarters_are_taken(hours: str, certificate: Certificate, holder: Any, now: datetime) -> None:
    assert claim(holder, now.date(), hours=hours).hours == Decimal(hours)


def test_a_claim_lies_in_no_future_and_is_of_a_kind_that_is_asked_for(
    certificate: Certificate, holder: Any, now: datetime
) -> None:
    assert refused(holder, now, day=now.date() + timedelta(days=1)) == {"completed_on"}
    assert refused(holder, now, category="juggling") == {"category"}
    assert refused(holder, now, course_type="dream", title=" ", provider="") == {"course_type", "title", "provider"}
    assert refused(holder, now, file=None) == {"file"}


def test_who_holds_nothing_that_is_renewed_has_nothing_to_hand_in(holder: Any, registrar: Any, now: datetime) -> None:
    certified(holder, registrar, now)
    assert refused(holder, now) == {"category"}


@pytest.mark.parametrize(
    ("content", "is_taken"),
    [
        (b"%PDF-1.4 x", True),
        (drawn("JPEG"), True),
        (drawn("PNG"), True),
        (b"GIF89a", False),
        (b"<html>", False),
        (b"", False),
        (b"\x89PNG\r\n\x1a\n broken", False),
        (b"%PDF-" + b"x" * 10_000_000, False),
    ],
    ids=["pdf", "jpeg", "png", "gif", "html", "empty", "broken png", "too large"],
)
def test_evidence_is_what_its_first_bytes_say(
    content: bytes, is_taken: bool, certificate: Certificate, holder: Any, now: datetime
) -> None:
    file = SimpleUploadedFile("evidence.pdf", content, content_type="application/pdf")
    if is_taken:
        assert claim(holder, now.date(), file=file).file.read() == content
    else:
        assert refused(holder, now, file=file) == {"file"}


def test_a_review_allows_at_most_what_was_claimed_and_says_why_it_allows_less(
    certificate: Certificate, holder: Any, registrar: Any, now: datetime
) -> None:
    row = claim(holder, now.date(), hours="3")
    for hours, reason in (("3.25", ""), ("-1", ""), ("2.1", "x"), ("2", ""), ("0", " ")):
        with pytest.raises(InvalidInput):
            review_ce_claim(claim=row, accepted_hours=Decimal(hours), reason=reason, by=registrar, at=now)
    review_ce_claim(claim=row, accepted_hours=Decimal(2), reason="A long lunch", by=registrar, at=now)
    with pytest.raises(AlreadyReviewed):
        review_ce_claim(claim=row, accepted_hours=Decimal(3), by=registrar, at=now)
    ledger = renewal_ledger(certificate, now.date() + timedelta(days=5))
    assert ledger is not None
    assert ledger.total == 2


def test_nobody_looks_at_their_own(certificate: Certificate, holder: Any, now: datetime) -> None:
    row = claim(holder, now.date())
    grant_role(user=holder, role="registrar")
    with pytest.raises(OwnApplication):
        review_ce_claim(claim=row, accepted_hours=row.hours, by=holder, at=now)


def test_what_was_taken_back_is_reviewed_no_more_and_only_by_its_holder(
    certificate: Certificate, holder: Any, registrar: Any, now: datetime
) -> None:
    row = claim(holder, now.date())
    with pytest.raises(NotAllowed):
        withdraw_ce_claim(claim=row, by=registrar, at=now)
    withdraw_ce_claim(claim=row, by=holder, at=now)
    with pytest.raises(AlreadyReviewed):
        withdraw_ce_claim(claim=row, by=holder, at=now)
    with pytest.raises(AlreadyReviewed):
        review_ce_claim(claim=row, accepted_hours=row.hours, by=registrar, at=now)


def test_the_same_file_waits_once(certificate: Certificate, holder: Any, now: datetime) -> None:
    claim(holder, now.date(), file=pdf())
    assert refused(holder, now, file=pdf()) == {"file"}


# Applying ---------------------------------------------------------------------------------------------------------


def test_a_missing_hour_of_ethics_is_refused_with_the_reason(
    certificate: Certificate, holder: Any, registrar: Any
) -> None:
    assert certificate.expires_on is not None
    moment = noon(certificate.expires_on - timedelta(days=30))
    day = moment.date() - timedelta(days=5)
    for category, hours in (("ethics", "2"), ("safety", "3"), ("hands_on", "6"), ("general", "20")):
        accepted(holder, registrar, day, category, hours)
    take(holder, QUIZ, moment - timedelta(days=1))
    with pytest.raises(RequirementsMissing) as caught:
        apply_for_renewal(certificate=certificate, statements=signatures(certificate), by=holder, at=moment)
    assert caught.value.message == "Still open: Ethics, at least 3 hours (2 of 3 hours)"
    assert [row["key"] for row in caught.value.extra["missing"]] == ["category:ethics"]
    accepted(holder, registrar, day, "ethics", "1")
    _renewal, is_new = apply_for_renewal(
        certificate=certificate, statements=signatures(certificate), by=holder, at=moment
    )
    assert is_new


def test_each_statement_is_signed_anew_in_the_words_in_force(holder: Any, registrar: Any, now: datetime) -> None:
    certificate, moment = ready_to_renew(holder, registrar, now)
    signed = signatures(certificate)
    assert len(signed) == 15
    for agreement in current_agreements(list(signed)).values():
        accept_agreement(agreement=agreement, user=holder, at=now)
    left_out = dict(list(signed.items())[1:])
    with pytest.raises(RequirementsMissing) as caught:
        apply_for_renewal(certificate=certificate, statements=left_out, by=holder, at=moment)
    assert [row["key"] for row in caught.value.extra["missing"]] == ["statements"]
    publish_agreement(code="conduct-consent", kind="attestation", title="I ask", text="New words.", at=moment)
    with pytest.raises(StatementsChanged):
        apply_for_renewal(certificate=certificate, statements=signed, by=holder, at=moment)
    renewal, _is_new = apply_for_renewal(
        certificate=certificate, statements=signatures(certificate), by=holder, at=moment
    )
    kept = {row["code"]: row for row in renewal.statements}
    assert {code: row["digest"] for code, row in kept.items()} == signatures(certificate)
    assert kept["conduct-consent"]["version"] == 2
    assert {row["signed_at"] for row in renewal.statements} == {moment.isoformat()}


def test_it_opens_on_its_day_and_closes_for_good(holder: Any, registrar: Any, now: datetime) -> None:
    certificate, moment = ready_to_renew(holder, registrar, now)
    end = noon(certificate.expires_on)  # type: ignore[arg-type]
    for at, stage in ((end - timedelta(days=181), "not_open"), (end + timedelta(days=1200), "recertify")):
        with pytest.raises(RenewalNotOpen) as caught:
            apply_for_renewal(certificate=certificate, statements=signatures(certificate), by=holder, at=at)
        assert caught.value.extra == {"stage": stage}
    with pytest.raises(RequirementsMissing):
        apply_for_renewal(
            certificate=certificate, statements=signatures(certificate), by=holder, at=end + timedelta(days=61)
        )
    first, is_new = apply_for_renewal(
        certificate=certificate, statements=signatures(certificate), by=holder, at=end + timedelta(days=60)
    )
    assert (is_new, first.is_late) == (True, True)
    again = apply_for_renewal(certificate=certificate, statements={}, by=holder, at=moment)
    assert again == (first, False)


def test_others_revoked_ones_and_those_without_a_policy_are_not_renewed(
    holder: Any, registrar: Any, people: dict[str, Any], now: datetime
) -> None:
    certificate, moment = ready_to_renew(holder, registrar, now)
    signed = signatures(certificate)
    with pytest.raises(NotAllowed):
        apply_for_renewal(certificate=certificate, statements=signed, by=people["other"], at=moment)
    revoke(certificate=certificate, public_reason="conduct", by=registrar, at=moment)
    with pytest.raises(NotPossibleNow):
        apply_for_renewal(certificate=fresh(certificate), statements=signed, by=holder, at=moment)
    other = certified(people["other"], registrar, now)
    with pytest.raises(NotRenewed):
        apply_for_renewal(certificate=other, statements={}, by=people["other"], at=now)


def test_the_audit_is_drawn_by_percent_and_whoever_was_drawn_stays_drawn(
    holder: Any, registrar: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing(monkeypatch, 9)
    renewal, moment = renewing(holder, registrar, now)
    assert renewal.is_audited
    decide_renewal(renewal=renewal, outcome="return", reason="The file is unreadable", by=registrar, at=moment)
    drawing(monkeypatch, 10)
    certificate = renewal.certificate
    again, is_new = apply_for_renewal(
        certificate=certificate, statements=signatures(certificate), by=holder, at=moment + timedelta(days=1)
    )
    assert (is_new, again.is_audited) == (True, True)


def test_the_draw_spares_who_is_above_the_percentage(
    holder: Any, registrar: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing(monkeypatch, 10)
    renewal, _moment = renewing(holder, registrar, now)
    assert not renewal.is_audited


# The quiz ---------------------------------------------------------------------------------------------------------


def test_the_quiz_is_there_for_holders_while_the_renewal_is_open(
    holder: Any, registrar: Any, people: dict[str, Any], api: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = practitioner(holder, registrar, now)
    url = f"/api/v1/quizzes/{QUIZ}/"

    def seen(person: Any, days_before_the_end: int) -> int:
        at = noon(certificate.expires_on - timedelta(days=days_before_the_end))  # type: ignore[operator]
        monkeypatch.setattr("lms.certification.ports.timezone.now", lambda: at)
        return int(api(person).get(url).status_code)

    assert [seen(holder, days) for days in (181, 180, 0, -400, -1100)] == [404, 200, 200, 200, 404]
    assert seen(people["other"], 100) == 404
    revoke(certificate=certificate, public_reason="conduct", by=registrar, at=now)
    assert seen(holder, 100) == 404


def test_after_the_quiz_it_goes_back_to_the_renewal(
    holder: Any, registrar: Any, client: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, moment = ready_to_renew(holder, registrar, now)
    monkeypatch.setattr("lms.certification.ports.timezone.now", lambda: moment)
    attempt = holder.attempts.get(assessment__code=QUIZ)
    client.force_login(holder)
    page = client.get(f"/attempts/{attempt.uuid}/result/").content.decode()
    assert f'href="/certification/renewal/{certificate.number}/"' in page


def test_what_a_holder_may_take_is_one_question_to_the_database(
    holder: Any, registrar: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    practitioner(holder, registrar, now)
    list(exams_of_paths(holder))
    with django_assert_max_num_queries(1):
        assert set(exams_of_paths(holder)) == {"safety-exam", "final-exam"}


def test_days_are_those_of_the_school_wherever_the_holder_is(
    no_audit: None, holder: Any, registrar: Any, now: datetime, settings: Any
) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    certificate, _moment = ready_to_renew(holder, registrar, now)
    assert certificate.expires_on is not None
    # Half past noon of UTC is the day after at the school: the days of grace have begun there.
    at = noon(certificate.expires_on) + timedelta(minutes=30)
    with timezone.override("America/Los_Angeles"):
        renewal, _is_new = apply_for_renewal(
            certificate=fresh(certificate), statements=signatures(certificate), by=holder, at=at
        )
    assert (renewal.is_late, renewal.ledger["stage"]) == (True, "grace")
