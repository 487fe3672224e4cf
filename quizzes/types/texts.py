r"""Reading a short text, and judging it against the answers an author accepts.

Ignored are case, surrounding and repeated white space, and what a reader cannot see: how an accent is encoded,
which of the apostrophes or hyphens was typed, invisible characters. Accents count. In an accepted answer `*`
stands for anything or nothing, and `\*` for a star.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from quizzes.types import confusables
from quizzes.types.base import CompileProblem, Record, gettext_noop
from quizzes.types.spelling import slips_between

MOST_CHARACTERS = 500
MOST_ANSWERS = 50
ONE_SLIP_FROM = 5
TWO_SLIPS_FROM = 9

_SAME_TO_A_READER: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad")),
}
# No database keeps the first; a lone surrogate is half a character; the rest shows nowhere.
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f]")
_HALF_CHARACTERS = re.compile("[\ud800-\udfff]")
_STAR = re.compile(r"(\\?\*)")
_WORD = re.compile(r"([^\W_]+)")


class Accepted(Record):
    """An answer an author accepts, the share of the marks it earns (0 to 1), and what to say about it."""

    text: str
    share: Decimal = Decimal(1)
    feedback: str = ""


class How(StrEnum):
    """How a text came to be accepted or refused."""

    exact = "exact"
    wildcard = "wildcard"
    slip = "slip"
    confusable = "confusable"
    negation = "negation"
    nothing = "nothing"


@dataclass(frozen=True)
class Verdict:
    """What became of a text: by which accepted answer (its place, from 0) and how; None if by none.

    `slips` are the words forgiven, as (given, wanted). A refusal may turn on a word that was `given`, because of
    the `other` that it is or may be.
    """

    how: How
    place: int | None = None
    slips: tuple[tuple[str, str], ...] = ()
    given: str = ""
    other: str = ""

    @property
    def fits(self) -> bool:
        """Whether one of the accepted answers was given."""
        return self.place is not None


def one_line(text: str) -> str:
    """A text as it is stored: composed characters, single blanks, nothing that no database or page can hold."""
    text = _HALF_CHARACTERS.sub("\ufffd", _UNREADABLE.sub(" ", text))
    return " ".join(unicodedata.normalize("NFC", text).split())


def normalise(text: str) -> str:
    """What two texts are compared by."""
    return _folded(text).strip()


def has_wildcard(accepted: str) -> bool:
    """Whether an accepted answer stands for more than one text."""
    return "*" in _STAR.split(accepted)


def literal(accepted: str) -> str:
    """An accepted answer without wildcards as a candidate would write it."""
    return accepted.replace("\\*", "*")


def fits(accepted: str, text: str) -> bool:
    """Whether a text is one that an accepted answer stands for, to the letter. Linear in the text."""
    pieces = _pieces(accepted)
    shown = normalise(text)
    if not shown or len(pieces) == 1:
        return bool(shown) and pieces[0].strip() == shown
    # Blanks are doubled, with one at either end: what stands beside a wildcard may need a blank that the piece
    # on its other side needs too, as the star in "a * b" may stand for nothing.
    room = f" {_roomy(shown)} "
    first, *middle, last = (_roomy(piece) for piece in pieces)
    first = f" {first.lstrip()}" if first.strip() else ""
    last = f"{last.rstrip()} " if last.strip() else ""
    if len(first) + len(last) > len(room) or not room.startswith(first) or not room.endswith(last):
        return False
    place, end = len(first), len(room) - len(last)
    for piece in middle:
        found = room.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def judge(accepted: Sequence[Accepted], text: str, *, tolerant: bool) -> Verdict:
    """The accepted answer that earns most for this text. A slip is looked for only where nothing fits exactly."""
    shown = normalise(text)
    if not shown:
        return Verdict(How.nothing)
    exact = [place for place, each in enumerate(accepted) if not has_wildcard(each.text) and fits(each.text, shown)]
    found = [Verdict(How.exact, place) for place in exact]
    refused: list[Verdict] = []
    for place, each in enumerate(accepted):
        if has_wildcard(each.text):
            if fits(each.text, shown):
                found.append(Verdict(How.wildcard, place))
        elif tolerant and not exact:
            verdict = _with_slips(normalise(literal(each.text)), shown)
            if verdict.how is How.slip:
                found.append(replace(verdict, place=place))
            elif verdict.how is not How.nothing:
                refused.append(verdict)
    if found:
        return max(found, key=lambda verdict: accepted[verdict.place or 0].share)
    return refused[0] if refused else Verdict(How.nothing)


def read_accepted(value: Any, where: str, most: int = MOST_CHARACTERS) -> str:
    """An accepted answer as an author wrote it; refused if blank, too long for a candidate, or without sense."""
    if value is not None and not isinstance(value, str):
        raise CompileProblem(gettext_noop("This must be text."), where)
    if value and len(value) > 2 * MOST_CHARACTERS:
        raise CompileProblem(gettext_noop("This text is too long."), where)
    text = one_line(value or "")
    if not normalise(text):
        raise CompileProblem(gettext_noop("This text is empty."), where)
    pieces = _pieces(text)
    if len(pieces) == 1 and len(literal(text)) > most:
        raise CompileProblem(
            gettext_noop("Candidates may write at most %(most)s characters, and this has more."), where, most=most
        )
    if not all(piece.strip() for piece in pieces[1:-1]):
        raise CompileProblem(gettext_noop("Two wildcards need a word between them; one alone means as much."), where)
    return text


def refuse_repeats(accepted: Iterable[str], where: str) -> None:
    """Two accepted answers that stand for the same texts: one of them says nothing."""
    seen: set[tuple[str, ...]] = set()
    for number, text in enumerate(accepted, start=1):
        pieces = _pieces(text)
        if pieces in seen:
            raise CompileProblem(
                gettext_noop("Number %(number)s repeats an earlier text."), f"{where}.{number}", number=number
            )
        seen.add(pieces)


def accepts_anything(accepted: str) -> bool:
    """Whether there is nothing in an accepted answer that a candidate must write."""
    return has_wildcard(accepted) and not any(piece.strip() for piece in _pieces(accepted))


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return normalise(text).split()


def with_wildcards_filled(accepted: str, word: str) -> str:
    """A text that an accepted answer lets in: the word stands for each wildcard."""
    return normalise(f" {word} ".join(_pieces(accepted)))


def _with_slips(wanted: str, given: str) -> Verdict:
    wanted_parts, given_parts = _WORD.split(wanted), _WORD.split(given)
    wanted_words, given_words = wanted_parts[1::2], given_parts[1::2]
    if turned := confusables.negations_in(wanted_words) ^ confusables.negations_in(given_words):
        same = _without_negations(wanted_words) == _without_negations(given_words)
        return Verdict(How.negation, other=min(turned)) if same else Verdict(How.nothing)
    # Between the words nothing is forgiven: < and > are one key apart.
    if len(wanted_parts) != len(given_parts) or wanted_parts[::2] != given_parts[::2]:
        return Verdict(How.nothing)
    slips: list[tuple[str, str]] = []
    confused: tuple[str, str] | None = None
    for want, give in zip(wanted_words, given_words, strict=True):
        if want == give:
            continue
        if any(letter.isnumeric() for letter in want + give):
            return Verdict(How.nothing)
        if give in confusables.counterparts(want):
            confused = confused or (give, give)
        elif not _is_near(want, give):
            return Verdict(How.nothing)
        elif other := confusables.mistaken_for(want, give):
            confused = confused or (give, other)
        slips.append((give, want))
    if confused:
        return Verdict(How.confusable, given=confused[0], other=confused[1])
    return Verdict(How.slip, slips=tuple(slips))


def _is_near(wanted: str, given: str) -> bool:
    if len(wanted) < ONE_SLIP_FROM:
        return False
    most = 2 if len(wanted) >= TWO_SLIPS_FROM else 1
    return slips_between(wanted, given, most) <= most


def _without_negations(words: list[str]) -> list[str]:
    return [word for word in words if word not in confusables.NEGATIONS]


def _folded(text: str) -> str:
    # Canonical caseless matching (Unicode, definition D145), composed again afterwards.
    folded = unicodedata.normalize("NFD", text).casefold().translate(_SAME_TO_A_READER)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", folded))


def _roomy(text: str) -> str:
    core = text.strip()
    before, after = text[:1] if text[:1] == " " else "", " " if text[-1:] == " " else ""
    return f"{before}{core.replace(' ', '  ')}{after}" if core else text


@lru_cache(maxsize=4096)
def _pieces(accepted: str) -> tuple[str, ...]:
    """What stands before, between and after the wildcards, ready for comparison."""
    pieces = [""]
    for part in _STAR.split(accepted.strip()):
        if part == "*":
            pieces.append("")
        else:
            pieces[-1] += "*" if part == "\\*" else part
    return tuple(_folded(piece) for piece in pieces)
