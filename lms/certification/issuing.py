"""Making certificates, and what may happen to one afterwards. Nothing is deleted; a correction is a new certificate."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.api import SchoolSettings
from lms.core.clock import school_day
from lms.core.digest import digest_of
from lms.core.exceptions import InvalidInput

from . import numbers, queries, status
from .calendar_months import add_months
from .eligibility import Requirement
from .enums import CertificateEventKind, CertificateStatus, PublicReason
from .exceptions import NameMissing, NameNotPrintable, NotPossibleNow, OwnApplication
from .lettering import missing, printable
from .models import Certificate, CertificateEvent, Decision, Evidence, PathVersion, StatusPosition
from .news import tell_of_event

#: What the public may be told of a revocation and of a suspension.
REVOKING = (
    PublicReason.HOLDER_REQUEST,
    PublicReason.ISSUED_IN_ERROR,
    PublicReason.REQUIREMENTS_NOT_MET,
    PublicReason.CONDUCT,
)
SUSPENDING = (PublicReason.UNDER_REVIEW, PublicReason.CONDUCT, PublicReason.HOLDER_REQUEST)
#: Places in one status list: the least that the standard allows, 16 KiB of bits.
LIST_LENGTH = 131_072


def must_print(name: str) -> None:
    """Refuses a name that shows nothing, or has letters that the typefaces of the certificate lack, and says which."""
    if not printable(name):
        raise NameMissing(errors={"legal_name": [_("Say how the name shall stand on the certificate.")]})
    if letters := missing(name):
        message = _("The certificate cannot print: %(letters)s") % {"letters": " ".join(letters)}
        raise NameNotPrintable(message, errors={"legal_name": [message]}, letters=list(letters))


def printed_facts(version: PathVersion, signatory: str) -> dict[str, Any]:
    """Everything but name and dates that a certificate of this path says, from what the school says of itself now."""
    school = SchoolSettings.load()
    facts = version.facts
    return {
        "school": school.name,
        "school_address": school.address,
        "school_email": school.email,
        "signatory": school.registrar_name or signatory,
        "signatory_title": school.registrar_title,
        "hours_label": facts["hours_label"],
        "scope_note": facts["scope_note"],
        "path": facts["title"],
        **{name: facts[name] for name in ("course_type", "provider_number", "instructor") if facts.get(name)},
    }


def issue(*, decision: Decision, legal_name: str, by: Any, at: datetime) -> Certificate:
    """The first certificate of an award. Runs inside the transaction of the decision."""
    admission = decision.application.admission
    version = admission.path_version
    months = version.facts["valid_months"]
    return _create(
        holder=admission.user,
        decision=decision,
        path_version=version,
        credential_kind=version.facts["credential_kind"],
        holder_name=legal_name,
        title=version.facts["credential_title"],
        facts=printed_facts(version, by.get_full_name()),
        awarded_on=school_day(at),
        expires_on=add_months(school_day(at), months) if months else None,
        by=by,
        at=at,
    )


def printed_digest(certificate: Certificate) -> str:
    """The digest of all that is printed. The proof of what certificates rest on works it out again."""
    return digest_of(
        {
            "name": certificate.holder_name,
            "title": certificate.title,
            "kind": certificate.credential_kind,
            "awarded_on": certificate.awarded_on.isoformat(),
            "facts": certificate.facts,
            "number": certificate.number,
        }
    )


def _create(*, by: Any, at: datetime, **content: Any) -> Certificate:
    """A certificate with a fresh number, its place in the status lists and the event of its issue."""
    must_print(content["holder_name"])
    number = _free_number()
    certificate = Certificate.objects.create(
        number=number,
        is_demonstration=settings.INSTANCE != "live",
        content_digest=printed_digest(Certificate(number=number, **content)),
        issued_at=at,
        issued_by=by,
        **content,
    )
    CertificateEvent.objects.create(certificate=certificate, kind=CertificateEventKind.ISSUED, by=by, at=at)
    take_position(certificate)
    return certificate


def _free_number() -> str:
    rng = random.SystemRandom()
    number = numbers.new_number(rng)
    while Certificate.objects.filter(number=number).exists():
        number = numbers.new_number(rng)
    return number


def take_position(certificate: Certificate) -> StatusPosition:
    """A random free place in the newest status list; a list that is half full is followed by another."""
    rng = random.SystemRandom()
    number = StatusPosition.objects.count() // (LIST_LENGTH // 2) + 1
    while True:
        try:
            with transaction.atomic():
                return StatusPosition.objects.create(
                    certificate=certificate, list_number=number, index=rng.randrange(LIST_LENGTH)
                )
        except IntegrityError:
            # Another request was faster, for this certificate or for this place.
            if existing := StatusPosition.objects.filter(certificate=certificate).first():
                return existing


def keep_evidence(certificate: Certificate, steps: Iterable[Requirement]) -> None:
    """Freeze the facts that a certificate rests on."""
    rows = []
    for leaf in steps:
        for fact in leaf.evidence or ({"kind": leaf.state.value, "reference": leaf.key, "title": leaf.title},):
            rows.append(
                Evidence(
                    certificate=certificate,
                    kind=fact["kind"],
                    reference=fact["reference"],
                    title=fact["title"],
                    facts=dict(fact),
                    digest=digest_of(dict(fact)),
                )
            )
    Evidence.objects.bulk_create(rows)


@transaction.atomic
def reissue(*, certificate: Certificate, legal_name: str, internal_reason: str, by: Any, at: datetime) -> Certificate:
    """A corrected certificate in place of one whose name is wrong. Dates and terms stay; the old number says so."""
    name = " ".join(legal_name.split())
    if name == certificate.holder_name:
        raise NameMissing(errors={"legal_name": [_("Write the name as it shall stand from now on.")]})
    locked = _lock(certificate, by)
    _may_happen(locked, CertificateEventKind.SUPERSEDED, at)
    successor = _create(
        holder=locked.holder,
        decision=locked.decision,
        path_version=locked.path_version,
        credential_kind=locked.credential_kind,
        holder_name=name,
        title=locked.title,
        facts=locked.facts,
        awarded_on=locked.awarded_on,
        expires_on=locked.expires_on,
        corrects=locked,
        by=by,
        at=at,
    )
    _copy_evidence(locked, successor)
    tell_of_event(_supersede(locked, successor, PublicReason.CORRECTED, internal_reason, by, at), at)
    return successor


@transaction.atomic
def issue_renewed(
    *, certificate: Certificate, expires_on: date, steps: Iterable[Requirement], internal_reason: str = "",
    by: Any, at: datetime,
) -> Certificate:  # fmt: skip
    """The certificate that follows on renewal: a new number and a new end, in the terms of the path as it is now."""
    locked = _lock(certificate, by)
    _may_happen(locked, CertificateEventKind.SUPERSEDED, at)
    version = locked.path_version.path.current_version or locked.path_version
    successor = _create(
        holder=locked.holder,
        decision=locked.decision,
        path_version=version,
        credential_kind=version.facts["credential_kind"],
        holder_name=locked.holder_name,
        title=version.facts["credential_title"],
        facts=printed_facts(version, by.get_full_name()),
        awarded_on=school_day(at),
        expires_on=expires_on,
        renews=locked,
        by=by,
        at=at,
    )
    keep_evidence(successor, steps)
    _supersede(locked, successor, PublicReason.RENEWED, internal_reason, by, at)
    return successor


def _copy_evidence(certificate: Certificate, successor: Certificate) -> None:
    Evidence.objects.bulk_create(
        Evidence(
            certificate=successor,
            kind=row.kind,
            reference=row.reference,
            title=row.title,
            facts=row.facts,
            digest=row.digest,
        )
        for row in certificate.evidence.all()
    )


# What happens to one ------------------------------------------------------------------------------------------------


def _lock(certificate: Certificate, by: Any) -> Certificate:
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.holder_id == by.pk:
        raise OwnApplication(_("Nobody changes their own certificate."))
    return locked


def _may_happen(certificate: Certificate, kind: CertificateEventKind, at: datetime) -> None:
    now = queries.standing_of_certificate(certificate, school_day(at)).status
    if not status.may_follow(CertificateStatus(now), kind):
        raise NotPossibleNow(
            _("A certificate that is %(status)s cannot be %(kind)s.") % {"status": now.label, "kind": kind.label}
        )


def _supersede(
    certificate: Certificate, successor: Certificate, reason: PublicReason, internal_reason: str, by: Any, at: datetime
) -> CertificateEvent:
    return CertificateEvent.objects.create(
        certificate=certificate,
        kind=CertificateEventKind.SUPERSEDED,
        public_reason=reason,
        internal_reason=internal_reason,
        successor=successor,
        by=by,
        at=at,
    )


@transaction.atomic
def _happen(
    *,
    certificate: Certificate,
    kind: CertificateEventKind,
    public_reason: str,
    internal_reason: str,
    by: Any,
    at: datetime,
) -> CertificateEvent:
    locked = _lock(certificate, by)
    _may_happen(locked, kind, at)
    event = CertificateEvent.objects.create(
        certificate=locked,
        kind=kind,
        public_reason=public_reason,
        internal_reason=internal_reason,
        by=by,
        at=at,
    )
    tell_of_event(event, at)
    return event


def _must_be_told(public_reason: str, reasons: Iterable[PublicReason]) -> None:
    if public_reason not in reasons:
        raise InvalidInput(errors={"public_reason": [_("Choose one of the reasons that the public may be told.")]})


def revoke(
    *, certificate: Certificate, public_reason: str, internal_reason: str = "", by: Any, at: datetime
) -> CertificateEvent:
    """For good: nothing follows a revocation, and the number keeps answering. The public reason is of `REVOKING`."""
    _must_be_told(public_reason, REVOKING)
    return _happen(
        certificate=certificate,
        kind=CertificateEventKind.REVOKED,
        public_reason=public_reason,
        internal_reason=internal_reason,
        by=by,
        at=at,
    )


def suspend(
    *, certificate: Certificate, public_reason: str, internal_reason: str = "", by: Any, at: datetime
) -> CertificateEvent:
    """Until it is reinstated or revoked. The public reason is of `SUSPENDING`."""
    _must_be_told(public_reason, SUSPENDING)
    return _happen(
        certificate=certificate,
        kind=CertificateEventKind.SUSPENDED,
        public_reason=public_reason,
        internal_reason=internal_reason,
        by=by,
        at=at,
    )


def reinstate(*, certificate: Certificate, internal_reason: str = "", by: Any, at: datetime) -> CertificateEvent:
    """A suspension ends."""
    return _happen(
        certificate=certificate,
        kind=CertificateEventKind.REINSTATED,
        public_reason="",
        internal_reason=internal_reason,
        by=by,
        at=at,
    )
