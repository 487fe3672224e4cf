"""Single choice: a list of choices, exactly one of them right."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from quizzes.types import choices as choosing
from quizzes.types import draft as drafts
from quizzes.types import scoring as rules
from quizzes.types.base import (
    Arrangement,
    Compiled,
    CompileProblem,
    FormData,
    Outcome,
    QuestionType,
    Record,
    ScoringRule,
    alias_by_canonical,
    gettext_noop,
    only_member,
    resolve,
)

if TYPE_CHECKING:
    from wagtail.blocks import Block


class SingleChoiceKey(Record):
    """The right choice, and what to say about each."""

    correct: str
    feedback: dict[str, str] = {}


class SingleChoiceAnswer(Record):
    """The choice picked."""

    choice: str


class SingleChoice:
    """One choice is right; picking it earns everything, any other nothing."""

    slug: ClassVar[str] = "single_choice"
    version: ClassVar[int] = 1
    label: ClassVar[str] = gettext_noop("Single choice")
    scoring_rules: ClassVar[tuple[ScoringRule, ...]] = (ScoringRule.all_or_nothing,)
    uses_picture: ClassVar[bool] = False
    marked_by_person: ClassVar[bool] = False
    Presentation = choosing.ChoicePresentation
    Key = SingleChoiceKey
    Answer = SingleChoiceAnswer

    def authoring_block(self) -> Block:
        """A list of choices with one marked as right."""
        from wagtail.blocks import StructBlock

        from quizzes.types import authoring

        return StructBlock(
            [
                ("shuffle", authoring.shuffle_block()),
                ("choices", authoring.choices_block("Tick exactly one choice of the list.")),
            ],
            icon="radio-full",
            label=self.label,
        )

    def compile(
        self, value: Mapping[str, Any], scoring: ScoringRule
    ) -> Compiled[choosing.ChoicePresentation, SingleChoiceKey]:
        """Refuses anything but exactly one key."""
        drafts.check_rule(scoring, self.scoring_rules)
        draft = drafts.open_draft(value, {"shuffle", "choices"})
        read = choosing.read_choices(draft)
        if not read.keys:
            raise CompileProblem(gettext_noop("Mark one choice as right."), "choices")
        if len(read.keys) > 1:
            raise CompileProblem(gettext_noop("Only one choice can be right here."), "choices")
        return Compiled(
            choosing.ChoicePresentation(
                choices=read.choices, shuffle=drafts.flag(draft, "shuffle", "shuffle", default=True)
            ),
            SingleChoiceKey(correct=read.keys[0], feedback=read.feedback),
        )

    def arrange(self, presentation: choosing.ChoicePresentation, rng: random.Random) -> Arrangement:
        """The choices in a random order, unless the author's order counts."""
        return choosing.arrange_choices(presentation, rng)

    def interaction(self, presentation: choosing.ChoicePresentation, arrangement: Arrangement) -> dict[str, Any]:
        """The choices."""
        return {"choices": choosing.show_choices(presentation, arrangement)}

    def parse(
        self, presentation: choosing.ChoicePresentation, arrangement: Arrangement, data: Any
    ) -> SingleChoiceAnswer:
        """`{"choice": alias}`."""
        choice = resolve(choosing.offered(arrangement), only_member(data, "choice"), "choice")
        return SingleChoiceAnswer(choice=choice)

    def parse_form(
        self, presentation: choosing.ChoicePresentation, arrangement: Arrangement, form: FormData
    ) -> dict[str, Any] | None:
        """A group of radio buttons named `answer`."""
        picked = form.get("answer")
        return {"choice": picked} if picked else None

    def serialise(self, arrangement: Arrangement, answer: SingleChoiceAnswer) -> dict[str, Any]:
        """The alias picked."""
        return {"choice": alias_by_canonical(arrangement, "choices")[answer.choice]}

    def is_complete(self, presentation: choosing.ChoicePresentation, answer: SingleChoiceAnswer) -> bool:
        """A pick is all there is to do."""
        return True

    def grade(self, key: SingleChoiceKey, answer: SingleChoiceAnswer) -> Outcome:
        """Everything or nothing."""
        return Outcome(rules.EVERYTHING if answer.choice == key.correct else rules.NOTHING)

    def correct_answer(self, key: SingleChoiceKey) -> SingleChoiceAnswer:
        """The key."""
        return SingleChoiceAnswer(choice=key.correct)

    def choice_feedback(self, key: SingleChoiceKey, answer: SingleChoiceAnswer | None) -> dict[str, str]:
        """All of it: why the others are wrong teaches as much as why the key is right."""
        return dict(key.feedback)

    def summarise(self, presentation: choosing.ChoicePresentation, answer: SingleChoiceAnswer) -> str:
        """The text of the choice."""
        return presentation.text_of(answer.choice)

    def classify(
        self, presentation: choosing.ChoicePresentation, key: SingleChoiceKey, answer: SingleChoiceAnswer
    ) -> list[str]:
        """The choice picked."""
        return [answer.choice]

    def chance(self, presentation: choosing.ChoicePresentation, key: SingleChoiceKey) -> Decimal | None:
        """One in as many as there are."""
        return rules.share(1, len(presentation.choices))


QUESTION_TYPE: QuestionType[choosing.ChoicePresentation, SingleChoiceKey, SingleChoiceAnswer] = SingleChoice()
