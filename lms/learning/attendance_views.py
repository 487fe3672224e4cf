"""Pages of class sessions: the cohort with its hours, planning, the roster on a phone, and one's own attendance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.api import outline
from lms.accounts.api import Role, role_required
from lms.core.clock import arrival, school_day
from lms.core.exceptions import DomainError, InvalidInput
from lms.core.forms import show_errors
from lms.core.spreadsheet import as_csv

from . import attendance_queries as queries
from . import cohort_queries, commands
from .attendance_forms import ALL, RosterForm, SessionForm, SessionWordsForm
from .models import Attendance, ClassSession, Cohort, SessionFormat, SessionKind

ROWS = 20
ROSTER_COLUMNS = (
    "name", "legal_name", "email", "date", "session", "kind", "format", "place", "teachers", "minutes_of_session",
    "minutes_attended", "noted_by", "noted_at", "correction",
)  # fmt: skip
staff_only = role_required(Role.INSTRUCTOR, Role.REGISTRAR)


def _cohort(request: HttpRequest, cohort_id: UUID) -> Cohort:
    return get_object_or_404(queries.cohorts_for(request.user), uuid=cohort_id)


def _session(request: HttpRequest, session_id: UUID) -> ClassSession:
    return get_object_or_404(queries.sessions_for(request.user), uuid=session_id)


def _planned(request: HttpRequest, session_id: UUID) -> ClassSession:
    """A session that the person may change: who only teaches it keeps its roster and nothing else."""
    rows = queries.sessions_for(request.user).filter(cohort__in=queries.cohorts_for(request.user).values("pk"))
    return get_object_or_404(rows, uuid=session_id)


@staff_only
@never_cache
@require_GET
def cohorts(request: HttpRequest) -> HttpResponse:
    """One's cohorts, and the sessions whose attendance is still to be noted."""
    sessions, at = queries.sessions_for(request.user), arrival(request)
    rows = cohort_queries.cohorts_by_phase(request.user, at)
    context = {
        "page_obj": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "keeps_cohorts": cohort_queries.keeps_cohorts(request.user),
        "waiting": queries.unnoted(sessions, at)[:ROWS],
        "coming": sessions.filter(starts_at__gt=at).order_by("starts_at", "pk")[:5],
    }
    return render(request, "lms/learning/cohorts.html", context)


@staff_only
@never_cache
@require_GET
def cohort(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """Members with their reading and hours, and the sessions past and coming."""
    row, at = _cohort(request, cohort_id), arrival(request)
    keeps_cohorts = cohort_queries.keeps_cohorts(request.user)
    sessions = queries.with_counts(row.sessions.all())
    page = Paginator(sessions.filter(starts_at__lte=at).order_by("-starts_at", "-pk"), ROWS)
    context = {
        "cohort": row,
        "instructors": list(row.instructors.all()),
        "students": queries.students_of_cohort(row),
        "reading": cohort_queries.reading_in(row, outline()),
        "left": cohort_queries.people_who_left(row) if keeps_cohorts else [],
        "keeps_cohorts": keeps_cohorts,
        "is_over": cohort_queries.is_over(row, school_day(at)),
        "kinds": SessionKind.choices,
        "coming": list(sessions.filter(starts_at__gt=at).order_by("starts_at", "pk")),
        "page_obj": page.get_page(request.GET.get("page")),
    }
    return render(request, "lms/learning/cohort.html", context)


@staff_only
@never_cache
@require_http_methods(["GET", "POST"])
def session_new(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """Plan a session; `like` names one that it repeats a week later."""
    row, at = _cohort(request, cohort_id), arrival(request)
    form = SessionForm(request.POST or None, cohort=row, initial=_initial(request, row))
    if request.method == "POST" and form.is_valid():
        try:
            session = commands.plan_session(cohort=row, **form.cleaned_data, by=request.user, at=at)
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("Planned: %(title)s") % {"title": session.title})
            if session.starts_at > at:
                return redirect("learning:cohort", row.uuid)
            return redirect("learning:session", session.uuid)
    return render(request, "lms/learning/session_new.html", {"cohort": row, "form": form})


def _initial(request: HttpRequest, cohort: Cohort) -> dict[str, Any]:
    try:
        like = cohort.sessions.filter(uuid=request.GET["like"]).first() if "like" in request.GET else None
    except ValidationError:
        like = None
    if like:
        return {
            **{name: getattr(like, name) for name in commands.SESSION_FIELDS},
            "starts_at": timezone.localtime(like.starts_at) + timedelta(days=7),
            "teachers": list(like.teachers.all()),
        }
    teachers = commands.teachers_at_first(cohort, request.user)
    return {"kind": SessionKind.THEORY, "format": SessionFormat.LIVE, "minutes": 60, "teachers": teachers}


@staff_only
@never_cache
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The roster: who was there for how long, noted and corrected."""
    row, at = _session(request, session_id), arrival(request)
    roster = queries.roster_of(row)
    form = RosterForm(row, roster, by=request.user, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        minutes = form.minutes()
        if not form.has_errors:
            try:
                notes = commands.note_attendance(
                    session=row, minutes=minutes, reason=form.reason, by=request.user, at=at
                )
                _say_what_was_noted(request, notes)
                return redirect("learning:session", row.uuid)
            except InvalidInput as error:
                form.show(error)
            except DomainError as error:
                form.error = error.message
    course = outline().course(row.course_code) if row.course_code else None
    context = {
        "session": row,
        "course": course,
        "form": form,
        "roster": roster,
        "teachers": list(row.teachers.all()),
        "has_begun": at >= row.starts_at,
        "runs_cohort": queries.runs_cohort(request.user, row.cohort),
        "ALL": ALL,
    }
    return render(request, "lms/learning/session.html", context)


def _say_what_was_noted(request: HttpRequest, notes: list[Attendance]) -> None:
    if not notes:
        messages.info(request, _("Nothing has changed: nobody was marked."))
        return
    said = ngettext("Noted for %(n)d person.", "Noted for %(n)d people.", len(notes)) % {"n": len(notes)}
    messages.success(request, said)


@staff_only
@never_cache
@require_http_methods(["GET", "POST"])
def session_edit(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Change a session; once attendance is noted, its title and place."""
    row = _planned(request, session_id)
    is_noted = row.attendances.exists()
    initial = {name: getattr(row, name) for name in commands.SESSION_FIELDS} | {"teachers": list(row.teachers.all())}
    form_class = SessionWordsForm if is_noted else SessionForm
    form = form_class(request.POST or None, cohort=row.cohort, session=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_session(session=row, facts=form.cleaned_data, by=request.user, at=arrival(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("The session is changed."))
            return redirect("learning:session", row.uuid)
    return render(request, "lms/learning/session_edit.html", {"session": row, "form": form, "is_noted": is_noted})


@staff_only
@require_POST
def session_remove(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Take a session off the timetable."""
    row = _planned(request, session_id)
    try:
        commands.remove_session(session=row, by=request.user, at=arrival(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("learning:session", row.uuid)
    messages.success(request, _("Removed: %(title)s") % {"title": row.title})
    return redirect("learning:cohort", row.cohort.uuid)


@staff_only
@never_cache
@require_GET
def roster_csv(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The roster as a file to keep; times are in UTC, the day is that of the school."""
    row = _session(request, session_id)
    day = school_day(row.starts_at).isoformat()
    common = {
        "date": day,
        "session": row.title,
        "kind": row.kind,
        "format": row.format,
        "place": row.place,
        "teachers": ", ".join(person.get_full_name() for person in row.teachers.all()),
        "minutes_of_session": row.minutes,
    }
    lines = (
        {
            **common,
            "name": line.person.get_full_name(),
            "legal_name": line.person.legal_name,
            "email": line.person.email,
            "minutes_attended": line.minutes,
            "noted_by": line.note.noted_by.get_full_name() if line.note else None,
            "noted_at": line.note.noted_at.isoformat() if line.note else None,
            "correction": line.note.reason if line.note else None,
        }
        for line in queries.roster_of(row).lines
        if line.note or not line.came_later
    )
    response = HttpResponse("".join(as_csv(ROSTER_COLUMNS, lines)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="roster-{slugify(row.cohort.code)}-{day}.csv"'
    return response


@login_required
@never_cache
@require_GET
def attendance(request: HttpRequest) -> HttpResponse:
    """My class sessions: what is coming, what was noted of me, and the hours that come of it."""
    person: Any = request.user
    at = arrival(request)
    mine = queries.sessions_of_student(person)
    page = Paginator(mine.filter(starts_at__lte=at).order_by("-starts_at", "-pk"), ROWS).get_page(
        request.GET.get("page")
    )
    minutes = queries.minutes_by_kind(Attendance.objects.filter(user=person)).get(person.pk, {})
    context = {
        "kinds": [{"label": label, "minutes": minutes.get(kind, 0)} for kind, label in SessionKind.choices],
        "coming": mine.filter(starts_at__gt=at).order_by("starts_at", "pk")[:ROWS],
        "visits": queries.visits(person, page),
        "page_obj": page,
    }
    return render(request, "lms/learning/attendance.html", context)
