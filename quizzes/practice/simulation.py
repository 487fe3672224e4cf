"""Synthetic learners: practise through the commands that real practice uses. For demonstrations, never live."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from quizzes.bank.models import QuestionVersion
from quizzes.grading.simulation import right_answer, wrong_answer

from .commands import next_card, review_card
from .judging import Shown
from .presenters import shown_of

SECONDS_PER_CARD = 45


def practise(*, cards: int, chance_right: float, rng: random.Random, by: Any, at: datetime) -> datetime:
    """Answer up to `cards` cards, each right with probability `chance_right`. Returns when the last was answered."""
    moment = at
    for _number in range(cards):
        card = next_card(by=by, at=moment)
        if card is None:
            break
        moment += timedelta(seconds=SECONDS_PER_CARD)
        shown = shown_of(card)
        # The version comes without its key when a card is asked.
        version = QuestionVersion.objects.select_related("answer_key").get(pk=shown.version.pk)
        asked: Any = Shown(version, shown.arrangement)
        answer = right_answer(asked) if rng.random() < chance_right else wrong_answer(asked, rng)
        review_card(card_uuid=card.uuid, answer=answer, by=by, at=moment)
    return moment
