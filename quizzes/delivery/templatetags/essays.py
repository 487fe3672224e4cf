"""What templates need to show a written answer: the count of its words, and its rubric with the points given."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from quizzes.types import numbers
from quizzes.types.essay import MOST_CHARACTERS, word_count

register = template.Library()

Shown = Mapping[str, Any]


@register.simple_tag
def essay_words(interaction: Shown, answer: Shown | None) -> dict[str, Any]:
    """The count as a sentence, and the two patterns by which a script keeps it up to date while writing."""
    limit = interaction["word_limit"]
    count = word_count((answer or {}).get("text", ""))
    within = _("Words: {count}") if limit is None else _("Words: {count} of {limit}")
    over = _("Words: {count} of {limit}, {over} too many")
    is_over = limit is not None and count > limit
    sentence = (over if is_over else within).format(count=count, limit=limit, over=count - (limit or 0))
    return {
        "sentence": sentence,
        "is_over": is_over,
        "within": within,
        "over": over,
        "limit": limit,
        "most_characters": MOST_CHARACTERS,
    }


@register.simple_tag
def rubric_review(feedback: Mapping[str, str] | None, marking: Shown | None) -> list[dict[str, Any]]:
    """A row per criterion: its words, its points and, once marked, the points given.

    `feedback` is that of the type, under `c1` and `c1.points`; `marking` has `points` by criterion.
    """
    feedback = feedback or {}
    given = (marking or {}).get("points") or {}
    rows = []
    for name, most in feedback.items():
        identity, dot, _points = name.partition(".points")
        if not dot:
            continue
        points = numbers.read_number(given[identity]) if identity in given else None
        rows.append(
            {
                "html": feedback[identity],
                "most": most,
                "given": None if points is None else numbers.write_number(points),
                "is_full": points == Decimal(most),
                "is_none": points == 0,
            }
        )
    return rows
