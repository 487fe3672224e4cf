"""Pages of practical examinations for those who examine: candidates, attempts, and the checklist of a station."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.accounts.api import role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from lms.core.ports import practice_blocks
from lms.learning.api import has_taught

from . import commands, queries, viewing
from .enums import AttemptState
from .examination_forms import POINTS, ChecklistForm, RulingForm, WithdrawalForm
from .exceptions import InvalidSignOff
from .models import PracticalAttempt, SignOff

#: Attempts in which something happened last, among which the running ones are looked for.
LOOKED_AT = 100
MOST_FOUND = 20


def attempt_or_404(request: HttpRequest, attempt_id: UUID) -> PracticalAttempt:
    """An attempt of somebody else, with all that was judged."""
    return get_object_or_404(queries.table_attempts(request.user), uuid=attempt_id)


def _listed(rows: Any) -> list[dict[str, Any]]:
    return [{"attempt": row, "standing": queries.standing_of_attempt(row)} for row in rows]


def _found(examiner: Any, words: str) -> list[dict[str, Any]]:
    """People whose name or address holds these words, each with where they stand now."""
    people = list(queries.people_called(examiner, words)[:MOST_FOUND])
    latest: dict[int, dict[str, Any]] = {}
    attempts = PracticalAttempt.objects.filter(candidate__in=people)
    for line in _listed(queries.with_sign_offs(queries.by_activity(attempts))):
        latest.setdefault(line["attempt"].candidate_id, line)
    return [{"person": person, "line": latest.get(person.pk)} for person in people]


@role_required("examiner", "registrar")
@never_cache
@require_GET
def examine(request: HttpRequest) -> HttpResponse:
    """Who is being examined, who can be found, and how it went."""
    words = request.GET.get("q", "").strip()[:100]
    context: dict[str, Any] = {"words": words, "query": "", "today": timezone.localdate(arrival(request))}
    if words:
        context["found"] = _found(request.user, words)
        return render(request, "lms/practicals/examination/examine.html", context)
    rows = queries.by_activity(queries.attempts_to_examine(request.user))
    page = Paginator(queries.with_sign_offs(rows), 25).get_page(request.GET.get("page"))
    latest = _listed(queries.with_sign_offs(rows)[:LOOKED_AT])
    context |= {
        "running": [line for line in latest if line["standing"].state is AttemptState.RUNNING],
        "lines": _listed(page),
        "page_obj": page,
    }
    return render(request, "lms/practicals/examination/examine.html", context)


@role_required("examiner", "registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def candidate(request: HttpRequest, candidate_id: UUID) -> HttpResponse:
    """One candidate, where the code on their phone leads to: open an attempt or go on with it."""
    person = get_object_or_404(queries.people_to_examine(request.user), uuid=candidate_id)
    if request.method == "POST":
        practical = get_object_or_404(queries.practicals_for(person), code=request.POST.get("practical", ""))
        try:
            row, _is_new = commands.open_attempt(
                candidate=person, practical=practical, by=request.user, at=arrival(request)
            )
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("practicals:candidate", person.uuid)
        return redirect("practicals:attempt", row.uuid)
    lines = _listed(queries.with_sign_offs(PracticalAttempt.objects.filter(candidate=person)))
    latest: dict[int, dict[str, Any]] = {}
    for line in lines:
        latest.setdefault(line["attempt"].practical_id, line)
    offered = list(queries.practicals_for(person))
    missing = practice_blocks([person.pk], "practical", timezone.localdate(arrival(request)))
    before = {row.code: [exam["title"] for exam in missing if exam["reference"] == row.code] for row in offered}
    context = {
        "candidate": person,
        "rows": [
            {
                "practical": row,
                "line": latest.get(row.pk),
                "missing": ", ".join(before[row.code]),
            }
            for row in offered
        ],
        "lines": lines,
        "has_taught": has_taught(teacher=request.user, student=person),
        "may_judge": queries.may_examine(request.user),
    }
    return render(request, "lms/practicals/examination/candidate.html", context)


@role_required("examiner", "registrar")
@never_cache
@require_GET
def attempt(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """The stations: how each stands, who judged it, where examiners disagree, and what can be done."""
    return _attempt_page(request, attempt_or_404(request, attempt_id))


def _attempt_page(
    request: HttpRequest,
    row: PracticalAttempt,
    *,
    ruling: tuple[str, RulingForm] | None = None,
    withdrawal: tuple[UUID, WithdrawalForm] | None = None,
) -> HttpResponse:
    """The page, with a form that was not taken as it was filled in."""
    view = viewing.for_examiner(row, request.user)
    signed = view.station(request.GET.get("signed", ""))
    mine = next((sheet for sheet in signed.round if sheet.is_mine), None) if signed else None
    context = {
        "attempt": row,
        "view": view,
        "candidate": row.candidate,
        "stations": [
            {
                "view": station,
                "ruling": ruling[1] if ruling and ruling[0] == station.code else RulingForm(sides=station.may_rule),
            }
            for station in view.stations
        ],
        "signed": signed if mine else None,
        "mine": mine,
        "withdrawn_id": withdrawal[0] if withdrawal else None,
        "withdrawal_form": withdrawal[1] if withdrawal else WithdrawalForm(),
    }
    return render(request, "lms/practicals/examination/attempt.html", context)


@role_required("examiner")
@never_cache
@require_http_methods(["GET", "POST"])
def station(request: HttpRequest, attempt_id: UUID, station: str) -> HttpResponse:
    """The checklist. With a script it keeps what is filled in on the phone and sends it when there is a connection."""
    row = attempt_or_404(request, attempt_id)
    view = viewing.for_examiner(row, request.user)
    place = view.station(station)
    if place is None:
        return redirect("practicals:attempt", row.uuid)
    content = row.version.content
    form = ChecklistForm(
        request.POST or None,
        criteria=place.place["criteria"],
        critical_fails=content["critical_fails"],
        station=station,
    )
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            commands.sign_off(attempt=row, **form.judged(), by=request.user, at=arrival(request))
        except InvalidSignOff as error:
            form.take(error)
        except DomainError as error:
            problem = error.message
        else:
            address = reverse("practicals:attempt", args=[row.uuid])
            return redirect(f"{address}?signed={station}#station-{station}")
    context = {
        "attempt": row,
        "view": view,
        "station": place,
        "candidate": row.candidate,
        "form": form,
        "points": POINTS,
        "most": commands.MOST_POINTS * len(place.place["criteria"]),
        "pass_percent": content["pass_percent"],
        "instructions": viewing.paragraphs(content.get("instructions", "")),
        "against": commands.REASONS_AGAINST.get(place.against, ""),
        "problem": problem,
        "now": arrival(request),
    }
    return render(request, "lms/practicals/examination/station.html", context)


@role_required("examiner", "registrar")
@require_POST
def rule(request: HttpRequest, attempt_id: UUID, station: str) -> HttpResponse:
    """A third person decides."""
    row = attempt_or_404(request, attempt_id)
    place = viewing.for_examiner(row, request.user).station(station)
    form = RulingForm(request.POST, sides=place.may_rule if place else ())
    if not form.is_valid():
        return _attempt_page(request, row, ruling=(station, form))
    try:
        commands.rule(attempt=row, station=station, **form.ruled(), by=request.user, at=arrival(request))
        messages.success(request, _("Your decision is recorded."))
    except DomainError as error:
        messages.error(request, error.message)
        return _attempt_page(request, attempt_or_404(request, attempt_id), ruling=(station, form))
    return redirect(f"{reverse('practicals:attempt', args=[row.uuid])}#station-{station}")


@role_required("examiner", "registrar")
@require_POST
def withdraw(request: HttpRequest, attempt_id: UUID, key: UUID) -> HttpResponse:
    """A sign-off no longer counts."""
    row = attempt_or_404(request, attempt_id)
    signed = get_object_or_404(SignOff, attempt=row, uuid=key)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return _attempt_page(request, row, withdrawal=(key, form))
    try:
        commands.withdraw_sign_off(sign_off=signed, **form.cleaned_data, by=request.user, at=arrival(request))
        messages.success(request, _("The sign-off is withdrawn. The station can be judged again."))
    except DomainError as error:
        messages.error(request, error.message)
        return _attempt_page(request, attempt_or_404(request, attempt_id), withdrawal=(key, form))
    return redirect(f"{reverse('practicals:attempt', args=[row.uuid])}#station-{signed.station}")
