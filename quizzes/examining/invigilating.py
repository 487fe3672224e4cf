"""What invigilators do in a sitting: seats, identity, time, pauses, notes. Each change is told before it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.api import STAFF_ROLES, Role, role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from quizzes.attempts.commands import (
    adjust_time,
    book_seat,
    cancel_seat,
    check_identity,
    note_incident,
    pause,
    resume,
    void_attempt,
)
from quizzes.attempts.models import Attempt, AttemptEvent, IdentityCheck, IncidentNote, TimeAdjustment

from .entry_forms import BookForm, GoOnForm, IdentityForm, IncidentForm, ReasonForm, TimeForm
from .people import named
from .room import Place, Room, room_of, sitting_or_404
from .sittings import to_sitting

#: Changes to clocks: which form each takes, and to which places it can apply.
CLOCK = {"give": TimeForm, "pause": ReasonForm, "resume": GoOnForm}


def _room(request: HttpRequest, sitting_id: UUID) -> Room:
    return room_of(sitting_or_404(request.user, sitting_id), arrival(request))


def _place_or_404(room: Room, seat_id: UUID) -> Place:
    place = room.place(seat_id)
    if place is None:
        raise Http404
    return place


# Seats --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Refused:
    """A person who got no seat, and why."""

    person: Any
    why_not: str


@role_required(*STAFF_ROLES)
@never_cache
@require_POST
def book(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """Give seats to several people; who got none is told with the reason."""
    sitting = sitting_or_404(request.user, sitting_id)
    form = BookForm(request.POST, user=request.user)
    context: dict[str, Any] = {"sitting": sitting, "form": form}
    if not form.is_valid():
        return render(request, "quizzes/examining/sitting_booked.html", context)
    meant = named(form.cleaned_data["addresses"], form.cleaned_data["group"], request.user)
    booked, refused = [], []
    for person, label in meant.people:
        try:
            booked.append(
                book_seat(sitting=sitting, candidate=person, label=label, by=request.user, at=arrival(request))
            )
        except DomainError as error:
            refused.append(Refused(person, error.message))
    if booked and not refused and not meant.unknown:
        count = len(booked)
        return to_sitting(request, sitting, ngettext("%d seat is booked.", "%d seats are booked.", count) % count)
    context |= {"booked": booked, "refused": refused, "unknown": meant.unknown}
    return render(request, "quizzes/examining/sitting_booked.html", context)


@role_required(*STAFF_ROLES)
@never_cache
@require_http_methods(["GET", "POST"])
def seat(request: HttpRequest, sitting_id: UUID, seat_id: UUID) -> HttpResponse:
    """One candidate in the room: identity, what happened so far, and what can be done."""
    room = _room(request, sitting_id)
    place = _place_or_404(room, seat_id)
    if request.method == "POST":
        return _change_seat(request, room, place)
    attempt = place.attempt
    context = {
        "sitting": room.sitting,
        "place": place,
        "identity_form": IdentityForm(),
        "checks": IdentityCheck.objects.filter(seat=place.seat).select_related("by").order_by("-id"),
        "events": AttemptEvent.objects.filter(attempt=attempt).select_related("by").order_by("-id")[:50]
        if attempt
        else (),
        "adjustments": TimeAdjustment.objects.filter(attempt=attempt).select_related("by").order_by("-id")
        if attempt
        else (),
        "notes": IncidentNote.objects.filter(attempt=attempt).select_related("by").order_by("-id") if attempt else (),
        "may_void": request.user.has_role(Role.ADMIN, Role.EXAMINER),  # type: ignore[union-attr]
    }
    return render(request, "quizzes/examining/sitting_seat.html", context)


def _change_seat(request: HttpRequest, room: Room, place: Place) -> HttpResponse:
    name, by, at = place.candidate.get_full_name(), request.user, arrival(request)
    try:
        if request.POST.get("action") == "cancel":
            cancel_seat(seat=place.seat, by=by, at=at)
            return to_sitting(request, room.sitting, _("The seat of %(name)s is given up.") % {"name": name})
        form = IdentityForm(request.POST)
        if form.is_valid():
            check_identity(seat=place.seat, method=form.cleaned_data["method"], by=by, at=at)
            return to_sitting(request, room.sitting, _("The identity of %(name)s is checked.") % {"name": name})
        messages.error(request, _("Choose the document that you have seen."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("examining:sitting-seat", room.sitting.uuid, place.key)


# Clocks -------------------------------------------------------------------------------------------------------------


def _applies(action: str, place: Place) -> bool:
    return {"give": place.can_give, "pause": place.can_pause, "resume": place.can_resume}[action]


def _meant(room: Room, action: str, data: QueryDict) -> tuple[bool, list[Place]]:
    """Is everybody meant, and whom of those meant the change reaches."""
    is_all = data.get("who") == "all"
    keys = set(data.getlist("seat"))
    return is_all, [place for place in room.places if (is_all or place.key in keys) and _applies(action, place)]


@role_required(*STAFF_ROLES)
@never_cache
@require_http_methods(["GET", "POST"])
def clock(request: HttpRequest, sitting_id: UUID, action: str) -> HttpResponse:
    """Give time, stop clocks, set them going: for those ticked or for everybody, in one transaction."""
    if action not in CLOCK:
        raise Http404
    room = _room(request, sitting_id)
    data = request.POST if request.method == "POST" else request.GET
    is_all, places = _meant(room, action, data)
    if not is_all and not data.getlist("seat"):
        return to_sitting(request, room.sitting, _("Tick the people first whom you mean."), is_error=True)
    form = CLOCK[action](request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = _change_clocks(
                action, [place.attempt for place in places if place.attempt], form.cleaned_data, request,
                is_all=is_all,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return to_sitting(request, room.sitting, said)
    context = {
        "sitting": room.sitting,
        "action": action,
        "form": form,
        "is_all": is_all,
        "places": places,
        "left_out": 0 if is_all else len(set(data.getlist("seat"))) - len(places),
    }
    return render(request, "quizzes/examining/sitting_clock.html", context)


def _change_clocks(
    action: str, attempts: Sequence[Attempt], data: Mapping[str, Any], request: HttpRequest, *, is_all: bool
) -> str:
    reason, by, at = data["reason"].strip(), request.user, arrival(request)
    if action == "pause":
        count = pause(attempts=attempts, reason=reason, by=by, at=at)
        return ngettext("%d clock stands still.", "%d clocks stand still.", count) % count
    if action == "resume":
        # Whoever was taken out of the course goes on only when somebody named them.
        count = resume(attempts=attempts, reason=reason, with_interrupted=not is_all, by=by, at=at)
        return ngettext("%d clock goes on.", "%d clocks go on.", count) % count
    count = adjust_time(attempts=attempts, seconds=60 * data["minutes"], reason=reason, by=by, at=at)
    said = ngettext("The end of %(n)d attempt has moved by %(minutes)+d minutes.",
                    "The ends of %(n)d attempts have moved by %(minutes)+d minutes.", count)  # fmt: skip
    if data["minutes"] < 0:
        said += " " + _("Where less was left than that and a minute, a minute is left.")
    return said % {"n": count, "minutes": data["minutes"]}


# Notes and the last resort ------------------------------------------------------------------------------------------


@role_required(*STAFF_ROLES)
@never_cache
@require_http_methods(["GET", "POST"])
def incident(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """Write down what happened: in the room, or to one candidate who has begun."""
    room = _room(request, sitting_id)
    begun = {place.key: place for place in room.places if place.attempt}
    people = [(key, place.candidate.get_full_name()) for key, place in begun.items()]
    form = IncidentForm(request.POST or None, people=people, initial={"about": request.GET.get("seat", "")})
    if request.method == "POST" and form.is_valid():
        about = begun.get(form.cleaned_data["about"])
        try:
            note_incident(
                sitting=room.sitting,
                text=form.cleaned_data["text"],
                attempt=about.attempt if about else None,
                by=request.user,
                at=arrival(request),
            )
        except DomainError as error:
            form.add_error("text", error.message)
        else:
            return to_sitting(request, room.sitting, _("The note is kept."))
    return render(request, "quizzes/examining/sitting_incident.html", {"sitting": room.sitting, "form": form})


@role_required(Role.EXAMINER)
@never_cache
@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, sitting_id: UUID, seat_id: UUID) -> HttpResponse:
    """Take an attempt out of the count, for good. Examiners only."""
    room = _room(request, sitting_id)
    place = _place_or_404(room, seat_id)
    if place.attempt is None or place.attempt.voided_at is not None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        void_attempt(
            attempt=place.attempt, reason=form.cleaned_data["reason"].strip(), by=request.user, at=arrival(request)
        )
        name = place.candidate.get_full_name()
        return to_sitting(request, room.sitting, _("The attempt of %(name)s does not count.") % {"name": name})
    return render(
        request, "quizzes/examining/sitting_void.html", {"sitting": room.sitting, "place": place, "form": form}
    )
