"""Pages of certification for the candidate and for everybody who checks a certificate."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from rest_framework.request import Request

from lms.accounts.api import accept_agreement, acceptances_of, current_agreements
from lms.core.clock import arrival, school_day
from lms.core.exceptions import DomainError
from lms.core.forms import show_errors

from . import commands, numbers, queries
from .documents import canonical_address, certificate_document
from .forms import ApplicationForm
from .limits import rate_limited
from .models import Certificate, Path
from .register import is_publicly_listed


def verify_address(request: HttpRequest, number: str) -> str:
    """The full public address of a certificate: on a live instance the same from whichever host it is asked."""
    if settings.INSTANCE == "live":
        return canonical_address(number)
    return request.build_absolute_uri(reverse("certification:verify", args=[number]))


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The paths on offer or followed, and where the visitor stands on each."""
    rows = []
    for path in queries.paths_for(request.user):
        row: dict[str, Any] = {"path": path, "ledger": None, "admission": None}
        if request.user.is_authenticated:
            row["admission"], row["ledger"] = queries.standing_on(request.user, path)
        else:
            row["asked"] = queries.asked_of(path.current_version.requirements)  # type: ignore[union-attr]
        rows.append(row)
    certificates = []
    if request.user.is_authenticated:
        held = queries.held_certificates(request.user)
        certificates = queries.with_standing(held, school_day(arrival(request)))
    return render(request, "lms/certification/home.html", {"rows": rows, "certificates": certificates})


def visible_path(request: HttpRequest | Request, slug: str) -> Path:
    """A path that is on offer, or that the visitor follows."""
    return get_object_or_404(queries.paths_for(request.user), code=slug)


@login_required
@never_cache
@require_GET
def path(request: HttpRequest, slug: str) -> HttpResponse:
    """The ledger: what is met, what is missing, what to do next, and the application."""
    form = ApplicationForm(initial={"legal_name": name_to_print(request.user)})
    return _path_page(request, visible_path(request, slug), form)


def name_to_print(user: Any) -> str:
    """The name that a certificate bears unless the candidate says otherwise."""
    return user.legal_name or user.display_name


def _path_page(request: HttpRequest, row: Path, form: ApplicationForm) -> HttpResponse:
    admission, ledger = queries.standing_on(request.user, row)
    context = {
        "path": row,
        "admission": admission,
        "ledger": ledger,
        "application": queries.open_application(admission) if admission else None,
        "last_decision": _last_decision(admission),
        "certificate": queries.active_certificate(request.user, row, school_day(arrival(request))),
        "form": form,
    }
    return render(request, "lms/certification/path.html", context)


def _last_decision(admission: Any) -> Any:
    if admission is None:
        return None
    application = admission.applications.exclude(closed_at=None).select_related("decision").order_by("-id").first()
    return application.decision if application else None


@login_required
@require_POST
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow a path."""
    commands.admit(user=request.user, path=visible_path(request, slug), by=request.user, at=arrival(request))
    return redirect("certification:path", slug)


@login_required
@never_cache
@require_POST
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm the name and apply; a name that cannot stand as it is comes back with what is wrong with it."""
    row = visible_path(request, slug)
    form = ApplicationForm(request.POST)
    if not form.is_valid():
        return _path_page(request, row, form)
    try:
        _application, is_new = commands.apply(
            user=request.user, path=row, legal_name=form.cleaned_data["legal_name"], at=arrival(request)
        )
    except DomainError as error:
        if error.extra.get("errors"):
            show_errors(form, error)
            return _path_page(request, row, form)
        messages.error(request, error.message)
        return redirect("certification:path", slug)
    if is_new:
        messages.success(request, _("Your application is with the registrar."))
    return redirect("certification:path", slug)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def attest(request: HttpRequest, code: str) -> HttpResponse:
    """Read a statement and sign it."""
    agreement = current_agreements([code]).get(code)
    if agreement is None:
        raise Http404
    accepted = acceptances_of(request.user, [code]).get(code)
    if request.method == "POST":
        if request.POST.get("digest") != agreement.digest:
            messages.error(request, _("The text has changed since you opened it. Please read it again."))
            return redirect("certification:attest", code)
        if request.POST.get("accept") != "on":
            messages.error(request, _("Tick the box to sign."))
            return redirect("certification:attest", code)
        accept_agreement(agreement=agreement, user=request.user, context="certification", at=arrival(request))
        messages.success(request, _("Signed: %(title)s") % {"title": agreement.title})
        statements = queries.statements_with(request.user, code)
        if statements is None:
            return redirect("certification:home")
        if statements.next:
            return redirect("certification:attest", statements.next)
        return redirect("certification:path", statements.path)
    statements = queries.statements_with(request.user, code)
    context = {
        "agreement": agreement,
        "accepted": accepted,
        "statements": statements,
        "place": statements.place_of(code) if statements else None,
    }
    return render(request, "lms/certification/attest.html", context)


def own_certificate(request: HttpRequest | Request, number: str) -> Certificate:
    """The certificate of whoever asks, however its number is written; 404 for everybody else's."""
    row = queries.certificate_by_number(number, Certificate.objects.filter(holder=request.user.pk))
    if row is None:
        raise Http404
    return row


def any_certificate(number: str) -> Certificate:
    """A certificate for whoever may see all of them, however its number is written; 404 if there is none."""
    row = queries.certificate_by_number(number)
    if row is None:
        raise Http404
    return row


@login_required
@never_cache
@require_GET
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """One's own certificate on the screen."""
    row = own_certificate(request, number)
    context = {
        "certificate": row,
        "standing": queries.standing_of_certificate(row, school_day(arrival(request))),
        "verify_url": verify_address(request, row.number),
        "evidence": row.evidence.all(),
        "is_listed": is_publicly_listed(row),
        "replaced_by": queries.certificate_in_place_of(row),
    }
    return render(request, "lms/certification/certificate.html", context)


@login_required
@require_GET
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """One's own certificate to print."""
    return pdf_response(own_certificate(request, number))


def pdf_response(row: Certificate) -> HttpResponse:
    """A certificate as a PDF: the file that was kept when it was first asked for."""
    with certificate_document(row).file.open("rb") as file:
        response = HttpResponse(file.read(), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@rate_limited
@require_GET
def verify_search(request: HttpRequest) -> HttpResponse:
    """Type or scan a number."""
    asked = request.GET.get("number", "").strip()[:60]
    if asked:
        canonical = numbers.normalised(asked)
        if canonical:
            return redirect("certification:verify", canonical)
        message = _("“%(asked)s” is not a certificate number. Numbers look like NMT-7K3F9-QXM4C.") % {"asked": asked}
        return render(request, "lms/certification/verify_search.html", {"asked": asked, "problem": message}, status=404)
    return render(request, "lms/certification/verify_search.html", {"asked": "", "problem": ""})


def check_page(request: HttpRequest, template: str, row: Certificate | None, /, **context: Any) -> HttpResponse:
    """The answer to a public check: what the record says of the certificate, or 404 with what that means."""
    at = arrival(request)
    facts = queries.public_facts(row, school_day(at)) if row else None
    return render(request, template, {"checked_at": at, "facts": facts, **context}, status=200 if row else 404)


@never_cache
@rate_limited
@require_GET
def verify(request: HttpRequest, number: str) -> HttpResponse:
    """The public check: what the record says, whatever a piece of paper says."""
    canonical = numbers.normalised(number)
    if canonical and canonical != number:
        return redirect("certification:verify", canonical)
    row = queries.certificate_by_number(number)
    return check_page(request, "lms/certification/verify.html", row, asked=number[:60])
