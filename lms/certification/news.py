"""Mail that a decision or a review owes to whom it is about. Why it came out so stands on the page, not in the mail.

Each function runs inside the transaction of what it tells of.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from courses.api import SchoolSettings
from lms.accounts.api import owe

from .enums import CaseKind
from .models import CaseEvent, CeReview, Certificate, CertificateEvent, Decision, DocumentReview, RenewalDecision
from .papers_queries import document_terms
from .renewal_ledger import words


def tell_of_decision(decision: Decision, certificate: Certificate | None, at: datetime) -> None:
    """An application was decided."""
    admission = decision.application.admission
    page = reverse("certification:path", args=[admission.path.code])
    _tell_decision(
        decision, admission.user, admission.path_version.facts["credential_title"], certificate, page, False, at
    )


def tell_of_renewal(decision: RenewalDecision, successor: Certificate | None, at: datetime) -> None:
    """A renewal was decided."""
    old = decision.renewal.certificate
    page = reverse("certification:renewal", args=[old.number])
    _tell_decision(decision, old.holder, old.title, successor, page, True, at)


def _tell_decision(
    decision: Decision | RenewalDecision,
    person: Any,
    title: str,
    certificate: Certificate | None,
    page: str,
    is_renewal: bool,
    at: datetime,
) -> None:
    _tell(
        f"decision:{decision.uuid}",
        person,
        "decision",
        at,
        outcome=decision.outcome,
        title=title,
        number=certificate.number if certificate else "",
        is_renewal=is_renewal,
        page=reverse("certification:certificate", args=[certificate.number]) if certificate else page,
    )


def tell_of_document(review: DocumentReview, at: datetime) -> None:
    """A document was accepted or refused, or its acceptance was taken back."""
    document = review.document
    outcome = "accepted" if review.counts else "taken_back" if review.withdrawn_at else "refused"
    terms = document_terms(document.user, document.code)
    # Where no path asks for it any more there is no page of it, and its code is all that is left of its name.
    page = reverse("certification:document", args=[document.code]) if terms else reverse("certification:home")
    _tell(
        f"document:{document.uuid}:{outcome}",
        document.user,
        "document_review",
        at,
        outcome=outcome,
        title=terms["title"] if terms else document.code,
        page=page,
    )


def tell_of_claim(review: CeReview, at: datetime) -> None:
    """Continuing education was looked at: all of its hours count, some, or none."""
    claim = review.claim
    outcome = "none" if not review.accepted_hours else "all" if review.accepted_hours == claim.hours else "some"
    _tell(
        f"continuing-education:{claim.uuid}",
        claim.user,
        "ce_review",
        at,
        outcome=outcome,
        title=claim.title,
        hours=words(claim.hours),
        accepted=words(review.accepted_hours),
        page=reverse("certification:ce"),
    )


def tell_of_case(event: CaseEvent, at: datetime) -> None:
    """A case was decided; whoever opened it hears that there is an answer."""
    case = event.case
    _tell(
        f"case:{case.uuid}",
        case.opened_by,
        "case_decision",
        at,
        kind=str(CaseKind(case.kind).label),
        title=case.title,
        page=reverse("certification:case", args=[case.uuid]),
    )


def tell_of_event(event: CertificateEvent, at: datetime) -> None:
    """A certificate was revoked, suspended, reinstated or replaced by a corrected one: its holder hears of it.

    The reason is the one that the public is told.
    """
    certificate = event.certificate
    standing = event.successor or certificate
    _tell(
        f"certificate:{event.uuid}",
        certificate.holder,
        "certificate_change",
        at,
        kind=event.kind,
        title=certificate.title,
        number=certificate.number,
        successor=event.successor.number if event.successor else "",
        reason=event.get_public_reason_display() if event.public_reason else "",
        page=reverse("certification:certificate", args=[standing.number]),
    )


def _tell(key: str, person: Any, template: str, at: datetime, **said: Any) -> None:
    school = SchoolSettings.load()
    context = {**said, "school": school.name, "school_email": school.email}
    owe(key=key, to=person, template=template, context=context, at=at)
