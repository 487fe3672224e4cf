"""Pages of the hours log: the student's own, and those of who supervised."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.accounts.api import User, role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from lms.core.forms import show_errors

from . import log_commands, log_queries
from .clearance import exams_missing
from .log_forms import NEW, SessionForm
from .log_words import line, target_in_words, totals_in_words
from .models import SupervisedSession

ON_A_PAGE = 50


@login_required
@never_cache
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """My sessions with what they amount to, and how far I am towards what my paths ask."""
    rows = log_queries.log_of(request.user)
    targets = log_queries.targets_of(request.user)
    shortest = min((target.min_minutes for target in targets), default=0)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "lines": [line(row, shortest) for row in page],
        "totals": totals_in_words(log_queries.totals_of(rows)),
        "targets": [target_in_words(target) for target in targets],
        "missing": exams_missing(request.user, "sessions", timezone.localdate(arrival(request))),
    }
    return render(request, "lms/practicals/log/log.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def session_new(request: HttpRequest) -> HttpResponse:
    """Write a session into the log."""
    at = arrival(request)
    form = SessionForm(request.POST or None, student=request.user)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        code = fields.pop("client")
        client = None if code == NEW else log_queries.client_by_code(request.user, code)
        try:
            row = log_commands.log_session(student=request.user, client=client, at=at, **fields)
            words = {"client": row.client.code, "supervisor": row.supervisor.get_full_name()}
            messages.success(request, _("Session with %(client)s saved. %(supervisor)s approves it.") % words)
            return redirect("practicals:log")
        except DomainError as error:
            show_errors(form, error)
    context = {
        "form": form,
        "has_supervisors": form.fields["supervisor"].queryset.exists(),  # type: ignore[attr-defined]
        "missing": exams_missing(request.user, "sessions", timezone.localdate(at)),
    }
    return render(request, "lms/practicals/log/session_new.html", context)


@login_required
@require_POST
def session_withdraw(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Take an entry back that nobody has approved."""
    row = get_object_or_404(SupervisedSession, uuid=session_id, student=request.user)
    try:
        log_commands.withdraw_session(session=row, by=request.user, at=arrival(request))
        messages.success(request, _("The entry is taken back. It counts no more."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("practicals:log")


def _said(decided: log_commands.Decided, *, approved: bool) -> list[tuple[int, str]]:
    """What a decision did, as messages."""
    count, gone = len(decided.decisions), len(decided.taken_back)
    said = []
    if count and approved:
        words = ngettext("%(count)s session approved.", "%(count)s sessions approved.", count)
        said.append((messages.SUCCESS, words % {"count": count}))
    elif count:
        words = ngettext(
            "%(count)s session refused; the student reads why.",
            "%(count)s sessions refused; the student reads why.",
            count,
        )
        said.append((messages.SUCCESS, words % {"count": count}))
    if gone:
        words = ngettext(
            "%(count)s entry was taken back by the student meanwhile and is left out.",
            "%(count)s entries were taken back by the student meanwhile and are left out.",
            gone,
        )
        said.append((messages.WARNING, words % {"count": gone}))
    return said or [(messages.INFO, _("Nothing changed: it was decided so before."))]


def _uuids(words: Iterable[str]) -> set[UUID]:
    found = set()
    for word in words:
        try:
            found.add(UUID(word))
        except ValueError:
            continue
    return found


def _decide(request: HttpRequest) -> dict[str, Any] | None:
    """Decide on the ticked entries. What is to be shown again when that failed; nothing when it was done."""
    ticked = _uuids(request.POST.getlist("session"))
    again = {"ticked": ticked, "reason": request.POST.get("reason", "")[:300], "reason_error": ""}
    verdict = request.POST.get("verdict")
    rows = list(log_queries.decidable(request.user).filter(uuid__in=ticked)) if ticked else []
    if not rows:
        messages.error(request, _("Tick the sessions first."))
        return again
    if verdict not in {"approve", "refuse"}:
        messages.error(request, _("Approve them or refuse them."))
        return again
    approved = verdict == "approve"
    try:
        decided = log_commands.decide_sessions(
            sessions=rows, approved=approved, reason=str(again["reason"]), by=request.user, at=arrival(request)
        )
    except DomainError as error:
        if said := error.extra.get("errors", {}).get("reason"):
            again["reason_error"] = said[0]
        else:
            messages.error(request, error.message)
        return again
    for level, words in _said(decided, approved=approved):
        messages.add_message(request, level, words)
    return None


NOTHING_TYPED: dict[str, Any] = {"ticked": set(), "reason": "", "reason_error": ""}


@role_required("instructor", "examiner", "registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def supervise(request: HttpRequest) -> HttpResponse:
    """What waits for me, by student, to approve or refuse one or many."""
    user: Any = request.user
    again = NOTHING_TYPED
    if request.method == "POST":
        failed = _decide(request)
        if failed is None:
            return redirect("practicals:supervise")
        again = failed
    # Students with the oldest entry first; a student's entries stay together.
    waiting = log_queries.waiting_for(user)
    oldest: dict[int, int] = {}
    for place, row in enumerate(waiting):
        oldest.setdefault(row.student_id, place)
    waiting.sort(key=lambda row: oldest[row.student_id])
    page = Paginator(waiting, ON_A_PAGE * 2).get_page(request.GET.get("page"))
    # Without a script the link "Tick all" asks for the page again.
    tick = request.GET.get("tick", "")
    ticked = again["ticked"] | {row.uuid for row in page if tick in {"all", str(row.student.uuid)}}
    groups = [
        {"student": student, "lines": [line(row) for row in rows]}
        for student, rows in groupby(page, key=lambda row: row.student)
    ]
    context = {
        **again,
        "ticked": ticked,
        "page_obj": page,
        "groups": groups,
        "elsewhere": log_queries.waiting_elsewhere(user) if user.has_role("registrar", "admin") else [],
        "reports_waiting": log_queries.reports_to_read(user).count(),
    }
    return render(request, "lms/practicals/log/supervise.html", context)


@role_required("instructor", "examiner", "registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def supervised_student(request: HttpRequest, student_id: UUID) -> HttpResponse:
    """One student's log, as far as I supervised it; all of it for those who run the register."""
    student = get_object_or_404(User, uuid=student_id)
    mine = log_queries.decidable(request.user).filter(student=student)
    if not mine.exists():
        raise Http404
    again = NOTHING_TYPED
    if request.method == "POST":
        failed = _decide(request)
        if failed is None:
            return redirect("practicals:supervised_student", student.uuid)
        again = failed
    rows = log_queries.flagged(list(log_queries.with_decision(mine)))
    page = Paginator(rows, ON_A_PAGE * 2).get_page(request.GET.get("page"))
    sees_all = request.user.has_role("registrar", "admin")  # type: ignore[union-attr]
    context = {
        **again,
        "student": student,
        "page_obj": page,
        "lines": [{**line(row), "supervisor": row.supervisor.get_full_name() if sees_all else ""} for row in page],
        "totals": totals_in_words(log_queries.totals_of(rows)),
        "sees_all": sees_all,
    }
    return render(request, "lms/practicals/log/supervised_student.html", context)
