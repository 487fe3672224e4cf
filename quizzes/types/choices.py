"""What the types with a list of choices have in common."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quizzes.types import draft as drafts
from quizzes.types import markup
from quizzes.types.base import Arrangement, Record, alias, canonical_by_alias, shuffled

MOST_CHOICES = 50

# "All of the above" only makes sense at the end. It is recognised by its words, not by a mark of the
# author's, so that it cannot say anything about the key.
_REFERS_UPWARD = re.compile(
    r"(?:all|none|neither|both|any|some)(?: of)?(?: the| these| them)?"
    r"(?: (?:choices|options|answers|statements))?(?: (?:listed|given))? ?(?:above|mentioned above)"
    r"|(?:all|none|both|neither) of (?:these|them)"
)


class Choice(Record):
    """One thing to pick. `pinned` keeps it last whatever the shuffle."""

    id: str
    html: str
    pinned: bool = False


class ChoicePresentation(Record):
    """A list of choices and whether each candidate gets an order of their own."""

    choices: tuple[Choice, ...]
    shuffle: bool

    def text_of(self, identity: str) -> str:
        """The plain text of one choice."""
        return next(markup.plain_text(choice.html) for choice in self.choices if choice.id == identity)


@dataclass(frozen=True)
class ChoiceList:
    """A draft's choices, taken apart into what is shown and what is known."""

    choices: tuple[Choice, ...]
    keys: tuple[str, ...]
    feedback: dict[str, str]


def read_choices(draft: Mapping[str, Any]) -> ChoiceList:
    """Read and clean the choices, refusing blank and repeated ones. How many keys fit, the type says."""
    entries = drafts.rows(draft, "choices", least=2, most=MOST_CHOICES)
    choices: list[Choice] = []
    keys: list[str] = []
    feedback: dict[str, str] = {}
    for number, entry in enumerate(entries, start=1):
        field = f"choices.{number}"
        parts = drafts.row(entry, field, {"text", "key", "feedback"})
        identity = f"c{number}"
        html = markup.required_inline(parts.get("text"), f"{field}.text")
        choices.append(Choice(id=identity, html=html, pinned=refers_upward(html)))
        if drafts.flag(parts, "key", f"{field}.key", default=False):
            keys.append(identity)
        if said := markup.optional_block(parts.get("feedback"), f"{field}.feedback"):
            feedback[identity] = said
    markup.refuse_repeats([choice.html for choice in choices], "choices")
    return ChoiceList(tuple(choices), tuple(keys), feedback)


def refers_upward(html: str) -> bool:
    """Whether a choice speaks of those before it ("none of the above")."""
    return _REFERS_UPWARD.fullmatch(markup.comparable(html).rstrip(". ")) is not None


def arrange_choices(presentation: ChoicePresentation, rng: random.Random) -> Arrangement:
    """A random order, or the author's; pinned choices stay last either way they were written."""
    identities = [choice.id for choice in presentation.choices]
    if presentation.shuffle:
        pinned = [choice.id for choice in presentation.choices if choice.pinned]
        free = [choice.id for choice in presentation.choices if not choice.pinned]
        identities = shuffled(free, rng) + pinned
    return {"choices": identities}


def show(group: str, html_by_id: Mapping[str, str], arrangement: Arrangement) -> list[dict[str, str]]:
    """A group as candidates get it: in the order arranged, under aliases."""
    return [
        {"id": alias(group, place), "html": html_by_id[identity]} for place, identity in enumerate(arrangement[group])
    ]


def show_choices(presentation: ChoicePresentation, arrangement: Arrangement) -> list[dict[str, str]]:
    """The choices as candidates get them."""
    return show("choices", {choice.id: choice.html for choice in presentation.choices}, arrangement)


def offered(arrangement: Arrangement) -> dict[str, str]:
    """Alias -> canonical id of the choices."""
    return canonical_by_alias(arrangement, "choices")
