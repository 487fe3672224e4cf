"""Draw a plate of the body maps as an SVG that passes the allow-list of figures.

The picture is 360 units wide, so that its words are readable on a phone. A row with one frame carries its labels
beside the drawing; a row with two carries letters, and the words stand below.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path

import yaml

from . import bodymap_ink as ink
from . import bodymap_layers as layers
from .bodymap import Atlas, Frame, MuscleMap, Plate, Row, Shape, View, Zone, load_atlas
from .bodymap_shapes import Point, centre, holds, path
from .bodymap_shapes import number as n

WIDTH = 360
EDGE = 6
BESIDE_WIDTH, BESIDE_HEIGHT = 208, 300
PAIR_WIDTH, PAIR_HEIGHT = 171, 350


@dataclass(frozen=True)
class Panel:
    """A frame set into the picture."""

    name: str
    frame: Frame
    view: View
    left: float
    top: float
    scale: float

    def place(self, point: Point) -> tuple[float, float]:
        """Where a point of the view stands in the picture."""
        return (
            self.left + (point.x - self.frame.x) * self.scale,
            self.top + (point.y - self.frame.y) * self.scale,
        )

    @property
    def width(self) -> float:
        return self.frame.width * self.scale

    @property
    def height(self) -> float:
        return self.frame.height * self.scale


class Drawing:
    """The picture as it grows: definitions, marks, and what the legend has to explain."""

    def __init__(self, atlas: Atlas, prefix: str) -> None:
        self.atlas, self.prefix = atlas, prefix
        self.defs: list[str] = []
        self.marks: list[str] = []
        self.used: dict[str, None] = {}
        self.views: set[str] = set()
        self.y = 8.0
        self.panels = 0

    def row(self, row: Row) -> None:
        """Draw one row and move on below it."""
        if row.heading:
            self.marks.append(ink.text(EDGE, self.y + 12, row.heading, size=13.5, weight=600))
            self.y += 21
        muscle = self.atlas.muscles.get(row.muscle)
        zones = [zone for zone in muscle.zones if zone.part == row.part] if muscle else []
        signs = {id(zone): chr(97 + place) for place, zone in enumerate(zones)}
        frames = [self.atlas.frames[code] for code in row.frames]
        beside = len(frames) == 1 and bool(muscle)
        room = (BESIDE_WIDTH, BESIDE_HEIGHT) if beside else (PAIR_WIDTH, PAIR_HEIGHT)
        if len(frames) == 1 and not muscle:
            room = (WIDTH - 2 * EDGE, PAIR_HEIGHT)
        scale = min(*(room[0] / frame.width for frame in frames), *(room[1] / frame.height for frame in frames))
        bottom = self.y
        for place, frame in enumerate(frames):
            cell = WIDTH / len(frames) if not beside else BESIDE_WIDTH + 2 * EDGE
            left = place * cell + (cell - frame.width * scale) / 2
            if beside and frame.view == "front":
                left += WIDTH - cell
            panel = self._panel(frame, left, self.y + 18, scale)
            self._body(panel, muscle, row)
            if muscle:
                self._zones(panel, zones)
                if beside:
                    bottom = self._labels_beside(panel, muscle, zones, row.part)
                else:
                    for zone in zones:
                        self._letter(panel, zone, signs[id(zone)])
                self._spots(panel, muscle, row.part)
            self._sites(panel, row)
            bottom = max(bottom, panel.top + panel.height)
        self.y = bottom + 10
        if muscle and not beside:
            self._key(muscle, zones, signs, row)

    # -- the body ---------------------------------------------------------------------------------------------------

    def _panel(self, frame: Frame, left: float, top: float, scale: float) -> Panel:
        panel = Panel(f"{self.prefix}-{self.panels}", frame, self.atlas.views[frame.view], left, top, scale)
        self.panels += 1
        self._define(panel.view)
        hidden = frame.hide
        skin = "".join(
            f'<use href="#{self.prefix}-{panel.view.name}-skin-{place}"/>'
            for place, part in enumerate(panel.view.silhouette)
            if part.name not in hidden
        )
        self.defs += [
            ink.patterns(panel.name, scale),
            f'<clipPath id="{panel.name}-skin">{skin}</clipPath>',
            f'<clipPath id="{panel.name}-crop"><rect x="{n(left)}" y="{n(top)}" width="{n(panel.width)}" '
            f'height="{n(panel.height)}"/></clipPath>',
        ]
        self._headings(panel)
        return panel

    def _define(self, view: View) -> None:
        """Each path of a view stands once in the picture, however many panels show it."""
        if view.name in self.views:
            return
        self.views.add(view.name)
        name = f"{self.prefix}-{view.name}"
        self.defs += [f'<path id="{name}-skin-{place}" d="{part.d}"/>' for place, part in enumerate(view.silhouette)]

    def _relief(self, view: View, hidden: tuple[str, ...]) -> str:
        """The id of the surface lines of a view, with or without its arm."""
        name = f"{self.prefix}-{view.name}-relief{'-'.join(('', *hidden))}"
        if name not in self.views:
            self.views.add(name)
            left_out = hidden or ("behind-arm",)
            lines = "".join(f'<path d="{line.d}"/>' for line in view.lines if line.name not in left_out)
            self.defs.append(f'<g id="{name}">{lines}</g>')
        return name

    def _headings(self, panel: Panel) -> None:
        """The name of the view, and L and R on the paper's sides; a side view names its side in its heading."""
        frame, y = panel.frame, panel.top - 6
        middle = panel.left + panel.width / 2
        self.marks.append(ink.text(middle, y, frame.heading, size=12, soft=True, anchor="middle"))
        signs = {"front": "RL", "back": "LR"}.get(panel.view.name)
        if not signs:
            return
        spine = panel.view.width / 2
        if frame.x < spine - 25:
            self.marks.append(ink.text(panel.left + 2, y, signs[0], size=14, weight=700))
        if frame.x + frame.width > spine + 25:
            right = panel.left + panel.width - 2
            self.marks.append(ink.text(right, y, signs[1], size=14, weight=700, anchor="end"))

    def _body(self, panel: Panel, muscle: MuscleMap | None, row: Row) -> None:
        view, scale, hidden = panel.view, panel.scale, panel.frame.hide
        outline = f'class="fig-surface fig-ink-stroke" fill="{ink.SURFACE}" stroke="{ink.INK}"'
        parts = []
        for place, part in enumerate(view.silhouette):
            if part.name in hidden:
                continue
            style = f'class="fig-surface" fill="{ink.SURFACE}"' if part.name == "arm" else outline
            parts.append(f'<use href="#{self.prefix}-{view.name}-skin-{place}" {style}/>')
        edges = "".join(f'<path d="{edge.d}"/>' for edge in view.edges if edge.name not in hidden)
        if edges:
            parts.append(f'<g fill="none" class="fig-ink-stroke" stroke="{ink.INK}">{edges}</g>')
        parts.append(
            f'<use href="#{self._relief(view, hidden)}" fill="none" class="fig-soft-stroke" stroke="{ink.SOFT}" '
            f'stroke-width="{0.7 / scale:.2f}" opacity="0.75"/>'
        )
        if muscle:
            parts += self._muscle(panel, muscle, row.part)
        weight = min(1.4, 0.85 + 0.6 * scale)
        self._add(panel, parts, f'stroke-width="{weight / scale:.2f}"')

    def _add(self, panel: Panel, parts: list[str], more: str = "") -> None:
        shift = f"translate({n(panel.left)} {n(panel.top)}) scale({panel.scale:.4f}) "
        shift += f"translate({n(-panel.frame.x)} {n(-panel.frame.y)})"
        self.marks.append(
            f'<g clip-path="url(#{panel.name}-crop)"><g transform="{shift}" stroke-linecap="round" '
            f'stroke-linejoin="round" {more}>{"".join(parts)}</g></g>'
        )

    def _muscle(self, panel: Panel, muscle: MuscleMap, part: str) -> list[str]:
        scale, view, parts = panel.scale, panel.view, []
        for name in muscle.bones:
            only, _, bone = name.rpartition("/")
            if only in ("", view.name) and bone in view.bones:
                self.used["bone"] = None
                parts.append(layers.bone(view.bones[bone], scale))
        for shape in muscle.neighbours:
            if shape.view == view.name:
                self.used["neighbour"] = None
                parts.append(layers.flesh(shape, scale, pale=True))
        # The part in question lies on top of the muscle's other parts.
        shapes = sorted(muscle.shapes, key=lambda shape: bool(part) and shape.part == part)
        for place, shape in enumerate(shapes):
            if shape.view != view.name:
                continue
            mine = not part or shape.part in ("", part)
            self.used["deep" if shape.deep else "muscle"] = None
            parts.append(layers.flesh(shape, scale, pale=not mine))
            if mine and shape.fibres:
                clip = f"{panel.name}-flesh-{place}"
                self.defs.append(f'<clipPath id="{clip}"><path d="{path(shape.outline)}"/></clipPath>')
                parts.append(layers.fibres(shape, scale, clip))
        for line in muscle.nerves:
            if line.view == view.name:
                self.used["nerve"] = None
                parts.append(layers.nerve(line, scale))
        return parts

    # -- what is laid over it ---------------------------------------------------------------------------------------

    def _zones(self, panel: Panel, zones: list[Zone]) -> None:
        parts = []
        for zone in zones:
            for shape in zone.shapes:
                if shape.view == panel.frame.view:
                    self.used[zone.kind] = None
                    parts.append(layers.zone(shape, zone.kind, panel.scale, panel.name))
        self._inside(panel, parts)

    def _inside(self, panel: Panel, parts: list[str]) -> None:
        """Marks that end at the edge of the body."""
        if parts:
            self._add(panel, [f'<g clip-path="url(#{panel.name}-skin)">{"".join(parts)}</g>'])

    def _spots(self, panel: Panel, muscle: MuscleMap, part: str) -> None:
        for spot in muscle.spots:
            if spot.view == panel.frame.view and spot.part == part and panel.frame.shows(spot.at):
                self.used["spot"] = None
                self.marks.append(ink.cross(*panel.place(spot.at)))

    def _letter(self, panel: Panel, zone: Zone, sign: str) -> None:
        self._badges(panel, zone.shapes, partial(ink.letter, sign))

    def _badges(self, panel: Panel, shapes: tuple[Shape, ...], badge: Callable[[float, float], str]) -> None:
        for shape in shapes:
            if shape.view != panel.frame.view or not shape.badged:
                continue
            middle = centre(shape.outline)
            if not panel.frame.shows(middle):
                continue
            at = shape.badge or middle
            if not holds(shape.outline, at):
                self.marks.append(ink.leader(*panel.place(at), *panel.place(middle)))
            self.marks.append(badge(*panel.place(at)))

    def _sites(self, panel: Panel, row: Row) -> None:
        sites = [self.atlas.sites[code] for code in row.sites]
        self._inside(
            panel,
            [
                layers.site(shape, site.grade, panel.scale, panel.name)
                for site in sites
                for shape in site.shapes
                if shape.view == panel.frame.view
            ],
        )
        for site in sites:
            self._badges(panel, site.shapes, partial(ink.site_badge, site.number, site.grade))

    # -- words ------------------------------------------------------------------------------------------------------

    def _labels_beside(self, panel: Panel, muscle: MuscleMap, zones: list[Zone], part: str) -> float:
        """Words at the right with a line to what they name; returns where the last of them ends."""
        frame, view = panel.frame, panel.frame.view
        spots = [spot for spot in muscle.spots if spot.view == view and spot.part == part and frame.shows(spot.at)]
        crosses = {panel.place(spot.at) for spot in spots}
        named = muscle.neighbours
        wanted: list[tuple[Point, str]] = []
        if frame.names:
            named += muscle.shapes
        else:
            wanted += [(spot.at, f"spot: {spot.label}") for spot in spots]
            wanted += [(line.points[len(line.points) // 2], line.label) for line in muscle.nerves if line.view == view]
            for zone in zones:
                shapes = [shape for shape in zone.shapes if shape.view == view]
                if shapes and frame.shows(_anchor(shapes[0])):
                    wanted.append((_anchor(shapes[0]), _words(zone)))
        wanted += [(_anchor(shape), shape.label) for shape in named if shape.view == view and shape.label]
        labels = sorted(((panel.place(at), words) for at, words in wanted), key=lambda label: label[0][1])
        # The right side of the person is at the left of a front view, and so are the words.
        front, room = view == "front", WIDTH - BESIDE_WIDTH - 3 * EDGE
        left = EDGE if front else WIDTH - room
        edge = EDGE + room if front else left - 4.0
        lines = [ink.wrapped(words, room) for _, words in labels]
        heights = [len(text) * ink.LINE_HEIGHT + 7 for text in lines]
        tops = ink.spread([at[1] for at, _ in labels], heights, panel.top)
        for (at, _), text, y in zip(labels, lines, tops, strict=True):
            start = (
                min(edge, EDGE + 4 + max(len(line) for line in text) * ink.TEXT_SIZE * ink.LETTER) if front else edge
            )
            self.marks += ink.named(
                ink.leader(start, y + len(text) * ink.LINE_HEIGHT / 2, *at, dot=at not in crosses),
                *(ink.text(left, y + 12 + place * ink.LINE_HEIGHT, line) for place, line in enumerate(text)),
            )
        return max((y + len(text) * ink.LINE_HEIGHT for text, y in zip(lines, tops, strict=True)), default=0.0)

    def _key(self, muscle: MuscleMap, zones: list[Zone], signs: dict[int, str], row: Row) -> None:
        views = {self.atlas.frames[code].view for code in row.frames}
        spots = dict.fromkeys(spot.label for spot in muscle.spots if spot.part == row.part and spot.view in views)
        for words in spots:
            self._entry(ink.cross, words, is_name=True)
        for zone in zones:
            if views & {shape.view for shape in zone.shapes}:
                self._entry(partial(ink.letter, signs[id(zone)]), _words(zone), is_name=True)
        for nerve in muscle.nerves:
            if nerve.view in views:
                self._entry(ink.nerve_sample, nerve.label, is_name=True)
        self.y += 8

    def _entry(
        self, mark: Callable[[float, float], str], words: str, *, left: float = EDGE, is_name: bool = False
    ) -> None:
        lines = ink.wrapped(words, WIDTH - left - 32)
        self.marks.append(mark(left + 9, self.y + 8))
        written = [ink.text(left + 24, self.y + 12 + at * ink.LINE_HEIGHT, line) for at, line in enumerate(lines)]
        self.marks += ink.named(*written) if is_name else written
        self.y += max(len(lines) * ink.LINE_HEIGHT + 3, 21)

    def sites_key(self, codes: list[str]) -> None:
        """Number, place and rule of every site."""
        for code in codes:
            site = self.atlas.sites[code]
            if site.grade == "trained":
                self.y += 4  # room for the shackle above the badge
            self._entry(
                partial(ink.site_badge, site.number, site.grade),
                f"{site.label}: {site.rule}",
            )
        self.y += 6

    def legend(self) -> None:
        """What the marks mean, as far as they occur."""
        if self.used:
            self.defs.append(ink.patterns(f"{self.prefix}-legend", 1))
            marks, height = ink.legend(set(self.used), f"{self.prefix}-legend", self.y, WIDTH, EDGE)
            self.marks += marks
            self.y += height


def draw(atlas: Atlas, plate: Plate, *, title: str, description: str, prefix: str = "") -> str:
    """The plate as an SVG. `prefix` keeps ids apart where several drawings stand on one page."""
    drawing = Drawing(atlas, prefix or plate.code)
    for row in plate.rows:
        drawing.row(row)
    sites = sorted({code for row in plate.rows for code in row.sites}, key=lambda code: atlas.sites[code].number)
    drawing.sites_key(sites)
    drawing.legend()
    name = drawing.prefix
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {n(round(drawing.y + 2))}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="Inter, system-ui, sans-serif">\n'
        f'<title id="{name}-title">{escape(title, quote=False)}</title>\n'
        f'<desc id="{name}-desc">{escape(description, quote=False)}</desc>\n'
        f"<defs>\n{chr(10).join(drawing.defs)}\n</defs>\n{chr(10).join(drawing.marks)}\n</svg>\n"
    )


def drawn_figures(knowledge: Path) -> dict[str, str]:
    """Every plate of a package's knowledge folder by its code, with title and description from figures.yaml.

    Raises `KeyError` for a plate without its entry there.
    """
    atlas = load_atlas(knowledge)
    entries = yaml.safe_load((knowledge / "figures.yaml").read_text(encoding="utf-8"))
    words = {entry["code"]: (" ".join(entry["title"].split()), " ".join(entry["alt"].split())) for entry in entries}
    return {
        code: draw(atlas, plate, title=words[code][0], description=words[code][1])
        for code, plate in atlas.plates.items()
    }


def _words(zone: Zone) -> str:
    return zone.label if zone.kind == "usual" else f"{zone.label} (sometimes)"


def _anchor(shape: Shape) -> Point:
    """Where a line to a shape ends: at its badge, if that lies inside."""
    return shape.badge if shape.badge and holds(shape.outline, shape.badge) else centre(shape.outline)
