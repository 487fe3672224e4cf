"""Case reports: handed in as a text or a file, read by a rubric, returned and handed in anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.storage import storages

from lms.core.uploads import MOST_BYTES
from lms.practicals.api import CaseReport, new_client
from lms.practicals.exceptions import InvalidEntry
from lms.practicals.log_commands import CONSENT
from lms.practicals.log_queries import report_terms
from tests.lms.practicals.log_builders import (
    PDF,
    follow,
    hand_in,
    pdf,
    read,
    signed_in,
    taught_by,
    text_of,
    typed_report,
)

pytestmark = pytest.mark.django_db


# Handing in ---------------------------------------------------------------------------------------------------------


def test_a_text_is_handed_in_with_its_words_counted_and_the_declaration_word_for_word(author: Any) -> None:
    response = signed_in(author).post("/case-reports/new/", typed_report(), follow=True)
    page = response.content.decode()
    assert "Your report is handed in." in page
    assert "900 words" in page
    row = CaseReport.objects.get()
    assert (row.word_count, row.consent, row.client.code) == (900, CONSENT, "C-01")
    assert row.consent in page.replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"has_consent": ""}, "written consent there is no report"),
        ({"client": "C-02"}, "is not one of the available choices"),
        ({"title": ""}, "This field is required"),
        ({"title": "The case of Anna Schmidt"}, "Anna Schmidt”. Take it out"),
        ({"text": text_of(799)}, "The report has 799 words; it takes 800 to 1200."),
        ({"text": text_of(1201)}, "The report has 1201 words"),
        ({"text": f"{text_of(900)} Anna Schmidt"}, "Anna Schmidt”. Take it out"),
        ({"text": ""}, "Hand in either a text or a PDF."),
        ({"file": pdf()}, "Hand in either a text or a PDF."),
        ({"text": "", "file": pdf(content=b"MZ not a PDF")}, "Hand in a PDF."),
        ({"text": "", "file": pdf(content=b"")}, "Hand in a PDF."),
        ({"text": "", "file": pdf(content=PDF + b"\0" * MOST_BYTES)}, "The file is larger than 10 MB."),
        ({"text": "", "file": pdf("Anna_Schmidt-neck.pdf")}, "Anna Schmidt"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(more: dict[str, Any], error: str, author: Any) -> None:
    data = typed_report(**more)
    page = signed_in(author).post("/case-reports/new/", data).content.decode()
    assert error in page
    assert data["text"] in page.replace("&#x27;", "'")
    assert not CaseReport.objects.exists()


def test_without_a_client_there_is_nothing_to_report_on(people: dict[str, Any]) -> None:
    browser = signed_in(people["student"])
    assert "Log a session first" in browser.get("/case-reports/").content.decode()
    assert "Log a session first" in browser.get("/case-reports/new/").content.decode()
    browser.post("/case-reports/new/", typed_report())
    assert not CaseReport.objects.exists()


def test_a_client_of_somebody_else_is_refused(author: Any, people: dict[str, Any], at: datetime) -> None:
    theirs = new_client(student=people["other"], at=at)
    with pytest.raises(InvalidEntry) as refused:
        hand_in(author, at, client=theirs)
    assert set(refused.value.extra["errors"]) == {"client"}


def test_a_path_says_how_long_and_by_what_it_is_read(author: Any, at: datetime) -> None:
    assert report_terms(author).min_words == 800
    assert len(report_terms(author).criteria) == 7
    follow(author, at)
    assert report_terms(author).criteria == ("Baseline", "Limits")
    browser = signed_in(author)
    assert "it takes 20 to 40" in browser.post("/case-reports/new/", typed_report()).content.decode()
    browser.post("/case-reports/new/", typed_report(text=text_of(30)))
    page = browser.get("/case-reports/").content.decode()
    assert "20 to 40 words" in page
    assert "0 of 2 accepted" in page


# The file -----------------------------------------------------------------------------------------------------------


def test_a_file_is_kept_privately_and_comes_as_a_download_without_anybodys_name(
    author: Any, people: dict[str, Any]
) -> None:
    browser = signed_in(author)
    browser.post("/case-reports/new/", typed_report(text="", file=pdf("neck.pdf")))
    row = CaseReport.objects.get()
    assert (row.word_count, row.media_type, row.file_name) == (None, "application/pdf", "neck.pdf")
    assert row.file.storage == storages["private"]
    address = f"/case-reports/{row.uuid}/file/"
    assert address in browser.get(f"/case-reports/{row.uuid}/").content.decode()
    for person in ("student", "examiner"):
        response: Any = signed_in(people[person]).get(address)
        assert b"".join(response.streaming_content) == PDF
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == 'attachment; filename="case-report-C-01.pdf"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response["Cache-Control"]
    assert signed_in(people["other"]).get(address).status_code == 404
    assert signed_in(people["instructor"]).get(address).status_code == 404


def test_a_report_of_text_has_no_file(author: Any, at: datetime) -> None:
    row = hand_in(author, at)
    assert signed_in(author).get(f"/case-reports/{row.uuid}/file/").status_code == 404


# For programs -------------------------------------------------------------------------------------------------------


def test_the_api_takes_a_text_shows_it_and_takes_its_review(
    author: Any, people: dict[str, Any], at: datetime, api: Any
) -> None:
    body = {"client": "C-01", "title": "Neck", "text": text_of(900), "has_consent": True}
    made = api(author).post("/api/v1/case-reports/", body)
    assert made.status_code == 201
    address = f"/api/v1/case-reports/{made.json()['id']}/"
    assert made.json() == api(author).get(address).json() == api(people["examiner"]).get(address).json()
    assert api(people["other"]).get(address).status_code == 404
    criteria = made.json()["criteria"]
    review = {"outcome": "returned", "rubric": [{"criterion": words, "points": 1} for words in criteria]}
    refused = api(people["examiner"]).post(f"{address}review/", review)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["comment"])
    done = api(people["examiner"]).post(f"{address}review/", {**review, "comment": "More"})
    assert (done.status_code, done.json()["state"], done.json()["review"]["comment"]) == (201, "returned", "More")
    again = api(author).post("/api/v1/case-reports/", {**body, "revises": made.json()["id"]})
    assert again.json()["revises"] == made.json()["id"]
    listed = api(author).get("/api/v1/case-reports/").json()
    assert [row["id"] for row in listed["results"]] == [again.json()["id"]]


def test_the_api_takes_a_pdf(author: Any, api: Any) -> None:
    body = {"client": "C-01", "title": "Neck", "has_consent": "true", "file": pdf()}
    made = api(author).post("/api/v1/case-reports/", body, format="multipart")
    assert made.status_code == 201
    assert made.json()["file_url"] == f"/case-reports/{made.json()['id']}/file/"
    refused = api(author).post("/api/v1/case-reports/", {**body, "file": pdf(content=b"x")}, format="multipart")
    assert refused.json()["errors"] == {"file": ["Hand in a PDF."]}


@pytest.mark.parametrize(
    ("field", "value"),
    [("client", "Anna Schmidt"), ("client", "C-77"), ("has_consent", False), ("text", "short"), ("revises", "x")],
)
def test_the_api_says_which_field_was_refused(field: str, value: Any, author: Any, api: Any) -> None:
    body = {"client": "C-01", "title": "Neck", "text": text_of(900), "has_consent": True, field: value}
    response = api(author).post("/api/v1/case-reports/", body)
    assert (response.status_code, list(response.json()["errors"])) == (400, [field])


# How much it costs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "address", "most"),
    [
        ("student", "/case-reports/", 12),
        ("examiner", "/supervise/case-reports/", 12),
        ("instructor", "/supervise/case-reports/", 12),
        ("student", "/api/v1/case-reports/", 8),
    ],
)
def test_more_reports_cost_no_more_queries(
    person: str, address: str, most: int, author: Any, people: dict[str, Any], at: datetime,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    follow(author, at)
    taught_by(people["instructor"], author, at)
    browser, counts = signed_in(people[person]), []
    for more in (1, 11):
        for _number in range(more):
            read(hand_in(author, at), people["examiner"], at)
            hand_in(author, at)
        browser.get(address)
        with django_assert_max_num_queries(most) as seen:
            assert browser.get(address).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_more_editions_cost_no_more_queries(
    author: Any, people: dict[str, Any], at: datetime, django_assert_max_num_queries: Any
) -> None:
    browser, counts, row = signed_in(author), [], hand_in(author, at)
    for more in (1, 9):
        for _number in range(more):
            read(row, people["examiner"], at, "returned")
            row = hand_in(author, at, revises=row)
        browser.get(f"/case-reports/{row.uuid}/")
        with django_assert_max_num_queries(10) as seen:
            page = browser.get(f"/case-reports/{row.uuid}/").content.decode()
        counts.append(len(seen))
    assert page.count("history__event") == 11
    assert counts[0] == counts[1]
