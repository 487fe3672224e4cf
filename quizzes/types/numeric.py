"""Numeric: a number, right within a tolerance or a range."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from quizzes.types import draft as drafts
from quizzes.types import numbers
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

MOST_UNIT_CHARACTERS = 40


class NumericPresentation(Record):
    """The unit that stands beside the field, as plain text; empty for a bare number."""

    unit: str


class NumericKey(Record):
    """The bounds, both of them still right, and the value to show as the answer."""

    low: Decimal
    high: Decimal
    shown: Decimal


class NumericAnswer(Record):
    """The number given, exactly."""

    value: Decimal


class Numeric:
    """A number is right if it lies within the bounds. Compared as decimals, so 0.1 + 0.2 is no trap."""

    slug: ClassVar[str] = "numeric"
    version: ClassVar[int] = 1
    label: ClassVar[str] = gettext_noop("Number")
    scoring_rules: ClassVar[tuple[ScoringRule, ...]] = (ScoringRule.all_or_nothing,)
    uses_picture: ClassVar[bool] = False
    marked_by_person: ClassVar[bool] = False
    Presentation = NumericPresentation
    Key = NumericKey
    Answer = NumericAnswer

    def authoring_block(self) -> Block:
        """A value with a tolerance, or a range."""
        from wagtail.blocks import CharBlock, DecimalBlock, StructBlock

        return StructBlock(
            [
                (
                    "value",
                    DecimalBlock(
                        label="Right value",
                        help_text="Fill in this and the tolerance, or leave it empty and give a range below.",
                        required=False,
                    ),
                ),
                (
                    "tolerance",
                    DecimalBlock(
                        label="Tolerance",
                        help_text="How far off an answer may be and be right. 0 asks for the exact value.",
                        default=Decimal(0),
                        required=False,
                    ),
                ),
                (
                    "low",
                    DecimalBlock(label="Range from", help_text="The lowest number that is right.", required=False),
                ),
                (
                    "high",
                    DecimalBlock(label="Range to", help_text="The highest number that is right.", required=False),
                ),
                (
                    "unit",
                    CharBlock(
                        label="Unit",
                        help_text="Shown beside the field, for example “cm”. Candidates type a number alone.",
                        max_length=MOST_UNIT_CHARACTERS,
                        required=False,
                    ),
                ),
            ],
            icon="decimal",
            label=self.label,
        )

    def compile(self, value: Mapping[str, Any], scoring: ScoringRule) -> Compiled[NumericPresentation, NumericKey]:
        """Refuses a key without bounds, with two sets of bounds, or with none between them."""
        drafts.check_rule(scoring, self.scoring_rules)
        draft = drafts.open_draft(value, {"value", "tolerance", "low", "high", "unit"})
        unit = draft.get("unit")
        if unit is not None and not isinstance(unit, str):
            raise CompileProblem(gettext_noop("This must be text."), "unit")
        unit = " ".join((unit or "").split())
        if len(unit) > MOST_UNIT_CHARACTERS:
            raise CompileProblem(gettext_noop("This text is too long."), "unit")
        return Compiled(NumericPresentation(unit=unit), read_bounds(draft))

    def arrange(self, presentation: NumericPresentation, rng: random.Random) -> Arrangement:
        """Nothing to arrange."""
        return {}

    def interaction(self, presentation: NumericPresentation, arrangement: Arrangement) -> dict[str, Any]:
        """The unit."""
        return {"unit": presentation.unit}

    def parse(self, presentation: NumericPresentation, arrangement: Arrangement, data: Any) -> NumericAnswer:
        """`{"value": 20}`: a number, or a text with a decimal comma or point."""
        value = only_member(data, "value")
        try:
            return NumericAnswer(value=numbers.read_number(value))
        except numbers.AmbiguousNumber:
            raise AnswerProblem(
                gettext_noop("Leave out thousands separators, or use a point for the decimals."), "value"
            ) from None
        except numbers.NotANumber:
            raise AnswerProblem(
                gettext_noop("Write one number in digits, without thousands separators or a unit."), "value"
            ) from None

    def parse_form(
        self, presentation: NumericPresentation, arrangement: Arrangement, form: FormData
    ) -> dict[str, Any] | None:
        """A text field named `answer`."""
        text = form.get("answer")
        return {"value": text} if text and text.strip() else None

    def serialise(self, arrangement: Arrangement, answer: NumericAnswer) -> dict[str, Any]:
        """The number, as a JSON number where that loses nothing."""
        return {"value": numbers.json_number(answer.value)}

    def is_complete(self, presentation: NumericPresentation, answer: NumericAnswer) -> bool:
        """A number is all there is to give."""
        return True

    def grade(self, key: NumericKey, answer: NumericAnswer) -> Outcome:
        """Everything within the bounds, nothing outside."""
        return Outcome(rules.EVERYTHING if key.low <= answer.value <= key.high else rules.NOTHING)

    def correct_answer(self, key: NumericKey) -> NumericAnswer:
        """The author's value, or the middle of the range."""
        return NumericAnswer(value=key.shown)

    def choice_feedback(self, key: NumericKey, answer: NumericAnswer | None) -> dict[str, str]:
        """The bounds, under `low` and `high`, where more than one number is right."""
        if key.low == key.high:
            return {}
        return {"low": numbers.write_number(key.low), "high": numbers.write_number(key.high)}

    def summarise(self, presentation: NumericPresentation, answer: NumericAnswer) -> str:
        """The number with its unit."""
        return f"{numbers.write_number(answer.value)} {presentation.unit}".strip()

    def classify(self, presentation: NumericPresentation, key: NumericKey, answer: NumericAnswer) -> list[str]:
        """The number itself: a wrong one that many give is worth knowing."""
        return [numbers.write_number(answer.value)]

    def chance(self, presentation: NumericPresentation, key: NumericKey) -> Decimal | None:
        """Not known: nobody can say from which numbers a guess is drawn."""
        return None


def read_bounds(draft: Mapping[str, Any]) -> NumericKey:
    """The bounds from `value` and `tolerance`, or from `low` and `high`; anything else raises CompileProblem."""
    value = _read(draft, "value")
    tolerance = _read(draft, "tolerance")
    low = _read(draft, "low")
    high = _read(draft, "high")
    if value is not None:
        if low is not None or high is not None:
            raise CompileProblem(gettext_noop("Give either a value or a range, not both."), "value")
        tolerance = tolerance or Decimal(0)
        if tolerance < 0:
            raise CompileProblem(gettext_noop("The tolerance cannot be below zero."), "tolerance")
        return NumericKey(
            low=numbers.EXACT.subtract(value, tolerance),
            high=numbers.EXACT.add(value, tolerance),
            shown=value,
        )
    if low is None or high is None:
        raise CompileProblem(
            gettext_noop("Give the right value, or both ends of a range."), "value" if low is high else "low"
        )
    if tolerance:
        raise CompileProblem(gettext_noop("A range has no tolerance: widen the range instead."), "tolerance")
    if low > high:
        raise CompileProblem(gettext_noop("The range ends before it begins."), "high")
    middle = numbers.EXACT.divide(numbers.EXACT.add(low, high), Decimal(2))
    return NumericKey(low=low, high=high, shown=middle)


def _read(draft: Mapping[str, Any], name: str) -> Decimal | None:
    value = draft.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        return numbers.read_number(value)
    except numbers.NotANumber:
        raise CompileProblem(
            gettext_noop("Write one number in digits, without thousands separators or a unit."), name
        ) from None


QUESTION_TYPE: QuestionType[NumericPresentation, NumericKey, NumericAnswer] = Numeric()
