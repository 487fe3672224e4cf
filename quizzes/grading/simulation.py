"""Synthetic candidates: answer a running attempt through the command that real answers use."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from quizzes.attempts.commands import record_response
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.types import registry

SECONDS_PER_ITEM = 40


def answer_attempt(*, attempt: Attempt, chance_right: float, rng: random.Random, by: Any, at: datetime) -> datetime:
    """Answer every item, each right with probability `chance_right`; else with a wrong or blank answer.

    Returns the moment of the last answer. For demonstrations and statistics, never on a live instance.
    """
    moment = at
    items = AttemptItem.objects.filter(attempt=attempt).select_related("version__answer_key").order_by("slot")
    for item in items:
        moment += timedelta(seconds=SECONDS_PER_ITEM)
        answer = right_answer(item) if rng.random() < chance_right else wrong_answer(item, rng)
        record_response(
            attempt_uuid=attempt.uuid,
            slot=item.slot,
            answer=answer,
            elapsed_ms=SECONDS_PER_ITEM * 1000,
            by=by,
            at=moment,
        )
    return moment


def right_answer(item: AttemptItem) -> dict[str, Any]:
    """The key as the candidate would send it."""
    kind = registry.get(item.version.type)
    key = kind.Key.model_validate(item.version.answer_key.key)
    return kind.serialise(item.arrangement, kind.correct_answer(key))


def wrong_answer(item: AttemptItem, rng: random.Random) -> dict[str, Any] | None:
    """A plausible answer that is not the key; None where the type offers none."""
    right = right_answer(item)
    interaction = registry.get(item.version.type).interaction(
        registry.get(item.version.type).Presentation.model_validate(item.version.presentation), item.arrangement
    )
    if "choice" in right:
        return {"choice": rng.choice([row["id"] for row in interaction["choices"] if row["id"] != right["choice"]])}
    if "choices" in right:
        others = [row["id"] for row in interaction["choices"] if row["id"] not in right["choices"]]
        return {"choices": [rng.choice(others)]} if others else None
    if "value" in right:
        return {"value": not right["value"] if isinstance(right["value"], bool) else 1}
    if "order" in right:
        return {"order": right["order"][::-1]}
    if "pairs" in right:
        prompts, options = list(right["pairs"]), list(right["pairs"].values())
        return {"pairs": dict(zip(prompts, options[1:] + options[:1], strict=True))}
    if "text" in right:
        return {"text": "I do not know this."[: interaction.get("max_length")]}
    if "gaps" in right:
        return {"gaps": {gap["id"]: _wrong_in_gap(gap, right["gaps"][gap["id"]], rng) for gap in interaction["gaps"]}}
    if "regions" in right:
        others = [row["id"] for row in interaction["regions"] if row["id"] not in right["regions"]]
        return {"regions": [rng.choice(others)]}
    if "labels" in right:
        # Each place gets the label after its own, so that none is right and none is used twice.
        names = [row["id"] for row in interaction["labels"]]
        return {
            "labels": {place: names[(names.index(label) + 1) % len(names)] for place, label in right["labels"].items()}
        }
    return None


def _wrong_in_gap(gap: dict[str, Any], right: Any, rng: random.Random) -> Any:
    if gap["kind"] == "choice":
        return rng.choice([row["id"] for row in gap["choices"] if row["id"] != right])
    return "not known" if gap["kind"] == "text" else 987_654
