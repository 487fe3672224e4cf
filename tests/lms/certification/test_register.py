"""The public register: only who agreed, only while the certificate holds, and no more than it prints."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from lms.accounts.api import pseudonymise
from lms.certification.api import Certificate, Path, reinstate, reissue, revoke, suspend
from lms.certification.exceptions import NotPossibleNow
from lms.certification.models import CertificateEvent, RegisterListing
from lms.certification.register import is_publicly_listed, list_publicly, public_register
from lms.core.exceptions import NotAllowed
from tests.lms.certification.builders import certified
from tests.lms.certification.papers import many_applications, paper_path, signed_in

pytestmark = pytest.mark.django_db

URL = "/verify/register/"


@pytest.fixture
def certificate(people: dict[str, Any]) -> Certificate:
    """An active one."""
    return certified(people["student"], people["registrar"], timezone.now() - timedelta(days=30))


def agree(certificate: Certificate, is_listed: bool = True) -> bool:
    return list_publicly(certificate=certificate, is_listed=is_listed, by=certificate.holder, at=timezone.now())


def listed(client: Any, **query: str) -> list[str]:
    return [row.number for row in client.get(URL, query).context["page_obj"]]


def test_nobody_is_listed_who_did_not_say_so(certificate: Certificate, client: Any) -> None:
    assert listed(client) == []
    assert not is_publicly_listed(certificate)
    assert agree(certificate)
    assert listed(client) == [certificate.number]
    assert not agree(certificate)
    assert agree(certificate, False)
    assert listed(client) == []
    assert [row.is_listed for row in RegisterListing.objects.order_by("id")] == [True, False]


def test_the_holder_says_so_on_the_page_of_the_certificate(
    certificate: Certificate, people: dict[str, Any], client: Any, api: Any
) -> None:
    holder, url = signed_in(people["student"]), f"/certification/certificates/{certificate.number}/"
    assert "I agree: list my certificate" in holder.get(url).content.decode()
    assert holder.post(f"{url}listing/", {"listed": "yes"})["Location"] == url
    assert listed(client) == [certificate.number]
    assert "Take it out of the register" in holder.get(url).content.decode()
    assert holder.post(f"{url}listing/", {"listed": "no"}).status_code == 302
    assert listed(client) == []
    assert signed_in(people["other"]).post(f"{url}listing/", {"listed": "yes"}).status_code == 404
    wish = f"/api/v1/certificates/{certificate.number}/listing/"
    assert api(people["student"]).put(wish, {"listed": True}).json() == {"listed": True}
    assert api(people["student"]).get(wish).json() == {"listed": True}
    assert api(people["other"]).put(wish, {"listed": False}).status_code == 404
    assert listed(client) == [certificate.number]


def test_only_the_holder_agrees(certificate: Certificate, people: dict[str, Any], now: datetime) -> None:
    with pytest.raises(NotAllowed):
        list_publicly(certificate=certificate, is_listed=True, by=people["registrar"], at=now)


def test_what_no_longer_holds_leaves_the_register_and_comes_back_when_it_holds_again(
    certificate: Certificate, people: dict[str, Any], client: Any
) -> None:
    agree(certificate)
    by: dict[str, Any] = {"by": people["registrar"], "at": timezone.now()}
    suspend(certificate=certificate, public_reason="under_review", **by)
    assert listed(client) == []
    agree(certificate, False)
    with pytest.raises(NotPossibleNow):
        agree(certificate)
    assert not RegisterListing.objects.last().is_listed
    reinstate(certificate=certificate, **by)
    agree(certificate)
    assert listed(client) == [certificate.number]
    revoke(certificate=certificate, public_reason="conduct", **by)
    assert listed(client) == []


def test_each_certificate_is_agreed_on_by_itself(certificate: Certificate, people: dict[str, Any], client: Any) -> None:
    agree(certificate)
    fresh = reissue(
        certificate=certificate, legal_name="Ana Novák", internal_reason="x", by=people["registrar"], at=timezone.now()
    )
    assert listed(client) == []
    agree(fresh)
    assert listed(client) == [fresh.number]


def test_expired_ones_and_people_who_left_are_not_in_it(
    certificate: Certificate, people: dict[str, Any], client: Any
) -> None:
    agree(certificate)
    assert certificate.expires_on is not None
    assert list(public_register(certificate.expires_on)) == [certificate]
    assert list(public_register(certificate.expires_on + timedelta(days=1))) == []
    pseudonymise(user=people["student"])
    assert listed(client) == []


def test_the_database_says_the_same_as_the_rules(certificate: Certificate, people: dict[str, Any]) -> None:
    """Every order of two and three events, against the status that is worked out from them."""
    from itertools import permutations

    from django.db import transaction

    from lms.certification.queries import standing_of_certificate

    agree(certificate)
    today = timezone.now().date()
    kinds = ("suspended", "reinstated", "revoked", "superseded")
    for size in range(4):
        for told in permutations(kinds, size):
            with transaction.atomic():
                for kind in told:
                    CertificateEvent.objects.create(
                        certificate=certificate, kind=kind, public_reason="conduct", by=people["registrar"],
                        at=timezone.now(),
                    )  # fmt: skip
                row = Certificate.objects.get(pk=certificate.pk)
                holds = standing_of_certificate(row, today).is_valid
                assert public_register(today).filter(pk=row.pk).exists() is holds, told
                transaction.set_rollback(True)


def test_the_search_and_the_pages(people: dict[str, Any], client: Any, api: Any) -> None:
    at = timezone.now()
    path: Path = paper_path(at, title="Papers")
    rows = Certificate.objects.bulk_create(
        Certificate(
            number=f"NMT-00000-{number:05}", holder=row.admission.user, path_version=path.current_version,
            credential_kind="assessment_based", holder_name=row.legal_name, title="Holder of Papers",
            facts={"school": "S"}, awarded_on=at.date(), content_digest="0" * 64, issued_at=at,
            issued_by=people["registrar"],
        )
        for number, row in enumerate(many_applications(path, people["registrar"], 55, at))
    )  # fmt: skip
    RegisterListing.objects.bulk_create(
        RegisterListing(certificate=row, is_listed=True, by=row.holder, at=at) for row in rows
    )
    assert len(listed(client)) == 50
    assert len(listed(client, page="2")) == 5
    assert len(listed(client, q="holder of", page="2")) == 5
    assert listed(client, q="Candidate c 41") == [rows[41].number]
    assert listed(client, q="nobody") == []
    assert listed(client, q="<script>") == []
    body = api().get("/api/v1/register/", {"q": "Candidate c 41"}).json()
    assert body["results"] == [
        {
            "number": rows[41].number, "name": "Candidate c 41", "title": "Holder of Papers",
            "awarded_on": at.date().isoformat(), "expires_on": None,
        }
    ]  # fmt: skip
    page = client.get(URL).content.decode()
    assert "@batch.example" not in page


@pytest.mark.parametrize("count", [1, 12])
def test_the_register_takes_as_many_queries_for_many_rows(
    count: int, people: dict[str, Any], client: Any, django_assert_max_num_queries: Any
) -> None:
    at = timezone.now()
    path = paper_path(at)
    for row in many_applications(path, people["registrar"], count, at):
        made = Certificate.objects.create(
            number=f"NMT-{row.pk}", holder=row.admission.user, path_version=path.current_version,
            credential_kind="assessment_based", holder_name=row.legal_name, title="T", facts={"school": "S"},
            awarded_on=at.date(), content_digest="0" * 64, issued_at=at, issued_by=people["registrar"],
        )  # fmt: skip
        agree(made)
    with django_assert_max_num_queries(6):
        assert len(listed(client)) == count
