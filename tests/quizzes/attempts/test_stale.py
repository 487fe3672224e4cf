"""An answer from an outdated page is refused, and the refusal is on record."""

from __future__ import annotations

from typing import Any

import pytest

from quizzes.attempts.exceptions import NewerResponse
from quizzes.attempts.models import AttemptEvent, Response

pytestmark = pytest.mark.django_db


def test_a_refused_answer_from_an_outdated_page_is_told_in_the_record(
    quiz_of: Any, begin: Any, answer: Any, now: Any
) -> None:
    attempt = begin(quiz_of(["single_choice", "numeric"]))
    answer(attempt, 1, answer={"choice": "a"}, expected_revision=0)
    with pytest.raises(NewerResponse):
        answer(attempt, 1, answer={"choice": "b"}, expected_revision=0)
    event = AttemptEvent.objects.get(attempt=attempt, type="stale_answer")
    assert (event.data, event.by, event.at) == ({"slot": 1, "expected": 0, "have": 1}, attempt.candidate, now)
    assert Response.objects.get(item__attempt=attempt).data is not None


def test_what_is_taken_leaves_no_such_event(quiz_of: Any, begin: Any, answer: Any) -> None:
    attempt = begin(quiz_of(["single_choice"]))
    answer(attempt, 1, answer={"choice": "a"}, expected_revision=0)
    answer(attempt, 1, answer={"choice": "b"}, expected_revision=1)
    assert not AttemptEvent.objects.filter(type="stale_answer").exists()
