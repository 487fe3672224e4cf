"""Multiple response: a list of choices of which several may be right."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from quizzes.types import choices as choosing
from quizzes.types import draft as drafts
from quizzes.types import scoring as rules
from quizzes.types.base import (
    AnswerProblem,
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
    resolve_all,
)

if TYPE_CHECKING:
    from wagtail.blocks import Block


class MultipleResponsePresentation(choosing.ChoicePresentation):
    """The choices, and how many the author tells the candidate to pick: never worked out from the key."""

    min: int
    max: int


class MultipleResponseKey(Record):
    """The right choices in the author's order, and what to say about each choice."""

    correct: tuple[str, ...]
    scoring: ScoringRule
    feedback: dict[str, str] = {}


class MultipleResponseAnswer(Record):
    """The choices picked, in canonical order so that equal answers are stored alike."""

    choices: tuple[str, ...]


class MultipleResponse:
    """Several choices may be right. Under the partial rule a wrong pick takes back a right one."""

    slug: ClassVar[str] = "multiple_response"
    version: ClassVar[int] = 1
    label: ClassVar[str] = gettext_noop("Multiple response")
    scoring_rules: ClassVar[tuple[ScoringRule, ...]] = (ScoringRule.all_or_nothing, ScoringRule.partial)
    uses_picture: ClassVar[bool] = False
    marked_by_person: ClassVar[bool] = False
    Presentation = MultipleResponsePresentation
    Key = MultipleResponseKey
    Answer = MultipleResponseAnswer

    def authoring_block(self) -> Block:
        """A list of choices, and how many the candidate is told to pick."""
        from wagtail.blocks import IntegerBlock, StructBlock

        from quizzes.types import authoring

        return StructBlock(
            [
                ("shuffle", authoring.shuffle_block()),
                (
                    "min",
                    IntegerBlock(
                        label="Pick at least",
                        help_text="What candidates are told. It need not be the number of right choices, "
                        "and usually should not tell it.",
                        default=1,
                        min_value=0,
                        required=False,
                    ),
                ),
                (
                    "max",
                    IntegerBlock(
                        label="Pick at most",
                        help_text="What candidates are told. Leave empty to allow as many as there are.",
                        min_value=1,
                        required=False,
                    ),
                ),
                ("choices", authoring.choices_block("Tick every choice that is right.")),
            ],
            icon="list-ul",
            label=self.label,
        )

    def compile(
        self, value: Mapping[str, Any], scoring: ScoringRule
    ) -> Compiled[MultipleResponsePresentation, MultipleResponseKey]:
        """Refuses an empty key, and bounds within which the key could not be given."""
        rule = drafts.check_rule(scoring, self.scoring_rules)
        draft = drafts.open_draft(value, {"shuffle", "min", "max", "choices"})
        read = choosing.read_choices(draft)
        least = drafts.count(draft, "min", default=1)
        most = drafts.count(draft, "max", default=len(read.choices))
        if least < 0:
            raise CompileProblem(gettext_noop("This cannot be below zero."), "min")
        if not max(least, 1) <= most <= len(read.choices):
            raise CompileProblem(
                gettext_noop("“At most” must lie between “at least” and the number of choices."), "max"
            )
        if not read.keys:
            raise CompileProblem(gettext_noop("Mark at least one choice as right."), "choices")
        if not least <= len(read.keys) <= most:
            raise CompileProblem(
                gettext_noop("The right choices are more or fewer than a candidate may pick."), "choices"
            )
        return Compiled(
            MultipleResponsePresentation(
                choices=read.choices,
                shuffle=drafts.flag(draft, "shuffle", "shuffle", default=True),
                min=least,
                max=most,
            ),
            MultipleResponseKey(correct=read.keys, scoring=rule, feedback=read.feedback),
        )

    def arrange(self, presentation: MultipleResponsePresentation, rng: random.Random) -> Arrangement:
        """The choices in a random order, unless the author's order counts."""
        return choosing.arrange_choices(presentation, rng)

    def interaction(self, presentation: MultipleResponsePresentation, arrangement: Arrangement) -> dict[str, Any]:
        """The choices and the bounds."""
        return {
            "choices": choosing.show_choices(presentation, arrangement),
            "min": presentation.min,
            "max": presentation.max,
        }

    def parse(
        self, presentation: MultipleResponsePresentation, arrangement: Arrangement, data: Any
    ) -> MultipleResponseAnswer:
        """`{"choices": [alias, ...]}`. Too few is incomplete; too many cannot become right by going on."""
        picked = resolve_all(choosing.offered(arrangement), only_member(data, "choices"), "choices")
        if len(picked) > presentation.max:
            raise AnswerProblem(gettext_noop("Pick at most %(most)s."), "choices", most=presentation.max)
        return MultipleResponseAnswer(
            choices=tuple(choice.id for choice in presentation.choices if choice.id in picked)
        )

    def parse_form(
        self, presentation: MultipleResponsePresentation, arrangement: Arrangement, form: FormData
    ) -> dict[str, Any] | None:
        """A group of check boxes named `answer`."""
        picked = [value for value in form.getlist("answer") if value]
        return {"choices": picked} if picked else None

    def serialise(self, arrangement: Arrangement, answer: MultipleResponseAnswer) -> dict[str, Any]:
        """The aliases picked, in the order shown."""
        shown = alias_by_canonical(arrangement, "choices")
        return {"choices": [name for identity, name in shown.items() if identity in answer.choices]}

    def is_complete(self, presentation: MultipleResponsePresentation, answer: MultipleResponseAnswer) -> bool:
        """As many as the candidate was told to pick at least."""
        return len(answer.choices) >= presentation.min

    def grade(self, key: MultipleResponseKey, answer: MultipleResponseAnswer) -> Outcome:
        """By the author's rule."""
        return Outcome(rules.by_rule(key.scoring, rules.right_minus_wrong(answer.choices, key.correct)))

    def correct_answer(self, key: MultipleResponseKey) -> MultipleResponseAnswer:
        """The key."""
        return MultipleResponseAnswer(choices=key.correct)

    def choice_feedback(self, key: MultipleResponseKey, answer: MultipleResponseAnswer | None) -> dict[str, str]:
        """All of it: a right choice that was overlooked needs its reason most."""
        return dict(key.feedback)

    def summarise(self, presentation: MultipleResponsePresentation, answer: MultipleResponseAnswer) -> str:
        """The texts of the choices."""
        return "; ".join(presentation.text_of(identity) for identity in answer.choices)

    def classify(
        self,
        presentation: MultipleResponsePresentation,
        key: MultipleResponseKey,
        answer: MultipleResponseAnswer,
    ) -> list[str]:
        """Each choice picked."""
        return list(answer.choices)

    def chance(self, presentation: MultipleResponsePresentation, key: MultipleResponseKey) -> Decimal | None:
        """The mean over every set of at least one choice that the instruction allows, all equally likely."""
        return rules.chance_of_picks(
            len(key.correct), len(presentation.choices), presentation.min, presentation.max, key.scoring
        )


QUESTION_TYPE: QuestionType[MultipleResponsePresentation, MultipleResponseKey, MultipleResponseAnswer] = (
    MultipleResponse()
)
