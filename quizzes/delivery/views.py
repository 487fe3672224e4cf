"""Pages of quizzes and attempts. Every one works without JavaScript: a form, a button, a redirect."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from lms.core.ports import after_attempt
from quizzes.assembly.enums import HIGH_STAKES, AssessmentKind, CutBasis, Navigation
from quizzes.assembly.policy import Policy
from quizzes.attempts.commands import UNCHANGED, canonical_answer, record_response, start_attempt, submit_attempt
from quizzes.attempts.enums import AttemptState, InputMode
from quizzes.attempts.exceptions import AttemptClosed, CannotStart
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.grading.commands import current_responses
from quizzes.types import registry
from quizzes.types.base import Problem

from . import presenters
from .terms import draw_domains, terms_for, whole


def _mine(request: HttpRequest, attempt_id: UUID) -> Attempt:
    return get_object_or_404(Attempt.objects.select_related("assessment"), uuid=attempt_id, candidate=request.user.pk)


def _is_interim(kind: str, basis: str) -> bool:
    """Only an exam's cut needs a study; the pass mark of a quiz is simply the school's."""
    return kind in HIGH_STAKES and basis == CutBasis.INTERIM


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules before the bell, past attempts, and the button that begins."""
    at = arrival(request)
    views = presenters.quiz_views(request.user, at, [slug])
    if not views:
        raise Http404
    quiz = views[0]
    if request.method == "POST":
        try:
            attempt, _is_new = start_attempt(
                assessment=quiz.assessment,
                language=request.user.language,
                by=request.user,
                at=at,  # type: ignore[union-attr]
            )
            return redirect("quizzes:attempt", attempt.uuid)
        except CannotStart as error:
            messages.error(request, error.message)
            return redirect("quizzes:start", slug)
    lines = [presenters.attempt_line(attempt, quiz.results.get(attempt.pk)) for attempt in quiz.attempts]
    for line, attempt in zip(lines, quiz.attempts, strict=True):
        line |= {"attempt": attempt, "url": reverse("quizzes:result", args=[attempt.uuid])}
    context = {
        "quiz": quiz,
        "policy": quiz.policy,
        "terms": terms_for(quiz.policy, request.user, at),
        "lines": lines[::-1],
        "is_exam": quiz.policy.kind == AssessmentKind.EXAM,
        "cut_is_interim": _is_interim(quiz.policy.kind, quiz.policy.cut_basis),
        "is_check": quiz.policy.kind == AssessmentKind.CHECK,
    }
    return render(request, "quizzes/delivery/start.html", context)


def _player_item(attempt: Attempt, item: AttemptItem, response: Any) -> dict[str, Any]:
    data = presenters.item_data(attempt, item, response)
    data["answer"] = data["response"]["answer"] if data["response"] else None
    data["revision"] = data["response"]["revision"] if data["response"] else 0
    data["flagged"] = bool(data["response"] and data["response"]["flagged"])
    data["is_locked"] = bool(response and response.feedback_shown)
    data["template"] = f"quizzes/interactions/{item.version.type}.html"
    return data


def _dots(items: list[AttemptItem], responses: dict[int, Any], current: int) -> list[dict[str, Any]]:
    return [
        {
            "slot": item.slot,
            "is_current": item.slot == current,
            "is_answered": bool((row := responses.get(item.pk)) and row.data is not None),
            "is_flagged": bool(row and row.flagged),
        }
        for item in items
    ]


def _slot(request: HttpRequest, items: list[AttemptItem], responses: dict[int, Any], one_way: bool) -> int:
    """The slot asked for, within bounds; one-way navigation goes to the first item that was not left yet."""
    if one_way:
        # What the page saves by itself is an answer in the making; going on is a form.
        making = {pk for pk, row in responses.items() if row.input_mode == InputMode.SCRIPTED}
        return next((item.slot for item in items if item.pk not in responses or item.pk in making), items[-1].slot)
    first_open = next((item.slot for item in items if item.pk not in responses), items[-1].slot)
    asked = request.GET.get("slot", "")
    if asked.isascii() and asked.isdigit() and 1 <= int(asked[:4]) <= len(items):
        return int(asked[:4])
    return first_open


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def attempt(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """The player: one question at a time."""
    row, at = _mine(request, attempt_id), arrival(request)
    if request.method == "POST":
        return _save_form(request, row)
    presenters.settle(row, at)
    if not row.is_open:
        return redirect("quizzes:result", row.uuid)
    items = presenters.items_of(row, with_keys=row.policy["feedback"] == "immediate")
    responses = current_responses(items)
    slot = _slot(request, items, responses, row.policy["navigation"] == Navigation.ONE_WAY)
    item = items[slot - 1]
    response = responses.get(item.pk)
    shown = _player_item(row, item, response)
    if shown["is_locked"]:
        shown |= _review_extras(item, presenters.answer_feedback(item, response))  # type: ignore[arg-type]
    context = {
        "attempt": row,
        "assessment": row.assessment,
        "item": shown,
        "items": _dots(items, responses, slot),
        "count": len(items),
        "previous_slot": slot - 1 if slot > 1 and row.policy["navigation"] == Navigation.FREE else None,
        "next_slot": slot + 1 if slot < len(items) else None,
        "deadline": row.deadline_at,
        "server_time": at,
        "duration_seconds": (row.deadline_at - row.started_at).total_seconds() if row.deadline_at else None,
        "saved_at": response.received_at if response else None,
        "answered_count": sum(1 for entry in responses.values() if entry.data is not None),
        "save_url": reverse("api-response", args=[row.uuid, slot]),
        "is_immediate": row.policy["feedback"] == "immediate",
    }
    return render(request, "quizzes/delivery/attempt.html", context)


def _save_form(request: HttpRequest, row: Attempt) -> HttpResponse:
    """Save the posted answer and go where the button says."""
    asked = request.POST.get("slot", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 5):
        raise Http404
    slot = int(asked)
    item = get_object_or_404(AttemptItem.objects.select_related("version", "attempt"), attempt=row, slot=slot)
    revision = request.POST.get("revision", "")
    try:
        kind = registry.get(item.version.type)
        presentation = kind.Presentation.model_validate(item.version.presentation)
        answer = kind.parse_form(presentation, item.arrangement, request.POST)
        flagged = request.POST.get("flagged") == "on"
        last = current_responses([item]).get(item.pk)
        gives_feedback = False
        if not _is_unchanged(item, last, answer, flagged):
            saved = record_response(
                attempt_uuid=row.uuid,
                slot=slot,
                answer=UNCHANGED if last and last.feedback_shown else answer,
                flagged=flagged,
                expected_revision=int(revision[:9]) if revision.isascii() and revision.isdigit() else None,
                input_mode=InputMode.FORM,
                by=request.user,
                at=arrival(request),
            )
            gives_feedback = saved.response.feedback_shown
    except AttemptClosed as error:
        messages.warning(request, error.message)
        return redirect("quizzes:result", row.uuid)
    except (DomainError, Problem) as error:
        messages.error(request, error.message)
        return redirect(f"{reverse('quizzes:attempt', args=[row.uuid])}?slot={slot}")
    goal = request.POST.get("go", "next")
    if goal == "stay" and answer is None and row.policy["feedback"] == "immediate":
        messages.info(request, _("Choose an answer first, or skip the question for now."))
    if gives_feedback:
        goal = "stay"  # An answer became final: what was right is seen before anything else.
    if goal == "summary":
        return redirect("quizzes:summary", row.uuid)
    target = {"previous": slot - 1, "stay": slot}.get(goal, slot + 1)
    if goal.isascii() and goal.isdigit():
        target = int(goal[:4])
    if not AttemptItem.objects.filter(attempt=row, slot=target).exists():
        return redirect("quizzes:summary", row.uuid)
    return redirect(f"{reverse('quizzes:attempt', args=[row.uuid])}?slot={target}")


def _is_unchanged(item: AttemptItem, last: Any, answer: Any, flagged: bool) -> bool:
    """Nothing new was sent: walking through the questions leaves no rows behind."""
    if last is None:
        # One-way navigation notes that a question was left, even when it was left blank.
        return answer is None and not flagged and item.attempt.policy["navigation"] == Navigation.FREE
    if last.flagged != flagged:
        return False
    if item.attempt.policy["navigation"] == Navigation.ONE_WAY and last.input_mode == InputMode.SCRIPTED:
        return False
    if last.feedback_shown:
        return True
    return last.data == (None if answer is None else canonical_answer(item, answer))


@login_required
@never_cache
@require_GET
def summary(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """What is answered, open and flagged, before the candidate submits."""
    row, at = _mine(request, attempt_id), arrival(request)
    presenters.settle(row, at)
    if not row.is_open:
        return redirect("quizzes:result", row.uuid)
    items = presenters.items_of(row)
    dots = _dots(items, current_responses(items), 0)
    for dot, item in zip(dots, items, strict=True):
        dot["summary"] = item.version.summary
    context = {
        "attempt": row,
        "assessment": row.assessment,
        "items": dots,
        "unanswered": [dot for dot in dots if not dot["is_answered"]],
        "flagged": [dot for dot in dots if dot["is_flagged"]],
        "deadline": row.deadline_at,
        "server_time": at,
        "duration_seconds": (row.deadline_at - row.started_at).total_seconds() if row.deadline_at else None,
        "can_go_back": row.policy["navigation"] == Navigation.FREE,
    }
    return render(request, "quizzes/delivery/summary.html", context)


@login_required
@require_POST
def submit(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Seal and grade."""
    row, at = _mine(request, attempt_id), arrival(request)
    submit_attempt(attempt=row, by=request.user, at=at)
    presenters.settle(row, at)
    return redirect("quizzes:result", row.uuid)


@login_required
@never_cache
@require_GET
def result(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """The score in words, by domain, and what comes next."""
    row, at = _mine(request, attempt_id), arrival(request)
    outcome = presenters.settle(row, at)
    if row.is_open:
        return redirect("quizzes:attempt", row.uuid)
    quizzes = presenters.quiz_views(request.user, at, [row.assessment.code])
    data = presenters.result_data(row, outcome, at)
    cut_percent = whole(row.policy["cut_percent"])
    draw_domains(data, cut_percent)
    sees = presenters.visibility_of(row, outcome, at)
    items = presenters.items_of(row)
    context = {
        "attempt": row,
        "assessment": row.assessment,
        "state": data["state"],
        "is_void": data["state"] == AttemptState.VOID,
        "result": data,
        "cut_percent": cut_percent,
        "cut_is_interim": _is_interim(row.policy["kind"], row.policy["cut_basis"]),
        "can_review": sees.key or sees.score,
        "shows_key": sees.key,
        "quiz": quizzes[0] if quizzes else None,
        "next_links": after_attempt(request.user, row.assessment.code),
        "by_deadline": row.submitted_how == "deadline",
        "open_count": sum(not dot["is_answered"] for dot in _dots(items, current_responses(items), 0)),
        "item_count": len(items),
        "is_check": row.policy["kind"] == AssessmentKind.CHECK,
    }
    return render(request, "quizzes/delivery/result.html", context)


def _review_extras(item: AttemptItem, feedback: dict[str, Any]) -> dict[str, Any]:
    """What the rationale templates need beside the item."""
    fraction = None if feedback["score"] is None else feedback["score"] / float(item.marks)
    return {
        "correct": feedback["correct_answer"],
        "feedback": feedback["choice_feedback"],
        "rationale_html": feedback["rationale_html"],
        "score": feedback["score"],
        "fraction": fraction,
        "rationale_template": f"quizzes/rationale/{item.version.type}.html",
    }


@login_required
@never_cache
@require_GET
def review(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Each question with the answer, and as much of the key as the rule allows now."""
    row, at = _mine(request, attempt_id), arrival(request)
    outcome = presenters.settle(row, at)
    if row.is_open:
        return redirect("quizzes:attempt", row.uuid)
    rows = presenters.review_items(row, outcome, at)
    for data in rows:
        data["answer"] = data["response"]["answer"] if data["response"] else None
        data["is_locked"] = True
        data["rationale_template"] = f"quizzes/rationale/{data['type']}.html"
        # Rationale templates take None for what may not be told.
        data["correct"] = data.get("correct_answer")
        data["feedback"] = data.get("choice_feedback")
        data["fraction"] = None if data.get("score") is None else data["score"] / data["max_score"]
    hidden = sum("correct_answer" not in data for data in rows)
    context = {
        "attempt": row,
        "assessment": row.assessment,
        "policy": Policy(**row.policy),
        "shows_key": presenters.visibility_of(row, outcome, at).key,
        "items": rows,
        "hidden_count": hidden,
        "hidden_words": ngettext("%d answer is not shown now", "%d answers are not shown now", hidden) % hidden,
        "result": presenters.result_data(row, outcome, at),
        "title": _("Review"),
    }
    return render(request, "quizzes/delivery/review.html", context)


@login_required
@require_GET
def picture(request: HttpRequest, attempt_id: UUID, token: str) -> HttpResponse:
    """A picture of a question of this attempt, under a name that holds here only."""
    row = _mine(request, attempt_id)
    items = AttemptItem.objects.filter(attempt=row).exclude(version__picture=None).select_related("version__picture")
    for item in items:
        if presenters.picture_token(row, item.version.picture_id) == token:
            response = FileResponse(item.version.picture.file.open("rb"), content_type="image/png")  # type: ignore[union-attr]
            response["Cache-Control"] = "private, max-age=3600"
            response["Content-Disposition"] = "inline"
            return response
    raise Http404
