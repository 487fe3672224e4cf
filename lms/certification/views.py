"""Pages of certification for the candidate and for everybody who checks a certificate."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.accounts.api import accept_agreement, acceptances_of, current_agreements
from lms.core.clock import arrival
from lms.core.exceptions import DomainError

from . import commands, numbers, queries
from .documents import canonical_address, certificate_document
from .enums import CertificateStatus, PublicReason
from .forms import ApplicationForm, show_errors
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
    """The paths there are, and where the visitor stands on each."""
    rows = []
    for path in queries.published_paths():
        asked = queries.asked_of(path.current_version.requirements)  # type: ignore[union-attr]
        row: dict[str, Any] = {"path": path, "ledger": None, "admission": None, "asked": asked}
        if request.user.is_authenticated:
            row["admission"] = queries.running_admission(request.user, path)
            version = row["admission"].path_version if row["admission"] else path.current_version
            row["ledger"] = queries.ledger_for(request.user, version, row["admission"])
        rows.append(row)
    certificates = []
    if request.user.is_authenticated:
        today = arrival(request).date()
        certificates = [
            {"certificate": row, "standing": queries.standing_of_certificate(row, today)}
            for row in queries.held_certificates(request.user)
        ]
    return render(request, "lms/certification/home.html", {"rows": rows, "certificates": certificates})


def _path(slug: str) -> Path:
    return get_object_or_404(queries.published_paths(), code=slug)


@login_required
@never_cache
@require_GET
def path(request: HttpRequest, slug: str) -> HttpResponse:
    """The ledger: what is met, what is missing, what to do next, and the application."""
    name = request.user.legal_name or request.user.display_name  # type: ignore[union-attr]
    return _path_page(request, _path(slug), ApplicationForm(initial={"legal_name": name}))


def _path_page(request: HttpRequest, row: Path, form: ApplicationForm) -> HttpResponse:
    admission = queries.running_admission(request.user, row)
    version = admission.path_version if admission else row.current_version
    today = arrival(request).date()
    context = {
        "path": row,
        "version": version,
        "admission": admission,
        "ledger": queries.ledger_for(request.user, version, admission),  # type: ignore[arg-type]
        "application": queries.open_application(admission) if admission else None,
        "last_decision": _last_decision(admission),
        "certificate": queries.active_certificate(request.user, row, today),
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
    commands.admit(user=request.user, path=_path(slug), by=request.user, at=arrival(request))
    return redirect("certification:path", slug)


@login_required
@never_cache
@require_POST
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm the name and apply; a name that cannot stand as it is comes back with what is wrong with it."""
    row = _path(slug)
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
        slug = queries.path_asking_for(request.user, code)
        return redirect("certification:path", slug) if slug else redirect("certification:home")
    return render(request, "lms/certification/attest.html", {"agreement": agreement, "accepted": accepted})


def own_certificate(request: HttpRequest, number: str) -> Certificate:
    """The certificate of whoever asks, however its number is written; 404 for everybody else's."""
    canonical = numbers.normalised(number)
    return get_object_or_404(queries.held_certificates(request.user), number=canonical or "")


@login_required
@never_cache
@require_GET
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """One's own certificate on the screen."""
    row = own_certificate(request, number)
    context = {
        "certificate": row,
        "standing": queries.standing_of_certificate(row, arrival(request).date()),
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
    row = own_certificate(request, number)
    return pdf_response(row)


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


def public_facts(row: Certificate, at: Any) -> dict[str, Any]:
    """What anyone may know of a certificate: no more than the certificate says itself, and whether it holds."""
    standing = queries.standing_of_certificate(row, at.date())
    return {
        "number": row.number,
        "status": standing.status.value,
        "status_label": CertificateStatus(standing.status).label,
        "valid": standing.is_valid,
        "public_reason": standing.public_reason or None,
        "public_reason_label": PublicReason(standing.public_reason).label if standing.public_reason else "",
        "name": row.holder_name,
        "title": row.title,
        "credential_kind": row.credential_kind,
        "credential_kind_label": row.get_credential_kind_display(),
        "awarded_on": row.awarded_on,
        "expires_on": row.expires_on,
        "school": row.facts["school"],
        "hours_label": row.facts["hours_label"],
        "scope_note": row.facts["scope_note"],
        "is_demonstration": row.is_demonstration,
    }


@never_cache
@rate_limited
@require_GET
def verify(request: HttpRequest, number: str) -> HttpResponse:
    """The public check: what the record says, whatever a piece of paper says."""
    canonical = numbers.normalised(number)
    if canonical and canonical != number:
        return redirect("certification:verify", canonical)
    row = queries.certificate_by_number(canonical) if canonical else None
    context: dict[str, Any] = {"asked": number[:60], "checked_at": timezone.now(), "facts": None}
    if row is None:
        return render(request, "lms/certification/verify.html", context, status=404)
    context["facts"] = public_facts(row, arrival(request))
    return render(request, "lms/certification/verify.html", context)
