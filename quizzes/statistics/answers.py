"""What was answered to an item: which answers there were, which of them are right, and who chose them.

Types say into which classes an answer falls (`classify`); each different answer is classified once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from quizzes.bank.models import QuestionVersion
from quizzes.types import registry
from quizzes.types.base import alias
from quizzes.types.markup import plain_text

from .groups import Floats, OptionFigures, option_figures

#: Of open answers the most frequent so many are told apart; the others are too rare to mean anything.
MOST_OPEN = 12
LABEL_LENGTH = 60


@dataclass(frozen=True)
class Option:
    """An option or a common answer: its id, its name on the page, its text, and whether it is right."""

    id: str
    label: str
    text: str
    is_key: bool
    is_listed: bool


@dataclass(frozen=True)
class Choices:
    """The options of an item with their figures, in the order of the author."""

    options: tuple[Option, ...]
    figures: tuple[OptionFigures, ...]
    blank_share: float | None


def choices_of(
    version: QuestionVersion, codes: Any, given: Mapping[int, Any], *, scores: Floats, rest: Floats
) -> Choices:
    """Who chose what, over the attempts that met the item.

    Args:
        version: with its key; what it calls right is taken for right.
        codes: the number of each attempt's answer.
        given: number -> what was answered, canonical; None for a blank.
        scores: of the same attempts, to rank them.
        rest: their score without this item.
    """
    kind = registry.get(version.type)
    presentation = kind.Presentation.model_validate(version.presentation)
    key = kind.Key.model_validate(version.answer_key.key)
    distinct, which, counts = np.unique(codes, return_inverse=True, return_counts=True)
    classes: list[list[str]] = []
    right = set(kind.classify(presentation, key, kind.correct_answer(key)))
    for code in distinct.tolist():
        if given.get(code) is None:
            classes.append([])
            continue
        answer = kind.Answer.model_validate(given[code])
        found = kind.classify(presentation, key, answer)
        classes.append(found)
        # An answer that is one class as a whole is right if it earns everything: a number within its tolerance.
        if len(found) == 1 and kind.grade(key, answer).fraction == 1:
            right.update(found)
    ids, listed = _shown(version.presentation, classes, counts.tolist(), right)
    table = np.array([[identity in found for identity in ids] for found in classes], dtype=np.bool_)
    chosen = table.reshape(len(distinct), len(ids))[which.reshape(-1)]
    blank = np.array([not found for found in classes], dtype=np.bool_)[which.reshape(-1)]
    texts = _texts(version.presentation)
    return Choices(
        options=tuple(
            Option(identity, *_names(identity, place, texts, identity in listed), identity in right, identity in listed)
            for place, identity in enumerate(ids)
        ),
        figures=option_figures(ids, chosen, scores=scores, rest=rest),
        blank_share=100 * float(blank.mean()) if len(blank) and not kind.marked_by_person else None,
    )


def key_of(version: QuestionVersion) -> tuple[str, float | None]:
    """The right answer in one line, and what blind guessing earns (0 to 1) where that has a meaning."""
    kind = registry.get(version.type)
    presentation = kind.Presentation.model_validate(version.presentation)
    key = kind.Key.model_validate(version.answer_key.key)
    chance = kind.chance(presentation, key)
    return kind.summarise(presentation, kind.correct_answer(key)), None if chance is None else float(chance)


def _shown(
    presentation: Mapping[str, Any], classes: Sequence[list[str]], counts: Sequence[int], right: set[str]
) -> tuple[list[str], set[str]]:
    """Ids of the options to report, and which of them a candidate could pick from a list."""
    listed = [row["id"] for name in ("choices", "regions") for row in presentation.get(name, ())]
    frequency: dict[str, int] = dict.fromkeys(right, 0)
    for found, count in zip(classes, counts, strict=True):
        for identity in found:
            frequency[identity] = frequency.get(identity, 0) + count
    others = sorted(set(frequency) - set(listed), key=lambda identity: (-frequency[identity], identity))
    kept = [identity for place, identity in enumerate(others) if place < MOST_OPEN or identity in right]
    if not listed:
        kept.sort(key=lambda identity: (identity not in right, -frequency[identity], identity))
    return [*listed, *kept], set(listed)


def _texts(presentation: Any) -> dict[str, str]:
    """Id -> text of everything in a presentation that has both."""
    texts: dict[str, str] = {}
    if isinstance(presentation, Mapping):
        if isinstance(presentation.get("id"), str):
            texts[presentation["id"]] = plain_text(str(presentation.get("html") or presentation.get("text") or ""))
        for value in presentation.values():
            texts |= _texts(value)
    elif isinstance(presentation, list | tuple):
        for value in presentation:
            texts |= _texts(value)
    return texts


def _names(identity: str, place: int, texts: Mapping[str, str], is_listed: bool) -> tuple[str, str]:
    """What an option is called in a sentence, and its text."""
    text = " → ".join(texts.get(part) or part for part in identity.split(":"))
    if not is_listed:
        return _short(text), text
    letter = alias("choices", place).upper()
    return (f"{letter} ({_short(text)})" if text else letter), text


def _short(text: str) -> str:
    return text if len(text) <= LABEL_LENGTH else f"{text[: LABEL_LENGTH - 1]}…"
