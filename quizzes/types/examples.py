"""What else an author's accepted answers would accept, shown before a candidate finds out.

The author's own samples are judged as a candidate's text would be. Beside them stand examples made from the
answers: slips that are forgiven, confusable words that are not, and texts that a wildcard lets in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from quizzes.types import confusables, texts
from quizzes.types.base import CompileProblem, gettext_noop
from quizzes.types.numbers import write_number

MOST_SAMPLES = 50
MOST_MADE = 24
MOST_SLIPS_EACH = 2
MOST_CONFUSABLES_EACH = 3

_REASONS = {
    texts.How.exact: gettext_noop("Written like the accepted answer."),
    texts.How.wildcard: gettext_noop("The wildcard lets it in."),
    texts.How.slip: gettext_noop("Slip forgiven: %(slips)s."),
    texts.How.confusable: gettext_noop("“%(given)s” is as near to “%(other)s”."),
    texts.How.negation: gettext_noop("“%(other)s” stands on one side only."),
    texts.How.nothing: gettext_noop("Unlike every accepted answer."),
}

_ANOTHER_WORD = gettext_noop("“%(given)s” is another word.")


@dataclass(frozen=True)
class Example:
    """A text and what would become of it. `gap` is the number of a gap, or empty."""

    text: str
    is_sample: bool
    is_accepted: bool
    share: Decimal
    answer: str
    how: texts.How
    template: str
    params: dict[str, str]
    gap: str = ""

    @property
    def percent(self) -> str:
        """The share of the marks in percent."""
        return write_number(self.share * 100)

    def reason(self, gettext: Callable[[str], str]) -> str:
        """Why, in the reader's language; pass Django's `gettext`."""
        return gettext(self.template) % self.params


@runtime_checkable
class ShowsExamples(Protocol):
    """A type whose author is shown what else would be accepted."""

    def examples(self, value: Mapping[str, Any]) -> list[Example]:
        """The samples of a draft and examples made from it, each judged. Raises CompileProblem."""
        ...


def read_samples(value: Any, where: str) -> list[str]:
    """The author's samples, one a line; they are never frozen."""
    if value is not None and not isinstance(value, str):
        raise CompileProblem(gettext_noop("This must be text."), where)
    lines = [texts.one_line(line) for line in (value or "").splitlines()]
    samples = list(dict.fromkeys(line for line in lines if line))
    if len(samples) > MOST_SAMPLES or any(len(sample) > texts.MOST_CHARACTERS for sample in samples):
        raise CompileProblem(gettext_noop("This text is too long."), where)
    return samples


def examples_of(
    accepted: Sequence[texts.Accepted], samples: Sequence[str], *, tolerant: bool, gap: str = ""
) -> list[Example]:
    """The samples in their order, then the examples made."""
    made = [text for text in _made(accepted, tolerant) if text not in samples][:MOST_MADE]
    return [_judged(accepted, text, tolerant, text in samples, gap) for text in (*samples, *made)]


def _judged(accepted: Sequence[texts.Accepted], text: str, tolerant: bool, is_sample: bool, gap: str) -> Example:
    verdict = texts.judge(accepted, text, tolerant=tolerant)
    matched = accepted[verdict.place] if verdict.place is not None else None
    share = matched.share if matched else Decimal(0)
    is_another_word = verdict.how is texts.How.confusable and verdict.given == verdict.other
    slips = ", ".join(f"{given} → {wanted}" for given, wanted in verdict.slips)
    return Example(
        text=text,
        is_sample=is_sample,
        is_accepted=share > 0,
        share=share,
        answer=matched.text if matched else "",
        how=verdict.how,
        template=_ANOTHER_WORD if is_another_word else _REASONS[verdict.how],
        params={"slips": slips, "given": verdict.given, "other": verdict.other},
        gap=gap,
    )


def _made(accepted: Sequence[texts.Accepted], tolerant: bool) -> list[str]:
    found: dict[str, None] = {}
    for each in accepted:
        if not each.share:
            continue
        if texts.has_wildcard(each.text):
            found[texts.with_wildcards_filled(each.text, "not")] = None
        elif tolerant:
            words = texts.words_of(texts.literal(each.text))
            found |= dict.fromkeys(_forgiven(each, words))
            found |= dict.fromkeys(_confused(words))
    return list(found)


def _forgiven(accepted: texts.Accepted, words: list[str]) -> list[str]:
    """The first slips of each kind that would be forgiven, in the longest word."""
    place = max(range(len(words)), key=lambda each: len(words[each]), default=None)
    found: list[str] = []
    if place is None:
        return found
    word = words[place]
    middle = len(word) // 2
    for start in (middle, middle + 1, middle - 1):
        if not 0 < start < len(word):
            continue
        swapped = word[: start - 1] + word[start : start + 1] + word[start - 1 : start] + word[start + 1 :]
        for slipped in (word[:start] + word[start + 1 :], swapped):
            text = _with_word(words, place, slipped)
            if texts.judge([accepted], text, tolerant=True).how is texts.How.slip and text not in found:
                found.append(text)
    return found[:MOST_SLIPS_EACH]


def _confused(words: list[str]) -> list[str]:
    return [
        _with_word(words, place, other)
        for place, word in enumerate(words)
        for other in confusables.counterparts(word)[:MOST_CONFUSABLES_EACH]
    ]


def _with_word(words: list[str], place: int, word: str) -> str:
    return " ".join([*words[:place], word, *words[place + 1 :]])
