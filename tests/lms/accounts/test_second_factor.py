"""On a live instance staff have a second factor or get nowhere: pages, CMS, API, and no door beside."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lms.accounts.api import issue_api_token
from tests.api import second_factor
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

STAFF = ("instructor", "examiner", "registrar", "admin")
SET_UP = "/accounts/2fa/totp/activate/"
PAGES = ("/", "/dashboard/", "/teach/", "/examine/", "/registrar/", "/admin/", "/admin/pages/", "/admin/users/",
         "/certification/", "/courses/", "/evidence/")  # fmt: skip


@pytest.fixture(autouse=True)
def _live(settings: Any) -> None:
    settings.SECOND_FACTOR_ENFORCED = True


@pytest.fixture
def browser(people: dict[str, Any]) -> Any:
    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(people[role])
        return client

    return signed_in


@pytest.mark.parametrize("role", STAFF)
def test_pages_and_cms_send_staff_to_set_it_up(role: str, browser: Any) -> None:
    client = browser(role)
    for url in PAGES:
        response = client.get(url)
        assert (url, response.status_code, response.get("Location")) == (url, 302, SET_UP)
    # The way there is open, behind the password once more.
    assert client.get(SET_UP, follow=True).status_code == 200


@pytest.mark.parametrize("role", STAFF)
def test_the_api_refuses_session_and_key(role: str, browser: Any, people: dict[str, Any], api: Any) -> None:
    _token, key = issue_api_token(user=people[role], at=timezone.now())
    for response in (
        browser(role).get("/api/v1/me/"),
        api().get("/api/v1/me/", headers={"Authorization": f"Token {key}"}),
        api().get("/api/v1/registrar/applications/", headers={"Authorization": f"Token {key}"}),
    ):
        assert response.status_code == 403
        assert response.json()["code"] == "second_factor_required"


@pytest.mark.parametrize("role", STAFF)
def test_no_key_is_given_without_it(role: str, people: dict[str, Any], api: Any) -> None:
    response = api().post("/api/v1/auth/token/", {"email": people[role].email, "password": PASSWORD})
    assert (response.status_code, response.json()["code"]) == (403, "second_factor_required")


def test_writing_is_refused_as_well(browser: Any, people: dict[str, Any]) -> None:
    client = browser("registrar")
    response = client.post("/certification/foundations/join/")
    assert response["Location"] == SET_UP
    assert not people["registrar"].admissions.exists()


@pytest.mark.parametrize("role", STAFF)
def test_with_a_second_factor_everything_opens(role: str, browser: Any, people: dict[str, Any], api: Any) -> None:
    secret = second_factor.set_up(people[role])
    client = browser(role)
    assert client.get("/dashboard/").status_code == 200
    assert client.get("/api/v1/me/").status_code == 200
    response = api().post(
        "/api/v1/auth/token/",
        {"email": people[role].email, "password": PASSWORD, "otp": second_factor.code(secret)},
    )
    assert response.status_code == 200


def test_students_need_none(browser: Any) -> None:
    client = browser("student")
    assert client.get("/dashboard/").status_code == 200
    assert client.get("/api/v1/me/").status_code == 200


def test_a_superuser_without_a_role_is_staff_too(people: dict[str, Any], browser: Any) -> None:
    people["other"].is_superuser = True
    people["other"].save()
    assert browser("other").get("/dashboard/")["Location"] == SET_UP


def test_a_student_who_becomes_an_instructor_needs_one_from_then_on(people: dict[str, Any], browser: Any) -> None:
    from lms.accounts.api import grant_role

    client = browser("student")
    assert client.get("/dashboard/").status_code == 200
    grant_role(user=people["student"], role="instructor")
    assert client.get("/dashboard/")["Location"] == SET_UP


def test_what_everybody_may_see_stays_open(browser: Any) -> None:
    client = browser("registrar")
    for url in ("/verify/", "/healthz", "/accounts/login/", "/accounts/preferences/"):
        assert client.get(url).get("Location") != SET_UP


def test_a_demonstration_does_not_ask(settings: Any, browser: Any) -> None:
    settings.SECOND_FACTOR_ENFORCED = False
    assert browser("registrar").get("/registrar/").status_code == 200


# No door beside ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/admin/login/", "/_util/login/"])
def test_there_is_one_form_for_the_password(url: str, people: dict[str, Any]) -> None:
    client = Client()
    response = client.get(f"{url}?next=/admin/")
    assert response["Location"] == "/accounts/login/?next=/admin/"
    client.post(url, {"username": people["admin"].email, "login": people["admin"].email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("url", ["/admin/password_reset/", "/admin/account/change_password/"])
def test_the_cms_has_no_password_pages_of_its_own(url: str, people: dict[str, Any], browser: Any) -> None:
    second_factor.set_up(people["admin"])
    assert browser("admin").get(url).status_code in {302, 404}
    assert Client().get(url).status_code in {302, 404}


def test_the_password_alone_does_not_sign_in(people: dict[str, Any]) -> None:
    secret = second_factor.set_up(people["admin"])
    client = Client()
    response = client.post("/accounts/login/", {"login": people["admin"].email, "password": PASSWORD})
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": second_factor.code(secret)})
    assert client.get("/admin/").status_code == 200


def test_setting_it_up_through_the_pages_opens_the_rest(people: dict[str, Any]) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": people["registrar"].email, "password": PASSWORD})
    page = client.get(SET_UP, follow=True)
    assert page.redirect_chain, "whoever finds an open browser must not set up a second factor"
    page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    response = client.post(SET_UP, {"code": second_factor.code(secret)})
    assert response.status_code == 302
    assert client.get("/registrar/").status_code == 200
