"""Multibase text: `z` for base 58 with Bitcoin's alphabet, `u` for base 64 of URLs without padding.

Source: W3C Controlled Identifiers 1.0, section 2.4 "Multibase".
"""

from __future__ import annotations

import base64
import re

from .exceptions import BadgeError

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE_64 = re.compile(r"[A-Za-z0-9_-]*")
#: Base 58 takes time that grows with the square of the length; keys and signatures are far shorter.
LONGEST = 256


def base58(data: bytes) -> str:
    """Bytes in base 58 with the prefix `z`; leading zero bytes are ones."""
    number = int.from_bytes(data, "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + ALPHABET[0] * zeros + digits


def base64url(data: bytes) -> str:
    """Bytes in base 64 of URLs, without padding and without a prefix."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base58(text: str) -> bytes:
    """The bytes of a text with the prefix `z`; `BadgeError` `unreadable` for anything else."""
    if not text.startswith("z") or len(text) > LONGEST or any(letter not in ALPHABET for letter in text[1:]):
        raise BadgeError("unreadable", "This is not base 58 with its prefix z.")
    number = 0
    for letter in text[1:]:
        number = number * 58 + ALPHABET.index(letter)
    zeros = len(text) - 1 - len(text[1:].lstrip(ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def from_base64url(text: str) -> bytes:
    """The bytes of base 64 of URLs without prefix and padding; `BadgeError` `unreadable` for anything else."""
    if not _BASE_64.fullmatch(text) or len(text) % 4 == 1:
        raise BadgeError("unreadable", "This is not base 64 of URLs without padding.")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64url(data) != text:
        raise BadgeError("unreadable", "This base 64 does not end where its bytes end.")
    return data
