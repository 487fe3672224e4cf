"""From words to muscles: what somebody says about a pain, in whatever order and case. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

#: Words that say nothing about where.
EMPTY = frozenset({
    "a", "an", "and", "are", "as", "at", "by", "can", "cannot", "cant", "does", "for", "from", "have", "he", "i", "in",
    "into", "is", "it", "its", "me", "my", "near", "of", "off", "on", "or", "over", "she", "that", "the", "their",
    "there", "they", "this", "to", "when", "where", "which", "while", "who", "with", "without", "your",
})  # fmt: skip
#: What people say beside what the atlas says, by its stem.
ALSO: Mapping[str, tuple[str, ...]] = {
    "behind": ("back",),
    "belly": ("abdomen",),
    "bottom": ("buttock",),
    "bum": ("buttock",),
    "calves": ("calf",),
    "finger": ("hand",),
    "forehead": ("head",),
    "glute": ("gluteus", "buttock"),
    "loin": ("low back",),
    "lumbar": ("low back",),
    "nape": ("neck",),
    "ql": ("quadratus lumborum",),
    "scapula": ("shoulder blade",),
    "sciatica": ("sciatic",),
    "scm": ("sternocleidomastoid",),
    "shin": ("lower leg",),
    "si": ("sacroiliac",),
    "stomach": ("abdomen",),
    "throat": ("neck",),
    "tummy": ("abdomen",),
}
_WORD = re.compile(r"[^\W_]+")
_BESIDE = re.compile(r"[;,](?!\s*with)")
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ful|ness|ed|es|(?<!s)s|er|e)$")


def stem(word: str) -> str:
    """A word without its commonest ending, so that one and many, low and lower, dizzy and dizziness meet."""
    short = _ENDING.sub("", word)
    return f"{short[:-1]}i" if short.endswith("y") else short


#: Words that nearly every complaint has: they help to put the better first and exclude nothing.
WEAK = frozenset(map(stem, (
    "ache", "commonly", "complaint", "described", "feels", "hurts", "muscle", "pain", "painful", "refers", "referred",
    "sore", "symptom",
)))  # fmt: skip


def words_of(text: str) -> list[str]:
    """Words in small letters, without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("'", "")).casefold()
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def complaints_of(text: str) -> list[str]:
    """A sentence of typical complaints as a list of them."""
    found = (part.strip(" .") for part in _BESIDE.split(text))
    return [part[:1].upper() + part[1:] for part in found if part]


@dataclass(frozen=True)
class Entry:
    """What a muscle is found by: texts, the most telling first (name, complaint, referral, regions)."""

    code: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """Codes, the best first. `loose`: nothing has all the words; `read_as`: words that were taken for others."""

    codes: tuple[str, ...]
    loose: bool = False
    read_as: tuple[tuple[str, str], ...] = ()


def search(entries: Sequence[Entry], query: str) -> Found:
    """The muscles whose texts have every telling word of the query, or, if none has, some of them."""
    stems = {entry.code: [[stem(word) for word in words_of(text)] for text in entry.texts] for entry in entries}
    known = {word: stem(word) for entry in entries for text in entry.texts for word in words_of(text)}
    asked = [word for word in dict.fromkeys(words_of(query)) if word not in EMPTY]
    corrected, wanted = [], []
    for word in asked:
        ways = _ways(word)
        if not any(_meets(way, fields) for way in ways for fields in stems.values()):
            near = get_close_matches(word, known, n=1, cutoff=0.78) if len(word) > 3 else []
            if near:
                corrected.append((word, near[0]))
                ways = _ways(near[0])
        wanted.append(ways)
    telling = [ways for ways in wanted if ways[0][0] not in WEAK] or wanted
    if not telling:
        return Found(())
    scores: list[tuple[int, int, int, str]] = []
    for place, entry in enumerate(entries):
        hits = [max((_meets(way, stems[entry.code]) for way in ways), default=0) for ways in telling]
        if any(hits):
            extra = sum(max((_meets(way, stems[entry.code]) for way in ways), default=0) for ways in wanted)
            scores.append((-sum(map(bool, hits)), -extra, place, entry.code))
    best = [row for row in scores if -row[0] == len(telling)]
    return Found(tuple(row[-1] for row in sorted(best or scores)), not best and bool(scores), tuple(corrected))


def _ways(word: str) -> list[list[str]]:
    """The stems of a word, and of what else it may be called."""
    short = stem(word)
    also = [*(ALSO.get(word) or ALSO.get(short) or ())]
    if short.endswith("ach") and len(short) > 4:  # an ache of the head, the back, the ear
        also.append(short.removesuffix("ach"))
    return [[short], *([stem(part) for part in phrase.split()] for phrase in also)]


def _meets(way: Iterable[str], fields: Sequence[Sequence[str]]) -> int:
    """How telling the best text is in which every stem of a way begins a word; 0 for none."""
    way = list(way)
    for place, words in enumerate(fields):
        if all(any(word.startswith(part) for word in words) for part in way):
            return len(fields) - place
    return 0
