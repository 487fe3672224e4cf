"""Lists of revoked and suspended credentials."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.badges.exceptions import BadgeError
from lms.certification.badges.multibase import base64url
from lms.certification.badges.status_list import (
    LEAST,
    MOST,
    decoded,
    encoded,
    is_set,
    status_list_credential,
    statuses,
)
from tests.lms.certification.badges.making import AT, ISSUER, PLACE, REVOCATION, SUSPENSION, badge

PLACES = st.sets(st.integers(0, LEAST - 1), max_size=40)


@given(PLACES, st.sampled_from([LEAST, LEAST + 8, LEAST * 2]))
def test_a_list_survives_being_encoded(places: set[int], length: int) -> None:
    bits = decoded(encoded(places, length=length))
    assert len(bits) * 8 == length
    assert all(is_set(bits, place) for place in places)
    assert sum(byte.bit_count() for byte in bits) == len(places)


@given(PLACES)
def test_equal_lists_are_equal_text(places: set[int]) -> None:
    assert encoded(places) == encoded(sorted(places, reverse=True))


def test_place_0_is_the_left_most_bit() -> None:
    assert decoded(encoded([0]))[:2] == b"\x80\x00"
    assert decoded(encoded([7, 8]))[:2] == b"\x01\x80"


def test_the_published_empty_list_is_read() -> None:
    """Source: W3C Bitstring Status List 1.0, example "BitstringStatusListCredential"."""
    text = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert decoded(text) == bytes(LEAST // 8)


@pytest.mark.parametrize("place", [-1, LEAST])
def test_a_place_outside_the_list_is_refused(place: int) -> None:
    with pytest.raises(BadgeError):
        encoded([place])
    with pytest.raises(BadgeError):
        is_set(bytes(LEAST // 8), place)


@pytest.mark.parametrize("length", [0, 8, LEAST - 8, LEAST + 1, MOST + 8])
def test_a_list_too_short_too_long_or_uneven_is_refused(length: int) -> None:
    with pytest.raises(BadgeError):
        encoded([], length=length)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "u",
        "H4sIAAAAAAAAA",
        "u!!!!",
        encoded([1])[:-8],
        encoded([1]) + "AAAA",
        "u" + base64url(gzip.compress(bytes(LEAST // 8 - 1))),
        "u" + base64url(gzip.compress(bytes(MOST // 8 + 1))),
        "u" + base64url(bytes(LEAST // 8)),
    ],
)
def test_a_list_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadgeError) as refused:
        decoded(text)
    assert refused.value.code == "status_list"


@given(st.text(max_size=80))
def test_any_text_is_a_list_or_refused_with_its_code(text: str) -> None:
    with pytest.raises(BadgeError) as refused:
        decoded("u" + text)
    assert refused.value.code == "status_list"


def served(revoked: list[int], suspended: list[int]) -> list[dict[str, object]]:
    return [
        status_list_credential(REVOCATION, issuer=ISSUER.id, purpose="revocation", places=revoked, valid_from=AT),
        status_list_credential(SUSPENSION, issuer=ISSUER.id, purpose="suspension", places=suspended, valid_from=AT),
    ]


def test_a_badge_learns_its_status_from_its_place() -> None:
    assert statuses(badge(), served([], [])) == {"revocation": False, "suspension": False}
    assert statuses(badge(), served([PLACE], [PLACE + 1])) == {"revocation": True, "suspension": False}
    assert statuses(badge(), served([], [PLACE])) == {"revocation": False, "suspension": True}
    assert statuses({}, []) == {}


def test_a_status_that_cannot_be_read_is_not_a_good_one() -> None:
    revocation, suspension = served([], [])
    for lists in ([], [revocation], [revocation, {**suspension, "credentialSubject": revocation["credentialSubject"]}]):
        with pytest.raises(BadgeError):
            statuses(badge(), lists)
    for fault in ({"statusListIndex": "-1"}, {"statusListIndex": str(LEAST)}, {"statusPurpose": None}):
        entry = {**badge()["credentialStatus"][0], **fault}
        with pytest.raises(BadgeError):
            statuses({"credentialStatus": entry}, [revocation])
