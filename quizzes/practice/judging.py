"""What is shown of a question, and what an answer to exactly that is worth. No query of its own."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from quizzes.attempts.exceptions import InvalidAnswer
from quizzes.bank.models import QuestionVersion
from quizzes.grading.commands import FRACTION_PLACES
from quizzes.types import registry
from quizzes.types.base import AnswerProblem, Arrangement, feedback_by_alias
from quizzes.types.shapes import DrawsRegions


@dataclass(frozen=True)
class Shown:
    """A version in the order in which it was shown."""

    version: QuestionVersion
    arrangement: Arrangement

    @property
    def token(self) -> str:
        """Tells one showing from another. Keyed, since a plain digest would let the order be guessed."""
        said = json.dumps([str(self.version.uuid), self.arrangement], sort_keys=True)
        return hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()[:20]


def interaction_of(shown: Shown) -> dict[str, Any]:
    """The question as pages and the API get it, under aliases."""
    kind = registry.get(shown.version.type)
    return kind.interaction(kind.Presentation.model_validate(shown.version.presentation), shown.arrangement)


def canonical(shown: Shown, answer: Any) -> Any:
    """An answer from outside in canonical ids; None stays None. Raises `InvalidAnswer`."""
    if answer is None:
        return None
    kind = registry.get(shown.version.type)
    presentation = kind.Presentation.model_validate(shown.version.presentation)
    try:
        return kind.parse(presentation, shown.arrangement, answer).model_dump(mode="json")
    except AnswerProblem as problem:
        message = problem.translated(_)
        raise InvalidAnswer(message, errors={problem.field or "answer": [message]}) from problem


def aliased(shown: Shown, data: Any) -> dict[str, Any] | None:
    """The reverse of `canonical`."""
    kind = registry.get(shown.version.type)
    return None if data is None else kind.serialise(shown.arrangement, kind.Answer.model_validate(data))


def from_form(shown: Shown, form: Any) -> dict[str, Any] | None:
    """A posted form in the shape of an API answer; None when left blank."""
    kind = registry.get(shown.version.type)
    return kind.parse_form(kind.Presentation.model_validate(shown.version.presentation), shown.arrangement, form)


def fraction_of(shown: Shown, data: Any) -> Decimal:
    """What an answer is worth, 0 to 1; a blank is worth 0. Needs `version__answer_key`."""
    if data is None:
        return Decimal(0)
    kind = registry.get(shown.version.type)
    key = kind.Key.model_validate(shown.version.answer_key.key)
    fraction = kind.grade(key, kind.Answer.model_validate(data)).fraction
    if fraction is None:
        raise InvalidAnswer(_("This answer must be read by a person."))
    return fraction.quantize(FRACTION_PLACES, ROUND_HALF_UP)


def explanation(shown: Shown, data: Any) -> dict[str, Any]:
    """The key in aliases, what is said of each choice, why, perhaps a drawing. Only for an answer that is final."""
    kind = registry.get(shown.version.type)
    key = kind.Key.model_validate(shown.version.answer_key.key)
    answer = None if data is None else kind.Answer.model_validate(data)
    told: dict[str, Any] = {
        "correct_answer": kind.serialise(shown.arrangement, kind.correct_answer(key)),
        "rationale_html": shown.version.answer_key.rationale_html,
        "choice_feedback": feedback_by_alias(shown.arrangement, kind.choice_feedback(key, answer)),
    }
    if isinstance(kind, DrawsRegions):
        told["drawing"] = kind.drawing(shown.arrangement, key, answer)
    return told
