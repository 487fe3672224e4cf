"""Pages before and after an attempt. Every one works without JavaScript: a form, a button, a redirect."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lms.core.clock import arrival
from lms.core.ports import after_attempt, appeals
from quizzes.assembly.enums import HIGH_STAKES, AssessmentKind, CutBasis
from quizzes.assembly.policy import Policy
from quizzes.attempts.enums import AttemptState
from quizzes.attempts.exceptions import CannotStart
from quizzes.bank.views import picture_response
from quizzes.grading.commands import current_responses

from . import presenters
from .cases import case_places
from .code_tries import TooManyTries
from .entering import authorisation_of, begin, seat_of
from .outcome import result_data, visibility_of
from .pictures import picture_named
from .player import dots_of, mine
from .review import review_items
from .terms import draw_domains, terms_for, whole


def _is_interim(kind: str, basis: str) -> bool:
    """Only an exam's cut needs a study; the pass mark of a quiz is simply the school's."""
    return kind in HIGH_STAKES and basis == CutBasis.INTERIM


def _begin(request: HttpRequest, slug: str, at: datetime) -> HttpResponse:
    """Start, or go on with the open attempt."""
    user: Any = request.user
    assessment = presenters.startable(user, slug)
    if assessment is None:
        raise Http404
    code = request.POST.get("start_code", "")[:40]
    try:
        attempt, _is_new = begin(assessment, start_code=code, by=user, at=at)
    except (CannotStart, TooManyTries) as error:
        messages.error(request, error.message)
        return redirect("quizzes:start", slug)
    return redirect("quizzes:attempt", attempt.uuid)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules before the bell, past attempts, and the button that begins."""
    at = arrival(request)
    if request.method == "POST":
        return _begin(request, slug, at)
    views = presenters.quiz_views(request.user, at, [slug])
    if not views:
        raise Http404
    quiz = views[0]
    lines = [presenters.attempt_line(attempt, quiz.results.get(attempt.pk)) for attempt in quiz.attempts]
    for line, attempt in zip(lines, quiz.attempts, strict=True):
        line |= {"attempt": attempt, "url": reverse("quizzes:result", args=[attempt.uuid])}
    context = {
        "quiz": quiz,
        "policy": quiz.policy,
        "terms": terms_for(quiz.policy, request.user, at, quiz.entry.hard_stop_at),
        "now": at,
        "seat": seat_of(quiz, request.user),
        "authorisation": authorisation_of(quiz),
        "lines": lines[::-1],
        "is_exam": quiz.policy.kind == AssessmentKind.EXAM,
        "cut_is_interim": _is_interim(quiz.policy.kind, quiz.policy.cut_basis),
        "is_check": quiz.policy.kind == AssessmentKind.CHECK,
    }
    return render(request, "quizzes/delivery/start.html", context)


@login_required
@never_cache
@require_GET
def result(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """The score in words, by domain, and what comes next."""
    row, at = mine(request, attempt_id), arrival(request)
    outcome = presenters.settle(row, at)
    if row.is_open:
        return redirect("quizzes:attempt", row.uuid)
    data = result_data(row, outcome, at)
    is_check = row.policy["kind"] == AssessmentKind.CHECK
    # Whoever has passed is not asked to try again, so nobody works out whether they could.
    asks_again = is_check or data["passed"] is not True
    quizzes = presenters.quiz_views(request.user, at, [row.assessment.code]) if asks_again else []
    cut_percent = whole(row.policy["cut_percent"])
    draw_domains(data, cut_percent)
    sees = visibility_of(row, outcome, at)
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
        "appeals": appeals(outcome, at) if data["passed"] is False and not is_check else [],
        # A page hands in by itself at zero, within the grace: that too is the end of the time.
        "by_deadline": bool(row.finished_at and row.deadline_at and row.finished_at >= row.deadline_at),
        "open_count": sum(not dot["is_answered"] for dot in dots_of(items, current_responses(row.pk))),
        "is_check": is_check,
    }
    return render(request, "quizzes/delivery/result.html", context)


@login_required
@never_cache
@require_GET
def review(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Each question with the answer, and as much of the key as the rule allows now."""
    row, at = mine(request, attempt_id), arrival(request)
    outcome = presenters.settle(row, at)
    if row.is_open:
        return redirect("quizzes:attempt", row.uuid)
    rows = review_items(row, outcome, at)
    cases = case_places([data.get("stimulus_html", "") for data in rows])
    for data, case in zip(rows, cases, strict=True):
        data["case"] = case
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
        "shows_key": visibility_of(row, outcome, at).key,
        "items": rows,
        "hidden_count": hidden,
        "hidden_words": ngettext("%d answer is not shown now", "%d answers are not shown now", hidden) % hidden,
        "result": result_data(row, outcome, at),
        "title": _("Review"),
    }
    return render(request, "quizzes/delivery/review.html", context)


@login_required
@require_GET
def picture(request: HttpRequest, attempt_id: UUID, token: str) -> HttpResponse:
    """A picture of a question of this attempt, under a name that holds here only."""
    row = mine(request, attempt_id)
    found = picture_named(row, token)
    if found is None:
        raise Http404
    return picture_response(found, "private, max-age=3600")
