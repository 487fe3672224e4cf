"""One example of every activity, as a lesson has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lms.knowledge.api import Figure
from lms.package.lesson_text import parse_body

WRITTEN = Path(__file__).with_name("every_block.md")


def example(kind: str) -> dict[str, Any]:
    """The value of a block as the CMS takes it."""
    block = next(block for block in parse_body(WRITTEN.read_text()) if block["type"] == kind)
    value = {name: part for name, part in block.items() if name not in {"type", "line"}}
    return {**value, "figure": Figure.objects.get(code=value["figure"])} if "figure" in value else value


def words_of(value: Any) -> list[str]:
    """All texts of an example, without its Markdown."""
    if isinstance(value, dict):
        return [word for part in value.values() for word in words_of(part)]
    if isinstance(value, list):
        return [word for part in value for word in words_of(part)]
    return [part.replace("*", "") for part in value.split("\n\n")] if isinstance(value, str) and value else []
