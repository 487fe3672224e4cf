"""Documents and fees: what counts for the ledger, and who may do what."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lms.certification.api import Admission, admit, apply, ledger_for
from lms.certification.commands import decide
from lms.certification.exceptions import (
    AlreadyReviewed,
    OwnApplication,
    ReasonMissing,
)
from lms.certification.models import CandidateDocument, Payment
from lms.certification.papers import note_payment, review_document
from lms.certification.taking_back import reverse_payment
from lms.core.exceptions import InvalidInput
from lms.core.record import TOMBSTONE
from tests.lms.certification.papers import (
    DOCUMENT,
    FEE,
    IDENTITY,
    PDF,
    follow,
    handed_in,
    paper_path,
    picture,
    signed_in,
    upload,
)

pytestmark = pytest.mark.django_db

URL = "/certification/documents/cpr/"
YEAR = timedelta(days=365)


@pytest.fixture
def admission(people: dict[str, Any], now: datetime) -> Admission:
    """The student follows a path that asks for a document and a fee."""
    return follow(people["student"], paper_path(now, DOCUMENT, FEE), now)


def states(admission: Admission) -> list[str]:
    return [row.state.value for row in ledger_for(admission.user, admission.path_version, admission).leaves()]


def form(now: datetime, **more: Any) -> dict[str, Any]:
    days = {"issued_on": (now - YEAR).date().isoformat(), "expires_on": (now + YEAR).date().isoformat()}
    return {"file": upload(), **days, **more}


# Handing in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "cpr.pdf", "application/pdf"),
        (picture("PNG"), "named wrong.pdf", "image/png"),
        (picture("JPEG"), "photo", "image/jpeg"),
    ],
)
def test_what_a_file_is_follows_from_its_content(
    content: bytes, name: str, kind: str, admission: Admission, now: datetime
) -> None:
    row = handed_in(admission.user, now, file=upload(content, name))
    assert (row.media_type, row.file_name) == (kind, name)
    with row.file.open("rb") as kept:
        assert kept.read() == content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Hand in a PDF"),
        (b"<html>%PDF-", "Hand in a PDF"),
        (b"GIF89a" + b"\0" * 40, "Hand in a PDF"),
        (picture("PNG")[:30], "damaged"),
        (b"\xff\xd8\xff" + b"no picture" * 9, "damaged"),
        (b"%PDF-" + b"\0" * 10_000_000, "10 MB"),
    ],
    ids=["empty", "html", "gif", "cut off", "no jpeg", "large"],
)
def test_other_files_are_refused_in_words(content: bytes, words: str, admission: Admission, now: datetime) -> None:
    with pytest.raises(InvalidInput) as caught:
        handed_in(admission.user, now, file=upload(content))
    assert words in caught.value.extra["errors"]["file"][0]
    assert not CandidateDocument.objects.exists()


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("issued_on", {"issued_on": 1}),
        ("issued_on", {"issued_on": None}),
        ("expires_on", {"expires_on": -1}),
        ("expires_on", {"expires_on": None}),
    ],
)
def test_days_must_make_sense(field: str, days: dict[str, Any], admission: Admission, now: datetime) -> None:
    terms = {name: now.date() + timedelta(days=shift) if shift else None for name, shift in days.items()}
    with pytest.raises(InvalidInput) as caught:
        handed_in(admission.user, now, **terms)
    assert list(caught.value.extra["errors"]) == [field]


def test_a_document_that_does_not_expire_needs_no_end(people: dict[str, Any], now: datetime) -> None:
    follow(people["student"], paper_path(now, IDENTITY), now)
    assert handed_in(people["student"], now, code="identity", expires_on=None).expires_on is None


def test_only_what_a_path_asks_for_is_taken(admission: Admission, now: datetime) -> None:
    with pytest.raises(InvalidInput):
        handed_in(admission.user, now, code="horoscope")
    assert signed_in(admission.user).get("/certification/documents/horoscope/").status_code == 404


def test_the_page_takes_a_document_and_shows_its_state(admission: Admission, people: Any, now: datetime) -> None:
    client = signed_in(admission.user)
    assert "A day&#x27;s course" in client.get(URL).content.decode()
    assert client.post(URL, form(now))["Location"] == URL
    assert "Being looked at" in client.get(URL).content.decode()
    first = CandidateDocument.objects.get()
    review_document(document=first, accepted=False, reason="The name is hidden", by=people["registrar"], at=now)
    page = client.get(URL).content.decode()
    assert "Not accepted" in page
    assert "The name is hidden" in page
    assert states(admission)[0] == "in_progress"


def test_after_an_error_the_days_are_still_there(admission: Admission, now: datetime) -> None:
    data = form(now, expires_on="2020-01-01")
    response = signed_in(admission.user).post(URL, data)
    shown = response.context["form"]
    assert set(shown.errors) == {"expires_on", "file"}
    assert "once more" in shown.errors["file"][0]
    assert shown["issued_on"].value() == data["issued_on"]
    assert not CandidateDocument.objects.exists()


def test_another_may_follow_while_one_waits_but_the_same_file_waits_once(admission: Admission, now: datetime) -> None:
    handed_in(admission.user, now)
    with pytest.raises(InvalidInput, match="not right") as caught:
        handed_in(admission.user, now)
    assert "this very file" in caught.value.extra["errors"]["file"][0]
    handed_in(admission.user, now, file=upload(PDF + b" "))
    assert CandidateDocument.objects.count() == 2


# The file -----------------------------------------------------------------------------------------------------


def test_the_file_is_for_its_owner_and_the_registrar(admission: Admission, people: Any, now: datetime) -> None:
    row = handed_in(admission.user, now, file=upload(PDF, 'a "quoted"\r\nname.pdf'))
    mine, theirs = f"{URL}{row.uuid}/", f"/registrar/documents/{row.uuid}/file/"
    for client, url in ((signed_in(admission.user), mine), (signed_in(people["registrar"]), theirs)):
        response = client.get(url)
        assert b"".join(response.streaming_content) == PDF
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Type"] == "application/pdf"
        assert "no-store" in response["Cache-Control"]
    assert signed_in(people["other"]).get(mine).status_code == 404
    assert signed_in(people["registrar"]).get(mine).status_code == 404
    assert signed_in(people["instructor"]).get(theirs).status_code == 403
    CandidateDocument.objects.filter(pk=row.pk).update(file=TOMBSTONE, file_name=TOMBSTONE)
    assert signed_in(admission.user).get(mine).status_code == 404


# Looking at it ------------------------------------------------------------------------------------------------


def test_the_registrar_accepts_and_the_ledger_says_so(admission: Admission, people: Any, now: datetime) -> None:
    row = handed_in(admission.user, now)
    client = signed_in(people["registrar"])
    assert "First aid" in client.get("/registrar/documents/").content.decode()
    url = f"/registrar/documents/{row.uuid}/"
    refused = client.post(url, {"verdict": "refuse", "reason": " "})
    assert "reason" in refused.context["form"].errors
    assert client.post(url, {"verdict": "accept"})["Location"] == "/registrar/documents/"
    assert client.post(url, {"verdict": "refuse", "reason": "Late"})["Location"] == url
    row.refresh_from_db()
    assert row.review.accepted
    assert states(admission)[0] == "met"
    assert client.get("/registrar/documents/").context["lines"] == []


def test_a_document_is_looked_at_once_by_somebody_else(admission: Admission, people: Any, now: datetime) -> None:
    row = handed_in(admission.user, now)
    with pytest.raises(OwnApplication):
        review_document(document=row, accepted=True, by=admission.user, at=now)
    with pytest.raises(ReasonMissing):
        review_document(document=row, accepted=False, reason="  ", by=people["registrar"], at=now)
    review_document(document=row, accepted=True, by=people["registrar"], at=now)
    with pytest.raises(AlreadyReviewed):
        review_document(document=row, accepted=False, reason="No", by=people["admin"], at=now)


def test_what_ran_out_no_longer_counts_and_the_next_does(
    admission: Admission, people: Any, now: datetime, api: Any
) -> None:
    from django.utils import timezone

    today = timezone.now()
    old = CandidateDocument.objects.create(
        user=admission.user, code="cpr", file="documents/x", file_name="x", media_type="application/pdf",
        digest="1" * 64, issued_on=(today - 3 * YEAR).date(), expires_on=(today - YEAR).date(), submitted_at=now,
    )  # fmt: skip
    review_document(document=old, accepted=True, by=people["registrar"], at=now)
    assert states(admission)[0] == "in_progress"
    fresh = handed_in(admission.user, today)
    mine = api(admission.user).get("/api/v1/documents/").json()["results"]
    assert {row["id"]: row["state"] for row in mine} == {str(old.uuid): "expired", str(fresh.uuid): "waiting"}
    review = f"/api/v1/registrar/documents/{fresh.uuid}/review/"
    assert api(people["registrar"]).get("/api/v1/registrar/documents/").json()["count"] == 1
    assert api(people["registrar"]).post(review, {"accepted": True}).status_code == 201
    assert states(admission)[0] == "met"


def test_the_registrar_is_told_that_somebody_else_handed_in_the_same(
    admission: Admission, people: Any, now: datetime
) -> None:
    first = handed_in(admission.user, now)
    registrar = signed_in(people["registrar"])
    words = "Somebody else handed in the very same file"
    assert words not in registrar.get(f"/registrar/documents/{first.uuid}/").content.decode()
    follow(people["other"], admission.path, now)
    second = handed_in(people["other"], now)
    page = registrar.get(f"/registrar/documents/{second.uuid}/").content.decode()
    assert words in page
    assert f"/registrar/documents/{first.uuid}/" in page


# Fees ---------------------------------------------------------------------------------------------------------


def paid(admission: Admission, by: Any, at: datetime, amount: str = "90", **more: Any) -> Payment:
    terms: dict[str, Any] = {
        "code": "exam", "currency": "USD", "reference": "Receipt 7", "paid_on": at.date(), **more,
    }  # fmt: skip
    return note_payment(user=admission.user, amount=Decimal(amount), by=by, at=at, **terms)


def test_parts_add_up_and_what_is_taken_back_does_not_count(admission: Admission, people: Any, now: datetime) -> None:
    paid(admission, people["registrar"], now, "40")
    assert states(admission)[1] == "in_progress"
    second = paid(admission, people["registrar"], now, "50", reference="Receipt 8")
    assert states(admission)[1] == "met"
    reverse_payment(payment=second, reason="The bank took it back", by=people["registrar"], at=now)
    assert states(admission)[1] == "in_progress"


@pytest.mark.parametrize(
    ("field", "terms"),
    [
        ("code", {"code": "horoscope"}),
        ("code", {"currency": "EUR"}),
        ("amount", {"amount": "0"}),
        ("amount", {"amount": "-5"}),
        ("reference", {"reference": "  "}),
        ("paid_on", {"paid_on": datetime(2030, 1, 1).date()}),
    ],
)
def test_a_payment_must_make_sense(
    field: str, terms: dict[str, Any], admission: Admission, people: Any, now: datetime
) -> None:
    with pytest.raises(InvalidInput) as caught:
        paid(admission, people["registrar"], now, **terms)
    assert list(caught.value.extra["errors"]) == [field]


def test_a_receipt_is_noted_once_for_a_fee_until_it_is_taken_back(
    admission: Admission, people: Any, now: datetime
) -> None:
    row = paid(admission, people["registrar"], now, "40")
    with pytest.raises(InvalidInput) as caught:
        paid(admission, people["registrar"], now, "40")
    assert list(caught.value.extra["errors"]) == ["reference"]
    reverse_payment(payment=row, reason="Another amount", by=people["registrar"], at=now)
    paid(admission, people["registrar"], now, "90")
    assert states(admission)[1] == "met"


def test_nobody_notes_their_own_payment(admission: Admission, people: Any, now: datetime) -> None:
    with pytest.raises(OwnApplication):
        paid(admission, admission.user, now)


def test_the_pages_note_a_payment_and_take_it_back(admission: Admission, people: Any, now: datetime) -> None:
    client = signed_in(people["registrar"])
    person = f"/registrar/candidates/{admission.user.uuid}/"
    assert "Note a payment" in client.get(person).content.decode()
    data = {"fee": "exam:USD", "amount": "90.00", "reference": "Receipt 7", "paid_on": "2020-01-05"}
    wrong = client.post(f"{person}payment/", {**data, "paid_on": "2999-01-01"})
    assert "paid_on" in wrong.context["form"].errors
    assert wrong.context["form"]["reference"].value() == "Receipt 7"
    assert client.post(f"{person}payment/", data)["Location"] == person
    row = Payment.objects.get()
    assert (row.amount, row.noted_by) == (Decimal("90.00"), people["registrar"])
    url = f"/registrar/payments/{row.uuid}/reverse/"
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "Paid back"})["Location"] == person
    assert "Paid back" in client.get(person).content.decode()


def test_the_api_notes_a_payment_and_takes_it_back(admission: Admission, people: Any, now: datetime, api: Any) -> None:
    client = api(people["registrar"])
    url = f"/api/v1/registrar/candidates/{admission.user.uuid}/payments/"
    terms = {"code": "exam", "currency": "USD", "amount": "90", "reference": "R", "paid_on": "2020-01-05"}
    assert client.post(url, {**terms, "currency": "EUR"}).json()["errors"].keys() == {"code"}
    made = client.post(url, terms)
    assert (made.status_code, made.json()["reversed"]) == (201, False)
    back = client.post(f"/api/v1/registrar/payments/{made.json()['id']}/reversal/", {"reason": "Twice"})
    assert (back.status_code, back.json()["reversed"]) == (201, True)


# People and what comes of it ----------------------------------------------------------------------------------


def test_a_candidate_is_found_and_admitted(people: dict[str, Any], now: datetime, api: Any) -> None:
    path = paper_path(now)
    client, student = signed_in(people["registrar"]), people["student"]
    assert list(client.get("/registrar/candidates/").context["page_obj"]) == []
    for words in ("Stud", student.email):
        assert list(client.get("/registrar/candidates/", {"q": words}).context["page_obj"]) == [student]
    url = f"/registrar/candidates/{student.uuid}/"
    assert path in client.get(url).context["open_paths"]
    assert client.post(f"{url}admit/", {"path": "papers"})["Location"] == url
    assert client.post(f"{url}admit/", {"path": "papers"}).status_code == 302
    assert client.post(f"{url}admit/", {"path": "nowhere"}).status_code == 404
    assert Admission.objects.get(user=student).admitted_by == people["registrar"]
    (listed,) = api(people["registrar"]).get("/api/v1/registrar/candidates/").json()["results"]
    assert [row["programme"] for row in listed["admissions"]] == ["papers"]


def test_documents_and_a_fee_lead_to_a_certificate_with_its_evidence(
    admission: Admission, people: Any, now: datetime
) -> None:
    row = handed_in(admission.user, now)
    review_document(document=row, accepted=True, by=people["registrar"], at=now)
    payment = paid(admission, people["registrar"], now)
    application, _is_new = apply(user=admission.user, path=admission.path, legal_name="Ana", at=now)
    _decision, certificate = decide(application=application, outcome="award", by=people["admin"], at=now)
    assert certificate is not None
    assert [(fact.kind, fact.reference) for fact in certificate.evidence.all()] == [
        ("document", str(row.uuid)), ("payment", str(payment.uuid)),
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 12])
def test_pages_take_as_many_queries_for_many_rows(
    count: int, people: dict[str, Any], make_user: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    path = paper_path(now, DOCUMENT, FEE)
    student = people["student"]
    admission = follow(student, path, now)
    for number in range(count):
        handed_in(student, now, file=upload(PDF + str(number).encode()))
        paid(admission, people["registrar"], now, "1", reference=f"Receipt {number}")
        other = make_user(f"person{number}")
        admit(user=other, path=path, by=other, at=now)
        handed_in(other, now)
    registrar = signed_in(people["registrar"])
    for url, most in (
        ("/registrar/documents/", 14),
        ("/registrar/candidates/", 12),
        (f"/registrar/candidates/{student.uuid}/", 32),
        ("/api/v1/registrar/documents/", 10),
        ("/api/v1/registrar/candidates/", 10),
    ):
        with django_assert_max_num_queries(most):
            assert registrar.get(url).status_code == 200
    candidate = signed_in(student)
    with django_assert_max_num_queries(14):
        assert candidate.get(URL).status_code == 200
