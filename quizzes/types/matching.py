"""Matching: prompts, each of which goes with one of the options."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
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
    resolve,
    shuffled,
)

if TYPE_CHECKING:
    from wagtail.blocks import Block

MOST_PAIRS = 30
MOST_EXTRAS = 20


class Entry(Record):
    """A prompt or an option."""

    id: str
    html: str


class MatchingPresentation(Record):
    """Prompts as written; options, right ones and extras alike, in the order of their texts.

    The written order of options would give the pairs away, and a presentation must not change when
    only the pairing does.
    """

    prompts: tuple[Entry, ...]
    options: tuple[Entry, ...]


class MatchingKey(Record):
    """Prompt id -> option id."""

    pairs: dict[str, str]
    scoring: ScoringRule


class MatchingAnswer(Record):
    """Prompt id -> option id, for the prompts answered so far."""

    pairs: dict[str, str]


class Matching:
    """Each prompt has one right option; an option may be given to several prompts."""

    slug: ClassVar[str] = "matching"
    version: ClassVar[int] = 1
    label: ClassVar[str] = gettext_noop("Matching")
    scoring_rules: ClassVar[tuple[ScoringRule, ...]] = (ScoringRule.all_or_nothing, ScoringRule.partial)
    uses_picture: ClassVar[bool] = False
    marked_by_person: ClassVar[bool] = False
    Presentation = MatchingPresentation
    Key = MatchingKey
    Answer = MatchingAnswer

    def authoring_block(self) -> Block:
        """Rows of a prompt with its option, and options that fit nowhere."""
        from wagtail.blocks import ListBlock, StructBlock

        from quizzes.types import authoring

        pair = StructBlock(
            [
                ("prompt", authoring.text_block("Prompt")),
                ("option", authoring.text_block("Goes with")),
            ],
            icon="link",
            label="Pair",
        )
        return StructBlock(
            [
                (
                    "pairs",
                    ListBlock(
                        pair,
                        label="Pairs",
                        help_text="Write each prompt beside what it goes with. Candidates see both sides shuffled.",
                    ),
                ),
                (
                    "extra_options",
                    ListBlock(
                        authoring.text_block("Extra option"),
                        label="Extra options",
                        help_text="Plausible options that go with none of the prompts. With one or two, "
                        "the last pair cannot be found by elimination.",
                        default=[],
                    ),
                ),
            ],
            icon="link",
            label=self.label,
        )

    def compile(self, value: Mapping[str, Any], scoring: ScoringRule) -> Compiled[MatchingPresentation, MatchingKey]:
        """Refuses repeated prompts and repeated options, extras included."""
        rule = drafts.check_rule(scoring, self.scoring_rules)
        draft = drafts.open_draft(value, {"pairs", "extra_options"})
        prompts: list[str] = []
        options: list[str] = []
        for number, entry in enumerate(drafts.rows(draft, "pairs", least=2, most=MOST_PAIRS), start=1):
            parts = drafts.row(entry, f"pairs.{number}", {"prompt", "option"})
            prompts.append(markup.required_inline(parts.get("prompt"), f"pairs.{number}.prompt"))
            options.append(markup.required_inline(parts.get("option"), f"pairs.{number}.option"))
        extras = [
            markup.required_inline(entry, f"extra_options.{number}")
            for number, entry in enumerate(drafts.rows(draft, "extra_options", least=0, most=MOST_EXTRAS), start=1)
        ]
        markup.refuse_repeats(prompts, "pairs")
        markup.refuse_repeats(options, "pairs")
        markup.refuse_repeats(options + extras, "extra_options")
        identities = {
            html: f"o{number}" for number, html in enumerate(sorted(options + extras, key=markup.sort_key), start=1)
        }
        presentation = MatchingPresentation(
            prompts=tuple(Entry(id=f"p{number}", html=html) for number, html in enumerate(prompts, start=1)),
            options=tuple(Entry(id=identity, html=html) for html, identity in identities.items()),
        )
        pairs = {f"p{number}": identities[html] for number, html in enumerate(options, start=1)}
        return Compiled(presentation, MatchingKey(pairs=pairs, scoring=rule))

    def arrange(self, presentation: MatchingPresentation, rng: random.Random) -> Arrangement:
        """Both sides in a random order, always: the written one is the key."""
        return {
            "prompts": shuffled([entry.id for entry in presentation.prompts], rng),
            "options": shuffled([entry.id for entry in presentation.options], rng),
        }

    def interaction(self, presentation: MatchingPresentation, arrangement: Arrangement) -> dict[str, Any]:
        """Prompts and options."""
        return {
            "prompts": choosing.show("prompts", {entry.id: entry.html for entry in presentation.prompts}, arrangement),
            "options": choosing.show("options", {entry.id: entry.html for entry in presentation.options}, arrangement),
        }

    def parse(self, presentation: MatchingPresentation, arrangement: Arrangement, data: Any) -> MatchingAnswer:
        """`{"pairs": {prompt alias: option alias}}`; prompts may be missing."""
        given = only_member(data, "pairs")
        if not isinstance(given, dict):
            raise AnswerProblem(gettext_noop("“%(name)s” must be an object."), "pairs", name="pairs")
        prompts = canonical_by_alias(arrangement, "prompts")
        options = canonical_by_alias(arrangement, "options")
        if len(given) > len(prompts):
            raise AnswerProblem(gettext_noop("The answer has more entries than this question offers."), "pairs")
        pairs = {
            resolve(prompts, prompt, "pairs"): resolve(options, option, "pairs") for prompt, option in given.items()
        }
        # Canonical order, so that equal answers are stored alike whatever order they came in.
        return MatchingAnswer(pairs={entry.id: pairs[entry.id] for entry in presentation.prompts if entry.id in pairs})

    def parse_form(
        self, presentation: MatchingPresentation, arrangement: Arrangement, form: FormData
    ) -> dict[str, Any] | None:
        """A select per prompt, named `pair-` and its alias."""
        pairs: dict[str, str] = {}
        for place, _ in enumerate(arrangement["prompts"]):
            name = alias("prompts", place)
            if option := form.get(f"pair-{name}"):
                pairs[name] = option
        return {"pairs": pairs} if pairs else None

    def serialise(self, arrangement: Arrangement, answer: MatchingAnswer) -> dict[str, Any]:
        """Aliases, in the order of the prompts shown."""
        options = alias_by_canonical(arrangement, "options")
        prompts = alias_by_canonical(arrangement, "prompts")
        return {
            "pairs": {
                name: options[answer.pairs[identity]] for identity, name in prompts.items() if identity in answer.pairs
            }
        }

    def is_complete(self, presentation: MatchingPresentation, answer: MatchingAnswer) -> bool:
        """Every prompt has an option."""
        return len(answer.pairs) == len(presentation.prompts)

    def grade(self, key: MatchingKey, answer: MatchingAnswer) -> Outcome:
        """By the author's rule."""
        return Outcome(rules.by_rule(key.scoring, rules.right_pairs(answer.pairs, key.pairs)))

    def correct_answer(self, key: MatchingKey) -> MatchingAnswer:
        """The key."""
        return MatchingAnswer(pairs=dict(key.pairs))

    def choice_feedback(self, key: MatchingKey, answer: MatchingAnswer | None) -> dict[str, str]:
        """None: the right pairs and the rationale say it."""
        return {}

    def summarise(self, presentation: MatchingPresentation, answer: MatchingAnswer) -> str:
        """Each prompt with its option."""
        texts = {entry.id: markup.plain_text(entry.html) for entry in presentation.options}
        return "; ".join(
            f"{markup.plain_text(entry.html)} → {texts[answer.pairs[entry.id]]}"
            for entry in presentation.prompts
            if entry.id in answer.pairs
        )

    def classify(self, presentation: MatchingPresentation, key: MatchingKey, answer: MatchingAnswer) -> list[str]:
        """Each pair given, as `prompt:option`."""
        return [f"{prompt}:{option}" for prompt, option in answer.pairs.items()]

    def chance(self, presentation: MatchingPresentation, key: MatchingKey) -> Decimal | None:
        """Every prompt guessed on its own."""
        one = rules.share(1, len(presentation.options))
        return one if key.scoring is ScoringRule.partial else one ** len(presentation.prompts)


QUESTION_TYPE: QuestionType[MatchingPresentation, MatchingKey, MatchingAnswer] = Matching()
