"""Practice as people and programs see it. What asks holds no key; what explains is made of reviews only."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from lms.core.ports import lessons_for
from lms.knowledge.api import Claim, objectives_by_code
from quizzes.bank.models import QuestionVersion
from quizzes.types import registry

from . import schedule
from .judging import Shown, aliased, explanation, interaction_of
from .models import PracticeCard, PracticeReview


def moment(value: datetime) -> str:
    """ISO 8601 in UTC."""
    return value.isoformat().replace("+00:00", "Z")


def shown_of(card: PracticeCard) -> Shown:
    """What the card shows now."""
    assert card.shown_version is not None  # noqa: S101 - asked only of cards that were just shown
    return Shown(card.shown_version, card.shown_arrangement or {})


def shown_in(review: PracticeReview) -> Shown:
    """What was shown when this was answered."""
    return Shown(review.version, review.arrangement)


def picture_token(card: PracticeCard, picture_id: int | None) -> str:
    """A name for a picture that holds for one card and tells nothing."""
    message = f"practice/{card.uuid}/{picture_id}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()[:32]


def item_data(card: PracticeCard, shown: Shown) -> dict[str, Any]:
    """A question as the API gives it in attempts too: key-free by construction."""
    version = shown.version
    data: dict[str, Any] = {
        "slot": 1,
        "type": version.type,
        "stem_html": version.stem_html,
        "max_score": 1.0,
        "interaction": interaction_of(shown),
        "response": None,
    }
    if version.stimulus_html:
        data["stimulus_html"] = version.stimulus_html
    if version.picture:
        picture = {
            "src": reverse("practice:picture", args=[card.uuid, picture_token(card, version.picture_id)]),
            "width": version.picture.width,
            "height": version.picture.height,
            "alt": version.picture.alt,
        }
        if registry.get(version.type).uses_picture:
            data["interaction"]["image"] = picture
        else:
            data["picture"] = picture
    return data


def card_data(card: PracticeCard) -> dict[str, Any]:
    """The card to answer, for the API."""
    return {"card": str(card.uuid), "item": item_data(card, shown_of(card))}


def review_data(review: PracticeReview, card: PracticeCard) -> dict[str, Any]:
    """What an answer was worth and why, when the card comes back, and where to read on; for the API."""
    score = float(review.fraction or 0)
    return {
        "card": str(card.uuid),
        "score": score,
        "max_score": 1.0,
        "rating": review.rating,
        "due": moment(review.due_at),
        "feedback": {"score": score, **explanation(shown_in(review), review.data)},
        **reading_on(review.version),
    }


def reading_on(version: QuestionVersion) -> dict[str, list[dict[str, str]]]:
    """What a question asks of the learner, the lessons that teach it, and the sources behind it."""
    objectives = objectives_by_code([version.objective_code])
    claims = Claim.objects.filter(code__in=version.claim_codes, is_retired=False).prefetch_related("sources")
    sources = {source.code: source for claim in claims for source in claim.source_list}
    return {
        "objectives": [{"code": row.code, "text": row.text} for row in objectives.values()],
        "lessons": [
            {"code": lesson["code"], "title": lesson["title"], "url": lesson["url"]}
            for lesson in lessons_for([version.objective_code])
        ],
        "sources": [
            {"code": code, "citation": sources[code].citation, "url": sources[code].url} for code in sorted(sources)
        ],
    }


# Pages --------------------------------------------------------------------------------------------------------------


def question_context(card: PracticeCard) -> dict[str, Any]:
    """`item` for the templates that ask."""
    shown = shown_of(card)
    template = f"quizzes/interactions/{shown.version.type}.html"
    return {**item_data(card, shown), "answer": None, "is_locked": False, "template": template, "token": shown.token}


def review_context(review: PracticeReview) -> dict[str, Any]:
    """`item` for the templates that explain."""
    shown = shown_in(review)
    told = explanation(shown, review.data)
    return {
        **item_data(review.card, shown),
        "answer": aliased(shown, review.data),
        "is_locked": True,
        "correct": told["correct_answer"],
        "feedback": told["choice_feedback"],
        "drawing": told.get("drawing"),
        "rationale_html": told["rationale_html"],
        "fraction": None if review.fraction is None else float(review.fraction),
        "rationale_template": f"quizzes/rationale/{shown.version.type}.html",
    }


def rating_choices(review: PracticeReview) -> Sequence[dict[str, Any]]:
    """The ratings that fit this answer."""
    return [
        {"value": rating.value, "name": rating.name.lower(), "is_given": rating == review.rating}
        for rating in schedule.ratings_for(review.fraction or Decimal(0))
    ]
