"""The maps of the body: what the data promise, what the drawing shows; the shipped figures are that drawing."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from functools import cache
from io import StringIO
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
import yaml
from defusedxml import ElementTree
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from lms.core.markup import clean_svg
from lms.knowledge.bodymap import GRADES, KINDS, VIEWS, Atlas, MuscleMap, Shape, load_atlas
from lms.knowledge.bodymap_drawing import WIDTH, draw, drawn_figures
from lms.knowledge.bodymap_ink import LETTER, spread, wrapped
from lms.knowledge.bodymap_shapes import Point, centre, holds, mirrored, path, read_points, strands

KNOWLEDGE = Path(settings.SHIPPED_CURRICULUM) / "knowledge"
MUSCLES = [f"MU-{number:02d}" for number in range(1, 24)]
PLATES = [f"M-{number:02d}" for number in range(7, 18)]


@cache
def atlas() -> Atlas:
    return load_atlas(KNOWLEDGE)


@cache
def figures() -> dict[str, str]:
    return drawn_figures(KNOWLEDGE)


@cache
def register(name: str) -> dict[str, dict[str, object]]:
    rows = yaml.safe_load((KNOWLEDGE / f"{name}.yaml").read_text(encoding="utf-8"))
    return {row["code"]: row for row in rows}


def elements(drawing: str, tag: str) -> list[Element]:
    return list(ElementTree.fromstring(drawing).iter(f"{{http://www.w3.org/2000/svg}}{tag}"))


def shapes_of(muscle: MuscleMap) -> list[Shape]:
    return [*muscle.shapes, *muscle.neighbours, *(shape for zone in muscle.zones for shape in zone.shapes)]


def muscle_drawing(code: str) -> str:
    return draw(atlas(), atlas().muscle_plate(code), title=code, description="A muscle and its map.")


# ---- the data


def test_every_muscle_of_the_register_has_its_map() -> None:
    assert sorted(atlas().muscles) == sorted(register("muscles")) == MUSCLES


@pytest.mark.parametrize("code", MUSCLES)
def test_a_muscle_has_a_shape_a_spot_and_referral_that_its_frames_show(code: str) -> None:
    muscle = atlas().muscles[code]
    frames = [atlas().frames[name] for name in muscle.frames]

    def shown(view: str, point: Point) -> bool:
        return any(frame.view == view and frame.shows(point) for frame in frames)

    assert any(zone.kind == "usual" for zone in muscle.zones)
    assert {zone.kind for zone in muscle.zones} <= set(KINDS)
    assert any(shown(shape.view, centre(shape.outline)) for shape in muscle.shapes)
    assert any(shown(spot.view, spot.at) for spot in muscle.spots)
    for zone in muscle.zones:
        assert any(shown(shape.view, centre(shape.outline)) for shape in zone.shapes), zone.label


@pytest.mark.parametrize("code", MUSCLES)
def test_what_belongs_to_a_muscle_lies_on_the_body_s_right_side_within_its_view(code: str) -> None:
    for shape in shapes_of(atlas().muscles[code]):
        view = atlas().views[shape.view]
        assert all(0 <= point.x <= view.width and 0 <= point.y <= view.height for point in shape.outline)
        middle, spine = centre(shape.outline), view.width / 2
        crossing = any("other side" in zone.label for zone in atlas().muscles[code].zones if shape in zone.shapes)
        if shape.view == "front":
            assert (middle.x > spine) == crossing
        elif shape.view == "back":
            assert middle.x > spine
        else:
            assert shape.view == "right"


@pytest.mark.parametrize("code", MUSCLES)
def test_a_spot_lies_in_its_muscle(code: str) -> None:
    muscle = atlas().muscles[code]
    for spot in muscle.spots:
        near = [Point(spot.at.x + dx, spot.at.y + dy) for dx in (-3, 0, 3) for dy in (-3, 0, 3)]
        mine = [shape for shape in muscle.shapes if shape.view == spot.view and shape.part in ("", spot.part)]
        assert any(holds(shape.outline, point) for shape in mine for point in near), spot.label


def test_sites_are_those_of_the_safety_notes_with_their_grades() -> None:
    notes = {code: row for code, row in register("safety_notes").items() if row["section"] == "endangerment"}
    sites = atlas().sites
    assert {code: site.grade for code, site in sites.items()} == {code: row["decision"] for code, row in notes.items()}
    assert {site.grade for site in sites.values()} == set(GRADES)
    assert [site.number for site in sites.values()] == list(range(1, len(notes) + 1))
    for site in sites.values():
        for shape in site.shapes:
            view = atlas().views[shape.view]
            assert all(0 <= point.x <= view.width and 0 <= point.y <= view.height for point in shape.outline)


def test_named_regions_stand_on_both_sides_as_closed_paths() -> None:
    assert set(atlas().views) == set(VIEWS)
    names = set()
    for view in atlas().views.values():
        sides = Counter((part.name, part.side) for part in view.regions)
        assert set(sides.values()) == {1}
        names |= {name for name, _ in sides}
        for part in view.regions:
            assert part.d.endswith("Z")
            if view.name in ("front", "back"):
                assert (part.name, "left") in sides
                assert (part.name, "right") in sides
            else:
                assert part.side == view.name
    assert names == set(atlas().regions)


def test_bones_and_regions_that_a_muscle_names_exist() -> None:
    for muscle in atlas().muscles.values():
        for name in muscle.bones:
            only, _, bone = name.rpartition("/")
            views = [atlas().views[only]] if only else list(atlas().views.values())
            assert any(bone in view.bones for view in views), name
        assert muscle.complaint_regions
        assert set(muscle.complaint_regions) <= set(atlas().regions)
        assert set(muscle.danger) <= set(atlas().sites)


def test_a_region_leads_to_the_muscles_for_which_a_person_may_point_at_it() -> None:
    assert {"MU-15", "MU-16", "MU-17"} <= set(atlas().muscles_for("low-back"))
    assert "MU-16" not in atlas().muscles_for("hand")
    assert atlas().muscles_for("no such place") == []


def test_a_place_on_the_map_answers_with_every_muscle_that_is_described_there() -> None:
    met = {code for code, _ in atlas().zones_at("back", 190 + 18, 352)}
    assert {"MU-16", "MU-20", "MU-23"} <= met
    assert {code for code, _ in atlas().zones_at("right", 161, 54)} >= {"MU-01", "MU-08"}
    assert atlas().zones_at("front", 1, 1) == []


# ---- the drawing


@pytest.mark.parametrize("code", PLATES)
def test_the_shipped_figure_is_the_drawing_of_the_data(code: str) -> None:
    assert (KNOWLEDGE / "figures" / f"{code}.svg").read_text(encoding="utf-8") == figures()[code]


@pytest.mark.parametrize("code", PLATES + MUSCLES)
def test_a_drawing_passes_the_allow_list_with_ids_of_its_own(code: str) -> None:
    drawing = figures()[code] if code in PLATES else muscle_drawing(code)
    clean_svg(drawing)
    ids = re.findall(r'\bid="([^"]+)"', drawing)
    assert len(set(ids)) == len(ids)
    assert all(name.startswith(code) for name in ids)
    assert set(re.findall(r'(?:href="|url\()#([\w.-]+)', drawing)) <= set(ids)


@pytest.mark.parametrize("code", PLATES + MUSCLES)
def test_words_stay_in_the_picture_and_apart(code: str) -> None:
    drawing = figures()[code] if code in PLATES else muscle_drawing(code)
    height = float(ElementTree.fromstring(drawing).get("viewBox").split()[3])
    boxes: list[tuple[float, float, float, str]] = []
    for element in elements(drawing, "text"):
        words, size = element.text or "", float(element.get("font-size", 0))
        x, y, width = float(element.get("x", 0)), float(element.get("y", 0)), len(words) * size * LETTER
        left = (
            x - width / 2
            if element.get("text-anchor") == "middle"
            else x - width * (element.get("text-anchor") == "end")
        )
        assert left >= -1, words
        assert left + width <= WIDTH + 4, words
        assert size <= y <= height, words
        if size >= 12:
            for other_left, other_right, other_y, other in boxes:
                clear = left + width < other_left + 1 or other_right < left + 1 or abs(other_y - y) > 9
                assert clear, (words, other)
            boxes.append((left, left + width, y, words))


def test_left_and_right_stand_on_the_person_s_sides() -> None:
    row = {(element.text, float(element.get("x", 0))) for element in elements(figures()["M-07"], "text")}
    signs = [word for word, _ in sorted(row, key=lambda item: item[1]) if word in ("L", "R")]
    assert signs == ["R", "L", "L", "R"]
    assert {"Right side", "Left side"} <= {word for word, _ in row}


@pytest.mark.parametrize("code", PLATES[1:])
def test_every_map_says_which_side_it_shows(code: str) -> None:
    words = {element.text for element in elements(figures()[code], "text")}
    assert "R" in words or "Right side" in words
    assert not words & {"Front", "Back"} or "R" in words


@pytest.mark.parametrize("code", MUSCLES)
def test_no_zone_rests_on_colour_alone(code: str) -> None:
    drawing = muscle_drawing(code)
    marks = elements(drawing, "path")
    tinted = [mark.get("d") for mark in marks if mark.get("class") == "fig-zone"]
    hatched = {mark.get("d"): mark for mark in marks if "-hatch)" in (mark.get("fill") or "")}
    assert tinted
    assert set(tinted) <= set(hatched)
    for outline, mark in hatched.items():
        assert (mark.get("stroke-dasharray") is None) == (outline in tinted)


def test_each_grade_of_site_has_a_pattern_and_a_badge_of_its_own() -> None:
    drawing = figures()["M-17"]
    for grade in GRADES:
        assert f"-{grade})" in drawing
    numbers = Counter(element.text for element in elements(drawing, "text") if (element.text or "").isdigit())
    assert set(numbers) == {str(site.number) for site in atlas().sites.values()}
    # On the map at least once, and once in the key.
    assert min(numbers.values()) >= 2


@pytest.mark.parametrize("code", PLATES[1:])
def test_the_table_of_a_figure_says_what_its_map_says(code: str) -> None:
    cells = {cell.lower() for line in register("figures")[code]["table"] for cell in line}  # type: ignore[attr-defined]
    for row in atlas().plates[code].rows:
        assert {atlas().sites[site].label.lower() for site in row.sites} <= cells
        if row.muscle:
            muscle = atlas().muscles[row.muscle]
            wanted = [zone.label for zone in muscle.zones if zone.part == row.part]
            wanted += [spot.label for spot in muscle.spots if spot.part == row.part]
            assert {words.lower() for words in wanted} <= cells


def test_a_prefix_keeps_two_drawings_of_one_plate_apart() -> None:
    plate = atlas().plates["M-10"]
    drawings = [draw(atlas(), plate, title="A", description="B", prefix=prefix) for prefix in ("one", "two")]
    ids = [set(re.findall(r'\bid="([^"]+)"', drawing)) for drawing in drawings]
    assert not ids[0] & ids[1]


def test_a_title_cannot_break_out_of_its_element() -> None:
    drawing = draw(atlas(), atlas().plates["M-10"], title="<script>&", description="</desc><script/>")
    clean_svg(drawing)
    assert elements(drawing, "title")[0].text == "<script>&"


# ---- the command


def test_drawing_again_mends_what_differs_and_then_changes_nothing(tmp_path: Path) -> None:
    shutil.copytree(KNOWLEDGE, tmp_path / "knowledge")
    file = tmp_path / "knowledge" / "figures" / "M-10.svg"
    whole = file.read_text(encoding="utf-8")
    file.write_text("<svg/>", encoding="utf-8")
    first, second = StringIO(), StringIO()
    call_command("draw_maps", str(tmp_path), stdout=first)
    call_command("draw_maps", str(tmp_path), stdout=second)
    assert file.read_text(encoding="utf-8") == whole
    assert "drawn: M-10" in first.getvalue()
    assert "11 maps, 0 changed" in second.getvalue()


@pytest.mark.parametrize("name", ["maps.yaml", "body.svg", "figures.yaml"])
def test_a_package_without_its_data_is_refused(tmp_path: Path, name: str) -> None:
    shutil.copytree(KNOWLEDGE, tmp_path / "knowledge")
    (tmp_path / "knowledge" / name).unlink()
    with pytest.raises(CommandError, match="do not fit"):
        call_command("draw_maps", str(tmp_path))


# ---- the geometry

PLACES = st.builds(Point, st.integers(0, 400).map(float), st.integers(0, 800).map(float), st.booleans())
OUTLINES = st.lists(PLACES, min_size=3, max_size=9, unique_by=lambda point: (point.x, point.y)).map(tuple)


@given(OUTLINES, st.booleans())
def test_a_path_passes_through_all_its_points(points: tuple[Point, ...], closed: bool) -> None:
    drawn = path(points, closed=closed)
    ends = [tuple(map(float, piece.split()[-2:])) for piece in re.findall(r"[MLC]([-\d. ]+)", drawn)]
    wanted = [(point.x, point.y) for point in points]
    assert ends == (wanted + wanted[:1] if closed else wanted)
    assert drawn.endswith("Z") == closed


@given(OUTLINES)
def test_an_outline_mirrored_twice_is_itself(points: tuple[Point, ...]) -> None:
    assert mirrored(mirrored(points, 380), 380) == points


@given(st.integers(10, 90), st.integers(10, 90), st.integers(2, 9), st.integers(2, 9))
def test_a_box_holds_its_centre_and_nothing_beyond(x: int, y: int, width: int, height: int) -> None:
    corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    box = tuple(Point(float(a), float(b)) for a, b in corners)
    middle = centre(box)
    assert (round(middle.x, 6), round(middle.y, 6)) == (x + width / 2, y + height / 2)
    assert holds(box, middle)
    assert not holds(box, Point(x + width + 1.0, middle.y))


def test_fibres_run_from_the_one_line_to_the_other() -> None:
    start, end = read_points("0,0 10,0"), read_points("0,20 4,20")
    assert strands(start, end, 3) == [
        (Point(0, 0), Point(0, 20)), (Point(5, 0), Point(2, 20)), (Point(10, 0), Point(4, 20)),
    ]  # fmt: skip
    assert all(line[1] == Point(3, 9) for line in strands(start, end, 4, read_points("3,9")))


@pytest.mark.parametrize("text", ["1,2,3", "1;2", "a,b", "1,2!!"])
def test_what_is_not_a_point_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="is not a point"):
        read_points(f"0,0 {text}")


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(10, 60)), max_size=8))
def test_labels_keep_their_order_and_never_overlap(labels: list[tuple[int, int]]) -> None:
    labels.sort()
    heights = [float(height) for _, height in labels]
    tops = spread([float(middle) for middle, _ in labels], heights, 0.0)
    for place in range(1, len(tops)):
        assert tops[place] >= tops[place - 1] + heights[place - 1]


@given(st.text(alphabet="abc ", max_size=80), st.integers(60, 300))
def test_wrapping_loses_no_word(words: str, width: int) -> None:
    assert " ".join(wrapped(words, width)).split() == words.split()
