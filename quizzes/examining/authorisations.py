"""Authorisations to test: who may sit which exam, from when until when, and what is missing where one is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lms.accounts.api import Role, role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from lms.core.ports import visible_assessments
from quizzes.assembly.models import Assessment
from quizzes.attempts.commands import authorise, end_authorisation
from quizzes.attempts.enums import AttemptKind
from quizzes.attempts.models import Attempt, Authorisation

from .access import assessments_for
from .entry_forms import AuthoriseForm, EndForm
from .people import named

USUAL_WINDOW = timedelta(days=90)
PAGE = 50


@dataclass(frozen=True)
class Outcome:
    """What became of one person: granted, or why not."""

    person: Any
    authorisation: Authorisation | None = None
    why_not: str = ""
    missing: list[dict[str, str]] = field(default_factory=list)


def authorisations_for(user: Any) -> QuerySet[Authorisation]:
    """Authorisations to the exams that this person may examine."""
    used = Attempt.objects.filter(authorisation=OuterRef("pk"), kind=AttemptKind.CANDIDATE, voided_at=None)
    return (
        Authorisation.objects.filter(assessment__in=assessments_for(user))
        .select_related("candidate", "assessment", "granted_by", "ended_by")
        .annotate(is_used=Exists(used))
    )


def in_state(rows: QuerySet[Authorisation], state: str, at: datetime) -> QuerySet[Authorisation]:
    """Those that are valid now and unused, used, still to come, or over."""
    conditions = {
        "valid": Q(is_used=False, ended_at=None, valid_from__lte=at, valid_until__gt=at),
        "coming": Q(ended_at=None, valid_from__gt=at),
        "used": Q(is_used=True),
        "over": Q(is_used=False) & (Q(ended_at__isnull=False) | Q(valid_until__lte=at)),
    }
    return rows.filter(conditions[state]) if state in conditions else rows


def state_of(row: Any, at: datetime) -> str:
    """The state of one row of `authorisations_for`."""
    if row.ended_at is not None:
        return "ended"
    if row.is_used:
        return "used"
    if row.valid_until <= at:
        return "lapsed"
    return "valid" if row.valid_from <= at else "coming"


@role_required(Role.EXAMINER)
@never_cache
@require_GET
def authorisations(request: HttpRequest) -> HttpResponse:
    """All of them, newest window first, by exam and state."""
    at = arrival(request)
    code, state = request.GET.get("exam", ""), request.GET.get("state", "")
    words = request.GET.get("q", "").strip()[:100]
    rows = in_state(authorisations_for(request.user), state, at)
    if code:
        rows = rows.filter(assessment__code=code)
    if words:
        rows = rows.filter(
            Q(candidate__display_name__icontains=words)
            | Q(candidate__legal_name__icontains=words)
            | Q(candidate__email__icontains=words)
        )
    page = Paginator(rows.order_by("-valid_from", "-pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": [{"row": row, "state": state_of(row, at)} for row in page],
        "page_obj": page,
        "query": urlencode({"exam": code, "state": state, "q": words}) + "&",
        "exams": assessments_for(request.user)
        .filter(pk__in=Authorisation.objects.values("assessment"))
        .order_by("title"),
        "exam": code,
        "state": state,
        "words": words,
        "states": [
            ("valid", _("Valid now, not used")),
            ("coming", _("Not yet valid")),
            ("used", _("Used")),
            ("over", _("Ended or lapsed, not used")),
        ],
    }
    return render(request, "quizzes/examining/authorisations.html", context)


@role_required(Role.EXAMINER)
@never_cache
@require_http_methods(["GET", "POST"])
def new_authorisation(request: HttpRequest) -> HttpResponse:
    """Grant to several people at once. Each is decided alone, and the page says what became of each."""
    at = arrival(request)
    usual = {"valid_from": localtime(at), "valid_until": localtime(at + USUAL_WINDOW)}
    code = request.GET.get("exam", "")
    form = AuthoriseForm(request.POST or None, user=request.user, initial={**usual, "assessment": code})
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        meant = named(data["addresses"], data["group"], request.user)
        outcomes = [
            _grant(person, data["assessment"], data["valid_from"], data["valid_until"], by=request.user, at=at)
            for person, _label in meant.people
        ]
        context |= {
            "assessment": data["assessment"],
            "granted": [row for row in outcomes if row.authorisation],
            "refused": [row for row in outcomes if not row.authorisation],
            "unknown": meant.unknown,
        }
        return render(request, "quizzes/examining/authorisations_granted.html", context)
    return render(request, "quizzes/examining/authorisation_new.html", context)


def _grant(
    person: Any, assessment: Assessment, valid_from: datetime, valid_until: datetime, *, by: Any, at: datetime
) -> Outcome:
    if person == by:
        return Outcome(person, why_not=_("Nobody authorises themselves."))
    before = Authorisation.objects.filter(
        candidate=person, assessment=assessment, ended_at=None, valid_until__gt=max(at, valid_from)
    ).order_by("-valid_until")
    if held := before.filter(valid_from__lte=valid_from).first():
        until = date_format(localtime(held.valid_until), "j F Y, H:i")
        return Outcome(person, why_not=_("Has an authorisation already, until %(until)s.") % {"until": until})
    if assessment.code not in visible_assessments(person):
        return Outcome(person, why_not=_("Takes no course and follows no path to which this exam belongs."))
    try:
        row = authorise(
            candidate=person, assessment=assessment, valid_from=valid_from, valid_until=valid_until, by=by, at=at
        )
    except DomainError as error:
        return Outcome(person, why_not=error.message, missing=error.extra.get("missing", []))
    return Outcome(person, authorisation=row)


@role_required(Role.EXAMINER)
@never_cache
@require_http_methods(["GET", "POST"])
def authorisation(request: HttpRequest, authorisation_id: UUID) -> HttpResponse:
    """One of them: the facts on which it rests, the attempts under it, and how to end it."""
    row: Any = get_object_or_404(authorisations_for(request.user), uuid=authorisation_id)
    at = arrival(request)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ended = end_authorisation(
                authorisation=row, reason=form.cleaned_data["reason"].strip(), by=request.user, at=at
            )
        except DomainError as error:
            messages.error(request, error.message)
        else:
            said = _("The authorisation has ended.") if ended else _("It had ended already.")
            messages.success(request, said)
        return redirect("examining:authorisation", row.uuid)
    context = {
        "row": row,
        "state": state_of(row, at),
        "form": form,
        "facts": row.eligibility.get("facts", []),
        "attempts": Attempt.objects.filter(authorisation=row, kind=AttemptKind.CANDIDATE).order_by("ordinal"),
    }
    return render(request, "quizzes/examining/authorisation.html", context)
