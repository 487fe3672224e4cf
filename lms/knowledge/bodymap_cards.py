"""Small maps for lists: the bodies stand once on the page, and each picture lays a few shapes over them."""

from __future__ import annotations

from collections.abc import Iterable

from . import bodymap_ink as ink
from . import bodymap_layers as layers
from .bodymap import Atlas, Frame, MuscleMap, View
from .bodymap_shapes import centre
from .bodymap_shapes import number as n

SPACE = "http://www.w3.org/2000/svg"
#: Height of a small map and the space between its two views, in the units of its picture: pixels of an average card.
HEIGHT, GAP = 150, 10
#: A view is at least as broad as this share of its height, so that a leg shows where on the body it is.
NARROWEST = 0.55


def body_id(view: str, hidden: tuple[str, ...] = ()) -> str:
    """The id of a body on the page, for `<use>`."""
    return "-".join(("body", view, *(f"no-{part}" for part in hidden)))


def bodies(atlas: Atlas, views: Iterable[str] = ()) -> str:
    """An SVG that shows nothing: it defines every body that `small_map` refers to, and these views beside."""
    frames = [frame for muscle in atlas.muscles.values() for frame in _frames(atlas, muscle)]
    wanted = dict.fromkeys([*((view, ()) for view in views), *((frame.view, frame.hide) for frame in frames)])
    defs = "".join(_body(atlas.views[view], hidden) for view, hidden in wanted)
    return f'<svg xmlns="{SPACE}" width="0" height="0" aria-hidden="true" focusable="false"><defs>{defs}</defs></svg>'


def _body(view: View, hidden: tuple[str, ...]) -> str:
    """One body, painted from back to front, and its skin to cut by."""
    name = body_id(view.name, hidden)
    thin = 'vector-effect="non-scaling-stroke"'
    shown = [(f"{name}-{place}", part) for place, part in enumerate(view.silhouette) if part.name not in hidden]
    paths = "".join(f'<path id="{code}" d="{part.d}" {thin}/>' for code, part in shown)
    # An arm before the body has its outline in the edges, which stop where it joins the shoulder.
    skin = "".join(
        f'<use href="#{code}"/>' if part.name != "arm" else f'<g class="fig-surface-stroke"><use href="#{code}"/></g>'
        for code, part in shown
    )
    edges = "".join(f'<path d="{edge.d}" {thin}/>' for edge in view.edges if edge.name not in hidden)
    left_out = hidden or ("behind-arm",)
    relief = "".join(f'<path d="{line.d}" {thin}/>' for line in view.lines if line.name not in left_out)
    clip = "".join(f'<use href="#{code}"/>' for code, _ in shown)
    return (
        f'{paths}<clipPath id="{name}-skin">{clip}</clipPath><g id="{name}">'
        f'<g class="fig-surface fig-ink-stroke" fill="{ink.SURFACE}" stroke="{ink.INK}">{skin}</g>'
        f'<g fill="none" class="fig-ink-stroke" stroke="{ink.INK}">{edges}</g>'
        f'<g fill="none" class="fig-soft-stroke" stroke="{ink.SOFT}" stroke-width="0.6">{relief}</g></g>'
    )


def small_map(atlas: Atlas, code: str) -> str:
    """A muscle and its zones in one or two views, without words: those stand beside it. Needs `bodies` on its page."""
    muscle = atlas.muscles[code]
    left, panels = 0.0, []
    for place, frame in enumerate(_frames(atlas, muscle)):
        frame = _broadened(frame, atlas.views[frame.view].width)
        scale = HEIGHT / frame.height
        panels.append(_panel(muscle, frame, f"small-{code}-{place}", left, scale))
        left += frame.width * scale + GAP
    return (
        f'<svg xmlns="{SPACE}" viewBox="0 0 {n(left - GAP)} {HEIGHT}" aria-hidden="true" focusable="false">'
        f"{''.join(panels)}</svg>"
    )


def _frames(atlas: Atlas, muscle: MuscleMap) -> list[Frame]:
    """The first two frames in which something of the referral is to be seen."""
    shapes = [shape for zone in muscle.zones for shape in zone.shapes]
    frames = [atlas.frames[name] for name in muscle.frames]
    shown = [
        frame
        for frame in frames
        if not frame.names and any(shape.view == frame.view and frame.shows(centre(shape.outline)) for shape in shapes)
    ]
    return (shown or frames)[:2]


def _broadened(frame: Frame, room: float) -> Frame:
    more = max(frame.height * NARROWEST - frame.width, 0)
    x = min(max(frame.x - more / 2, 0), max(room - frame.width - more, 0))
    return Frame(frame.code, frame.view, x, frame.y, frame.width + more, frame.height, frame.heading, frame.hide)


def _panel(muscle: MuscleMap, frame: Frame, name: str, left: float, scale: float) -> str:
    body = body_id(frame.view, frame.hide)
    flesh = "".join(layers.flesh(shape, scale) for shape in muscle.shapes if shape.view == frame.view)
    zones = "".join(
        layers.zone(shape, zone.kind, scale, name)
        for zone in muscle.zones
        for shape in zone.shapes
        if shape.view == frame.view
    )
    places = dict.fromkeys(spot.at for spot in muscle.spots if spot.view == frame.view and frame.shows(spot.at))
    crosses = "".join(ink.cross((at.x - frame.x) * scale, (at.y - frame.y) * scale) for at in places)
    return (
        f'<svg x="{n(left)}" y="0" width="{n(frame.width * scale)}" height="{HEIGHT}">'
        f"<defs>{ink.hatch(name, scale)}</defs>"
        f'<g transform="scale({scale:.4f}) translate({n(-frame.x)} {n(-frame.y)})">'
        f'<use href="#{body}"/><g clip-path="url(#{body}-skin)">{flesh}{zones}</g></g>{crosses}</svg>'
    )
