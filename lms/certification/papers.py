"""What candidates hand in beside study and examinations: documents that somebody looks at, and fees that were paid."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.api import User
from lms.core.exceptions import InvalidInput
from lms.core.uploads import read_upload, save_with_file

from . import papers_queries as queries
from .exceptions import AlreadyReviewed, OwnApplication, ReasonMissing
from .models import CandidateDocument, DocumentReview, Payment
from .news import tell_of_document

REASON_LENGTH = 500
MOST_PAID = Decimal("9999999.99")


@transaction.atomic
def hand_in_document(
    *, user: Any, code: str, file: Any, issued_on: date | None, expires_on: date | None = None, at: datetime
) -> CandidateDocument:
    """Hand in a document that one of the person's paths, or of those on offer, asks for.

    A further one may follow while another is looked at; the very same file waits once.
    """
    terms = queries.document_terms(user, code)
    if terms is None:
        raise InvalidInput(_("No path asks for this document."), errors={"code": [_("No path asks for it.")]})
    today = timezone.localdate(at)
    errors: dict[str, list[str]] = {}
    upload = None
    if not file:
        errors["file"] = [_("Choose a file.")]
    else:
        upload, problem = read_upload(file)
        if problem:
            errors["file"] = [problem]
    if issued_on is None:
        errors["issued_on"] = [_("Say on which day it was issued.")]
    elif issued_on > today:
        errors["issued_on"] = [_("This day has not come yet.")]
    if expires_on is None and terms["expires"]:
        errors["expires_on"] = [_("Say until which day it is valid.")]
    elif expires_on and expires_on < today:
        errors["expires_on"] = [_("It has run out. Hand in one that is valid.")]
    elif expires_on and issued_on and expires_on < issued_on:
        errors["expires_on"] = [_("It cannot end before it was issued.")]
    # One after the other, so that a form that is sent twice counts once.
    User.objects.select_for_update().get(pk=user.pk)
    if upload and queries.waiting_documents().filter(user=user, code=code, digest=upload.digest).exists():
        errors["file"] = [_("You have handed in this very file, and the school is looking at it.")]
    if errors or upload is None:
        raise InvalidInput(errors=errors)
    row = CandidateDocument(
        user=user,
        code=code,
        file_name=upload.name,
        media_type=upload.media_type,
        digest=upload.digest,
        issued_on=issued_on,
        expires_on=expires_on,
        submitted_at=at,
    )
    save_with_file(row, upload)
    return row


@transaction.atomic
def review_document(
    *, document: CandidateDocument, accepted: bool, reason: str = "", by: Any, at: datetime
) -> DocumentReview:
    """Accept a document, or refuse it with the reason that the candidate reads; once, and never one's own."""
    if document.user_id == by.pk:
        raise OwnApplication(_("Nobody looks at their own documents."))
    reason = reason.strip()
    if not accepted and not reason:
        raise ReasonMissing(errors={"reason": [_("Say why you refuse it; the candidate reads it.")]})
    if len(reason) > REASON_LENGTH:
        raise InvalidInput(errors={"reason": [_("Use at most 500 characters.")]})
    CandidateDocument.objects.select_for_update().get(pk=document.pk)
    if DocumentReview.objects.filter(document=document).exists():
        raise AlreadyReviewed()
    review = DocumentReview.objects.create(document=document, accepted=accepted, reason=reason, by=by, at=at)
    tell_of_document(review, at)
    return review


@transaction.atomic
def note_payment(
    *, user: Any, code: str, amount: Decimal, currency: str, reference: str, paid_on: date, by: Any, at: datetime
) -> Payment:
    """Note that a person paid a fee of a path that they follow, or a part of it. Nobody notes their own.

    A reference, such as a receipt's number, is noted once for each fee.
    """
    if user.pk == by.pk:
        raise OwnApplication(_("Nobody notes their own payment."))
    errors: dict[str, list[str]] = {}
    fees = {(fee["reference"], fee["currency"]) for fee in queries.fees_of(user)}
    if (code, currency) not in fees:
        errors["code"] = [_("No path that this person follows asks for this fee in this currency.")]
    if not 0 < amount <= MOST_PAID:
        errors["amount"] = [_("Say how much was paid.")]
    if not reference.strip():
        errors["reference"] = [_("Say where the payment is found: a receipt, or a line of the bank.")]
    if paid_on > timezone.localdate(at):
        errors["paid_on"] = [_("This day has not come yet.")]
    User.objects.select_for_update().get(pk=user.pk)
    noted = Payment.objects.filter(user=user, code=code, reference=reference.strip()[:120], reversal=None)
    if "reference" not in errors and noted.exists():
        errors["reference"] = [_("This is noted already for this fee.")]
    if errors:
        raise InvalidInput(errors=errors)
    return Payment.objects.create(
        user=user,
        code=code,
        amount=amount,
        currency=currency,
        reference=reference.strip()[:120],
        paid_on=paid_on,
        noted_by=by,
        noted_at=at,
    )
