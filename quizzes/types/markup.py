"""The little HTML that may stand in an option, an element or a piece of feedback, and plain text from it.

What leaves this module is safe to show as it is. It is also normalised, so that the same words typed
in the editor, loaded from a curriculum package or imported from a file give the same digest.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Any

import nh3

from quizzes.types.base import CompileProblem, gettext_noop

ALLOWED_TAGS = {"b", "strong", "i", "em", "sup", "sub", "p", "br"}
MAX_SOURCE = 20_000

_SAME_MEANING = (("b", "strong"), ("i", "em"))
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def source_of(value: Any, field: str) -> str:
    """The HTML an author wrote: a string, Wagtail's rich text, or nothing."""
    source = value if isinstance(value, str) else getattr(value, "source", "" if value is None else value)
    if source is None:
        return ""
    if not isinstance(source, str):
        raise CompileProblem(gettext_noop("This must be text."), field)
    if len(source) > MAX_SOURCE:
        raise CompileProblem(gettext_noop("This text is too long."), field)
    return source


def clean(source: str) -> str:
    """Paragraphs with emphasis, superscript and subscript; everything else loses its tags."""
    text = nh3.clean(source, tags=ALLOWED_TAGS, attributes={}, link_rel=None)
    for tag, meaning in _SAME_MEANING:
        text = text.replace(f"<{tag}>", f"<{meaning}>").replace(f"</{tag}>", f"</{meaning}>")
    text = unicodedata.normalize("NFC", text).replace("&nbsp;", " ")
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"<p>(?: |<br>)*</p>", "", text)
    return text.strip() if has_words(text) else ""


def clean_inline(source: str) -> str:
    """The same without paragraphs, fit for a label: several paragraphs become lines."""
    text = re.sub(r" ?</?p> ?", "<br>", clean(source))
    text = re.sub(r" ?(?:<br> ?)+", "<br>", text)
    return text.removeprefix("<br>").removesuffix("<br>").strip()


def plain_text(markup: str) -> str:
    """One line of text. 10<sup>2</sup> becomes 10² and not 102."""
    text = re.sub(r"<sup>(.*?)</sup>", lambda found: _shifted(found[1], _RAISED, "^"), markup)
    text = re.sub(r"<sub>(.*?)</sub>", lambda found: _shifted(found[1], _LOWERED, "_"), text)
    text = re.sub(r"</?(?:p|br)>", " ", text)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def comparable(markup: str) -> str:
    """What two texts are compared by: the reader sees no difference where this shows none."""
    return plain_text(markup).translate(_INVISIBLE).casefold()


def has_words(markup: str) -> bool:
    """Whether anything is left for a reader once tags and invisible characters are gone."""
    return bool(plain_text(markup).translate(_INVISIBLE).strip())


def sort_key(markup: str) -> tuple[str, str]:
    """An order that depends on the text alone, for groups whose written order would tell the key."""
    return comparable(markup), markup


def required_inline(value: Any, field: str) -> str:
    """A text a candidate will read, cleaned; blank is an authoring fault."""
    text = clean_inline(source_of(value, field))
    if not text:
        raise CompileProblem(gettext_noop("This text is empty."), field)
    return text


def optional_block(value: Any, field: str) -> str:
    """Feedback: cleaned, and empty when the author wrote none."""
    return clean(source_of(value, field))


def refuse_repeats(texts: list[str], field: str) -> None:
    """Two entries a reader cannot tell apart make a question that cannot be answered fairly."""
    seen: set[str] = set()
    for number, text in enumerate(texts, start=1):
        if comparable(text) in seen:
            raise CompileProblem(
                gettext_noop("Number %(number)s repeats an earlier text."), f"{field}.{number}", number=number
            )
        seen.add(comparable(text))


def _shifted(inner: str, table: dict[int, int], mark: str) -> str:
    inner = re.sub(r"<[^>]*>", "", inner)
    if inner and all(ord(character) in table for character in inner):
        return inner.translate(table)
    return mark + inner
