"""What the tests of practice share: lessons that were completed, and answers to cards."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from quizzes.bank.models import QuestionVersion
from quizzes.grading.simulation import right_answer, wrong_answer
from quizzes.practice.commands import review_card
from quizzes.practice.judging import Shown
from quizzes.practice.models import PracticeCard
from quizzes.types.registry import all_types

#: Every kind of question that practice may ask.
BY_MACHINE = [kind.slug for kind in all_types() if not kind.marked_by_person]


@pytest.fixture
def learned(db: None) -> Iterator[Callable[..., None]]:
    """Say which objectives a person has learned, by the port that lessons use."""
    from lms.core.ports import practice_pool

    codes: dict[int, set[str]] = {}

    def theirs(user: Any) -> set[str]:
        return codes.get(user.pk, set())

    def learn(user: Any, *objectives: str) -> None:
        codes.setdefault(user.pk, set()).update(objectives)

    practice_pool.register(theirs)
    yield learn
    practice_pool.answers.remove(theirs)


def answer_to(card: PracticeCard, is_right: bool) -> Any:
    """What the person would send for the card as it is shown now."""
    card.refresh_from_db()
    version = QuestionVersion.objects.select_related("answer_key").get(pk=card.shown_version_id)
    shown: Any = Shown(version, card.shown_arrangement or {})
    return right_answer(shown) if is_right else wrong_answer(shown, random.Random(0))


@pytest.fixture
def reply(now: datetime) -> Callable[..., Any]:
    """Answer a card that is shown: `reply(card, right=False, at=…)`; gives the review."""

    def send(card: PracticeCard, *, right: bool = True, at: datetime | None = None, **given: Any) -> Any:
        return review_card(
            card_uuid=card.uuid, answer=answer_to(card, right), by=card.user, at=at or now, **given
        ).review

    return send
