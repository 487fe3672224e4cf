"""Reading and writing numbers exactly, as people on both sides of the decimal comma write them."""

from __future__ import annotations

import math
import re
from decimal import Context, Decimal
from typing import Any

MOST_CHARACTERS = 30

# Twice the longest number and a little more: sums and differences below are exact.
EXACT = Context(prec=3 * MOST_CHARACTERS)

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
# One thousand to an English reader, one to a German one. Nobody is graded on a coin's toss.
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_MINUS_SIGNS = str.maketrans(dict.fromkeys("\u2212\u2010\u2011\u2013\ufe63\uff0d", "-"))
_LARGEST_JSON_INTEGER = 2**53


class NotANumber(ValueError):
    """What was written cannot be read as one number."""


class AmbiguousNumber(NotANumber):
    """What was written reads as two different numbers."""


def read_number(value: Any) -> Decimal:
    """A JSON number or a text as an exact Decimal, shortened so that equal numbers are stored alike.

    Refused are booleans, infinities, exponents in a text, thousands separators, and what is too long.
    """
    if isinstance(value, bool):
        raise NotANumber
    if isinstance(value, str):
        return _read_text(value)
    if isinstance(value, int):
        if value.bit_length() > 4 * MOST_CHARACTERS:
            raise NotANumber
        return _read_text(str(value))
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotANumber
        # repr is the shortest text that means this float: 0.1 stays 0.1.
        return _read_text(format(Decimal(repr(value)), "f"))
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value.adjusted()) > MOST_CHARACTERS:
            raise NotANumber
        return _read_text(format(value, "f"))
    raise NotANumber


def write_number(value: Decimal) -> str:
    """The shortest plain notation, with a point and without an exponent."""
    text = format(value.normalize(EXACT), "f")
    return "0" if text in {"-0", "0"} else text


def json_number(value: Decimal) -> int | float | str:
    """A JSON number where that loses nothing, else the text."""
    text = write_number(value)
    if "." not in text:
        return int(text) if abs(int(text)) <= _LARGEST_JSON_INTEGER else text
    number = float(text)
    return number if Decimal(repr(number)) == value else text


def _read_text(text: str) -> Decimal:
    # A few characters of slack for blanks around it; beyond that nothing is looked at.
    if len(text) > 2 * MOST_CHARACTERS:
        raise NotANumber
    text = text.strip().translate(_MINUS_SIGNS)
    if len(text) > MOST_CHARACTERS or not _NUMBER.fullmatch(text):
        raise NotANumber
    if _AMBIGUOUS.fullmatch(text):
        raise AmbiguousNumber
    return Decimal(write_number(Decimal(text.replace(",", "."))))
