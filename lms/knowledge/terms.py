"""Words of the glossary found in prose, and shown with their meaning. Pure.

A word is shown once in a text, where it first occurs: as a button that opens a small card with the definition (the
`popover` attribute, which needs no script). The cards stand behind the prose, so that its own text stays whole; where
a browser knows no popovers they are notes below the text, each with its link into the glossary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape

#: Inside these nothing is marked: what leads somewhere or is a name already stays as it is.
PLAIN_INSIDE = frozenset({"a", "button", "code", "h1", "h2", "h3", "h4", "h5", "h6"})
_TAG = re.compile(r'<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"]|"[^"]*")*)>')
_FIRST = re.compile(r"(?<![\w-])\w+")
_BRACKETS = re.compile(r"^(.*?)\s*\((.*)\)$")


@dataclass(frozen=True)
class Term:
    """A word with what it means and where the glossary has it."""

    code: str
    term: str
    definition: str
    url: str


def spellings(term: str) -> list[str]:
    """The ways in which running text says a term: both sides of a stroke, “Consent (informed)” as informed consent."""
    found = []
    for part in re.split(r"\s+/\s+", term.strip()):
        bracket = _BRACKETS.match(part)
        found.append(f"{bracket[2]} {bracket[1]}" if bracket else part)
    return [spelling for spelling in found if spelling]


def _pattern_of(spelling: str) -> str:
    words = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", spelling.lower())))
    # American and British spelling are one word.
    words = re.sub(r"i[sz](ation|e\b)", r"i[sz]\1", words)
    return re.sub(r"ischa?em", "ischa?em", words)


def _key(words: str) -> str:
    folded = re.sub(r"[\s-]+", " ", words.lower())
    return re.sub(r"ischaem", "ischem", re.sub(r"iz(ation|e\b)", r"is\1", folded))


@dataclass(frozen=True)
class Vocabulary:
    """All terms, ready to be found: the longest first, whole words, whatever the case, one or many."""

    terms: tuple[Term, ...]

    @cached_property
    def by_words(self) -> Mapping[str, Term]:
        """Terms by their spelling in small letters; of two with the same words the first counts."""
        found: dict[str, Term] = {}
        for term in self.terms:
            for spelling in spellings(term.term):
                found.setdefault(_key(spelling), term)
        return found

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """First words of all spellings: only where one of them stands is it worth looking closer."""
        first = {words.split()[0] for words in self.by_words}
        first |= {word.replace("ischem", "ischaem") for word in first} | {
            re.sub(r"is(ation|e)$", r"iz\1", word) for word in first
        }
        return frozenset(first | {f"{word}s" for word in first})

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """One expression for all spellings; none for an empty glossary."""
        words = sorted(
            {spelling for term in self.terms for spelling in spellings(term.term)}, key=lambda word: (-len(word), word)
        )
        if not words:
            return None
        return re.compile(rf"({'|'.join(map(_pattern_of, words))})s?(?![\w-])", re.IGNORECASE)

    def found_in(self, text: str) -> Iterator[tuple[int, int, Term]]:
        """(start, end, term) of each occurrence in plain text."""
        if self.pattern is None:
            return
        end = 0
        for first in _FIRST.finditer(text):
            if first[0].lower() not in self.beginnings or first.start() < end:
                continue
            if match := self.pattern.match(text, first.start()):
                end = match.end()
                yield match.start(), end, self.by_words[_key(match[1])]


def texts_of(html: str) -> Iterator[tuple[str, bool]]:
    """The pieces of sanitised HTML in order: (piece, whether it is text in which words may be marked)."""
    inside: list[str] = []
    place = 0
    for tag in _TAG.finditer(html):
        if tag.start() > place:
            yield html[place : tag.start()], not inside
        name = tag[2].lower()
        if name in PLAIN_INSIDE:
            if not tag[1]:
                inside.append(name)
            elif name in inside:
                inside.remove(name)
        yield tag[0], False
        place = tag.end()
    if place < len(html):
        yield html[place:], not inside


def terms_in(fragments: Iterable[str], vocabulary: Vocabulary) -> set[str]:
    """Codes of the terms that occur in these fragments of HTML, where they could be marked."""
    return {
        term.code
        for html in fragments
        for text, is_open in texts_of(html)
        if is_open
        for _start, _end, term in vocabulary.found_in(text)
    }


@dataclass
class Marking:
    """The marks of one page: which terms it has shown already and how many more it may show."""

    vocabulary: Vocabulary
    shown: set[str]
    left: int

    def mark(self, html: str) -> str:
        """Sanitised HTML with the first occurrence of each term marked, and the cards of these terms behind it."""
        cards: list[Term] = []
        pieces = [self._marked(piece, cards) if is_open else piece for piece, is_open in texts_of(html)]
        return "".join(pieces) + (f'<div class="tips">{"".join(map(card, cards))}</div>' if cards else "")

    def _marked(self, text: str, cards: list[Term]) -> str:
        parts, place = [], 0
        for start, end, term in self.vocabulary.found_in(text):
            if term.code in self.shown or self.left <= 0:
                continue
            self.shown.add(term.code)
            self.left -= 1
            cards.append(term)
            parts += [text[place:start], word(term, text[start:end])]
            place = end
        return "".join([*parts, text[place:]])


def word(term: Term, words: str) -> str:
    """A word of the text that opens its card. `words` is HTML already."""
    return f'<button type="button" class="tip" popovertarget="tip-{escape(term.code)}">{words}</button>'


def card(term: Term) -> str:
    """The card of a term, with the way to the glossary."""
    return (
        f'<div class="tip-card" id="tip-{escape(term.code)}" popover role="note">'
        f'<p class="tip-card__word"><a href="{escape(term.url)}">{escape(term.term)}</a></p>'
        f'<p class="tip-card__definition">{escape(term.definition)}</p></div>'
    )
