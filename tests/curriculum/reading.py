"""How hard a text is to read, by the formula of Flesch and Kincaid."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[.!?]+[\"'”’)*]*(?:\s+|$)|\n{2,}")
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)?")
_VOWELS = re.compile(r"[aeiouyà-ÿ]+")


def syllables(word: str) -> int:
    """An estimate: groups of vowels, without a silent e at the end."""
    word = word.lower()
    count = len(_VOWELS.findall(word))
    if word.endswith(("e", "es", "ed")) and not word.endswith(("le", "les", "ted", "ded", "ses", "ces", "ges", "ee")):
        count -= 1
    return max(count, 1)


def grade(text: str) -> float:
    """School years that a text asks for (Kincaid and others, 1975): 0.39 × words per sentence + 11.8 × syllables per
    word - 15.59. Headings and items of lists count as sentences when blank lines part them."""
    words = _WORD.findall(text)
    sentences = [part for part in _SENTENCE.split(text) if _WORD.search(part)]
    if not words:
        return 0.0
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59
