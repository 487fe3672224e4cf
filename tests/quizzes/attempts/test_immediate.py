"""Feedback after each answer: a complete answer is final and gets it at once; nothing else does."""

from __future__ import annotations

from typing import Any

import pytest

from quizzes.attempts.models import Attempt, Response
from tests.quizzes.making import SIX_TYPES, right, wrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(quiz_of: Any, begin: Any) -> Attempt:
    return begin(quiz_of(SIX_TYPES, kind="check", feedback="immediate", said="zqsaidqz"))


@pytest.mark.parametrize("slot", range(1, 7))
def test_a_complete_answer_gets_its_feedback_and_is_final(check: Attempt, put: Any, slot: int) -> None:
    answered = right(check, slot)
    saved = put(check, slot, {"answer": answered}).json()
    feedback = saved["feedback"]
    assert (feedback["score"], feedback["correct_answer"]) == (1.0, answered)
    assert feedback["rationale_html"] == "<p>This is why. zqsaidqz</p>"
    for body in ({"answer": wrong(check, slot)}, {"answer": None}, {"flagged": True}):
        refused = put(check, slot, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "response_locked")
    assert Response.objects.filter(item__attempt=check).count() == 1


def test_a_wrong_answer_is_told_what_is_right_and_why(check: Attempt, put: Any) -> None:
    slot = SIX_TYPES.index("single_choice") + 1
    answered = wrong(check, slot)
    feedback = put(check, slot, {"answer": answered}).json()["feedback"]
    assert feedback["score"] == 0.0
    assert feedback["correct_answer"] == right(check, slot) != answered
    assert set(feedback["choice_feedback"]) == {"a", "b", "c", "d"}


def test_a_retry_gets_the_feedback_again(check: Attempt, put: Any) -> None:
    body = {"answer": right(check)}
    first = put(check, 1, body, key="k1").json()
    assert put(check, 1, body, key="k1").json() == first
    assert "feedback" in first


def test_a_locked_answer_is_a_conflict_before_it_is_a_stale_one(check: Attempt, put: Any) -> None:
    put(check, 1, {"answer": right(check)})
    assert put(check, 1, {"answer": None}, revision=0).json()["code"] == "response_locked"
    assert put(check, 1, {"answer": {"pairs": 5}}).json()["code"] == "invalid_answer"


@pytest.mark.parametrize(
    ("slug", "half"),
    [
        ("matching", {"pairs": {"p1": "a"}}),
        ("ordering", {"order": ["e1", "e2"]}),
        ("multiple_response", {"choices": []}),
        ("single_choice", None),
        ("true_false", None),
        ("numeric", None),
    ],
)
def test_an_incomplete_answer_gets_none_and_may_change(check: Attempt, put: Any, slug: str, half: Any) -> None:
    slot = SIX_TYPES.index(slug) + 1
    for body in ({"answer": half}, {"flagged": True}, {"answer": None}):
        saved = put(check, slot, body)
        assert saved.status_code == 200
        assert "feedback" not in saved.json()
    assert "feedback" in put(check, slot, {"answer": right(check, slot)}).json()


def test_one_feedback_says_nothing_of_the_other_questions(check: Attempt, put: Any, api: Any, student: Any) -> None:
    put(check, 1, {"answer": right(check, 1)})
    text = api(student).get(f"/api/v1/attempts/{check.uuid}/").content.decode()
    assert "zqsaidqz" not in text
    assert "zqsaidqz" not in api(student).get(f"/api/v1/attempts/{check.uuid}/review/").content.decode()


@pytest.mark.parametrize("rule", ["after_submit", "never"])
def test_under_any_other_rule_there_is_none_and_nothing_is_final(quiz_of: Any, begin: Any, put: Any, rule: str) -> None:
    attempt = begin(quiz_of(SIX_TYPES, feedback=rule))
    for slot in range(1, 7):
        assert set(put(attempt, slot, {"answer": right(attempt, slot)}).json()) == {
            "slot", "revision", "saved_at", "deadline",
        }  # fmt: skip
        assert put(attempt, slot, {"answer": wrong(attempt, slot)}).json()["revision"] == 2


def test_what_was_locked_is_what_is_graded(check: Attempt, put: Any, hand_in: Any) -> None:
    put(check, 1, {"answer": right(check, 1)})
    put(check, 5, {"answer": wrong(check, 5)})
    result = hand_in(check)
    assert (result.raw, result.maximum) == (1, 6)
