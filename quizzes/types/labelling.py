"""Labelling: places marked on a picture, each of which goes with one of the labels."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from itertools import combinations
from math import perm
from typing import TYPE_CHECKING, Any, ClassVar

from quizzes.types import choices as choosing
from quizzes.types import draft as drafts
from quizzes.types import markup, shapes
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

MOST_TARGETS = 20
MOST_EXTRAS = 20
LEAST_DISTANCE = 300  # 3 %: nearer ones could not be told apart, let alone be hit with a thumb.


class Target(Record):
    """A place on the picture, in ten-thousandths of its width and height."""

    id: str
    x: int
    y: int


class Label(Record):
    """What may be put at a place."""

    id: str
    html: str


class LabellingPresentation(Record):
    """Targets as one reads the picture, from the top down; labels, extras among them, in the order of their texts.

    The written order of either would give the pairs away.
    """

    targets: tuple[Target, ...]
    labels: tuple[Label, ...]
    reuse: bool


class LabellingKey(Record):
    """Target id -> label id."""

    labels: dict[str, str]
    scoring: ScoringRule


class LabellingAnswer(Record):
    """Target id -> label id, for the places labelled so far."""

    labels: dict[str, str]


class Labelling:
    """Each place has one right label. A label goes to one place only, unless the author allows more."""

    slug: ClassVar[str] = "labelling"
    version: ClassVar[int] = 1
    label: ClassVar[str] = gettext_noop("Labelling")
    scoring_rules: ClassVar[tuple[ScoringRule, ...]] = (ScoringRule.all_or_nothing, ScoringRule.partial)
    uses_picture: ClassVar[bool] = True
    marked_by_person: ClassVar[bool] = False
    Presentation = LabellingPresentation
    Key = LabellingKey
    Answer = LabellingAnswer

    def authoring_block(self) -> Block:
        """Places with their labels, and labels that go nowhere."""
        from wagtail.blocks import BooleanBlock, CharBlock, ListBlock, StructBlock

        from quizzes.types import authoring

        target = StructBlock(
            [
                (
                    "at",
                    CharBlock(
                        label="Where it is",
                        help_text="From the left and from the top, in percent of the picture’s width and height: "
                        "34 52. The preview shows it.",
                        max_length=shapes.MOST_CHARACTERS,
                    ),
                ),
                ("label", authoring.text_block("Right label")),
            ],
            icon="tag",
            label="Place",
        )
        return StructBlock(
            [
                (
                    "targets",
                    ListBlock(
                        target,
                        label="Places",
                        help_text="Candidates see them numbered from the top down. The picture must not name them.",
                    ),
                ),
                (
                    "extra_labels",
                    ListBlock(
                        authoring.text_block("Extra label"),
                        label="Extra labels",
                        help_text="Plausible labels that go nowhere. With one or two, the last place cannot be found "
                        "by elimination.",
                        default=[],
                    ),
                ),
                (
                    "reuse",
                    BooleanBlock(
                        label="A label may go to several places",
                        help_text="Otherwise each is used once at most.",
                        required=False,
                    ),
                ),
            ],
            icon="tag",
            label=self.label,
        )

    def compile(self, value: Mapping[str, Any], scoring: ScoringRule) -> Compiled[LabellingPresentation, LabellingKey]:
        """Refuses places that cannot be told apart, repeated labels, and a single label."""
        rule = drafts.check_rule(scoring, self.scoring_rules)
        # The size of the picture, which the bank adds, matters to other types.
        draft = drafts.open_draft(value, {"targets", "extra_labels", "reuse", "picture_size"})
        reuse = drafts.flag(draft, "reuse", "reuse", default=False)
        places: list[shapes.Point] = []
        wanted: list[str] = []
        for number, entry in enumerate(drafts.rows(draft, "targets", least=1, most=MOST_TARGETS), start=1):
            parts = drafts.row(entry, f"targets.{number}", {"at", "label"})
            places.append(shapes.read_point(parts.get("at"), f"targets.{number}.at"))
            wanted.append(markup.required_inline(parts.get("label"), f"targets.{number}.label"))
        extras = [
            markup.required_inline(entry, f"extra_labels.{number}")
            for number, entry in enumerate(drafts.rows(draft, "extra_labels", least=0, most=MOST_EXTRAS), start=1)
        ]
        _refuse_neighbours(places)
        used = list(dict.fromkeys(wanted)) if reuse else wanted
        markup.refuse_repeats(used, "targets")
        markup.refuse_repeats(used + extras, "extra_labels")
        if len(used + extras) < 2:
            raise CompileProblem(gettext_noop("One label alone leaves nothing to decide: add another."), "extra_labels")
        return _compiled(places, wanted, sorted(used + extras, key=markup.sort_key), reuse, rule)

    def arrange(self, presentation: LabellingPresentation, rng: random.Random) -> Arrangement:
        """Targets as they stand on the picture, labels in a random order."""
        return {
            "targets": [target.id for target in presentation.targets],
            "labels": shuffled([label.id for label in presentation.labels], rng),
        }

    def interaction(self, presentation: LabellingPresentation, arrangement: Arrangement) -> dict[str, Any]:
        """Targets, labels, and whether a label may be used again. Delivery adds the picture."""
        places = {target.id: target for target in presentation.targets}
        texts = {label.id: label.html for label in presentation.labels}
        return {
            "targets": [
                {"id": name, "x": shapes.share_of(places[identity].x), "y": shapes.share_of(places[identity].y)}
                for name, identity in canonical_by_alias(arrangement, "targets").items()
            ],
            "labels": choosing.show("labels", texts, arrangement),
            "reuse": presentation.reuse,
        }

    def parse(self, presentation: LabellingPresentation, arrangement: Arrangement, data: Any) -> LabellingAnswer:
        """`{"labels": {target alias: label alias}}`; targets may be missing."""
        given = only_member(data, "labels")
        if not isinstance(given, dict):
            raise AnswerProblem(gettext_noop("“%(name)s” must be an object."), "labels", name="labels")
        targets = canonical_by_alias(arrangement, "targets")
        labels = canonical_by_alias(arrangement, "labels")
        if len(given) > len(targets):
            raise AnswerProblem(gettext_noop("The answer has more entries than this question offers."), "labels")
        pairs = {resolve(targets, place, "labels"): resolve(labels, label, "labels") for place, label in given.items()}
        if not presentation.reuse and len(set(pairs.values())) < len(pairs):
            raise AnswerProblem(gettext_noop("Each label can be used for one place only."), "labels")
        # Canonical order, so that equal answers are stored alike whatever order they came in.
        return LabellingAnswer(
            labels={target.id: pairs[target.id] for target in presentation.targets if target.id in pairs}
        )

    def parse_form(
        self, presentation: LabellingPresentation, arrangement: Arrangement, form: FormData
    ) -> dict[str, Any] | None:
        """A select per target, named `label-` and its alias."""
        labels: dict[str, str] = {}
        for place, _ in enumerate(arrangement["targets"]):
            name = alias("targets", place)
            if chosen := form.get(f"label-{name}"):
                labels[name] = chosen
        return {"labels": labels} if labels else None

    def serialise(self, arrangement: Arrangement, answer: LabellingAnswer) -> dict[str, Any]:
        """Aliases, in the order of the targets shown."""
        labels = alias_by_canonical(arrangement, "labels")
        targets = alias_by_canonical(arrangement, "targets")
        return {
            "labels": {
                name: labels[answer.labels[identity]] for identity, name in targets.items() if identity in answer.labels
            }
        }

    def is_complete(self, presentation: LabellingPresentation, answer: LabellingAnswer) -> bool:
        """Every place has a label."""
        return len(answer.labels) == len(presentation.targets)

    def grade(self, key: LabellingKey, answer: LabellingAnswer) -> Outcome:
        """By the author's rule."""
        return Outcome(rules.by_rule(key.scoring, rules.right_pairs(answer.labels, key.labels)))

    def correct_answer(self, key: LabellingKey) -> LabellingAnswer:
        """The key."""
        return LabellingAnswer(labels=dict(key.labels))

    def choice_feedback(self, key: LabellingKey, answer: LabellingAnswer | None) -> dict[str, str]:
        """None: the right labels and the rationale say it."""
        return {}

    def summarise(self, presentation: LabellingPresentation, answer: LabellingAnswer) -> str:
        """Each place by its number, with its label."""
        texts = {label.id: markup.plain_text(label.html) for label in presentation.labels}
        return "; ".join(
            f"{number} → {texts[answer.labels[target.id]]}"
            for number, target in enumerate(presentation.targets, start=1)
            if target.id in answer.labels
        )

    def classify(self, presentation: LabellingPresentation, key: LabellingKey, answer: LabellingAnswer) -> list[str]:
        """Each pair given, as `target:label`."""
        return [f"{target}:{label}" for target, label in answer.labels.items()]

    def chance(self, presentation: LabellingPresentation, key: LabellingKey) -> Decimal | None:
        """Labels dealt out blindly: each place gets its own in one case out of as many as there are labels."""
        offered, places = len(presentation.labels), len(presentation.targets)
        if key.scoring is ScoringRule.partial:
            return rules.share(1, offered)
        return rules.share(1, offered**places if presentation.reuse else perm(offered, places))


def _refuse_neighbours(places: list[shapes.Point]) -> None:
    numbered = enumerate(places, start=1)
    for (first, one), (second, other) in combinations(numbered, 2):
        if max(abs(one[0] - other[0]), abs(one[1] - other[1])) < LEAST_DISTANCE:
            raise CompileProblem(
                gettext_noop("Places %(first)s and %(second)s are too near to each other."),
                f"targets.{second}.at",
                first=first,
                second=second,
            )


def _compiled(
    places: list[shapes.Point], wanted: list[str], labels: list[str], reuse: bool, rule: ScoringRule
) -> Compiled[LabellingPresentation, LabellingKey]:
    identities = {html: f"l{number}" for number, html in enumerate(labels, start=1)}
    pairs = sorted(zip(places, wanted, strict=True), key=lambda pair: (pair[0][1], pair[0][0]))
    presentation = LabellingPresentation(
        targets=tuple(Target(id=f"t{number}", x=x, y=y) for number, ((x, y), _) in enumerate(pairs, start=1)),
        labels=tuple(Label(id=identity, html=html) for html, identity in identities.items()),
        reuse=reuse,
    )
    key = {f"t{number}": identities[html] for number, (_, html) in enumerate(pairs, start=1)}
    return Compiled(presentation, LabellingKey(labels=key, scoring=rule))


QUESTION_TYPE: QuestionType[LabellingPresentation, LabellingKey, LabellingAnswer] = Labelling()
