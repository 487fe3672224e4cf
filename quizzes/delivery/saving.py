"""Answers that come as a form: saved, or said why not, and on to where the button says."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from quizzes.assembly.enums import FeedbackRule, Navigation
from quizzes.attempts.commands import UNCHANGED, canonical_answer, record_response
from quizzes.attempts.enums import InputMode
from quizzes.attempts.exceptions import AttemptClosed, AttemptPaused
from quizzes.attempts.models import Attempt, AttemptItem, Response
from quizzes.grading.commands import current_responses
from quizzes.types import registry
from quizzes.types.base import Problem

CERTAINTIES = {"1": 1, "2": 2, "3": 3}


class Held(Exception):
    """The clock stands still: nothing was stored. `fields` are what came, to be sent again when it goes on."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        super().__init__("The attempt is paused.")
        self.fields = fields


def save_form(request: HttpRequest, row: Attempt) -> HttpResponse:
    """Save the posted answer and go where the button says. Raises `Held` while the attempt is paused."""
    asked = request.POST.get("slot", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 5):
        raise Http404
    slot = int(asked)
    item = get_object_or_404(AttemptItem.objects.select_related("version", "attempt"), attempt=row, slot=slot)
    try:
        answer, gives_feedback = _save(request, row, item)
    except AttemptPaused:
        raise Held(_fields(request)) from None
    except AttemptClosed as error:
        messages.warning(request, error.message)
        return redirect("quizzes:result", row.uuid)
    except (DomainError, Problem) as error:
        messages.error(request, error.message)
        return redirect(f"{reverse('quizzes:attempt', args=[row.uuid])}?slot={slot}")
    goal = request.POST.get("go", "next")
    if goal == "stay" and answer is None and row.policy["feedback"] == FeedbackRule.IMMEDIATE:
        messages.info(request, _("Choose an answer first, or skip the question for now."))
    if gives_feedback:
        goal = "stay"  # An answer became final: what was right is seen before anything else.
    return _on(row, slot, goal)


def _save(request: HttpRequest, row: Attempt, item: AttemptItem) -> tuple[Any, bool]:
    """Store what is new; the answer that came, and whether it is final now and gets its feedback."""
    kind = registry.get(item.version.type)
    presentation = kind.Presentation.model_validate(item.version.presentation)
    answer = kind.parse_form(presentation, item.arrangement, request.POST)
    flagged = request.POST.get("flagged") == "on"
    # Nothing picked leaves the certainty as it is: a radio button cannot be taken back.
    certainty = CERTAINTIES.get(request.POST.get("confidence", "")) if row.policy.get("asks_certainty") else None
    last = current_responses(row.pk).get(item.pk)
    if _is_unchanged(item, last, answer, flagged, certainty):
        return answer, False
    revision = request.POST.get("revision", "")
    saved = record_response(
        attempt_uuid=row.uuid,
        slot=item.slot,
        answer=UNCHANGED if last and last.feedback_shown else answer,
        flagged=flagged,
        confidence=UNCHANGED if certainty is None else certainty,
        expected_revision=int(revision[:9]) if revision.isascii() and revision.isdigit() else None,
        input_mode=InputMode.FORM,
        by=request.user,
        at=arrival(request),
    )
    return answer, saved.response.feedback_shown


def _is_unchanged(item: AttemptItem, last: Response | None, answer: Any, flagged: bool, certainty: int | None) -> bool:
    """Nothing new was sent: walking through the questions leaves no rows behind."""
    is_free = item.attempt.policy["navigation"] == Navigation.FREE
    if last is None:
        # One-way navigation notes that a question was left, even when it was left blank.
        return answer is None and not flagged and certainty is None and is_free
    if last.flagged != flagged:
        return False
    if not is_free and last.input_mode == InputMode.SCRIPTED:
        return False
    if last.feedback_shown:
        return True
    if certainty is not None and certainty != last.confidence:
        return False
    return last.data == (None if answer is None else canonical_answer(item, answer))


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, str(value)) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
    ]


def _on(row: Attempt, slot: int, goal: str) -> HttpResponse:
    """To where the button says; past the last question comes the overview."""
    if goal == "summary":
        return redirect("quizzes:summary", row.uuid)
    target = {"previous": slot - 1, "stay": slot}.get(goal, slot + 1)
    if goal.isascii() and goal.isdigit():
        target = int(goal[:4])
    if not AttemptItem.objects.filter(attempt=row, slot=target).exists():
        return redirect("quizzes:summary", row.uuid)
    return redirect(f"{reverse('quizzes:attempt', args=[row.uuid])}?slot={target}")
