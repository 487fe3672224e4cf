"""True or false: the stem is a statement."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from quizzes.types import draft as drafts
from quizzes.types import markup
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
    gettext_noop,
    only_member,
)

if TYPE_CHECKING:
    from wagtail.blocks import Block

WORDS = {True: "true", False: "false"}


class TrueFalsePresentation(Record):
    """Nothing beside the stem is shown."""


class TrueFalseKey(Record):
    """Whether the statement is true, and what to say to each verdict, under `true` and `false`."""

    correct: bool
    feedback: dict[str, str] = {}


class TrueFalseAnswer(Record):
    """The candidate's verdict."""

    value: bool


class TrueFalse:
    """A statement to be judged. The two verdicts always stand in the same order."""

    slug: ClassVar[str] = "true_false"
    version: ClassVar[int] = 1
    label: ClassVar[str] = gettext_noop("True or false")
    scoring_rules: ClassVar[tuple[ScoringRule, ...]] = (ScoringRule.all_or_nothing,)
    uses_picture: ClassVar[bool] = False
    marked_by_person: ClassVar[bool] = False
    Presentation = TrueFalsePresentation
    Key = TrueFalseKey
    Answer = TrueFalseAnswer

    def authoring_block(self) -> Block:
        """The verdict, and what to say to either."""
        from wagtail.blocks import StructBlock

        from quizzes.types import authoring

        return StructBlock(
            [
                ("correct", authoring.TrueFalseBlock(label="The statement is")),
                (
                    "feedback_true",
                    authoring.text_block(
                        "Feedback on “true”",
                        "Shown once feedback is allowed, beside the verdict “true”.",
                        required=False,
                    ),
                ),
                (
                    "feedback_false",
                    authoring.text_block(
                        "Feedback on “false”",
                        "Shown once feedback is allowed, beside the verdict “false”.",
                        required=False,
                    ),
                ),
            ],
            icon="tick-inverse",
            label=self.label,
        )

    def compile(self, value: Mapping[str, Any], scoring: ScoringRule) -> Compiled[TrueFalsePresentation, TrueFalseKey]:
        """Refuses a statement without a verdict: silence must not become "false"."""
        drafts.check_rule(scoring, self.scoring_rules)
        draft = drafts.open_draft(value, {"correct", "feedback_true", "feedback_false"})
        correct = draft.get("correct")
        if not isinstance(correct, bool):
            raise CompileProblem(gettext_noop("Say whether the statement is true or false."), "correct")
        feedback = {
            word: markup.optional_block(draft.get(f"feedback_{word}"), f"feedback_{word}") for word in WORDS.values()
        }
        said = {word: text for word, text in feedback.items() if text}
        return Compiled(TrueFalsePresentation(), TrueFalseKey(correct=correct, feedback=said))

    def arrange(self, presentation: TrueFalsePresentation, rng: random.Random) -> Arrangement:
        """Nothing to arrange."""
        return {}

    def interaction(self, presentation: TrueFalsePresentation, arrangement: Arrangement) -> dict[str, Any]:
        """Nothing beside the stem."""
        return {}

    def parse(self, presentation: TrueFalsePresentation, arrangement: Arrangement, data: Any) -> TrueFalseAnswer:
        """`{"value": true}`; a word or a number is no verdict."""
        value = only_member(data, "value")
        if not isinstance(value, bool):
            raise AnswerProblem(gettext_noop("“%(name)s” must be true or false."), "value", name="value")
        return TrueFalseAnswer(value=value)

    def parse_form(
        self, presentation: TrueFalsePresentation, arrangement: Arrangement, form: FormData
    ) -> dict[str, Any] | None:
        """Two radio buttons named `answer`. An unknown word goes on to `parse`, which refuses it."""
        word = form.get("answer")
        return {"value": {"true": True, "false": False}.get(word, word)} if word else None

    def serialise(self, arrangement: Arrangement, answer: TrueFalseAnswer) -> dict[str, Any]:
        """The verdict."""
        return {"value": answer.value}

    def is_complete(self, presentation: TrueFalsePresentation, answer: TrueFalseAnswer) -> bool:
        """A verdict is all there is to give."""
        return True

    def grade(self, key: TrueFalseKey, answer: TrueFalseAnswer) -> Outcome:
        """Everything or nothing."""
        return Outcome(rules.EVERYTHING if answer.value is key.correct else rules.NOTHING)

    def correct_answer(self, key: TrueFalseKey) -> TrueFalseAnswer:
        """The key."""
        return TrueFalseAnswer(value=key.correct)

    def choice_feedback(self, key: TrueFalseKey, answer: TrueFalseAnswer | None) -> dict[str, str]:
        """What is said to either verdict."""
        return dict(key.feedback)

    def summarise(self, presentation: TrueFalsePresentation, answer: TrueFalseAnswer) -> str:
        """One word."""
        return gettext_noop("True") if answer.value else gettext_noop("False")

    def classify(self, presentation: TrueFalsePresentation, key: TrueFalseKey, answer: TrueFalseAnswer) -> list[str]:
        """The verdict given."""
        return [WORDS[answer.value]]

    def chance(self, presentation: TrueFalsePresentation, key: TrueFalseKey) -> Decimal | None:
        """A coin."""
        return rules.share(1, 2)


QUESTION_TYPE: QuestionType[TrueFalsePresentation, TrueFalseKey, TrueFalseAnswer] = TrueFalse()
