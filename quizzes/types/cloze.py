"""Cloze: a text with gaps to fill in by writing, by choosing, or with a number."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar

from quizzes.types import choices as choosing
from quizzes.types import draft as drafts
from quizzes.types import examples as made
from quizzes.types import gaps, numbers, texts
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
    alias_by_canonical,
    canonical_by_alias,
    gettext_noop,
    only_member,
)
from quizzes.types.short_answer import read_text

if TYPE_CHECKING:
    from wagtail.blocks import Block

MOST_WRITTEN = 100


class ClozePresentation(Record):
    """The text, in which an empty `<span data-gap="g1">` stands for each gap, and the gaps in reading order."""

    html: str
    gaps: tuple[gaps.Gap, ...]


class ClozeKey(Record):
    """What is right in each gap, in reading order."""

    gaps: tuple[gaps.GapKey, ...]
    scoring: ScoringRule


class ClozeAnswer(Record):
    """Gap id -> what was given, for the gaps filled so far, apart by kind: words, choice ids, numbers."""

    texts: dict[str, str] = {}
    choices: dict[str, str] = {}
    numbers: dict[str, Decimal] = {}

    @property
    def filled(self) -> int:
        """How many gaps have something in them."""
        return len(self.texts) + len(self.choices) + len(self.numbers)


class Cloze:
    """Gaps are right or wrong one by one; the partial rule gives the share of right gaps."""

    slug: ClassVar[str] = "cloze"
    version: ClassVar[int] = 1
    label: ClassVar[str] = gettext_noop("Text with gaps")
    scoring_rules: ClassVar[tuple[ScoringRule, ...]] = (ScoringRule.all_or_nothing, ScoringRule.partial)
    uses_picture: ClassVar[bool] = False
    marked_by_person: ClassVar[bool] = False
    Presentation = ClozePresentation
    Key = ClozeKey
    Answer = ClozeAnswer

    def authoring_block(self) -> Block:
        """The text with its marks, and a gap of one kind or another for each mark."""
        from wagtail.blocks import CharBlock, DecimalBlock, ListBlock, StructBlock

        from quizzes.types import authoring

        note = authoring.text_block("Note on this gap", "Shown once feedback is allowed.", required=False)
        accepted = CharBlock(
            label="Accepted answer",
            help_text="The first is shown as the right one. * stands for anything or nothing, \\* for a star.",
            max_length=texts.MOST_CHARACTERS,
        )
        written = StructBlock(
            [
                ("answers", ListBlock(accepted, label="Accepted answers")),
                ("typo_tolerance", authoring.typo_tolerance_block()),
                ("samples", authoring.samples_block()),
                ("feedback", note),
            ],
            icon="edit",
            label="Gap to write in",
        )
        chosen = StructBlock(
            [("choices", authoring.choices_block("Tick exactly one choice of the gap.")), ("feedback", note)],
            icon="list-ul",
            label="Gap with choices",
        )
        number = StructBlock(
            [
                ("value", DecimalBlock(label="Right value", required=False)),
                ("tolerance", DecimalBlock(label="Tolerance", help_text="How far off is still right.", required=False)),
                ("low", DecimalBlock(label="Or a range from", required=False)),
                ("high", DecimalBlock(label="Range to", required=False)),
                ("feedback", note),
            ],
            icon="decimal",
            label="Gap for a number",
        )
        return StructBlock(
            [
                (
                    "text",
                    authoring.text_block(
                        "Text with gaps",
                        "Write [[1]] where the first of the gaps below belongs, [[2]] for the second, and so on.",
                    ),
                ),
                (
                    "gaps",
                    authoring.KindsBlock(
                        [(gaps.WRITTEN, written), (gaps.CHOSEN, chosen), (gaps.NUMBER, number)],
                        label="Gaps",
                        help_text="The first is [[1]] in the text.",
                    ),
                ),
            ],
            icon="pilcrow",
            label=self.label,
        )

    def compile(self, value: Mapping[str, Any], scoring: ScoringRule) -> Compiled[ClozePresentation, ClozeKey]:
        """Refuses a text whose marks and gaps do not agree, and any gap that cannot be filled rightly."""
        rule = drafts.check_rule(scoring, self.scoring_rules)
        draft = drafts.open_draft(value, {"text", "gaps"})
        entries = drafts.rows(draft, "gaps", least=1, most=gaps.MOST_GAPS)
        html, order = gaps.mark_gaps(draft.get("text"), len(entries))
        # Ids count in reading order; the author's numbers are forgotten.
        read = [
            gaps.read_gap(entries[number - 1], number, f"g{place}", MOST_WRITTEN)
            for place, number in enumerate(order, start=1)
        ]
        return Compiled(
            ClozePresentation(html=html, gaps=tuple(shown for shown, _ in read)),
            ClozeKey(gaps=tuple(known for _, known in read), scoring=rule),
        )

    def examples(self, value: Mapping[str, Any]) -> list[made.Example]:
        """What the gaps to write in would accept and refuse, for the author, under the author's numbers.

        Raises CompileProblem where `compile` does.
        """
        self.compile(value, ScoringRule.partial)
        return gaps.examples(drafts.rows(value, "gaps", least=1, most=gaps.MOST_GAPS), MOST_WRITTEN)

    def arrange(self, presentation: ClozePresentation, rng: random.Random) -> Arrangement:
        """The choices of each gap in an order of their own; the gaps stand where the text has them."""
        return {
            _group(gap.id): choosing.arrange_choices(
                choosing.ChoicePresentation(choices=gap.choices, shuffle=True), rng
            )["choices"]
            for gap in presentation.gaps
            if gap.choices
        }

    def interaction(self, presentation: ClozePresentation, arrangement: Arrangement) -> dict[str, Any]:
        """The text and the gaps, those with choices with theirs."""
        shown: list[dict[str, Any]] = []
        for gap in presentation.gaps:
            entry: dict[str, Any] = {"id": gap.id, "kind": gap.kind}
            if gap.choices:
                html = {choice.id: choice.html for choice in gap.choices}
                entry["choices"] = choosing.show(_group(gap.id), html, arrangement)
            shown.append(entry)
        return {"html": presentation.html, "gaps": shown}

    def parse(self, presentation: ClozePresentation, arrangement: Arrangement, data: Any) -> ClozeAnswer:
        """`{"gaps": {gap id: text, number or choice alias}}`; gaps may be missing or blank."""
        given = only_member(data, "gaps")
        if not isinstance(given, dict):
            raise AnswerProblem(gettext_noop("“%(name)s” must be an object."), "gaps", name="gaps")
        known = {gap.id for gap in presentation.gaps}
        if len(given) > len(known) or not all(name in known for name in given):
            raise AnswerProblem(gettext_noop("The answer names something this question does not offer."), "gaps")
        written: dict[str, str] = {}
        chosen: dict[str, str] = {}
        counted: dict[str, Decimal] = {}
        for number, gap in enumerate(presentation.gaps, start=1):
            value = given.get(gap.id, "")
            if isinstance(value, str) and not texts.normalise(value[: 2 * texts.MOST_CHARACTERS]):
                continue
            if gap.kind == gaps.CHOSEN:
                chosen[gap.id] = _pick(canonical_by_alias(arrangement, _group(gap.id)), value, number)
            elif gap.kind == gaps.NUMBER:
                counted[gap.id] = _count(value, number)
            else:
                written[gap.id] = read_text(value, "gaps", MOST_WRITTEN)
        return ClozeAnswer(texts=written, choices=chosen, numbers=counted)

    def parse_form(
        self, presentation: ClozePresentation, arrangement: Arrangement, form: FormData
    ) -> dict[str, Any] | None:
        """A text field or a select per gap, named `gap-` and its id."""
        given: dict[str, str] = {}
        for gap in presentation.gaps:
            value = form.get(f"gap-{gap.id}")
            if value and value.strip():
                given[gap.id] = value
        return {"gaps": given} if given else None

    def serialise(self, arrangement: Arrangement, answer: ClozeAnswer) -> dict[str, Any]:
        """Texts, aliases and numbers, in reading order."""
        given: dict[str, Any] = dict(answer.texts)
        given |= {gap: alias_by_canonical(arrangement, _group(gap))[choice] for gap, choice in answer.choices.items()}
        given |= {gap: numbers.json_number(number) for gap, number in answer.numbers.items()}
        return {"gaps": {gap: given[gap] for gap in sorted(given, key=gaps.place_of)}}

    def is_complete(self, presentation: ClozePresentation, answer: ClozeAnswer) -> bool:
        """Every gap is filled."""
        return answer.filled == len(presentation.gaps)

    def grade(self, key: ClozeKey, answer: ClozeAnswer) -> Outcome:
        """The share of right gaps, by the author's rule."""
        right = sum(gaps.is_right(gap, _given(answer, gap.id)) for gap in key.gaps)
        return Outcome(rules.by_rule(key.scoring, rules.share(right, len(key.gaps))))

    def correct_answer(self, key: ClozeKey) -> ClozeAnswer:
        """The first accepted text, the right choice, the author's number."""
        return ClozeAnswer(
            texts={gap.id: texts.literal(gap.answers[0]) for gap in key.gaps if isinstance(gap, gaps.WrittenKey)},
            choices={gap.id: gap.correct for gap in key.gaps if isinstance(gap, gaps.ChosenKey)},
            numbers={gap.id: gap.bounds.shown for gap in key.gaps if isinstance(gap, gaps.NumberKey)},
        )

    def choice_feedback(self, key: ClozeKey, answer: ClozeAnswer | None) -> dict[str, str]:
        """For gap `g1`: the author's note under `g1`, the bounds of a number under `g1.low` and `g1.high`.

        With an answer also `right` or `wrong` under `g1.verdict`, and under `g1.choice` what is said about the choice
        that was picked: several answers may be right, so that nobody can tell by comparing.
        """
        said: dict[str, str] = {}
        for gap in key.gaps:
            given = None if answer is None else _given(answer, gap.id)
            said |= {gap.id: gap.feedback} if gap.feedback else {}
            if isinstance(gap, gaps.NumberKey) and gap.bounds.low != gap.bounds.high:
                said[f"{gap.id}.low"] = numbers.write_number(gap.bounds.low)
                said[f"{gap.id}.high"] = numbers.write_number(gap.bounds.high)
            if given is not None:
                said[f"{gap.id}.verdict"] = "right" if gaps.is_right(gap, given) else "wrong"
            if isinstance(gap, gaps.ChosenKey) and given in gap.said:
                said[f"{gap.id}.choice"] = gap.said[str(given)]
        return said

    def summarise(self, presentation: ClozePresentation, answer: ClozeAnswer) -> str:
        """Each gap's number with what stands in it."""
        shown = []
        for number, gap in enumerate(presentation.gaps, start=1):
            given = _given(answer, gap.id)
            if given is not None:
                shown.append(f"{number}: {gap.text_of(given)}")
        return "; ".join(shown)

    def classify(self, presentation: ClozePresentation, key: ClozeKey, answer: ClozeAnswer) -> list[str]:
        """What stands in each gap, as `gap:choice`, `gap:number` or `gap:text`; an accepted text by the key's words."""
        return [
            f"{gap.id}:{gaps.class_of(gap, given)}" for gap in key.gaps if (given := _given(answer, gap.id)) is not None
        ]

    def chance(self, presentation: ClozePresentation, key: ClozeKey) -> Decimal | None:
        """Every gap guessed on its own; not known as soon as one has to be written."""
        if not all(gap.choices for gap in presentation.gaps):
            return None
        ones = [rules.share(1, len(gap.choices)) for gap in presentation.gaps]
        return (
            sum(ones, start=rules.NOTHING) / len(ones)
            if key.scoring is ScoringRule.partial
            else prod(ones, start=rules.EVERYTHING)
        )


def _group(gap: str) -> str:
    return f"gap:{gap}"


def _given(answer: ClozeAnswer, gap: str) -> str | Decimal | None:
    return answer.texts.get(gap) or answer.choices.get(gap) or answer.numbers.get(gap)


def _pick(aliases: Mapping[str, str], value: Any, number: int) -> str:
    if not isinstance(value, str) or value not in aliases:
        raise AnswerProblem(gettext_noop("Gap %(number)s has no such choice."), "gaps", number=number)
    return aliases[value]


def _count(value: Any, number: int) -> Decimal:
    try:
        return numbers.read_number(value)
    except numbers.NotANumber:
        raise AnswerProblem(
            gettext_noop("Gap %(number)s: write one number in digits, without thousands separators or a unit."),
            "gaps",
            number=number,
        ) from None


QUESTION_TYPE: QuestionType[ClozePresentation, ClozeKey, ClozeAnswer] = Cloze()
