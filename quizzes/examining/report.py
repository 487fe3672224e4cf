"""The report of an assessment: every attempt with its state and result, to sort, filter and take away."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lms.accounts.api import role_required
from lms.core.clock import arrival
from quizzes.assembly.models import Assessment
from quizzes.attempts.enums import AttemptState
from quizzes.attempts.models import Attempt, Response
from quizzes.attempts.policy import state_of
from quizzes.bank.commands import note_export
from quizzes.bank.models import Bank
from quizzes.grading.models import Result

from . import exports
from .access import STAFF, assessment_or_404, attempts_for

PER_PAGE = 50
LATE = "late"
COLUMNS = {
    "name": "candidate__sort_name",
    "attempt": "ordinal",
    "started": "started_at",
    "finished": "finished_at",
    "percent": "percent",
}


def rows_for(user: Any, assessment: Assessment) -> QuerySet[Attempt]:
    """Attempts that this person may see, each with the figures of the result in force."""
    newest = Result.objects.filter(attempt=OuterRef("pk")).order_by("-id")
    undecided = Response.objects.filter(item__attempt=OuterRef("pk"), counted=False, late_decision=None)
    return (
        attempts_for(user)
        .filter(assessment=assessment)
        .select_related("candidate", "form")
        .annotate(
            percent=Subquery(newest.values("percent")[:1]),
            passed=Subquery(newest.values("passed")[:1]),
            released_at=Subquery(newest.values("released_at")[:1]),
            has_late_answers=Exists(undecided),
        )
    )


def filtered(rows: QuerySet[Attempt], *, state: str, words: str) -> QuerySet[Attempt]:
    """Narrowed by state as seen from outside, or to late answers that wait for a decision, and by name or address."""
    conditions = {
        AttemptState.IN_PROGRESS.value: Q(submitted_at=None, voided_at=None),
        AttemptState.SUBMITTED.value: Q(submitted_at__isnull=False, voided_at=None, released_at=None),
        AttemptState.GRADED.value: Q(submitted_at__isnull=False, voided_at=None, released_at__isnull=False),
        AttemptState.VOID.value: Q(voided_at__isnull=False),
        LATE: Q(has_late_answers=True, voided_at=None, submitted_at__isnull=False),
    }
    rows = rows.filter(conditions.get(state, Q()))
    if words:
        rows = rows.filter(
            Q(candidate__display_name__icontains=words)
            | Q(candidate__legal_name__icontains=words)
            | Q(candidate__email__icontains=words)
        )
    return rows


def asked(request: HttpRequest, assessment: Assessment) -> tuple[QuerySet[Attempt], dict[str, str]]:
    """The rows that the address asks for, and the words of its filters."""
    given = {
        "state": request.GET.get("state", "")[:20],
        "q": request.GET.get("q", "").strip()[:100],
        "o": request.GET.get("o", "-started")[:20],
    }
    rows = filtered(rows_for(request.user, assessment), state=given["state"], words=given["q"])
    column = COLUMNS.get(given["o"].removeprefix("-"), "started_at")
    return rows.order_by(f"-{column}" if given["o"].startswith("-") else column, "pk"), given


def line_of(attempt: Any) -> dict[str, Any]:
    """An attempt as a row of the report."""
    return {
        "attempt": attempt,
        "state": state_of(
            is_void=attempt.voided_at is not None,
            is_submitted=attempt.submitted_at is not None,
            is_released=attempt.released_at is not None,
        ),
        "is_held": attempt.percent is not None and attempt.released_at is None,
    }


@role_required(*STAFF)
@never_cache
@require_GET
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of it."""
    assessment = assessment_or_404(request.user, slug)
    rows, given = asked(request, assessment)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    columns = [
        {
            "code": code,
            "title": title,
            "is_current": given["o"].removeprefix("-") == code,
            "is_descending": given["o"] == f"-{code}",
            "next": urlencode({**given, "o": code if given["o"] == f"-{code}" else f"-{code}"}),
            "is_number": code in {"attempt", "percent"},
        }
        for code, title in (
            ("name", _("Candidate")), ("attempt", _("Attempt")), ("started", _("Started")),
            ("finished", _("Handed in")), ("percent", _("Result")),
        )
    ]  # fmt: skip
    context = {
        "assessment": assessment,
        "lines": [line_of(attempt) for attempt in page],
        "page_obj": page,
        "columns": columns,
        "given": given,
        "states": [*((state.value, state.label) for state in AttemptState), (LATE, _("Late answers to decide"))],
        "query": urlencode(given) + "&",
        "filters": urlencode(given),
    }
    return render(request, "quizzes/examining/report.html", context)


WRITERS = {
    ("results", "csv"): (exports.results_csv, "text/csv; charset=utf-8"),
    ("results", "json"): (exports.results_json, "application/json"),
    ("responses", "csv"): (exports.responses_csv, "text/csv; charset=utf-8"),
    ("responses", "json"): (exports.responses_json, "application/json"),
}


@role_required(*STAFF)
@never_cache
@require_GET
def export(request: HttpRequest, slug: str, what: str, kind: str) -> StreamingHttpResponse:
    """Results, or every response, of the attempts that the filters leave. Sent while it is read, row by row."""
    assessment = assessment_or_404(request.user, slug)
    if (what, kind) not in WRITERS:
        raise Http404
    rows, _given = asked(request, assessment)
    write, content_type = WRITERS[what, kind]
    if what == "responses":
        _note(assessment, request.user, arrival(request))
    response = StreamingHttpResponse(write(assessment, rows), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{assessment.code}-{what}.{kind}"'
    return response


def _note(assessment: Assessment, by: Any, at: datetime) -> None:
    """Answers to confidential items leave the house, and somebody may ask who took them."""
    banks = Bank.objects.filter(questions__versions__attempt_items__attempt__assessment=assessment).distinct()
    for bank in banks:
        note_export(bank=bank, by=by, at=at)
