"""The shipped curriculum as files: no database is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from lms.core.markup import markdown_to_html, plain_text
from lms.package.reader import Package, read_package
from quizzes.api import QuestionFacts

#: Words that no published text may use for its own.
_BANNED = re.compile(
    r"\bproven\b|\bcur(?:e|es|ed|ing)\b|\beliminat\w+|\binstant(?:ly)?\b|\bguarantee\w*|\broot cause of everything"
    r"|\bflush(?:es|ing)? (?:\w+ )?(?:out|away|clean|waste|toxins?|metabolic|lactate)"
    r"|\bdetox\w*|\btoxins?\b|\blactic acid build-?up|\bknots of waste|\badhesions? broken"
    r"|\bput\w* (?:the )?bones? back|\bmisalign\w+|\bno side effects|\bworks for everyone|\bsafe for (?:all|everyone)"
    r"|\bnatural,? (?:and )?so (?:it is )?harmless|\bunlike drugs",
    re.IGNORECASE,
)


#: What is held up between quotation marks is not said.
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"", re.DOTALL)
#: The name that a movement gave itself.
_NAMES = re.compile(r"\bnature[- ]cure\b", re.IGNORECASE)
_DENIAL = re.compile(r"\b(?:no|not|never|without)\b|n['’]t\b", re.IGNORECASE)
#: A callout with such a title shows an invented text to be taken apart.
_EXERCISE = re.compile(r"overclaim|invented", re.IGNORECASE)


def banned_in(text: str) -> list[str]:
    """Banned words that a text uses for its own: not in quotation marks, and not denied earlier in their sentence."""
    own = _NAMES.sub("", _QUOTED.sub("", text))
    found = []
    for match in _BANNED.finditer(own):
        before = re.split(r"[.!?\n]", own[: match.start()])[-1]
        if not _DENIAL.search(before):
            found.append(match[0].lower())
    return found


@cache
def package() -> Package:
    """All entries."""
    return read_package(Path(settings.SHIPPED_CURRICULUM))


def plain(markdown: str) -> str:
    """Markdown as words; blocks stay apart by a blank line."""
    html = re.sub(r"</(p|li|h[1-6]|blockquote)>", "\n\n", markdown_to_html(markdown))
    return "\n\n".join(filter(None, (plain_text(part) for part in html.split("\n\n"))))


def blocks(lesson: Any, *kinds: str) -> list[dict[str, Any]]:
    """Blocks of a lesson of these kinds."""
    return [block for block in lesson.body if block["type"] in kinds]


def prose(lesson: Any) -> str:
    """What the lesson says in running text."""
    return "\n\n".join(plain(block["text"]) for block in blocks(lesson, "prose", "callout"))


def texts(value: Any, *, but: frozenset[str] = frozenset()) -> Iterator[str]:
    """All texts of an entry, however deep, without the parts named in `but`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in but:
                yield from texts(part, but=but)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part, but=but)


def own_words(lesson: Any) -> Iterator[str]:
    """All that a lesson says in its own voice: without what it holds up as an overclaim."""
    yield from (lesson.title, lesson.summary, lesson.why)
    for block in lesson.body:
        but = {"find_overclaims": {"text"}, "say_instead": {"avoid"}}.get(block["type"], set())
        if block["type"] == "callout" and _EXERCISE.search(block.get("title") or ""):
            but = {"text", "title"}
        yield from texts(block, but=frozenset(but | {"type", "code", "assessment", "url"}))


@cache
def questions() -> tuple[QuestionFacts, ...]:
    """Live questions as coverage looks at them."""
    purposes = {code: bank.purpose for code, bank in package().of("bank").items()}
    return tuple(
        QuestionFacts(
            code=code,
            bank=entry.bank,
            purpose=purposes[entry.bank],
            objective=entry.objective,
            domain=entry.domain,
            level=entry.cognitive_level,
            claims=tuple(sorted(entry.claims)),
            safety_notes=len(entry.safety_notes),
            has_rationale=bool(entry.rationale),
            tags=tuple(entry.tags),
            words=f"{plain(entry.stem)} {plain(entry.rationale)}",
        )
        for code, entry in package().of("question").items()
        if entry.life_cycle in {"live", "pilot"}
    )
