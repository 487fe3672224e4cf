"""Mail that a decision owes to the person whom it is about. Why it was decided stands on the page, not in the mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from courses.api import SchoolSettings
from lms.accounts.api import owe

from .models import Certificate, Decision, RenewalDecision


def tell_of_decision(decision: Decision, certificate: Certificate | None, at: datetime) -> None:
    """An application was decided. Runs inside the transaction of the decision."""
    admission = decision.application.admission
    page = reverse("certification:path", args=[admission.path.code])
    _tell(decision, admission.user, admission.path_version.facts["credential_title"], certificate, page, False, at)


def tell_of_renewal(decision: RenewalDecision, successor: Certificate | None, at: datetime) -> None:
    """A renewal was decided. Runs inside the transaction of the decision."""
    old = decision.renewal.certificate
    page = reverse("certification:renewal", args=[old.number])
    _tell(decision, old.holder, old.title, successor, page, True, at)


def _tell(
    decision: Decision | RenewalDecision,
    person: Any,
    title: str,
    certificate: Certificate | None,
    page: str,
    is_renewal: bool,
    at: datetime,
) -> None:
    school = SchoolSettings.load()
    context = {
        "outcome": decision.outcome,
        "title": title,
        "number": certificate.number if certificate else "",
        "is_renewal": is_renewal,
        "page": reverse("certification:certificate", args=[certificate.number]) if certificate else page,
        "school": school.name,
        "school_email": school.email,
    }
    owe(key=f"decision:{decision.uuid}", to=person, template="decision", context=context, at=at)
