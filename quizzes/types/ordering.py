"""Ordering: elements to be put into their right order."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from decimal import Decimal
from math import factorial
from typing import TYPE_CHECKING, Any, ClassVar

from quizzes.types import choices as choosing
from quizzes.types import draft as drafts
from quizzes.types import markup
from quizzes.types import scoring as rules
from quizzes.types.base import (
    AnswerProblem,
    Arrangement,
    Compiled,
    FormData,
    Outcome,
    QuestionType,
    Record,
    ScoringRule,
    alias,
    alias_by_canonical,
    canonical_by_alias,
    gettext_noop,
    only_member,
    resolve_all,
    shuffled,
)

if TYPE_CHECKING:
    from wagtail.blocks import Block

MOST_ELEMENTS = 20


class Element(Record):
    """One thing to be put in its place."""

    id: str
    html: str


class OrderingPresentation(Record):
    """The elements in the order of their texts, which says nothing about the right one."""

    elements: tuple[Element, ...]


class OrderingKey(Record):
    """The ids in the right order."""

    order: tuple[str, ...]
    scoring: ScoringRule


class OrderingAnswer(Record):
    """The ids in the candidate's order; those not placed yet are missing."""

    order: tuple[str, ...]


class Ordering:
    """Elements are put in a row. Under the partial rule each pair of neighbours kept together counts."""

    slug: ClassVar[str] = "ordering"
    version: ClassVar[int] = 1
    label: ClassVar[str] = gettext_noop("Ordering")
    scoring_rules: ClassVar[tuple[ScoringRule, ...]] = (ScoringRule.all_or_nothing, ScoringRule.partial)
    uses_picture: ClassVar[bool] = False
    marked_by_person: ClassVar[bool] = False
    Presentation = OrderingPresentation
    Key = OrderingKey
    Answer = OrderingAnswer

    def authoring_block(self) -> Block:
        """The elements in the right order."""
        from wagtail.blocks import ListBlock, StructBlock

        from quizzes.types import authoring

        return StructBlock(
            [
                (
                    "elements",
                    ListBlock(
                        authoring.text_block("Element"),
                        label="Elements in the right order",
                        help_text="Write three to seven of them in the right order. Candidates see them shuffled.",
                    ),
                ),
            ],
            icon="list-ol",
            label=self.label,
        )

    def compile(self, value: Mapping[str, Any], scoring: ScoringRule) -> Compiled[OrderingPresentation, OrderingKey]:
        """Refuses repeated elements: which of two equal ones stands first cannot be said."""
        rule = drafts.check_rule(scoring, self.scoring_rules)
        draft = drafts.open_draft(value, {"elements"})
        texts = [
            markup.required_inline(entry, f"elements.{number}")
            for number, entry in enumerate(drafts.rows(draft, "elements", least=2, most=MOST_ELEMENTS), start=1)
        ]
        markup.refuse_repeats(texts, "elements")
        identities = {html: f"e{number}" for number, html in enumerate(sorted(texts, key=markup.sort_key), start=1)}
        return Compiled(
            OrderingPresentation(
                elements=tuple(Element(id=identity, html=html) for html, identity in identities.items())
            ),
            OrderingKey(order=tuple(identities[html] for html in texts), scoring=rule),
        )

    def arrange(self, presentation: OrderingPresentation, rng: random.Random) -> Arrangement:
        """A random order. It may happen to be the right one; to avoid that would need, and tell, the key."""
        return {"elements": shuffled([element.id for element in presentation.elements], rng)}

    def interaction(self, presentation: OrderingPresentation, arrangement: Arrangement) -> dict[str, Any]:
        """The elements."""
        texts = {element.id: element.html for element in presentation.elements}
        return {"elements": choosing.show("elements", texts, arrangement)}

    def parse(self, presentation: OrderingPresentation, arrangement: Arrangement, data: Any) -> OrderingAnswer:
        """`{"order": [alias, ...]}`; elements may be missing."""
        elements = canonical_by_alias(arrangement, "elements")
        return OrderingAnswer(order=tuple(resolve_all(elements, only_member(data, "order"), "order")))

    def parse_form(
        self, presentation: OrderingPresentation, arrangement: Arrangement, form: FormData
    ) -> dict[str, Any] | None:
        """A select per element, named `position-` and its alias. Elements without a position are left out."""
        places: dict[int, str] = {}
        count = len(arrangement["elements"])
        for place in range(count):
            name = alias("elements", place)
            written = form.get(f"position-{name}")
            if not written:
                continue
            if not re.fullmatch(r"[1-9][0-9]?", written) or int(written) > count:
                raise AnswerProblem(gettext_noop("There is no such position."), "order")
            if int(written) in places:
                raise AnswerProblem(
                    gettext_noop("Position %(position)s was given to more than one element."),
                    "order",
                    position=int(written),
                )
            places[int(written)] = name
        return {"order": [places[position] for position in sorted(places)]} if places else None

    def serialise(self, arrangement: Arrangement, answer: OrderingAnswer) -> dict[str, Any]:
        """Aliases in the candidate's order."""
        names = alias_by_canonical(arrangement, "elements")
        return {"order": [names[identity] for identity in answer.order]}

    def is_complete(self, presentation: OrderingPresentation, answer: OrderingAnswer) -> bool:
        """Every element has its place."""
        return len(answer.order) == len(presentation.elements)

    def grade(self, key: OrderingKey, answer: OrderingAnswer) -> Outcome:
        """By the author's rule."""
        return Outcome(rules.by_rule(key.scoring, rules.adjacent_pairs_kept(answer.order, key.order)))

    def correct_answer(self, key: OrderingKey) -> OrderingAnswer:
        """The key."""
        return OrderingAnswer(order=key.order)

    def choice_feedback(self, key: OrderingKey, answer: OrderingAnswer | None) -> dict[str, str]:
        """None: the right order and the rationale say it."""
        return {}

    def summarise(self, presentation: OrderingPresentation, answer: OrderingAnswer) -> str:
        """The texts in the candidate's order."""
        texts = {element.id: markup.plain_text(element.html) for element in presentation.elements}
        return " → ".join(texts[identity] for identity in answer.order)

    def classify(self, presentation: OrderingPresentation, key: OrderingKey, answer: OrderingAnswer) -> list[str]:
        """Which element stands where, as `position:element`."""
        return [f"{position}:{identity}" for position, identity in enumerate(answer.order, start=1)]

    def chance(self, presentation: OrderingPresentation, key: OrderingKey) -> Decimal | None:
        """The mean over all orders: each pair of neighbours survives in one order out of n."""
        count = len(presentation.elements)
        return rules.share(1, count if key.scoring is ScoringRule.partial else factorial(count))


QUESTION_TYPE: QuestionType[OrderingPresentation, OrderingKey, OrderingAnswer] = Ordering()
