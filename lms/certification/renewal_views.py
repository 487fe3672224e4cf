"""Pages of a holder: the renewal of a certificate, continuing education, and what changed since one studied."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.core.clock import arrival, school_day
from lms.core.exceptions import DomainError
from lms.core.forms import ask_for_file_again, show_errors
from lms.core.uploads import download

from . import changes, queries
from . import renewal_commands as commands
from . import renewal_queries as reads
from .models import CeClaim, Certificate
from .renewal_forms import CeClaimForm

CLAIMS_ON_A_PAGE = 25
STATEMENT = "statement-"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def renewal(request: HttpRequest, number: str) -> HttpResponse:
    """Where the renewal stands, what counts and what is missing; signing the statements and applying."""
    row = get_object_or_404(reads.own_renewable(request.user, number))
    at = arrival(request)
    ticked: dict[str, str] = {}
    if request.method == "POST":
        ticked = {
            name.removeprefix(STATEMENT): request.POST[name] for name in request.POST if name.startswith(STATEMENT)
        }
        try:
            _renewal, is_new = commands.apply_for_renewal(certificate=row, statements=ticked, by=request.user, at=at)
            if is_new:
                messages.success(request, _("Your application for renewal is with the registrar."))
            return redirect("certification:renewal", row.number)
        except DomainError as error:
            messages.error(request, error.message)
    standing = queries.standing_of_certificate(row, school_day(at))
    ledger = reads.renewal_ledger(row, school_day(at))
    assert ledger is not None  # noqa: S101 - the certificate has a policy
    titles = reads.category_titles(row)
    last = reads.last_renewal(row)
    context = {
        "certificate": row,
        "standing": standing,
        "can_be_renewed": standing.status in reads.RENEWABLE,
        "ledger": ledger,
        "dates": ledger.dates,
        "claims": [{"row": line, "category": titles.get(line.claim.category, line.claim.category)}
                   for line in reversed(ledger.claims)],
        "statements": [{"statement": statement, "is_ticked": ticked.get(code) == statement.digest}
                       for code, statement in reads.statements_of(row).items()],
        "renewal": last,
        "decision": getattr(last, "decision", None),
        "is_waiting": last is not None and last.closed_at is None,
        "successor": Certificate.objects.filter(renews=row).first(),
        "has_changes": changes.has_changes(request.user),
    }  # fmt: skip
    status = 400 if request.method == "POST" else 200
    return render(request, "lms/certification/renewal/renewal.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def education(request: HttpRequest) -> HttpResponse:
    """The person's continuing education, and handing in more of it."""
    user: Any = request.user
    at = arrival(request)
    categories = reads.categories_for(user, school_day(at))
    form = CeClaimForm(request.POST or None, request.FILES or None, categories=categories)
    if request.method == "POST" and form.is_valid():
        try:
            commands.submit_ce_claim(user=user, at=at, **form.cleaned_data)
            messages.success(request, _("Handed in. The school looks at it; it counts once it is accepted."))
            return redirect("certification:ce")
        except DomainError as error:
            show_errors(form, error)
    ask_for_file_again(form)
    page = Paginator(reads.claims_of(user), CLAIMS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "categories": categories,
        "page_obj": page,
        "claims": [reads.claim_row(row, categories) for row in page],
        "certificates": reads.renewable_certificates(user, school_day(at)),
    }
    status = 400 if form.is_bound and not form.is_valid() else 200
    return render(request, "lms/certification/renewal/education.html", context, status=status)


def _own_claim(request: HttpRequest, claim_id: UUID) -> CeClaim:
    return get_object_or_404(CeClaim, user=request.user, uuid=claim_id)


@login_required
@require_POST
def withdraw(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Take a claim back."""
    try:
        commands.withdraw_ce_claim(claim=_own_claim(request, claim_id), by=request.user, at=arrival(request))
        messages.success(request, _("Taken back. It stays in the record and counts no more."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("certification:ce")


@login_required
@require_GET
def evidence(request: HttpRequest, claim_id: UUID) -> HttpResponseBase:
    """The file that one handed in oneself."""
    row = _own_claim(request, claim_id)
    return download(row.file, row.file_name, row.media_type)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def changed(request: HttpRequest) -> HttpResponse:
    """What changed since the person studied it, each with “I have seen this”."""
    if request.method == "POST":
        at = arrival(request)
        if request.POST.get("all") == "on":
            shown = set(request.POST.getlist("shown"))
            rows = [row for row in changes.changes_for(request.user) if row.digest in shown]
        else:
            asked = (request.POST.get(name, "") for name in ("kind", "code", "digest"))
            found = changes.find_change(request.user, *asked)
            rows = [found] if found else []
        for row in rows:
            commands.acknowledge_change(user=request.user, kind=row.kind, code=row.code, digest=row.digest, at=at)
        if rows:
            messages.success(request, _("Noted."))
        else:
            messages.info(request, _("This was noted before, or it has changed again since."))
        return redirect("certification:changes")
    return render(request, "lms/certification/renewal/changes.html", {"changes": changes.changes_for(request.user)})
