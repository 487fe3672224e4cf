"""Suspending, reinstating, revoking: what may follow what, by whom, and through which doors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lms.accounts.api import grant_role
from lms.certification.api import Certificate, reinstate, revoke, standing_of_certificate, suspend
from lms.certification.exceptions import NotPossibleNow, OwnApplication
from lms.certification.models import CertificateEvent
from lms.core.exceptions import InvalidInput
from tests.lms.certification.builders import certified

pytestmark = pytest.mark.django_db

LATER = timedelta(days=1200)


@pytest.fixture
def certificate(people: dict[str, Any], now: datetime) -> Certificate:
    return certified(people["student"], people["registrar"], now)


@pytest.fixture
def act(people: dict[str, Any], now: datetime) -> Callable[..., CertificateEvent]:
    """Do something to a certificate as the registrar."""

    def do(verb: str, certificate: Certificate, at: datetime = now, **more: Any) -> CertificateEvent:
        if verb == "reinstate":
            return reinstate(certificate=certificate, by=people["registrar"], at=at, **more)
        command = {"suspend": suspend, "revoke": revoke}[verb]
        return command(certificate=certificate, public_reason="conduct", by=people["registrar"], at=at, **more)

    return do


def status(certificate: Certificate, at: datetime) -> str:
    return standing_of_certificate(Certificate.objects.get(pk=certificate.pk), at.date()).status.value


#: How it came to a status, and which verbs are possible from there.
WAYS: dict[str, tuple[tuple[str, ...], timedelta, set[str]]] = {
    "active": ((), timedelta(), {"suspend", "revoke"}),
    "expired": ((), LATER, {"suspend", "revoke"}),
    "suspended": (("suspend",), timedelta(), {"reinstate", "revoke"}),
    "revoked": (("revoke",), timedelta(), set()),
}


@pytest.mark.parametrize("verb", ["suspend", "reinstate", "revoke"])
@pytest.mark.parametrize("start", WAYS)
def test_what_may_happen_to_a_certificate(
    start: str, verb: str, certificate: Certificate, act: Any, now: datetime
) -> None:
    before, wait, possible = WAYS[start]
    for earlier in before:
        act(earlier, certificate)
    assert status(certificate, now + wait) == start
    count = CertificateEvent.objects.count()
    if verb in possible:
        act(verb, certificate, now + wait)
        expected = {"suspend": "suspended", "revoke": "revoked", "reinstate": "active"}[verb]
        assert status(certificate, now + wait) == expected
        assert CertificateEvent.objects.count() == count + 1
    else:
        with pytest.raises(NotPossibleNow):
            act(verb, certificate, now + wait)
        assert status(certificate, now + wait) == start
        assert CertificateEvent.objects.count() == count


def test_a_superseded_certificate_can_only_be_revoked(
    certificate: Certificate, act: Any, people: dict[str, Any], now: datetime
) -> None:
    CertificateEvent.objects.create(
        certificate=certificate, kind="superseded", public_reason="corrected", by=people["registrar"], at=now
    )
    for verb in ("suspend", "reinstate"):
        with pytest.raises(NotPossibleNow):
            act(verb, certificate)
    act("revoke", certificate)
    assert status(certificate, now) == "revoked"


def test_suspended_and_reinstated_twice_and_then_revoked_for_good(
    certificate: Certificate, act: Any, now: datetime
) -> None:
    for verb in ("suspend", "reinstate", "suspend", "reinstate", "revoke"):
        act(verb, certificate)
    kinds = list(certificate.events.order_by("id").values_list("kind", flat=True))
    assert kinds == ["issued", "suspended", "reinstated", "suspended", "reinstated", "revoked"]
    for verb in ("suspend", "reinstate", "revoke"):
        with pytest.raises(NotPossibleNow):
            act(verb, certificate, now + LATER)


@pytest.mark.parametrize("command", [suspend, revoke, reinstate])
def test_nobody_changes_their_own_certificate(
    command: Any, certificate: Certificate, people: dict[str, Any], now: datetime
) -> None:
    grant_role(user=people["student"], role="registrar")
    more = {} if command is reinstate else {"public_reason": "conduct"}
    with pytest.raises(OwnApplication):
        command(certificate=certificate, by=people["student"], at=now, **more)
    assert certificate.events.count() == 1


def test_the_public_reason_is_one_of_the_neutral_ones(
    certificate: Certificate, people: dict[str, Any], now: datetime
) -> None:
    by: Any = {"by": people["registrar"], "at": now}
    for command, reason in (
        (revoke, "forgery of hours"),
        (revoke, "under_review"),
        (suspend, "renewed"),
        (suspend, ""),
    ):
        with pytest.raises(InvalidInput) as caught:
            command(certificate=certificate, public_reason=reason, **by)
        assert list(caught.value.extra["errors"]) == ["public_reason"]
    assert status(certificate, now) == "active"


def test_revoking_never_touches_the_certificate_itself(certificate: Certificate, act: Any) -> None:
    before = Certificate.objects.filter(pk=certificate.pk).values().get()
    act("revoke", certificate, internal_reason="Hours were made up")
    assert Certificate.objects.filter(pk=certificate.pk).values().get() == before


# Over HTTP ----------------------------------------------------------------------------------------------------


def test_the_pages_offer_what_is_possible_and_do_it(certificate: Certificate, people: dict[str, Any]) -> None:
    client, url = Client(), f"/registrar/certificates/{certificate.number}/"
    client.force_login(people["registrar"])

    def offered() -> set[str]:
        return {action["code"] for action in client.get(url).context["actions"]}

    reasons = {"internal_reason": "A client complained"}
    assert offered() == {"reissue", "suspend", "revoke"}
    client.post(f"{url}suspend/", {"public_reason": "under_review", **reasons})
    assert offered() == {"reinstate", "revoke"}
    client.post(f"{url}reinstate/", reasons)
    assert offered() == {"reissue", "suspend", "revoke"}
    client.post(f"{url}revoke/", {"public_reason": "conduct", **reasons})
    assert offered() == set()
    client.post(f"{url}reinstate/", reasons)
    client.post(f"{url}suspend/", {"public_reason": "under_review", **reasons})
    assert [row.kind for row in certificate.events.order_by("id")] == [
        "issued", "suspended", "reinstated", "revoked",
    ]  # fmt: skip
    assert "A client complained" in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("suspend", {"public_reason": ""}),
        ("suspend", {"public_reason": "under_review"}),
        ("suspend", {"internal_reason": "Why"}),
        ("suspend", {"public_reason": "renewed", "internal_reason": "Why"}),
        ("revoke", {"public_reason": "under_review", "internal_reason": "Why"}),
        ("reinstate", {"internal_reason": " "}),
    ],
)
def test_a_form_without_its_reasons_changes_nothing(
    action: str, data: dict[str, str], certificate: Certificate, people: dict[str, Any]
) -> None:
    client = Client()
    client.force_login(people["registrar"])
    response = client.post(f"/registrar/certificates/{certificate.number}/{action}/", data)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert certificate.events.count() == 1


def test_what_is_not_possible_is_not_offered_and_what_was_written_stays(
    certificate: Certificate, people: dict[str, Any]
) -> None:
    client, url = Client(), f"/registrar/certificates/{certificate.number}/reinstate/"
    client.force_login(people["registrar"])
    assert '<form class="form"' not in client.get(url).content.decode()
    page = client.post(url, {"internal_reason": "It was settled"})
    assert page.context["form"].non_field_errors() == ["A certificate that is Active cannot be Reinstated."]
    assert "It was settled" in page.content.decode()
    grant_role(user=people["student"], role="registrar")
    client.force_login(people["student"])
    assert client.get(f"/registrar/certificates/{certificate.number}/").context["actions"] == []


def test_an_action_that_is_none_is_404(certificate: Certificate, people: dict[str, Any]) -> None:
    client = Client()
    client.force_login(people["registrar"])
    assert client.get(f"/registrar/certificates/{certificate.number}/delete/").status_code == 404


def test_the_api_revokes_once(certificate: Certificate, people: dict[str, Any], api: Any) -> None:
    client, url = api(people["registrar"]), f"/api/v1/registrar/certificates/{certificate.number}/revocation/"
    for reason in ("forgery", "under_review", "renewed"):
        wrong = client.post(url, {"public_reason": reason})
        assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["public_reason"])
    done = client.post(url, {"public_reason": "conduct", "internal_reason": "Hours were made up"})
    assert (done.status_code, done.json()["status"], done.json()["public_reason"]) == (201, "revoked", "conduct")
    assert "Hours" not in done.content.decode()
    again = client.post(url, {"public_reason": "conduct"})
    assert (again.status_code, again.json()["code"]) == (409, "not_possible_for_this_status")
    unknown = client.post("/api/v1/registrar/certificates/NMT-00000-00000/revocation/", {"public_reason": "conduct"})
    assert unknown.status_code == 404


def test_the_register_is_found_by_name_and_number_however_it_is_typed(
    certificate: Certificate, people: dict[str, Any], now: datetime
) -> None:
    other = certified(people["other"], people["registrar"], now)
    client = Client()
    client.force_login(people["registrar"])

    def found(words: str, sort: str = "") -> list[str]:
        lines = client.get("/registrar/certificates/", {"q": words, "o": sort}).context["lines"]
        return [line["certificate"].number for line in lines]

    assert set(found("")) == {certificate.number, other.number}
    assert found("othe") == [other.number]
    assert found(certificate.number.lower().replace("-", " ")) == [certificate.number]
    assert found("nobody at all") == []
    assert found("", "name") == found("", "-name")[::-1]
    assert len(found("", "no-such-column")) == 2
