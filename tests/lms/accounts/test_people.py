"""Roles, agreements, standing conditions, and what is left of a person who asked to be erased."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from lms.accounts.api import (
    STAFF_ROLES,
    Role,
    User,
    accept_agreement,
    acceptances_of,
    accommodation_for,
    current_agreements,
    grant_accommodation,
    grant_role,
    issue_api_token,
    pseudonymise,
    publish_agreement,
)
from lms.accounts.enums import CMS_ROLES
from lms.accounts.models import AccommodationReason
from quizzes.api import Assessment, start_attempt
from tests.conftest import PASSWORD
from tests.lms.certification.builders import certified, ready

pytestmark = pytest.mark.django_db


# Roles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role.values)
def test_a_role_opens_the_cms_only_to_those_who_author(role: str, make_user: Any) -> None:
    user = make_user("somebody", role)
    user.refresh_from_db()
    assert user.is_staff == (role in CMS_ROLES)
    assert user.has_role(role)
    assert not user.has_role(*(set(Role.values) - {role}))
    assert (role in STAFF_ROLES) == (role != "student")


def test_a_role_given_twice_is_held_once(student: Any) -> None:
    grant_role(user=student, role="examiner")
    grant_role(user=student, role="examiner")
    assert student.role_codes == {"student", "examiner"}
    assert student.groups.count() == 2


def test_a_role_that_is_none_cannot_be_given(student: Any) -> None:
    with pytest.raises(ValueError, match="headmaster"):
        grant_role(user=student, role="headmaster")


def test_a_closed_account_holds_no_role(student: Any) -> None:
    student.is_active = False
    assert not student.has_role("student")


def test_two_accounts_cannot_share_an_address_by_its_case(student: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="STUDENT@test.example")


# Agreements ----------------------------------------------------------------------------------------------------


def publish(text: str, at: datetime) -> Any:
    return publish_agreement(code="house-rules", kind="attestation", title="House rules", text=text, at=at)


def test_a_changed_text_is_a_new_version_and_an_unchanged_one_is_not(now: datetime) -> None:
    first, is_new = publish("Be on time.", now)
    assert (first.version, is_new) == (1, True)
    again, is_new = publish("Be on time.", now)
    assert (again, is_new) == (first, False)
    second, is_new = publish("Be on time. Be kind.", now)
    assert (second.version, is_new) == (2, True)
    assert second.digest != first.digest
    assert current_agreements(["house-rules", "no-such-text"]) == {"house-rules": second}


def test_accepting_twice_is_one_acceptance_with_the_first_time(student: Any, now: datetime) -> None:
    agreement, _is_new = publish("Be on time.", now)
    first = accept_agreement(agreement=agreement, user=student, at=now)
    again = accept_agreement(agreement=agreement, user=student, at=now + timedelta(days=1))
    assert again == first
    assert again.accepted_at == now
    assert first.digest == agreement.digest


def test_who_accepted_the_old_text_has_not_accepted_the_new_one(student: Any, now: datetime) -> None:
    first, _is_new = publish("Be on time.", now)
    accept_agreement(agreement=first, user=student, at=now)
    assert set(acceptances_of(student, ["house-rules"])) == {"house-rules"}
    second, _is_new = publish("Be on time. Be kind.", now)
    assert acceptances_of(student, ["house-rules"]) == {}
    accept_agreement(agreement=second, user=student, at=now)
    assert acceptances_of(student, ["house-rules"])["house-rules"].agreement == second
    assert student.acceptances.count() == 2


def test_the_api_signs_the_text_that_was_read(student: Any, api: Any, now: datetime) -> None:
    client, url = api(student), "/api/v1/agreements/honour-statement/"
    text = client.get(url).json()
    assert text["accepted_at"] is None
    publish_agreement(code="honour-statement", kind="honour", title=text["title"], text="Changed since.", at=now)
    stale = client.post(f"{url}acceptance/", {"digest": text["digest"]})
    assert (stale.status_code, list(stale.json()["errors"])) == (400, ["digest"])
    fresh = client.post(f"{url}acceptance/", {"digest": client.get(url).json()["digest"]})
    assert fresh.status_code == 201
    again = client.post(f"{url}acceptance/", {"digest": fresh.json()["digest"]})
    assert again.json()["accepted_at"] == fresh.json()["accepted_at"]


def test_the_page_signs_the_text_that_was_read(student: Any, now: datetime) -> None:
    client, url = Client(), "/certification/statements/honour-statement/"
    client.force_login(student)
    agreement = client.get(url).context["agreement"]
    client.post(url, {"digest": "0" * 64, "accept": "on"})
    client.post(url, {"digest": agreement.digest})
    assert not student.acceptances.exists(), "another text, or no tick, is no signature"
    client.post(url, {"digest": agreement.digest, "accept": "on"})
    assert student.acceptances.get().agreement == agreement


# Standing conditions -------------------------------------------------------------------------------------------


@pytest.fixture
def candidate(people: dict[str, Any], now: datetime) -> Any:
    """Somebody who may sit the exam of 40 minutes."""
    ready(people["student"], people["registrar"], now - timedelta(days=1))
    return people["student"]


def minutes_of_the_exam(candidate: Any, at: datetime) -> float:
    attempt, _is_new = start_attempt(assessment=Assessment.objects.get(code="foundations-exam"), by=candidate, at=at)
    assert attempt.deadline_at is not None
    return (attempt.deadline_at - at).total_seconds() / 60


def test_without_conditions_the_time_is_that_of_the_exam(candidate: Any, now: datetime) -> None:
    assert minutes_of_the_exam(candidate, now) == 40


def test_conditions_lengthen_the_time(candidate: Any, people: dict[str, Any], now: datetime) -> None:
    grant_accommodation(
        user=candidate, time_factor=Decimal("1.25"), extra_minutes=5, break_minutes=10, by=people["registrar"], at=now
    )
    assert minutes_of_the_exam(candidate, now) == 40 * 1.25 + 5 + 10


@pytest.mark.parametrize(
    ("shift", "minutes"), [(timedelta(seconds=-1), 40), (timedelta(days=29), 80), (timedelta(days=30), 40)]
)
def test_conditions_hold_from_their_approval_to_their_end(
    shift: timedelta, minutes: int, candidate: Any, people: dict[str, Any], now: datetime
) -> None:
    grant_accommodation(
        user=candidate, time_factor=Decimal(2), valid_until=now + timedelta(days=30), by=people["registrar"], at=now
    )
    assert minutes_of_the_exam(candidate, now + shift) == minutes


def test_the_latest_conditions_count(candidate: Any, people: dict[str, Any], now: datetime) -> None:
    for factor in (Decimal(2), Decimal("1.5")):
        grant_accommodation(user=candidate, time_factor=factor, by=people["registrar"], at=now)
    profile = accommodation_for(candidate, now)
    assert profile is not None
    assert profile.time_factor == Decimal("1.5")


def test_conditions_never_shorten_the_time(candidate: Any, people: dict[str, Any], now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        grant_accommodation(user=candidate, time_factor=Decimal("0.9"), by=people["registrar"], at=now)


def test_an_attempt_that_runs_gets_the_time_too(candidate: Any, people: dict[str, Any], now: datetime) -> None:
    exam = Assessment.objects.get(code="foundations-exam")
    attempt, _is_new = start_attempt(assessment=exam, by=candidate, at=now)
    assert attempt.deadline_at is not None
    grant_accommodation(user=candidate, time_factor=Decimal(2), by=people["registrar"], at=now)
    again, is_new = start_attempt(assessment=exam, by=candidate, at=now + timedelta(minutes=1))
    assert (again.pk, is_new) == (attempt.pk, False)
    assert again.deadline_at == now + 2 * (attempt.deadline_at - now)


def test_the_medical_reason_is_kept_apart(candidate: Any, people: dict[str, Any], now: datetime, api: Any) -> None:
    profile = grant_accommodation(
        user=candidate, time_factor=Decimal("1.5"), reason="Dyslexia, report of May", by=people["registrar"], at=now
    )
    assert AccommodationReason.objects.get(profile=profile).text == "Dyslexia, report of May"
    assert "Dyslexia" not in "".join(str(value) for value in vars(profile).values())
    assert not AccommodationReason.objects.exclude(profile=profile).exists()
    plain = grant_accommodation(user=candidate, by=people["registrar"], at=now)
    assert not AccommodationReason.objects.filter(profile=plain).exists()


# Erasure -------------------------------------------------------------------------------------------------------


def test_erasing_a_person_keeps_the_record_and_nothing_else(people: dict[str, Any], now: datetime, api: Any) -> None:
    student = people["student"]
    certificate = certified(student, people["registrar"], now)
    _token, key = issue_api_token(user=student, at=now)
    browser = Client()
    browser.force_login(student)
    student.preferences = {"theme": "dark"}
    student.save()
    pseudonymise(user=student, at=now)
    student.refresh_from_db()
    words = " ".join(str(value) for value in vars(student).values())
    assert "student@test.example" not in words
    assert "Student" not in words
    assert (student.preferences, student.is_active, student.has_usable_password()) == ({}, False, False)
    assert not student.emailaddress_set.exists()
    # No way in is left: browser, key, password, reset.
    assert browser.get("/dashboard/").status_code == 302
    assert api().get("/api/v1/me/", headers={"Authorization": f"Token {key}"}).status_code == 401
    assert not Client().login(email="student@test.example", password=PASSWORD)
    # What the school certified still answers.
    assert api().get(f"/api/v1/verify/{certificate.number}/").json()["status"] == "active"
    assert student.certificates.count() == student.admissions.count() == 1


def test_two_erased_people_do_not_collide(make_user: Any, now: datetime) -> None:
    for name in ("first", "second"):
        pseudonymise(user=make_user(name), at=now)
    assert User.objects.filter(is_active=False).count() == 2


def test_the_address_of_an_erased_person_is_free_again(student: Any, make_user: Any) -> None:
    pseudonymise(user=student)
    assert make_user("student").pk != student.pk
