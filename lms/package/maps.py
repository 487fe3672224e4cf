"""The body maps of a package: two files that say what muscles, regions and sites look like on a body.

`knowledge/maps.yaml` has a list of muscles, whose maps belong to the muscles of `muscles.yaml`; its other parts and
`knowledge/body.svg` together are one entry, the body map. In the file regions, parts and frames are mappings by name;
in the database they are lists, because not every database keeps the order of a mapping.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from defusedxml.common import DefusedXmlException
from pydantic import ValidationError

from lms.knowledge.bodymap import View, read_body

from . import map_schema, schema
from .entries import Package, name_of, note, parse, validate
from .faults import Fault
from .located_yaml import Located

DRAWING, MAPS = "body.svg", "maps.yaml"
Place = tuple[Any, ...]
#: Parts of the file that are mappings, with the name that their keys and, if it is no mapping, their value get.
_NAMED: dict[str, tuple[str, str]] = {
    "regions": ("code", "title"),
    "parts": ("title", "regions"),
    "frames": ("code", ""),
}


def body_of(data: Mapping[str, Any], drawing: str) -> dict[str, Any]:
    """The body map as its entry says it: all of the file but the muscles, and the drawing."""
    said = {name: value for name, value in data.items() if name != "muscles"}
    for name, (key, inner) in _NAMED.items():
        if isinstance(said.get(name), dict):
            said[name] = [
                {key: code, **({inner: value} if inner else value if isinstance(value, dict) else {"box": value})}
                for code, value in said[name].items()
            ]
    return {**said, "drawing": drawing}


def place_in_file(data: Mapping[str, Any], path: Place) -> Place:
    """Where a part of the body map's entry stands in the file."""
    if len(path) > 1 and path[0] in _NAMED and isinstance(data.get(path[0]), dict):
        return (path[0], list(data[path[0]])[path[1]], *path[2:])
    return path


def written(body: Mapping[str, Any], muscles: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The file again, from the body map and the maps of the muscles by code. The reverse of `body_of`."""
    data = in_order(map_schema.BodyMapEntry, body)
    del data["drawing"]
    for name, (key, inner) in _NAMED.items():
        rows = data.get(name, [])
        data[name] = {
            row[key]: row[inner] if inner else {part: value for part, value in row.items() if part != key}
            for row in rows
        }
    rows = [{"code": code, **in_order(map_schema.MuscleMapPart, row)} for code, row in muscles.items()]
    order = ("claim", "screening", "regions", "parts", "frames")
    head = {name: data.pop(name) for name in order if name in data}
    return {**head, "muscles": rows, **data}


def in_order(part: type[map_schema.Part], said: Mapping[str, Any]) -> dict[str, Any]:
    """What the database holds, in the order of the schema."""
    return part.model_validate(said).model_dump(mode="json")


def views_of(drawing: str) -> dict[str, View]:
    """The views of the body. Raises `ValueError` that says what is wrong with the drawing."""
    try:
        return read_body(drawing)
    except KeyError as error:
        raise ValueError(f"a view lacks the layer {error}") from error
    except (DefusedXmlException, SyntaxError, ValueError) as error:
        raise ValueError(f"not readable as a body: {error}") from error


def problems(
    body: map_schema.BodyMapEntry,
    muscles: Mapping[str, schema.MuscleEntry],
    known: Mapping[str, Collection[str]],
    views: Mapping[str, View],
) -> Iterator[tuple[str, Place, str]]:
    """What refers to nothing: the code of the muscle (or nothing), the place within its entry, and a sentence.

    `known` has the codes of claims, safety notes and figures.
    """
    regions = {region.code for region in body.regions}
    frames = {frame.code for frame in body.frames}
    sites = {site.code for site in body.sites}
    drawn = {part.name for view in views.values() for part in view.regions}
    mapped = {code for code, muscle in muscles.items() if muscle.map}

    def missing(kind: str, names: Collection[str], there: Collection[str], *path: Any) -> Iterator[tuple[Place, str]]:
        for place, name in enumerate(names):
            if name not in there:
                yield (*path, place), f"there is no {kind} {name}"

    def of_body() -> Iterator[tuple[Place, str]]:
        if body.claim and body.claim not in known["claim"]:
            yield ("claim",), f"there is no claim {body.claim}"
        for place, region in enumerate(body.regions):
            if region.code not in drawn:
                yield ("regions", place), f"{DRAWING} has no region {region.code}"
        for name in sorted(drawn - regions):
            yield ("regions",), f"the region {name} of {DRAWING} needs a name"
        listed = [name for part in body.parts for name in part.regions]
        for place, part in enumerate(body.parts):
            yield from missing("region", part.regions, regions, "parts", place)
        for name in sorted(regions):
            if listed.count(name) != 1:
                yield ("parts",), f"the region {name} belongs to one part, not to {listed.count(name)}"
        for place, frame in enumerate(body.frames):
            yield from missing("view", [frame.view], views, "frames", place)
        for place, site in enumerate(body.sites):
            yield from missing("safety note", [site.code], known["safety_note"], "sites", place)
            yield from missing("view", [shape.view for shape in site.shapes], views, "sites", place, "shapes")
        for place, plate in enumerate(body.plates):
            yield from missing("figure", [plate.code], known["figure"], "plates", place)
            for row, line in enumerate(plate.rows):
                at = ("plates", place, "rows", row)
                yield from missing("frame", line.frames, frames, *at, "frames")
                yield from missing("site", line.sites, sites, *at, "sites")
                yield from missing("map of the muscle", [line.muscle] if line.muscle else [], mapped, *at)

    def of_muscle(row: map_schema.MuscleMapPart) -> Iterator[tuple[Place, str]]:
        yield from missing("frame", row.frames, frames, "frames")
        yield from missing("region", [row.lies], regions, "lies")
        yield from missing("region", row.complaint_regions, regions, "complaint_regions")
        yield from missing("site", row.danger, sites, "danger")
        for place, name in enumerate(row.bones):
            only, _, bone = name.rpartition("/")
            if not any(bone in view.bones for view in views.values() if only in ("", view.name)):
                yield ("bones", place), f"{DRAWING} has no bone {name}"
        shapes = [*row.muscle, *row.neighbours, *(shape for zone in row.referral for shape in zone.shapes)]
        seen = {shape.view for shape in shapes} | {line.view for line in row.nerves} | {at.view for at in row.points}
        yield from missing("view", sorted(seen), views)

    for place, reason in of_body():
        yield "", place, reason
    for code in sorted(mapped):
        row = muscles[code].map
        if row:
            for place, reason in of_muscle(row):
                yield code, place, reason


def read_maps(package: Package) -> None:
    """Read the body map, and give each muscle its map."""
    file, drawing = (package.root / "knowledge" / name for name in (MAPS, DRAWING))
    if not file.is_file() and not drawing.is_file():
        return
    for lost in (path for path in (file, drawing) if not path.is_file()):
        package.faults.append(Fault(name_of(package, lost), 1, "maps need both files, and this one is missing"))
        return
    located = parse(package, file)
    if located is None:
        return
    name, data = name_of(package, file), located.data
    if not isinstance(data, dict) or not isinstance(data.get("muscles", []), list):
        package.faults.append(Fault(name, 1, "this file needs named parts, and a list of muscles"))
        return
    places: dict[str, int] = {}
    for place, row in enumerate(data.get("muscles", [])):
        code = str(row.get("code", "")) if isinstance(row, dict) else ""
        muscle = package.of("muscle").get(code)
        if muscle is None or code in places:
            reason = f"the map of {code} is there already" if code in places else f"there is no muscle {code}"
            package.faults.append(Fault(name, located.line(("muscles", place)), reason))
            continue
        places[code] = place
        try:
            said = {key: value for key, value in row.items() if key != "code"}
            muscle.map = map_schema.MuscleMapPart.model_validate(said)
        except ValidationError as error:
            note(package, "muscle", error, name, partial(_line_of, located, place))
    try:
        views = views_of(drawing.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        package.faults.append(Fault(name_of(package, drawing), 1, str(error)))
        return
    body = body_of(data, drawing.read_text(encoding="utf-8"))

    def line_of(path: tuple[Any, ...]) -> int:
        return located.line(place_in_file(data, path))

    validate(package, "body_map", map_schema.BodyMapEntry, body, name, line_of)
    known = {kind: set(package.entries.get(kind, {})) for kind in ("claim", "safety_note", "figure")}
    for entry in package.of("body_map").values():
        for code, path, reason in problems(entry, package.of("muscle"), known, views):
            line = _line_of(located, places[code], path) if code else line_of(path)
            package.faults.append(Fault(name, line, reason))


def _line_of(located: Located, muscle: int, path: Place) -> int:
    return located.line(("muscles", muscle, *path))
