"""Pages of sittings: the list, announcing one, and the screen of its invigilators."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lms.accounts.api import STAFF_ROLES, Role, role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from quizzes.assembly.policy import Policy
from quizzes.attempts.commands import open_sitting, renew_start_code
from quizzes.attempts.models import Sitting

from .entry_forms import BookForm, SittingForm
from .room import incidents_of, room_of, sitting_or_404, today_and_after
from .timetable import latest_start


@role_required(*STAFF_ROLES)
@never_cache
@require_GET
def sittings(request: HttpRequest) -> HttpResponse:
    """Sittings that the person watches over, those of today first."""
    at = arrival(request)
    context = {
        **today_and_after(request.user, at),
        "may_announce": request.user.has_role(Role.ADMIN, Role.EXAMINER),  # type: ignore[union-attr]
    }
    return render(request, "quizzes/examining/sittings.html", context)


@role_required(Role.EXAMINER)
@never_cache
@require_http_methods(["GET", "POST"])
def new_sitting(request: HttpRequest) -> HttpResponse:
    """Announce a sitting; its start code is shown on the page that answers, and nowhere again."""
    form = SittingForm(request.POST or None, user=request.user, initial={"assessment": request.GET.get("exam", "")})
    if request.method == "POST" and form.is_valid():
        try:
            sitting, code = open_sitting(**form.cleaned_data, by=request.user, at=arrival(request))
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return render(request, "quizzes/examining/sitting_code.html", {"sitting": sitting, "code": code})
    return render(request, "quizzes/examining/sitting_new.html", {"form": form})


@role_required(*STAFF_ROLES)
@never_cache
@require_GET
def sitting(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """The invigilator's screen: who is here, who writes, whose page is silent, how much time is left."""
    row = sitting_or_404(request.user, sitting_id)
    at = arrival(request)
    version = row.assessment.current_version
    context = {
        "sitting": row,
        "room": room_of(row, at),
        "incidents": incidents_of(row),
        "invigilators": list(row.invigilators.all()),
        "book_form": BookForm(user=request.user),
        "latest": latest_start(Policy(**version.policy), row.closes_at, row.hard_stop_at) if version else None,
        "takes_seats": at < row.closes_at,
        "is_open": row.opens_at <= at < row.closes_at,
    }
    return render(request, "quizzes/examining/sitting.html", context)


@role_required(*STAFF_ROLES)
@never_cache
@require_GET
def live(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """The part of that screen which changes, for a script that asks every ten seconds."""
    row = sitting_or_404(request.user, sitting_id)
    return render(
        request,
        "quizzes/examining/_sitting_live.html",
        {"sitting": row, "room": room_of(row, arrival(request))},
    )


@role_required(*STAFF_ROLES)
@never_cache
@require_GET
def register(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """The list to print: seats, names, and room for signatures."""
    row = sitting_or_404(request.user, sitting_id)
    context = {"sitting": row, "room": room_of(row, arrival(request)), "invigilators": list(row.invigilators.all())}
    return render(request, "quizzes/examining/sitting_register.html", context)


@role_required(*STAFF_ROLES)
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """Make a new start code. Only its digest is kept, so it is shown on the answer to this form alone."""
    row = sitting_or_404(request.user, sitting_id)
    if request.method == "POST":
        context = {"sitting": row, "code": renew_start_code(sitting=row)}
        return render(request, "quizzes/examining/sitting_code.html", context)
    return render(request, "quizzes/examining/sitting_code.html", {"sitting": row})


def to_sitting(request: HttpRequest, row: Sitting, said: str = "", *, is_error: bool = False) -> HttpResponse:
    """Back to the screen, with what happened."""
    if said:
        (messages.error if is_error else messages.success)(request, said)
    return redirect("examining:sitting", row.uuid)
