"""What a badge says, held to the data model of Open Badges 3.0."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lms.certification.badges.credential import Holder, belongs_to, identifiers, open_badge, signed, verify
from lms.certification.badges.exceptions import BadgeError
from lms.certification.badges.status_list import status_list_credential
from tests.lms.certification.badges.making import (
    AT,
    CONTROLLER,
    ISSUER,
    KEY,
    REVOCATION,
    award,
    badge,
    entries,
    signed_badge,
)

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
URL = re.compile(r"https://\S+")
TEXT = re.compile(r"(?s).+")
#: Each class of the data model (appendix B.1): property to pattern, class, list of a class, or fixed value. A `?` marks
#: what may be absent; nothing else may be present.
MODEL: dict[str, dict[str, Any]] = {
    "AchievementCredential": {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": URL,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name?": TEXT,
        "image?": "Image",
        "issuer": "Profile",
        "validFrom": MOMENT,
        "validUntil?": MOMENT,
        "awardedDate?": MOMENT,
        "credentialSubject": "AchievementSubject",
        "evidence?": ("Evidence",),
        "credentialStatus?": "CredentialStatus",
        "proof?": ("Proof",),
    },
    "Profile": {"id": URL, "type": ["Profile"], "name?": TEXT, "url?": URL, "email?": TEXT},
    "AchievementSubject": {
        "type": ["AchievementSubject"],
        "identifier": ("IdentityObject",),
        "achievement": "Achievement",
    },
    "IdentityObject": {
        "type": "=IdentityObject",
        "hashed": bool,
        "identityHash": TEXT,
        "identityType": re.compile("name|emailAddress"),
        "salt?": TEXT,
    },
    "Achievement": {
        "id": URL,
        "type": ["Achievement"],
        "achievementType": re.compile("Certificate|Certification"),
        "name": TEXT,
        "description": TEXT,
        "criteria": "Criteria",
        "image?": "Image",
    },
    "Criteria": {"narrative": TEXT},
    "Image": {"id": URL, "type": "=Image", "caption?": TEXT},
    "Evidence": {"type": ["Evidence"], "narrative": TEXT},
    "CredentialStatus": {
        "id": URL,
        "type": "=BitstringStatusListEntry",
        "statusPurpose": re.compile("revocation|suspension"),
        "statusListIndex": re.compile(r"\d+"),
        "statusListCredential": URL,
    },
    "Proof": {
        "type": "=DataIntegrityProof",
        "cryptosuite": "=eddsa-rdfc-2022",
        "created": MOMENT,
        "verificationMethod": URL,
        "proofPurpose": "=assertionMethod",
        "proofValue": re.compile("z[1-9A-HJ-NP-Za-km-z]+"),
    },
}


def conforms(value: Any, kind: Any) -> bool:
    """Whether a value is as the model asks."""
    if isinstance(kind, re.Pattern):
        return isinstance(value, str) and bool(kind.fullmatch(value))
    if isinstance(kind, list):
        return bool(value == kind)
    if isinstance(kind, type):
        return isinstance(value, kind)
    if isinstance(kind, tuple):
        return isinstance(value, list) and bool(value) and all(conforms(item, kind[0]) for item in value)
    if kind.startswith("="):
        return bool(value == kind[1:])
    rules = {name.rstrip("?"): (rule, name.endswith("?")) for name, rule in MODEL[kind].items()}
    return (
        isinstance(value, dict)
        and value.keys() <= rules.keys()
        and all(name in value or optional for name, (_, optional) in rules.items())
        and all(conforms(item, rules[name][0]) for name, item in value.items())
    )


def test_a_badge_with_everything_conforms_to_the_data_model() -> None:
    one = open_badge(award(), issuer=ISSUER, status=entries()[:1])
    assert conforms(one, "AchievementCredential")
    assert conforms(signed(one, issuer=ISSUER, key=KEY, at=AT), "AchievementCredential")


def test_a_badge_with_nothing_optional_conforms_too() -> None:
    least = open_badge(
        award(valid_until=None, awarded_at=None, image="", evidence="", holder=Holder(name="Ann")), issuer=ISSUER
    )
    assert conforms(least, "AchievementCredential")
    assert not {"validUntil", "awardedDate", "image", "evidence", "credentialStatus"} & least.keys()


def test_the_check_itself_finds_faults() -> None:
    one = open_badge(award(), issuer=ISSUER, status=entries()[:1])
    for fault in ({"id": "7"}, {"extra": 1}, {"issuer": ISSUER.id}, {"validFrom": "yesterday"}, {"evidence": []}):
        assert not conforms({**one, **fault}, "AchievementCredential")


def test_one_status_is_an_object_and_two_are_a_list() -> None:
    assert open_badge(award(), issuer=ISSUER, status=entries()[:1])["credentialStatus"] == entries()[0]
    assert badge()["credentialStatus"] == entries()


def test_the_badge_says_what_the_certificate_says() -> None:
    said = badge()
    achievement = said["credentialSubject"]["achievement"]
    assert said["name"] == achievement["name"] == "Neuromuscular Therapy Certificate"
    assert achievement["achievementType"] == "Certification"
    assert (said["validFrom"], said["validUntil"]) == ("2026-11-02T10:00:00Z", "2028-11-01T10:00:00Z")
    assert said["issuer"]["id"] == ISSUER.id


def test_the_holder_is_named_as_printed_and_by_a_salted_hash() -> None:
    by_email, by_name = badge()["credentialSubject"]["identifier"]
    assert (by_name["identityType"], by_name["hashed"], by_name["identityHash"]) == ("name", False, "Eleanor Ó Sé")
    digest = hashlib.sha256(b"eleanor@example.orgb7f3c1").hexdigest()
    assert (by_email["identityType"], by_email["hashed"]) == ("emailAddress", True)
    assert by_email["identityHash"] == f"sha256${digest}"
    assert "example.org" not in str(badge()["credentialSubject"])


def test_who_knows_the_address_can_check_it() -> None:
    assert belongs_to(badge(), "eleanor@example.org")
    assert belongs_to(badge(), " ELEANOR@example.org ")
    assert not belongs_to(badge(), "eleanor@example.com")
    assert not belongs_to(badge(holder=Holder(name="eleanor@example.org")), "eleanor@example.org")


@pytest.mark.parametrize("holder", [Holder(), Holder(name=" \x00"), Holder(email="a@example.org")])
def test_a_holder_unknown_or_hashed_without_salt_is_refused(holder: Holder) -> None:
    with pytest.raises(BadgeError):
        identifiers(holder)


def test_a_badge_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadgeError):
        badge(valid_until=AT - timedelta(days=1))


@given(st.text(min_size=1), st.text(max_size=60))
def test_whatever_people_are_called_the_badge_verifies(name: str, evidence: str) -> None:
    # Of a name that consists of control characters nothing is left.
    assume(re.sub("[\x00-\x1f\x7f\ud800-\udfff]", "", name).strip())
    verify(signed_badge(holder=Holder(name=name), evidence=evidence), controller=CONTROLLER)


def test_a_status_list_is_verified_like_a_badge() -> None:
    bare = status_list_credential(REVOCATION, issuer=ISSUER.id, purpose="revocation", places=[3], valid_from=AT)
    done = signed(bare, issuer=ISSUER, key=KEY, at=AT)
    verify(done, controller=CONTROLLER)
    done["credentialSubject"]["encodedList"] = "u" + done["credentialSubject"]["encodedList"][1:].replace("A", "B", 1)
    with pytest.raises(BadgeError):
        verify(done, controller=CONTROLLER)
