"""Pages of case reports: written, read by a rubric, returned and handed in anew."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lms.accounts.api import role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from lms.core.forms import show_errors
from lms.core.ports import practice_terms
from lms.core.uploads import download

from . import log_commands, log_queries
from .enums import ReviewOutcome
from .log_forms import POINTS, ReportForm, ReviewForm
from .log_rules import Share
from .models import CaseReport, Client

ON_A_PAGE = 50


@login_required
@never_cache
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """My case reports with their state, and what is asked of one."""
    rows = log_queries.standing_reports(CaseReport.objects.filter(student=request.user)).defer("text")
    lines = [{"report": row, "state": log_queries.report_state(row)} for row in rows]
    accepted = sum(row["state"] == ReviewOutcome.ACCEPTED for row in lines)
    asked = [row for row in practice_terms(request.user) if row["kind"] == "case_reports"]
    context = {
        "lines": lines,
        "targets": [{**row, "share": Share(accepted, row["count"])} for row in asked],
        "terms": log_queries.report_terms(request.user),
        "has_clients": Client.objects.filter(student=request.user).exists(),
    }
    return render(request, "lms/practicals/log/reports.html", context)


def _write(request: HttpRequest, revises: CaseReport | None) -> HttpResponse:
    user: Any = request.user
    terms = log_queries.report_terms(user)
    initial = {"client": revises.client.code, "title": revises.title, "text": revises.text} if revises else {}
    form = ReportForm(request.POST or None, request.FILES or None, student=user, terms=terms, initial=initial)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        client = log_queries.client_by_code(user, fields.pop("client"))
        try:
            row = log_commands.submit_report(
                student=user,
                client=client,  # type: ignore[arg-type]
                min_words=terms.min_words,
                max_words=terms.max_words,
                revises=revises,
                at=arrival(request),
                **fields,
            )
            messages.success(request, _("Your report is handed in. You see here what its reader says."))
            return redirect("practicals:report", row.uuid)
        except DomainError as error:
            show_errors(form, error)
    context = {
        "form": form,
        "terms": terms,
        "revises": revises,
        "review": getattr(revises, "review", None),
        "has_clients": Client.objects.filter(student=user).exists(),
        "lost_file": request.method == "POST" and bool(request.FILES),
    }
    return render(request, "lms/practicals/log/report_new.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def report_new(request: HttpRequest) -> HttpResponse:
    """Hand in a case report."""
    return _write(request, None)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def report_anew(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Hand in a returned report anew; what stood in it is there to go on with."""
    rows = CaseReport.objects.filter(student=request.user).select_related("review__by", "client", "revision")
    row = get_object_or_404(rows, uuid=report_id)
    if log_queries.report_state(row) != ReviewOutcome.RETURNED or hasattr(row, "revision"):
        messages.error(request, _("Only the last edition of a returned report is handed in anew."))
        return redirect("practicals:report", row.uuid)
    return _write(request, row)


def _readable(request: HttpRequest, report_id: UUID) -> CaseReport:
    rows = log_queries.readable_reports(request.user).select_related("student", "client", "review__by", "revision")
    return get_object_or_404(rows, uuid=report_id)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """A report with what its reader said, its other editions, and for a reader the rubric."""
    row = _readable(request, report_id)
    is_own = row.student_id == request.user.pk
    review = getattr(row, "review", None)
    form = None
    if not is_own and review is None:
        terms = log_queries.report_terms(row.student)
        form = ReviewForm(request.POST or None, criteria=terms.criteria)
        if request.method == "POST" and form.is_valid():
            try:
                log_commands.review_report(
                    report=row,
                    outcome=form.cleaned_data["outcome"],
                    criteria=terms.criteria,
                    rubric=form.rubric,
                    comment=form.cleaned_data["comment"],
                    by=request.user,
                    at=arrival(request),
                )
                messages.success(request, _("Saved. %(name)s reads it now.") % {"name": row.student.get_full_name()})
                return redirect("practicals:reading")
            except DomainError as error:
                show_errors(form, error)
    elif request.method == "POST":
        messages.error(request, _("Nobody reviews their own report.") if is_own else _("This report was read before."))
        return redirect("practicals:report", row.uuid)
    words = {int(points): label for points, label in POINTS}
    context = {
        "report": row,
        "state": log_queries.report_state(row),
        "is_own": is_own,
        "is_last": not hasattr(row, "revision"),
        "review": review,
        "rubric": [{**line, "words": words[line["points"]]} for line in review.rubric] if review else [],
        "editions": [
            {"report": edition, "state": log_queries.report_state(edition)}
            for edition in reversed(log_queries.editions_of(row))
        ],
        "form": form,
    }
    return render(request, "lms/practicals/log/report.html", context)


@login_required
@never_cache
@require_GET
def report_file(request: HttpRequest, report_id: UUID) -> HttpResponseBase:
    """The PDF, as a download under a name that tells nothing of anybody."""
    row = _readable(request, report_id)
    return download(row.file, f"case-report-{row.client.code}.pdf", row.media_type)


@role_required("instructor", "examiner", "registrar")
@never_cache
@require_GET
def reading(request: HttpRequest) -> HttpResponse:
    """Case reports that wait for a reader, and those that I read last."""
    waiting = log_queries.reports_to_read(request.user).defer("text")
    page = Paginator(waiting, ON_A_PAGE).get_page(request.GET.get("page"))
    done = log_queries.readable_reports(request.user).filter(review__by=request.user).order_by("-review__at", "-pk")
    context = {
        "page_obj": page,
        "done": done.select_related("student", "client", "review").defer("text")[:20],
    }
    return render(request, "lms/practicals/log/reading.html", context)
