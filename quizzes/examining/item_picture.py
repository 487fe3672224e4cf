"""The picture of an item: the share of each option from the weakest group of candidates to the strongest.

Worked out here as numbers for an SVG; colours and patterns belong to the style sheet. Every line has its own pattern,
its own kind of dot and its letter at the end, so nothing rests on colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 440, 270
LEFT, RIGHT, TOP, BOTTOM = 56, 44, 16, 40
#: Letters at the end of lines stand at least this far apart.
APART = 18
#: More lines than patterns could not be told apart.
MOST_LINES = 8
SIZE = 5
SHAPES = (
    "M{l} {y}A{s} {s} 0 1 0 {r} {y}A{s} {s} 0 1 0 {l} {y}Z",
    "M{l} {t}H{r}V{b}H{l}Z",
    "M{x} {t}L{r} {b}H{l}Z",
    "M{x} {t}L{r} {y}L{x} {b}L{l} {y}Z",
    "M{l} {t}H{r}L{x} {b}Z",
    "M{l} {t}L{r} {b}M{r} {t}L{l} {b}",
    "M{x} {t}V{b}M{l} {y}H{r}",
    "M{l} {y}H{r}",
)


@dataclass(frozen=True)
class Line:
    """One option: its points, its dots as paths, and where its letter stands."""

    letter: str
    pattern: int
    is_key: bool
    points: str
    dots: tuple[str, ...]
    label_y: str


@dataclass(frozen=True)
class Tick:
    """A mark on an axis, at a distance along it."""

    at: str
    text: str


@dataclass(frozen=True)
class Picture:
    """Everything that the template draws."""

    lines: tuple[Line, ...]
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    label_x: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    below: int = HEIGHT - BOTTOM + 26
    beside: int = LEFT - 8


def picture_of(options: Sequence[Mapping[str, Any]]) -> Picture | None:
    """The picture of an item's options; None where there are too few answers, or nothing or too much to draw."""
    drawn = [option for option in options if option["shares_by_group"] and None not in option["shares_by_group"]]
    if not drawn or len(drawn) > MOST_LINES:
        return None
    groups = len(drawn[0]["shares_by_group"])
    xs = [_x(place, groups) for place in range(groups)]
    ends = _spread([_y(option["shares_by_group"][-1]) for option in drawn])
    lines = tuple(
        Line(
            letter=letter_of(option, place),
            pattern=place + 1,
            is_key=option["is_key"],
            points=" ".join(f"{x:g},{_y(share):g}" for x, share in zip(xs, option["shares_by_group"], strict=True)),
            dots=tuple(_dot(place, x, _y(share)) for x, share in zip(xs, option["shares_by_group"], strict=True)),
            label_y=f"{ends[place]:g}",
        )
        for place, option in enumerate(drawn)
    )
    return Picture(
        lines=lines,
        rows=tuple(Tick(f"{_y(share):g}", str(share)) for share in (0, 25, 50, 75, 100)),
        columns=tuple(Tick(f"{x:g}", str(place)) for place, x in enumerate(xs, start=1)),
        label_x=f"{WIDTH - RIGHT + 12:g}",
    )


def letter_of(option: Mapping[str, Any], place: int) -> str:
    """What the option is called in the picture and in its table: its letter, or its number in the list."""
    first = option["label"].split(" ", 1)[0]
    return first if len(first) == 1 and first.isalpha() else str(place + 1)


def _x(place: int, groups: int) -> float:
    return round(LEFT + 16 + (WIDTH - LEFT - RIGHT - 32) * (place / (groups - 1) if groups > 1 else 0.5), 1)


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(max(share, 0.0), 100.0) / 100, 1)


def _dot(pattern: int, x: float, y: float) -> str:
    near = {"x": x, "y": y, "l": x - SIZE, "r": x + SIZE, "t": y - SIZE, "b": y + SIZE, "s": SIZE}
    return SHAPES[pattern % len(SHAPES)].format(**{name: f"{value:g}" for name, value in near.items()})


def _spread(ends: Sequence[float]) -> list[float]:
    """The same heights moved so that letters do not lie on each other, and stay within the drawing."""
    order = sorted(range(len(ends)), key=lambda place: ends[place])
    found = list(ends)
    lowest = HEIGHT - BOTTOM - APART * (len(ends) - 1)
    for before, place in enumerate(order):
        found[place] = min(found[place], lowest + APART * before)
        if before:
            found[place] = max(found[place], found[order[before - 1]] + APART)
    return found
