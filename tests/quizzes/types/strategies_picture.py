"""Random drafts of the types with a picture, twins of them, and answers on the picture."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.quizzes.types.strategies import Case, any_rule, feedback, texts

SIZE = (400, 300)
#: Middles of twelve cells in which a small shape fits beside its neighbours.
CELLS = [(x, y) for y in (15, 50, 85) for x in (12, 37, 62, 87)]


@st.composite
def shape_at(draw: st.DrawFn, x: int, y: int) -> dict[str, str]:
    """A shape around a place that stays within its cell."""
    reach = draw(st.integers(2, 9))
    kind = draw(st.sampled_from(["circle", "rectangle", "polygon"]))
    numbers = {
        "circle": f"{x} {y} {reach}",
        "rectangle": f"{x - reach} {y - reach} {x + reach} {y + reach}",
        "polygon": f"{x - reach} {y}, {x} {y - reach}.5; {x + reach} {y} {x}.25 {y + reach}%",
    }
    return {"kind": kind, "numbers": numbers[kind]}


@st.composite
def hotspot(draw: st.DrawFn) -> Case:
    written = draw(texts(2, 6))
    cells = draw(st.permutations(CELLS))
    most = draw(st.integers(1, len(written) - 1))
    least = draw(st.integers(0, most))
    keys = st.sets(st.integers(0, len(written) - 1), min_size=max(1, least), max_size=most)

    def one() -> dict[str, Any]:
        right = draw(keys)
        shift = draw(st.integers(0, len(CELLS) - 1))
        return {
            "min": least,
            "max": most,
            "regions": [
                {
                    "text": text,
                    "shape": draw(shape_at(*cells[(place + shift) % len(CELLS)])),
                    "key": place in right,
                    "feedback": draw(feedback),
                }
                for place, text in enumerate(written)
            ],
            "picture_size": SIZE,
        }

    return Case(one(), draw(any_rule), one(), draw(any_rule))


@st.composite
def labelling(draw: st.DrawFn) -> Case:
    labels = draw(texts(2, 6))
    cells = draw(st.permutations(CELLS))
    places = [f"{x} {y}.5" for x, y in cells[: draw(st.integers(1, len(labels)))]]
    reuse = draw(st.booleans())

    def one() -> dict[str, Any]:
        ordered = draw(st.permutations(labels))
        rows = [{"at": at, "label": ordered[place]} for place, at in enumerate(draw(st.permutations(places)))]
        used = [row["label"] for row in rows]
        if reuse:
            for row in rows:
                row["label"] = draw(st.sampled_from(used))
            used = [row["label"] for row in rows]
        return {"targets": rows, "extra_labels": [text for text in ordered if text not in used], "reuse": reuse}

    return Case(one(), draw(any_rule), one(), draw(any_rule))


def points(most: int) -> st.SearchStrategy[list[list[float]]]:
    """Places on the picture, as a program sends them."""
    share = st.floats(0, 1) | st.integers(0, 1) | st.sampled_from([0.12, 0.37, 0.62, 0.15, 0.5])
    return st.lists(st.lists(share, min_size=2, max_size=2), max_size=most)
