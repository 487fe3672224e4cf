"""Asking for the certificate: when it is taken, when it is not, and that asking twice is asking once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lms.certification.api import Application, admit, apply, decide
from lms.certification.exceptions import AlreadyCertified, NameMissing, RequirementsMissing
from tests.lms.certification.builders import applied, certified, foundations, ready

pytestmark = pytest.mark.django_db

URL = "/api/v1/programmes/foundations/application/"


def test_whoever_lacks_something_is_told_all_of_it(student: Any, now: datetime) -> None:
    with pytest.raises(RequirementsMissing) as caught:
        apply(user=student, path=foundations(), legal_name="Ana", at=now)
    missing = caught.value.extra["missing"]
    assert [row["key"] for row in missing] == ["course:C1", "course:C2", "exam:foundations-exam", "group:4"]
    assert all(row["next_action"]["url"] for row in missing[:3])
    assert not Application.objects.exists()
    assert not student.admissions.exists()


def test_an_application_keeps_the_ledger_and_the_name(people: dict[str, Any], now: datetime) -> None:
    ready(people["student"], people["registrar"], now)
    row, is_new = apply(user=people["student"], path=foundations(), legal_name="  Ana   Maria  Ferreira ", at=now)
    assert (is_new, row.legal_name, row.submitted_at) == (True, "Ana Maria Ferreira", now)
    assert [line["state"] for line in row.eligibility] == ["waived"] * 4


def test_while_one_is_open_it_is_given_back(people: dict[str, Any], now: datetime) -> None:
    first = applied(people["student"], people["registrar"], now)
    again, is_new = apply(user=people["student"], path=foundations(), legal_name="Other", at=now + timedelta(days=1))
    assert (again, is_new) == (first, False)
    assert again.legal_name == first.legal_name
    assert Application.objects.count() == 1


@pytest.mark.parametrize("name", ["", "   ", "\n\t", "\u200b\u202e"])
def test_a_certificate_needs_a_name(name: str, people: dict[str, Any], now: datetime) -> None:
    ready(people["student"], people["registrar"], now)
    with pytest.raises(NameMissing) as caught:
        apply(user=people["student"], path=foundations(), legal_name=name, at=now)
    assert list(caught.value.extra["errors"]) == ["legal_name"]
    assert not Application.objects.exists()


def test_after_a_refusal_one_may_ask_again(people: dict[str, Any], now: datetime) -> None:
    first = applied(people["student"], people["registrar"], now)
    decide(application=first, outcome="refuse", reason="The name is not yours", by=people["registrar"], at=now)
    again, is_new = apply(user=people["student"], path=foundations(), legal_name="Ana", at=now)
    assert is_new
    assert again != first


def test_a_holder_does_not_apply_again_until_the_certificate_has_expired(people: dict[str, Any], now: datetime) -> None:
    certificate = certified(people["student"], people["registrar"], now)
    with pytest.raises(AlreadyCertified) as caught:
        apply(user=people["student"], path=foundations(), legal_name="Ana", at=now + timedelta(days=30))
    assert caught.value.extra == {"number": certificate.number}
    _row, is_new = apply(user=people["student"], path=foundations(), legal_name="Ana", at=now + timedelta(days=1200))
    assert is_new


def test_joining_a_path_twice_is_once(student: Any, now: datetime) -> None:
    first, is_new = admit(user=student, path=foundations(), by=student, at=now)
    again, is_new_again = admit(user=student, path=foundations(), by=student, at=now + timedelta(days=1))
    assert (is_new, is_new_again, again) == (True, False, first)


# Over HTTP ----------------------------------------------------------------------------------------------------


def test_the_api_takes_the_name_given_or_the_one_of_the_account(
    people: dict[str, Any], api: Any, now: datetime
) -> None:
    ready(people["student"], people["registrar"], now)
    ready(people["other"], people["registrar"], now)
    given = api(people["student"]).post(URL, {"legal_name": "Ana Ferreira"})
    assert (given.status_code, given.json()["legal_name"], given.json()["state"]) == (201, "Ana Ferreira", "open")
    again = api(people["student"]).post(URL, {"legal_name": "Somebody Else"})
    assert (again.status_code, again.json()) == (200, given.json())
    taken = api(people["other"]).post(URL)
    assert (taken.status_code, taken.json()["legal_name"]) == (201, "Other")
    assert "candidate" not in taken.json()


def test_the_api_says_what_is_missing(people: dict[str, Any], api: Any, now: datetime) -> None:
    response = api(people["student"]).post(URL)
    assert (response.status_code, response.json()["code"]) == (409, "requirements_missing")
    assert len(response.json()["missing"]) == 4
    ready(people["other"], people["registrar"], now)
    people["other"].legal_name = people["other"].display_name = ""
    people["other"].save()
    nameless = api(people["other"]).post(URL)
    assert (nameless.status_code, nameless.json()["code"]) == (400, "legal_name_missing")
    long = api(people["other"]).post(URL, {"legal_name": "x" * 201})
    assert (long.status_code, list(long.json()["errors"])) == (400, ["legal_name"])


def test_the_page_asks_to_confirm_the_name(people: dict[str, Any], now: datetime) -> None:
    ready(people["student"], people["registrar"], now)
    client = Client()
    client.force_login(people["student"])
    page, form = "/certification/foundations/", "/certification/foundations/apply/"
    assert form in client.get(page).content.decode()
    for data, wrong in (({"legal_name": "Ana"}, "confirm"), ({"legal_name": " ", "confirm": "on"}, "legal_name")):
        shown = client.post(form, data).context["form"]
        assert list(shown.errors) == [wrong]
        assert shown["legal_name"].value() == data["legal_name"]
    assert not Application.objects.exists()
    client.post(form, {"legal_name": "Ana", "confirm": "on"})
    assert Application.objects.get().legal_name == "Ana"
    assert client.get(page).context["application"] is not None


def test_the_candidate_reads_why_they_were_refused(people: dict[str, Any], now: datetime) -> None:
    application = applied(people["student"], people["registrar"], now)
    decide(application=application, outcome="refuse", reason="Your passport says otherwise", by=people["registrar"],
           at=now)  # fmt: skip
    client = Client()
    client.force_login(people["student"])
    assert "Your passport says otherwise" in client.get("/certification/foundations/").content.decode()
    client.force_login(people["other"])
    assert "Your passport says otherwise" not in client.get("/certification/foundations/").content.decode()
