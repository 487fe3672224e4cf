"""What anybody learns of a certificate: every status, and never more than the paper says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lms.certification.api import Certificate, reinstate, revoke, suspend
from lms.certification.models import CertificateEvent
from tests.lms.certification.builders import certified

pytestmark = pytest.mark.django_db

INTERNAL = "Logged hours that the clinic never saw"
PUBLIC_KEYS = {
    "number", "status", "valid", "public_reason", "name", "title", "credential_kind", "awarded_on", "expires_on",
    "school", "hours_label", "scope_note", "is_demonstration",
}  # fmt: skip


@pytest.fixture
def make(people: dict[str, Any]) -> Callable[[str], Certificate]:
    """A certificate of the status asked for, as of now."""

    def certificate(status: str) -> Certificate:
        at = timezone.now() - timedelta(days=1500 if status == "expired" else 30)
        people["student"].legal_name = "Ana Ferreira"
        row = certified(people["student"], people["registrar"], at)
        by: dict[str, Any] = {"by": people["registrar"], "at": at + timedelta(days=1)}
        if status == "suspended":
            suspend(certificate=row, public_reason="under_review", internal_reason=INTERNAL, **by)
        elif status == "revoked":
            revoke(certificate=row, public_reason="conduct", internal_reason=INTERNAL, **by)
        elif status == "superseded":
            CertificateEvent.objects.create(
                certificate=row, kind="superseded", public_reason="corrected", internal_reason=INTERNAL, **by
            )
        elif status == "active":
            suspend(certificate=row, public_reason="under_review", internal_reason=INTERNAL, **by)
            reinstate(certificate=row, internal_reason=INTERNAL, **by)
        return row

    return certificate


REASONS = {
    "active": None, "expired": None, "suspended": "under_review", "revoked": "conduct", "superseded": "corrected",
}  # fmt: skip
WORDS = {
    "active": "Active", "expired": "Expired", "suspended": "Suspended", "revoked": "Revoked",
    "superseded": "Superseded",
}  # fmt: skip


@pytest.mark.parametrize("status", REASONS)
def test_the_api_tells_the_status_and_no_more_than_the_certificate(status: str, make: Any, client: Client) -> None:
    row = make(status)
    response = client.get(f"/api/v1/verify/{row.number}/")
    body = response.json()
    assert response.status_code == 200
    assert (body["status"], body["valid"], body["public_reason"]) == (status, status == "active", REASONS[status])
    assert set(body) == PUBLIC_KEYS
    assert (body["name"], body["awarded_on"]) == ("Ana Ferreira", row.awarded_on.isoformat())
    for secret in (INTERNAL, row.holder.email, str(row.holder.uuid), str(row.uuid)):
        assert secret not in response.content.decode()


@pytest.mark.parametrize("status", REASONS)
def test_the_page_tells_the_status_in_words(status: str, make: Any, client: Client) -> None:
    row = make(status)
    response = client.get(f"/verify/{row.number}/")
    page = response.content.decode()
    assert response.status_code == 200
    assert WORDS[status] in page or WORDS[status].lower() in page
    assert "Ana Ferreira" in page
    assert response.context["facts"]["valid"] is (status == "active")
    for secret in (INTERNAL, row.holder.email, str(row.holder.uuid)):
        assert secret not in page
    assert "no-store" in response["Cache-Control"] or "max-age=0" in response["Cache-Control"]


@pytest.mark.parametrize("status", ["suspended", "revoked", "superseded", "active"])
def test_the_internal_reason_is_shown_to_the_registrar_alone(status: str, make: Any, people: dict[str, Any]) -> None:
    row = make(status)
    pages = ("/certification/", f"/certification/certificates/{row.number}/", "/dashboard/",
             "/certification/foundations/", f"/api/v1/certificates/{row.number}/", "/api/v1/certificates/",
             f"/verify/{row.number}/")  # fmt: skip
    holder = Client()
    holder.force_login(people["student"])
    for url in pages:
        response = holder.get(url)
        assert response.status_code == 200, url
        assert INTERNAL not in response.content.decode(), url
    registrar = Client()
    registrar.force_login(people["registrar"])
    assert INTERNAL in registrar.get(f"/registrar/certificates/{row.number}/").content.decode()


def test_an_unknown_number_is_404_and_looks_the_same_for_all(client: Client, make: Any) -> None:
    make("active")
    page = client.get("/verify/NMT-7K3F9-QXM4C/")
    assert page.status_code == 404
    assert "NMT-7K3F9-QXM4C" in page.content.decode()
    body = client.get("/api/v1/verify/NMT-7K3F9-QXM4C/")
    assert (body.status_code, body["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("number", ["NMT-7K3F9-QXM4D", "nonsense", "1", "%3Cscript%3E", "x" * 500])
def test_what_is_no_number_is_404(number: str, client: Client) -> None:
    page = client.get(f"/verify/{number}/")
    assert page.status_code == 404
    assert "<script>" not in page.content.decode().replace("<script type", "")
    assert client.get(f"/api/v1/verify/{number}/").status_code == 404


def lookalikes(number: str) -> set[str]:
    return {
        number.lower(),
        number.replace("-", ""),
        number.removeprefix("NMT-"),
        number.replace("0", "O").replace("1", "l"),
        number.replace("0", "o").replace("1", "I"),
    } - {number}


def test_a_number_typed_with_lookalikes_leads_to_the_right_one(make: Any, client: Client) -> None:
    row = make("active")
    canonical = f"/verify/{row.number}/"
    for typed in lookalikes(row.number):
        response = client.get(f"/verify/{typed}/")
        assert (response.status_code, response["Location"]) == (302, canonical)
        assert client.get(f"/api/v1/verify/{typed}/").json()["number"] == row.number
        assert client.get("/verify/", {"number": f" {typed} "})["Location"] == canonical


def test_the_search_form_explains_a_number_that_is_none(client: Client) -> None:
    assert client.get("/verify/").status_code == 200
    response = client.get("/verify/", {"number": "<b>12345</b>"})
    assert response.status_code == 404
    assert "&lt;b&gt;12345&lt;/b&gt;" in response.content.decode()
    assert "<b>12345" not in response.content.decode()


def test_nobody_needs_an_account_to_check(make: Any) -> None:
    row = make("active")
    visitor = Client()
    assert visitor.get(f"/verify/{row.number}/").status_code == 200
    assert "lms_session" not in visitor.cookies


def test_checking_is_reading_only(make: Any, client: Client) -> None:
    row = make("active")
    for url in (f"/verify/{row.number}/", f"/api/v1/verify/{row.number}/"):
        for method in ("post", "put", "delete", "patch"):
            assert getattr(client, method)(url).status_code in {403, 405}
    assert row.events.count() == 3


def test_a_certificate_from_a_demonstration_says_so(make: Any, client: Client) -> None:
    row = make("active")
    assert client.get(f"/api/v1/verify/{row.number}/").json()["is_demonstration"] is True
    assert "emonstration" in client.get(f"/verify/{row.number}/").content.decode()


def test_holders_see_their_own_certificates_and_nobody_elses(
    make: Any, people: dict[str, Any], api: Any, now: datetime
) -> None:
    row = make("active")
    other = certified(people["other"], people["registrar"], now)
    body = api(people["student"]).get("/api/v1/certificates/").json()
    assert [line["number"] for line in body["results"]] == [row.number]
    assert body["results"][0]["verify_url"].endswith(f"/verify/{row.number}/")
    for typed in (other.number, other.number.lower()):
        assert api(people["student"]).get(f"/api/v1/certificates/{typed}/").status_code == 404
    assert api(people["student"]).get(f"/api/v1/certificates/{row.number.lower()}/").status_code == 200
