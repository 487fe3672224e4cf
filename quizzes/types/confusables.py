"""Words that a slip must never turn into each other: near in spelling, another thing in the body.

A tolerance for typing errors that knows no anatomy takes adduction for abduction. The words below are looked
at before any slip is forgiven. Three kinds of knowledge: groups of whole words, beginnings that change the
meaning of whatever follows (hyper-, hypo-), and endings that do the same (-itis, -osis). Lower case throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from quizzes.types.spelling import MOST_LETTERS, slips_between

# Each line is a group. Plurals and adverbs follow from the words.
_GROUPS = """
ilium ileum ileus
ilia ilea
iliac ileac ileal iliacus
peroneal perineal peritoneal perinatal
peroneum perineum peritoneum perineurium perimysium
peroneus perineus peritoneus
major minor
maximus medius minimus
maxima media minima
medial lateral median mesial maximal minimal
medialis lateralis intermedius medianus
maximum medium minimum
anterior posterior interior exterior inferior superior ulterior
proximal distal dorsal ventral central
cranial caudal crural cruciate coronal frontal sagittal
rostral costal coastal coxal
left right
acute chronic subacute
afferent efferent
ascending descending
origin insertion
contraindicated indicated
malleus malleolus incus
malleoli mallei
cervical vertical cortical critical
cervix cortex vertex
trochanter trochlea cochlea
trochanteric trochlear cochlear
brachii brachialis brachial branchial bronchial
brachium branchia bronchus
radius radix
radial radical radicular
humeral humoral femoral temporal
palmar plantar
palmaris plantaris
pisiform piriform
piriformis pisiformis
trapezius trapezium trapezoid
rectus rectum
rectal rectus
splenius splenium splenic
vastus vagus
magnus manus
maxilla axilla mandible
coracoid coronoid cricoid choroid
carotid parotid
hyoid thyroid styloid
scaphoid sphenoid
facial fascial faecal
facial fascial fecal
basal nasal
aural oral neural renal adrenal sural
cerebral cerebellar vertebral
cerebrum cerebellum
pharynx larynx phalanx
pharyngeal laryngeal phalangeal
lamina lumina
crest chest breast
joint point
muscular vascular molecular fascicular
sulcus gyrus
valgus varus
hallux pollex
hallucis pollicis
longus brevis
profundus superficialis
pleural neural plural
condyle epicondyle
acromioclavicular sternoclavicular
atlantoaxial atlantooccipital
scapular capsular
biceps triceps quadriceps
flexion flexor flexure
extension extensor extensive distension
reflex reflux
pronation supination
pronator supinator
prone supine
protraction retraction contraction distraction detraction attraction extraction traction contracture
inversion eversion version
invertor evertor
inverter everter
opposition apposition
abduction adduction addiction
innervation denervation reinnervation
enervation
inhibition exhibition
elevation depression
compression decompression
torsion tension
tensor sensor
strain sprain
spastic plastic elastic
palpation palpitation
perfusion profusion effusion infusion diffusion
aspiration respiration inspiration expiration perspiration
percussion concussion
nutation rotation
active passive inactive
latent patent
local focal vocal
referred deferred
referral deferral
refer defer
concentric eccentric
isometric isotonic isokinetic
agonist antagonist
sympathetic parasympathetic
dysphagia dysphasia dysplasia dyspraxia
aphasia aphagia apraxia ataxia
ischaemia anaemia uraemia
ischemia anemia uremia
hyperaemia hypoxaemia
thrombus embolus
spondylosis spondylolysis spondylitis spondylolisthesis
kyphosis lordosis scoliosis
paralysis paresis
paraplegia hemiplegia tetraplegia quadriplegia
bilateral unilateral trilateral ipsilateral contralateral
inner outer
upper lower
sixth sixty sixteen
fifth fifty fifteen
fourth forty fourteen
seventh seventy seventeen
eighth eighty eighteen
ninth ninety nineteen
third thirty thirteen
"""

# Beginnings: whatever follows, another one makes another word.
_BEGINNINGS = (
    ("hyper", "hypo"),
    ("intern", "extern"),
    ("abduc", "adduc"),
    ("invert", "evert"),
    ("maxill", "axill"),
    ("palpat", "palpitat"),
    ("carp", "tars"),
    ("metacarp", "metatars"),
    ("increas", "decreas"),
    ("ascend", "descend"),
    ("effect", "affect"),
    ("infra", "intra"),
    ("inter", "intra"),
)
# The same, but many words begin like this by chance (pressure, trigger): only the other word itself is refused,
# and what lies nearer to it.
_LOOSE_BEGINNINGS = (
    ("supra", "infra", "sub", "super", "inter", "intra", "extra"),
    ("antero", "postero", "infero", "supero"),
    ("medio", "latero"),
    ("dorso", "ventro"),
    ("dorsi", "plantar", "planti", "palmar", "volar"),
    ("ante", "anti", "retro", "post"),
    ("para", "peri", "pre", "post"),
    ("para", "quadri", "hemi", "tetra", "semi"),
    ("endo", "ecto", "exo", "epi", "meso"),
    ("protract", "retract", "distract", "contract"),
    ("ex", "in"),
    ("iso", "aniso"),
    ("macro", "micro"),
    ("uni", "bi", "tri", "quadri"),
    ("mono", "poly"),
    ("brady", "tachy"),
    ("eu", "dys"),
    ("homo", "hetero", "homeo"),
    ("neuro", "nephro", "necro"),
    ("myo", "myelo", "myco", "myxo", "my", "myel"),
    ("arthro", "arterio", "athero"),
    ("osteo", "chondro"),
    ("inclu", "exclu"),
    ("over", "under"),
    ("ipsi", "contra"),
    ("an", "par", "hyper", "hypo"),
)
# Endings, likewise.
_ENDINGS = (
    ("itis", "osis", "olysis", "oma", "algia"),
    ("or", "ion"),
    ("carpal", "tarsal"),
    ("blast", "clast", "cyte"),
    ("ectomy", "otomy", "ostomy"),
    ("genic", "lytic"),
    ("aemia", "uria"),
    ("emia", "uria"),
    ("penia", "philia"),
    ("phasia", "phagia", "plasia", "phonia", "praxia"),
    ("trophic", "tropic"),
    ("trophy", "tropy"),
    ("flexion", "extension"),
    ("medial", "lateral"),
)
# Put before a word they turn its meaning round or undo it; taken away, the same.
_REVERSALS = ("un", "in", "im", "ir", "il", "non", "dis", "dys", "mis", "mal", "ab", "de", "re", "contra")
# “a” and “an” begin so many words that only these stems count.
_PRIVATIVE_STEMS = (
    "symptomatic", "typical", "septic", "symmetr", "vascular", "febrile", "tonic", "tonia", "trophic", "rhythmic",
    "phasic", "synchronous", "biotic", "sthenia", "kinetic", "specific",
)  # fmt: skip
_PRIVATIVE_STEMS_AN = ("aerobic", "algesic", "aesthetic", "esthetic", "hydrous", "ovulatory")
_LEAST_STEM = 4

NEGATIONS = frozenset({
    "not", "no", "never", "without", "nor", "neither", "none", "cannot", "non", "nothing", "nowhere", "lack",
    "lacks", "lacking", "absent", "absence", "except", "unless",
})  # fmt: skip


def mistaken_for(wanted: str, given: str) -> str | None:
    """The other word that `given` is, or may as well be; None if it can only be `wanted` with a slip.

    Both are single words in lower case, letters only. A misspelling that lies as near to a confusable word as
    to the right one is refused too: “aduction” lacks a letter of either.
    """
    if wanted == given:
        return None
    if given in _groups() and not _same_word(wanted, given):
        return given
    near = slips_between(given, wanted, MOST_LETTERS)
    for other in _twins(wanted):
        if slips_between(given, other, near) <= near:
            return other
    # Such a word is made up and often none, so that a mere tie says nothing.
    for other in (*_kin(wanted), *_reversed(wanted)):
        if slips_between(given, other, near) < near:
            return other
    return None


def counterparts(word: str) -> tuple[str, ...]:
    """Words that are never taken for this one, the likeliest first; of the later ones some do not exist."""
    return tuple(dict.fromkeys((*_twins(word), *_kin(word))))


def negations_in(words: list[str]) -> frozenset[str]:
    """The words that turn an answer round. They must be the same on both sides."""
    return NEGATIONS.intersection(words)


@lru_cache(maxsize=1)
def _groups() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for line in _GROUPS.splitlines():
        words = line.split()
        for ending in ("", "s", "ly"):
            for word in words:
                others = dict.fromkeys(other + ending for other in words if other != word)
                found[word + ending] = found.get(word + ending, {}) | others
    return {word: tuple(others) for word, others in found.items()}


def _same_word(one: str, other: str) -> bool:
    """Singular and plural, adjective and adverb, British and American: no two things of the body."""
    one, other = (word.replace("ae", "e").replace("oe", "e") for word in (one, other))
    return one == other or any(one + ending == other or other + ending == one for ending in ("s", "ly"))


@lru_cache(maxsize=2048)
def _twins(word: str) -> tuple[str, ...]:
    found = dict.fromkeys((*_groups().get(word, ()), *_with_other_beginnings(word, _BEGINNINGS)))
    found.pop(word, None)
    return tuple(found)


@lru_cache(maxsize=2048)
def _kin(word: str) -> tuple[str, ...]:
    return (*_with_other_endings(word), *_with_other_beginnings(word, _LOOSE_BEGINNINGS))


def _with_other_beginnings(word: str, families: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    for family in families:
        for beginning in sorted(family, key=len, reverse=True):
            if word.startswith(beginning):
                yield from (other + word[len(beginning) :] for other in family if other != beginning)
                break


def _with_other_endings(word: str) -> Iterator[str]:
    plural = "s" if word.endswith("s") and not word.endswith(("is", "us", "ss")) else ""
    stem = word.removesuffix(plural)
    for family in _ENDINGS:
        for ending in sorted(family, key=len, reverse=True):
            if stem.endswith(ending):
                yield from (stem[: -len(ending)] + other + plural for other in family if other != ending)
                break


@lru_cache(maxsize=2048)
def _reversed(word: str) -> tuple[str, ...]:
    found = [beginning + word for beginning in _REVERSALS]
    found += [
        word[len(beginning) :]
        for beginning in _REVERSALS
        if word.startswith(beginning) and len(word) - len(beginning) >= _LEAST_STEM
    ]
    for beginning, stems in (("a", _PRIVATIVE_STEMS), ("an", _PRIVATIVE_STEMS_AN)):
        if word.startswith(stems):
            found.append(beginning + word)
        elif word.removeprefix(beginning).startswith(stems):
            found.append(word.removeprefix(beginning))
    return tuple(found)
