"""Random essay drafts with twins, texts as people write them, and points as markers give them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from quizzes.types import numbers
from quizzes.types.rubric import Rubric
from tests.quizzes.types.strategies import Case, any_rule, feedback, texts, words

written = st.text(alphabet="abcd é<&-'\n\t 漢", max_size=40)
model_answers = st.lists(words, min_size=1, max_size=3).map(lambda parts: "I say:\n\n" + "\n\n".join(parts))


@st.composite
def _criteria(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = []
    for title in draw(texts(1, 4)):
        points = draw(st.integers(1, 6))
        steps = sorted({0, points, *draw(st.sets(st.integers(0, points), max_size=2))})
        levels = [{"points": step, "description": draw(words)} for step in steps]
        rows.append(
            {
                "title": title,
                "description": draw(feedback),
                "points": points,
                "required": draw(st.booleans()),
                "levels": draw(st.permutations(levels)) if draw(st.booleans()) else [],
            }
        )
    return rows


@st.composite
def essay(draw: st.DrawFn) -> Case:
    limit = draw(st.none() | st.integers(1, 5000))

    def one() -> dict[str, Any]:
        criteria = draw(_criteria())
        cap = draw(st.integers(0, 99)) if any(row["required"] for row in criteria) else None
        return {
            "word_limit": limit,
            "criteria": criteria,
            "cap_percent": cap,
            "pass_note": draw(feedback),
            "model_answer": draw(model_answers),
        }

    return Case(one(), draw(any_rule), one(), draw(any_rule))


@st.composite
def points_for(draw: st.DrawFn, rubric: Rubric) -> dict[str, Any]:
    """Points that fit a rubric, as numbers or as a form sends them."""
    given: dict[str, Any] = {}
    for criterion in rubric.criteria:
        if criterion.levels:
            points = Decimal(draw(st.sampled_from([level.points for level in criterion.levels])))
        else:
            points = draw(st.decimals(min_value=0, max_value=criterion.points, places=2))
        given[criterion.id] = points if draw(st.booleans()) else numbers.write_number(points)
    return given
