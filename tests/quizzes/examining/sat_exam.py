"""An exam that was sat: what tests of the pages of one attempt and of all attempts share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.attempts.commands import record_response, start_attempt, submit_attempt
from quizzes.attempts.exceptions import AttemptClosed
from quizzes.attempts.models import Attempt
from quizzes.grading.commands import grade_attempt
from tests.quizzes.making import make_assessment, make_bank, make_question, right, wrong


def make_exam(count: int = 3, **fields: Any) -> Any:
    """An exam of single choices."""
    bank = make_bank("sat-exam", "exam")
    questions = [make_question(bank=bank) for _ in range(count)]
    usual = {"kind": "exam", "cut_percent": 75, "time_limit": timedelta(hours=1)}
    return make_assessment(questions=questions, **{**usual, **fields})


def sit(exam: Any, candidate: Any, at: datetime, *, right_slots: tuple[int, ...] = ()) -> Attempt:
    """A handed-in, graded attempt: these slots right, the first of the others wrong, the rest blank."""
    attempt, _new = start_attempt(assessment=exam, seed=candidate.email, by=candidate, at=at)
    slots = list(attempt.items.values_list("slot", flat=True))
    for slot in slots:
        if slot in right_slots:
            send(attempt, slot, right(attempt, slot), at + timedelta(minutes=slot))
    if blank := next((slot for slot in slots if slot not in right_slots), None):
        send(attempt, blank, wrong(attempt, blank), at + timedelta(minutes=30))
    submit_attempt(attempt=attempt, by=candidate, at=at + timedelta(minutes=40))
    grade_attempt(attempt=attempt, at=at + timedelta(minutes=40))
    return attempt


def send(attempt: Attempt, slot: int, answer: Any, at: datetime) -> None:
    """Save an answer by the command; one that comes too late is kept aside."""
    with suppress(AttemptClosed):
        record_response(attempt_uuid=attempt.uuid, slot=slot, answer=answer, by=attempt.candidate, at=at)


@pytest.fixture
def signed_in(others: dict[str, Any]) -> Callable[..., Client]:
    """A browser of somebody: of a person, or of the one with a role."""

    def enter(who: Any) -> Client:
        client = Client()
        client.force_login(others[who] if isinstance(who, str) else who)
        return client

    return enter
