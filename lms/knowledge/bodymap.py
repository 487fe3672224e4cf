"""Body maps: where a muscle lies, where its pain is commonly described, and where not to press.

The data are two files of a curriculum package: `knowledge/body.svg` (the body: four views, their bones and named
regions) and `knowledge/maps.yaml` (muscles, zones and sites in the coordinates of those views, and the plates drawn
from them). This module reads them and answers questions; `bodymap_drawing.draw` makes the picture. No Django here.

    atlas = load_atlas(folder / "knowledge")
    draw(atlas, atlas.plates["M-08"], title="…", description="…")  # a figure of the package
    draw(atlas, atlas.muscle_plate("MU-03"), title="…", description="…")  # one muscle, for its own page
    atlas.muscles_for("low-back")  # "where does it hurt?"
    atlas.zones_at("back", 208, 352)  # what a tap on the map meets
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from defusedxml import ElementTree as SafeTree

from .bodymap_shapes import Outline, Point, holds, mirrored, read_points

VIEWS = ("front", "back", "right", "left")
GRADES = ("avoid", "light", "trained")
KINDS = ("usual", "sometimes")
_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Part:
    """A path of the body: its name (`relief`, `arm`, a bone, a region), its drawing and the side of the person."""

    name: str
    d: str
    side: str = ""


@dataclass(frozen=True)
class View:
    """One view of the body, `width` by `height` units, from body.svg."""

    name: str
    width: float
    height: float
    silhouette: tuple[Part, ...]
    edges: tuple[Part, ...]
    lines: tuple[Part, ...]
    bones: dict[str, Part]
    regions: tuple[Part, ...]


@dataclass(frozen=True)
class Frame:
    """A cut-out of a view: what a panel shows, its heading, and what stands in the way there (`hide`).

    `alone` has a row of a muscle's plate to itself; `names` is close enough to name the parts of a muscle.
    """

    code: str
    view: str
    x: float
    y: float
    width: float
    height: float
    heading: str
    hide: tuple[str, ...] = ()
    names: bool = False
    alone: bool = False

    def shows(self, point: Point) -> bool:
        """Whether the point lies in the cut-out."""
        return self.x <= point.x <= self.x + self.width and self.y <= point.y <= self.y + self.height


@dataclass(frozen=True)
class Shape:
    """A closed outline in a view; `badge` is where its letter stands (without one: in its middle)."""

    view: str
    outline: Outline
    part: str = ""
    badge: Point | None = None
    fibres: tuple[Outline, ...] = ()
    deep: bool = False
    badged: bool = True
    label: str = ""


@dataclass(frozen=True)
class Spot:
    """Where a tender spot is commonly described."""

    view: str
    at: Point
    label: str
    part: str = ""


@dataclass(frozen=True)
class Zone:
    """Where pain from a muscle is commonly described: `usual`, or described `sometimes`."""

    label: str
    kind: str
    shapes: tuple[Shape, ...]
    part: str = ""


@dataclass(frozen=True)
class Line:
    """A nerve on its way, drawn as amber dashes."""

    view: str
    points: Outline
    label: str


@dataclass(frozen=True)
class MuscleMap:
    """What the maps know of a muscle. All of it lies on the right side of the person."""

    code: str
    name: str
    lies: str  # the region of the muscle itself
    frames: tuple[str, ...]
    shapes: tuple[Shape, ...]
    spots: tuple[Spot, ...]
    zones: tuple[Zone, ...]
    neighbours: tuple[Shape, ...] = ()
    nerves: tuple[Line, ...] = ()
    bones: tuple[str, ...] = ()  # names of bones; `back/scapula` only in that view
    complaint_regions: tuple[str, ...] = ()
    danger: tuple[str, ...] = ()


@dataclass(frozen=True)
class Site:
    """An endangerment site: its safety note, its number on the map, and how to meet it (avoid, light, trained)."""

    code: str
    number: int
    grade: str
    label: str
    rule: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Row:
    """One line of a plate: a muscle (or a part of it), sites, or the bare body, in one or two frames."""

    frames: tuple[str, ...]
    heading: str = ""
    muscle: str = ""
    part: str = ""
    sites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plate:
    """What a drawing shows, row by row."""

    code: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Atlas:
    """All that the two files say."""

    views: dict[str, View]
    regions: dict[str, str]
    frames: dict[str, Frame]
    muscles: dict[str, MuscleMap]
    sites: dict[str, Site]
    plates: dict[str, Plate] = field(default_factory=dict)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of the body: titles with their regions
    claim: str = ""  # the claim that says how well such maps stand
    screening: str = ""  # the lesson to have read before one uses them

    def muscle_plate(self, code: str) -> Plate:
        """A plate of one muscle: its frames, two in a row unless they stand alone; its parts (two heads) apart."""
        muscle = self.muscles[code]
        rows: list[Row] = []
        for part in dict.fromkeys(zone.part for zone in muscle.zones):
            heading = f"{muscle.name}: {part}" if part else muscle.name
            pairs: list[list[str]] = []
            for name in muscle.frames:
                if pairs and len(pairs[-1]) == 1 and not (self.frames[name].alone or self.frames[pairs[-1][0]].alone):
                    pairs[-1].append(name)
                else:
                    pairs.append([name])
            for pair in pairs:
                rows.append(Row(frames=tuple(pair), heading=heading, muscle=code, part=part))
                heading = ""
        return Plate(code, tuple(rows))

    def part_of(self, region: str) -> str:
        """Title of the part of the body to which a region belongs; empty for none."""
        return next((title for title, regions in self.parts.items() if region in regions), "")

    def muscles_for(self, region: str) -> list[str]:
        """Codes of the muscles for which a person may point at this region."""
        return [code for code, muscle in self.muscles.items() if region in muscle.complaint_regions]

    def zones_at(self, view: str, x: float, y: float) -> list[tuple[str, Zone]]:
        """The muscles, each with its zone, whose commonly described referral covers a place of a view."""
        spot = Point(x, y)
        return [
            (code, zone)
            for code, muscle in self.muscles.items()
            for zone in muscle.zones
            if any(shape.view == view and holds(shape.outline, spot) for shape in zone.shapes)
        ]


def load_atlas(knowledge: Path) -> Atlas:
    """The atlas of a package's knowledge folder. Raises `ValueError` or `KeyError` where the data do not fit."""
    data: dict[str, Any] = yaml.safe_load((knowledge / "maps.yaml").read_text(encoding="utf-8"))
    return read_atlas((knowledge / "body.svg").read_text(encoding="utf-8"), data)


def read_atlas(body: str, data: dict[str, Any]) -> Atlas:
    """The atlas from the text of body.svg and the content of maps.yaml. Raises as `load_atlas` does."""
    views = read_body(body)
    frames = {code: _frame(code, row) for code, row in data["frames"].items()}
    muscles = {row["code"]: _muscle(row) for row in data["muscles"]}
    sites = {row["code"]: _site(row, views) for row in data.get("sites", ())}
    plates = {row["code"]: _plate(row) for row in data.get("plates", ())}
    parts = {title: tuple(codes) for title, codes in data["parts"].items()}
    said = {name: data.get(name, "") for name in ("claim", "screening")}
    return Atlas(views, dict(data["regions"]), frames, muscles, sites, plates, parts, **said)


def read_body(text: str) -> dict[str, View]:
    """The views of a body.svg by name. Raises `KeyError` for a layer that is missing."""
    root = SafeTree.fromstring(text)
    views = {}
    for group in root.iter(f"{_SVG}g"):
        name = group.get("data-view")
        if not name:
            continue
        layers: dict[str, list[Part]] = {}
        for layer in group.iter(f"{_SVG}g"):
            layers[layer.get("data-layer", "")] = [
                Part(
                    path.get("data-part") or path.get("data-bone") or path.get("data-region", ""),
                    path.get("d", ""),
                    path.get("data-side", ""),
                )
                for path in layer.findall(f"{_SVG}path")
            ]
        width, height = (float(size) for size in group.get("data-size", "").split())
        views[name] = View(
            name,
            width,
            height,
            tuple(layers["silhouette"]),
            tuple(layers.get("edge", ())),
            tuple(layers["lines"]),
            {bone.name: bone for bone in layers.get("bones", ())},
            tuple(layers["regions"]),
        )
    return views


def _frame(code: str, row: dict[str, Any]) -> Frame:
    x, y, width, height = row["box"]
    names = row.get("names", False)
    return Frame(
        code=code,
        view=row["view"],
        x=x,
        y=y,
        width=width,
        height=height,
        heading=row["heading"],
        hide=tuple(row.get("hide", ())),
        names=names,
        alone=names or row.get("alone", False),
    )


def _spot(text: str | None) -> Point | None:
    return read_points(text)[0] if text else None


def _shape(row: dict[str, Any]) -> Shape:
    fibres = row.get("fibres")
    return Shape(
        view=row["view"],
        outline=read_points(row["outline"]),
        part=row.get("part", ""),
        badge=_spot(row.get("badge")),
        badged=row.get("badged", True),
        fibres=tuple(read_points(fibres[key]) for key in ("from", "via", "to") if key in fibres) if fibres else (),
        deep=row.get("deep", False),
        label=row.get("label", ""),
    )


def _shapes(rows: list[dict[str, Any]] | None) -> tuple[Shape, ...]:
    return tuple(_shape(row) for row in rows or ())


def _muscle(row: dict[str, Any]) -> MuscleMap:
    return MuscleMap(
        code=row["code"],
        name=row["name"],
        lies=row["lies"],
        frames=tuple(row["frames"]),
        shapes=_shapes(row["muscle"]),
        spots=tuple(
            Spot(spot["view"], read_points(spot["at"])[0], spot["label"], spot.get("part", ""))
            for spot in row.get("points", ())
        ),
        zones=tuple(
            Zone(zone["label"], zone["kind"], _shapes(zone["shapes"]), zone.get("part", "")) for zone in row["referral"]
        ),
        neighbours=_shapes(row.get("neighbours")),
        nerves=tuple(
            Line(nerve["view"], read_points(nerve["line"]), nerve["label"]) for nerve in row.get("nerves", ())
        ),
        bones=tuple(row.get("bones", ())),
        complaint_regions=tuple(row["complaint_regions"]),
        danger=tuple(row.get("danger", ())),
    )


def _site(row: dict[str, Any], views: dict[str, View]) -> Site:
    shapes = []
    for shape in row["shapes"]:
        shapes.append(_shape(shape))
        if shape.get("both_sides", False):
            other = mirrored(read_points(shape["outline"]), views[shape["view"]].width)
            shapes.append(Shape(shape["view"], other, badged=False))
    return Site(row["code"], row["number"], row["grade"], row["label"], row["rule"], tuple(shapes))


def _plate(row: dict[str, Any]) -> Plate:
    rows = tuple(
        Row(
            frames=tuple(line["frames"]),
            heading=line.get("heading", ""),
            muscle=line.get("muscle", ""),
            part=line.get("part", ""),
            sites=tuple(line.get("sites", ())),
        )
        for line in row["rows"]
    )
    return Plate(row["code"], rows)
