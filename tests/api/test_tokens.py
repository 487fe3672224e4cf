"""Keys for scripts: who gets one, what is kept of it, and when it stops working."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from lms.accounts.api import issue_api_token, revoke_api_token
from lms.accounts.models import ApiToken
from lms.accounts.rest import TokenThrottle
from lms.core.digest import digest_of_text
from tests.api import second_factor
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

URL = "/api/v1/auth/token/"


def ask(api: Any, email: str, password: str = PASSWORD, **more: str) -> Any:
    return api().post(URL, {"email": email, "password": password, **more})


def me(api: Any, key: str, word: str = "Token") -> Any:
    return api().get("/api/v1/me/", headers={"Authorization": f"{word} {key}"})


def test_credentials_give_a_key_that_opens_the_api(student: Any, api: Any) -> None:
    response = ask(api, student.email)
    assert response.status_code == 200
    key = response.json()["token"]
    for word in ("Token", "token", "Bearer"):
        assert me(api, key, word).json() == {"email": student.email, "name": "Student", "roles": ["student"]}


def test_the_address_is_taken_whatever_its_case(student: Any, api: Any) -> None:
    assert ask(api, student.email.upper()).status_code == 200


def test_a_key_needs_no_csrf_token(student: Any) -> None:
    from rest_framework.test import APIClient

    _token, key = issue_api_token(user=student, at=timezone.now())
    client = APIClient(enforce_csrf_checks=True)
    response = client.post("/api/v1/courses/foundations/enrol/", headers={"Authorization": f"Token {key}"})
    assert response.status_code == 201


def test_nothing_tells_a_wrong_password_from_an_unknown_or_unconfirmed_address(
    student: Any, make_user: Any, api: Any
) -> None:
    make_user("unconfirmed")
    EmailAddress.objects.filter(email="unconfirmed@test.example").update(verified=False)
    answers = [
        ask(api, student.email, "not the password"),
        ask(api, "nobody@test.example"),
        ask(api, "unconfirmed@test.example"),
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "invalid_credentials"
    assert not ApiToken.objects.exists()


def test_a_closed_account_gets_none_and_its_keys_stop(student: Any, api: Any) -> None:
    key = ask(api, student.email).json()["token"]
    student.is_active = False
    student.save()
    assert me(api, key).status_code == 401
    assert ask(api, student.email).status_code == 400


def test_only_a_digest_is_stored(student: Any, api: Any) -> None:
    key = ask(api, student.email).json()["token"]
    row = ApiToken.objects.values().get()
    assert row["digest"] == digest_of_text(key)
    assert not any(key in str(value) for value in row.values())
    # What the person sees in a list of keys must not help anybody to guess the rest.
    assert len(key) - len(row["hint"]) > 32


def test_every_key_is_another(student: Any, api: Any) -> None:
    assert len({ask(api, student.email).json()["token"] for _ in range(3)}) == 3


def test_a_revoked_key_is_refused_and_others_go_on(student: Any, api: Any) -> None:
    first, key = issue_api_token(user=student, at=timezone.now())
    _second, other = issue_api_token(user=student, at=timezone.now())
    revoke_api_token(token=first, at=timezone.now())
    assert me(api, key).status_code == 401
    assert me(api, other).status_code == 200


def test_revoking_again_keeps_the_first_moment(student: Any, now: Any) -> None:
    token, _key = issue_api_token(user=student, at=now)
    revoke_api_token(token=token, at=now)
    revoke_api_token(token=token, at=now + timedelta(days=1))
    token.refresh_from_db()
    assert token.revoked_at == now


def test_an_expired_key_is_refused(student: Any, api: Any) -> None:
    _token, fresh = issue_api_token(user=student, at=timezone.now() - timedelta(days=364))
    _token, old = issue_api_token(user=student, at=timezone.now() - timedelta(days=366))
    assert me(api, fresh).status_code == 200
    assert me(api, old).status_code == 401


def test_a_wrong_key_is_not_forgiven_because_of_a_session(student: Any, api: Any) -> None:
    """Who sends a key means the key: the cookie beside it must not take over."""
    response = api(student).get("/api/v1/me/", headers={"Authorization": "Token nmt_wrong"})
    assert response.status_code == 401


# The second factor ----------------------------------------------------------------------------------------------


def test_who_has_a_second_factor_must_send_its_code(student: Any, api: Any) -> None:
    secret = second_factor.set_up(student)
    for more in ({}, {"otp": ""}, {"otp": "000000"}):
        response = ask(api, student.email, **more)
        assert (response.status_code, response.json()["code"]) == (403, "second_factor_required")
    assert ask(api, student.email, otp=second_factor.code(secret)).status_code == 200


def test_a_code_works_once(student: Any, api: Any) -> None:
    code = second_factor.code(second_factor.set_up(student))
    assert ask(api, student.email, otp=code).status_code == 200
    assert ask(api, student.email, otp=code).status_code == 403


def test_a_recovery_code_works_once(student: Any, api: Any) -> None:
    second_factor.set_up(student)
    code = second_factor.recovery_codes(student)[0]
    assert ask(api, student.email, otp=code).status_code == 200
    assert ask(api, student.email, otp=code).status_code == 403


def test_a_code_does_not_replace_the_password(student: Any, api: Any) -> None:
    secret = second_factor.set_up(student)
    response = ask(api, student.email, "not the password", otp=second_factor.code(secret))
    assert response.json()["code"] == "invalid_credentials"


# Guessing -------------------------------------------------------------------------------------------------------


def test_guessing_is_slowed_down_with_a_time_to_wait(student: Any, api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TokenThrottle, "THROTTLE_RATES", {"token": "3/min"})
    for _ in range(3):
        assert ask(api, student.email, "not the password").status_code == 400
    response = ask(api, student.email)
    assert response.status_code == 429
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "throttled"
    assert 1 <= int(response["Retry-After"]) <= 61
