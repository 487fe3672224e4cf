"""Finalising what nobody will submit any more: any number of times, and one fault does not stop the rest."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from quizzes.attempts.commands import seal_if_overdue, submit_attempt, void_attempt
from quizzes.attempts.models import Attempt, AttemptEvent
from quizzes.grading.models import Result
from quizzes.grading.sweep import finalise_overdue
from tests.quizzes.making import right

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_an_overdue_attempt_is_sealed_and_graded_with_what_was_saved(
    quiz_of: Any, begin: Any, answer: Any, now: Any
) -> None:
    attempt = begin(quiz_of(["single_choice", "numeric"], time_limit=HOUR))
    answer(attempt, 1, answer=right(attempt))
    assert finalise_overdue(at=now + HOUR + timedelta(seconds=5)) == (0, 0), "the grace is the candidate's"
    assert finalise_overdue(at=now + HOUR + timedelta(seconds=6)) == (1, 1)
    attempt.refresh_from_db()
    assert (attempt.submitted_how, attempt.finished_at) == ("deadline", now + HOUR)
    assert Result.objects.get(attempt=attempt).raw == 1
    assert finalise_overdue(at=now + 5 * HOUR) == (0, 0)
    assert AttemptEvent.objects.filter(attempt=attempt, type="submitted").count() == 1


def test_what_was_sealed_and_not_graded_is_graded(quiz_of: Any, begin: Any, student: Any, now: Any) -> None:
    one, other = begin(quiz_of(["numeric"])), begin(quiz_of(["numeric"], time_limit=HOUR))
    submit_attempt(attempt=one, by=student, at=now)
    seal_if_overdue(attempt=other, at=now + 2 * HOUR)
    assert finalise_overdue(at=now + 2 * HOUR) == (0, 2)
    assert Result.objects.count() == 2


def test_open_paused_and_void_attempts_are_left_alone(quiz_of: Any, begin: Any, others: Any, now: Any) -> None:
    untimed = begin(quiz_of(["numeric"]))
    paused = begin(quiz_of(["numeric"], time_limit=HOUR))
    void = begin(quiz_of(["numeric"], time_limit=HOUR))
    Attempt.objects.filter(pk=paused.pk).update(paused_at=now)
    void_attempt(attempt=void, reason="Disturbed", by=others["examiner"], at=now)
    assert finalise_overdue(at=now + 9 * HOUR) == (0, 0)
    assert set(Attempt.objects.open()) == {untimed, paused}


def test_one_attempt_that_cannot_be_graded_does_not_keep_the_others_waiting(
    quiz_of: Any, begin: Any, answer: Any, now: Any, monkeypatch: pytest.MonkeyPatch, make_user: Any
) -> None:
    from quizzes.types import registry

    quiz = quiz_of(["numeric"], time_limit=HOUR)
    people = [make_user(f"candidate-{number}") for number in range(3)]
    attempts = [begin(quiz, by=person) for person in people]
    for number, attempt in enumerate(attempts):
        answer(attempt, answer={"value": number})
    known = dict(registry.types_by_slug())

    class Faulty(type(known["numeric"])):  # type: ignore[misc]
        def grade(self, key: Any, answer: Any) -> Any:
            if answer.value == 1:
                raise RuntimeError("a fault in a question type")
            return super().grade(key, answer)

    with monkeypatch.context() as patched:
        patched.setattr(registry, "types_by_slug", lambda: {**known, "numeric": Faulty()})
        assert finalise_overdue(at=now + 2 * HOUR) == (3, 2)
    assert not Attempt.objects.open().exists(), "sealing never depends on grading"
    assert not Result.objects.filter(attempt=attempts[1]).exists()
    assert finalise_overdue(at=now + 2 * HOUR) == (0, 1), "the next run tries it again"


def test_the_command_may_be_run_at_any_time(quiz_of: Any, begin: Any, now: Any) -> None:
    begin(quiz_of(["numeric"], time_limit=HOUR), at=now - timedelta(days=400))
    said = []
    for _ in range(2):
        out = StringIO()
        call_command("finalise_attempts", stdout=out)
        said.append(out.getvalue())
    assert said == ["1 submitted, 1 graded\n", "0 submitted, 0 graded\n"]
