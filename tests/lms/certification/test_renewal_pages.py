"""Renewal and continuing education over HTTP: pages and API of the holder and of the registrar."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lms.accounts.api import publish_agreement
from lms.certification.models import CeClaim, Certificate, Renewal
from lms.certification.renewal_commands import decide_renewal
from lms.core.record import TOMBSTONE
from tests.lms.certification.renewing import (
    QUIZ,
    accepted,
    claim,
    educated,
    pdf,
    practitioner,
    renewing,
    signatures,
)
from tests.lms.learning.studying import take

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Ethics at the table", "provider": "A provider", "category": "ethics", "course_type": "webinar",
    "hours": "2.5", "completed_on": "2026-01-15",
}  # fmt: skip


@pytest.fixture
def moment() -> datetime:
    """Now: pages look at the clock."""
    return timezone.now()


@pytest.fixture
def certificate(people: dict[str, Any], moment: datetime) -> Certificate:
    """A certificate that ends in about a month."""
    return practitioner(people["student"], people["registrar"], moment - timedelta(days=700))


@pytest.fixture
def complete(certificate: Certificate, people: dict[str, Any], moment: datetime) -> Certificate:
    """The same with everything done but the signatures."""
    educated(people["student"], people["registrar"], moment.date() - timedelta(days=20))
    take(people["student"], QUIZ, moment - timedelta(days=2))
    return certificate


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ticks(certificate: Certificate) -> dict[str, str]:
    return {f"statement-{code}": digest for code, digest in signatures(certificate).items()}


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# The holder -------------------------------------------------------------------------------------------------------


def test_the_page_says_what_counts_what_is_missing_and_what_to_do(
    certificate: Certificate, people: dict[str, Any], moment: datetime
) -> None:
    student, registrar = people["student"], people["registrar"]
    accepted(student, registrar, moment.date() - timedelta(days=20), "self_care", "6")
    claim(student, moment.date() - timedelta(days=9), "ethics", "2")
    page = signed_in(student).get(f"/certification/renewal/{certificate.number.lower()}/").content.decode()
    for words in (
        "Open until", "4 of 24 hours, and 2 wait for the school", "0 of 3 hours, and 2 wait for the school",
        "At most 4 hours of this kind count.", "The school has not looked at it yet.", "Take the quiz",
        "Hand in continuing education", "4 of 6 h count",
    ):  # fmt: skip
        assert words in page
    assert f'action="/certification/renewal/{certificate.number}/"' not in page


def test_a_holder_applies_by_the_page_and_nothing_ticked_is_lost(
    complete: Certificate, people: dict[str, Any], moment: datetime
) -> None:
    client, url = signed_in(people["student"]), f"/certification/renewal/{complete.number}/"
    given = ticks(complete)
    assert client.post(url).status_code == 400
    some = dict(list(given.items())[:3])
    again = client.post(url, some)
    assert (again.status_code, Renewal.objects.count()) == (400, 0)
    assert "Still open: Statements signed anew" in said(again)[0]
    assert again.content.decode().count(" checked>") == 3
    publish_agreement(code="conduct-dignity", kind="attestation", title="Dignity", text="New words.", at=moment)
    changed = client.post(url, given)
    assert said(changed) == ["A statement has new words; please read it again"]
    assert changed.content.decode().count(" checked>") == 14
    assert client.post(url, ticks(complete)).status_code == 302
    page = client.get(url)
    assert "With the registrar" in page.content.decode()
    assert Renewal.objects.get().certificate == complete


def test_what_is_not_ones_own_or_not_renewed_is_not_there(
    certificate: Certificate, people: dict[str, Any], moment: datetime
) -> None:
    row = claim(people["student"], moment.date() - timedelta(days=9))
    other = signed_in(people["other"])
    assert other.get(f"/certification/renewal/{certificate.number}/").status_code == 404
    assert other.post(f"/certification/continuing-education/{row.uuid}/withdraw/").status_code == 404
    assert other.get(f"/certification/continuing-education/{row.uuid}/evidence/").status_code == 404
    assert signed_in(people["registrar"]).get(f"/certification/renewal/{certificate.number}/").status_code == 404
    assert signed_in(people["student"]).get("/certification/renewal/nonsense/").status_code == 404


def test_evidence_that_was_erased_is_neither_linked_nor_there(
    certificate: Certificate, people: dict[str, Any], moment: datetime
) -> None:
    row = claim(people["student"], moment.date() - timedelta(days=9))
    own = f"/certification/continuing-education/{row.uuid}/evidence/"
    desk = f"/registrar/continuing-education/{row.uuid}/"
    holder, registrar = signed_in(people["student"]), signed_in(people["registrar"])
    assert own in holder.get("/certification/continuing-education/").content.decode()
    CeClaim.objects.filter(pk=row.pk).update(file=TOMBSTONE, file_name=TOMBSTONE)
    assert own not in holder.get("/certification/continuing-education/").content.decode()
    assert f"{desk}evidence/" not in registrar.get(desk).content.decode()
    assert (holder.get(own).status_code, registrar.get(f"{desk}evidence/").status_code) == (404, 404)


def test_a_claim_is_handed_in_looked_up_and_taken_back(certificate: Certificate, people: dict[str, Any]) -> None:
    client, url = signed_in(people["student"]), "/certification/continuing-education/"
    assert client.post(url, {**FORM, "file": pdf()}).status_code == 302
    row = CeClaim.objects.get()
    assert (row.title, str(row.hours), row.media_type) == ("Ethics at the table", "2.50", "application/pdf")
    assert "With the school" in client.get(url).content.decode()
    file = client.get(f"{url}{row.uuid}/evidence/")
    assert (b"".join(file.streaming_content), file["X-Content-Type-Options"]) == (b"%PDF-1.7 evidence", "nosniff")
    assert file["Content-Disposition"].startswith("attachment")
    client.post(f"{url}{row.uuid}/withdraw/")
    assert "Taken back" in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"hours": "1.1"}, "hours"), ({"hours": "many"}, "hours"), ({"category": "juggling"}, "category"),
     ({"completed_on": "2990-01-01"}, "completed_on"), ({"title": ""}, "title")],
)  # fmt: skip
def test_what_was_typed_is_there_again_beside_the_error(
    change: dict[str, str], field: str, certificate: Certificate, people: dict[str, Any]
) -> None:
    client = signed_in(people["student"])
    answer = client.post("/certification/continuing-education/", {**FORM, **change, "file": pdf()})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field, "file"]
    assert "choose the file once more" in answer.content.decode()
    assert 'value="A provider"' in answer.content.decode()
    assert not CeClaim.objects.exists()


def test_the_front_page_tells_of_an_open_renewal(
    complete: Certificate, people: dict[str, Any], client: Any, moment: datetime
) -> None:
    link = f'href="/certification/renewal/{complete.number}/"'
    client.force_login(people["student"])
    assert link in client.get("/dashboard/").content.decode()
    client.post(f"/certification/renewal/{complete.number}/", ticks(complete))
    assert link not in client.get("/dashboard/").content.decode()
    assert link in client.get(f"/certification/certificates/{complete.number}/").content.decode()


def test_a_refused_holder_reads_why_and_of_the_right_of_appeal(
    complete: Certificate, people: dict[str, Any], client: Any, moment: datetime
) -> None:
    client.force_login(people["student"])
    url = f"/certification/renewal/{complete.number}/"
    client.post(url, ticks(complete))
    decision, _none = decide_renewal(
        renewal=Renewal.objects.get(), outcome="refuse", reason="Forged evidence", by=people["registrar"], at=moment
    )
    page = client.get(url).content.decode()
    assert "Forged evidence" in page
    assert f"/certification/cases/new/?subject=renewal&amp;reference={decision.uuid}" in page


# The registrar ----------------------------------------------------------------------------------------------------


def test_the_registrar_looks_at_a_claim(certificate: Certificate, people: dict[str, Any], moment: datetime) -> None:
    row = claim(people["student"], moment.date() - timedelta(days=9), "ethics", "3")
    client = signed_in(people["registrar"])
    assert row.title in client.get("/registrar/continuing-education/").content.decode()
    url = f"/registrar/continuing-education/{row.uuid}/"
    assert client.get(f"{url}evidence/").status_code == 200
    wrong = client.post(url, {"accepted_hours": "2", "reason": ""})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (400, ["reason"])
    assert client.post(url, {"accepted_hours": "2", "reason": "A long lunch"}).status_code == 302
    assert row.title not in client.get("/registrar/continuing-education/").content.decode()
    mine = signed_in(people["student"]).get("/certification/continuing-education/").content.decode()
    assert "A long lunch" in mine
    assert "2 of 3 h" in mine


def test_the_registrar_is_told_of_the_very_same_file(people: dict[str, Any], now: datetime) -> None:
    words = "The very same file was handed in for something else"
    days = (now + timedelta(days=10)).date()
    for person in ("student", "other"):
        practitioner(people[person], people["registrar"], now)
    first = claim(people["student"], days, file=pdf(content=b"%PDF-1.7 one and the same"))
    registrar = signed_in(people["registrar"])
    url = "/registrar/continuing-education/{}/".format
    assert words not in registrar.get(url(first.uuid)).content.decode()
    second = claim(people["other"], days, file=pdf(content=b"%PDF-1.7 one and the same"))
    page = registrar.get(url(second.uuid)).content.decode()
    assert words in page
    assert url(first.uuid) in page


def test_the_registrar_renews_by_the_page(complete: Certificate, people: dict[str, Any]) -> None:
    student, client = signed_in(people["student"]), signed_in(people["registrar"])
    student.post(f"/certification/renewal/{complete.number}/", ticks(complete))
    renewal = Renewal.objects.get()
    assert f"/registrar/renewals/{renewal.uuid}/" in client.get("/registrar/renewals/").content.decode()
    url = f"/registrar/renewals/{renewal.uuid}/"
    wrong = client.post(url, {"outcome": "return", "reason": " "})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (400, ["reason"])
    done = client.post(url, {"outcome": "award", "reason": "All is in order"})
    successor = Certificate.objects.get(renews=complete)
    assert done["Location"] == f"/registrar/certificates/{successor.number}/"
    assert client.get(url).status_code == 200
    page = student.get(f"/certification/renewal/{complete.number}/").content.decode()
    assert f"/certification/certificates/{successor.number}/" in page
    assert client.get(f"/verify/{complete.number}/").content.decode().count("Replaced on renewal")


def test_a_registrar_who_is_the_holder_gets_no_form(people: dict[str, Any], moment: datetime) -> None:
    renewal, _at = renewing(people["registrar"], people["admin"], moment - timedelta(days=632))
    client = signed_in(people["registrar"])
    page = client.get(f"/registrar/renewals/{renewal.uuid}/").content.decode()
    assert "This is your own certificate" in page
    assert 'name="outcome"' not in page
    client.post(f"/registrar/renewals/{renewal.uuid}/", {"outcome": "award", "reason": "Me"})
    assert not Certificate.objects.filter(renews=renewal.certificate).exists()


# The API ----------------------------------------------------------------------------------------------------------


def test_the_api_tells_applies_and_decides(complete: Certificate, people: dict[str, Any], api: Any) -> None:
    holder, registrar = api(people["student"]), api(people["registrar"])
    url = f"/api/v1/certificates/{complete.number}/renewal/"
    told = holder.get(url).json()
    assert (told["stage"], told["hours"], told["met"]) == ("open", {"have": "24", "need": 24}, False)
    assert [row["key"] for row in told["lines"] if row["state"] != "met"] == ["statements"]
    assert len(told["statements"]) == 15
    assert told["application"] is None
    refused = holder.post(url, {})
    assert (refused.status_code, refused.json()["code"]) == (409, "requirements_missing")
    statements = {row["code"]: row["digest"] for row in told["statements"]}
    stale = holder.post(url, {"statements": {**statements, "conduct-dignity": "0" * 64}})
    assert (stale.status_code, stale.json()["code"]) == (409, "statements_changed")
    done = holder.post(url, {"statements": statements})
    assert (done.status_code, done.json()["state"]) == (201, "open")
    assert "is_audited" not in done.json()
    assert holder.post(url, {"statements": statements}).status_code == 200
    [row] = registrar.get("/api/v1/registrar/renewals/").json()["results"]
    assert row["holder"] == people["student"].email
    decision = f"/api/v1/registrar/renewals/{row['id']}/decision/"
    for data in ({}, {"outcome": "maybe"}, {"outcome": "refuse"}):
        assert registrar.post(decision, data).status_code == 400
    awarded = registrar.post(decision, {"outcome": "award", "reason": "Looked at"})
    assert awarded.status_code == 201
    assert holder.get(url).json()["application"]["renewed_as"] == awarded.json()["renewed_as"]
    assert registrar.post(decision, {"outcome": "award"}).json()["code"] == "already_decided"


def test_the_api_takes_continuing_education(certificate: Certificate, people: dict[str, Any], api: Any) -> None:
    holder, registrar = api(people["student"]), api(people["registrar"])
    url = "/api/v1/continuing-education/"
    wrong = holder.post(url, {**FORM, "hours": "1.1", "file": pdf()}, format="multipart")
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["hours"])
    large = pdf(content=b"%PDF-" + b"x" * 2_000_000)
    made = holder.post(url, {**FORM, "file": large}, format="multipart")
    assert (made.status_code, made.json()["state"], made.json()["hours"]) == (201, "waiting", "2.5")
    huge = holder.post(url, {**FORM, "file": pdf(content=b"%PDF-" + b"x" * 10_200_000)}, format="multipart")
    assert (huge.status_code, huge.json()["code"]) == (413, "too_large")
    [row] = registrar.get("/api/v1/registrar/continuing-education/").json()["results"]
    assert row["evidence_url"] == f"/registrar/continuing-education/{row['id']}/evidence/"
    review = f"/api/v1/registrar/continuing-education/{row['id']}/review/"
    assert registrar.post(review, {"accepted_hours": 2}).json()["errors"].keys() == {"reason"}
    assert registrar.post(review, {"accepted_hours": "2.5"}).json()["state"] == "accepted"
    assert registrar.post(review, {"accepted_hours": "2.5"}).json()["code"] == "already_reviewed"
    taken = holder.post(f"{url}{row['id']}/withdrawal/")
    assert (taken.status_code, taken.json()["state"]) == (201, "withdrawn")
    assert holder.get(url).json()["count"] == 1
    assert api(people["other"]).post(f"{url}{row['id']}/withdrawal/").status_code == 404


# How much is read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 12])
def test_no_page_reads_more_for_more_claims(
    count: int, complete: Certificate, people: dict[str, Any], api: Any, moment: datetime,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    student, registrar = people["student"], people["registrar"]
    for number in range(count):
        accepted(student, registrar, moment.date() - timedelta(days=30 + number), "general", "1")
        claim(student, moment.date() - timedelta(days=30 + number), "general", "2")
    holder, desk = signed_in(student), signed_in(registrar)
    holder.post(f"/certification/renewal/{complete.number}/", ticks(complete))
    renewal = Renewal.objects.get()
    pages = {
        f"/certification/renewal/{complete.number}/": (holder, 25),
        "/certification/continuing-education/": (holder, 17),
        f"/api/v1/certificates/{complete.number}/renewal/": (holder, 20),
        "/api/v1/continuing-education/": (holder, 12),
        "/registrar/renewals/": (desk, 14),
        f"/registrar/renewals/{renewal.uuid}/": (desk, 25),
        "/registrar/continuing-education/": (desk, 14),
        "/api/v1/registrar/renewals/": (desk, 12),
        "/api/v1/registrar/continuing-education/": (desk, 12),
    }
    for url, (client, most) in pages.items():
        client.get(url)
        with django_assert_max_num_queries(most, info=url):
            assert client.get(url).status_code == 200


@pytest.mark.parametrize("count", [1, 10])
def test_no_list_of_renewals_reads_more_for_more_of_them(
    count: int, people: dict[str, Any], make_user: Any, moment: datetime, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        holder = make_user(f"holder-{number}")
        certificate = practitioner(holder, people["registrar"], moment - timedelta(days=700))
        Renewal.objects.create(
            certificate=certificate, policy={}, ledger={}, statements=[], is_late=False, is_audited=False,
            submitted_at=moment,
        )  # fmt: skip
    desk = signed_in(people["registrar"])
    for url in ("/registrar/renewals/", "/api/v1/registrar/renewals/"):
        desk.get(url)
        with django_assert_max_num_queries(12, info=url):
            assert desk.get(url).status_code == 200
