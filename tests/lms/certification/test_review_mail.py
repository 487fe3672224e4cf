"""Who handed something in, asked for something or holds a certificate hears by mail what came of it; why stands on the
page alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lms.accounts.mail import send_waiting
from lms.accounts.models import OutgoingMail
from lms.certification.api import reinstate, reissue, revoke, suspend
from lms.certification.case_commands import decide_case
from lms.certification.exceptions import OwnApplication, ReasonMissing
from lms.certification.models import CandidateDocument, Path
from lms.certification.papers import review_document
from lms.certification.renewal_commands import review_ce_claim
from lms.certification.taking_back import withdraw_acceptance
from tests.lms.certification.builders import certified
from tests.lms.certification.handling import given_to, opened
from tests.lms.certification.papers import DOCUMENT, follow, handed_in, paper_path, signed_in
from tests.lms.certification.renewing import claim, practitioner

pytestmark = pytest.mark.django_db
SECRET = "The stamp of Dr Who is blurred"


@pytest.fixture
def paper(people: dict[str, Any], now: datetime) -> CandidateDocument:
    """A document that waits."""
    follow(people["student"], paper_path(now, DOCUMENT), now)
    return handed_in(people["student"], now)


def sent(mailoutbox: list[Any], to: Any, at: datetime) -> tuple[str, str]:
    """The subject and the text of the one mail that goes out, after a look at both of its forms."""
    assert (send_waiting(at=at), send_waiting(at=at)) == ((1, 0), (0, 0))
    mail = mailoutbox[-1]
    assert mail.to == [to.email]
    for body in (mail.body, mail.alternatives[0][0]):
        assert SECRET not in body
        assert "{{" not in body
        assert "{%" not in body
    return mail.subject, mail.body


@pytest.mark.parametrize(
    ("accepted", "subject"), [(True, "Accepted: First aid"), (False, "Please look at your document: First aid")]
)
def test_a_document_that_was_looked_at(
    accepted: bool, subject: str, paper: Any, people: dict[str, Any], now: datetime, mailoutbox: list[Any]
) -> None:
    review_document(document=paper, accepted=accepted, reason=SECRET, by=people["registrar"], at=now)
    said, text = sent(mailoutbox, people["student"], now)
    assert said == subject
    assert "/certification/documents/cpr/" in text
    assert SECRET in signed_in(people["student"]).get("/certification/documents/cpr/").content.decode()


def test_an_acceptance_that_is_taken_back_is_a_second_mail(
    paper: Any, people: dict[str, Any], now: datetime, mailoutbox: list[Any]
) -> None:
    review = review_document(document=paper, accepted=True, by=people["registrar"], at=now)
    sent(mailoutbox, people["student"], now)
    withdraw_acceptance(review=review, reason=SECRET, by=people["registrar"], at=now + timedelta(days=1))
    said, text = sent(mailoutbox, people["student"], now)
    assert said == "Please look at your document: First aid"
    assert "is not accepted any more" in text


def test_a_document_that_no_path_asks_for_any_more(
    people: dict[str, Any], now: datetime, mailoutbox: list[Any]
) -> None:
    path = paper_path(now, {**DOCUMENT, "reference": "permit"})
    admission = follow(people["student"], path, now)
    paper = handed_in(people["student"], now, code="permit")
    admission.ended_at, admission.end_reason = now, "Left"
    admission.save(update_fields=["ended_at", "end_reason"])
    Path.objects.filter(pk=path.pk).update(current_version=None)
    review_document(document=paper, accepted=True, by=people["registrar"], at=now)
    said, text = sent(mailoutbox, people["student"], now)
    assert said == "Accepted: permit"
    assert "/certification/documents/" not in text
    assert "/certification/" in text


@pytest.mark.parametrize(
    ("hours", "subject", "words"),
    [
        ("3", "Accepted: A course of ethics", "All its hours (3) are accepted."),
        ("1.5", "Accepted in part: A course of ethics", "Accepted are 1.5 of the hours that you claimed (3)."),
        ("0", "Not accepted: A course of ethics", "Its hours are not accepted."),
    ],
)
def test_continuing_education_that_was_looked_at(
    hours: str, subject: str, words: str, people: dict[str, Any], now: datetime, mailoutbox: list[Any]
) -> None:
    practitioner(people["student"], people["registrar"], now)
    row = claim(people["student"], (now + timedelta(days=10)).date())
    review_ce_claim(
        claim=row, accepted_hours=Decimal(hours), reason=SECRET, by=people["registrar"], at=now + timedelta(days=20)
    )
    said, text = sent(mailoutbox, people["student"], now)
    assert said == subject
    assert words in text
    assert "/certification/continuing-education/" in text


def test_what_is_refused_owes_nothing(paper: Any, people: dict[str, Any], now: datetime) -> None:
    with pytest.raises(ReasonMissing):
        review_document(document=paper, accepted=False, by=people["registrar"], at=now)
    with pytest.raises(OwnApplication):
        review_document(document=paper, accepted=True, by=people["student"], at=now)
    assert not OutgoingMail.objects.exists()


def test_a_case_that_was_decided(people: dict[str, Any], now: datetime, mailoutbox: list[Any]) -> None:
    case = opened(people["student"], now, title="The room was cold")
    given_to(case, people["examiner"], people["registrar"], now)
    decide_case(case=case, is_upheld=True, reason=SECRET, by=people["examiner"], at=now)
    said, text = sent(mailoutbox, people["student"], now)
    assert said == "There is an answer: Complaint"
    assert "The room was cold" in text
    assert f"/certification/cases/{case.uuid}/" in text


def test_what_happens_to_a_certificate(people: dict[str, Any], now: datetime, mailoutbox: list[Any]) -> None:
    registrar, holder = people["registrar"], people["student"]
    first = certified(holder, registrar, now)
    common = {"internal_reason": SECRET, "by": registrar, "at": now + timedelta(days=1)}
    suspend(certificate=first, public_reason="under_review", **common)
    said, text = sent(mailoutbox, holder, now)
    assert said.startswith("Your certificate is suspended")
    assert "The reason that is shown: Under review" in text
    reinstate(certificate=first, **common)
    said, text = sent(mailoutbox, holder, now)
    assert said.startswith("Your certificate is valid again")
    assert "appeal" not in text
    second = reissue(certificate=first, legal_name="Zdeňka Nováková", **common)
    said, text = sent(mailoutbox, holder, now)
    assert said.startswith("Your certificate was issued anew")
    assert first.number in text
    assert f"/certification/certificates/{second.number}/" in text
    revoke(certificate=second, public_reason="conduct", **common)
    said, text = sent(mailoutbox, holder, now)
    assert said.startswith("Your certificate was revoked")
    assert "You have the right to appeal" in text
