"""Which lessons are about a thing: those that show one of its figures, and those that say its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lms.core.markup import plain_text
from lms.knowledge.api import Figure

from .models import LessonPage
from .outline import Outline
from .queries import outline


@dataclass(frozen=True)
class Body:
    """A lesson as far as it is searched: its words in small letters and the codes of its figures."""

    text: str
    figures: frozenset[str]


# The outline and the bodies of its lessons, held by this process until the outline is read afresh.
_held: tuple[Outline | None, dict[str, Body]] = (None, {})


def codes_of_lessons_about(names: Iterable[str], figures: Iterable[str]) -> list[str]:
    """Codes of the published lessons, those that say the most of it first.

    One that shows a figure counts, and one that says a name twice; only where there is none does a single mention.
    """
    wanted = set(figures)
    words = "|".join(re.escape(name.casefold().removesuffix("s")) + "s?" for name in names if name)
    pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)") if words else None
    found = {
        code: (bool(wanted & body.figures), len(pattern.findall(body.text)) if pattern else 0)
        for code, body in _bodies().items()
    }
    much = [code for code, (shown, said) in found.items() if shown or said > 1]
    chosen = much or [code for code, (_, said) in found.items() if said]
    return sorted(chosen, key=lambda code: (not found[code][0], -found[code][1]))


def _bodies() -> dict[str, Body]:
    global _held
    current = outline()
    if _held[0] is not current:
        figures = dict(Figure.objects.values_list("pk", "code"))
        pages = {page.code: page.body.raw_data for page in LessonPage.objects.live().only("code", "body")}
        _held = (
            current,
            {
                lesson.code: _body(list(pages.get(lesson.code, ())), figures)
                for _course, _module, lesson in current.lessons()
            },
        )
    return _held[1]


def _body(blocks: list[Any], figures: dict[int, str]) -> Body:
    shown = {
        figures.get(block["value"].get("figure"), "")
        for block in blocks
        if block["type"] in ("figure", "find_on_figure") and isinstance(block["value"], dict)
    }
    text = " ".join(plain_text(words) for block in blocks for words in _texts(block["value"]))
    return Body(text.casefold(), frozenset(shown - {""}))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
