"""What somebody says about a pain leads to the muscles, whatever the order and the case."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.knowledge.atlas_search import EMPTY, Entry, complaints_of, search, stem, words_of

ENTRIES = [
    Entry("A", ("Upper trapezius", "Temple headache of tension type, tight shoulders.", "temple; jaw", "Head Jaw")),
    Entry("B", ("Temporalis", "Temple headache.", "temple; upper teeth", "Head Jaw")),
    Entry("C", ("Splenius capitis", "Pain on top of the head.", "vertex; eye and temple", "Head")),
    Entry("D", ("Quadratus lumborum", "Low back pain, hard to turn in bed.", "side of the hip; groin", "Low back Hip")),
    Entry("E", ("Hamstrings (biceps femoris)", "Pain on sitting.", "lower buttock; back of thigh", "Buttock")),
    Entry("F", ("Gastrocnemius", "Night cramp.", "calf; instep", "Back of the lower leg Back of the knee")),
    Entry("G", ("Masseter", "Jaw pain, clenching.", "ear; jaw", "Jaw")),
]


def codes(query: str) -> list[str]:
    return list(search(ENTRIES, query).codes)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("headache at the temple", ["A", "B", "C"]),
        ("TEMPLE  Headaches", ["A", "B", "C"]),
        ("ql", ["D"]),
        ("lower back pain", ["D", "E", "F"]),
        ("pain behind the knee", ["F"]),
        ("earache", ["G"]),
        ("bum", ["E"]),
        ("trap", ["A"]),
        ("biceps femoris", ["E"]),
        ("pain", ["C", "D", "E", "G"]),
        ("xyzzy", []),
        ("where is it", []),
        ("", []),
    ],
)
def test_words_lead_to_muscles_the_better_first(query: str, found: list[str]) -> None:
    assert sorted(codes(query)) == sorted(found)
    assert codes(query)[:1] == found[:1]


def test_where_nothing_has_all_the_words_some_of_them_will_do() -> None:
    found = search(ENTRIES, "groin clenching")
    assert found.loose
    assert sorted(found.codes) == ["D", "G"]
    assert not search(ENTRIES, "groin").loose


def test_a_slip_of_the_pen_is_read_and_told() -> None:
    found = search(ENTRIES, "quadratus lumborun")
    assert found.codes == ("D",)
    assert found.read_as == (("lumborun", "lumborum"),)
    assert not search(ENTRIES, "lumborum").read_as


@given(st.sampled_from(ENTRIES), st.integers(0, 3), st.randoms(use_true_random=False))
def test_every_text_of_a_muscle_finds_it_in_any_order_and_case(entry: Entry, which: int, chance: random.Random) -> None:
    words = [word for word in words_of(entry.texts[which]) if word not in EMPTY]
    chance.shuffle(words)
    found = search(ENTRIES, " ".join(word.upper() if chance.random() < 0.5 else word for word in words))
    assert entry.code in found.codes
    assert not found.loose
    assert not found.read_as


@given(st.text(max_size=60))
def test_whatever_is_written_gives_an_answer_without_repetition(query: str) -> None:
    found = codes(query)
    assert len(set(found)) == len(found)
    assert set(found) <= {entry.code for entry in ENTRIES}


@given(st.from_regex(r"[a-z]{1,15}", fullmatch=True))
def test_a_stem_is_never_empty_nor_longer_than_its_word(word: str) -> None:
    assert 1 <= len(stem(word)) <= len(word)


def test_complaints_of_a_sentence() -> None:
    assert complaints_of("Temple headache, tight shoulders.") == ["Temple headache", "Tight shoulders"]
    assert complaints_of("Ache; pain like sciatica, without weakness.") == [
        "Ache",
        "Pain like sciatica, without weakness",
    ]
    assert complaints_of("") == []
