"""Blocks of a lesson with something to do. Nothing is scored, nothing is kept: this is practice within the page.

Each says everything without a script too. Texts take inline Markdown, as in the curriculum package.
"""

from __future__ import annotations

from string import ascii_uppercase
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from .interactive_base import (
    InteractiveBlock,
    because_field,
    line_field,
    mixed,
    name_of,
    option_field,
    prompt_field,
    rows_field,
    title_field,
)

TONE_NAMES = [
    ("mild", _("Mild")),
    ("working", _("Working range")),
    ("ceiling", _("At the limit")),
    ("stop", _("Stop")),
]
OUTCOME_NAMES = [("good", _("A good end")), ("fair", _("A fair end")), ("unsafe", _("An unsafe end"))]


class InShortBlock(InteractiveBlock):
    """The lesson in five sentences."""

    rows = rows_field("in_short", blocks.CharBlock(max_length=300), _("Sentences"))

    class Meta:
        kind = "in_short"
        icon = "list-ul"
        label = _("In short")
        template = "blocks/in_short.html"
        help_text = _("The lesson in exactly five sentences.")


class FlashCardsBlock(InteractiveBlock):
    """Cards with two sides, gone through until all are known."""

    title = title_field()
    rows = rows_field(
        "flash_cards",
        blocks.StructBlock(
            [
                ("front", line_field("flash_cards", "front", _("Front"))),
                ("back", line_field("flash_cards", "back", _("Back"))),
            ]
        ),
        _("Cards"),
    )

    class Meta:
        kind = "flash_cards"
        icon = "copy"
        label = _("Flash cards")
        template = "blocks/flash_cards.html"


class OrderingBlock(InteractiveBlock):
    """Steps to put in order; they are written in the right one."""

    title = title_field()
    prompt = prompt_field()
    rows = rows_field(
        "ordering",
        blocks.StructBlock([("text", line_field("ordering", "text", _("Step"))), ("because", because_field())]),
        _("Steps, in the right order"),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        steps = list(value["rows"])
        context["mixed"] = [{"place": place + 1, "row": steps[place]} for place in mixed(row["text"] for row in steps)]
        return context

    class Meta:
        kind = "ordering"
        icon = "order-down"
        label = _("Put in order")
        template = "blocks/ordering.html"


class SortingBlock(InteractiveBlock):
    """Things to put into two to five groups."""

    title = title_field()
    prompt = prompt_field()
    bins = blocks.ListBlock(blocks.CharBlock(max_length=60), min_num=2, max_num=5, label=_("Groups"))
    rows = rows_field(
        "sorting",
        blocks.StructBlock(
            [
                ("text", line_field("sorting", "text", _("Text"))),
                ("bin", line_field("sorting", "bin", _("Group"), help_text=_("Written as in the list of groups."))),
                ("because", because_field()),
            ]
        ),
        _("What to sort"),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        things = list(value["rows"])
        context["mixed"] = [things[place] for place in mixed(row["text"] for row in things)]
        context["groups"] = [
            {"name": name, "rows": [row for row in things if row["bin"] == name]} for name in value["bins"]
        ]
        return context

    class Meta:
        kind = "sorting"
        icon = "table"
        label = _("Sort into groups")
        template = "blocks/sorting.html"


class MatchingBlock(InteractiveBlock):
    """Pairs to find."""

    title = title_field()
    prompt = prompt_field()
    rows = rows_field(
        "matching",
        blocks.StructBlock(
            [
                ("left", line_field("matching", "left", _("Left"))),
                ("right", line_field("matching", "right", _("Right"))),
                ("because", because_field()),
            ]
        ),
        _("Pairs"),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        rights = [row["right"] for row in value["rows"]]
        context["mixed"] = [rights[place] for place in mixed(rights)]
        return context

    class Meta:
        kind = "matching"
        icon = "link"
        label = _("Match pairs")
        template = "blocks/matching.html"


class FindOverclaimsBlock(InteractiveBlock):
    """A text of which some sentences promise too much."""

    title = title_field()
    prompt = prompt_field()
    rows = rows_field(
        "find_overclaims",
        blocks.StructBlock(
            [
                ("text", line_field("find_overclaims", "text", _("Sentence"))),
                ("overclaim", blocks.BooleanBlock(required=False, label=_("It overclaims"))),
                ("instead", line_field("find_overclaims", "instead", _("The honest version"))),
                ("because", because_field()),
            ]
        ),
        _("Sentences"),
    )

    class Meta:
        kind = "find_overclaims"
        icon = "search"
        label = _("Find the overclaim")
        template = "blocks/find_overclaims.html"


class BranchingCaseBlock(InteractiveBlock):
    """A case in which each decision leads on."""

    title = title_field()
    rows = rows_field(
        "branching_case",
        blocks.StructBlock(
            [
                ("step", line_field("branching_case", "step", _("Name of the step"))),
                ("text", blocks.TextBlock(max_length=1500, label=_("What happens, and the question"), rows=4)),
                (
                    "choices",
                    blocks.ListBlock(
                        blocks.StructBlock(
                            [
                                ("text", blocks.CharBlock(max_length=300, label=_("What one does"))),
                                ("to", blocks.CharBlock(max_length=40, label=_("Leads to the step"))),
                                ("feedback", blocks.CharBlock(max_length=400, label=_("What comes of it"))),
                            ]
                        ),
                        min_num=0,
                        max_num=4,
                        default=[],
                        label=_("Choices"),
                    ),
                ),
                ("outcome", blocks.ChoiceBlock(choices=OUTCOME_NAMES, required=False, label=_("Outcome of an end"))),
            ]
        ),
        _("Steps, the first is the start"),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        numbers = {row["step"]: number for number, row in enumerate(value["rows"], start=1)}
        context["name"] = name_of("case", (f"{row['step']} {row['text']}" for row in value["rows"]))
        context["steps"] = [
            {
                "number": numbers[row["step"]],
                "row": row,
                "outcome": dict(OUTCOME_NAMES).get(row["outcome"], ""),
                "choices": [{"row": choice, "to": numbers.get(choice["to"])} for choice in row["choices"]],
            }
            for row in value["rows"]
        ]
        return context

    class Meta:
        kind = "branching_case"
        icon = "arrow-right-full"
        label = _("Branching case")
        template = "blocks/branching_case.html"


class SliderBlock(InteractiveBlock):
    """A quantity to move, and what each amount of it means."""

    title = title_field()
    prompt = prompt_field()
    label = option_field("slider", "label", _("Name of the quantity"))
    minimum = blocks.IntegerBlock(label=_("Minimum"))
    maximum = blocks.IntegerBlock(label=_("Maximum"))
    step = blocks.IntegerBlock(min_value=1, default=1, label=_("Step"))
    start = blocks.IntegerBlock(label=_("Where it stands at first"))
    unit = option_field("slider", "unit", _("Unit"))
    rows = rows_field(
        "slider",
        blocks.StructBlock(
            [
                ("from", blocks.IntegerBlock(label=_("From"))),
                ("to", blocks.IntegerBlock(label=_("To"))),
                ("label", line_field("slider", "label", _("Name of the zone"))),
                ("tone", blocks.ChoiceBlock(choices=TONE_NAMES, label=_("Tone"))),
                ("text", line_field("slider", "text", _("What it means"))),
            ]
        ),
        _("Zones, without a gap"),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        least, most = value["minimum"], value["maximum"]
        length = max(1, most - least)

        def place(number: float) -> float:
            return round(100 * (min(max(number, least), most) - least) / length, 2)

        context["zones"] = [
            {
                "row": row,
                "from": row["from"],
                "to": row["to"],
                "left": place(row["from"] - 0.5),
                "width": round(place(row["to"] + 0.5) - place(row["from"] - 0.5), 2),
                "tone": dict(TONE_NAMES).get(row["tone"], ""),
                "is_first": row["from"] <= value["start"] <= row["to"],
            }
            for row in value["rows"]
        ]
        return context

    class Meta:
        kind = "slider"
        icon = "sliders"
        label = _("Slider")
        template = "blocks/slider.html"


class BuildNoteBlock(InteractiveBlock):
    """A note to write, part by part, beside a model."""

    title = title_field()
    story = blocks.TextBlock(max_length=1500, label=_("The case"), rows=4)
    rows = rows_field(
        "build_note",
        blocks.StructBlock(
            [
                ("part", line_field("build_note", "part", _("Part of the note"))),
                ("prompt", line_field("build_note", "prompt", _("Question"))),
                ("example", line_field("build_note", "example", _("A model line"))),
                ("looks_for", line_field("build_note", "looks_for", _("What a good line contains"))),
            ]
        ),
        _("Parts"),
    )

    class Meta:
        kind = "build_note"
        icon = "doc-full"
        label = _("Build a note")
        template = "blocks/build_note.html"


class ComparisonBlock(InteractiveBlock):
    """Two things side by side; the second is guessed before it is shown."""

    title = title_field()
    first = option_field("comparison", "first", _("Heading of the first"))
    second = option_field("comparison", "second", _("Heading of the second"))
    rows = rows_field(
        "comparison",
        blocks.StructBlock(
            [
                ("aspect", line_field("comparison", "aspect", _("Aspect"))),
                ("first", line_field("comparison", "first", _("First"))),
                ("second", line_field("comparison", "second", _("Second"))),
                ("because", because_field()),
            ]
        ),
        _("Aspects"),
    )

    class Meta:
        kind = "comparison"
        icon = "history"
        label = _("Comparison")
        template = "blocks/comparison.html"


class FindOnFigureBlock(InteractiveBlock):
    """Regions to find on a drawing of the register."""

    figure = SnippetChooserBlock("knowledge.Figure")
    title = title_field()
    prompt = prompt_field()
    rows = rows_field(
        "find_on_figure",
        blocks.StructBlock(
            [
                ("region", line_field("find_on_figure", "region", _("Region"))),
                ("x", blocks.FloatBlock(min_value=0, max_value=100, label=_("Across, % of the width"))),
                ("y", blocks.FloatBlock(min_value=0, max_value=100, label=_("Down, % of the height"))),
                ("radius", blocks.FloatBlock(min_value=1, max_value=50, label=_("Radius, % of the width"))),
                ("text", line_field("find_on_figure", "text", _("What is here, and why it matters"))),
            ]
        ),
        _("Regions"),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        rows = sorted(value["rows"], key=lambda row: (row["y"], row["x"]))
        context["name"] = name_of("find", (f"{row['region']} {row['text']}" for row in rows))
        context["regions"] = [
            {"row": row, "letter": ascii_uppercase[place], "where": whereabouts(row["x"], row["y"])}
            for place, row in enumerate(rows)
        ]
        return context

    class Meta:
        kind = "find_on_figure"
        icon = "crosshairs"
        label = _("Find on the figure")
        template = "blocks/find_on_figure.html"


WHEREABOUTS = [
    [_("top left"), _("top middle"), _("top right")],
    [_("left"), _("middle"), _("right")],
    [_("bottom left"), _("bottom middle"), _("bottom right")],
]


def whereabouts(x: float, y: float) -> Any:
    """A place on a picture in words; `x` and `y` in percent."""
    return WHEREABOUTS[min(int(y * 3 / 100), 2)][min(int(x * 3 / 100), 2)]
