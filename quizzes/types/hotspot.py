"""Hotspot: places to be marked on a picture, or chosen from the list of its labelled regions."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import combinations
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
    alias_by_canonical,
    canonical_by_alias,
    gettext_noop,
    only_member,
    resolve_all,
    shuffled,
)

if TYPE_CHECKING:
    from wagtail.blocks import Block

MOST_REGIONS = 30
MOST_FORM_CHARACTERS = 1_000
PLACES = 4
NOWHERE = "none"

_WRITTEN_POINT = re.compile(r"([01](?:\.[0-9]{1,10})?),([01](?:\.[0-9]{1,10})?)")


class Region(Record):
    """A labelled part of the picture. Where it is, only the grader knows."""

    id: str
    html: str


class HotspotPresentation(Record):
    """All labelled regions, and how many places the author tells the candidate to mark."""

    regions: tuple[Region, ...]
    min: int
    max: int


class HotspotKey(Record):
    """The right regions in the author's order, where every region is, and what to say about each."""

    correct: tuple[str, ...]
    shapes: dict[str, shapes.Shape]
    scoring: ScoringRule
    feedback: dict[str, str] = {}


class HotspotAnswer(Record):
    """Points as shares of width and height, in the order they were set, or regions in canonical order.

    One of the two is None. Points stay points: which region holds them is a matter of the key.
    """

    points: tuple[tuple[float, float], ...] | None = None
    regions: tuple[str, ...] | None = None


class Hotspot:
    """Marking a point in a region and choosing that region from the list are the same answer.

    Several points in one region are one pick. A point outside every region is a wrong pick, each one for itself.
    On a border that a right region shares with another, the right one holds the point.
    """

    slug: ClassVar[str] = "hotspot"
    version: ClassVar[int] = 1
    label: ClassVar[str] = gettext_noop("Hotspot")
    scoring_rules: ClassVar[tuple[ScoringRule, ...]] = (ScoringRule.all_or_nothing, ScoringRule.partial)
    uses_picture: ClassVar[bool] = True
    marked_by_person: ClassVar[bool] = False
    Presentation = HotspotPresentation
    Key = HotspotKey
    Answer = HotspotAnswer

    def authoring_block(self) -> Block:
        """Regions with their shapes, and how many places the candidate is told to mark."""
        from wagtail.blocks import BooleanBlock, CharBlock, ChoiceBlock, IntegerBlock, ListBlock, StructBlock

        from quizzes.types import authoring

        shape = StructBlock(
            [
                (
                    "kind",
                    ChoiceBlock(
                        choices=[("circle", "Circle"), ("rectangle", "Rectangle"), ("polygon", "Polygon")],
                        label="Shape",
                        default="circle",
                    ),
                ),
                (
                    "numbers",
                    CharBlock(
                        label="Where it is",
                        help_text="In percent of the picture’s width and height, from its top left corner, set apart "
                        "by spaces. Circle: middle from the left, middle from the top, radius in percent of the "
                        "width (50 40 8). Rectangle: left, top, right, bottom (10 20 30 35). Polygon: from the left "
                        "and from the top for each corner (10 20 30 20 20 40). The preview draws it.",
                        max_length=shapes.MOST_CHARACTERS,
                    ),
                ),
            ],
            label="Shape",
        )
        region = StructBlock(
            [
                ("text", authoring.text_block("Label", "Names the region in the list that stands in for the picture.")),
                ("shape", shape),
                (
                    "key",
                    BooleanBlock(label="This is right", help_text="Tick every region to be marked.", required=False),
                ),
                (
                    "feedback",
                    authoring.text_block(
                        "Feedback",
                        "Shown once feedback is allowed: why this region is right, or what speaks against it.",
                        required=False,
                    ),
                ),
            ],
            icon="crosshairs",
            label="Region",
        )
        return StructBlock(
            [
                (
                    "min",
                    IntegerBlock(
                        label="Mark at least",
                        help_text="What candidates are told.",
                        default=1,
                        min_value=0,
                        required=False,
                    ),
                ),
                (
                    "max",
                    IntegerBlock(
                        label="Mark at most",
                        help_text="What candidates are told. Leave empty for as many as the least.",
                        default=1,
                        min_value=1,
                        required=False,
                    ),
                ),
                (
                    "regions",
                    ListBlock(
                        region,
                        label="Regions",
                        help_text="Wrong ones too: whoever cannot use the picture chooses from their labels. Regions "
                        "may touch, but not overlap.",
                    ),
                ),
            ],
            icon="crosshairs",
            label=self.label,
        )

    def compile(self, value: Mapping[str, Any], scoring: ScoringRule) -> Compiled[HotspotPresentation, HotspotKey]:
        """Refuses overlapping regions, a list that gives the key away, and bounds that exclude the key.

        `picture_size` is not the author's: the bank adds the pixels of the picture, so that circles are circular.
        """
        rule = drafts.check_rule(scoring, self.scoring_rules)
        draft = drafts.open_draft(value, {"min", "max", "regions", "picture_size"})
        picture_size = shapes.read_size(draft.get("picture_size"))
        regions: list[Region] = []
        outlines: dict[str, shapes.Shape] = {}
        keys: list[str] = []
        feedback: dict[str, str] = {}
        for number, entry in enumerate(drafts.rows(draft, "regions", least=2, most=MOST_REGIONS), start=1):
            field, identity = f"regions.{number}", f"r{number}"
            parts = drafts.row(entry, field, {"text", "shape", "key", "feedback"})
            regions.append(Region(id=identity, html=markup.required_inline(parts.get("text"), f"{field}.text")))
            shape = drafts.row(parts.get("shape"), f"{field}.shape", {"kind", "numbers"})
            outlines[identity] = shapes.read_shape(
                shape.get("kind"), shape.get("numbers"), picture_size, f"{field}.shape"
            )
            if drafts.flag(parts, "key", f"{field}.key", default=False):
                keys.append(identity)
            if said := markup.optional_block(parts.get("feedback"), f"{field}.feedback"):
                feedback[identity] = said
        markup.refuse_repeats([region.html for region in regions], "regions")
        _refuse_overlaps(outlines)
        least = drafts.count(draft, "min", default=1)
        most = drafts.count(draft, "max", default=max(least, 1))
        _check_bounds(least, most, len(keys), len(regions))
        return Compiled(
            HotspotPresentation(regions=tuple(regions), min=least, max=most),
            HotspotKey(correct=tuple(keys), shapes=outlines, scoring=rule, feedback=feedback),
        )

    def arrange(self, presentation: HotspotPresentation, rng: random.Random) -> Arrangement:
        """The list of regions in a random order."""
        return {"regions": shuffled([region.id for region in presentation.regions], rng)}

    def interaction(self, presentation: HotspotPresentation, arrangement: Arrangement) -> dict[str, Any]:
        """The bounds and the labels. Delivery adds the picture."""
        texts = {region.id: region.html for region in presentation.regions}
        return {
            "min": presentation.min,
            "max": presentation.max,
            "regions": choosing.show("regions", texts, arrangement),
        }

    def parse(self, presentation: HotspotPresentation, arrangement: Arrangement, data: Any) -> HotspotAnswer:
        """`{"points": [[x, y], ...]}` or `{"regions": [alias, ...]}`; the same point twice is one point."""
        if isinstance(data, dict) and set(data) == {"points"}:
            points = _read_points(data["points"], presentation.max)
            return HotspotAnswer(points=points)
        picked = resolve_all(canonical_by_alias(arrangement, "regions"), only_member(data, "regions"), "regions")
        if len(picked) > presentation.max:
            raise _too_many("regions", presentation.max)
        return HotspotAnswer(regions=tuple(region.id for region in presentation.regions if region.id in picked))

    def parse_form(
        self, presentation: HotspotPresentation, arrangement: Arrangement, form: FormData
    ) -> dict[str, Any] | None:
        """Boxes named `answer`, or a field `points` that a script fills: `0.25,0.5 0.1,0.75`. The list goes first.

        Without a script the field keeps the points saved before, and the list is how they are replaced.
        """
        if picked := [value for value in form.getlist("answer") if value]:
            return {"regions": picked}
        written = form.get("points")
        if not written or not written.strip():
            return None
        pairs = [_WRITTEN_POINT.fullmatch(word) for word in written[:MOST_FORM_CHARACTERS].split()]
        if len(written) > MOST_FORM_CHARACTERS or not all(pairs):
            raise _not_points()
        return {"points": [[float(pair[1]), float(pair[2])] for pair in pairs if pair]}

    def serialise(self, arrangement: Arrangement, answer: HotspotAnswer) -> dict[str, Any]:
        """The points, or the aliases picked in the order shown."""
        if answer.points is not None:
            return {"points": [list(point) for point in answer.points]}
        shown = alias_by_canonical(arrangement, "regions")
        return {"regions": [name for identity, name in shown.items() if identity in (answer.regions or ())]}

    def is_complete(self, presentation: HotspotPresentation, answer: HotspotAnswer) -> bool:
        """As many as the candidate was told to mark at least."""
        return len(answer.points or answer.regions or ()) >= presentation.min

    def grade(self, key: HotspotKey, answer: HotspotAnswer) -> Outcome:
        """By the author's rule, on regions and on points that are in none."""
        return Outcome(rules.by_rule(key.scoring, rules.right_minus_wrong(_picks(key, answer), key.correct)))

    def hits(self, key: HotspotKey, answer: HotspotAnswer | None) -> list[str | None]:
        """For each point of an answer the region that holds it, None outside all of them."""
        return [_region_at(key, point) for point in (answer.points if answer else None) or ()]

    def drawing(self, arrangement: Arrangement, key: HotspotKey, answer: HotspotAnswer | None) -> dict[str, Any]:
        """Where the regions are and what each point hit, under aliases: for whoever may see the key."""
        names = alias_by_canonical(arrangement, "regions")
        corners = {names[identity]: shapes.outline(shape) for identity, shape in key.shapes.items()}
        return {
            "outlines": {
                name: [[shapes.share_of(x), shapes.share_of(y)] for x, y in corners[name]] for name in names.values()
            },
            "hits": [names[hit] if hit else None for hit in self.hits(key, answer)],
        }

    def correct_answer(self, key: HotspotKey) -> HotspotAnswer:
        """The key, as regions."""
        return HotspotAnswer(regions=key.correct)

    def choice_feedback(self, key: HotspotKey, answer: HotspotAnswer | None) -> dict[str, str]:
        """All of it: a right region that was overlooked needs its reason most."""
        return dict(key.feedback)

    def summarise(self, presentation: HotspotPresentation, answer: HotspotAnswer) -> str:
        """The labels, or the points in percent from the left and from the top."""
        if answer.points is not None:
            return "; ".join(f"{shapes.percent(x)} / {shapes.percent(y)}" for x, y in answer.points)
        texts = {region.id: markup.plain_text(region.html) for region in presentation.regions}
        return "; ".join(texts[identity] for identity in answer.regions or ())

    def classify(self, presentation: HotspotPresentation, key: HotspotKey, answer: HotspotAnswer) -> list[str]:
        """Each region picked, however it was picked, and `none` for points outside all of them."""
        picked = {_class_of(pick) for pick in _picks(key, answer)}
        return [name for name in (*key.shapes, NOWHERE) if name in picked]

    def chance(self, presentation: HotspotPresentation, key: HotspotKey) -> Decimal | None:
        """That of the list, where every set of regions that the instruction allows is equally likely."""
        return rules.chance_of_picks(
            len(key.correct), len(presentation.regions), presentation.min, presentation.max, key.scoring
        )


def _refuse_overlaps(outlines: Mapping[str, shapes.Shape]) -> None:
    numbered = enumerate(outlines.values(), start=1)
    for (first, one), (second, other) in combinations(numbered, 2):
        if shapes.overlap(one, other):
            raise CompileProblem(
                gettext_noop("Regions %(first)s and %(second)s overlap."),
                f"regions.{second}.shape.numbers",
                first=first,
                second=second,
            )


def _check_bounds(least: int, most: int, keys: int, regions: int) -> None:
    if least < 0:
        raise CompileProblem(gettext_noop("This cannot be below zero."), "min")
    if not max(least, 1) <= most <= regions:
        raise CompileProblem(gettext_noop("“At most” must lie between “at least” and the number of regions."), "max")
    if not keys:
        raise CompileProblem(gettext_noop("Mark at least one region as right."), "regions")
    if keys == regions:
        raise CompileProblem(gettext_noop("Add a region that is not right, or the list gives the key away."), "regions")
    if not least <= keys <= most:
        raise CompileProblem(gettext_noop("The right regions are more or fewer than a candidate may mark."), "regions")


def _too_many(field: str, most: int) -> AnswerProblem:
    return AnswerProblem(gettext_noop("Mark at most %(most)s."), field, most=most)


def _not_points() -> AnswerProblem:
    return AnswerProblem(
        gettext_noop("Each point is two numbers from 0 to 1: shares of the picture’s width and height."), "points"
    )


def _read_points(given: Any, most: int) -> tuple[tuple[float, float], ...]:
    if not isinstance(given, list):
        raise AnswerProblem(gettext_noop("“%(name)s” must be a list."), "points", name="points")
    # The same point sent twice is one point, but nobody has to send it a thousand times.
    if len(given) > 2 * most:
        raise _too_many("points", most)
    points = dict.fromkeys(_read_point(point) for point in given)
    if len(points) > most:
        raise _too_many("points", most)
    return tuple(points)


def _read_point(given: Any) -> tuple[float, float]:
    if not isinstance(given, list) or len(given) != 2:
        raise _not_points()
    for part in given:
        if isinstance(part, bool) or not isinstance(part, int | float) or not 0 <= part <= 1:
            raise _not_points()
    # Minus zero would be a second way to store zero.
    return round(float(given[0]), PLACES) + 0.0, round(float(given[1]), PLACES) + 0.0


def _region_at(key: HotspotKey, point: tuple[float, float]) -> str | None:
    place = shapes.whole(point[0]), shapes.whole(point[1])
    holding = [identity for identity, shape in key.shapes.items() if shapes.contains(shape, place)]
    return next((identity for identity in holding if identity in key.correct), holding[0] if holding else None)


def _picks(key: HotspotKey, answer: HotspotAnswer) -> list[str]:
    """Regions, and one name of its own for each point in none."""
    if answer.points is None:
        return list(answer.regions or ())
    return [_region_at(key, point) or f"{NOWHERE} {point}" for point in answer.points]


def _class_of(pick: str) -> str:
    return NOWHERE if pick.startswith(NOWHERE) else pick


QUESTION_TYPE: QuestionType[HotspotPresentation, HotspotKey, HotspotAnswer] = Hotspot()
