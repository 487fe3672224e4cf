"""Certificates as Open Badges: signed once, verified by anyone, and told apart from those that hold no longer."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from lms.certification.api import reinstate, reissue, revoke, suspend
from lms.certification.badges import baking, keys
from lms.certification.badges import credential as badge
from lms.certification.badges.exceptions import BadgeError
from lms.certification.badges.status_list import statuses
from lms.certification.credentials import controller_document, credential_of, revoke_key, status_list_of
from lms.certification.enums import StatusForm
from lms.certification.models import Certificate, SignedCredential, SigningKey, StatusPosition
from tests.lms.certification.builders import certified

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(people: dict[str, Any], now: datetime) -> Certificate:
    return certified(people["student"], people["registrar"], now)


def lists(number: int, at: datetime) -> list[dict[str, Any]]:
    return [status_list_of("revocation", number, at), status_list_of("suspension", number, at)]


def state(credential: dict[str, Any], at: datetime) -> dict[str, bool]:
    """What a stranger finds out: the proof holds, the lists are the school's, and these bits are set."""
    controller = controller_document(at)
    badge.verify(credential, controller=controller)
    published = lists(1, at)
    for row in published:
        badge.verify(row, controller=controller)
    return statuses(credential, published)


def test_a_certificate_is_signed_once_and_verifies(certificate: Certificate, now: datetime) -> None:
    document = credential_of(certificate, now)
    assert state(document, now) == {"revocation": False}
    assert state(credential_of(certificate, now, StatusForm.FULL), now) == {"revocation": False, "suspension": False}
    assert credential_of(certificate, now + timedelta(days=3)) == document
    assert SignedCredential.objects.count() == 2
    names = [row["identityHash"] for row in document["credentialSubject"]["identifier"] if not row["hashed"]]
    assert names == [certificate.holder_name]
    assert document["id"].endswith(f"/verify/{certificate.number}/")
    assert badge.belongs_to(document, certificate.holder.email)
    assert certificate.holder.email not in json.dumps(document)


@pytest.mark.parametrize("place", ["name", "validUntil", "id"])
def test_a_changed_letter_is_refused(place: str, certificate: Certificate, now: datetime) -> None:
    document = json.loads(json.dumps(credential_of(certificate, now)))
    document[place] = document[place][:-2] + ("5" if document[place][-2] != "5" else "6") + document[place][-1]
    with pytest.raises(BadgeError):
        badge.verify(document, controller=controller_document(now))


def test_the_lists_follow_what_happens(certificate: Certificate, people: dict[str, Any], now: datetime) -> None:
    document, badge_alone = credential_of(certificate, now, StatusForm.FULL), credential_of(certificate, now)
    registrar = people["registrar"]
    steps = [
        (suspend, {"public_reason": "under_review"}, {"revocation": False, "suspension": True}),
        (reinstate, {}, {"revocation": False, "suspension": False}),
        (suspend, {"public_reason": "conduct"}, {"revocation": False, "suspension": True}),
        (revoke, {"public_reason": "conduct"}, {"revocation": True, "suspension": True}),
    ]
    for hours, (act, said, expected) in enumerate(steps, start=1):
        at = now + timedelta(hours=hours)
        act(certificate=certificate, internal_reason="Noted", by=registrar, at=at, **said)  # type: ignore[operator]
        assert state(document, at) == expected
        assert state(badge_alone, at) == {"revocation": expected["revocation"]}


def test_a_corrected_certificate_has_a_credential_of_its_own(
    certificate: Certificate, people: dict[str, Any], now: datetime
) -> None:
    old = credential_of(certificate, now)
    successor = reissue(
        certificate=certificate,
        legal_name="Samira Student-Öz",
        internal_reason="Married",
        by=people["registrar"],
        at=now,
    )
    new = credential_of(successor, now)
    assert state(old, now)["revocation"] is True
    assert state(new, now)["revocation"] is False
    assert old["id"] != new["id"]


def test_an_exchanged_key_goes_on_verifying(certificate: Certificate, now: datetime, settings: Any) -> None:
    old = credential_of(certificate, now)
    settings.CREDENTIAL_KEYS = [keys.key_to_keep(keys.new_key())]
    new = credential_of(certificate, now)
    assert old["proof"][0]["verificationMethod"] != new["proof"][0]["verificationMethod"]
    for document in (old, new):
        assert state(document, now)["revocation"] is False
    assert SigningKey.objects.count() == 2


def test_what_a_revoked_key_signed_is_believed_no_more(
    certificate: Certificate, now: datetime, settings: Any, capsys: Any
) -> None:
    old = credential_of(certificate, now)
    leaked = SigningKey.objects.get()
    with pytest.raises(CommandError, match="the only key that signs"):
        call_command("revoke_signing_key", leaked.code)
    with pytest.raises(CommandError, match="is called key-nothing"):
        call_command("revoke_signing_key", "key-nothing")
    settings.CREDENTIAL_KEYS = [keys.key_to_keep(keys.new_key())]
    call_command("revoke_signing_key", leaked.public_key_multibase)
    assert leaked.code in capsys.readouterr().out
    controller = controller_document(timezone.now())
    with pytest.raises(BadgeError):
        badge.verify(old, controller=controller)
    badge.verify(credential_of(certificate, now), controller=controller)
    revoked = [row for row in controller["verificationMethod"] if "revoked" in row]
    assert [row["publicKeyMultibase"] for row in revoked] == [leaked.public_key_multibase]


def test_a_revoked_key_signs_nothing_even_where_it_stands_first(
    certificate: Certificate, now: datetime, settings: Any
) -> None:
    first, second = (keys.key_to_keep(keys.new_key()) for _ in range(2))
    settings.CREDENTIAL_KEYS = [first, second]
    credential_of(certificate, now)
    revoke_key(code=keys.kept_key(first).public_multibase, at=now)
    signed = credential_of(certificate, now)
    assert signed["proof"][0]["verificationMethod"].endswith(keys.kept_key(second).public_multibase)
    settings.CREDENTIAL_KEYS = [first]
    with pytest.raises(ImproperlyConfigured):
        credential_of(certificate, now)


def test_a_certificate_from_before_gets_its_place(certificate: Certificate, now: datetime) -> None:
    taken = StatusPosition.objects.get()
    assert 0 <= taken.index < 131_072
    assert credential_of(certificate, now)["credentialStatus"]["statusListIndex"] == str(taken.index)
    entries = credential_of(certificate, now, StatusForm.FULL)["credentialStatus"]
    assert {row["statusListIndex"] for row in entries} == {str(taken.index)}
    assert [row["statusPurpose"] for row in entries] == ["revocation", "suspension"]


def test_a_strangers_software_reads_all_it_needs(certificate: Certificate, client: Client, now: datetime) -> None:
    document = credential_of(certificate, now, StatusForm.FULL)
    wanted = [
        document["issuer"]["id"],
        document["credentialSubject"]["achievement"]["id"],
        *(row["statusListCredential"] for row in document["credentialStatus"]),
    ]
    for address in wanted:
        response = client.get(address.removeprefix("http://127.0.0.1:8000"))
        assert response.status_code == 200, address
        assert response["Access-Control-Allow-Origin"] == "*"
        assert json.loads(response.content)["id"] == address
    for address in ("/credentials/status/revocation/2/", "/credentials/status/refresh/1/"):
        assert client.get(address).status_code == 404


def test_the_holder_takes_it_along_and_nobody_else(
    certificate: Certificate, people: dict[str, Any], client: Client, api: Any, now: datetime
) -> None:
    base = f"/certification/certificates/{certificate.number}"
    client.force_login(people["student"])
    document = json.loads(client.get(f"{base}/credential/").content)
    for form in ("png", "svg"):
        response = client.get(f"{base}/badge.{form}")
        assert json.loads(baking.unbake(response.content)) == document
    call = f"/api/v1/certificates/{certificate.number}/credential/"
    assert json.loads(api(people["student"]).get(call).content) == document
    for address, reader in ((f"{base}/credential/", client), (call, api(people["student"]))):
        assert len(json.loads(reader.get(f"{address}?status=full").content)["credentialStatus"]) == 2
    client.force_login(people["other"])
    for name in ("credential/", "badge.png", "badge.svg"):
        assert client.get(f"{base}/{name}").status_code == 404
    assert api(people["other"]).get(call).status_code == 404


def test_reading_a_list_costs_the_same_however_many_there_are(
    people: dict[str, Any], client: Client, now: datetime, django_assert_max_num_queries: Any
) -> None:
    certificate = certified(people["student"], people["registrar"], now)
    suspend(certificate=certificate, public_reason="conduct", internal_reason="x", by=people["registrar"], at=now)
    client.get("/credentials/status/suspension/1/")
    with django_assert_max_num_queries(8):
        client.get("/credentials/status/suspension/1/")
