"""Terms and privacy notice: who signs up accepts what is in force, and it is recorded word for word."""

from __future__ import annotations

import pytest

from lms.accounts.api import Acceptance, User, publish_agreement

pytestmark = pytest.mark.django_db
FORM = {
    "display_name": "Mira Lind",
    "email": "mira@test.example",
    "password1": "correct horse battery",
    "password2": "correct horse battery",
}


@pytest.fixture
def terms(now):
    """Terms of use, in their second version."""
    publish_agreement(code="terms", kind="terms", title="Terms of use", text="Be honest.", at=now)
    agreement, _is_new = publish_agreement(
        code="terms", kind="terms", title="Terms of use", text="Be honest and kind.", at=now
    )
    return agreement


def test_without_published_terms_nothing_is_asked(client):
    assert client.post("/accounts/signup/", FORM).status_code == 302
    assert User.objects.filter(email=FORM["email"]).exists()


def test_nobody_signs_up_without_accepting(client, terms):
    response = client.post("/accounts/signup/", FORM)
    assert response.status_code == 200
    assert not User.objects.filter(email=FORM["email"]).exists()
    assert "/accounts/agreements/terms/" in response.content.decode()


def test_the_version_in_force_is_what_was_accepted(client, terms):
    client.post("/accounts/signup/", {**FORM, "agreement-terms": "on"})
    acceptance = Acceptance.objects.get(user__email=FORM["email"])
    assert (acceptance.agreement, acceptance.digest) == (terms, terms.digest)


def test_anybody_can_read_the_terms(client, terms):
    assert "Be honest and kind." in client.get("/accounts/agreements/terms/").content.decode()
    assert client.get("/accounts/agreements/honour-statement/").status_code == 404
