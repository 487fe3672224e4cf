"""What templates need to show an answer: look-ups by alias, plain text, and rows for a review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from quizzes.types import markup, numbers

register = template.Library()

Shown = Mapping[str, Any]


@register.filter
def entry(mapping: Mapping[str, Any] | None, name: str) -> Any:
    """One value of a mapping, or None; templates cannot look up by a variable."""
    return (mapping or {}).get(name)


@register.filter
def plain(html: str) -> str:
    """An option's HTML as text, for places that take no markup: `<option>`, an accessible name."""
    return markup.plain_text(html)


@register.filter
def plain_number(value: Any) -> str:
    """A number as it may be typed back in, whatever the language: 20.5 and never 20,5 or 1.925,0."""
    try:
        return numbers.write_number(numbers.read_number(value))
    except numbers.NotANumber:
        return "" if value is None else str(value)


@register.simple_tag
def ordering_rows(interaction: Shown, answer: Shown | None) -> list[dict[str, Any]]:
    """The elements with the position given to each: a complete answer in its order, else as first shown."""
    order = list((answer or {}).get("order", []))
    elements = interaction["elements"]
    if len(order) == len(elements):
        elements = sorted(elements, key=lambda element: order.index(element["id"]))
    return [
        {**element, "position": order.index(element["id"]) + 1 if element["id"] in order else None}
        for element in elements
    ]


@register.simple_tag
def ordering_review(interaction: Shown, answer: Shown | None, correct: Shown | None) -> dict[str, list[dict[str, Any]]]:
    """`given`, each row with the place it belongs to where that may be told, and `right`, the right order."""
    html = {element["id"]: element["html"] for element in interaction["elements"]}
    right = list((correct or {}).get("order", []))
    given = [
        {
            "html": html[name],
            "is_right": right.index(name) == place if right else None,
            "belongs": right.index(name) + 1 if right else None,
        }
        for place, name in enumerate((answer or {}).get("order", []))
    ]
    return {"given": given, "right": [{"html": html[name]} for name in right]}


@register.simple_tag
def true_false_review(
    answer: Shown | None, correct: Shown | None, feedback: Mapping[str, str] | None
) -> list[dict[str, Any]]:
    """A row for each verdict, true first."""
    return [
        {
            "value": value,
            "is_chosen": answer is not None and answer.get("value") is value,
            "is_right": correct is not None and correct.get("value") is value,
            "feedback": (feedback or {}).get(word),
        }
        for value, word in ((True, "true"), (False, "false"))
    ]


@register.simple_tag
def matching_review(interaction: Shown, answer: Shown | None, correct: Shown | None) -> list[dict[str, Any]]:
    """A row per prompt: what was given, what is right where that may be told, and whether they agree."""
    html = {option["id"]: option["html"] for option in interaction["options"]}
    given = (answer or {}).get("pairs", {})
    right = (correct or {}).get("pairs", {})
    return [
        {
            "html": prompt["html"],
            "given": html.get(given.get(prompt["id"])),
            "right": html.get(right.get(prompt["id"])),
            "is_right": given.get(prompt["id"]) == right[prompt["id"]] if prompt["id"] in right else None,
        }
        for prompt in interaction["prompts"]
    ]
