"""Marks and words of the body maps: the small vocabulary that every drawing shares.

Each mark names its meaning by a `fig-*` class, which takes its colour from the site's tokens in light, dark and
print; the attribute beside it is the fallback where a drawing stands alone. No meaning rests on colour alone: zones
are hatched, tender spots are crosses, sites carry a number whose frame tells the grade.
"""

from __future__ import annotations

from html import escape

from .bodymap_shapes import number as n

INK, SOFT, SURFACE, LINE, CLAY = "#1E2A2D", "#55636A", "#FFFFFF", "#E3DCD1", "#B4492B"
PALE, DEEP, BRICK, AMBER = "#F1DDD5", "#D69C89", "#A3262A", "#8A5A00"
TEXT_SIZE, LINE_HEIGHT = 12.5, 16.5
#: Mean width of a letter of the sans at size 1, on the wide side so that nothing runs out of the picture.
LETTER = 0.535
#: What the legend says, in its order.
LEGEND = {
    "muscle": "muscle",
    "deep": "muscle lying deep",
    "neighbour": "muscle that covers it",
    "bone": "bone",
    "spot": "described spot",
    "usual": "commonly described",
    "sometimes": "described sometimes",
    "nerve": "nerve",
}


def text(x: float, y: float, words: str, *, size: float = TEXT_SIZE, weight: int = 400, soft: bool = False,
         anchor: str = "") -> str:  # fmt: skip
    """One line of text."""
    tone = ("fig-soft", SOFT) if soft else ("fig-ink", INK)
    more = f' text-anchor="{anchor}"' if anchor else ""
    more += f' font-weight="{weight}"' if weight != 400 else ""
    return (
        f'<text x="{n(x)}" y="{n(y)}" class="{tone[0]}" fill="{tone[1]}" font-size="{n(size)}"{more}>'
        f"{escape(words, quote=False)}</text>"
    )


def named(*marks: str) -> list[str]:
    """Marks that tell what a part is called: they are hidden while a learner is asked to find it."""
    return ['<g class="fig-name">', *marks, "</g>"]


def wrapped(words: str, width: float, size: float = TEXT_SIZE) -> list[str]:
    """The words in lines of at most about this width."""
    room = max(int(width / (size * LETTER)), 8)
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def cross(x: float, y: float) -> str:
    """A tender spot: a cross of 10 px with a halo."""
    arms = f"M{n(x - 4.5)} {n(y - 4.5)}L{n(x + 4.5)} {n(y + 4.5)}M{n(x + 4.5)} {n(y - 4.5)}L{n(x - 4.5)} {n(y + 4.5)}"
    return (
        f'<path d="{arms}" fill="none" class="fig-surface-stroke" stroke="{SURFACE}" stroke-width="5" '
        'stroke-linecap="round"/>'
        f'<path d="{arms}" fill="none" class="fig-clay-stroke" stroke="{CLAY}" stroke-width="2.4" '
        'stroke-linecap="round"/>'
    )


def letter(sign: str, x: float, y: float) -> str:
    """The letter of a zone, in a round badge."""
    return (
        f'<circle cx="{n(x)}" cy="{n(y)}" r="7.5" class="fig-surface fig-clay-stroke" fill="{SURFACE}" '
        f'stroke="{CLAY}" stroke-width="1.2"/>'
        + text(x, y + 3.8, sign, size=10.5, weight=700, anchor="middle")
    )  # fmt: skip


def site_badge(number: int, grade: str, x: float, y: float) -> str:
    """The number of a site: stop sign to avoid, ring for light touch, padlock for trained hands."""
    fill, stroke, words = ("fig-surface", SURFACE), BRICK, ("fig-ink", INK)
    above, drop = "", 3.9
    if grade == "avoid":
        a, b = 8.4, 3.5
        corners = [(-b, -a), (b, -a), (a, -b), (a, b), (b, a), (-b, a), (-a, b), (-a, -b)]
        frame = f'<polygon points="{" ".join(f"{n(x + dx)},{n(y + dy)}" for dx, dy in corners)}"'
        fill, words = ("fig-brick", BRICK), ("fig-surface", SURFACE)
    elif grade == "trained":
        drop = 5.2
        above = (
            f'<path d="M{n(x - 3.8)} {n(y - 5)}v-1.6a3.8 3.8 0 0 1 7.6 0v1.6" fill="none" class="fig-brick-stroke" '
            f'stroke="{BRICK}" stroke-width="1.6"/>'
        )
        frame = f'<rect x="{n(x - 8)}" y="{n(y - 5.2)}" width="16" height="13" rx="2.5"'
    else:
        frame = f'<circle cx="{n(x)}" cy="{n(y)}" r="8"'
    return (
        f'{above}{frame} class="{fill[0]} fig-brick-stroke" fill="{fill[1]}" stroke="{stroke}" stroke-width="1.4"/>'
        f'<text x="{n(x)}" y="{n(y + drop)}" class="{words[0]}" fill="{words[1]}" font-size="10.5" font-weight="700" '
        f'text-anchor="middle">{number}</text>'
    )


def leader(x1: float, y1: float, x2: float, y2: float, *, dot: bool = True) -> str:
    """A thin line from a word or badge to what it names, ending in a dot."""
    line = f'<path d="M{n(x1)} {n(y1)}L{n(x2)} {n(y2)}" fill="none" class="fig-soft-stroke" stroke="{SOFT}"/>'
    end = f'<circle cx="{n(x2)}" cy="{n(y2)}" r="1.8" class="fig-ink" fill="{INK}"/>' if dot else ""
    return line + end


def nerve_sample(x: float, y: float) -> str:
    """A short piece of a nerve."""
    return (
        f'<path d="M{n(x - 11)} {n(y)}H{n(x + 11)}" fill="none" class="fig-amber-stroke" stroke="{AMBER}" '
        'stroke-width="2.2" stroke-dasharray="5 3.5"/>'
    )


def legend(kinds: set[str], patterns_of: str, y: float, width: float, edge: float) -> tuple[list[str], float]:
    """The meanings of the marks that occur, in two columns under a hairline; the marks and the height they take."""
    marks = [f'<path d="M{n(edge)} {n(y)}H{n(width - edge)}" class="fig-line-stroke" stroke="{LINE}"/>']
    shown = [kind for kind in LEGEND if kind in kinds]
    for place, kind in enumerate(shown):
        x, top = edge + (place % 2) * (width / 2 - 4), y + 10 + (place // 2) * 20
        marks += [_sample(kind, patterns_of, x, top), text(x + 32, top + 10, LEGEND[kind], size=12)]
    return marks, 14 + (len(shown) + 1) // 2 * 20


def _sample(kind: str, patterns_of: str, x: float, y: float) -> str:
    box = f'<rect x="{n(x + 1)}" y="{n(y)}" width="24" height="12" rx="4"'
    if kind == "spot":
        return cross(x + 13, y + 6)
    if kind == "nerve":
        return nerve_sample(x + 13, y + 6)
    if kind == "bone":
        return f'{box} class="fig-line fig-soft-stroke" fill="{LINE}" stroke="{SOFT}" stroke-width="0.7"/>'
    if kind == "neighbour":
        return f'{box} class="fig-clay-1 fig-soft-stroke" fill="{PALE}" stroke="{SOFT}" stroke-width="0.8"/>'
    if kind in ("muscle", "deep"):
        dash = ' stroke-dasharray="3.4 2.4"' if kind == "deep" else ""
        return f'{box} class="fig-clay-3 fig-ink-stroke" fill="{DEEP}" stroke="{INK}" stroke-width="1.1"{dash}/>'
    tint = f'{box} class="fig-zone" fill="{CLAY}" opacity="0.35"/>' if kind == "usual" else ""
    dash = "" if kind == "usual" else ' stroke-dasharray="4 2.6"'
    return (
        f'{tint}{box} fill="url(#{patterns_of}-hatch)" class="fig-clay-stroke" stroke="{CLAY}" '
        f'stroke-width="1.1"{dash}/>'
    )


def spread(wanted: list[float], heights: list[float], top: float) -> list[float]:
    """Tops of labels that each stand as near as may be to the wanted height without touching."""
    tops: list[float] = []
    for middle, height in zip(wanted, heights, strict=True):
        free = tops[-1] + heights[len(tops) - 1] if tops else top - 6
        tops.append(max(middle - height / 2, free))
    return tops


def hatch(prefix: str, scale: float) -> str:
    """The hatch of referral zones, sized so that it looks alike in every panel."""
    return _lines(f"{prefix}-hatch", "fig-clay-stroke", CLAY, 5.5 / scale, 1 / scale)


def patterns(prefix: str, scale: float) -> str:
    """Hatches of one panel, for zones and for sites of each grade."""
    step, width, dot = 5.5 / scale, 1 / scale, 1.15 / scale
    return (
        hatch(prefix, scale)
        + _lines(f"{prefix}-avoid", "fig-brick-stroke", BRICK, step * 0.75, width, f"M0 0H{step * 0.75:.2f}")
        + _lines(f"{prefix}-trained", "fig-brick-stroke", BRICK, step, width)
        + f'<pattern id="{prefix}-light" patternUnits="userSpaceOnUse" width="{step * 0.8:.2f}" '
        f'height="{step * 0.8:.2f}"><circle cx="{dot:.2f}" cy="{dot:.2f}" r="{dot:.2f}" class="fig-brick" '
        f'fill="{BRICK}"/></pattern>'
    )


def _lines(name: str, tone: str, colour: str, gap: float, width: float, extra: str = "") -> str:
    return (
        f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="{gap:.2f}" height="{gap:.2f}" '
        f'patternTransform="rotate(45)"><path d="M0 0V{gap:.2f}{extra}" fill="none" class="{tone}" '
        f'stroke="{colour}" stroke-width="{width:.2f}"/></pattern>'
    )
