"""Shapes of the body maps: points in the coordinates of a view, drawn as smooth closed outlines.

In the data a shape is text: `"104.4,80! 112.5,85 …"`, one point after another in body units (750 from sole to vertex,
y downward); `!` marks a corner, every other point is passed smoothly. Points rather than paths, so that the same
words serve for drawing, for pointing and for checking.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_POINT = re.compile(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(!?)")


@dataclass(frozen=True)
class Point:
    """A place in a view; a corner breaks the smoothness of an outline."""

    x: float
    y: float
    corner: bool = False


Outline = tuple[Point, ...]


def read_points(text: str) -> Outline:
    """Points from their text. Raises `ValueError` that names what is not a point."""
    points = []
    for word in text.split():
        found = _POINT.fullmatch(word)
        if not found:
            raise ValueError(f"{word!r} is not a point such as 104.4,80 or 104.4,80!")
        points.append(Point(float(found[1]), float(found[2]), bool(found[3])))
    return tuple(points)


def number(value: float) -> str:
    """A coordinate with one decimal at most."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _slope(before: Point, here: Point, after: Point) -> tuple[float, float]:
    # Centripetal Catmull-Rom: no loops or overshoot where points lie unevenly (Yuksel, Schaefer, Keyser 2011).
    near = math.dist((before.x, before.y), (here.x, here.y)) ** 0.5 or 1e-6
    far = math.dist((here.x, here.y), (after.x, after.y)) ** 0.5 or 1e-6

    def along(a: float, b: float, c: float) -> float:
        return (b - a) / near - (c - a) / (near + far) + (c - b) / far

    return along(before.x, here.x, after.x), along(before.y, here.y, after.y)


def path(points: Sequence[Point], *, closed: bool = True) -> str:
    """The SVG path through the points, smooth but at corners (and at the ends of an open line)."""
    count = len(points)
    if count < 2:
        return ""
    pieces = [f"M{number(points[0].x)} {number(points[0].y)}"]
    for index in range(count if closed else count - 1):
        here, there = points[index], points[(index + 1) % count]
        reach = math.dist((here.x, here.y), (there.x, there.y)) ** 0.5 / 3
        first = last = None
        if not here.corner and (closed or index):
            dx, dy = _slope(points[index - 1], here, there)
            first = (here.x + dx * reach, here.y + dy * reach)
        if not there.corner and (closed or index + 2 < count):
            dx, dy = _slope(here, there, points[(index + 2) % count])
            last = (there.x - dx * reach, there.y - dy * reach)
        if first is None and last is None:
            pieces.append(f"L{number(there.x)} {number(there.y)}")
            continue
        first = first or _between(here, last)
        last = last or _between(there, first)
        pieces.append("C" + " ".join(number(value) for value in (*first, *last, there.x, there.y)))
    return "".join(pieces) + ("Z" if closed else "")


def _between(point: Point, control: tuple[float, float] | None) -> tuple[float, float]:
    x, y = control or (point.x, point.y)
    return (point.x + x) / 2, (point.y + y) / 2


def centre(points: Sequence[Point]) -> Point:
    """The centre of area of an outline; of the points where it has no area."""
    double = cx = cy = 0.0
    for a, b in zip(points, (*points[1:], points[0]), strict=True):
        cross = a.x * b.y - b.x * a.y
        double += cross
        cx += (a.x + b.x) * cross
        cy += (a.y + b.y) * cross
    if abs(double) < 1e-6:
        return Point(sum(p.x for p in points) / len(points), sum(p.y for p in points) / len(points))
    return Point(cx / (3 * double), cy / (3 * double))


def holds(points: Sequence[Point], spot: Point) -> bool:
    """Whether a spot lies inside an outline (straight between its points): what a tap or click asks."""
    inside = False
    for a, b in zip(points, (*points[1:], points[0]), strict=True):
        if (a.y > spot.y) != (b.y > spot.y) and spot.x < (b.x - a.x) * (spot.y - a.y) / (b.y - a.y) + a.x:
            inside = not inside
    return inside


def mirrored(points: Iterable[Point], width: float) -> Outline:
    """The same outline on the other side of a view of this width."""
    return tuple(Point(width - point.x, point.y, point.corner) for point in points)


def strands(start: Outline, end: Outline, count: int, via: Outline = ()) -> list[Outline]:
    """Fibre lines from an origin to an insertion, evenly spread over both, by way of a third line if there is one."""
    shares = [index / (count - 1) if count > 1 else 0.5 for index in range(count)]
    lines = [start, via, end] if via else [start, end]
    return [tuple(_at(line, share) for line in lines) for share in shares]


def _at(line: Outline, share: float) -> Point:
    if len(line) == 1:
        return line[0]
    lengths = [math.dist((a.x, a.y), (b.x, b.y)) for a, b in pairwise(line)]
    left = share * sum(lengths)
    for (a, b), length in zip(pairwise(line), lengths, strict=True):
        if left <= length:
            part = left / length if length else 0.0
            return Point(a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part)
        left -= length
    return line[-1]
