"""Pictures of a certificate: a wide one to share (PNG, 1200 by 630) and a square badge (SVG).

Both speak the language of the printed certificate: its colours, its typefaces, its mark, and the same rosette worked
out from the number. Equal facts give equal bytes.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape

from PIL import Image, ImageColor, ImageDraw, ImageFont

from lms.certification.lettering import FONTS, covered_by, printable

PAPER, INK, SOFT, LINE, TEAL, CLAY = "#FBF8F3", "#1E2A2D", "#55636A", "#E3DCD1", "#0E6668", "#B4492B"
WIDE, HIGH = 1200, 630
#: Everything is drawn this much larger and then made smaller, so that hairlines come out fine.
FINER = 3
SIDE = 512
DISPLAY, READING, ITALIC, LABEL = (
    "SourceSerif4Display-Semibold.otf",
    "SourceSerif4-Regular.otf",
    "SourceSerif4-It.otf",
    "Inter-Medium.ttf",
)
DEMONSTRATION = "DEMONSTRATION: not a real credential"

Point = tuple[float, float]


def share_picture(*, number: str, title: str, school: str, holder: str = "", is_demonstration: bool = False) -> bytes:
    """The wide picture as PNG. The holder is named only when given: a shared link should not say more than asked."""
    picture = Image.new("RGB", (WIDE * FINER, HIGH * FINER), PAPER)
    draw = ImageDraw.Draw(picture)
    lift = 28 if is_demonstration else 0
    _frame(draw, HIGH - lift)
    _seal(draw, number, (940, 300), 200)
    left, room = 84, 600
    _write(draw, (left, 84), school.upper(), LABEL, TEAL, room=room, sizes=(23, 21, 19, 17, 15), spacing=2.2)
    middle = 290 if holder else 325
    _paragraph(draw, left, middle, title, room)
    if holder:
        _write(draw, (left, 446 - lift), "awarded to", ITALIC, SOFT, room=room, sizes=(25,))
        _write(draw, (left, 480 - lift), holder, READING, INK, room=room, sizes=(38, 34, 30, 26, 22, 18))
    _write(draw, (left, 546 - lift), number, LABEL, SOFT, room=room, sizes=(17,), spacing=1.2)
    if is_demonstration:
        draw.rectangle(_scaled(0, HIGH - 34, WIDE, HIGH), fill=CLAY)
        width = _width(DEMONSTRATION, LABEL, 17, 1.2)
        _write(
            draw, ((WIDE - width) / 2, HIGH - 27), DEMONSTRATION, LABEL, "#FFFFFF", room=WIDE, sizes=(17,), spacing=1.2
        )
    small = picture.resize((WIDE, HIGH), Image.Resampling.LANCZOS)
    small = small.quantize(palette=_palette(), dither=Image.Dither.NONE)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def badge_svg(*, number: str, title: str, school: str, is_demonstration: bool = False) -> bytes:
    """The square badge: the seal with the title beneath, with room for stand-ins where a typeface is missing."""
    middle, radius = SIDE / 2, 150.0
    centre = (middle, 186.0)
    strokes = [_path(points, paint, 0.7) for points, paint in _rosette(number, centre, radius * 0.5, radius * 0.97)]
    rings = [
        f'<circle cx="{centre[0]:g}" cy="{centre[1]:g}" r="{radius * share:g}" stroke="{TEAL}" stroke-width="{width}"/>'
        for share, width in ((1, 2.6), (0.965, 0.8), (0.52, 0.8), (0.49, 1.8))
    ]
    mark = [_path(points, paint, width) for points, paint, width in _mark(centre, radius * 0.76)]
    lines, size = _fitted(printable(title), DISPLAY, SIDE - 124, (34, 31, 28, 25, 22, 19, 16), most=2)
    foot = 392 if len(lines) == 1 else 382
    words = [
        _words(line, foot + at * size * 1.18, size, "'Source Serif 4 Display','Source Serif 4',Georgia,serif", INK, 600)
        for at, line in enumerate(lines)
    ]
    plain = printable(DEMONSTRATION if is_demonstration else school).upper()
    (line, *_), small = _fitted(plain, LABEL, SIDE - 140, (15, 14, 13, 12, 11, 10, 9, 8), most=1, spacing=1)
    paint = CLAY if is_demonstration else TEAL
    words.append(_words(line, 466, small, "Inter,system-ui,sans-serif", paint, 500, spacing=1))
    name = escape(f"{printable(title)}, {printable(school)}")
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}"',
            'role="img">',
            f"<title>{name}</title>",
            f'<rect x="1" y="1" width="{SIDE - 2}" height="{SIDE - 2}" rx="36"',
            f'fill="{PAPER}" stroke="{LINE}" stroke-width="2"/>',
            '<g fill="none" stroke-linecap="round" stroke-linejoin="round">',
            *strokes,
            *rings,
            *mark,
            "</g>",
            *words,
            "</svg>\n",
        ]
    ).encode("utf-8")


def _frame(draw: ImageDraw.ImageDraw, high: float) -> None:
    for inset, paint, width in ((26, TEAL, 1.6), (33, LINE, 1)):
        box = _scaled(inset, inset, WIDE - inset, high - inset)
        draw.rounded_rectangle(box, radius=(34 - inset / 2) * FINER, outline=paint, width=round(width * FINER))


def _seal(draw: ImageDraw.ImageDraw, number: str, centre: Point, radius: float) -> None:
    for points, paint in _rosette(number, centre, radius * 0.5, radius * 0.97):
        draw.line([(x * FINER, y * FINER) for x, y in points], fill=paint, width=1)
    for share, width in ((1, 2.5), (0.965, 1), (0.52, 1), (0.49, 2)):
        reach, (x, y) = radius * share, centre
        draw.ellipse(
            _scaled(x - reach, y - reach, x + reach, y + reach), outline=TEAL, width=max(1, round(width * FINER))
        )
    for points, paint, width in _mark(centre, radius * 0.76):
        pen = round(width * FINER)
        places = [(x * FINER, y * FINER) for x, y in points]
        draw.line(places, fill=paint, width=pen)
        for x, y in places:
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=paint)


def _rosette(number: str, centre: Point, inner: float, outer: float) -> Iterator[tuple[list[Point], str]]:
    """The closed lines of the seal of this number, as on the printed certificate (`typst/guilloche.typ`)."""
    drawn = _numbers_from(number + " rosette", 6)
    middle, reach = (inner + outer) / 2, (outer - inner) / 2

    def chosen(choices: Sequence[int], at: int) -> int:
        return choices[drawn[at] % len(choices)]

    rings = (
        (chosen((22, 24, 26, 28), 0), 6, chosen((6, 8, 10), 1), 0.18, 1.0, TEAL),
        (chosen((14, 16, 18, 20), 2), 4, chosen((7, 9, 12), 3), 0.24, 0.98, CLAY),
    )
    for petals, count, swells, depth, part, paint in rings:
        samples = petals * 12
        for strand in range(count):
            points = []
            for step in range(samples + 1):
                turn = math.tau * step / samples
                swing = 1 - depth + depth * math.cos(swells * turn)
                wave = math.cos(petals * turn + math.tau * strand / count)
                distance = middle + reach * part * swing * wave
                points.append((centre[0] + distance * math.sin(turn), centre[1] - distance * math.cos(turn)))
            yield points, paint


def _numbers_from(text: str, count: int) -> list[int]:
    """Small whole numbers from any text (Lehmer's generator, multiplier 48271, modulus 2^31 - 1)."""
    modulus, state = 2**31 - 1, 20011
    for character in text:
        state = (state * 48271 + ord(character)) % modulus
    numbers = []
    for _ in range(count):
        state = (state * 48271 + 11) % modulus
        numbers.append(state // 1024)
    return numbers


def _mark(centre: Point, size: float) -> Iterator[tuple[list[Point], str, float]]:
    """The school's mark (a point, and what it refers) on a field of 32 by 32 units, `size` wide."""
    unit = size / 32

    def place(x: float, y: float) -> Point:
        return centre[0] + (x - 16) * unit, centre[1] + (y - 16) * unit

    arcs = (
        ((12.4, 20.6), (15.6, 10.7), (9.47, 14.69), 6.6),
        ((16.3, 24.2), (20.2, 7.6), (9.92, 14.03), 12.0),
        ((20.9, 27.6), (24.6, 4.4), (9.24, 14.51), 17.5),
    )
    for begin, end, (x, y), radius in arcs:
        first, last = math.atan2(begin[1] - y, begin[0] - x), math.atan2(end[1] - y, end[0] - x)
        turns = [first + (last - first) * step / 24 for step in range(25)]
        yield [place(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns], TEAL, 1.75 * unit
    for begin, end in (((4.6, 11.6), (11.2, 18.2)), ((11.2, 11.6), (4.6, 18.2))):
        yield [place(*begin), place(*end)], CLAY, 2.6 * unit


def _path(points: Sequence[Point], paint: str, width: float) -> str:
    places = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{places}" stroke="{paint}" stroke-width="{width:g}"/>'


def _words(text: str, y: float, size: float, family: str, paint: str, weight: int, spacing: float = 0) -> str:
    spaced = f' letter-spacing="{spacing:g}"' if spacing else ""
    return (
        f'<text x="{SIDE // 2}" y="{y:g}" text-anchor="middle" font-family="{family}" font-size="{size:g}" '
        f'font-weight="{weight}" fill="{paint}"{spaced}>{escape(text)}</text>'
    )


def _paragraph(draw: ImageDraw.ImageDraw, left: float, middle: float, text: str, room: float) -> None:
    """The title in at most four lines around the height `middle`, as large as fits."""
    lines, size = _fitted(printable(text), DISPLAY, room, (68, 62, 56, 50, 44, 38, 32, 26), most=4)
    step = size * 1.16
    top = middle - step * len(lines) / 2
    for at, line in enumerate(lines):
        _write(draw, (left, top + at * step), line, DISPLAY, INK, room=room, sizes=(size,))


def _write(
    draw: ImageDraw.ImageDraw,
    at: Point,
    text: str,
    font: str,
    paint: str,
    *,
    room: float,
    sizes: Sequence[float],
    spacing: float = 0,
) -> None:
    """One line, at the largest of the sizes at which it fits; what still does not is cut with an ellipsis."""
    (line, *_), size = _fitted(printable(text), font, room, sizes, most=1, spacing=spacing)
    x, y = at
    for run, face in _runs(line, font):
        loaded = _font(face, size * FINER)
        ascent, _ = loaded.getmetrics()
        base, _ = _font(font, size * FINER).getmetrics()
        if not spacing:
            draw.text((x * FINER, y * FINER + base - ascent), run, font=loaded, fill=paint)
            x += loaded.getlength(run) / FINER
        else:
            for letter in run:
                draw.text((x * FINER, y * FINER + base - ascent), letter, font=loaded, fill=paint)
                x += loaded.getlength(letter) / FINER + spacing


def _fitted(
    text: str, font: str, room: float, sizes: Sequence[float], *, most: int, spacing: float = 0
) -> tuple[list[str], float]:
    """The text in at most `most` lines at the largest size at which it fits; the last line is cut if none does."""
    for size in sizes:
        lines = _broken(text, font, room, size, spacing)
        if len(lines) <= most and all(_width(line, font, size, spacing) <= room for line in lines):
            return _evened(text, lines, font, room, size, spacing), size
    size = sizes[-1]
    lines = _broken(text, font, room, size, spacing)
    lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [_cut(line, font, room, size, spacing) for line in lines], size


def _evened(text: str, lines: list[str], font: str, room: float, size: float, spacing: float) -> list[str]:
    """As many lines again, but of even length."""
    for share in range(10, 20):
        narrow = _broken(text, font, room * share / 20, size, spacing)
        if len(narrow) == len(lines) and all(_width(line, font, size, spacing) <= room for line in narrow):
            return narrow
    return lines


def _broken(text: str, font: str, room: float, size: float, spacing: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width(longer, font, size, spacing) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _cut(line: str, font: str, room: float, size: float, spacing: float) -> str:
    if _width(line, font, size, spacing) <= room:
        return line
    kept = line
    while kept and _width(kept + "…", font, size, spacing) > room:
        kept = kept[:-1].rstrip()
    return kept + "…"


def _width(text: str, font: str, size: float, spacing: float = 0) -> float:
    lengths = (_font(face, size * FINER).getlength(run) / FINER for run, face in _runs(text, font))
    return sum(lengths) + spacing * len(text)


def _runs(text: str, font: str) -> list[tuple[str, str]]:
    """The text in pieces, each with the typeface that has its letters: the wanted one, else the one of the labels."""
    wanted = covered_by(font)
    runs: list[tuple[str, str]] = []
    for letter in text:
        face = font if ord(letter) in wanted else LABEL if ord(letter) in covered_by(LABEL) else READING
        if runs and runs[-1][1] == face:
            runs[-1] = (runs[-1][0] + letter, face)
        else:
            runs.append((letter, face))
    return runs


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    """The colours of the design and their steps to the paper: a file a third as large, in which no colour shifts."""
    ramps = [(PAPER, INK), (PAPER, TEAL), (PAPER, CLAY), (PAPER, SOFT), (PAPER, LINE), (CLAY, "#FFFFFF")]
    values: list[int] = []
    for begin, end in ramps:
        first, last = ImageColor.getrgb(begin), ImageColor.getrgb(end)
        for step in range(42):
            values += [round(a + (b - a) * step / 41) for a, b in zip(first, last, strict=True)]
    palette = Image.new("P", (1, 1))
    palette.putpalette(values)
    return palette


@lru_cache(maxsize=64)
def _font(name: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


def _scaled(*box: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = (value * FINER for value in box)
    return left, top, right, bottom
