"""Places and shapes on a picture, in ten-thousandths of its width and height from the top left.

Whole numbers make every question exact: a point on a border is inside, on every machine. Authors write percent.
A circle is circular on the picture, so it is stored with two radii: the same length is another share of the width
than of the height. Shapes are closed; where two of them touch, a point of the shared border belongs to both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import cos, pi, sin
from typing import Any, Protocol, runtime_checkable

from quizzes.types import numbers
from quizzes.types.base import Arrangement, CompileProblem, Record, gettext_noop

FULL = 10_000
LEAST_SIDE = 200  # The crosshair moves in steps of 1 %: nothing thinner than two of them can be aimed at.
MOST_CORNERS = 40
MOST_CHARACTERS = 1_000
CIRCLE_CORNERS = 72

Coordinate = int | Fraction
Point = tuple[int, int]
Spot = tuple[Coordinate, Coordinate]


@runtime_checkable
class DrawsRegions(Protocol):
    """A type with regions that may be drawn over the picture once the key may be told."""

    def drawing(self, arrangement: Arrangement, key: Any, answer: Any) -> dict[str, Any]:
        """`outlines`, alias of a region -> its corners as shares, and `hits`, the region that holds each point."""
        ...


class ShapeKind(StrEnum):
    """What an author can draw."""

    circle = "circle"
    rectangle = "rectangle"
    polygon = "polygon"


class Shape(Record):
    """A circle as x, y and both radii; a rectangle as left, top, right and bottom; a polygon as x, y, x, y, ..."""

    kind: ShapeKind
    numbers: tuple[int, ...]


# Reading ------------------------------------------------------------------------------------------------------------


def read_percents(value: Any, field: str) -> list[int]:
    """Numbers in percent, set apart by spaces, as ten-thousandths. None lies outside the picture."""
    if not isinstance(value, str) or not value.strip():
        raise CompileProblem(gettext_noop("Write the numbers, in percent."), field)
    if len(value) > MOST_CHARACTERS:
        raise CompileProblem(gettext_noop("This text is too long."), field)
    found = []
    for word in filter(None, (part.rstrip(",%") for part in value.replace(";", " ").split())):
        # "12,5" reads as one number and as two, so a comma alone sets nothing apart.
        if "," in word:
            raise CompileProblem(
                gettext_noop("Set numbers apart by spaces, and write decimals with a point: 12.5 30."), field
            )
        try:
            percent = numbers.read_number(word)
        except numbers.NotANumber:
            raise CompileProblem(gettext_noop("Write numbers in percent, set apart by spaces."), field) from None
        if not 0 <= percent <= 100:
            raise CompileProblem(gettext_noop("Each number is a percentage from 0 to 100."), field)
        found.append(int((percent * 100).to_integral_value()))
    return found


def read_point(value: Any, field: str) -> Point:
    """One place: how far from the left, how far from the top."""
    found = read_percents(value, field)
    if len(found) != 2:
        raise CompileProblem(gettext_noop("A place is two numbers: from the left and from the top."), field)
    return found[0], found[1]


def read_size(value: Any) -> tuple[int, int] | None:
    """Width and height of the picture in pixels, which come from the bank; None while there is no picture."""
    if value is None:
        return None
    if (
        not isinstance(value, list | tuple)
        or len(value) != 2
        or not all(type(side) is int and side > 0 for side in value)
    ):
        raise CompileProblem(gettext_noop("The size of the picture is not known."), "picture")
    return value[0], value[1]


def read_shape(kind: Any, value: Any, picture_size: tuple[int, int] | None, field: str) -> Shape:
    """What an author drew. A circle needs the size of the picture in pixels to be one."""
    if kind not in list(ShapeKind):
        raise CompileProblem(gettext_noop("Choose a circle, a rectangle or a polygon."), f"{field}.kind")
    field = f"{field}.numbers"
    found = read_percents(value, field)
    shape = _READERS[ShapeKind(kind)](found, picture_size, field)
    left, top, right, bottom = box_of(shape)
    if left < 0 or top < 0 or right > FULL or bottom > FULL:
        raise CompileProblem(gettext_noop("The shape reaches beyond the picture."), field)
    if right - left < LEAST_SIDE or bottom - top < LEAST_SIDE:
        raise CompileProblem(gettext_noop("The shape is too small to be hit: 2 % each way is the least."), field)
    return shape


def _read_circle(found: list[int], picture_size: tuple[int, int] | None, field: str) -> Shape:
    if len(found) != 3:
        raise CompileProblem(
            gettext_noop("A circle is three numbers: its middle from the left and from the top, and its radius."), field
        )
    if picture_size is None:
        raise CompileProblem(gettext_noop("A circle needs its picture first."), "picture")
    x, y, radius = found
    width, height = picture_size
    return Shape(kind=ShapeKind.circle, numbers=(x, y, radius, round(Fraction(radius * width, height))))


def _read_rectangle(found: list[int], picture_size: tuple[int, int] | None, field: str) -> Shape:
    if len(found) != 4:
        raise CompileProblem(
            gettext_noop("A rectangle is four numbers: where its left, top, right and bottom edges are."), field
        )
    left, top, right, bottom = found
    if left >= right or top >= bottom:
        raise CompileProblem(gettext_noop("The right and bottom edges must come after the left and top ones."), field)
    return Shape(kind=ShapeKind.rectangle, numbers=tuple(found))


def _read_polygon(found: list[int], picture_size: tuple[int, int] | None, field: str) -> Shape:
    if len(found) % 2:
        raise CompileProblem(gettext_noop("A polygon is pairs of numbers, one pair for each corner."), field)
    corners = list(zip(found[::2], found[1::2], strict=True))
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if not 3 <= len(corners) <= MOST_CORNERS:
        raise CompileProblem(
            gettext_noop("A polygon has 3 to %(most)s corners; this one has %(count)s."),
            field,
            most=MOST_CORNERS,
            count=len(corners),
        )
    if not _is_simple(corners):
        raise CompileProblem(gettext_noop("The outline of the polygon crosses or touches itself."), field)
    return Shape(kind=ShapeKind.polygon, numbers=tuple(number for corner in corners for number in corner))


_READERS = {
    ShapeKind.circle: _read_circle,
    ShapeKind.rectangle: _read_rectangle,
    ShapeKind.polygon: _read_polygon,
}


# Asking -------------------------------------------------------------------------------------------------------------


def contains(shape: Shape, point: Point) -> bool:
    """Whether a point lies in a shape or on its border."""
    if shape.kind is ShapeKind.circle:
        x, y, across, down = shape.numbers
        return ((point[0] - x) * down) ** 2 + ((point[1] - y) * across) ** 2 <= (across * down) ** 2
    corners = outline(shape)
    return _is_on_border(corners, point) or _is_inside(corners, point)


def outline(shape: Shape) -> tuple[Point, ...]:
    """The corners of a shape; a circle as a polygon that lies within a hundredth of a percent of it."""
    if shape.kind is ShapeKind.circle:
        x, y, across, down = shape.numbers
        turns = [2 * pi * step / CIRCLE_CORNERS for step in range(CIRCLE_CORNERS)]
        return tuple((round(x + across * cos(turn)), round(y + down * sin(turn))) for turn in turns)
    if shape.kind is ShapeKind.rectangle:
        left, top, right, bottom = shape.numbers
        return (left, top), (right, top), (right, bottom), (left, bottom)
    return tuple(zip(shape.numbers[::2], shape.numbers[1::2], strict=True))


def box_of(shape: Shape) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a shape."""
    if shape.kind is ShapeKind.circle:
        x, y, across, down = shape.numbers
        return x - across, y - down, x + across, y + down
    corners = outline(shape)
    across_all, down_all = [x for x, _ in corners], [y for _, y in corners]
    return min(across_all), min(down_all), max(across_all), max(down_all)


def overlap(one: Shape, other: Shape) -> bool:
    """Whether two shapes share more than a piece of border.

    Exact for rectangles and polygons, and within a hundredth of a percent for circles. Two simple polygons share
    inner points if and only if the border of one runs inside the other somewhere, or they are the same polygon.
    """
    left, top, right, bottom = box_of(one)
    other_left, other_top, other_right, other_bottom = box_of(other)
    if right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top:
        return False
    a, b = outline(one), outline(other)
    return _enters(a, b) or _enters(b, a) or _is_strictly_inside(b, _inner_spot(a))


def top_of(corners: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Where a letter names an outline without hiding what lies inside: the middle of its highest corners."""
    top = min(y for _, y in corners)
    highest = [x for x, y in corners if y == top]
    return sum(highest) / len(highest), top


# Geometry of polygons -----------------------------------------------------------------------------------------------


def _edges(corners: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    yield from pairwise([*corners, corners[0]])


def _turn(a: Spot, b: Spot, c: Spot) -> Coordinate:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _is_on_edge(a: Point, b: Point, spot: Spot) -> bool:
    return (
        _turn(a, b, spot) == 0
        and min(a[0], b[0]) <= spot[0] <= max(a[0], b[0])
        and min(a[1], b[1]) <= spot[1] <= max(a[1], b[1])
    )


def _is_on_border(corners: Sequence[Point], spot: Spot) -> bool:
    return any(_is_on_edge(a, b, spot) for a, b in _edges(corners))


def _is_inside(corners: Sequence[Point], spot: Spot) -> bool:
    """By counting the edges to the right of the spot; says nothing about spots on the border."""
    inside = False
    for a, b in _edges(corners):
        if (a[1] > spot[1]) != (b[1] > spot[1]):
            side = (b[0] - a[0]) * (spot[1] - a[1]) - (spot[0] - a[0]) * (b[1] - a[1])
            inside ^= (side > 0) == (b[1] > a[1])
    return inside


def _is_strictly_inside(corners: Sequence[Point], spot: Spot) -> bool:
    return _is_inside(corners, spot) and not _is_on_border(corners, spot)


def _is_simple(corners: Sequence[Point]) -> bool:
    """No corner twice, no edge that folds back on the one before it, no two others that meet."""
    if len(set(corners)) != len(corners):
        return False
    edges = list(_edges(corners))
    for place, (a, b) in enumerate(edges):
        following = edges[(place + 1) % len(edges)][1]
        if _is_on_edge(a, b, following) or _is_on_edge(b, following, a):
            return False
        # The next edge shares a corner with this one, and so does the last with the first.
        for c, d in edges[place + 2 : len(edges) - (place == 0)]:
            if _meet(a, b, c, d):
                return False
    return True


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    apart = _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0
    return apart or _is_on_edge(a, b, c) or _is_on_edge(a, b, d) or _is_on_edge(c, d, a) or _is_on_edge(c, d, b)


def _enters(corners: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether some piece of the first border runs inside the other polygon."""
    for a, b in _edges(corners):
        cuts = sorted({Fraction(0), Fraction(1), *_cuts(a, b, other)})
        for start, end in pairwise(cuts):
            middle = (start + end) / 2
            if _is_strictly_inside(other, (a[0] + middle * (b[0] - a[0]), a[1] + middle * (b[1] - a[1]))):
                return True
    return False


def _cuts(a: Point, b: Point, other: Sequence[Point]) -> Iterator[Fraction]:
    """Where an edge meets a border, as shares of the way from its start."""
    along = (b[0] - a[0], b[1] - a[1])
    for c, d in _edges(other):
        way = (d[0] - c[0], d[1] - c[1])
        slope = along[0] * way[1] - along[1] * way[0]
        if slope:
            share = Fraction((c[0] - a[0]) * way[1] - (c[1] - a[1]) * way[0], slope)
            there = Fraction((c[0] - a[0]) * along[1] - (c[1] - a[1]) * along[0], slope)
            if 0 < share < 1 and 0 <= there <= 1:
                yield share
        else:
            for corner in (c, d):
                if _is_on_edge(a, b, corner):
                    part = 0 if along[0] else 1
                    yield Fraction(corner[part] - a[part], along[part])


def _inner_spot(corners: Sequence[Point]) -> Spot:
    """A spot strictly inside: on a level line between the two highest corners, halfway across."""
    upper, lower = sorted({y for _, y in corners})[:2]
    level = Fraction(upper + lower, 2)
    left, right = sorted(
        a[0] + (level - a[1]) * Fraction(b[0] - a[0], b[1] - a[1])
        for a, b in _edges(corners)
        if (a[1] > level) != (b[1] > level)
    )[:2]
    return (left + right) / 2, level


# Between whole numbers and those of the API -------------------------------------------------------------------------


def whole(share: float) -> int:
    """A share of the width or height, 0 to 1, in ten-thousandths."""
    return round(share * FULL)


def share_of(value: int) -> float:
    """The reverse, as JSON takes it."""
    return value / FULL


def percent(share: float) -> str:
    """A share in words: `12.5 %`."""
    return f"{numbers.write_number(Decimal(whole(share)) / 100)} %"
