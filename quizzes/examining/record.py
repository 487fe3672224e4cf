"""The record of one attempt, and what staff may do with it: each with its reason, and said before it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lms.accounts.api import role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from quizzes.attempts.commands import adjust_time, continue_attempt, grant_start, void_attempt
from quizzes.attempts.models import Attempt, Response
from quizzes.bank.commands import note_accesses
from quizzes.bank.enums import BankAction
from quizzes.grading.late import decide_late_answer

from .access import STAFF, attempt_or_404
from .attempt_record import AttemptRecord, duration, record_of
from .exports import in_words
from .record_forms import ContinueForm, GrantForm, LateForm, TimeForm, VoidForm


@dataclass(frozen=True)
class Deed:
    """Something staff may do with an attempt: when, by which form, and what will happen."""

    code: str
    label: Any
    title: Any
    warning: Any
    tone: str
    form: type[forms.Form]
    is_possible: Callable[[Attempt], bool]
    do: Callable[..., str]


def _void(attempt: Attempt, data: dict[str, Any], by: Any, at: datetime) -> str:
    void_attempt(attempt=attempt, reason=data["reason"], by=by, at=at)
    return _("The attempt is void.")


def _adjust(attempt: Attempt, data: dict[str, Any], by: Any, at: datetime) -> str:
    moved = adjust_time(attempts=[attempt], seconds=60 * data["minutes"], reason=data["reason"], by=by, at=at)
    return _("The deadline has moved.") if moved else _("The deadline stays: it is untimed, or has nothing to lose.")


def _grant(attempt: Attempt, data: dict[str, Any], by: Any, at: datetime) -> str:
    grant_start(
        candidate=attempt.candidate, assessment=attempt.assessment, kind=data["kind"], reason=data["reason"], by=by,
        at=at,
    )  # fmt: skip
    return _("The rule is waived for the next start of this candidate.")


def _continue(attempt: Attempt, data: dict[str, Any], by: Any, at: datetime) -> str:
    continue_attempt(attempt=attempt, minutes=data["minutes"], reason=data["reason"], by=by, at=at)
    return _("The candidate may go on. This attempt is void, and the one that continues it has begun.")


_t = gettext_lazy
DEEDS = {
    deed.code: deed
    for deed in (
        Deed(
            "time", _t("Give or take time"), _t("Change the time of this attempt"),
            _t("The deadline of this attempt moves at once, and the candidate’s page says so."), "info",
            TimeForm, lambda row: row.is_open and row.deadline_at is not None, _adjust,
        ),
        Deed(
            "continue", _t("Let the candidate go on"), _t("Continue this attempt"),
            _t(
                "This attempt becomes void. A new one begins now, with the same questions in the same order and the "
                "answers that counted, and its clock runs from this moment. It uses up no further try."
            ), "warning",
            ContinueForm, lambda row: row.submitted_at is not None and row.voided_at is None, _continue,
        ),
        Deed(
            "grant", _t("Waive a rule for the next attempt"), _t("Waive a rule for this candidate"),
            _t("It holds for the next start of this assessment by this candidate, and for nobody else."), "info",
            GrantForm, lambda row: not row.is_open, _grant,
        ),
        Deed(
            "void", _t("Void"), _t("Void this attempt"),
            _t(
                "It will not count: it uses up no try, its result is nobody’s, and the candidate sees that it is "
                "void. It stays in the record, and is not restored."
            ), "danger",
            VoidForm, lambda row: row.voided_at is None, _void,
        ),
    )
}  # fmt: skip


@role_required(*STAFF)
@never_cache
@require_GET
def attempt(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """All of it: who, when, the deadline and its parts, every answer, every grade, every result, every event."""
    row = attempt_or_404(request.user, attempt_id)
    record = record_of(row)
    _note(record, request)
    is_own = row.candidate_id == request.user.pk
    context = {
        "record": record,
        "attempt": row,
        "assessment": row.assessment,
        "candidate": row.candidate,
        "is_own": is_own,
        "deeds": [] if is_own else [deed for deed in DEEDS.values() if deed.is_possible(row)],
    }
    return render(request, "quizzes/examining/attempt.html", context)


def _note(record: AttemptRecord, request: HttpRequest) -> None:
    questions = {item.item.version.question_id: item.item.version.question for item in record.items}
    note_accesses(questions=questions.values(), action=BankAction.VIEWED, by=request.user, at=arrival(request))


@role_required(*STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, attempt_id: UUID, action: str) -> HttpResponse:
    """One deed: what will happen, the form, and then the deed."""
    row = attempt_or_404(request.user, attempt_id)
    deed = DEEDS.get(action)
    if deed is None:
        raise Http404
    if row.candidate_id == request.user.pk or not deed.is_possible(row):
        messages.error(request, _("This cannot be done with this attempt now, or not by you."))
        return redirect("examining:attempt", row.uuid)
    form = deed.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, deed.do(row, form.cleaned_data, request.user, arrival(request)))
            return redirect("examining:attempt", row.uuid)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {
        "attempt": row,
        "candidate": row.candidate,
        "title": deed.title,
        "warning": deed.warning,
        "tone": deed.tone,
        "button": deed.label,
        "form": form,
    }
    return render(request, "quizzes/examining/attempt_change.html", context)


@role_required(*STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def late(request: HttpRequest, attempt_id: UUID, slot: int, sequence: int) -> HttpResponse:
    """Decide on one answer that came too late."""
    row = attempt_or_404(request.user, attempt_id)
    response = get_object_or_404(
        Response.objects.select_related("item__version__question__bank"),
        item__attempt=row,
        item__slot=slot,
        sequence=sequence,
        counted=False,
    )
    newer = Response.objects.filter(item=response.item_id, sequence__gt=sequence)
    form = LateForm(request.POST or None, may_accept=not newer.exists())
    if request.method == "POST" and form.is_valid():
        is_accepted = form.cleaned_data["decision"] == "accept"
        try:
            decide_late_answer(
                response=response,
                accept=is_accepted,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=arrival(request),
            )
            messages.success(request, _("The answer counts now.") if is_accepted else _("The answer stays uncounted."))
            return redirect("examining:attempt", row.uuid)
        except DomainError as error:
            form.add_error(None, error.message)
    else:
        questions = [response.item.version.question]
        note_accesses(questions=questions, action=BankAction.VIEWED, by=request.user, at=arrival(request))
    context = {
        "attempt": row,
        "candidate": row.candidate,
        "title": _("Decide on a late answer"),
        "warning": _(
            "If it counts, it is graded by the key in force and the attempt gets a new result at once; a result that "
            "the candidate knows is told anew. The decision is made once."
        ),
        "tone": "info",
        "button": _("Decide"),
        "form": form,
        "item": response.item,
        "response": response,
        "answer": in_words(response.item, response.data, {}),
        "late_by": duration(int((response.received_at - row.deadline_at).total_seconds())) if row.deadline_at else "",
    }
    return render(request, "quizzes/examining/attempt_change.html", context)
