"""The file of a certificate: made once, recognised by its digest, and the checks that one address may ask so often."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.api import Certificate, revoke
from lms.certification.documents import certificate_by_file, certificate_document
from lms.certification.limits import VerifyThrottle
from lms.certification.models import CertificateFile
from tests.lms.certification.builders import certified
from tests.lms.certification.papers import signed_in

pytestmark = pytest.mark.django_db

URL, API = "/verify/file/", "/api/v1/verify/file/"


@pytest.fixture
def certificate(people: dict[str, Any], now: datetime) -> Certificate:
    return certified(people["student"], people["registrar"], now)


def bytes_of(row: CertificateFile) -> bytes:
    with row.file.open("rb") as file:
        return bytes(file.read())


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# The document -------------------------------------------------------------------------------------------------


def test_the_document_is_made_once_and_handed_out_the_same_by_every_door(
    certificate: Certificate, people: dict[str, Any], api: Any
) -> None:
    assert not CertificateFile.objects.exists()
    number = certificate.number
    got = {
        signed_in(people["student"]).get(f"/certification/certificates/{number}/pdf/").content,
        signed_in(people["registrar"]).get(f"/registrar/certificates/{number}/pdf/").content,
        api(people["student"]).get(f"/api/v1/certificates/{number}/pdf/").content,
    }
    row = CertificateFile.objects.get()
    assert got == {bytes_of(row)}
    assert row.digest == digest(bytes_of(row))
    assert certificate_document(certificate) == row


def test_it_names_the_canonical_address_whichever_host_was_asked(
    certificate: Certificate, people: dict[str, Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lms.certification import documents

    asked: list[str] = []
    settings.BASE_URL = "https://school.example.org/"
    settings.ALLOWED_HOSTS = ["other.example"]
    monkeypatch.setattr(documents, "certificate_pdf", lambda row, verify_url: asked.append(verify_url) or b"%PDF-")
    url = f"/certification/certificates/{certificate.number}/pdf/"
    assert signed_in(people["student"]).get(url, headers={"host": "other.example"}).content == b"%PDF-"
    assert asked == [f"https://school.example.org/verify/{certificate.number}/"]


def test_a_lost_file_comes_back_with_the_same_digest(certificate: Certificate) -> None:
    row = certificate_document(certificate)
    storages["private"].delete(row.file.name)
    again = certificate_document(certificate)
    assert again == row
    assert digest(bytes_of(again)) == row.digest
    assert CertificateFile.objects.count() == 1


# The check ----------------------------------------------------------------------------------------------------


def test_a_known_file_is_told_with_the_status_of_today(
    certificate: Certificate, people: dict[str, Any], now: datetime, client: Client
) -> None:
    row = certificate_document(certificate)
    for asked in (row.digest, row.digest.upper(), f" {row.digest} "):
        page = client.get(URL, {"digest": asked})
        assert page.status_code == 200
        assert page.context["facts"]["number"] == certificate.number
        assert client.get(API, {"digest": asked}).json()["number"] == certificate.number
    assert "the document that we issued" in page.content.decode()
    assert people["student"].email not in page.content.decode()
    revoke(certificate=certificate, public_reason="conduct", by=people["registrar"], at=now)
    assert client.get(URL, {"digest": row.digest}).context["facts"]["status"] == "revoked"
    assert client.get(API, {"digest": row.digest}).json()["valid"] is False


def test_a_file_with_a_changed_letter_is_not_known(certificate: Certificate, client: Client) -> None:
    content = bytearray(bytes_of(certificate_document(certificate)))
    content[len(content) // 2] ^= 1
    page = client.get(URL, {"digest": digest(bytes(content))})
    assert page.status_code == 404
    assert "not known to us" in page.content.decode().lower()
    assert client.get(API, {"digest": digest(bytes(content))}).status_code == 404


@given(st.text(max_size=80))
def test_what_is_no_digest_is_said_so(asked: str) -> None:
    response = Client().get(API, {"digest": asked})
    assert response.status_code in {400, 404}
    assert response["Content-Type"] == "application/problem+json"


def test_the_page_says_so_too(client: Client) -> None:
    assert client.get(URL)["Location"] == "/verify/#file"
    page = client.get(URL, {"digest": "<b>x"})
    assert page.status_code == 400
    assert "<b>x" not in page.content.decode()
    assert client.get(API).status_code == 400


def test_without_a_script_the_server_digests_and_forgets(certificate: Certificate, client: Client) -> None:
    row = certificate_document(certificate)
    before = set(storages["private"].listdir("certificates/" + row.digest[:2])[1])
    response = client.post(URL, {"file": SimpleUploadedFile("mine.pdf", bytes_of(row))})
    assert response["Location"] == f"{URL}?digest={row.digest}"
    assert client.get(response["Location"]).context["facts"]["number"] == certificate.number
    assert client.post(URL, {"file": SimpleUploadedFile("other.pdf", b"other")}).status_code == 302
    assert set(storages["private"].listdir("certificates/" + row.digest[:2])[1]) == before
    assert CertificateFile.objects.count() == 1


def test_a_missing_or_large_file_is_refused_in_words(client: Client) -> None:
    assert "Choose a file" in client.post(URL).content.decode()
    large = client.post(URL, {"file": SimpleUploadedFile("x.pdf", b"\0" * 5_000_001)})
    assert large.status_code == 400
    assert "5 MB" in large.content.decode()


def test_a_digest_belongs_to_one_certificate(certificate: Certificate, people: dict[str, Any], now: datetime) -> None:
    other = certified(people["other"], people["registrar"], now)
    assert certificate_by_file(certificate_document(certificate).digest) == certificate
    assert certificate_by_file(certificate_document(other).digest) == other
    assert certificate_by_file("0" * 64) is None


# How often ----------------------------------------------------------------------------------------------------


@pytest.fixture
def thrice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three checks a minute."""
    monkeypatch.setattr(VerifyThrottle, "THROTTLE_RATES", {"verify": "3/min"})


def test_an_address_may_ask_so_often_over_all_doors(thrice: None, certificate: Certificate, client: Client) -> None:
    asked = (f"/verify/{certificate.number}/", f"/api/v1/verify/{certificate.number}/", "/verify/register/")
    assert [client.get(url).status_code for url in asked] == [200, 200, 200]
    for url in (*asked, "/verify/", f"{URL}?digest={'0' * 64}", f"{API}?digest={'0' * 64}", "/api/v1/register/"):
        response = client.get(url)
        assert response.status_code == 429, url
        assert 1 <= int(response["Retry-After"]) <= 61
    assert client.post(URL, {"file": SimpleUploadedFile("x", b"x")}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.get(asked[0]).status_code == 200


def test_nobody_chooses_the_address_that_they_are_counted_by(
    thrice: None, certificate: Certificate, client: Client, settings: Any
) -> None:
    url = f"/api/v1/verify/{certificate.number}/"
    statuses = [client.get(url, headers={"x-forwarded-for": f"192.0.2.{number}"}).status_code for number in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    # Behind a proxy its word counts, and only the last of what it hands on.
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    page = f"/verify/{certificate.number}/"
    assert client.get(page, headers={"x-forwarded-for": "192.0.2.9"}).status_code == 200
    again = [client.get(page, headers={"x-forwarded-for": f"203.0.113.{n}, 192.0.2.9"}).status_code for n in range(3)]
    assert again == [200, 200, 429]


def test_whoever_is_signed_in_is_counted_too(thrice: None, certificate: Certificate, people: dict[str, Any]) -> None:
    client = signed_in(people["student"])
    statuses = [client.get(f"/verify/{certificate.number}/").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
