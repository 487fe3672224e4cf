"""Taking back what the school noted for a candidate: a payment, a waiver, the acceptance of a document.

What was noted stays in the record and no longer counts. A certificate that was awarded on it is not touched: the proof
of what certificates rest on reports it, and a registrar decides.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.core.exceptions import InvalidInput

from .exceptions import AlreadyReversed, OwnApplication, ReasonMissing
from .models import DocumentReview, Payment, PaymentReversal, Waiver
from .news import tell_of_document

REASON_LENGTH = 300


def reverse_payment(*, payment: Payment, reason: str, by: Any, at: datetime) -> PaymentReversal:
    """A payment was noted by mistake, or paid back."""
    reason = _reason_or_refuse(reason, candidate_id=payment.user_id, by=by)
    try:
        with transaction.atomic():
            return PaymentReversal.objects.create(payment=payment, reason=reason, by=by, at=at)
    except IntegrityError as error:
        raise AlreadyReversed() from error


def withdraw_waiver(*, waiver: Waiver, reason: str, by: Any, at: datetime) -> None:
    """A requirement that was waived, or met by something equivalent, is asked for again; it may be waived anew."""
    reason = _reason_or_refuse(reason, candidate_id=waiver.admission.user_id, by=by)
    _withdraw(waiver, reason=reason, by=by, at=at)


@transaction.atomic
def withdraw_acceptance(*, review: DocumentReview, reason: str, by: Any, at: datetime) -> None:
    """A document was accepted by mistake, or turned out not to be genuine; the candidate reads the reason."""
    reason = _reason_or_refuse(reason, candidate_id=review.document.user_id, by=by)
    if not review.accepted:
        raise InvalidInput(_("This document was refused; the candidate can hand in another one."))
    _withdraw(review, reason=reason, by=by, at=at)
    tell_of_document(review, at)


def _reason_or_refuse(reason: str, *, candidate_id: int, by: Any) -> str:
    if candidate_id == by.pk:
        raise OwnApplication(_("Nobody takes back what was noted for themselves."))
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(_("Say why it no longer counts."), errors={"reason": [_("Say why.")]})
    if len(reason) > REASON_LENGTH:
        raise InvalidInput(errors={"reason": [_("Use at most 300 characters.")]})
    return reason


def _withdraw(row: Waiver | DocumentReview, *, reason: str, by: Any, at: datetime) -> None:
    # One statement: of two who take it back at once, one is told that it was done.
    rows = type(row)._default_manager.filter(pk=row.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=at, withdrawn_by=by, withdrawal_reason=reason):
        raise AlreadyReversed()
    row.refresh_from_db()
