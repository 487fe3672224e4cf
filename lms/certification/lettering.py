"""Which characters the shipped typefaces can print, so that any name gives a certificate that can be read and kept.

The archival PDF profile refuses a character without a glyph. One that is missing is printed as an empty box, and the
certificate says so; the attached record and the public check hold the name in full.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
BOX = "\N{BALLOT BOX}"
#: Categories of characters that are never printed as such: controls, formatting, surrogates, private use, unassigned.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def printable(text: str) -> str:
    """The text in one line as the certificate prints it: composed, evenly spaced, a box for what has no glyph."""
    composed = unicodedata.normalize("NFC", text)
    spaced = " ".join(" ".join(composed.split()).split("\N{NO-BREAK SPACE}"))
    letters: list[str] = []
    for character in spaced:
        if unicodedata.category(character) in _UNSEEN:
            continue
        if ord(character) in covered():
            letters.append(character)
        elif not (unicodedata.combining(character) and letters):
            letters.append(BOX)
    return "".join(letters)


def missing(text: str) -> str:
    """The characters of a text that a certificate cannot print, each once, in order."""
    composed = unicodedata.normalize("NFC", text)
    seen = (c for c in composed if not c.isspace() and unicodedata.category(c) not in _UNSEEN)
    return "".join(dict.fromkeys(c for c in seen if ord(c) not in covered()))


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The code points for which some shipped typeface has a glyph."""
    points: set[int] = set()
    for font in sorted(FONTS.iterdir()):
        if font.suffix in {".otf", ".ttf"}:
            points.update(_code_points(font.read_bytes()))
    return frozenset(points)


@lru_cache(maxsize=16)
def covered_by(font: str) -> frozenset[int]:
    """The code points for which the shipped typeface of that file name has a glyph."""
    return frozenset(_code_points((FONTS / font).read_bytes()))


def _code_points(font: bytes) -> Iterator[int]:
    """The code points of a font's `cmap` table (formats 4 and 12; OpenType specification, "cmap")."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for place in range(12, 12 + 16 * tables, 16):
        tag, _checksum, offset, _length = struct.unpack_from(">4sLLL", font, place)
        if tag == b"cmap":
            (count,) = struct.unpack_from(">H", font, offset + 2)
            for record in range(offset + 4, offset + 4 + 8 * count, 8):
                _platform, _encoding, start = struct.unpack_from(">HHL", font, record)
                yield from _subtable(font, offset + start)


def _subtable(font: bytes, start: int) -> Iterator[int]:
    (form,) = struct.unpack_from(">H", font, start)
    if form == 12:
        (groups,) = struct.unpack_from(">L", font, start + 12)
        for group in range(start + 16, start + 16 + 12 * groups, 12):
            first, last, _glyph = struct.unpack_from(">LLL", font, group)
            yield from range(first, last + 1)
    elif form == 4:
        (double,) = struct.unpack_from(">H", font, start + 6)
        lasts, firsts = start + 14, start + 16 + double
        for at in range(0, double, 2):
            (last,) = struct.unpack_from(">H", font, lasts + at)
            (first,) = struct.unpack_from(">H", font, firsts + at)
            (delta,) = struct.unpack_from(">H", font, firsts + double + at)
            (jump,) = struct.unpack_from(">H", font, firsts + 2 * double + at)
            for point in range(first, min(last, 0xFFFE) + 1):
                if jump:
                    slot = firsts + 2 * double + at + jump + 2 * (point - first)
                    (glyph,) = struct.unpack_from(">H", font, slot)
                else:
                    glyph = (point + delta) % 0x10000
                if glyph:
                    yield point
