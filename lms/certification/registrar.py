"""Pages of the registrar: applications, decisions, the register of certificates, and what happens to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lms.accounts.api import role_required
from lms.core.clock import arrival, school_day
from lms.core.exceptions import DomainError
from lms.core.forms import show_errors

from . import commands, issuing, queries
from .enums import CertificateEventKind, DecisionOutcome
from .exceptions import AlreadyDecided
from .forms import DecisionForm, ReinstateForm, ReissueForm, StatusChangeForm
from .models import Certificate
from .status import Standing, may_follow
from .views import any_certificate, pdf_response, verify_address

PER_PAGE = 50
#: What the registrar may do to a certificate, with the event that it makes.
ACTIONS = {
    "reissue": CertificateEventKind.SUPERSEDED,
    "suspend": CertificateEventKind.SUSPENDED,
    "reinstate": CertificateEventKind.REINSTATED,
    "revoke": CertificateEventKind.REVOKED,
}
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
    today = school_day(arrival(request))
    context = {
        "applications": Paginator(queries.open_applications(), PER_PAGE).get_page(request.GET.get("page")),
        "to_look_at": queries.certificates_after_regrades(today),
        "newest": queries.with_standing(queries.with_events().order_by("-issued_at", "-pk")[:8], today),
    }
    return render(request, "lms/certification/registrar/home.html", context)


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """One application with its evidence, and the decision."""
    row = get_object_or_404(queries.applications(), uuid=application_id)
    candidate = row.admission.user
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _decision, certificate = commands.decide(
                application=row,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
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
        rows = rows.filter(queries.saying(words))
    column = SORTS.get(sort.removeprefix("-"), "awarded_on")
    rows = rows.order_by(f"-{column}" if sort.startswith("-") else column, "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = queries.with_standing(page, school_day(arrival(request)))
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


@role_required("registrar")
@never_cache
@require_GET
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """One certificate: as printed, its evidence, its history, and what may happen to it."""
    row = any_certificate(number)
    standing = queries.standing_of_certificate(row, school_day(arrival(request)))
    context = {
        "certificate": row,
        "standing": standing,
        "events": row.events.select_related("by").order_by("id"),
        "evidence": row.evidence.all(),
        "verify_url": verify_address(request, row.number),
        "actions": [
            {"code": code, "label": label, "is_final": code == "revoke"}
            for code, label in (
                ("reissue", _("Correct the name")),
                ("suspend", _("Suspend")),
                ("reinstate", _("Reinstate")),
                ("revoke", _("Revoke")),
            )
            if _may(request, row, standing, code)
        ],
        "is_own": row.holder == request.user,
    }
    return render(request, "lms/certification/registrar/certificate.html", context)


def _may(request: HttpRequest, row: Certificate, standing: Standing, action: str) -> bool:
    """Whether the visitor may do this to a certificate as it stands; nobody changes their own."""
    return row.holder != request.user and may_follow(standing.status, ACTIONS[action])


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Suspend, reinstate or revoke, each with its reason."""
    row = any_certificate(number)
    data = request.POST or None
    form: forms.Form
    command: Callable[..., Any]
    if action == "suspend":
        title, command, form = _("Suspend"), issuing.suspend, StatusChangeForm(data, reasons=issuing.SUSPENDING)
    elif action == "reinstate":
        title, command, form = _("Reinstate"), issuing.reinstate, ReinstateForm(data)
    elif action == "revoke":
        title, command, form = _("Revoke"), issuing.revoke, StatusChangeForm(data, reasons=issuing.REVOKING)
    else:
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            command(certificate=row, by=request.user, at=arrival(request), **form.cleaned_data)
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("The register says so from now on."))
            return redirect("registrar:certificate", row.number)
    standing = queries.standing_of_certificate(row, school_day(arrival(request)))
    context = {
        "certificate": row,
        "standing": standing,
        "form": form,
        "action": action,
        "action_label": title,
        "is_final": action == "revoke",
        "is_possible": _may(request, row, standing, action),
    }
    return render(request, "lms/certification/registrar/change.html", context)


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def reissue(request: HttpRequest, number: str) -> HttpResponse:
    """A corrected certificate in place of one whose name is wrong."""
    row = any_certificate(number)
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
    standing = queries.standing_of_certificate(row, school_day(arrival(request)))
    context = {
        "certificate": row,
        "standing": standing,
        "form": form,
        "is_possible": _may(request, row, standing, "reissue"),
    }
    return render(request, "lms/certification/registrar/reissue.html", context)


@role_required("registrar")
@require_GET
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """Any certificate to print again."""
    return pdf_response(any_certificate(number))
