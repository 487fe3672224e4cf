"""Pages of cases: for the person who opens one, and for those who look into it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.accounts.api import STAFF_ROLES, role_required
from lms.core.clock import arrival, school_day
from lms.core.exceptions import DomainError
from lms.core.forms import ask_for_file_again, show_errors
from lms.core.uploads import download, is_kept

from . import case_commands, case_queries
from .case_forms import (
    AccommodationDecisionForm,
    AssignForm,
    CaseDecisionForm,
    CaseForm,
    DeferForm,
    DeskNoteForm,
    NoteForm,
)
from .case_matters import matter_of, matters_of
from .enums import CaseKind
from .models import Case

PAGE = 50


# The person who opens one -------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """What I asked the school, and where it stands."""
    page = Paginator(case_queries.own_cases(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"lines": [_line(row, request) for row in page], "page_obj": page}
    return render(request, "lms/certification/cases/list.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Appeal, complain, or ask for conditions."""
    at = arrival(request)
    since = school_day(at) - timedelta(days=settings.CASE_APPEAL_DAYS)
    matters = matters_of(request.user, since)
    subject, reference = request.GET.get("subject", "")[:20], request.GET.get("reference", "")[:80]
    if request.method == "POST":
        # What was linked to may be older than what is offered; a complaint about it is possible all the same.
        subject, _colon, reference = request.POST.get("about", "")[:120].partition(":")
    named = matter_of(request.user, subject, reference) if reference else None
    if named and named not in matters:
        matters = [named, *matters]
    initial: dict[str, Any] = {"kind": request.GET.get("kind", "")}
    if named:
        initial["about"] = f"{named.subject}:{named.reference}"
        initial["kind"] = initial["kind"] or (CaseKind.APPEAL.value if named.told_on >= since else "")
    people = case_queries.people_to_complain_of().exclude(pk=request.user.pk)
    form = CaseForm(request.POST or None, request.FILES or None, initial=initial, matters=matters, people=people)
    if request.method == "POST" and form.is_valid():
        names = ("kind", "subject", "reference", "title", "text", "file")
        try:
            row = case_commands.open_case(by=request.user, at=at, **{name: form.cleaned_data[name] for name in names})
            messages.success(request, _("The school has your case and answers by the day that stands here."))
            return redirect("certification:case", row.uuid)
        except DomainError as error:
            show_errors(form, error)
    ask_for_file_again(form)
    context = {"form": form, "days": settings.CASE_APPEAL_DAYS, "answer_days": settings.CASE_ANSWER_DAYS}
    return render(request, "lms/certification/cases/new.html", context)


def _own(request: HttpRequest, case_id: UUID) -> Case:
    return get_object_or_404(case_queries.own_cases(request.user), uuid=case_id)


@login_required
@never_cache
@require_GET
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One of my cases."""
    return _show_own(request, _own(request, case_id), NoteForm())


def _show_own(request: HttpRequest, row: Case, form: forms.Form) -> HttpResponse:
    context = {
        **_line(row, request),
        "events": [event for event in row.events.all() if event.is_shared],
        "has_file": is_kept(row.file),
        "matter": matter_of(request.user, row.subject, row.reference),
        "form": form,
    }
    return render(request, "lms/certification/cases/case.html", context)


@login_required
@never_cache
@require_POST
def add_note(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Add something to my case."""
    row = _own(request, case_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            case_commands.note_on_case(case=row, text=form.cleaned_data["text"], by=request.user, at=arrival(request))
            messages.success(request, _("It is part of your case now."))
            return redirect("certification:case", row.uuid)
        except DomainError as error:
            show_errors(form, error)
    return _show_own(request, row, form)


@login_required
@require_POST
def withdraw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take my case back."""
    row = _own(request, case_id)
    try:
        case_commands.withdraw_case(case=row, by=request.user, at=arrival(request))
        messages.success(request, _("You have taken the case back."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("certification:case", row.uuid)


@login_required
@require_GET
def file(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The document that was handed in, for those who may read the case."""
    own = case_queries.own_cases(request.user).filter(uuid=case_id).first()
    row = own or case_queries.desk_cases(request.user).filter(uuid=case_id).first()
    if row is None or not case_queries.may_read(request.user, row):
        raise Http404
    return download(row.file, row.file_name, row.media_type)


# The desk -----------------------------------------------------------------------------------------------------------


def _line(row: Any, request: HttpRequest) -> dict[str, Any]:
    standing = case_queries.standing_of_case(row)
    events = list(row.events.all())
    assignee = next((event.assignee for event in reversed(events) if event.assignee_id), None)
    return {
        "case": row,
        "standing": standing,
        "is_overdue": standing.is_overdue(school_day(arrival(request))),
        "assignee": assignee,
        "may_read": case_queries.may_read(request.user, row),
    }


@role_required(*STAFF_ROLES)
@never_cache
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Cases by the day by which they are answered: all for the registrar, else what one was given."""
    user: Any = request.user
    closed = request.GET.get("show") == "closed"
    rows = case_queries.desk_cases(user).filter(is_closed=closed)
    page = Paginator(rows.order_by("-deadline", "-id") if closed else rows, PAGE).get_page(request.GET.get("page"))
    runs = user.has_role("registrar", "admin")
    context = {
        "lines": [_line(row, request) for row in page],
        "page_obj": page,
        "closed": closed,
        "query": "show=closed&" if closed else "",
        "to_look_at": case_queries.upheld_to_look_at(user, arrival(request)) if runs and not closed else [],
        "runs": runs,
    }
    return render(request, "lms/certification/registrar/cases.html", context)


def _on_desk(request: HttpRequest, case_id: UUID) -> Case:
    return get_object_or_404(case_queries.desk_cases(request.user), uuid=case_id)


def _forms(row: Case) -> dict[str, Any]:
    decide = AccommodationDecisionForm if row.kind == CaseKind.ACCOMMODATION else CaseDecisionForm
    people = case_queries.independent_staff(row)
    return {
        "note": lambda data: DeskNoteForm(data, prefix="note"),
        "assign": lambda data: AssignForm(data, prefix="assign", people=people),
        "defer": lambda data: DeferForm(data, prefix="defer"),
        "decide": lambda data: decide(data, prefix="decide"),
    }


@role_required(*STAFF_ROLES)
@never_cache
@require_GET
def desk_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: what was asked, what happened, and what can happen now."""
    return _show_desk(request, _on_desk(request, case_id))


@role_required(*STAFF_ROLES)
@never_cache
@require_POST
def desk_change(request: HttpRequest, case_id: UUID, action: str) -> HttpResponse:
    """Note, assign, defer or decide."""
    row = _on_desk(request, case_id)
    made = _forms(row)
    if action not in made:
        raise Http404
    form = made[action](request.POST)
    if form.is_valid():
        try:
            _act(action, row, form, request)
            messages.success(request, _("It is done, and stands in the history."))
            runs = request.user.has_role("registrar", "admin")  # type: ignore[union-attr]
            return redirect("registrar:case", row.uuid) if runs or action != "assign" else redirect("registrar:cases")
        except DomainError as error:
            if error.status == 403:
                raise PermissionDenied from error
            show_errors(form, error)
            if case_queries.standing_of_case(_on_desk(request, case_id)).is_closed:
                # Somebody closed it meanwhile: the form is gone from the page.
                messages.error(request, error.message)
                return redirect("registrar:case", row.uuid)
    return _show_desk(request, row, action, form)


def _act(action: str, row: Case, form: Any, request: HttpRequest) -> None:
    whole = {"case": row, "by": request.user, "at": arrival(request)}
    data = form.cleaned_data
    match action:
        case "note":
            case_commands.note_on_case(text=data["text"], is_shared=data["is_shared"], **whole)
        case "assign":
            case_commands.assign_case(assignee=data["assignee"], **whole)
        case "defer":
            case_commands.defer_case(due_on=data["due_on"], reason=data["reason"], **whole)
        case "decide":
            case_commands.decide_case(
                is_upheld=data["outcome"] == "upheld", reason=data["reason"], conditions=form.conditions(), **whole
            )


def _show_desk(request: HttpRequest, row: Case, action: str = "", form: Any = None) -> HttpResponse:
    user: Any = request.user
    line = _line(row, request)
    standing = line["standing"]
    made = _forms(row)
    shown: dict[str, Any] = {}
    if not standing.is_closed:
        runs = user.has_role("registrar", "admin")
        names = [*(("assign", "defer") if runs else ()), "note", *(("decide",) if standing.assignee == user.pk else ())]
        shown = {name: form if name == action and form is not None else made[name](None) for name in names}
    words, address = case_queries.link_to_matter(row, user)
    context = {
        **line,
        "events": row.events.all(),
        "forms": shown,
        "matter_words": words,
        "matter_url": address,
        "has_file": line["may_read"] and is_kept(row.file),
    }
    return render(request, "lms/certification/registrar/case.html", context)
