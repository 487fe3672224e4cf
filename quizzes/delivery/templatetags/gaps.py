"""What templates need to show a text with gaps: its pieces with a field for each gap, and rows for a review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from quizzes.types import gaps

from .answers import plain_number

register = template.Library()

Shown = Mapping[str, Any]


@register.simple_tag
def cloze_pieces(interaction: Shown, answer: Shown | None) -> list[dict[str, Any]]:
    """The text in order: pieces with `html`, and gaps with `id`, `number`, `kind`, `choices` and `value`."""
    given = (answer or {}).get("gaps", {})
    by_id = {gap["id"]: {**gap, "number": number} for number, gap in enumerate(interaction["gaps"], start=1)}
    return [
        {"html": piece}
        if kind == "html"
        else {"gap": {**by_id[piece], "value": _field_value(by_id[piece], given.get(piece))}}
        for kind, piece in gaps.split_at_gaps(interaction["html"])
    ]


@register.simple_tag
def cloze_review(
    interaction: Shown, answer: Shown | None, correct: Shown | None, feedback: Mapping[str, str] | None
) -> list[dict[str, Any]]:
    """A row per gap: what was given and what is right, whether it counts as right, and what is said about it.

    `is_right` is None where the key may not be told. Texts come without markup, choices as clean HTML in `*_html`.
    """
    given, right, said = (answer or {}).get("gaps", {}), (correct or {}).get("gaps", {}), feedback or {}
    rows = []
    for number, gap in enumerate(interaction["gaps"], start=1):
        name = gap["id"]
        verdict = said.get(f"{name}.verdict")
        rows.append(
            {
                "number": number,
                "given": _shown(gap, given.get(name)),
                "right": _shown(gap, right.get(name)),
                "low": said.get(f"{name}.low"),
                "high": said.get(f"{name}.high"),
                "is_right": verdict == "right" if verdict else _as_far_as_seen(gap, given.get(name), right.get(name)),
                "said": [said[key] for key in (f"{name}.choice", name) if key in said],
            }
        )
    return rows


def _field_value(gap: Shown, value: Any) -> Any:
    return plain_number(value) if gap["kind"] == gaps.NUMBER else value or ""


def _shown(gap: Shown, value: Any) -> dict[str, str] | None:
    """`html` for a choice, else `text`; None for a gap left blank."""
    if value is None:
        return None
    if gap["kind"] == gaps.CHOSEN:
        return {"html": next((choice["html"] for choice in gap["choices"] if choice["id"] == value), "")}
    return {"text": plain_number(value) if gap["kind"] == gaps.NUMBER else value}


def _as_far_as_seen(gap: Shown, given: Any, right: Any) -> bool | None:
    """Without a verdict a choice can be compared; a text or a number may be right although it differs."""
    if right is None:
        return None
    if given is None:
        return False
    return given == right if gap["kind"] == gaps.CHOSEN or given == right else None
