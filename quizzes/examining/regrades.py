"""Regrades: the list, a new proposal, and one with its preview, its approval and its undoing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.accounts.api import role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from quizzes.assembly.models import Assessment
from quizzes.bank.commands import note_accesses
from quizzes.bank.enums import BankAction
from quizzes.bank.models import Question
from quizzes.grading.models import Regrade
from quizzes.grading.regrades import (
    approve_regrade,
    decline_regrade,
    propose_regrade,
    questions_regraded_in,
    undo_regrade,
)

from .access import STAFF, assessment_or_404, assessments_for, attempts_for
from .regrade_forms import RegradeForm, UndoForm, key_in_words, versions_with_the_same_presentation

PER_PAGE = 50


def regrades_for(user: Any) -> QuerySet[Regrade]:
    """Regrades of the assessments that this person may examine."""
    return Regrade.objects.filter(assessment__in=assessments_for(user)).select_related(
        "assessment", "question", "to_version", "proposed_by", "approved_by", "declined_by", "undone_by"
    )


def state_of(regrade: Regrade) -> str:
    """`proposed`, `applied`, `declined` or `undone`."""
    if regrade.undone_at:
        return "undone"
    if regrade.approved_at:
        return "applied"
    return "declined" if regrade.declined_at else "proposed"


@role_required(*STAFF)
@never_cache
@require_GET
def regrades(request: HttpRequest) -> HttpResponse:
    """Those that wait for approval, then all others, newest first."""
    rows = regrades_for(request.user).annotate(totals=F("preview__totals")).defer("preview")
    waiting = rows.filter(approved_at=None, declined_at=None).order_by("proposed_at")
    decided = rows.exclude(approved_at=None, declined_at=None).order_by("-proposed_at")
    page = Paginator(decided, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": [_line(row) for row in waiting],
        "decided": [_line(row) for row in page],
        "page_obj": page,
    }
    return render(request, "quizzes/examining/regrades.html", context)


def _line(regrade: Any) -> dict[str, Any]:
    return {"regrade": regrade, "state": state_of(regrade), "totals": regrade.totals}


# A new one -----------------------------------------------------------------------------------------------------------


@role_required(*STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose the assessment, then the question, then the correction; what follows is its preview."""
    slug = request.GET.get("assessment", "")
    if not slug:
        rows = assessments_for(request.user).filter(attempts__submitted_at__isnull=False).distinct().order_by("title")
        return render(request, "quizzes/examining/regrade_new.html", {"assessments": rows})
    assessment = assessment_or_404(request.user, slug)
    questions = questions_regraded_in(assessment)
    question = next((row for row in questions if row.code == request.GET.get("question")), None)
    if question is None:
        if request.GET.get("question"):
            messages.info(request, _("No attempt that was handed in has this question. Choose another."))
        context = {"assessment": assessment, "questions": questions}
        return render(request, "quizzes/examining/regrade_new.html", context)
    return _correction(request, assessment, question)


def _correction(request: HttpRequest, assessment: Assessment, question: Question) -> HttpResponse:
    versions = versions_with_the_same_presentation(assessment, question)
    form = RegradeForm(request.POST or None, versions=versions)
    if request.method == "POST" and form.is_valid():
        try:
            regrade = propose_regrade(
                assessment=assessment,
                question=question,
                **form.cleaned_data,
                by=request.user,
                at=arrival(request),
            )
            return redirect("examining:regrade", regrade.uuid)
        except DomainError as error:
            form.add_error(None, error.message)
    else:
        _note([question], request)
    context = {
        "assessment": assessment,
        "question": question,
        "version": versions[0] if versions else None,
        "form": form,
        "address": f"{reverse('examining:regrade-new')}?"
        + urlencode({"assessment": assessment.code, "question": question.code}),
    }
    return render(request, "quizzes/examining/regrade_new.html", context)


def _note(questions: list[Question], request: HttpRequest) -> None:
    ids = [question.pk for question in questions]
    rows = Question.objects.filter(pk__in=ids).select_related("bank")
    note_accesses(questions=rows, action=BankAction.VIEWED, by=request.user, at=arrival(request))


# One -----------------------------------------------------------------------------------------------------------------


def regrade_or_404(user: Any, regrade_id: UUID) -> Regrade:
    """One of those that this person may see."""
    return get_object_or_404(regrades_for(user), uuid=regrade_id)


@role_required(*STAFF)
@never_cache
@require_GET
def regrade(request: HttpRequest, regrade_id: UUID) -> HttpResponse:
    """What it does, to whom, and what may be done with it now."""
    row = regrade_or_404(request.user, regrade_id)
    page = Paginator(row.preview["rows"], PER_PAGE).get_page(request.GET.get("page"))
    state = state_of(row)
    if row.question:
        _note([row.question], request)
    context = {
        "regrade": row,
        "state": state,
        "totals": row.preview["totals"],
        "certificates": row.preview["certificates"],
        "lines": _lines(request.user, page.object_list),
        "page_obj": page,
        "key": key_in_words(row.to_version) if row.to_version else "",
        "is_own": row.proposed_by_id == request.user.pk,
        "undo_form": UndoForm() if state == "applied" else None,
    }
    return render(request, "quizzes/examining/regrade.html", context)


def _lines(user: Any, rows: Any) -> list[dict[str, Any]]:
    """Rows of the preview with the names of those whose attempts this person may see (one statement)."""
    wanted = [row["attempt"] for row in rows]
    found = {str(row.uuid): row for row in attempts_for(user).filter(uuid__in=wanted).select_related("candidate")}
    return [
        {
            **row,
            "found": found.get(row["attempt"]),
            **{
                name: None if row[name] is None else Decimal(row[name])
                for name in ("old_score", "new_score", "old_maximum", "new_maximum", "old_percent", "new_percent")
            },
        }
        for row in rows
    ]


@role_required(*STAFF)
@require_POST
def decide(request: HttpRequest, regrade_id: UUID, action: str) -> HttpResponse:
    """Approve, decline or undo."""
    row = regrade_or_404(request.user, regrade_id)
    at = arrival(request)
    try:
        if action == "approve":
            approve_regrade(regrade=row, by=request.user, at=at)
            messages.success(request, _("The regrade is applied. Whoever knew their result sees the new one."))
        elif action == "decline":
            decline_regrade(regrade=row, by=request.user, at=at)
            messages.success(request, _("The proposal is closed. No score has changed."))
        elif action == "undo":
            form = UndoForm(request.POST)
            if form.is_valid():
                undo_regrade(regrade=row, reason=form.cleaned_data["reason"], by=request.user, at=at)
                messages.success(request, _("The figures from before the regrade are in force again."))
            else:
                messages.error(request, _("Say why the regrade is taken back."))
        else:
            raise Http404
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("examining:regrade", row.uuid)
