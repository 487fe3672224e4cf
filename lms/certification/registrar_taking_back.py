"""Pages of the registrar for taking back what was noted for a candidate, each with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.accounts.api import role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from lms.core.forms import show_errors

from . import papers_queries as reads
from . import taking_back
from .eligibility import titles_of
from .forms import TakingBackForm
from .models import DocumentReview, Payment, Waiver


@dataclass(frozen=True)
class Noted:
    """What is to be taken back, in words."""

    candidate: Any
    title: str
    lede: str
    facts: list[tuple[str, str]]
    done: str
    #: Why it was taken back before, if it was.
    taken_back: str | None


def _page(request: HttpRequest, noted: Noted, take_back: Callable[[str], object]) -> HttpResponse:
    form = TakingBackForm(request.POST or None)
    after = reverse("registrar:candidate", args=[noted.candidate.uuid])
    if request.method == "POST" and form.is_valid():
        try:
            take_back(form.cleaned_data["reason"])
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, noted.done)
            return redirect(after)
    context = {"noted": noted, "form": form, "after": after, "is_own": noted.candidate == request.user}
    return render(request, "lms/certification/registrar/take_back.html", context)


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def payment(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """A payment was noted by mistake, or paid back."""
    row = get_object_or_404(Payment.objects.select_related("user", "reversal"), uuid=payment_id)
    titles = {fee["reference"]: fee["title"] for fee in reads.fees_of(row.user)}
    reversal = getattr(row, "reversal", None)
    noted = Noted(
        candidate=row.user,
        title=_("Take a payment back"),
        lede=_("It was noted by mistake, or the money was paid back. The line stays, and no longer counts."),
        facts=[
            (_("Fee"), titles.get(row.code, row.code)),
            (_("Amount"), f"{row.amount} {row.currency}"),
            (_("Paid"), date_format(row.paid_on)),
            (_("Reference"), row.reference),
        ],
        done=_("The payment no longer counts."),
        taken_back=reversal.reason if reversal else None,
    )
    return _page(
        request,
        noted,
        lambda reason: taking_back.reverse_payment(payment=row, reason=reason, by=request.user, at=arrival(request)),
    )


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def waiver(request: HttpRequest, waiver_id: UUID) -> HttpResponse:
    """A waiver, or an equivalent, no longer counts."""
    rows = Waiver.objects.select_related("admission__user", "admission__path_version", "by")
    row = get_object_or_404(rows, uuid=waiver_id)
    titles = titles_of(row.admission.path_version.requirements)
    noted = Noted(
        candidate=row.admission.user,
        title=_("Take a waiver back"),
        lede=_("The requirement is asked for again. A certificate that was awarded meanwhile is not touched by it."),
        facts=[
            (_("Requirement"), titles.get(row.requirement, row.requirement)),
            (_("What it was"), _("Equivalent accepted") if row.is_equivalence else _("Waived")),
            (_("Reason"), row.reason),
            (_("Decided"), f"{date_format(row.at)}, {row.by.get_full_name()}"),
        ],
        done=_("The requirement is asked for again."),
        taken_back=row.withdrawal_reason,
    )
    return _page(
        request,
        noted,
        lambda reason: taking_back.withdraw_waiver(waiver=row, reason=reason, by=request.user, at=arrival(request)),
    )


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def acceptance(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """A document that was accepted no longer counts."""
    rows = DocumentReview.objects.filter(accepted=True).select_related("document__user", "by")
    row = get_object_or_404(rows, document__uuid=document_id)
    titles = reads.document_titles([row.document.user_id])
    noted = Noted(
        candidate=row.document.user,
        title=_("Take the acceptance back"),
        lede=_("The document no longer counts, and the candidate reads why. They can hand in another one."),
        facts=[
            (_("Document"), titles.get(row.document.code, row.document.code)),
            (_("File"), row.document.file_name),
            (_("Accepted"), f"{date_format(row.at)}, {row.by.get_full_name()}"),
        ],
        done=_("The document no longer counts."),
        taken_back=row.withdrawal_reason,
    )
    return _page(
        request,
        noted,
        lambda reason: taking_back.withdraw_acceptance(review=row, reason=reason, by=request.user, at=arrival(request)),
    )
