"""Certificate numbers: easy to read out, hard to guess, and with a check character. Pure.

`NMT-7K3F9-QXM4C`: nine random characters of Crockford's base 32 (45 bits) and a check character by the Luhn mod N
algorithm (N = 32), which catches any single wrong character and most swapped neighbours.
Source of the alphabet: D. Crockford, Base 32, https://www.crockford.com/base32.html.
"""

from __future__ import annotations

import random

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "NMT"
LENGTH = 10
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def check_character(body: str) -> str:
    """The Luhn mod N check character of `body`."""
    total, factor = 0, 2
    for character in reversed(body):
        product = ALPHABET.index(character) * factor
        total += product // len(ALPHABET) + product % len(ALPHABET)
        factor = 3 - factor
    return ALPHABET[-total % len(ALPHABET)]


def new_number(rng: random.Random) -> str:
    """A fresh number; pass a `random.SystemRandom` for real ones."""
    body = "".join(rng.choice(ALPHABET) for _ in range(LENGTH - 1))
    return written(body + check_character(body))


def written(digits: str) -> str:
    """Ten characters as they are printed."""
    return f"{PREFIX}-{digits[:5]}-{digits[5:]}"


def normalised(text: str) -> str | None:
    """What a person typed or scanned, as the number is stored; None when it cannot be one."""
    bare = "".join(character for character in text.upper() if character.isascii() and character.isalnum())
    if len(bare) > LENGTH:
        bare = bare.removeprefix(PREFIX)
    bare = bare.translate(_LOOKALIKES)
    if len(bare) != LENGTH or any(character not in ALPHABET for character in bare):
        return None
    if check_character(bare[:-1]) != bare[-1]:
        return None
    return written(bare)
