"""A name that changed: a new certificate in place of the old one, and what each number says afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.certification.api import Certificate, reinstate, revoke, standing_of_certificate, suspend
from lms.certification.exceptions import NameMissing, NameNotPrintable, NotPossibleNow, OwnApplication
from lms.certification.issuing import reissue
from lms.certification.models import CertificateEvent
from tests.lms.certification.builders import certified
from tests.lms.certification.papers import signed_in

pytestmark = pytest.mark.django_db

TERMS = {"legal_name": "Ana Novák", "internal_reason": "Marriage certificate seen"}


@pytest.fixture
def certificate(people: dict[str, Any], now: datetime) -> Certificate:
    return certified(people["student"], people["registrar"], now)


def status(certificate: Certificate, at: datetime) -> str:
    return standing_of_certificate(Certificate.objects.get(pk=certificate.pk), at.date()).status.value


def test_the_new_one_has_the_name_and_a_number_and_all_else_of_the_old_one(
    certificate: Certificate, people: dict[str, Any], now: datetime
) -> None:
    later = now + timedelta(days=90)
    fresh = reissue(certificate=certificate, by=people["registrar"], at=later, **TERMS)
    assert fresh.number != certificate.number
    assert fresh.holder_name == "Ana Novák"
    for name in ("holder", "title", "facts", "awarded_on", "expires_on", "decision", "path_version"):
        assert getattr(fresh, name) == getattr(certificate, name)
    facts = [(row.kind, row.reference, row.digest) for row in certificate.evidence.all()]
    assert [(row.kind, row.reference, row.digest) for row in fresh.evidence.all()] == facts
    assert fresh.content_digest != certificate.content_digest
    assert (status(certificate, later), status(fresh, later)) == ("superseded", "active")


def test_the_page_issues_it_anew(certificate: Certificate, people: dict[str, Any]) -> None:
    client, url = signed_in(people["registrar"]), f"/registrar/certificates/{certificate.number}/reissue/"
    assert client.get(url).context["form"]["legal_name"].value() == certificate.holder_name
    for data, field in (
        ({**TERMS, "legal_name": certificate.holder_name}, "legal_name"),
        ({**TERMS, "legal_name": "李明"}, "legal_name"),
        ({**TERMS, "internal_reason": " "}, "internal_reason"),
    ):
        shown = client.post(url, data).context["form"]
        assert list(shown.errors) == [field]
        assert shown["legal_name"].value() == data["legal_name"]
    assert Certificate.objects.count() == 1
    response = client.post(url, TERMS)
    fresh = Certificate.objects.exclude(pk=certificate.pk).get()
    assert response["Location"] == f"/registrar/certificates/{fresh.number}/"
    assert certificate.number in client.get(response["Location"]).content.decode()
    assert client.get(url).context["is_possible"] is False
    assert client.post(url, {**TERMS, "legal_name": "Third"}).context["form"].non_field_errors()
    assert Certificate.objects.count() == 2


def test_the_old_number_does_not_tell_the_new_one_and_the_holder_sees_both(
    certificate: Certificate, people: dict[str, Any], client: Any, api: Any
) -> None:
    body = api(people["registrar"]).post(f"/api/v1/registrar/certificates/{certificate.number}/reissue/", TERMS)
    number = body.json()["number"]
    assert (body.status_code, body.json()["name"]) == (201, "Ana Novák")
    public = client.get(f"/verify/{certificate.number}/")
    assert public.context["facts"]["status"] == "superseded"
    for content in (public.content, client.get(f"/api/v1/verify/{certificate.number}/").content):
        assert number.encode() not in content
        assert "Novák".encode() not in content
        assert b"Marriage" not in content
    assert client.get(f"/verify/{number}/").context["facts"]["status"] == "active"
    holder = signed_in(people["student"])
    held = holder.get("/certification/").content.decode()
    assert number in held
    assert certificate.number in held
    assert number in holder.get(f"/certification/certificates/{certificate.number}/").content.decode()


@pytest.mark.parametrize(
    ("name", "error"),
    [(" ", NameMissing), ("\u200b", NameMissing), ("Student", NameMissing), ("Ana 李", NameNotPrintable)],
)
def test_a_name_must_be_new_and_printable(
    name: str, error: Any, certificate: Certificate, people: dict[str, Any], now: datetime
) -> None:
    with pytest.raises(error) as caught:
        reissue(certificate=certificate, by=people["registrar"], at=now, **{**TERMS, "legal_name": name})
    assert list(caught.value.extra["errors"]) == ["legal_name"]
    assert status(certificate, now) == "active"


def test_nobody_corrects_their_own(certificate: Certificate, people: dict[str, Any], now: datetime) -> None:
    with pytest.raises(OwnApplication):
        reissue(certificate=certificate, by=people["student"], at=now, **TERMS)


def test_an_expired_one_is_corrected_and_stays_expired(
    certificate: Certificate, people: dict[str, Any], now: datetime
) -> None:
    later = now + timedelta(days=1500)
    assert status(reissue(certificate=certificate, by=people["registrar"], at=later, **TERMS), later) == "expired"


def test_a_revoked_one_is_not_brought_back_by_a_correction(
    certificate: Certificate, people: dict[str, Any], now: datetime
) -> None:
    revoke(certificate=certificate, public_reason="conduct", by=people["registrar"], at=now)
    with pytest.raises(NotPossibleNow):
        reissue(certificate=certificate, by=people["registrar"], at=now, **TERMS)
    assert Certificate.objects.count() == 1


VERBS = st.lists(st.sampled_from(["suspend", "reinstate", "revoke", "reissue", "wait"]), min_size=1, max_size=8)


@settings(max_examples=15)
@given(before=VERBS, after=VERBS)
def test_whatever_is_tried_nothing_leads_from_revoked_to_valid(before: list[str], after: list[str]) -> None:
    """Through the commands, as the database keeps it: a revoked number stays revoked, and nothing follows from it."""
    from django.db import transaction

    from lms.accounts.api import User, grant_role

    with transaction.atomic():
        at = datetime.fromisoformat("2026-11-02T10:00+00:00")
        holder = User.objects.create(email="holder@walk.example", legal_name="Holder", display_name="Holder")
        registrar = User.objects.create(email="registrar@walk.example", display_name="Registrar")
        grant_role(user=registrar, role="registrar")
        row = certified(holder, registrar, at)
        for number, verb in enumerate([*before, "revoke", *after]):
            at += timedelta(days=400 if verb == "wait" else 1)
            by: dict[str, Any] = {"by": registrar, "at": at}
            try:
                if verb == "reissue":
                    row = reissue(certificate=row, legal_name=f"Name {number % 26}", internal_reason="x", **by)
                elif verb == "reinstate":
                    reinstate(certificate=row, **by)
                elif verb != "wait":
                    {"suspend": suspend, "revoke": revoke}[verb](certificate=row, public_reason="conduct", **by)
            except NotPossibleNow:
                pass
            for held in Certificate.objects.filter(holder=holder):
                kinds = list(held.events.order_by("id").values_list("kind", flat=True))
                assert kinds[0] == "issued"
                assert kinds.count("issued") == 1
                if "revoked" in kinds:
                    assert kinds[-1] == "revoked"
                    assert status(held, at) == "revoked"
        # The last of the line was revoked, and whatever came before it was replaced: none is valid.
        assert not any(
            standing_of_certificate(held, at.date()).is_valid for held in Certificate.objects.filter(holder=holder)
        )
        assert CertificateEvent.objects.filter(certificate__holder=holder, kind="revoked").count() == 1
        transaction.set_rollback(True)
