"""Going on after an interruption: what was sealed stays sealed, and nothing that was answered is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from quizzes.attempts.commands import continue_attempt, grant_start, start_attempt, start_preview
from quizzes.attempts.exceptions import CannotContinue, NoAttemptsLeft
from quizzes.attempts.models import Attempt, Response
from quizzes.grading.audit import audit_scores
from quizzes.grading.queries import results_of
from tests.quizzes.making import right, wrong

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def quiz(quiz_of: Any) -> Any:
    return quiz_of(["single_choice", "ordering", "numeric"], time_limit=HOUR, max_attempts=1, shuffle_items=True)


@pytest.fixture
def cut_off(quiz: Any, begin: Any, answer: Any, hand_in: Any, now: Any) -> Attempt:
    """An attempt whose candidate lost the connection for good after two answers."""
    attempt = begin(quiz)
    answer(attempt, 1, answer=wrong(attempt, 1), flagged=True)
    answer(attempt, 2, answer=right(attempt, 2))
    hand_in(attempt, at=now + 2 * HOUR)
    return attempt


def test_the_further_attempt_shows_the_same_and_begins_with_the_answers(
    cut_off: Attempt, others: Any, now: Any, hand_in: Any, answer: Any
) -> None:
    at = now + 3 * HOUR
    further = continue_attempt(
        attempt=cut_off, minutes=20, reason="Server room lost power", by=others["examiner"], at=at
    )
    assert [(item.version_id, item.arrangement) for item in further.items.all()] == [
        (item.version_id, item.arrangement) for item in cut_off.items.all()
    ]
    carried = {row.item.slot: row for row in Response.objects.filter(item__attempt=further).select_related("item")}
    assert {slot: row.data for slot, row in carried.items()} == {
        row.item.slot: row.data for row in Response.objects.filter(item__attempt=cut_off).select_related("item")
    }
    assert carried[1].flagged
    assert {row.input_mode for row in carried.values()} == {"carried"}
    assert further.deadline_at == at + timedelta(minutes=20)
    assert further.continues == cut_off
    answer(further, 1, answer=right(further, 1), at=at)
    assert hand_in(further, at=at).raw == 2
    assert not list(audit_scores())


def test_the_first_one_is_void_and_stays_in_the_record(cut_off: Attempt, others: Any, now: Any) -> None:
    finished = cut_off.finished_at
    continue_attempt(attempt=cut_off, minutes=20, reason="Power cut", by=others["examiner"], at=now + DAY)
    cut_off.refresh_from_db()
    assert (cut_off.finished_at, cut_off.voided_by) == (finished, others["examiner"])
    assert "Power cut" in cut_off.void_reason
    assert results_of(cut_off.candidate, [cut_off.assessment.code]) == []
    assert [event.type for event in cut_off.events.all()][-2:] == ["voided", "continued"]


def test_nothing_is_continued_twice_or_while_it_runs(
    quiz: Any, begin: Any, hand_in: Any, others: Any, now: Any
) -> None:
    attempt, by = begin(quiz), others["examiner"]
    with pytest.raises(CannotContinue):
        continue_attempt(attempt=attempt, minutes=20, reason="Power cut", by=by, at=now)
    hand_in(attempt)
    for minutes, reason in ((0, "Power cut"), (20, " "), (2000, "Power cut")):
        with pytest.raises(CannotContinue):
            continue_attempt(attempt=attempt, minutes=minutes, reason=reason, by=by, at=now)
    continue_attempt(attempt=attempt, minutes=20, reason="Power cut", by=by, at=now)
    with pytest.raises(CannotContinue):
        continue_attempt(attempt=attempt, minutes=20, reason="Power cut", by=by, at=now)
    assert Attempt.objects.filter(assessment=quiz).count() == 2


def test_a_granted_attempt_is_one_more_and_not_for_ever(
    quiz: Any, begin: Any, hand_in: Any, others: Any, student: Any, now: Any
) -> None:
    hand_in(begin(quiz))
    with pytest.raises(NoAttemptsLeft):
        start_attempt(assessment=quiz, by=student, at=now + DAY)
    grant_start(
        candidate=student, assessment=quiz, kind="extra_attempt", reason="Appeal upheld", by=others["examiner"], at=now
    )
    again, is_new = start_attempt(assessment=quiz, by=student, at=now + DAY)
    assert is_new
    hand_in(again, at=now + DAY)
    with pytest.raises(NoAttemptsLeft):
        start_attempt(assessment=quiz, by=student, at=now + 2 * DAY)


def test_a_preview_counts_for_nothing(
    quiz: Any, others: Any, now: Any, hand_in: Any, answer: Any, student: Any
) -> None:
    examiner = others["examiner"]
    preview = start_preview(assessment=quiz, by=examiner, at=now)
    answer(preview, 1, answer=right(preview, 1))
    hand_in(preview)
    assert results_of(examiner, [quiz.code]) == []
    assert not Attempt.objects.counted().filter(assessment=quiz).exists()
    left = start_preview(assessment=quiz, by=examiner, at=now)
    assert start_preview(assessment=quiz, by=examiner, at=now) != left
    left.refresh_from_db()
    assert left.voided_at
