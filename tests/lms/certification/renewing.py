"""Certificates that are renewed, and continuing education for them. Everything goes through the commands."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.accounts.api import forgive
from lms.certification import renewal_commands
from lms.certification.api import Certificate, admit, apply, decide, published_paths, waive_requirement
from lms.certification.models import CeClaim, Renewal
from lms.certification.queries import with_events
from lms.certification.renewal_commands import apply_for_renewal, review_ce_claim, submit_ce_claim
from lms.certification.renewal_queries import statements_of
from tests.lms.learning.studying import take

QUIZ = "renewal-safety-quiz"
#: What the shipped policy asks for: 24 hours, 3 of ethics, 3 of safety, 6 hands-on, at most 4 of self-care.
ENOUGH = (("ethics", "3"), ("safety", "3"), ("hands_on", "6"), ("general", "12"))


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=ZoneInfo("UTC"))


def practitioner(user: Any, registrar: Any, at: datetime) -> Certificate:
    """A certificate of the shipped certification, which is renewed; all its requirements are waived."""
    path = published_paths().get(code="practitioner")
    admission, _is_new = admit(user=user, path=path, by=user, at=at)
    for node in admission.path_version.requirements:
        waive_requirement(
            admission=admission, requirement=node["key"], reason="Met at another school", by=registrar, at=at
        )
    application, _is_new = apply(user=user, path=path, legal_name=user.legal_name, at=at)
    _decision, certificate = decide(application=application, outcome="award", by=registrar, at=at)
    assert certificate is not None
    # The mail of the award went out long ago.
    forgive(prefix="decision:")
    return certificate


def pdf(name: str = "ce.pdf", content: bytes = b"%PDF-1.7 evidence") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def claim(user: Any, day: date, category: str = "ethics", hours: str = "3", **fields: Any) -> CeClaim:
    """Continuing education handed in on the day after it was completed."""
    given: dict[str, Any] = {
        "title": f"A course of {category}", "provider": "A provider", "course_type": "live",
        "file": pdf(content=f"%PDF- {category} {hours} {day} {CeClaim.objects.count()}".encode()), **fields,
    }  # fmt: skip
    at = given.pop("at", noon(day + timedelta(days=1)))
    return submit_ce_claim(user=user, category=category, hours=Decimal(hours), completed_on=day, at=at, **given)


def accepted(user: Any, registrar: Any, day: date, category: str = "ethics", hours: str = "3") -> CeClaim:
    row = claim(user, day, category, hours)
    review_ce_claim(claim=row, accepted_hours=row.hours, by=registrar, at=noon(day + timedelta(days=2)))
    return row


def educated(user: Any, registrar: Any, day: date) -> list[CeClaim]:
    """All the hours that the policy asks for, accepted."""
    return [accepted(user, registrar, day, category, hours) for category, hours in ENOUGH]


def signatures(certificate: Certificate) -> dict[str, str]:
    return {code: row.digest for code, row in statements_of(certificate).items()}


def ready_to_renew(user: Any, registrar: Any, at: datetime) -> tuple[Certificate, datetime]:
    """A certificate given at `at` with everything done, and a moment a hundred days before its end."""
    certificate = practitioner(user, registrar, at)
    assert certificate.expires_on is not None
    moment = noon(certificate.expires_on - timedelta(days=100))
    educated(user, registrar, moment.date() - timedelta(days=30))
    take(user, QUIZ, moment - timedelta(days=1))
    return certificate, moment


def renewing(user: Any, registrar: Any, at: datetime) -> tuple[Renewal, datetime]:
    """An application for renewal that waits, and the moment when it was made."""
    certificate, moment = ready_to_renew(user, registrar, at)
    renewal, _is_new = apply_for_renewal(
        certificate=certificate, statements=signatures(certificate), by=user, at=moment
    )
    return renewal, moment


def waiting(certificate: Certificate, at: datetime) -> Renewal:
    """An application that nothing speaks for, as the registrar finds it."""
    return Renewal.objects.create(
        certificate=certificate, policy=certificate.path_version.renewal, ledger={"claims": []}, statements=[],
        is_late=False, is_audited=False, submitted_at=at,
    )  # fmt: skip


def drawing(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    class Drawn(random.SystemRandom):
        def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
            return number if (start, stop) == (100, None) else super().randrange(start, stop, step)

    monkeypatch.setattr(renewal_commands.random, "SystemRandom", Drawn)


def fresh(certificate: Certificate) -> Certificate:
    return with_events().get(pk=certificate.pk)
