"""Pages of the registrar: applications, decisions, the register of certificates, and what happens to one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lms.accounts.api import role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError

from . import commands, issuing, numbers, queries
from .enums import CertificateStatus, DecisionOutcome
from .exceptions import AlreadyDecided
from .forms import REVOKING, SUSPENDING, DecisionForm, ReinstateForm, ReissueForm, StatusChangeForm, show_errors
from .models import Application, Certificate
from .status import may_follow
from .views import pdf_response, verify_address

PER_PAGE = 50
SORTS = {
    "number": "number",
    "name": "holder_name",
    "title": "title",
    "awarded": "awarded_on",
    "expires": "expires_on",
}


@role_required("registrar")
@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, what a regrade has touched, and the newest certificates."""
    today = arrival(request).date()
    newest = [
        {"certificate": row, "standing": queries.standing_of_certificate(row, today)}
        for row in queries.with_events().order_by("-issued_at")[:8]
    ]
    waiting = queries.open_applications().order_by("submitted_at", "id")
    context = {
        "applications": Paginator(waiting, PER_PAGE).get_page(request.GET.get("page")),
        "to_look_at": queries.certificates_after_regrades(today),
        "newest": newest,
    }
    return render(request, "lms/certification/registrar/home.html", context)


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """One application with its evidence, and the decision."""
    row = get_object_or_404(
        Application.objects.select_related("admission__user", "admission__path", "admission__path_version"),
        uuid=application_id,
    )
    candidate = row.admission.user
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _decision, certificate = commands.decide(
                application=row,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"].strip(),
                by=request.user,
                at=arrival(request),
            )
        except AlreadyDecided as error:
            messages.error(request, error.message)
            return redirect("registrar:application", row.uuid)
        except DomainError as error:
            show_errors(form, error)
        else:
            return _decided(request, form.cleaned_data["outcome"], certificate)
    ledger = queries.ledger_for(candidate, row.admission.path_version, row.admission)
    context = {
        "application": row,
        "candidate": candidate,
        "path": row.admission.path,
        "ledger": ledger,
        "decision": getattr(row, "decision", None),
        "form": form,
        "is_own": candidate == request.user,
        "conflict": queries.conflict_of(request.user, row.admission, ledger),
    }
    return render(request, "lms/certification/registrar/application.html", context)


def _decided(request: HttpRequest, outcome: str, certificate: Certificate | None) -> HttpResponse:
    if certificate:
        messages.success(request, _("Certificate %(number)s is issued.") % {"number": certificate.number})
        return redirect("registrar:certificate", certificate.number)
    if outcome == DecisionOutcome.RETURN:
        messages.success(request, _("The application is returned. The candidate sees why and may apply again."))
    else:
        messages.success(request, _("The application is refused. The candidate sees why and may appeal."))
    return redirect("registrar:home")


@role_required("registrar")
@never_cache
@require_GET
def certificates(request: HttpRequest) -> HttpResponse:
    """The register: search, sort, page."""
    words = request.GET.get("q", "").strip()[:100]
    sort = request.GET.get("o", "-awarded")
    rows = queries.with_events()
    if words:
        number = numbers.normalised(words)
        rows = rows.filter(
            Q(holder_name__icontains=words) | Q(title__icontains=words) | Q(number=number or words.upper())
        )
    column = SORTS.get(sort.removeprefix("-"), "awarded_on")
    rows = rows.order_by(f"-{column}" if sort.startswith("-") else column, "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    today = arrival(request).date()
    lines = [{"certificate": row, "standing": queries.standing_of_certificate(row, today)} for row in page]
    columns = [
        {
            "code": code,
            "title": title,
            "is_current": sort.removeprefix("-") == code,
            "is_descending": sort == f"-{code}",
            "next": code if sort == f"-{code}" else f"-{code}",
        }
        for code, title in (
            ("number", _("Number")), ("name", _("Name")), ("title", _("Title")), ("awarded", _("Awarded")),
            ("expires", _("Expires")),
        )
    ]  # fmt: skip
    query = urlencode({"q": words, "o": sort}) + "&"
    context = {"lines": lines, "page_obj": page, "words": words, "sort": sort, "columns": columns, "query": query}
    return render(request, "lms/certification/registrar/certificates.html", context)


def _certificate(number: str) -> Certificate:
    canonical = numbers.normalised(number)
    row = queries.certificate_by_number(canonical) if canonical else None
    if row is None:
        raise Http404
    return row


@role_required("registrar")
@never_cache
@require_GET
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """One certificate: as printed, its evidence, its history, and what may happen to it."""
    row = _certificate(number)
    standing = queries.standing_of_certificate(row, arrival(request).date())
    context = {
        "certificate": row,
        "standing": standing,
        "events": row.events.select_related("by").order_by("id"),
        "evidence": row.evidence.all(),
        "verify_url": verify_address(request, row.number),
        "actions": [
            {"code": code, "label": label, "is_final": code == "revoke"}
            for code, kind, label in (
                ("reissue", "superseded", _("Correct the name")),
                ("suspend", "suspended", _("Suspend")),
                ("reinstate", "reinstated", _("Reinstate")),
                ("revoke", "revoked", _("Revoke")),
            )
            if may_follow(CertificateStatus(standing.status), kind)
        ],
    }
    return render(request, "lms/certification/registrar/certificate.html", context)


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Suspend, reinstate or revoke, each with its reason."""
    row = _certificate(number)
    forms: dict[str, Any] = {
        "suspend": lambda data: StatusChangeForm(data, reasons=SUSPENDING),
        "reinstate": ReinstateForm,
        "revoke": lambda data: StatusChangeForm(data, reasons=REVOKING),
    }
    if action not in forms:
        raise Http404
    form = forms[action](request.POST or None)
    if request.method == "POST" and form.is_valid():
        command = {"suspend": issuing.suspend, "reinstate": issuing.reinstate, "revoke": issuing.revoke}[action]
        try:
            command(certificate=row, by=request.user, at=arrival(request), **form.cleaned_data)  # type: ignore[operator]
            messages.success(request, _("The register says so from now on."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("registrar:certificate", row.number)
    titles = {"suspend": _("Suspend"), "reinstate": _("Reinstate"), "revoke": _("Revoke")}
    context = {
        "certificate": row,
        "standing": queries.standing_of_certificate(row, arrival(request).date()),
        "form": form,
        "action": action,
        "action_label": titles[action],
        "is_final": action == "revoke",
    }
    return render(request, "lms/certification/registrar/change.html", context)


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def reissue(request: HttpRequest, number: str) -> HttpResponse:
    """A corrected certificate in place of one whose name is wrong."""
    row = _certificate(number)
    form = ReissueForm(request.POST or None, initial={"legal_name": row.holder_name})
    if request.method == "POST" and form.is_valid():
        try:
            successor = issuing.reissue(certificate=row, by=request.user, at=arrival(request), **form.cleaned_data)
        except DomainError as error:
            show_errors(form, error)
        else:
            words = _("Certificate %(new)s stands in place of %(old)s.")
            messages.success(request, words % {"new": successor.number, "old": row.number})
            return redirect("registrar:certificate", successor.number)
    standing = queries.standing_of_certificate(row, arrival(request).date())
    context = {
        "certificate": row,
        "standing": standing,
        "form": form,
        "is_possible": may_follow(CertificateStatus(standing.status), "superseded") and row.holder != request.user,
    }
    return render(request, "lms/certification/registrar/reissue.html", context)


@role_required("registrar")
@require_GET
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """Any certificate to print again."""
    return pdf_response(_certificate(number))
