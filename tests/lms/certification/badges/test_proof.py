"""Signatures: the published examples come out the same, and nothing can be changed, added or left out."""

from __future__ import annotations

import copy
import hashlib
import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.badges import documents, proof
from lms.certification.badges.canonical import canonical
from lms.certification.badges.credential import verify
from lms.certification.badges.exceptions import BadgeError
from lms.certification.badges.keys import SigningKey, kept_key, keys_of, method_id, public_key
from tests.lms.certification.badges.making import (
    AT,
    CONTROLLER,
    ISSUER,
    KEY,
    NEXT_KEY,
    badge,
    changed,
    places,
    signed_badge,
    vector,
)

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
SIGNED = signed_badge()
KEYS = keys_of(CONTROLLER)


def with_examples(url: str) -> dict[str, Any]:
    """The vocabulary of W3C's examples, which platforms have no use for, beside the shipped ones."""
    if url == EXAMPLES:
        return {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
    return documents.bundled(url)


def key_of(published: dict[str, Any]) -> SigningKey:
    if "secretKeyHex" in published:
        return SigningKey(bytes.fromhex(published["secretKeyHex"]))
    return kept_key(published["secretKeyMultibase"])


@pytest.fixture(params=["w3c-eddsa-rdfc-2022.json", "ob-3.0-implementation-guide.json"])
def published(request: pytest.FixtureRequest) -> dict[str, Any]:
    return vector(request.param)


def test_the_published_hashes_come_out(published: dict[str, Any]) -> None:
    document = {name: value for name, value in published["signed"].items() if name != "proof"}
    options = {name: value for name, value in published["signed"]["proof"].items() if name != "proofValue"}
    for part, digest in ((document, "documentHash"), ({"@context": document["@context"], **options}, "proofHash")):
        lines = canonical(part, with_examples)
        assert hashlib.sha256(lines.encode()).hexdigest() == published[digest]


def test_the_published_signature_comes_out(published: dict[str, Any]) -> None:
    signed = published["signed"]
    bare = {name: value for name, value in signed.items() if name != "proof"}
    at = datetime.strptime(signed["proof"]["created"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    method = signed["proof"]["verificationMethod"]
    assert proof.sign(bare, key=key_of(published), method=method, at=at, contexts=with_examples) == signed


def test_the_published_credential_verifies_and_a_changed_one_does_not(published: dict[str, Any]) -> None:
    signed = published["signed"]
    keys = {signed["proof"]["verificationMethod"]: public_key(published["publicKeyMultibase"])}
    proof.verify(signed, keys=keys, contexts=with_examples)
    for path, is_key in places(signed):
        with pytest.raises(BadgeError):
            proof.verify(changed(signed, path, 3, is_key=is_key), keys=keys, contexts=with_examples)


def test_a_signed_badge_verifies_whatever_the_order_of_its_members() -> None:
    verify(SIGNED, controller=CONTROLLER)
    verify(json.loads(json.dumps(dict(reversed(SIGNED.items())), sort_keys=True)), controller=CONTROLLER)


def test_a_changed_letter_in_any_text_or_name_is_refused() -> None:
    chance = random.Random(7)
    for path, is_key in places(SIGNED):
        with pytest.raises(BadgeError):
            verify(changed(SIGNED, path, chance.randrange(1000), is_key=is_key), controller=CONTROLLER)


@given(st.data())
def test_a_changed_letter_at_any_place_is_refused(data: st.DataObject) -> None:
    path, is_key = data.draw(st.sampled_from(list(places(SIGNED))))
    with pytest.raises(BadgeError):
        verify(changed(SIGNED, path, data.draw(st.integers(0, 400)), is_key=is_key), controller=CONTROLLER)


def test_what_is_turned_removed_or_added_is_refused() -> None:
    for edit in (
        lambda badge: badge["credentialSubject"]["identifier"][1].update(hashed=True),
        lambda badge: badge["credentialSubject"]["identifier"].pop(),
        lambda badge: badge.pop("validUntil"),
        lambda badge: badge.pop("credentialStatus"),
        lambda badge: badge.update(description="Summa cum laude"),
        lambda badge: badge["credentialSubject"].update(licenseNumber="1"),
    ):
        other = copy.deepcopy(SIGNED)
        edit(other)
        with pytest.raises(BadgeError) as refused:
            verify(other, controller=CONTROLLER)
        assert refused.value.code == "signature"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("honours", "with distinction"),
        ("@language", "en"),
        ("@graph", []),
        ("@index", "with distinction"),
        ("nothing", None),
    ],
)
def test_what_a_signature_would_not_cover_cannot_be_slipped_in(member: str, value: Any) -> None:
    for holder in (lambda badge: badge, lambda badge: badge["credentialSubject"], lambda badge: badge["issuer"]):
        other = copy.deepcopy(SIGNED)
        holder(other)[member] = value
        with pytest.raises(BadgeError) as refused:
            verify(other, controller=CONTROLLER)
        assert refused.value.code == "form"


def test_types_and_addresses_that_mean_nothing_cannot_be_slipped_in() -> None:
    for edit in (
        lambda badge: badge.update(type=[*badge["type"], "DoctorOfMedicine"]),
        lambda badge: badge["evidence"].append({"id": "grades", "type": ["Evidence"]}),
    ):
        other = copy.deepcopy(SIGNED)
        edit(other)
        with pytest.raises(BadgeError) as refused:
            verify(other, controller=CONTROLLER)
        assert refused.value.code == "form"


def test_what_has_no_meaning_is_not_signed_in_the_first_place() -> None:
    with pytest.raises(BadgeError) as refused:
        proof.sign({**badge(), "honours": "yes"}, key=KEY, method="https://school.example/#k", at=AT)
    assert refused.value.code == "form"


def test_a_credential_is_not_signed_twice() -> None:
    with pytest.raises(BadgeError):
        proof.sign(SIGNED, key=KEY, method="https://school.example/#k", at=AT)


def test_an_exchanged_key_goes_on_verifying_and_a_foreign_one_never_does() -> None:
    verify(signed_badge(), controller=CONTROLLER)
    only_next = {**CONTROLLER, "assertionMethod": CONTROLLER["assertionMethod"][1:]}
    with pytest.raises(BadgeError) as refused:
        verify(SIGNED, controller=only_next)
    assert refused.value.code == "unknown_key"
    forged = proof.sign(badge(), key=SigningKey(b"\x07" * 32), method=method_id(ISSUER.id, KEY.public_multibase), at=AT)
    with pytest.raises(BadgeError) as refused:
        verify(forged, controller=CONTROLLER)
    assert refused.value.code == "signature"


def test_another_issuer_cannot_be_named() -> None:
    with pytest.raises(BadgeError) as refused:
        verify({**SIGNED, "issuer": "https://elsewhere.example/"}, controller=CONTROLLER)
    assert refused.value.code == "issuer"


def test_of_several_proofs_each_by_a_known_key_must_hold() -> None:
    second = proof.sign(badge(), key=NEXT_KEY, method=method_id(ISSUER.id, NEXT_KEY.public_multibase), at=AT)["proof"]
    proof.verify({**SIGNED, "proof": [SIGNED["proof"][0], second]}, keys=KEYS)
    broken = {**second, "created": "2026-11-02T10:00:01Z"}
    with pytest.raises(BadgeError):
        proof.verify({**SIGNED, "proof": [SIGNED["proof"][0], broken]}, keys=KEYS)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"proof": []}, "unsigned"),
        ({"proof": None}, "proof_form"),
        ({"proof": "z123"}, "proof_form"),
        ({"proof": {**SIGNED["proof"][0], "cryptosuite": "eddsa-jcs-2022"}}, "proof_form"),
        ({"proof": {**SIGNED["proof"][0], "proofPurpose": "authentication"}}, "proof_form"),
        ({"proof": {**SIGNED["proof"][0], "expires": "2030-01-01T00:00:00Z"}}, "proof_form"),
        ({"proof": {**SIGNED["proof"][0], "proofValue": 7}}, "proof_form"),
        ({"proof": {**SIGNED["proof"][0], "proofValue": "z"}}, "signature"),
        ({"proof": {**SIGNED["proof"][0], "proofValue": "m0O"}}, "signature"),
        ({"proof": {**SIGNED["proof"][0], "@context": [EXAMPLES]}}, "proof_form"),
        ({"@context": [*SIGNED["@context"], EXAMPLES]}, "context"),
        ({"@context": [*SIGNED["@context"], {"honours": "https://example.org/honours"}]}, "context"),
        ({"@context": {}}, "context"),
        ({"name": "Neuromuscular\x00"}, "form"),
        ({"name": "\ud800"}, "form"),
        ({"evidence": [{"type": ["Evidence"]}] * 1500}, "form"),
    ],
)
def test_each_fault_has_its_code(change: dict[str, Any], code: str) -> None:
    with pytest.raises(BadgeError) as refused:
        proof.verify({**SIGNED, **change}, keys=KEYS)
    assert refused.value.code == code


def test_a_document_made_to_take_for_ever_is_refused_soon() -> None:
    """Two nameless nodes, each with twelve that look alike: to tell them apart takes 12! comparisons."""
    twin = {"description": [{"narrative": "x"} for _ in range(12)]}
    with pytest.raises(BadgeError, match="repeats itself") as refused:
        proof.verify({**SIGNED, "narrative": [twin, twin]}, keys=KEYS)
    assert refused.value.code == "form"


def test_the_labels_of_nameless_nodes_cannot_be_used_to_tie_knots() -> None:
    with pytest.raises(BadgeError) as refused:
        proof.verify({**SIGNED, "evidence": [{"id": "_:a", "type": ["Evidence"]}]}, keys=KEYS)
    assert refused.value.code == "form"


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
names = st.sampled_from([*SIGNED, "id", "type", "identifier", "achievement", "criteria", "proof"])
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3))


@given(st.dictionaries(names, values, max_size=5))
def test_whatever_is_handed_in_is_refused_with_a_code(other: dict[str, Any]) -> None:
    meant = canonical(badge(), documents.bundled)
    for document in (other, {**SIGNED, **other}):
        if _code(document) == "":
            bare = {name: value for name, value in document.items() if name != "proof"}
            assert canonical(bare, documents.bundled) == meant


def _code(document: dict[str, Any]) -> str:
    """With which code the document is refused; empty when it is believed."""
    try:
        proof.verify(document, keys=KEYS)
    except BadgeError as refused:
        return refused.code
    return ""


def test_only_the_shipped_vocabularies_are_known_and_they_are_as_published() -> None:
    digests = {
        documents.CREDENTIALS: "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        documents.OPEN_BADGES: "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761",
        documents.DATA_INTEGRITY: "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
        documents.MULTIKEY: "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
    }
    assert digests.keys() == documents.BUNDLED.keys()
    for url, digest in digests.items():
        assert hashlib.sha256((documents.FOLDER / documents.BUNDLED[url]).read_bytes()).hexdigest() == digest
    with pytest.raises(BadgeError):
        documents.bundled("https://www.w3.org/2018/credentials/v1")
