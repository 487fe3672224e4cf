"""A miskeyed question, a cohort that answered it, and its correction: what tests of regrades share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from lms.core.exceptions import DomainError
from quizzes.attempts.models import Attempt
from quizzes.bank.commands import freeze_question
from quizzes.bank.models import Question, QuestionVersion
from quizzes.grading.models import Grade, Regrade, Result
from quizzes.grading.regrades import approve_regrade, propose_regrade
from quizzes.types.base import alias_by_canonical
from tests.quizzes.making import choices, item_at, make_assessment, make_question, rewrite, right

OLD, NEW, NEITHER = 1, 2, 0


def choice(attempt: Attempt, place: int, slot: int = 1) -> dict[str, Any]:
    """The answer that picks the choice at this place of the author's list, as its candidate sends it."""
    item = item_at(attempt, slot)
    identity = item.version.presentation["choices"][place]["id"]
    return {"choice": alias_by_canonical(item.arrangement, "choices")[identity]}


def correct_key(question: Question, place: int, at: datetime, **fields: Any) -> QuestionVersion:
    """Publish the question with another key; everything that candidates see stays as it is."""
    rewrite(question, "single_choice", {"choices": choices([place])}, **fields)
    return freeze_question(question=question, by=None, at=at)


def in_force(attempt: Attempt) -> Result:
    """The result in force."""
    return Result.objects.filter(attempt=attempt).order_by("-id")[0]


def grades(attempt: Attempt, slot: int = 1) -> list[Grade]:
    """The history of an item's grades."""
    return list(Grade.objects.filter(item__attempt=attempt, item__slot=slot).order_by("id"))


def figures(attempt: Attempt) -> tuple[Any, ...]:
    """Everything that an attempt came to."""
    row = in_force(attempt)
    return row.raw, row.maximum, row.percent, row.passed, row.hurdles, row.domains


def scores(attempts: Sequence[Attempt]) -> list[Decimal]:
    """Scores in force, without trailing zeros."""
    return [in_force(attempt).raw.normalize() for attempt in attempts]


def regrade(quiz: Any, question: Question, method: str, others: Any, at: datetime, **given: Any) -> Any:
    """Propose as the examiner and approve as the administrator."""
    proposal = propose_regrade(
        assessment=quiz, question=question, method=method, reason="The key was wrong", by=others["examiner"], at=at,
        **given,
    )  # fmt: skip
    return approve_regrade(regrade=proposal, by=others["admin"], at=at)


@dataclass
class Cohort:
    """A quiz of four questions whose first has a wrong key, and who answered it how."""

    quiz: Any
    question: Question
    attempts: list[Attempt]


@pytest.fixture
def cohort(make_user: Any, begin: Any, answer: Any, hand_in: Any) -> Cohort:
    """Old key, new key, neither, blank; each with two of the three other questions right. The cut is 75 %."""
    questions = [make_question() for _ in range(4)]
    quiz = make_assessment(questions=questions, cut_percent=75)
    attempts = []
    for number, place in enumerate((OLD, NEW, NEITHER, None)):
        attempt = begin(quiz, by=make_user(f"candidate-{number}"), seed=str(number))
        if place is not None:
            answer(attempt, 1, answer=choice(attempt, place))
        for slot in (2, 3):
            answer(attempt, slot, answer=right(attempt, slot))
        hand_in(attempt)
        attempts.append(attempt)
    assert scores(attempts) == [3, 2, 2, 2]
    return Cohort(quiz, questions[0], attempts)


def propose(cohort: Cohort, others: Any, at: datetime, method: str = "new_key", **given: Any) -> Regrade:
    return propose_regrade(
        assessment=cohort.quiz,
        question=cohort.question,
        method=method,
        **{"reason": "The key was wrong", "by": others["examiner"], "at": at, **given},
    )


def refused(code: str, act: Any, *args: Any, **given: Any) -> DomainError:
    with pytest.raises(DomainError) as caught:
        act(*args, **given)
    assert caught.value.code == code
    return caught.value
