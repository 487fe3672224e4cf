"""Pages of the registrar on people: finding one, and all that the school holds of their way to a certificate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.accounts.api import User, role_required
from lms.core.clock import arrival, school_day
from lms.core.exceptions import DomainError
from lms.core.forms import show_errors
from lms.practicals.api import PracticalAttempt, practical_standings

from . import commands, queries
from . import papers_queries as reads
from .eligibility import Requirement, titles_of
from .forms import WaiverForm
from .models import Admission, Application, Waiver

PER_PAGE = 50
#: Of documents and payments the page of a person shows so many, the newest.
MOST_SHOWN = 50


@role_required("registrar")
@never_cache
@require_GET
def candidates(request: HttpRequest) -> HttpResponse:
    """Find a person."""
    words = request.GET.get("q", "").strip()[:100]
    page = Paginator(queries.candidates(words), PER_PAGE).get_page(request.GET.get("page"))
    query = urlencode({"q": words}) + "&" if words else ""
    context = {"page_obj": page, "words": words, "query": query}
    return render(request, "lms/certification/registrar/candidates.html", context)


@role_required("registrar")
@never_cache
@require_GET
def candidate(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One person: paths with the ledger, documents, payments, practical examinations, certificates."""
    person = get_object_or_404(User, uuid=user_id)
    today = school_day(arrival(request))
    admissions = list(person.admissions.select_related("path", "path_version").order_by("-admitted_at"))
    running = [row for row in admissions if row.ended_at is None]
    waivers = list(Waiver.objects.filter(admission__in=running).select_related("by", "withdrawn_by").order_by("id"))
    called = {row.pk: titles_of(row.path_version.requirements) for row in running}
    for waiver in waivers:
        waiver.title = called[waiver.admission_id].get(waiver.requirement, "")  # type: ignore[attr-defined]
    fees = {fee["reference"]: fee["title"] for fee in reads.fees_of(person)}
    payments = list(reads.payments_of(person)[:MOST_SHOWN])
    for payment in payments:
        payment.title = fees.get(payment.code, "")  # type: ignore[attr-defined]
    applications = Application.objects.filter(admission__in=admissions).select_related("decision")
    followed = {row.path_id for row in running}
    documents = list(reads.documents_of(person)[:MOST_SHOWN])
    titles = reads.document_titles([person.pk])
    context: dict[str, Any] = {
        "person": person,
        "is_own": person == request.user,
        "ways": [
            {
                "admission": row,
                "ledger": queries.ledger_for(person, row.path_version, row),
                "waivers": [waiver for waiver in waivers if waiver.admission_id == row.pk],
            }
            for row in running
        ],
        "applications": applications.select_related("admission__path").order_by("-submitted_at")[:MOST_SHOWN],
        "open_paths": [path for path in queries.published_paths() if path.pk not in followed],
        "documents": [
            {"document": row, "title": titles.get(row.code, row.code), "state": reads.document_state(row, today)}
            for row in documents
        ],
        "payments": payments,
        "asks_for_fees": bool(fees),
        "certificates": queries.with_standing(queries.held_certificates(person), today),
        "practicals": _practicals(person),
    }
    return render(request, "lms/certification/registrar/candidate.html", context)


def _practicals(person: Any) -> list[dict[str, Any]]:
    """Attempts at practical examinations, the newest first."""
    rows = PracticalAttempt.objects.filter(candidate=person).select_related("practical").order_by("-opened_at")
    states = practical_standings(person, {row.practical.code for row in rows})
    by_attempt = {found["attempt"]: found for attempts in states.values() for found in attempts}
    return [{"attempt": row, "standing": by_attempt[str(row.uuid)]} for row in rows]


@role_required("registrar")
@require_POST
def admit(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Put a person on a path."""
    person = get_object_or_404(User, uuid=user_id)
    code = request.POST.get("path", "")
    path = next((path for path in queries.published_paths() if path.code == code), None)
    if path is None:
        raise Http404
    _admission, is_new = commands.admit(user=person, path=path, by=request.user, at=arrival(request))
    said = _("%(name)s follows %(path)s from now on.") if is_new else _("%(name)s follows %(path)s already.")
    messages.success(request, said % {"name": person, "path": path.title})
    return redirect("registrar:candidate", person.uuid)


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def waive(request: HttpRequest, admission_id: UUID) -> HttpResponse:
    """Waive a requirement, or accept something equivalent."""
    row = get_object_or_404(Admission.objects.select_related("user", "path", "path_version"), uuid=admission_id)
    ledger = queries.ledger_for(row.user, row.path_version, row)
    initial = {"requirement": request.GET.get("requirement", "")}
    form = WaiverForm(request.POST or None, requirements=_open_lines(ledger.requirements), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            commands.waive_requirement(
                admission=row,
                requirement=data["requirement"],
                reason=data["reason"],
                is_equivalence=data["kind"] == "equivalence",
                proof=data["proof"],
                by=request.user,
                at=arrival(request),
            )
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("The requirement counts as met for this person."))
            return redirect("registrar:candidate", row.user.uuid)
    context = {"admission": row, "candidate": row.user, "form": form, "is_own": row.user == request.user}
    return render(request, "lms/certification/registrar/waive.html", context)


def _open_lines(rows: Sequence[Requirement], depth: int = 0) -> Iterator[tuple[str, str]]:
    """Requirements that are not satisfied, with their groups; what is in a group is set in."""
    for row in rows:
        if not row.is_satisfied:
            yield row.key, "\N{EM SPACE}" * depth + row.title
            yield from _open_lines(row.items, depth + 1)
