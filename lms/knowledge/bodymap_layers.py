"""Layers of the body maps in the units of a view: bones, muscles, nerves, referral zones, endangerment sites.

`scale` is how much the panel enlarges the view, so that lines and hatches keep their width on the page.
"""

from __future__ import annotations

from . import bodymap_ink as ink
from .bodymap import Line, Part, Shape
from .bodymap_shapes import path, strands

FIBRES = 6


def bone(part: Part, scale: float) -> str:
    """A landmark."""
    return (
        f'<path d="{part.d}" class="fig-line fig-soft-stroke" fill="{ink.LINE}" stroke="{ink.SOFT}" '
        f'stroke-width="{0.6 / scale:.2f}" fill-opacity="0.7" stroke-opacity="0.7"/>'
    )


def flesh(shape: Shape, scale: float, *, pale: bool = False) -> str:
    """A muscle; pale when another is meant, dashed when it lies deep."""
    fill = ("fig-clay-1", ink.PALE) if pale else ("fig-clay-3", ink.DEEP)
    stroke = ("fig-soft-stroke", ink.SOFT, 0.8) if pale else ("fig-ink-stroke", ink.INK, 1.1)
    dash = f' stroke-dasharray="{3.4 / scale:.2f} {2.4 / scale:.2f}" fill-opacity="0.8"' if shape.deep else ""
    return (
        f'<path d="{path(shape.outline)}" class="{fill[0]} {stroke[0]}" fill="{fill[1]}" '
        f'stroke="{stroke[1]}" stroke-width="{stroke[2] / scale:.2f}"{dash}/>'
    )


def fibres(shape: Shape, scale: float, clip: str) -> str:
    """The direction of pull, within the clip path of that id."""
    via = shape.fibres[1] if len(shape.fibres) == 3 else ()
    lines = strands(shape.fibres[0], shape.fibres[-1], FIBRES, via)
    return (
        f'<g clip-path="url(#{clip})"><path d="{"".join(path(line, closed=False) for line in lines)}" fill="none" '
        f'class="fig-clay-stroke" stroke="{ink.CLAY}" stroke-width="{0.9 / scale:.2f}" opacity="0.5"/></g>'
    )


def nerve(line: Line, scale: float) -> str:
    """A nerve on its way."""
    return (
        f'<path d="{path(line.points, closed=False)}" fill="none" class="fig-amber-stroke" stroke="{ink.AMBER}" '
        f'stroke-width="{2.2 / scale:.2f}" stroke-dasharray="{5 / scale:.2f} {3.5 / scale:.2f}" '
        'stroke-linecap="butt"/>'
    )


def zone(shape: Shape, kind: str, scale: float, patterns_of: str) -> str:
    """A referral zone: usual with tint and hatch, sometimes with hatch alone and a dashed edge."""
    line = path(shape.outline)
    tint = f'<path d="{line}" class="fig-zone" fill="{ink.CLAY}" opacity="0.35"/>' if kind == "usual" else ""
    dash = "" if kind == "usual" else f' stroke-dasharray="{4 / scale:.2f} {2.6 / scale:.2f}"'
    return (
        f'{tint}<path d="{line}" fill="url(#{patterns_of}-hatch)" class="fig-clay-stroke" stroke="{ink.CLAY}" '
        f'stroke-width="{1.1 / scale:.2f}"{dash}/>'
    )


def site(shape: Shape, grade: str, scale: float, patterns_of: str) -> str:
    """An endangerment site: cross-hatch to avoid, dots for light touch, lines for trained hands."""
    line = path(shape.outline)
    tint = f'<path d="{line}" class="fig-brick" fill="{ink.BRICK}" fill-opacity="0.18"/>' if grade == "avoid" else ""
    return (
        f'{tint}<path d="{line}" fill="url(#{patterns_of}-{grade})" class="fig-brick-stroke" stroke="{ink.BRICK}" '
        f'stroke-width="{1.3 / scale:.2f}"/>'
    )
