"""`manage.py regrade`: shows first, applies when told to, and does so once."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from quizzes.grading.audit import audit_scores
from quizzes.grading.models import Grade, Regrade
from tests.quizzes.grading.regrading import choice, correct_key, in_force, scores
from tests.quizzes.making import make_assessment, make_question, right

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Any:
    out = StringIO()
    call_command("regrade", *arguments, stdout=out)
    return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()


@pytest.fixture
def attempts(make_user: Any, begin: Any, answer: Any, hand_in: Any) -> list[Any]:
    """Two miskeyed questions of four, and two candidates: one answers as the old keys want, one as the new ones."""
    questions = [make_question() for _ in range(4)]
    quiz = make_assessment("keys", questions=questions, cut_percent=75)
    made = []
    for number, place in enumerate((1, 2)):
        attempt = begin(quiz, by=make_user(f"candidate-{number}"))
        for slot in (1, 2):
            answer(attempt, slot, answer=choice(attempt, place, slot))
        for slot in (3, 4):
            answer(attempt, slot, answer=right(attempt, slot))
        hand_in(attempt)
        made.append(attempt)
    return made


def correct_two(attempts: list[Any], now: Any) -> list[str]:
    questions = [attempts[0].items.get(slot=slot).version.question for slot in (1, 2)]
    for question in questions:
        correct_key(question, 2, now)
    return [question.code for question in questions]


def test_it_shows_whose_score_would_change_and_changes_nothing(attempts: list[Any], now: Any) -> None:
    assert run("keys", "--json") == {"changes": [], "applied": False}
    first, second = correct_two(attempts, now)
    uuid = str(attempts[1].uuid)
    expected = [
        {"attempt": uuid, "question": first, "old_score": 2.0, "new_score": 3.0, "old_percent": 50.0,
         "new_percent": 75.0, "passed_before": False, "passed_after": True},
        {"attempt": uuid, "question": second, "old_score": 3.0, "new_score": 4.0, "old_percent": 75.0,
         "new_percent": 100.0, "passed_before": True, "passed_after": True},
    ]  # fmt: skip
    assert run("keys", "--json") == {"changes": expected, "applied": False}
    assert run("keys", "--json") == {"changes": expected, "applied": False}
    assert not Regrade.objects.exists()
    assert scores(attempts) == [4, 2]
    assert run("keys", "--apply", "--json") == {"changes": expected, "applied": True}
    assert scores(attempts) == [4, 4]
    assert not list(audit_scores())


def test_applied_once_there_is_nothing_left_to_do(attempts: list[Any], now: Any) -> None:
    correct_two(attempts, now)
    assert "2 changes, applied" in run("keys", "--apply")
    counted = Grade.objects.count()
    assert run("keys", "--apply") == "No score changes.\n"
    assert Grade.objects.count() == counted
    assert {(row.proposed_by, row.approved_by, row.never_lower) for row in Regrade.objects.all()} == {
        (None, None, True)
    }


def test_scores_fall_only_where_the_operator_says_so(attempts: list[Any], now: Any) -> None:
    correct_two(attempts, now)
    lowered = {row["attempt"] for row in run("keys", "--may-lower", "--json")["changes"]}
    assert lowered == {str(attempt.uuid) for attempt in attempts}
    run("keys", "--may-lower", "--apply")
    assert scores(attempts) == [2, 4]
    assert not in_force(attempts[0]).passed
    assert not list(audit_scores())


def test_a_version_that_shows_something_else_changes_nothing(attempts: list[Any], now: Any) -> None:
    question = attempts[0].items.get(slot=1).version.question
    correct_key(question, 2, now, stem="<p>Something else?</p>")
    assert run("keys", "--json")["changes"] == []


def test_the_text_says_what_would_happen(attempts: list[Any], now: Any) -> None:
    correct_two(attempts, now)
    text = run("keys")
    assert f"{attempts[1].uuid}" in text
    assert "2.0 -> 3.0 (50.0 % -> 75.0 %), passed: True" in text
    assert "2 changes, nothing was changed; --apply applies this" in text


def test_an_unknown_quiz_is_a_plain_fault() -> None:
    with pytest.raises(CommandError, match="no quiz 'nothing'"):
        run("nothing")
