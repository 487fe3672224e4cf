"""The gaps of a text: what each kind shows, what is right in it, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field

from quizzes.types import choices as choosing
from quizzes.types import draft as drafts
from quizzes.types import examples as made
from quizzes.types import markup, numbers, numeric, texts
from quizzes.types.base import CompileProblem, Record, gettext_noop

MOST_GAPS = 20
WRITTEN, CHOSEN, NUMBER = "text", "choice", "numeric"
FIELDS = {
    WRITTEN: {"answers", "typo_tolerance", "samples", "feedback"},
    CHOSEN: {"choices", "feedback"},
    NUMBER: {"value", "tolerance", "low", "high", "feedback"},
}

_MARK = re.compile(r"\[\[ ?([1-9][0-9]?) ?\]\]")
_SPAN = re.compile(r'<span data-gap="(g[0-9]+)"></span>')

Given = str | Decimal
T = TypeVar("T")


class Gap(Record):
    """What a candidate sees of a gap."""

    id: str
    kind: Literal["text", "choice", "numeric"]
    choices: tuple[choosing.Choice, ...] = ()

    def text_of(self, given: Given) -> str:
        """What stands in the gap, as plain text."""
        if isinstance(given, Decimal):
            return numbers.write_number(given)
        return next((markup.plain_text(choice.html) for choice in self.choices if choice.id == given), given)


class WrittenKey(Record):
    """Accepted answers, the first of them to be shown."""

    kind: Literal["text"] = "text"
    id: str
    answers: tuple[str, ...]
    typo_tolerance: bool
    feedback: str


class ChosenKey(Record):
    """The right choice, and what is said about each."""

    kind: Literal["choice"] = "choice"
    id: str
    correct: str
    said: dict[str, str]
    feedback: str


class NumberKey(Record):
    """The bounds within which a number is right."""

    kind: Literal["numeric"] = "numeric"
    id: str
    bounds: numeric.NumericKey
    feedback: str


GapKey = Annotated[WrittenKey | ChosenKey | NumberKey, Field(discriminator="kind")]


def mark_gaps(value: Any, count: int) -> tuple[str, list[int]]:
    """The cleaned text with a span for each gap, `g1` first, and the author's numbers in reading order."""
    html = markup.clean(markup.source_of(value, "text"))
    if not html:
        raise CompileProblem(gettext_noop("This text is empty."), "text")
    order: list[int] = []

    def span(found: re.Match[str]) -> str:
        order.append(int(found[1]))
        return f'<span data-gap="g{len(order)}"></span>'

    html = _MARK.sub(span, html)
    if "[[" in html or "]]" in html:
        raise CompileProblem(gettext_noop("A gap is written as its number in double brackets: [[1]]."), "text")
    for number in range(1, count + 1):
        if order.count(number) != 1:
            raise CompileProblem(
                gettext_noop("Gap %(number)s must stand in the text exactly once, as [[%(number)s]]."),
                "text",
                number=number,
            )
    if stray := sorted(set(order) - set(range(1, count + 1))):
        raise CompileProblem(
            gettext_noop("[[%(number)s]] stands in the text, but there is no gap %(number)s."), "text", number=stray[0]
        )
    return html, order


def split_at_gaps(html: str) -> list[tuple[str, str]]:
    """The text in pieces: `("html", …)`, and `("gap", id)` where something must be put in."""
    pieces = _SPAN.split(html)
    return [("gap" if place % 2 else "html", piece) for place, piece in enumerate(pieces) if piece]


def place_of(identity: str) -> int:
    """The number of a gap in reading order."""
    return int(identity.removeprefix("g"))


def read_gap(entry: Any, number: int, identity: str, most: int) -> tuple[Gap, GapKey]:
    """A gap of the draft, taken apart into what is shown and what is known."""
    where = f"gaps.{number}"
    kind, parts = _parts_of(entry, where)
    feedback = markup.optional_block(parts.get("feedback"), f"{where}.feedback")
    if kind == CHOSEN:
        read = _within(where, choosing.read_choices, parts)
        if len(read.keys) != 1:
            raise CompileProblem(gettext_noop("Mark one choice as right."), f"{where}.choices")
        return Gap(id=identity, kind="choice", choices=read.choices), ChosenKey(
            id=identity, correct=read.keys[0], said=read.feedback, feedback=feedback
        )
    if kind == NUMBER:
        bounds = _within(where, numeric.read_bounds, parts)
        return Gap(id=identity, kind="numeric"), NumberKey(id=identity, bounds=bounds, feedback=feedback)
    made.read_samples(parts.get("samples"), f"{where}.samples")
    return Gap(id=identity, kind="text"), WrittenKey(
        id=identity,
        answers=_read_answers(parts, where, most),
        typo_tolerance=drafts.flag(parts, "typo_tolerance", f"{where}.typo_tolerance", default=False),
        feedback=feedback,
    )


def examples(entries: Sequence[Any], most: int) -> list[made.Example]:
    """What the gaps to write in would accept and refuse, under the author's numbers."""
    found: list[made.Example] = []
    for number, entry in enumerate(entries, start=1):
        _, key = read_gap(entry, number, f"g{number}", most)
        if isinstance(key, WrittenKey):
            _, parts = _parts_of(entry, "")
            samples = made.read_samples(parts.get("samples"), "")
            found += made.examples_of(_accepted(key), samples, tolerant=key.typo_tolerance, gap=str(number))
    return found


def is_right(key: GapKey, given: Given | None) -> bool:
    """Whether a gap was filled rightly."""
    if isinstance(key, ChosenKey):
        return given == key.correct
    if isinstance(key, NumberKey):
        return isinstance(given, Decimal) and key.bounds.low <= given <= key.bounds.high
    return isinstance(given, str) and _judge(key, given).fits


def class_of(key: GapKey, given: Given) -> str:
    """The response class of what stands in a gap."""
    if isinstance(given, Decimal):
        return numbers.write_number(given)
    if isinstance(key, WrittenKey):
        place = _judge(key, given).place
        return texts.normalise(given if place is None else key.answers[place])
    return given


def _judge(key: WrittenKey, given: str) -> texts.Verdict:
    return texts.judge(_accepted(key), given, tolerant=key.typo_tolerance)


def _accepted(key: WrittenKey) -> list[texts.Accepted]:
    return [texts.Accepted(text=text) for text in key.answers]


def _parts_of(entry: Any, where: str) -> tuple[str, Mapping[str, Any]]:
    """A gap from the editor names its kind beside its parts, one from a file among them."""
    kind = getattr(entry, "block_type", None)
    if kind is not None:
        return str(kind), drafts.row(entry.value, where, FIELDS.get(str(kind), set()))
    kind = entry.get("kind") if isinstance(entry, Mapping) else None
    if not isinstance(kind, str) or kind not in FIELDS:
        raise CompileProblem(gettext_noop("A gap is one of “text”, “choice” and “numeric”."), f"{where}.kind")
    parts = drafts.row(entry, where, {"kind", *FIELDS[kind]})
    return kind, {name: part for name, part in parts.items() if name != "kind"}


def _read_answers(parts: Mapping[str, Any], where: str, most: int) -> tuple[str, ...]:
    entries = _within(where, lambda draft: drafts.rows(draft, "answers", least=1, most=texts.MOST_ANSWERS), parts)
    answers = tuple(
        texts.read_accepted(entry, f"{where}.answers.{number}", most) for number, entry in enumerate(entries, start=1)
    )
    texts.refuse_repeats(answers, f"{where}.answers")
    if texts.has_wildcard(answers[0]):
        raise CompileProblem(
            gettext_noop("The first answer is shown as the right one, so it has no wildcard."), f"{where}.answers.1"
        )
    for number, answer in enumerate(answers, start=1):
        if texts.accepts_anything(answer):
            raise CompileProblem(gettext_noop("This would accept every answer."), f"{where}.answers.{number}")
    return answers


def _within(where: str, read: Callable[[Mapping[str, Any]], T], parts: Mapping[str, Any]) -> T:
    try:
        return read(parts)
    except CompileProblem as problem:
        raise CompileProblem(problem.template, f"{where}.{problem.field}", **problem.params) from problem
