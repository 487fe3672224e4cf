"""Certificate numbers: read aloud, typed badly, or made up."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.numbers import ALPHABET, LENGTH, check_character, new_number, normalised, written

bodies = st.text(alphabet=ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)
numbers = bodies.map(lambda body: written(body + check_character(body)))


def digits(number: str) -> str:
    return number.removeprefix("NMT-").replace("-", "")


@given(st.integers())
def test_a_new_number_has_the_printed_form_and_reads_back(seed: int) -> None:
    number = new_number(random.Random(seed))
    assert re.fullmatch(r"NMT-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", number)
    assert normalised(number) == number


@given(numbers, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_caught(number: str, place: int, wrong: str) -> None:
    right = digits(number)
    changed = right[:place] + wrong + right[place + 1 :]
    assert (normalised(written(changed)) == number) == (changed == right)
    assert changed == right or normalised(written(changed)) is None


def test_every_single_wrong_character_of_one_number_is_caught() -> None:
    right = digits(new_number(random.Random(7)))
    wrong = {right[:at] + other + right[at + 1 :] for at in range(LENGTH) for other in ALPHABET} - {right}
    assert len(wrong) == LENGTH * (len(ALPHABET) - 1)
    assert {normalised(written(text)) for text in wrong} == {None}


@given(numbers, st.integers(0, LENGTH - 2))
def test_swapped_neighbours_are_caught_but_for_one_pair(number: str, place: int) -> None:
    right = digits(number)
    pair = right[place : place + 2]
    swapped = right[:place] + pair[::-1] + right[place + 2 :]
    if swapped != right and set(pair) != {ALPHABET[0], ALPHABET[-1]}:
        assert normalised(written(swapped)) is None


@given(numbers, st.sampled_from([" ", "-", ".", "/", "\t", " - ", "–"]), st.booleans(), st.booleans())
def test_it_may_be_typed_with_any_spacing_case_and_without_the_prefix(
    number: str, gap: str, lower: bool, bare: bool
) -> None:
    text = gap.join([*([] if bare else ["NMT"]), digits(number)[:5], digits(number)[5:]])
    assert normalised(f"  {text.lower() if lower else text} ") == number


@given(numbers)
def test_characters_that_look_alike_are_taken_for_what_was_meant(number: str) -> None:
    head, tail = "NMT-", number.removeprefix("NMT-")
    for meant, typed in (("0", "O"), ("1", "I"), ("1", "l"), ("0", "o")):
        assert normalised(head + tail.replace(meant, typed)) == number


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_nothing(text: str) -> None:
    found = normalised(text)
    assert found is None or normalised(found) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NMT",
        "NMT-",
        "NMT-7K3F9",
        "NMT-7K3F9-QXM4C-1",
        "NMT-UUUUU-UUUUU",
        "7K3F9-QXM4",
        "NMT-٣٣٣٣٣-٣٣٣٣٣",
        "😀" * 10,
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert normalised(text) is None


def test_a_number_that_begins_with_the_letters_of_the_prefix_is_read_with_and_without_it() -> None:
    body = "NMTABCDEF"
    number = written(body + check_character(body))
    assert normalised(number) == number
    assert normalised(digits(number)) == number


def test_numbers_are_hard_to_guess() -> None:
    """32 ** 9 bodies: somebody who tries a million finds none of ten thousand certificates, most likely."""
    assert len(set(ALPHABET)) == 32
    assert (32**9) / 10_000 > 3e9
    rng = random.Random(1)
    assert len({new_number(rng) for _ in range(2_000)}) == 2_000
