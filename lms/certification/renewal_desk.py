"""Pages of the registrar for renewals and continuing education."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lms.accounts.api import role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from lms.core.forms import show_errors
from lms.core.uploads import download

from . import renewal_commands as commands
from . import renewal_queries as reads
from .enums import ClaimState
from .models import CeClaim
from .renewal_forms import CeReviewForm, RenewalDecisionForm
from .renewal_ledger import words

#: Of other claims with the same file so many are named.
MOST_OF_A_FILE = 5
ROWS_ON_A_PAGE = 50


@role_required("registrar")
@never_cache
@require_GET
def renewals(request: HttpRequest) -> HttpResponse:
    """Renewals that wait for a decision, and those decided last."""
    page = Paginator(reads.renewals_waiting(), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    decided = reads.renewals().exclude(closed_at=None).order_by("-closed_at", "-pk")[:10]
    context = {"page_obj": page, "renewals": page.object_list, "decided": decided}
    return render(request, "lms/certification/renewal/desk/renewals.html", context)


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def renewal(request: HttpRequest, renewal_id: UUID) -> HttpResponse:
    """One renewal: the ledger, the evidence behind it, and the decision."""
    row = get_object_or_404(reads.renewals(), uuid=renewal_id)
    form = RenewalDecisionForm(request.POST or None, is_audited=row.is_audited)
    if request.method == "POST" and form.is_valid():
        try:
            decision, certificate = commands.decide_renewal(
                renewal=row, by=request.user, at=arrival(request), **form.cleaned_data
            )
            if certificate:
                messages.success(request, _("Certificate %(number)s is issued.") % {"number": certificate.number})
                return redirect("registrar:certificate", certificate.number)
            messages.success(request, _("Decided: %(outcome)s.") % {"outcome": decision.get_outcome_display()})
            return redirect("registrar:renewals")
        except DomainError as error:
            show_errors(form, error)
    titles = reads.category_titles(row.certificate)
    context = {
        "renewal": row,
        "certificate": row.certificate,
        "holder": row.certificate.holder,
        "ledger": reads.ledger_of(row),
        "decision": getattr(row, "decision", None),
        "conflict": commands.conflict_of(request.user, row.certificate),
        "claims": [reads.claim_row(claim, titles) for claim in reads.claims_in(row)],
        "form": form,
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "lms/certification/renewal/desk/renewal.html", context, status=status)


@role_required("registrar")
@never_cache
@require_GET
def education(request: HttpRequest) -> HttpResponse:
    """Continuing education that waits to be looked at."""
    page = Paginator(reads.claims_waiting(), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    titles = reads.titles_of_all()
    context = {"page_obj": page, "claims": [reads.claim_row(row, titles) for row in page]}
    return render(request, "lms/certification/renewal/desk/education.html", context)


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """One claim with its evidence, and how many of its hours count."""
    row = get_object_or_404(reads.with_outcome(CeClaim.objects.all()), uuid=claim_id)
    form = CeReviewForm(request.POST or None, initial={"accepted_hours": words(row.hours)})
    if request.method == "POST" and form.is_valid():
        try:
            commands.review_ce_claim(claim=row, by=request.user, at=arrival(request), **form.cleaned_data)
            messages.success(request, _("Noted. The holder sees it."))
            return redirect("registrar:ce_queue")
        except DomainError as error:
            show_errors(form, error)
    context = {
        "line": reads.claim_row(row, reads.titles_of_all()),
        "claim": row,
        "review": getattr(row, "review", None),
        "is_own": row.user_id == request.user.pk,
        "is_waiting": reads.state_of_claim(row) is ClaimState.WAITING,
        "same_file": reads.with_the_same_file(row)[:MOST_OF_A_FILE],
        "form": form,
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "lms/certification/renewal/desk/claim.html", context, status=status)


@role_required("registrar")
@require_GET
def evidence(request: HttpRequest, claim_id: UUID) -> HttpResponseBase:
    """The file behind a claim."""
    row = get_object_or_404(CeClaim, uuid=claim_id)
    return download(row.file, row.file_name, row.media_type)
