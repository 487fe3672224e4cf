"""Keys and their text forms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.badges.exceptions import BadgeError
from lms.certification.badges.keys import (
    PublishedKey,
    SigningKey,
    controller_document,
    kept_key,
    key_to_keep,
    keys_of,
    new_key,
    public_key,
    secret_multibase,
)
from lms.certification.badges.moments import written
from lms.certification.badges.multibase import base58, base64url, from_base58, from_base64url
from tests.lms.certification.badges.making import AT, CONTROLLER, ISSUER, KEY, NEXT_KEY, vector


@given(st.binary(max_size=80))
def test_bytes_survive_both_text_forms(data: bytes) -> None:
    assert from_base58(base58(data)) == data
    assert from_base64url(base64url(data)) == data


def test_base_58_writes_what_its_draft_publishes() -> None:
    assert base58(b"Hello World!") == "z2NEpo7TZRRrLZSi2U"
    assert base58(bytes.fromhex("0000287fb4cd")) == "z11233QC4"


@pytest.mark.parametrize("text", ["", "2NEpo", "z0", "zO", "zl", "z" + "1" * 300, "z2NEpo7 TZ"])
def test_what_is_not_base_58_is_refused(text: str) -> None:
    with pytest.raises(BadgeError) as refused:
        from_base58(text)
    assert refused.value.code == "unreadable"


@pytest.mark.parametrize("text", ["a", "a=", "ab+/", "AB", "\u00e4b"])
def test_what_is_not_base_64_of_urls_is_refused(text: str) -> None:
    with pytest.raises(BadgeError):
        from_base64url(text)


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_kept_and_read_back_in_both_forms(seed: bytes) -> None:
    key = SigningKey(seed)
    assert kept_key(key_to_keep(key)) == key == kept_key(secret_multibase(key))
    assert len(key_to_keep(key)) == 43
    assert key.public_multibase.startswith("z6Mk")
    assert public_key(key.public_multibase) == key.public


def test_a_published_pair_of_keys_belongs_together() -> None:
    for name in ("w3c-eddsa-rdfc-2022.json",):
        published = vector(name)
        assert kept_key(published["secretKeyMultibase"]).public_multibase == published["publicKeyMultibase"]


def test_new_keys_differ_and_do_not_show_their_secret() -> None:
    first, second = new_key(), new_key()
    assert first != second
    assert key_to_keep(first) not in repr(first)
    assert str(list(first.seed)) not in repr(first)
    assert repr(first.seed) not in repr(first)


@pytest.mark.parametrize("text", ["", "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", "A" * 42, "z" * 43 + "="])
def test_what_is_no_secret_key_is_refused(text: str) -> None:
    with pytest.raises(BadgeError):
        kept_key(text)


def test_a_secret_key_is_no_public_key() -> None:
    with pytest.raises(BadgeError):
        public_key(secret_multibase(KEY))


def test_the_controller_document_tells_who_the_issuer_is_and_lists_every_key() -> None:
    assert CONTROLLER["id"] == ISSUER.id
    assert CONTROLLER["type"] == ["Profile"]
    assert (CONTROLLER["name"], CONTROLLER["url"], CONTROLLER["email"]) == (ISSUER.name, ISSUER.url, ISSUER.email)
    assert CONTROLLER["assertionMethod"] == [f"{ISSUER.id}#{key.public_multibase}" for key in (KEY, NEXT_KEY)]
    assert {method["controller"] for method in CONTROLLER["verificationMethod"]} == {ISSUER.id}
    assert sorted(keys_of(CONTROLLER).values()) == sorted([KEY.public, NEXT_KEY.public])


def test_a_revoked_key_is_still_shown_but_verifies_nothing() -> None:
    document = controller_document(
        ISSUER, [PublishedKey(KEY.public_multibase, revoked_at=AT), PublishedKey(NEXT_KEY.public_multibase)]
    )
    assert document["verificationMethod"][0]["revoked"] == written(AT)
    assert list(keys_of(document).values()) == [NEXT_KEY.public]


def test_keys_of_others_in_a_controller_document_are_left_out() -> None:
    method = {**CONTROLLER["verificationMethod"][0], "controller": "https://elsewhere.example/"}
    assert keys_of({**CONTROLLER, "verificationMethod": [method]}) == {}


def test_a_moment_is_written_in_utc_and_whole_seconds() -> None:
    assert written(AT + timedelta(microseconds=5)) == "2026-11-02T10:00:00Z"
    with pytest.raises(ValueError, match="time zone"):
        written(AT.replace(tzinfo=None))
