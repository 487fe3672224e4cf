"""Continuing education claimed and looked at; renewals applied for and decided; changes acknowledged."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.api import User, accept_agreement
from lms.core.clock import school_day
from lms.core.exceptions import InvalidInput, NotAllowed
from lms.core.uploads import read_upload, save_with_file
from lms.learning.api import has_taught

from . import queries
from . import renewal_queries as reads
from .calendar_months import add_months
from .enums import ClaimState, CourseType, CredentialKind, DecisionOutcome
from .exceptions import (
    AlreadyDecided,
    AlreadyReviewed,
    AlreadyUsed,
    NotIndependent,
    NotPossibleNow,
    NotRenewed,
    OwnApplication,
    ReasonMissing,
    RenewalNotOpen,
    RequirementsMissing,
    StatementsChanged,
)
from .issuing import issue_renewed
from .models import (
    CeClaim,
    CeReview,
    Certificate,
    CeUse,
    CeWithdrawal,
    ChangeAcknowledgement,
    Renewal,
    RenewalDecision,
)
from .news import tell_of_claim, tell_of_renewal
from .renewal_ledger import RenewalLedger, words

QUARTER = Decimal("0.25")
MOST_HOURS = Decimal(200)
REASON_LENGTH = 500


# Continuing education -----------------------------------------------------------------------------------------------


def submit_ce_claim(
    *,
    user: Any,
    title: str,
    provider: str,
    category: str,
    course_type: str,
    hours: Decimal,
    completed_on: date,
    file: Any,
    at: datetime,
) -> CeClaim:
    """Claim continuing education with its evidence. Hours come in quarters, and nothing lies in the future.

    The very same file waits once.
    """
    errors: dict[str, list[str]] = {}
    title, provider = " ".join(title.split()), " ".join(provider.split())
    if not title:
        errors["title"] = [_("Say what you attended.")]
    if not provider:
        errors["provider"] = [_("Say who provided it.")]
    categories = reads.categories_for(user, school_day(at))
    if not categories:
        errors["category"] = [_("You hold no certificate that is renewed with continuing education.")]
    elif category not in categories:
        errors["category"] = [_("Choose what it was about.")]
    if course_type not in CourseType.values:
        errors["course_type"] = [_("Choose how it was taken.")]
    if not 0 < hours <= MOST_HOURS or hours % QUARTER:
        errors["hours"] = [_("Give the hours in quarters, such as 1.25, and at most 200.")]
    if completed_on > timezone.localdate(at):
        errors["completed_on"] = [_("This day has not come yet.")]
    upload = None
    if not file:
        errors["file"] = [_("Choose the file that shows it.")]
    else:
        upload, problem = read_upload(file)
        if problem:
            errors["file"] = [problem]
    if errors or upload is None:
        raise InvalidInput(errors=errors)
    row = CeClaim(
        user=user,
        title=title[:200],
        provider=provider[:200],
        category=category,
        course_type=course_type,
        hours=hours,
        completed_on=completed_on,
        file_name=upload.name,
        media_type=upload.media_type,
        digest=upload.digest,
        submitted_at=at,
    )
    with transaction.atomic():
        # The lock makes two clicks of one person follow one another.
        User.objects.select_for_update().get(pk=user.pk)
        if reads.claims_waiting().filter(user=user, digest=upload.digest).exists():
            message = _("You have handed in this very file, and the school is looking at it.")
            raise InvalidInput(errors={"file": [message]})
        save_with_file(row, upload)
    return row


@transaction.atomic
def withdraw_ce_claim(*, claim: CeClaim, by: Any, at: datetime) -> CeWithdrawal:
    """The holder takes a claim back, unless an application for renewal counts on it."""
    if claim.user_id != by.pk:
        raise NotAllowed()
    locked = _lock_claim(claim)
    state = reads.state_of_claim(locked)
    if state is ClaimState.USED:
        raise AlreadyUsed()
    if state is ClaimState.WITHDRAWN:
        raise AlreadyReviewed(_("You took this back before."))
    waiting = Renewal.objects.filter(certificate__holder=by, closed_at=None)
    if any(row["id"] == str(locked.uuid) and row["counted"] != "0" for one in waiting for row in one.ledger["claims"]):
        raise AlreadyUsed(_("Your application for renewal counts on this."))
    return CeWithdrawal.objects.create(claim=locked, at=at)


@transaction.atomic
def review_ce_claim(*, claim: CeClaim, accepted_hours: Decimal, reason: str = "", by: Any, at: datetime) -> CeReview:
    """Allow so many of the hours claimed, or none; whoever allows fewer says why. Nobody looks at their own."""
    if claim.user_id == by.pk:
        raise OwnApplication(_("Nobody looks at their own continuing education."))
    reason = reason.strip()
    errors: dict[str, list[str]] = {}
    if not 0 <= accepted_hours <= claim.hours or accepted_hours % QUARTER:
        most = words(claim.hours)
        errors["accepted_hours"] = [_("Give hours in quarters, from 0 to the %(most)s claimed.") % {"most": most}]
    elif accepted_hours < claim.hours and not reason:
        errors["reason"] = [_("Say why fewer hours count; the holder reads it.")]
    if len(reason) > REASON_LENGTH:
        errors["reason"] = [_("Use at most 500 characters.")]
    if errors:
        raise InvalidInput(errors=errors)
    locked = _lock_claim(claim)
    state = reads.state_of_claim(locked)
    if state is ClaimState.WITHDRAWN:
        raise AlreadyReviewed(_("The holder took this back."))
    if state is not ClaimState.WAITING:
        raise AlreadyReviewed(_("Somebody looked at this before."))
    review = CeReview.objects.create(claim=locked, accepted_hours=accepted_hours, reason=reason, by=by, at=at)
    tell_of_claim(review, at)
    return review


def _lock_claim(claim: CeClaim) -> CeClaim:
    CeClaim.objects.select_for_update().get(pk=claim.pk)
    return reads.with_outcome(CeClaim.objects.all()).get(pk=claim.pk)


def _lock_claims(holder: Any) -> None:
    """Whoever withdraws or uses one of these claims meanwhile waits for us, or we for them."""
    list(CeClaim.objects.select_for_update().filter(user=holder).order_by("pk").values_list("pk"))


# Renewal ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def apply_for_renewal(
    *, certificate: Certificate, statements: Mapping[str, str], by: Any, at: datetime
) -> tuple[Renewal, bool]:
    """Ask for renewal, signing the statements anew; while an application is open it is given back.

    `statements` maps the code of each statement to the digest of the words that were read. One application in a
    hundred, times the policy's percentage, is drawn for an audit; whoever was drawn stays drawn.
    """
    if certificate.holder_id != by.pk:
        raise NotAllowed()
    policy = reads.policy_of(certificate)
    if policy is None:
        raise NotRenewed()
    if existing := Renewal.objects.filter(certificate=certificate, closed_at=None).first():
        return existing, False
    standing = queries.standing_of_certificate(certificate, school_day(at))
    if standing.status not in reads.RENEWABLE:
        raise NotPossibleNow(_("A certificate that is %(status)s is not renewed.") % {"status": standing.status.label})
    current = reads.statements_of(certificate) if policy.renews_statements else {}
    if any(code in current and digest != current[code].digest for code, digest in statements.items()):
        raise StatementsChanged()
    signed = [
        {
            "code": code,
            "title": row.title,
            "version": row.version,
            "digest": row.digest,
            "signed_at": at.isoformat(),
        }
        for code, row in current.items()
        if code in statements
    ]
    application = Renewal(
        certificate=certificate, policy=certificate.path_version.renewal, statements=signed, submitted_at=at
    )
    _lock_claims(by)
    ledger = reads.ledger_of(application)
    assert ledger is not None  # noqa: S101 - there is a policy
    _must_be_met(ledger)
    application.ledger = ledger.as_dict()
    application.is_late = ledger.is_late
    was_drawn = Renewal.objects.filter(certificate=certificate, is_audited=True).exists()
    application.is_audited = was_drawn or random.SystemRandom().randrange(100) < policy.audit_percent
    try:
        with transaction.atomic():
            application.save()
            for statement in current.values():
                accept_agreement(agreement=statement, user=by, context="renewal", at=at)
    except IntegrityError:
        return Renewal.objects.get(certificate=certificate, closed_at=None), False
    return application, True


def _must_be_met(ledger: RenewalLedger) -> None:
    if not ledger.is_open:
        raise RenewalNotOpen(
            _("This certificate cannot be renewed now: %(stage)s.") % {"stage": str(ledger.stage.label).lower()},
            stage=ledger.stage.value,
        )
    if ledger.missing:
        told = "; ".join(f"{row.title} ({row.detail})" if row.detail else row.title for row in ledger.missing)
        raise RequirementsMissing(
            _("Still open: %(lines)s") % {"lines": told}, missing=[row.as_dict() for row in ledger.missing]
        )


@transaction.atomic
def decide_renewal(
    *, renewal: Renewal, outcome: str, reason: str = "", by: Any, at: datetime
) -> tuple[RenewalDecision, Certificate | None]:
    """Award, return or refuse. An award issues the next certificate and uses the hours up, in one piece.

    In time it runs on from the old end, so that nobody loses days; late it runs from this day. What was drawn for an
    audit is decided with the auditor's note. Neither the holder decides nor, on a certification, who taught them.
    """
    locked = Renewal.objects.select_for_update().get(pk=renewal.pk)
    if locked.closed_at is not None:
        raise AlreadyDecided(_("This renewal was decided before."))
    locked = reads.renewals().get(pk=locked.pk)
    certificate = locked.certificate
    if certificate.holder_id == by.pk:
        raise OwnApplication(_("Nobody decides their own renewal."))
    if conflict := conflict_of(by, certificate):
        raise NotIndependent(conflict)
    reason = reason.strip()
    if outcome not in DecisionOutcome.values:
        raise InvalidInput(errors={"outcome": [_("Award, return or refuse.")]})
    if outcome != DecisionOutcome.AWARD and not reason:
        raise ReasonMissing(errors={"reason": [_("Say why; the holder reads it.")]})
    if locked.is_audited and not reason:
        message = _("This renewal is audited: note what you looked at and found.")
        raise ReasonMissing(message, errors={"reason": [message]})
    successor = None
    if outcome == DecisionOutcome.AWARD:
        successor = _renew(locked, by, at)
    decision = RenewalDecision.objects.create(renewal=locked, outcome=outcome, reason=reason, by=by, at=at)
    Renewal.objects.filter(pk=locked.pk).update(closed_at=at)
    tell_of_renewal(decision, successor, at)
    renewal.refresh_from_db()
    return decision, successor


def conflict_of(by: Any, certificate: Certificate) -> str:
    """Why this person may not decide on the holder's renewal, in words; empty if nothing stands against it."""
    if certificate.holder_id == by.pk:
        return _("This is your own certificate. Somebody else decides.")
    if certificate.credential_kind == CredentialKind.CERTIFICATION and has_taught(
        teacher=by, student=certificate.holder
    ):
        return _("You have taught this holder. Somebody else decides.")
    return ""


def _renew(renewal: Renewal, by: Any, at: datetime) -> Certificate:
    certificate = renewal.certificate
    _lock_claims(certificate.holder)
    ledger = reads.ledger_of(renewal)
    if ledger is None or certificate.expires_on is None:
        raise NotRenewed()
    _must_be_met(ledger)
    version = certificate.path_version.path.current_version or certificate.path_version
    months = version.facts["valid_months"] or certificate.path_version.facts["valid_months"]
    begins = school_day(at) if renewal.is_late else certificate.expires_on
    successor = issue_renewed(
        certificate=certificate,
        expires_on=add_months(begins, months),
        steps=[line for line in ledger.lines if line.evidence],
        by=by,
        at=at,
    )
    _use(ledger, successor, certificate.holder, at)
    return successor


def _use(ledger: RenewalLedger, successor: Certificate, holder: Any, at: datetime) -> None:
    """Each accepted claim of the window is used up, also where its category was full: nothing is carried over."""
    kinds = {row.code for row in ledger.categories}
    counted = {
        row.claim.key: row.counted
        for row in ledger.claims
        if row.in_window and row.claim.state is ClaimState.ACCEPTED and row.claim.category in kinds
    }
    claims: Iterable[CeClaim] = CeClaim.objects.filter(user=holder, uuid__in=list(counted))
    try:
        with transaction.atomic():
            CeUse.objects.bulk_create(
                CeUse(claim=row, certificate=successor, hours=counted[str(row.uuid)], at=at) for row in claims
            )
    except IntegrityError as error:
        raise AlreadyUsed(_("Some of these hours were used for another renewal in the same moment.")) from error


# What changed -------------------------------------------------------------------------------------------------------


def acknowledge_change(*, user: Any, kind: str, code: str, digest: str, at: datetime) -> ChangeAcknowledgement:
    """A person has seen what changed; a second time changes nothing."""
    try:
        with transaction.atomic():
            return ChangeAcknowledgement.objects.create(user=user, kind=kind, code=code, digest=digest, at=at)
    except IntegrityError:
        return ChangeAcknowledgement.objects.get(user=user, kind=kind, code=code, digest=digest)
