"""What an interactive block of a lesson may hold: its parts, and the rules between them.

The CMS and the curriculum package both ask here, so that neither takes what the other would refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Path = tuple[str | int, ...]
#: Where something is wrong, counted from the block itself, and what.
Problem = tuple[Path, str | Promise]

TONES = ("mild", "working", "ceiling", "stop")
OUTCOMES = ("good", "fair", "unsafe")


@dataclass(frozen=True)
class Part:
    """One part of a block or of its rows.

    `line` is one line and `text` several paragraphs, both with inline Markdown; `most` counts characters, or entries
    of `lines` and `rows`, of which there are at least `fewest`.
    """

    kind: Literal["line", "text", "whole", "number", "flag", "choice", "code", "lines", "rows"]
    most: int = 0
    needed: bool = True
    fewest: int = 0
    choices: tuple[str, ...] = ()
    row: Mapping[str, Part] = field(default_factory=dict)


@dataclass(frozen=True)
class Shape:
    """The options of a block, and its rows: of named parts, or each one line (`row` has the part `""` alone)."""

    options: Mapping[str, Part]
    row: Mapping[str, Part]
    fewest: int
    most: int


TITLE = Part("line", 120, needed=False)
PROMPT = Part("line", 400, needed=False)
BECAUSE = Part("line", 400, needed=False)
TASK = {"title": TITLE, "prompt": PROMPT}
CHOICE = {"text": Part("line", 300), "to": Part("line", 40), "feedback": Part("line", 400)}
ONLY = ""

SHAPES: dict[str, Shape] = {
    "in_short": Shape({}, {ONLY: Part("line", 300)}, 5, 5),
    "flash_cards": Shape({"title": TITLE}, {"front": Part("line", 160), "back": Part("line", 400)}, 5, 12),
    "ordering": Shape(TASK, {"text": Part("line", 200), "because": BECAUSE}, 4, 10),
    "sorting": Shape(
        {**TASK, "bins": Part("lines", 5, fewest=2)},
        {"text": Part("line", 200), "bin": Part("line", 60), "because": BECAUSE},
        6, 12,
    ),
    "matching": Shape(TASK, {"left": Part("line", 200), "right": Part("line", 200), "because": BECAUSE}, 4, 8),
    "find_overclaims": Shape(
        TASK,
        {
            "text": Part("line", 300), "overclaim": Part("flag"), "instead": Part("line", 300, needed=False),
            "because": BECAUSE,
        },
        3, 12,
    ),
    "branching_case": Shape(
        {"title": TITLE},
        {
            "step": Part("line", 40), "text": Part("text", 1500),
            "choices": Part("rows", 4, needed=False, fewest=2, row=CHOICE),
            "outcome": Part("choice", needed=False, choices=OUTCOMES),
        },
        4, 9,
    ),
    "slider": Shape(
        {
            **TASK, "label": Part("line", 80), "minimum": Part("whole"), "maximum": Part("whole"),
            "step": Part("whole"), "start": Part("whole"), "unit": Part("line", 20, needed=False),
        },
        {
            "from": Part("whole"), "to": Part("whole"), "label": Part("line", 60),
            "tone": Part("choice", choices=TONES), "text": Part("line", 400),
        },
        2, 8,
    ),
    "build_note": Shape(
        {"title": TITLE, "story": Part("line", 1500)},
        {
            "part": Part("line", 60), "prompt": Part("line", 300), "example": Part("line", 600),
            "looks_for": Part("line", 400),
        },
        1, 8,
    ),
    "comparison": Shape(
        {"title": TITLE, "first": Part("line", 60), "second": Part("line", 60)},
        {"aspect": Part("line", 80), "first": Part("line", 300), "second": Part("line", 300), "because": BECAUSE},
        2, 12,
    ),
    "find_on_figure": Shape(
        {"figure": Part("code"), **TASK},
        {
            "region": Part("line", 80), "x": Part("number"), "y": Part("number"), "radius": Part("number"),
            "text": Part("line", 600),
        },
        2, 14,
    ),
}  # fmt: skip
BIN_LENGTH = 60


def problems(kind: str, block: Mapping[str, Any]) -> Iterator[Problem]:
    """All that is wrong with a block whose parts have their types: numbers of rows, lengths, and rules of its kind."""
    shape = SHAPES[kind]
    rows: Sequence[Any] = block["rows"]
    if not shape.fewest <= len(rows) <= shape.most:
        yield ("rows",), _counted(shape.fewest, shape.most)
    for name, part in shape.options.items():
        yield from _part_problems(part, block.get(name), (name,))
    for place, row in enumerate(rows):
        parts = {ONLY: row} if ONLY in shape.row else row
        for name, part in shape.row.items():
            yield from _part_problems(part, parts.get(name), ("rows", place, *([name] if name else [])))
    if rule := RULES.get(kind):
        yield from rule(block, rows)


def _counted(fewest: int, most: int) -> str | Promise:
    if fewest == most:
        return _("There must be exactly %(count)d of these.") % {"count": most}
    return _("There must be %(fewest)d to %(most)d of these.") % {"fewest": fewest, "most": most}


def _part_problems(part: Part, value: Any, path: Path) -> Iterator[Problem]:
    if part.kind in {"line", "text", "choice", "code", "lines", "rows"} and not value:
        if part.needed:
            yield path, _("This is needed.")
        return
    if part.kind in {"line", "text"} and len(value) > part.most:
        yield path, _("At most %(most)d characters.") % {"most": part.most}
    if part.kind == "choice" and value not in part.choices:
        yield path, _("One of: %(choices)s.") % {"choices": ", ".join(part.choices)}
    if part.kind in {"lines", "rows"} and not part.fewest <= len(value) <= part.most:
        yield path, _counted(part.fewest, part.most)
    if part.kind == "rows":
        for place, row in enumerate(value):
            for name, inner in part.row.items():
                yield from _part_problems(inner, row.get(name), (*path, place, name))


def _twice(rows: Sequence[Mapping[str, Any]], name: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, row in enumerate(rows):
        if row[name] in seen:
            yield ("rows", place, name), _("“%(words)s” is there already.") % {"words": row[name]}
        seen.add(row[name])


def _ordering(block: Mapping[str, Any], rows: Sequence[Any]) -> Iterator[Problem]:
    yield from _twice(rows, "text")


def _matching(block: Mapping[str, Any], rows: Sequence[Any]) -> Iterator[Problem]:
    yield from _twice(rows, "left")
    yield from _twice(rows, "right")


def _sorting(block: Mapping[str, Any], rows: Sequence[Any]) -> Iterator[Problem]:
    bins = list(block["bins"])
    if len(set(bins)) < len(bins):
        yield ("bins",), _("Each group has a name of its own.")
    if any(len(name) > BIN_LENGTH for name in bins):
        yield ("bins",), _("At most %(most)d characters.") % {"most": BIN_LENGTH}
    for place, row in enumerate(rows):
        if row["bin"] and row["bin"] not in bins:
            yield ("rows", place, "bin"), _("There is no group “%(name)s”.") % {"name": row["bin"]}
    yield from _twice(rows, "text")


def _find_overclaims(block: Mapping[str, Any], rows: Sequence[Any]) -> Iterator[Problem]:
    for place, row in enumerate(rows):
        if row["overclaim"] and not row["instead"]:
            yield ("rows", place, "instead"), _("An overclaim needs its honest version.")
        if not row["overclaim"] and row["instead"]:
            yield ("rows", place, "instead"), _("Only an overclaim has an honest version.")
    if not any(row["overclaim"] for row in rows):
        yield ("rows",), _("At least one sentence must be an overclaim.")


def _branching_case(block: Mapping[str, Any], rows: Sequence[Any]) -> Iterator[Problem]:
    yield from _twice(rows, "step")
    leads = {row["step"]: [choice["to"] for choice in row["choices"]] for row in rows}
    for place, row in enumerate(rows):
        if row["choices"] and row["outcome"]:
            yield ("rows", place, "outcome"), _("Only a step without choices has an outcome.")
        if not row["choices"] and not row["outcome"]:
            yield ("rows", place, "outcome"), _("A step without choices is an end, and needs an outcome.")
        for number, choice in enumerate(row["choices"]):
            if choice["to"] and choice["to"] not in leads:
                path = ("rows", place, "choices", number, "to")
                yield path, _("There is no step “%(name)s”.") % {"name": choice["to"]}
    if sum(not row["choices"] for row in rows) < 2:
        yield ("rows",), _("A case needs at least two ends.")
    reached = _closure({rows[0]["step"]} if rows else set(), leads)
    comes_from: dict[str, list[str]] = {}
    for step, targets in leads.items():
        for target in targets:
            comes_from.setdefault(target, []).append(step)
    ending = _closure({step for step, targets in leads.items() if not targets}, comes_from)
    for place, row in enumerate(rows):
        if row["step"] not in reached:
            yield ("rows", place, "step"), _("No choice leads to this step.")
        elif row["step"] not in ending:
            yield ("rows", place, "step"), _("From this step no way leads to an end.")


def _closure(begin: set[str], leads: Mapping[str, Sequence[str]]) -> set[str]:
    found, waiting = set(begin), list(begin)
    while waiting:
        fresh = set(leads.get(waiting.pop(), ())) - found
        found |= fresh
        waiting += fresh
    return found


def _slider(block: Mapping[str, Any], rows: Sequence[Any]) -> Iterator[Problem]:
    minimum, maximum, step, start = (block[name] for name in ("minimum", "maximum", "step", "start"))
    if minimum >= maximum:
        yield ("maximum",), _("This must be larger than the minimum.")
    if step < 1 or (maximum - minimum) % step:
        yield ("step",), _("Steps of this size do not lead from the minimum to the maximum.")
    elif not minimum <= start <= maximum or (start - minimum) % step:
        yield ("start",), _("The slider cannot stand here.")
    expected = minimum
    for place, row in enumerate(rows):
        if row["from"] != expected:
            yield ("rows", place, "from"), _("This zone must begin at %(number)d.") % {"number": expected}
        if row["to"] < row["from"]:
            yield ("rows", place, "to"), _("A zone cannot end before it begins.")
        expected = row["to"] + 1
    if rows and expected != maximum + 1:
        yield ("rows", len(rows) - 1, "to"), _("The last zone must end at %(number)d.") % {"number": maximum}


def _find_on_figure(block: Mapping[str, Any], rows: Sequence[Any]) -> Iterator[Problem]:
    yield from _twice(rows, "region")
    for place, row in enumerate(rows):
        for name, least, most in (("x", 0, 100), ("y", 0, 100), ("radius", 1, 50)):
            if not least <= row[name] <= most:
                path: Path = ("rows", place, name)
                yield path, _("A number from %(least)d to %(most)d.") % {"least": least, "most": most}


RULES: dict[str, Callable[[Mapping[str, Any], Sequence[Any]], Iterator[Problem]]] = {
    "ordering": _ordering,
    "matching": _matching,
    "sorting": _sorting,
    "find_overclaims": _find_overclaims,
    "branching_case": _branching_case,
    "slider": _slider,
    "find_on_figure": _find_on_figure,
}
