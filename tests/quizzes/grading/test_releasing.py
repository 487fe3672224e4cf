"""Held results: released together or singly, once, and by nobody for themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from quizzes.attempts.commands import submit_attempt, void_attempt
from quizzes.grading.held import release_results, waiting_results
from quizzes.grading.models import Result
from quizzes.grading.signals import result_recorded
from tests.quizzes.grading.regrading import in_force, regrade
from tests.quizzes.making import make_assessment, make_question

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def held(make_user: Any, begin: Any, hand_in: Any) -> list[Any]:
    quiz = make_assessment(questions=[make_question()], results="held")
    attempts = [begin(quiz, by=make_user(f"candidate-{number}")) for number in range(4)]
    for attempt in attempts:
        hand_in(attempt)
    return attempts


def test_all_that_wait_are_released_at_once(held: list[Any], others: Any, now: Any) -> None:
    heard: list[Any] = []

    def listen(sender: Any, result: Any, **kwargs: Any) -> None:
        heard.append((result.attempt_id, result.released_at))

    quiz = held[0].assessment
    assert waiting_results(quiz).count() == 4
    result_recorded.connect(listen)
    try:
        assert release_results(assessment=quiz, by=others["examiner"], at=now + HOUR) == 4
        assert release_results(assessment=quiz, by=others["admin"], at=now + 2 * HOUR) == 0
    finally:
        result_recorded.disconnect(listen)
    assert heard == [(attempt.pk, now + HOUR) for attempt in held]
    assert {(row.released_by, row.released_at) for row in Result.objects.all()} == {(others["examiner"], now + HOUR)}
    assert not waiting_results(quiz).exists()


def test_some_are_released_and_the_others_wait(held: list[Any], others: Any, now: Any) -> None:
    assert release_results(assessment=held[0].assessment, attempts=held[:2], by=others["examiner"], at=now) == 2
    assert [in_force(attempt).released_at for attempt in held] == [now, now, None, None]


def test_nobody_releases_their_own_and_void_attempts_have_nothing_to_release(
    held: list[Any], others: Any, now: Any
) -> None:
    void_attempt(attempt=held[3], reason="Disturbed", by=others["examiner"], at=now)
    assert release_results(assessment=held[0].assessment, by=held[0].candidate, at=now) == 2
    assert [in_force(attempt).released_at for attempt in held] == [None, now, now, None]


def test_the_result_in_force_is_released_and_what_it_replaced_is_not(held: list[Any], others: Any, now: Any) -> None:
    quiz = held[0].assessment
    regrade(quiz, held[0].items.get().version.question, "full_credit", others, now)
    assert waiting_results(quiz).count() == 4
    assert release_results(assessment=quiz, by=others["examiner"], at=now + HOUR) == 4
    assert Result.objects.filter(released_at=None).count() == 4
    assert {in_force(attempt).raw for attempt in held} == {1}


def test_another_assessment_and_an_ungraded_attempt_are_left_alone(
    held: list[Any], others: Any, begin: Any, student: Any, now: Any
) -> None:
    submit_attempt(attempt=begin(held[0].assessment), by=student, at=now)
    other = make_assessment(questions=[make_question()], results="held")
    assert release_results(assessment=other, by=others["examiner"], at=now) == 0
    assert release_results(assessment=other, attempts=held, by=others["examiner"], at=now) == 0
    assert waiting_results(held[0].assessment).count() == 4
