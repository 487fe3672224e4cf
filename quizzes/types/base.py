"""What a question type is: the contract between one kind of question and everything around it.

A type turns what an author wrote into two separate things, a *presentation* (all a candidate may see)
and a *key* (all only the grader may see). They are different classes, so a key cannot reach a page by
being forgotten in a dictionary. Everything here is pure: no database, no request, no clock.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from wagtail.blocks import Block

Arrangement = dict[str, list[str]]
"""Group name -> canonical ids in the order shown. Stored with the attempt item, never worked out again."""

P = TypeVar("P", bound="Record")
K = TypeVar("K", bound="Record")
A = TypeVar("A", bound="Record")

# Groups whose aliases carry a prefix; every other group counts in letters. A prefix tells the
# candidate what kind of thing an id names, and nothing about which one it is.
ALIAS_PREFIXES: Mapping[str, str] = {"prompts": "p", "elements": "e", "targets": "t", "gaps": "g"}


def gettext_noop(text: str) -> str:
    """Mark a message for translation; the edge that shows it translates it, as no Django is known here."""
    return text


class Record(BaseModel):
    """Base of presentations, keys and answers: immutable, and a stray field is a fault rather than a leak."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ScoringRule(StrEnum):
    """How an answer that is partly right counts. The author picks one per question."""

    all_or_nothing = "all_or_nothing"
    partial = "partial"


@dataclass(frozen=True)
class Compiled(Generic[P, K]):
    """What publishing a question freezes. The two halves are stored in two tables."""

    presentation: P
    key: K


@dataclass(frozen=True)
class Outcome:
    """The judgement of one answer: a share of the item's marks, 0 to 1, or None if a person must judge."""

    fraction: Decimal | None


class Problem(ValueError):
    """A refusal with a sentence for a person. `template` and `params` let the edge translate it."""

    def __init__(self, template: str, field: str = "", /, **params: object) -> None:
        self.template = template
        self.field = field
        self.params = params
        self.message = self.translated(lambda text: text)
        super().__init__(self.message)

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The message in another language; pass Django's `gettext`."""
        text = gettext(self.template)
        return text % self.params if self.params else text


class AnswerProblem(Problem):
    """An answer of the wrong shape. An incomplete answer is none: it is kept as it is."""


class CompileProblem(Problem):
    """A question that cannot be asked or cannot be scored as written. Shown to its author."""


class FormData(Protocol):
    """A posted HTML form, as much of it as a type needs. Django's QueryDict is one."""

    def get(self, name: str, /) -> str | None:
        """The last value posted under a name."""
        ...

    def getlist(self, name: str, /) -> list[str]:
        """Every value posted under a name."""
        ...


class QuestionType(Protocol[P, K, A]):
    """One kind of question. The README beside this file says how to add one.

    Presentations must be equal for two drafts that differ only in key, feedback and scoring rule.
    """

    slug: ClassVar[str]  # stored with every version, never renamed
    version: ClassVar[int]  # goes up when grading changes its meaning
    label: ClassVar[str]
    scoring_rules: ClassVar[tuple[ScoringRule, ...]]
    uses_picture: ClassVar[bool]  # the question's picture is part of the interaction, and required
    marked_by_person: ClassVar[bool]  # `grade` answers None for anything but a blank
    Presentation: type[P]
    Key: type[K]
    Answer: type[A]

    def authoring_block(self) -> Block:
        """The Wagtail block in which an author writes the question."""
        ...

    def compile(self, value: Mapping[str, Any], scoring: ScoringRule) -> Compiled[P, K]:
        """Freeze what the author wrote, or raise CompileProblem: this is the validation that counts."""
        ...

    def arrange(self, presentation: P, rng: random.Random) -> Arrangement:
        """A permutation per group, drawn from the presentation and the generator alone."""
        ...

    def interaction(self, presentation: P, arrangement: Arrangement) -> dict[str, Any]:
        """The question as the API and the templates get it, with aliases for ids."""
        ...

    def parse(self, presentation: P, arrangement: Arrangement, data: Any) -> A:
        """An answer from the API, its aliases turned into canonical ids, or AnswerProblem."""
        ...

    def parse_form(self, presentation: P, arrangement: Arrangement, form: FormData) -> dict[str, Any] | None:
        """A posted form in the shape of an API answer, for `parse` to judge; None when left blank."""
        ...

    def serialise(self, arrangement: Arrangement, answer: A) -> dict[str, Any]:
        """The reverse of `parse`."""
        ...

    def is_complete(self, presentation: P, answer: A) -> bool:
        """Whether nothing more is expected of the candidate. Says nothing about right or wrong."""
        ...

    def grade(self, key: K, answer: A) -> Outcome:
        """Judge an answer, complete or not."""
        ...

    def correct_answer(self, key: K) -> A:
        """An answer that earns full marks, to be shown when the feedback rule allows."""
        ...

    def choice_feedback(self, key: K, answer: A | None) -> dict[str, str]:
        """Canonical id -> what the author says about it, as clean HTML."""
        ...

    def summarise(self, presentation: P, answer: A) -> str:
        """The answer in one line of plain text, for reports."""
        ...

    def classify(self, presentation: P, key: K, answer: A) -> list[str]:
        """Response classes for distractor analysis, always in canonical ids."""
        ...

    def chance(self, presentation: P, key: K) -> Decimal | None:
        """The mean score of blind guessing; None where guessing has no meaning."""
        ...


def alias(group: str, position: int) -> str:
    """The id a candidate sees for the thing at this place (from 0): a, b, ... z, aa or p1, p2, ..."""
    if prefix := ALIAS_PREFIXES.get(group):
        return f"{prefix}{position + 1}"
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def canonical_by_alias(arrangement: Arrangement, group: str) -> dict[str, str]:
    """Alias -> canonical id, in the order shown."""
    return {alias(group, place): identity for place, identity in enumerate(arrangement.get(group, []))}


def alias_by_canonical(arrangement: Arrangement, group: str) -> dict[str, str]:
    """Canonical id -> alias, in the order shown."""
    return {identity: alias(group, place) for place, identity in enumerate(arrangement.get(group, []))}


def feedback_by_alias(arrangement: Arrangement, feedback: Mapping[str, str]) -> dict[str, str]:
    """Feedback as pages and the API show it. An id that is not arranged (`true`, `false`) stays as it is."""
    aliases: dict[str, str] = {}
    for group in arrangement:
        aliases |= alias_by_canonical(arrangement, group)
    return {aliases.get(identity, identity): html for identity, html in feedback.items()}


def only_member(data: Any, name: str) -> Any:
    """The one member that an answer object of this type consists of."""
    if not isinstance(data, dict):
        raise AnswerProblem(gettext_noop("The answer must be an object."))
    if set(data) != {name}:
        raise AnswerProblem(gettext_noop("The answer must consist of “%(name)s” alone."), name, name=name)
    return data[name]


def resolve(aliases: Mapping[str, str], value: Any, field: str) -> str:
    """The canonical id behind an alias. The refusal does not repeat what was sent: it may be huge."""
    if not isinstance(value, str) or value not in aliases:
        raise AnswerProblem(gettext_noop("The answer names something this question does not offer."), field)
    return aliases[value]


def resolve_all(aliases: Mapping[str, str], values: Any, field: str) -> list[str]:
    """The canonical ids behind a list of distinct aliases."""
    if not isinstance(values, list):
        raise AnswerProblem(gettext_noop("“%(name)s” must be a list."), field, name=field)
    if len(values) > len(aliases):
        raise AnswerProblem(gettext_noop("The answer has more entries than this question offers."), field)
    resolved = [resolve(aliases, value, field) for value in values]
    if len(set(resolved)) != len(resolved):
        raise AnswerProblem(gettext_noop("The answer names the same thing twice."), field)
    return resolved


def shuffled(identities: list[str], rng: random.Random) -> list[str]:
    """A random order of all of them, as a new list."""
    return rng.sample(identities, k=len(identities))
