"""The way into an attempt, for pages and programs alike: start codes are counted, and the seat is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quizzes.assembly.models import Assessment
from quizzes.attempts.commands import start_attempt
from quizzes.attempts.exceptions import CannotStart
from quizzes.attempts.models import Attempt, Authorisation, Seat

from .code_tries import count_code_try, take_back_code_try
from .presenters import QuizView


def begin(assessment: Assessment, *, start_code: str, by: Any, at: datetime) -> tuple[Attempt, bool]:
    """Begin an attempt, or get the open one back: (attempt, is new). Raises as `start_attempt`, and `TooManyTries`."""
    is_try = bool(start_code.strip())
    if is_try:
        count_code_try(by, assessment, at)
    try:
        begun = start_attempt(assessment=assessment, start_code=start_code, language=by.language, by=by, at=at)
    except CannotStart as error:
        if is_try and all(row["code"] != "start_code" for row in error.extra.get("missing", ())):
            take_back_code_try(by, assessment)
        raise
    if is_try:
        take_back_code_try(by, assessment)
    return begun


def seat_of(quiz: QuizView, user: Any) -> Seat | None:
    """The seat by which this person enters, with its sitting; None where nobody needs one or there is none."""
    if quiz.entry.sitting_id is None:
        return None
    rows = Seat.objects.filter(candidate=user, sitting=quiz.entry.sitting_id, cancelled_at=None)
    return rows.select_related("sitting").first()


def authorisation_of(quiz: QuizView) -> Authorisation | None:
    """The authorisation that opens this assessment to the person, where one is needed."""
    if quiz.entry.authorisation_id is None:
        return None
    return Authorisation.objects.get(pk=quiz.entry.authorisation_id)
