"""What was noted for a candidate is taken back: by somebody else, with a reason, once, and the ledger follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from lms.certification.api import Admission, ledger_for, waive_requirement
from lms.certification.exceptions import AlreadyReversed, OwnApplication, ReasonMissing
from lms.certification.models import Waiver
from lms.certification.papers import note_payment, review_document
from lms.certification.taking_back import reverse_payment, withdraw_acceptance, withdraw_waiver
from lms.core.exceptions import InvalidInput
from tests.lms.certification.papers import DOCUMENT, FEE, follow, handed_in, paper_path, signed_in

pytestmark = pytest.mark.django_db

TakeBack = Callable[..., Any]


@pytest.fixture
def admission(people: dict[str, Any], now: datetime) -> Admission:
    """The student follows a path that asks for a document and a fee."""
    return follow(people["student"], paper_path(now, DOCUMENT, FEE), now)


def state(admission: Admission, key: str) -> str:
    rows = ledger_for(admission.user, admission.path_version, admission).leaves()
    return next(row.state.value for row in rows if row.key == key)


def detail(admission: Admission, key: str) -> str:
    rows = ledger_for(admission.user, admission.path_version, admission).leaves()
    return next(row.detail for row in rows if row.key == key)


def a_payment(admission: Admission, by: Any, at: datetime) -> tuple[str, TakeBack, str]:
    row = note_payment(
        user=admission.user, code="exam", amount=Decimal(90), currency="USD", reference="Receipt 7", paid_on=at.date(),
        by=by, at=at,
    )  # fmt: skip
    url = f"/registrar/payments/{row.uuid}/reverse/"
    return "fee:exam", lambda **terms: reverse_payment(payment=row, **terms), url


def a_waiver(admission: Admission, by: Any, at: datetime) -> tuple[str, TakeBack, str]:
    row = waive_requirement(admission=admission, requirement="fee:exam", reason="A grant", by=by, at=at)
    url = f"/registrar/waivers/{row.uuid}/withdraw/"
    return "fee:exam", lambda **terms: withdraw_waiver(waiver=row, **terms), url


def an_acceptance(admission: Admission, by: Any, at: datetime) -> tuple[str, TakeBack, str]:
    row = handed_in(admission.user, at)
    review = review_document(document=row, accepted=True, by=by, at=at)
    url = f"/registrar/documents/{row.uuid}/withdraw/"
    return "document:cpr", lambda **terms: withdraw_acceptance(review=review, **terms), url


NOTED = pytest.mark.parametrize("noted", [a_payment, a_waiver, an_acceptance])


@NOTED
def test_it_counts_until_it_is_taken_back_once(noted: Any, admission: Admission, people: Any, now: datetime) -> None:
    key, take_back, _url = noted(admission, people["registrar"], now)
    assert state(admission, key) in {"met", "waived"}
    take_back(reason="A mistake", by=people["admin"], at=now)
    assert state(admission, key) in {"not_started", "in_progress"}
    with pytest.raises(AlreadyReversed):
        take_back(reason="Again", by=people["registrar"], at=now)


@NOTED
def test_nobody_takes_back_their_own_nor_without_a_reason(
    noted: Any, admission: Admission, people: Any, now: datetime
) -> None:
    key, take_back, _url = noted(admission, people["registrar"], now)
    with pytest.raises(OwnApplication):
        take_back(reason="Mine", by=admission.user, at=now)
    with pytest.raises(ReasonMissing):
        take_back(reason="  ", by=people["registrar"], at=now)
    with pytest.raises(InvalidInput):
        take_back(reason="x" * 301, by=people["registrar"], at=now)
    assert state(admission, key) in {"met", "waived"}


@NOTED
def test_the_page_says_what_it_was_and_takes_it_back(
    noted: Any, admission: Admission, people: Any, now: datetime
) -> None:
    key, _take_back, url = noted(admission, people["registrar"], now)
    assert signed_in(admission.user).get(url).status_code == 403
    client = signed_in(people["registrar"])
    assert client.post(url, {"reason": ""}).context["form"].errors.keys() == {"reason"}
    person = f"/registrar/candidates/{admission.user.uuid}/"
    assert client.post(url, {"reason": "Noted for somebody else"})["Location"] == person
    assert state(admission, key) in {"not_started", "in_progress"}
    again = client.get(url)
    assert "This was taken back before" in again.content.decode()
    assert "Noted for somebody else" in again.content.decode()


def test_a_requirement_may_be_waived_anew_and_the_record_has_both(
    admission: Admission, people: Any, now: datetime
) -> None:
    _key, take_back, _url = a_waiver(admission, people["registrar"], now)
    take_back(reason="The grant ended", by=people["registrar"], at=now)
    again = waive_requirement(
        admission=admission, requirement="fee:exam", reason="A new grant", by=people["registrar"], at=now
    )
    assert state(admission, "fee:exam") == "waived"
    assert [row.withdrawal_reason for row in Waiver.objects.order_by("id")] == ["The grant ended", None]
    page = signed_in(people["registrar"]).get(f"/registrar/candidates/{admission.user.uuid}/").content.decode()
    assert "The grant ended" in page
    assert f"/registrar/waivers/{again.uuid}/withdraw/" in page


def test_the_candidate_reads_why_a_document_no_longer_counts(admission: Admission, people: Any, now: datetime) -> None:
    key, take_back, _url = an_acceptance(admission, people["registrar"], now)
    take_back(reason="The issuer does not know it", by=people["registrar"], at=now)
    assert "The issuer does not know it" in detail(admission, key)
    page = signed_in(admission.user).get("/certification/documents/cpr/").content.decode()
    assert "The issuer does not know it" in page


def test_a_refusal_is_not_taken_back(admission: Admission, people: Any, now: datetime) -> None:
    row = handed_in(admission.user, now)
    review = review_document(document=row, accepted=False, reason="Blurred", by=people["registrar"], at=now)
    with pytest.raises(InvalidInput):
        withdraw_acceptance(review=review, reason="Readable after all", by=people["registrar"], at=now)
    assert signed_in(people["registrar"]).get(f"/registrar/documents/{row.uuid}/withdraw/").status_code == 404


def test_the_api_takes_a_waiver_and_an_acceptance_back(
    admission: Admission, people: Any, now: datetime, api: Any
) -> None:
    client = api(people["registrar"])
    waiver = waive_requirement(
        admission=admission, requirement="fee:exam", reason="A grant", by=people["registrar"], at=now
    )
    made = client.post(f"/api/v1/registrar/waivers/{waiver.uuid}/withdrawal/", {"reason": "It ended"})
    assert (made.status_code, made.json()["withdrawn"]) == (201, True)
    row = handed_in(admission.user, now)
    url = f"/api/v1/registrar/documents/{row.uuid}/review/withdrawal/"
    assert client.post(url, {"reason": "Too early"}).status_code == 404
    review_document(document=row, accepted=True, by=people["registrar"], at=now)
    assert client.post(url, {"reason": "Not genuine"}).json()["state"] == "refused"
    assert client.post(url, {"reason": "Again"}).status_code == 409
