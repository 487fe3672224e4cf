"""The audit of regrades: it judges each of them again, and finds what was changed behind its back."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from quizzes.attempts.models import Attempt
from quizzes.grading.audit import audit_scores
from quizzes.grading.models import Grade, Regrade
from quizzes.grading.regrades import undo_regrade
from tests.quizzes.grading.regrading import choice, correct_key, grades, in_force, regrade
from tests.quizzes.grading.test_audit import tamper
from tests.quizzes.making import make_assessment, make_question, right

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def findings() -> set[str]:
    return {row.what for row in audit_scores()}


@pytest.fixture
def attempt(begin: Any, answer: Any, hand_in: Any) -> Attempt:
    """Two questions; the first is answered as the corrected key will have it."""
    found = begin(make_assessment(questions=[make_question(), make_question()]))
    answer(found, 1, answer=choice(found, 2))
    answer(found, 2, answer=right(found, 2))
    hand_in(found)
    return found


@pytest.fixture
def regraded(attempt: Attempt, others: Any, now: datetime) -> Regrade:
    question = attempt.items.get(slot=1).version.question
    done = regrade(
        attempt.assessment, question, "new_key", others, now + HOUR, to_version=correct_key(question, 2, now)
    )
    assert not findings()
    return done


@pytest.mark.parametrize(
    "columns",
    [
        {"fraction": Decimal("0.5"), "mark": Decimal("0.5")},
        {"excluded": True},
    ],
)
def test_a_tampered_regrade_is_found(attempt: Attempt, regraded: Regrade, columns: dict[str, Any]) -> None:
    tamper(grades(attempt)[-1], **columns)
    assert "slot 1" in findings()


def test_another_key_than_that_of_the_regrade_is_found(attempt: Attempt, regraded: Regrade) -> None:
    tamper(grades(attempt)[-1], answer_key_id=grades(attempt)[0].answer_key_id)
    assert findings() == {"slot 1"}


def test_the_grade_before_the_regrade_is_judged_too(attempt: Attempt, regraded: Regrade) -> None:
    tamper(grades(attempt)[0], fraction=Decimal("0.5"), mark=Decimal("0.5"))
    assert findings() == {"slot 1, earlier grade 1"}


def test_a_regrade_that_nobody_approved_is_found(attempt: Attempt, regraded: Regrade) -> None:
    tamper(regraded, approved_at=None)
    assert "slot 1" in findings()


def test_a_regrade_of_another_method_is_found(attempt: Attempt, regraded: Regrade) -> None:
    tamper(regraded, method="drop_item")
    assert findings() == {"slot 1"}


def test_a_tampered_undoing_is_found(attempt: Attempt, regraded: Regrade, others: Any, now: datetime) -> None:
    undo_regrade(regrade=regraded, reason="x", by=others["admin"], at=now)
    assert not findings()
    tamper(grades(attempt)[-1], fraction=Decimal(1), mark=Decimal(1))
    assert "slot 1" in findings()


def test_an_excluded_item_without_a_regrade_is_found(attempt: Attempt, now: datetime) -> None:
    Grade.objects.create(
        item=attempt.items.get(slot=1), source="auto", fraction=0, mark=0, excluded=True, at=now,
        response=grades(attempt)[0].response, answer_key=grades(attempt)[0].answer_key,
    )  # fmt: skip
    assert {"slot 1", "score"} <= findings()


def test_a_result_that_still_counts_a_dropped_item_is_found(attempt: Attempt, others: Any, now: datetime) -> None:
    question = attempt.items.get(slot=1).version.question
    regrade(attempt.assessment, question, "drop_item", others, now)
    assert (in_force(attempt).maximum, findings()) == (1, set())
    tamper(in_force(attempt), maximum=Decimal(2), percent=Decimal(50))
    assert {"score", "percent"} <= findings()
