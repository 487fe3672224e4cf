"""Asking the next card, and taking the answer to it."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from quizzes.attempts.odd_values import refuse_odd_values
from quizzes.bank.models import Question, QuestionVersion
from quizzes.types import registry

from . import schedule
from .exceptions import CardNotShown, RatingDoesNotFit, RatingIsFinal
from .judging import Shown, canonical, fraction_of
from .models import PracticeCard, PracticeReview
from .queries import NEW_PER_DAY, askable, due_cards, learned_objectives, new_today, reviews_of, weakness
from .retakes import Focus, focused_question

#: For so long after an answer the person may say how well it was remembered.
RATE_WITHIN_SECONDS = 3600


# Asking -------------------------------------------------------------------------------------------------------------


def next_card(*, focus: Focus | None = None, by: Any, at: datetime) -> PracticeCard | None:
    """The card to answer now, with what is shown of it; None when nothing is due.

    A card that was shown and left open comes again as it was. After it what is due longest, then new cards, up to
    `NEW_PER_DAY` a day and the weakest objectives first. With a focus only its objectives are asked, in its order: a
    retake must not wait for a day or for a memory to fade, so neither the limit nor the due date counts there.
    """
    if focus is not None:
        question = focused_question(focus, by, at)
    else:
        objectives = learned_objectives(by)
        due = due_cards(by, objectives, at).values_list("question_id", flat=True).first()
        question = due if due is not None else _new_question(objectives, by, at)
    return None if question is None else _show(question, by, at)


def _new_question(objectives: Sequence[str], user: Any, at: datetime) -> int | None:
    if new_today(user, at) >= NEW_PER_DAY:
        return None
    begun = _cards_by_objective(user)
    weak = weakness(user)
    unmet = askable(user, objectives).exclude(practice_cards__user=user).values_list("pk", "objective__code", "code")
    ordered = sorted(unmet, key=lambda row: (begun.get(row[1], 0), weak.get(row[1], Decimal(1)), row[1], row[2]))
    return ordered[0][0] if ordered else None


def _cards_by_objective(user: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for code in PracticeCard.objects.filter(user=user).values_list("question__objective__code", flat=True):
        found[code] = found.get(code, 0) + 1
    return found


def _show(question_id: int, user: Any, at: datetime) -> PracticeCard:
    """Put the current version on the person's card, arranged; what is shown already stays as it is."""
    question = Question.objects.select_related("current_version__picture").get(pk=question_id)
    version = question.current_version
    if version is None:
        raise CardNotShown
    with transaction.atomic():
        card = _locked_card(question, user, at)
        if card.shown_version_id != version.pk:
            card.shown_version, card.shown_arrangement = version, _arranged(version)
            card.save(update_fields=["shown_version", "shown_arrangement"])
        card.question, card.shown_version = question, version
    return card


def _locked_card(question: Question, user: Any, at: datetime) -> PracticeCard:
    rows = PracticeCard.objects.select_for_update().filter(user=user, question=question)
    card = rows.first()
    if card is None:
        try:
            with transaction.atomic():
                card = PracticeCard.objects.create(
                    user=user, question=question, memory=schedule.new_memory(), due_at=at, created_at=at
                )
        except IntegrityError:
            # Another page of the same person was quicker.
            card = rows.get()
    return card


def _arranged(version: QuestionVersion) -> dict[str, list[str]]:
    kind = registry.get(version.type)
    # A fresh order each time, so that a place is not learned instead of an answer.
    rng = random.Random(secrets.token_hex(16))  # noqa: S311
    return kind.arrange(kind.Presentation.model_validate(version.presentation), rng)


# Answering ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """An answer as it was stored, with its card."""

    review: PracticeReview
    card: PracticeCard


def review_card(
    *, card_uuid: Any, answer: Any, rating: int | None = None, token: str | None = None, by: Any, at: datetime
) -> Judged:
    """Take the answer to the card that was shown, judge it, and say when the card comes back. `answer=None` gives up.

    The card is locked, and showing ends with the answer: the same answer sent twice is stored once, and the second
    call raises `CardNotShown`. So does an answer to a question that an open attempt asks by now, as its feedback would
    be the key, and one with the `token` of an older showing. A rating of the person's own moves to the nearest one
    that agrees with right and wrong. Raises `InvalidAnswer` or `PracticeCard.DoesNotExist` too.
    """
    with transaction.atomic():
        card = PracticeCard.objects.select_for_update().get(uuid=card_uuid, user=by)
        refuse_odd_values(answer)
        if card.shown_version_id is None:
            raise CardNotShown(_("This card was answered already."))
        version = QuestionVersion.objects.select_related("answer_key", "picture").get(pk=card.shown_version_id)
        shown = Shown(version, card.shown_arrangement or {})
        if token is not None and token != shown.token:
            raise CardNotShown(_("This card was answered in another window."))
        if not askable(by).filter(pk=card.question_id).exists():
            raise CardNotShown(_("This question cannot be practised now. You may have it in an attempt that is open."))
        data = canonical(shown, answer)
        fraction = fraction_of(shown, data)
        rated = schedule.rating_for(fraction, rating)
        scheduled = schedule.review(card.memory, rated, at)
        review = PracticeReview.objects.create(
            card=card,
            version=version,
            arrangement=shown.arrangement,
            data=data,
            fraction=fraction,
            rating=rated,
            at=at,
            due_at=scheduled.due_at,
        )
        card.memory, card.due_at = scheduled.memory, scheduled.due_at
        card.shown_version, card.shown_arrangement = None, None
        card.save(update_fields=["memory", "due_at", "shown_version", "shown_arrangement"])
    return Judged(review, card)


def rate_review(*, review_uuid: Any, rating: int, by: Any, at: datetime) -> PracticeReview:
    """Say how well the last answer was remembered: a further row with the moment of the answer takes its place.

    Only within the hour, while the card was not shown again, and with a rating that fits what the answer was worth.
    Raises `RatingDoesNotFit`, `RatingIsFinal` or `PracticeReview.DoesNotExist`.
    """
    with transaction.atomic():
        asked = PracticeReview.objects.get(uuid=review_uuid, card__user=by)
        card = PracticeCard.objects.select_for_update().get(pk=asked.card_id)
        rows = reviews_of(card)
        last = rows[-1]
        if rating not in schedule.ratings_for(last.fraction or Decimal(0)):
            raise RatingDoesNotFit(errors={"rating": [_("This rating does not fit the answer.")]})
        is_late = (at - last.at).total_seconds() > RATE_WITHIN_SECONDS
        if last.at != asked.at or card.shown_version_id is not None or is_late:
            raise RatingIsFinal
        if rating == last.rating:
            return last
        counted = schedule.in_force([(row.rating, row.at) for row in rows])
        scheduled = schedule.review(schedule.replay(counted[:-1]), rating, last.at)
        further = PracticeReview.objects.create(
            card=card,
            version_id=last.version_id,
            arrangement=last.arrangement,
            data=last.data,
            fraction=last.fraction,
            rating=rating,
            at=last.at,
            due_at=scheduled.due_at,
        )
        card.memory, card.due_at = scheduled.memory, scheduled.due_at
        card.save(update_fields=["memory", "due_at"])
    return further
