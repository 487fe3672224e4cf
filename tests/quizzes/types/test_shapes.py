"""Geometry on a picture: what is inside, what overlaps, what cannot be drawn."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.types.base import CompileProblem
from quizzes.types.shapes import (
    CIRCLE_CORNERS,
    FULL,
    MOST_CORNERS,
    Shape,
    ShapeKind,
    box_of,
    contains,
    outline,
    overlap,
    percent,
    read_point,
    read_shape,
    read_size,
    share_of,
    top_of,
    whole,
)

SIZE = (400, 300)


def shape(kind: str, numbers: str, size: Any = SIZE) -> Shape:
    return read_shape(kind, numbers, size, "shape")


L = "10 10 30 10 30 20 20 20 20 40 10 40"


@pytest.mark.parametrize(
    ("kind", "numbers", "inside", "outside"),
    [
        ("rectangle", "10 20 30 40", [(1000, 2000), (3000, 4000), (2000, 2000)], [(999, 3000), (2000, 4001)]),
        # A radius of 10 % of 400 pixels is 40 pixels, which is 13.33 % of 300.
        ("circle", "50 50 10", [(6000, 5000), (5000, 6333), (5700, 5900)], [(6001, 5000), (5000, 6334), (5900, 6200)]),
        ("polygon", L, [(1000, 1000), (2500, 2000), (1500, 3500)], [(2500, 2001), (2500, 3500), (999, 2000)]),
        ("polygon", "10 10 30 10 20 30", [(2000, 2999), (1500, 2000)], [(1400, 2000), (2000, 3001)]),
    ],
)  # fmt: skip
def test_borders_are_inside(kind: str, numbers: str, inside: list[Any], outside: list[Any]) -> None:
    made = shape(kind, numbers)
    assert [point for point in inside if not contains(made, point)] == []
    assert [point for point in outside if contains(made, point)] == []


def test_a_circle_is_circular_on_the_picture() -> None:
    width, height = 1000, 250
    made = shape("circle", "50 50 5", (width, height))
    _, _, across, down = made.numbers
    assert across / FULL * width == down / FULL * height == 50
    assert shape("circle", "50 50 5", (7, 7)).numbers == (5000, 5000, 500, 500)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("rectangle", "10 10 30 30"), ("rectangle", "30 10 50 30"), False),  # Side by side.
        (("rectangle", "10 10 30 30"), ("rectangle", "30 30 50 50"), False),  # Corner to corner.
        (("rectangle", "10 10 30 30"), ("rectangle", "29.99 10 50 30"), True),
        (("rectangle", "10 10 30 30"), ("rectangle", "15 15 20 20"), True),  # One within the other.
        (("rectangle", "10 10 30 30"), ("rectangle", "10 10 30 30"), True),
        (("rectangle", "10 10 30 30"), ("polygon", "10 10 10 30 30 30 30 10"), True),  # The same in other words.
        (("rectangle", "10 10 30 30"), ("rectangle", "15 5 25 35"), True),  # A cross: no corner lies in the other.
        (("polygon", "10 10 30 10 30 30"), ("polygon", "10 10 10 30 30 30"), False),  # Two halves of a square.
        (("polygon", "10 10 50 10 50 50"), ("polygon", "20 10 40 10 30 20"), True),  # A shared piece of edge, inside.
        (("polygon", "10 10 50 10 50 50"), ("polygon", "20 10 40 10 30 2"), False),  # The same edge, from outside.
        (("polygon", L), ("rectangle", "20 20 30 40"), False),  # In the hollow of an L.
        (("polygon", L), ("rectangle", "20 19 30 40"), True),
        (("circle", "30 50 10"), ("circle", "50 50 10"), False),
        (("circle", "30 50 10"), ("circle", "49 50 10"), True),
        (("circle", "30 50 10"), ("circle", "30 50 4"), True),
        (("circle", "30 50 10"), ("rectangle", "38 59 60 70"), False),  # Inside the circle's box only.
        (("circle", "30 50 10"), ("rectangle", "36 54 60 70"), True),
    ],
)
def test_overlaps(one: tuple[str, str], other: tuple[str, str], expected: bool) -> None:
    a, b = shape(*one), shape(*other)
    assert overlap(a, b) is overlap(b, a) is expected


rectangles = st.builds(
    lambda x, y, w, h: Shape(kind=ShapeKind.rectangle, numbers=(x, y, x + w, y + h)),
    *[st.integers(0, 20)] * 2,
    *[st.integers(1, 9)] * 2,
)


@given(one=rectangles, other=rectangles)
def test_rectangles_overlap_as_their_sides_do(one: Shape, other: Shape) -> None:
    (a, b, c, d), (e, f, g, h) = one.numbers, other.numbers
    assert overlap(one, other) == (a < g and e < c and b < h and f < d)


@st.composite
def triangles(draw: st.DrawFn) -> Shape:
    corners = draw(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=3, max_size=3, unique=True))
    (a, b), (c, d), (e, f) = corners
    if (c - a) * (f - b) == (d - b) * (e - a):
        corners[2] = (e + 1, f) if b != d else (e, f + 1)
    return Shape(kind=ShapeKind.polygon, numbers=tuple(number for corner in corners for number in corner))


@given(one=triangles(), other=triangles())
def test_a_grid_point_inside_both_means_overlap(one: Shape, other: Shape) -> None:
    def strictly(made: Shape) -> set[tuple[int, int]]:
        """Convex: strictly on the same side of all edges."""
        corners = outline(made)
        found = set()
        for x in range(14):
            for y in range(14):
                sides = [
                    (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
                    for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)
                ]
                if min(sides) > 0 or max(sides) < 0:
                    found.add((x, y))
                assert contains(made, (x, y)) == (min(sides) >= 0 or max(sides) <= 0)
        return found

    if strictly(one) & strictly(other):
        assert overlap(one, other)
    assert overlap(one, other) == overlap(other, one)
    assert overlap(one, one)


@pytest.mark.parametrize(("kind", "numbers"), [("circle", "50 50 10"), ("polygon", L), ("rectangle", "1 2 3 90")])
def test_a_letter_stands_on_the_highest_border(kind: str, numbers: str) -> None:
    made = shape(kind, numbers)
    x, y = top_of(outline(made))
    assert contains(made, (round(x), round(y)))
    assert not contains(made, (round(x), round(y) - 1))
    left, top, right, bottom = box_of(made)
    assert all(left <= x <= right and top <= y <= bottom for x, y in outline(made))


def test_a_circle_is_drawn_with_enough_corners() -> None:
    corners = outline(shape("circle", "50 50 37"))
    assert len(corners) == CIRCLE_CORNERS
    made = shape("circle", "50 50 36.95")
    assert all(not contains(made, corner) for corner in corners)


@pytest.mark.parametrize(
    ("kind", "numbers", "field"),
    [
        ("star", "1 2 3", "shape.kind"),
        (None, "1 2 3", "shape.kind"),
        (["circle"], "1 2 3", "shape.kind"),
        ("circle", "", "shape.numbers"),
        ("circle", None, "shape.numbers"),
        ("circle", 50, "shape.numbers"),
        ("circle", "50 50", "shape.numbers"),
        ("circle", "50 50 10 10", "shape.numbers"),
        ("circle", "50,50 10 5", "shape.numbers"),
        ("circle", "50 50 abc", "shape.numbers"),
        ("circle", "50 50 -1", "shape.numbers"),
        ("circle", "50 50 0", "shape.numbers"),
        ("circle", "50 50 0.5", "shape.numbers"),
        ("circle", "5 50 6", "shape.numbers"),
        ("circle", "50 5 4", "shape.numbers"),  # 4 % of the width are 5.33 % of the height.
        ("rectangle", "10 10 101 20", "shape.numbers"),
        ("rectangle", "30 10 10 20", "shape.numbers"),
        ("rectangle", "10 10 30", "shape.numbers"),
        ("rectangle", "10 10 11.9 30", "shape.numbers"),
        ("polygon", "10 10 30 10", "shape.numbers"),
        ("polygon", "10 10 30 10 20", "shape.numbers"),
        ("polygon", "10 10 30 30 10 30 30 10", "shape.numbers"),  # Crosses itself.
        ("polygon", "10 10 20 20 30 30", "shape.numbers"),  # A line.
        ("polygon", "10 10 30 10 20 10 20 30", "shape.numbers"),  # Folds back.
        ("polygon", "10 10 30 10 20 20 30 30 10 30 20 20", "shape.numbers"),  # Touches itself.
        ("polygon", " ".join(["10 10"] * (MOST_CORNERS + 2)), "shape.numbers"),
        ("polygon", "1 " * 5_000, "shape.numbers"),
    ],
)
def test_what_cannot_be_drawn_or_hit_is_refused(kind: Any, numbers: Any, field: str) -> None:
    with pytest.raises(CompileProblem) as caught:
        shape(kind, numbers)
    assert caught.value.field == field


def test_a_circle_waits_for_its_picture_and_others_do_not() -> None:
    with pytest.raises(CompileProblem) as caught:
        shape("circle", "50 50 10", None)
    assert caught.value.field == "picture"
    assert shape("rectangle", "10 10 20 20", None) == shape("rectangle", "10 10 20 20")


@pytest.mark.parametrize("written", ["12.5 30", " 12.50, 30 ", "12.5; 30", "12.5 % 30 %", "12.5;30", "12.5%, 30%"])
def test_a_place_is_read_as_people_write_it(written: str) -> None:
    assert read_point(written, "at") == (1250, 3000)


@pytest.mark.parametrize("written", ["12.5", "1 2 3", "12,5 30", "x y", "", None, 12, "101 0", "1e1 3"])
def test_anything_else_is_no_place(written: Any) -> None:
    with pytest.raises(CompileProblem) as caught:
        read_point(written, "at")
    assert caught.value.field == "at"


@pytest.mark.parametrize("size", [(0, 5), (5,), "55", [1, "2"], (True, 2), {"a": 1}, 5])
def test_a_size_is_two_counts_of_pixels(size: Any) -> None:
    with pytest.raises(CompileProblem) as caught:
        read_size(size)
    assert caught.value.field == "picture"


def test_a_size_may_be_missing() -> None:
    assert read_size(None) is None
    assert read_size([4, 3]) == (4, 3)


@given(value=st.integers(0, FULL))
def test_shares_come_back_whole(value: int) -> None:
    assert whole(share_of(value)) == value
    assert round(share_of(value), 4) == share_of(value)


def test_a_share_is_said_in_percent() -> None:
    assert [percent(share) for share in (0, 0.125, 0.3333, 1)] == ["0 %", "12.5 %", "33.33 %", "100 %"]
