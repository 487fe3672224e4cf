"""What templates need to draw on a picture: places as SVG takes them, and rows for a review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from quizzes.types import shapes

register = template.Library()

Shown = Mapping[str, Any]

FAR_RIGHT = 0.9


@register.filter
def along(share: float) -> str:
    """A share of the width or height as an attribute of SVG, whatever the language: `12.5%` and never `12,5%`."""
    return f"{share * 100:g}%"


@register.filter
def is_far_right(share: float) -> bool:
    """Whether a number beside a point belongs on its left, or it would stand outside the picture."""
    return share > FAR_RIGHT


@register.filter
def as_points(points: list[list[float]] | None) -> str:
    """Points as a form field and a polygon write them: `0.25,0.5 0.1,0.75`."""
    return " ".join(f"{x:g},{y:g}" for x, y in points or [])


@register.filter
def number_of(target: str) -> str:
    """The number a target carries on the picture: 3 for `t3`."""
    return target.removeprefix("t")


@register.simple_tag
def hotspot_review(
    interaction: Shown, answer: Shown | None, correct: Shown | None, drawing: Shown | None
) -> dict[str, list[dict[str, Any]]]:
    """`rows`, one per region; `regions` to be drawn; `outside`, numbers of the points in none of them.

    `drawing` comes with the key. Without it nobody can say which region a point lies in.
    """
    given = answer or {}
    hits = list(drawing["hits"]) if drawing else []
    picked = {*given.get("regions", []), *hits}
    right = set(correct["regions"]) if correct else None
    rows = [
        {**region, "is_picked": region["id"] in picked, "is_right": None if right is None else region["id"] in right}
        for region in interaction["regions"]
    ]
    return {
        "rows": rows,
        "regions": [_region(row, drawing["outlines"][row["id"]]) for row in rows] if drawing else [],
        "outside": [number for number, hit in enumerate(hits, start=1) if hit is None],
    }


def _region(row: dict[str, Any], outline: list[list[float]]) -> dict[str, Any]:
    x, y = shapes.top_of([(across, down) for across, down in outline])
    return {**row, "outline": outline, "x": x, "y": y}


@register.simple_tag
def labelling_review(interaction: Shown, answer: Shown | None, correct: Shown | None) -> list[dict[str, Any]]:
    """A row per place: what was given, what is right where that may be told, and whether they agree."""
    html = {label["id"]: label["html"] for label in interaction["labels"]}
    given = (answer or {}).get("labels", {})
    right = (correct or {}).get("labels", {})
    return [
        {
            "number": number_of(target["id"]),
            "given": html.get(given.get(target["id"])),
            "right": html.get(right.get(target["id"])),
            "is_right": given.get(target["id"]) == right[target["id"]] if target["id"] in right else None,
        }
        for target in interaction["targets"]
    ]
