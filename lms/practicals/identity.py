"""Notices when a note would tell who a client is. Pure.

A rule of thumb, not a proof: it refuses what names people, dates of birth and ways to reach somebody look like, and
says what it found, so that the writer can take it out. A first name that stands alone escapes it, and two words of a
heading in capitals may be taken for a name: written small they pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: A word that begins with a letter. Whether it could be a name is asked of its letters: a name need not be English.
_WORD = r"[^\W\d_][\w'’-]*"
_TITLE = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Madam|Mister)\.?[ \t\xa0]+({_WORD})")
_NAMED = re.compile(
    r"\b(?i:named|called|name is|name was|(?:client|patient|husband|wife|son|daughter|mother|father))[,:]?"
    rf"[ \t\xa0]+({_WORD}(?:[ \t\xa0]+{_WORD}){{0,2}})"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_NUMBERS = re.compile(r"(?<![\w.])[+(]{0,2}\d+(?:[ .()\xa0-]{1,2}\d+|/\d{5,})*(?!\w)")
_BIRTH = re.compile(
    r"\b(?:(?i:born|dob|d\.o\.b\.|date of birth)\b.{0,20}\d"
    r"|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}\b|(?:19|20)\d{2}-\d{2}-\d{2}\b)"
)
_PAIR = re.compile(rf"(?<![\w'’-])(?P<first>{_WORD})(?=[ \t\xa0]+(?P<second>{_WORD}))")
_INITIAL = re.compile(rf"(?<![\w'’-])(?P<first>{_WORD})[ \t\xa0]+[^\W\d_]\.(?![\w.])")
#: Names that tests and methods bear, and months that people are called by: no client's beside a term or each other.
EPONYMS = """
spurling travell simons lief jones prudden kellgren thomas ober phalen tinel adson roos neer hawkins kennedy patrick
faber trendelenburg finkelstein lasegue kemp yergason speed apley april may june august
"""
#: Words that sentences and headings write with a capital: terms of the trade, days, months, peoples, small words.
TERMS = """
a after also an and as at because before both but by client during each for from gave had he held her his if in it
its left mild negative no not on one positive right severe she slight some that the their then these they this those
two under we when while with without
trigger point points positional release pressure soap note notes spray stretch stretching range motion low lower
upper middle deep superficial anterior posterior lateral medial left right back visual analogue analog numeric
rating scale pain neck shoulder head headache arm hand wrist elbow hip knee leg foot ankle chest jaw spine thoracic
lumbar cervical sacral pelvic muscle muscles trapezius sternocleidomastoid scalene scalenes levator scapulae
splenius capitis cervicis suboccipital suboccipitals occipitalis masseter temporalis pterygoid infraspinatus
supraspinatus subscapularis teres minor major minimus medius maximus brevis longus rhomboid rhomboids deltoid
pectoralis serratus latissimus dorsi quadratus lumborum iliopsoas psoas iliacus piriformis gluteus tensor fasciae
latae hamstring hamstrings quadriceps rectus femoris vastus lateralis medialis adductor gastrocnemius soleus
tibialis peroneus biceps triceps brachii brachioradialis extensor flexor carpi radialis ulnaris digitorum erector
spinae multifidus rotator cuff monday tuesday wednesday thursday friday saturday sunday january february march july
september october november december emergency same day refer defer local clear red flag flags slump straight raise
north south east west american british european english spanish french german swedish neuromuscular therapy massage
treatment technique techniques session sessions case report reports study file client clients patient health
questionnaire history intake consent baseline assessment re-assessment reassessment palpation finding findings
formulation dosage dose response plan goal goals limits limitation limitations discussion introduction background
conclusion summary outcome outcomes measure measures aftercare self-care care active passive test tests chronic
acute recurrent persistent widespread tension type office desk worker adult older elderly nurse runner musician
teacher driver student woman man following after before with without from during gliding strokes school clinic
practice community outreach home visit trp whiplash injury
"""
_EPONYMS, _TERMS = frozenset(EPONYMS.split()), frozenset(TERMS.split())


def _plain(word: str) -> str:
    return re.sub(r"['’]s?$", "", word).lower()


def _could_name(word: str) -> bool:
    """Begins with a capital, goes on in small letters, and is no term of the trade."""
    return word[0].isupper() and any(letter.islower() for letter in word) and _plain(word) not in _TERMS


def _pairs(text: str) -> Iterator[str]:
    """Two words with a capital, side by side, neither of them a term."""
    for match in _PAIR.finditer(text):
        first, second = match["first"], match["second"]
        if min(len(first), len(second)) < 3 or not (_could_name(first) and _could_name(second)):
            continue
        if not {_plain(first), _plain(second)} <= _EPONYMS:
            yield text[match.start() : match.end("second")]


def _titled_or_named(text: str) -> Iterator[str]:
    for match in _TITLE.finditer(text):
        if match[1][0].isupper() and not (match[0].startswith("Dr") and _plain(match[1]) in _EPONYMS):
            yield match[0]
    for match in _NAMED.finditer(text):
        words = match[1].split()
        if _could_name(words[0]):
            yield " ".join(words[: next((n for n, word in enumerate(words) if not _could_name(word)), len(words))])


def _initialled(text: str) -> Iterator[str]:
    for match in _INITIAL.finditer(text):
        if _could_name(match["first"]) and match[0][-2].isupper():
            yield match[0]


def _reachable(text: str) -> Iterator[str]:
    """Numbers by which somebody could be called: long enough, and not a row of measurements or years."""
    for match in _NUMBERS.finditer(text):
        groups = re.findall(r"\d+", match[0])
        is_marked = match[0].startswith(("+", "(", "0"))
        has_long = any(len(group) > 3 and not re.fullmatch(r"(?:19|20)\d\d", group) for group in groups)
        if sum(map(len, groups)) >= (8 if is_marked else 9) and (is_marked or has_long):
            yield match[0]


def identifying(text: str) -> list[str]:
    """The pieces of a text that look as if they told who somebody is, in order; none is good."""
    found = [match[0] for pattern in (_MAIL, _BIRTH) for match in pattern.finditer(text)]
    found += [*_titled_or_named(text), *_reachable(text), *_initialled(text), *_pairs(text)]
    whole = [piece for piece in set(found) if not any(piece != other and piece in other for other in found)]
    return sorted(whole, key=lambda piece: (text.find(piece), piece))
