"""Short answer: a word or a few, right if it is one of the answers the author accepts."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from quizzes.types import draft as drafts
from quizzes.types import examples as made
from quizzes.types import markup, numbers, texts
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

USUAL_LENGTH = 100
PERCENT = Decimal(100)


class ShortAnswerPresentation(Record):
    """How many characters a candidate may write: never worked out from the key."""

    max_length: int


class ShortAnswerKey(Record):
    """The accepted answers in the author's order; the first with full marks has no wildcard."""

    accepted: tuple[texts.Accepted, ...]
    typo_tolerance: bool
    scoring: ScoringRule


class ShortAnswerAnswer(Record):
    """What was written, on one line; empty when it was blank."""

    text: str


class ShortAnswer:
    """A text is worth the share of the best accepted answer that it fits. A blank is incomplete, and worth nothing."""

    slug: ClassVar[str] = "short_answer"
    version: ClassVar[int] = 1
    label: ClassVar[str] = gettext_noop("Short answer")
    scoring_rules: ClassVar[tuple[ScoringRule, ...]] = (ScoringRule.all_or_nothing, ScoringRule.partial)
    uses_picture: ClassVar[bool] = False
    marked_by_person: ClassVar[bool] = False
    Presentation = ShortAnswerPresentation
    Key = ShortAnswerKey
    Answer = ShortAnswerAnswer

    def authoring_block(self) -> Block:
        """A list of accepted answers, and how strictly they are compared."""
        from wagtail.blocks import CharBlock, DecimalBlock, IntegerBlock, ListBlock, StructBlock

        from quizzes.types import authoring

        answer = StructBlock(
            [
                (
                    "text",
                    CharBlock(
                        label="Accepted answer",
                        help_text="Case and blanks do not matter. * stands for anything or nothing, \\* for a star. "
                        "The first answer with full marks is shown as the right one and has no wildcard.",
                        max_length=texts.MOST_CHARACTERS,
                    ),
                ),
                (
                    "share",
                    DecimalBlock(
                        label="Share of the marks, in percent",
                        help_text="100 for a right answer. Less counts only under the partial scoring rule; "
                        "0 is for a mistake that deserves feedback of its own.",
                        default=PERCENT,
                        min_value=0,
                        max_value=100,
                        required=False,
                    ),
                ),
                (
                    "feedback",
                    authoring.text_block(
                        "Feedback",
                        "Shown once feedback is allowed, to those who gave this answer.",
                        required=False,
                    ),
                ),
            ],
            icon="edit",
            label="Accepted answer",
        )
        return StructBlock(
            [
                ("answers", ListBlock(answer, label="Accepted answers")),
                (
                    "max_length",
                    IntegerBlock(
                        label="Characters at most",
                        help_text="What candidates are told. It need not fit the answer, and should not tell it.",
                        default=USUAL_LENGTH,
                        min_value=1,
                        max_value=texts.MOST_CHARACTERS,
                        required=False,
                    ),
                ),
                ("typo_tolerance", authoring.typo_tolerance_block()),
                ("samples", authoring.samples_block()),
            ],
            icon="edit",
            label=self.label,
        )

    def compile(
        self, value: Mapping[str, Any], scoring: ScoringRule
    ) -> Compiled[ShortAnswerPresentation, ShortAnswerKey]:
        """Refuses answers that cannot be written, and a key without an answer that could be shown."""
        rule = drafts.check_rule(scoring, self.scoring_rules)
        draft = drafts.open_draft(value, {"answers", "max_length", "typo_tolerance", "samples"})
        most = drafts.count(draft, "max_length", default=USUAL_LENGTH)
        if not 1 <= most <= texts.MOST_CHARACTERS:
            raise CompileProblem(
                gettext_noop("This must lie between 1 and %(most)s."), "max_length", most=texts.MOST_CHARACTERS
            )
        accepted = tuple(
            _read_answer(entry, f"answers.{number}", most)
            for number, entry in enumerate(drafts.rows(draft, "answers", least=1, most=texts.MOST_ANSWERS), start=1)
        )
        texts.refuse_repeats([each.text for each in accepted], "answers")
        _first_full(accepted)
        made.read_samples(draft.get("samples"), "samples")
        tolerant = drafts.flag(draft, "typo_tolerance", "typo_tolerance", default=False)
        return Compiled(
            ShortAnswerPresentation(max_length=most),
            ShortAnswerKey(accepted=accepted, typo_tolerance=tolerant, scoring=rule),
        )

    def examples(self, value: Mapping[str, Any]) -> list[made.Example]:
        """What this draft would accept and refuse, for its author: the samples, then examples made from the answers.

        Raises CompileProblem where `compile` does.
        """
        key = self.compile(value, ScoringRule.partial).key
        samples = made.read_samples(value.get("samples"), "samples")
        return made.examples_of(key.accepted, samples, tolerant=key.typo_tolerance)

    def arrange(self, presentation: ShortAnswerPresentation, rng: random.Random) -> Arrangement:
        """Nothing to arrange."""
        return {}

    def interaction(self, presentation: ShortAnswerPresentation, arrangement: Arrangement) -> dict[str, Any]:
        """The length."""
        return {"max_length": presentation.max_length}

    def parse(self, presentation: ShortAnswerPresentation, arrangement: Arrangement, data: Any) -> ShortAnswerAnswer:
        """`{"text": "gluteus medius"}`."""
        return ShortAnswerAnswer(text=read_text(only_member(data, "text"), "text", presentation.max_length))

    def parse_form(
        self, presentation: ShortAnswerPresentation, arrangement: Arrangement, form: FormData
    ) -> dict[str, Any] | None:
        """A text field named `answer`."""
        text = form.get("answer")
        return {"text": text} if text and text.strip() else None

    def serialise(self, arrangement: Arrangement, answer: ShortAnswerAnswer) -> dict[str, Any]:
        """The text."""
        return {"text": answer.text}

    def is_complete(self, presentation: ShortAnswerPresentation, answer: ShortAnswerAnswer) -> bool:
        """Something was written."""
        return bool(texts.normalise(answer.text))

    def grade(self, key: ShortAnswerKey, answer: ShortAnswerAnswer) -> Outcome:
        """The share of the accepted answer that fits best; under all or nothing only a full one counts."""
        verdict = _judge(key, answer)
        share = key.accepted[verdict.place].share if verdict.place is not None else rules.NOTHING
        return Outcome(rules.by_rule(key.scoring, share))

    def correct_answer(self, key: ShortAnswerKey) -> ShortAnswerAnswer:
        """The first accepted answer with full marks."""
        return ShortAnswerAnswer(text=texts.literal(_first_full(key.accepted).text))

    def choice_feedback(self, key: ShortAnswerKey, answer: ShortAnswerAnswer | None) -> dict[str, str]:
        """What the author says about the answer given, under `answer`."""
        verdict = _judge(key, answer) if answer else None
        said = key.accepted[verdict.place].feedback if verdict and verdict.place is not None else ""
        return {"answer": said} if said else {}

    def summarise(self, presentation: ShortAnswerPresentation, answer: ShortAnswerAnswer) -> str:
        """The text."""
        return answer.text

    def classify(
        self, presentation: ShortAnswerPresentation, key: ShortAnswerKey, answer: ShortAnswerAnswer
    ) -> list[str]:
        """The accepted answer that it fits, or the text as it was compared: a mistake many make is worth knowing."""
        verdict = _judge(key, answer)
        text = key.accepted[verdict.place].text if verdict.place is not None else answer.text
        shown = texts.normalise(text)
        return [shown] if shown else []

    def chance(self, presentation: ShortAnswerPresentation, key: ShortAnswerKey) -> Decimal | None:
        """Not known: nobody can say from which words a guess is drawn."""
        return None


def read_text(value: Any, where: str, most: int) -> str:
    """What a candidate wrote into one field, on one line and within its bounds."""
    if not isinstance(value, str):
        raise AnswerProblem(gettext_noop("The answer must be text."), where)
    # A little slack for blanks; beyond that nothing is looked at.
    text = texts.one_line(value) if len(value) <= 2 * texts.MOST_CHARACTERS + most else value
    if len(text) > most:
        raise AnswerProblem(gettext_noop("Write at most %(most)s characters."), where, most=most)
    return text


def _judge(key: ShortAnswerKey, answer: ShortAnswerAnswer) -> texts.Verdict:
    return texts.judge(key.accepted, answer.text, tolerant=key.typo_tolerance)


def _read_answer(entry: Any, where: str, most: int) -> texts.Accepted:
    parts = drafts.row(entry, where, {"text", "share", "feedback"})
    text = texts.read_accepted(parts.get("text"), f"{where}.text", most)
    share = _read_share(parts.get("share"), f"{where}.share")
    if share and texts.accepts_anything(text):
        raise CompileProblem(gettext_noop("This would accept every answer."), f"{where}.text")
    return texts.Accepted(
        text=text, share=share, feedback=markup.optional_block(parts.get("feedback"), f"{where}.feedback")
    )


def _read_share(value: Any, where: str) -> Decimal:
    if value is None or value == "":
        return rules.EVERYTHING
    try:
        percent = numbers.read_number(value)
    except numbers.NotANumber:
        raise CompileProblem(gettext_noop("Write a percentage as a number from 0 to 100."), where) from None
    if not 0 <= percent <= PERCENT:
        raise CompileProblem(gettext_noop("Write a percentage as a number from 0 to 100."), where)
    return rules.EVERYTHING if percent == PERCENT else numbers.EXACT.divide(percent, PERCENT)


def _first_full(accepted: tuple[texts.Accepted, ...]) -> texts.Accepted:
    for number, each in enumerate(accepted, start=1):
        if each.share == rules.EVERYTHING:
            if texts.has_wildcard(each.text):
                raise CompileProblem(
                    gettext_noop(
                        "The first answer with full marks is shown as the right one, so it has no wildcard. "
                        "Write one without above it."
                    ),
                    f"answers.{number}.text",
                )
            return each
    raise CompileProblem(gettext_noop("One answer must earn full marks."), "answers")


QUESTION_TYPE: QuestionType[ShortAnswerPresentation, ShortAnswerKey, ShortAnswerAnswer] = ShortAnswer()
