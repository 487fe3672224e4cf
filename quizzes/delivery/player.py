"""The pages of an open attempt: one question at a time, the overview, and handing in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.core.clock import arrival
from quizzes.assembly.enums import FeedbackRule, Navigation
from quizzes.attempts.commands import has_time_left
from quizzes.attempts.enums import EventType, InputMode
from quizzes.attempts.models import Attempt, AttemptItem, Response
from quizzes.grading.commands import current_responses

from . import presenters, saving
from .cases import case_places

UNSURE = 1
Fields = Sequence[tuple[str, str]]


def mine(request: HttpRequest, attempt_id: UUID) -> Attempt:
    """The attempt, if it is this person's, else 404."""
    found = presenters.attempt_of(request.user, attempt_id)
    if found is None:
        raise Http404
    return found


def review_extras(item: AttemptItem, feedback: dict[str, Any]) -> dict[str, Any]:
    """What the rationale templates need beside the item."""
    fraction = None if feedback["score"] is None else feedback["score"] / float(item.marks)
    return {
        "correct": feedback["correct_answer"],
        "feedback": feedback["choice_feedback"],
        "rationale_html": feedback["rationale_html"],
        "drawing": feedback.get("drawing"),
        "score": feedback["score"],
        "fraction": fraction,
        "rationale_template": f"quizzes/rationale/{item.version.type}.html",
    }


def dots_of(items: Sequence[AttemptItem], responses: Mapping[int, Response], current: int = 0) -> list[dict[str, Any]]:
    """How each question stands: answered, flagged, unsure, and the one that is shown."""
    return [
        {
            "slot": item.slot,
            "is_current": item.slot == current,
            "is_answered": bool((row := responses.get(item.pk)) and row.data is not None),
            "is_flagged": bool(row and row.flagged),
            "certainty": row.confidence if row and row.data is not None else None,
        }
        for item in items
    ]


def _shown(row: Attempt, items: Sequence[AttemptItem], item: AttemptItem, response: Response | None) -> dict[str, Any]:
    """An item as the template of a question takes it."""
    data = presenters.item_data(row, item, response)
    given = data["response"] or {}
    data["answer"] = given.get("answer")
    data["revision"] = given.get("revision", 0)
    data["flagged"] = given.get("flagged", False)
    data["certainty"] = given.get("confidence")
    data["case"] = case_places([other.version.stimulus_html for other in items])[items.index(item)]
    data["is_locked"] = bool(response and response.feedback_shown)
    data["template"] = f"quizzes/interactions/{item.version.type}.html"
    if response and data["is_locked"]:
        data |= review_extras(item, presenters.answer_feedback(item, response))
    return data


def _question(
    row: Attempt, items: Sequence[AttemptItem], responses: Mapping[int, Response], item: AttemptItem
) -> dict[str, Any]:
    """What a question and the buttons below it need, on the page of the question or kept in the browser."""
    is_free = row.policy["navigation"] == Navigation.FREE
    response = responses.get(item.pk)
    return {
        "attempt": row,
        "item": _shown(row, items, item, response),
        "count": len(items),
        "previous_slot": item.slot - 1 if item.slot > 1 and is_free else None,
        "next_slot": item.slot + 1 if item.slot < len(items) else None,
        "saved_at": response.received_at if response else None,
        "is_immediate": row.policy["feedback"] == FeedbackRule.IMMEDIATE,
        "asks_certainty": row.policy.get("asks_certainty", False),
    }


def _clock(row: Attempt, at: datetime) -> dict[str, Any]:
    """What the clock of a page needs."""
    return {
        "deadline": row.deadline_at,
        "server_time": at,
        "duration_seconds": (row.deadline_at - row.started_at).total_seconds() if row.deadline_at else None,
    }


def _keeps_questions(row: Attempt) -> bool:
    """Whether the browser may keep the questions: not where an answer must be judged, or one may not look ahead."""
    return row.policy["navigation"] == Navigation.FREE and row.policy["feedback"] != FeedbackRule.IMMEDIATE


def _slot(request: HttpRequest, items: list[AttemptItem], responses: Mapping[int, Response], one_way: bool) -> int:
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
    row, at = mine(request, attempt_id), arrival(request)
    if request.method == "POST":
        try:
            return saving.save_form(request, row)
        except saving.Held as held:
            return _paused(request, row, at, held.fields)
    presenters.settle(row, at)
    if not row.is_open:
        return redirect("quizzes:result", row.uuid)
    if row.paused_at:
        return _paused(request, row, at)
    items = presenters.items_of(row, with_keys=row.policy["feedback"] == FeedbackRule.IMMEDIATE)
    responses = current_responses(row.pk)
    slot = _slot(request, items, responses, row.policy["navigation"] == Navigation.ONE_WAY)
    context = {
        **_question(row, items, responses, items[slot - 1]),
        **_clock(row, at),
        "assessment": row.assessment,
        "items": dots_of(items, responses, slot),
        "answered_count": sum(1 for entry in responses.values() if entry.data is not None),
        "save_url": reverse("api-response", args=[row.uuid, slot]),
        "keeps_questions": _keeps_questions(row),
    }
    return render(request, "quizzes/delivery/attempt.html", context)


def _paused(request: HttpRequest, row: Attempt, at: datetime, fields: Fields = ()) -> HttpResponse:
    """While the clock stands still nobody reads on. What was just sent waits on the page, to be sent again."""
    why = row.events.filter(type__in=[EventType.PAUSED, EventType.INTERRUPTED]).order_by("-id").first()
    slot = request.GET.get("slot", "") or dict(fields).get("slot", "")
    context = {
        **_clock(row, at),
        "attempt": row,
        "assessment": row.assessment,
        "fields": fields,
        "slot": slot if slot.isascii() and slot.isdigit() else "",
        "is_interrupted": why is not None and why.type == EventType.INTERRUPTED,
    }
    return render(request, "quizzes/delivery/paused.html", context)


@login_required
@never_cache
@require_GET
def questions(request: HttpRequest, attempt_id: UUID) -> JsonResponse:
    """Every question of the open attempt as its page shows it, for the browser to keep while the network fails.

    Nothing stands here that the pages of the questions do not show: no key, and nothing at all where the order is
    one-way, where feedback follows each answer, while the clock stands still, or once it is handed in.
    """
    row, at = mine(request, attempt_id), arrival(request)
    presenters.settle(row, at)
    if not row.is_open or row.paused_at or not _keeps_questions(row):
        return JsonResponse({"questions": []})
    items = presenters.items_of(row)
    responses = current_responses(row.pk)
    kept = []
    for item in items:
        context = _question(row, items, responses, item)
        kept.append(
            {
                "slot": item.slot,
                "type": item.version.type,
                "revision": context["item"]["revision"],
                "question": render_to_string("quizzes/delivery/_question.html", context),
                "actions": render_to_string("quizzes/delivery/_actions.html", context),
            }
        )
    return JsonResponse({"questions": kept})


@login_required
@never_cache
@require_GET
def summary(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """What is answered, open, flagged and unsure, before the candidate submits."""
    row, at = mine(request, attempt_id), arrival(request)
    presenters.settle(row, at)
    if not row.is_open:
        return redirect("quizzes:result", row.uuid)
    items = presenters.items_of(row)
    dots = dots_of(items, current_responses(row.pk))
    for dot, item in zip(dots, items, strict=True):
        dot["summary"] = item.version.summary
    context = {
        **_clock(row, at),
        "attempt": row,
        "assessment": row.assessment,
        "items": dots,
        "unanswered": [dot for dot in dots if not dot["is_answered"]],
        "flagged": [dot for dot in dots if dot["is_flagged"]],
        "unsure": [dot for dot in dots if dot["certainty"] == UNSURE],
        "can_go_back": row.policy["navigation"] == Navigation.FREE and row.paused_at is None,
    }
    return render(request, "quizzes/delivery/summary.html", context)


@login_required
@require_POST
def submit(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Seal and grade."""
    row, at = mine(request, attempt_id), arrival(request)
    if request.POST.get("reason") == "time_up" and has_time_left(row, at):
        messages.info(request, _("Your time was changed meanwhile: you can go on."))
        return redirect("quizzes:attempt", row.uuid)
    presenters.hand_in(row, by=request.user, at=at)
    return redirect("quizzes:result", row.uuid)
