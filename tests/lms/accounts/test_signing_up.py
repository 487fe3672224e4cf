"""From the sign-up form to one's own page, and back in after a forgotten password, through pages and mail."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.test import Client

from lms.accounts.api import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

FORM = {
    "display_name": "Nell Gray",
    "email": "nell@test.example",
    "password1": "a long enough phrase",
    "password2": "a long enough phrase",
}


def link_in(mail: Any) -> str:
    """The path of the first link of a mail."""
    found = re.search(r"https?://[^/\s]+(/accounts/\S+)", mail.body)
    assert found, mail.body
    return found[1]


def submit(client: Client, url: str, data: dict[str, Any]) -> Any:
    return client.post(url, data, follow=True)


def test_from_the_form_over_the_mail_to_the_dashboard(client: Client, mailoutbox: list[Any]) -> None:
    response = submit(client, "/accounts/signup/", FORM)
    assert response.redirect_chain[-1][0] == "/accounts/confirm-email/"
    assert not get_user(client).is_authenticated, "an address that is not confirmed opens nothing"
    [mail] = mailoutbox
    assert mail.to == ["nell@test.example"]
    link = link_in(mail)
    page = client.get(link)
    assert page.status_code == 200
    assert not User.objects.get(email="nell@test.example").emailaddress_set.filter(verified=True).exists(), (
        "a mail scanner that opens the link must not confirm the address"
    )
    response = submit(client, link, {})
    assert response.redirect_chain[-1][0] == "/dashboard/"
    assert response.status_code == 200
    user = get_user(client)
    assert (user.email, user.display_name, user.role_codes) == ("nell@test.example", "Nell Gray", {"student"})
    assert not user.is_staff
    assert not user.is_superuser


def test_an_address_is_one_account_whatever_its_case(client: Client, mailoutbox: list[Any], student: Any) -> None:
    submit(client, "/accounts/signup/", {**FORM, "email": student.email.upper()})
    assert User.objects.filter(email__iexact=student.email).count() == 1


def test_signing_up_does_not_tell_who_is_here_already(client: Client, mailoutbox: list[Any], student: Any) -> None:
    fresh = submit(client, "/accounts/signup/", FORM)
    known = submit(Client(), "/accounts/signup/", {**FORM, "email": student.email})
    assert [row[0] for row in known.redirect_chain] == [row[0] for row in fresh.redirect_chain]
    assert known.status_code == fresh.status_code == 200
    # Only the owner of the address learns it, by mail, and the account stays as it is.
    assert mailoutbox[-1].to == [student.email]
    assert "/confirm-email/" not in mailoutbox[-1].body
    student.refresh_from_db()
    assert student.check_password(PASSWORD)
    assert student.display_name == "Student"


def test_logging_in_does_not_tell_who_is_here(client: Client, student: Any) -> None:
    def words(email: str) -> str:
        page = client.post("/accounts/login/", {"login": email, "password": "wrong password"}).content.decode()
        return re.sub(r'value="[^"]*"', "", page)

    assert words(student.email) == words("nobody@test.example")


def test_an_unconfirmed_address_cannot_log_in_and_gets_a_new_mail(client: Client, mailoutbox: list[Any]) -> None:
    submit(client, "/accounts/signup/", FORM)
    other = Client()
    response = submit(other, "/accounts/login/", {"login": FORM["email"], "password": FORM["password1"]})
    assert response.redirect_chain[-1][0] == "/accounts/confirm-email/"
    assert not get_user(other).is_authenticated


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"display_name": ""}, "display_name"),
        ({"email": "no address"}, "email"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "12345678901234", "password2": "12345678901234"}, "password1"),
        ({"password2": "another phrase"}, "password2"),
    ],
)
def test_a_form_with_a_fault_makes_nobody(
    change: dict[str, str], field: str, client: Client, mailoutbox: list[Any]
) -> None:
    response = client.post("/accounts/signup/", {**FORM, **change})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not User.objects.filter(display_name="Nell Gray").exists()
    assert mailoutbox == []


def test_nobody_signs_up_with_a_role(client: Client, mailoutbox: list[Any]) -> None:
    submit(client, "/accounts/signup/", {**FORM, "is_staff": "on", "is_superuser": "on", "roles": "admin", "groups": 5})
    user = User.objects.get(email=FORM["email"])
    assert (user.is_staff, user.is_superuser, user.role_codes) == (False, False, {"student"})


def test_a_forgotten_password_is_reset_by_mail(client: Client, mailoutbox: list[Any], student: Any) -> None:
    response = submit(client, "/accounts/password/reset/", {"email": student.email})
    assert response.redirect_chain[-1][0] == "/accounts/password/reset/done/"
    page = client.get(link_in(mailoutbox[0]), follow=True)
    form_url = page.redirect_chain[-1][0]
    submit(client, form_url, {"password1": "another long phrase", "password2": "another long phrase"})
    student.refresh_from_db()
    assert student.check_password("another long phrase")
    # The link is spent.
    again = Client().get(link_in(mailoutbox[0]), follow=True)
    assert "password1" not in again.content.decode()
    # And the owner hears of it.
    assert len(mailoutbox) == 2


def test_asking_for_a_reset_does_not_tell_who_is_here(client: Client, mailoutbox: list[Any], student: Any) -> None:
    known = submit(client, "/accounts/password/reset/", {"email": student.email})
    unknown = submit(Client(), "/accounts/password/reset/", {"email": "nobody@test.example"})
    assert known.redirect_chain == unknown.redirect_chain
    assert {mail.to[0]: "/password/reset/key/" in mail.body for mail in mailoutbox} == {
        student.email: True,
        "nobody@test.example": False,
    }


def test_logging_in_goes_on_to_where_one_wanted_to_be_but_never_off_the_site(student: Any) -> None:
    form = {"login": student.email, "password": PASSWORD}
    assert Client().post("/accounts/login/?next=/practice/", form)["Location"] == "/practice/"
    inside = Client().post("/accounts/login/", {**form, "next": "/certification/"})
    assert inside["Location"] == "/certification/"
    outside = Client().post("/accounts/login/", {**form, "next": "https://evil.example/"})
    assert outside["Location"] == "/dashboard/"


def test_logging_out_takes_a_button(client: Client, student: Any) -> None:
    client.force_login(student)
    client.get("/accounts/logout/")
    assert get_user(client).is_authenticated, "a link in somebody's mail must not log people out"
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert not get_user(client).is_authenticated
