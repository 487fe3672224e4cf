"""Readers judge case reports by the rubric; what is returned is handed in anew and both editions stay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.storage import storages

from lms.practicals.api import CaseReport, case_reports_of, review_report, submit_report
from lms.practicals.exceptions import AlreadyDone, InvalidEntry, NotYours
from lms.practicals.log_queries import report_terms
from tests.lms.practicals.log_builders import (
    PDF,
    follow,
    hand_in,
    pdf,
    read,
    rubric,
    signed_in,
    taught_by,
    text_of,
    typed_report,
)

pytestmark = pytest.mark.django_db


# Who reads ----------------------------------------------------------------------------------------------------------


def test_examiners_read_all_and_instructors_those_of_their_cohorts(
    author: Any, people: dict[str, Any], at: datetime
) -> None:
    row = hand_in(author, at)
    address = f"/case-reports/{row.uuid}/"
    assert row.title in signed_in(people["examiner"]).get("/supervise/case-reports/").content.decode()
    assert (
        "No case report waits for you."
        in signed_in(people["instructor"]).get("/supervise/case-reports/").content.decode()
    )
    assert signed_in(people["instructor"]).get(address).status_code == 404
    taught_by(people["instructor"], author, at)
    assert row.title in signed_in(people["instructor"]).get("/supervise/case-reports/").content.decode()
    assert signed_in(people["instructor"]).get(address).status_code == 200
    assert signed_in(people["other"]).get(address).status_code == 404
    assert signed_in(people["student"]).get("/supervise/case-reports/").status_code == 403


def test_nobody_reviews_their_own(people: dict[str, Any], at: datetime, api: Any) -> None:
    examiner = people["examiner"]
    row = hand_in(examiner, at)
    assert row.title not in signed_in(examiner).get("/supervise/case-reports/").content.decode()
    page = signed_in(examiner).post(f"/case-reports/{row.uuid}/", {"outcome": "accepted"}, follow=True)
    assert "Nobody reviews their own report." in page.content.decode()
    body = {"outcome": "accepted", "rubric": rubric(row)}
    assert api(examiner).post(f"/api/v1/case-reports/{row.uuid}/review/", body).json()["code"] == "not_yours"
    with pytest.raises(NotYours):
        read(row, people["other"], at)


# Reading ------------------------------------------------------------------------------------------------------------


def judged(count: int, points: str = "2", **more: str) -> dict[str, str]:
    return {**{f"points-{number}": points for number in range(1, count + 1)}, **more}


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (judged(6, outcome="accepted"), "Give 0, 1 or 2 points."),
        (judged(7, "3", outcome="accepted"), "is not one of the available choices"),
        (judged(7), "Accept it or return it."),
        (judged(7, "0", outcome="accepted"), "A report in which something is missing is returned."),
        (judged(7, "1", outcome="returned"), "Say what to do better."),
    ],
)
def test_a_judgement_is_whole_or_asked_for_again(
    data: dict[str, str], error: str, author: Any, people: dict[str, Any], at: datetime
) -> None:
    row = hand_in(author, at)
    data = {**data, "remark-1": "Which scale was it?"}
    page = signed_in(people["examiner"]).post(f"/case-reports/{row.uuid}/", data).content.decode()
    assert error in page
    assert "Which scale was it?" in page
    assert [fact["state"] for fact in case_reports_of(author)] == ["submitted"]


def test_a_returned_report_is_handed_in_anew_and_both_editions_stay(
    author: Any, people: dict[str, Any], at: datetime
) -> None:
    first = hand_in(author, at)
    reader, student = signed_in(people["examiner"]), signed_in(author)
    data = judged(7, "1", outcome="returned", comment="Say what you measured.", **{"remark-1": "Which scale?"})
    page = reader.post(f"/case-reports/{first.uuid}/", data, follow=True).content.decode()
    assert "Saved. Student reads it now." in page
    page = student.get(f"/case-reports/{first.uuid}/").content.decode()
    for words in ("Returned", "Say what you measured.", "Which scale?", "Hand in anew", "partly"):
        assert words in page
    address = f"/case-reports/{first.uuid}/anew/"
    page = student.get(address).content.decode()
    assert "Say what you measured." in page
    assert text_of(900) in page
    student.post(address, typed_report(text=text_of(950)))
    second = CaseReport.objects.get(revises=first)
    page = student.get(f"/case-reports/{second.uuid}/").content.decode()
    assert f"/case-reports/{first.uuid}/" in page
    assert "Hand in anew" not in student.get(f"/case-reports/{first.uuid}/").content.decode()
    assert [fact["report"] for fact in case_reports_of(author)] == [str(second.uuid)]
    again = student.post(address, typed_report(), follow=True).content.decode()
    assert "Only the last edition of a returned report is handed in anew." in again
    assert CaseReport.objects.count() == 2
    reader.post(f"/case-reports/{second.uuid}/", judged(7, "2", outcome="accepted"))
    assert [fact["state"] for fact in case_reports_of(author)] == ["accepted"]


def test_only_a_returned_report_of_ones_own_is_handed_in_anew(
    author: Any, people: dict[str, Any], at: datetime
) -> None:
    row = hand_in(author, at)
    other = people["other"]
    for student in (author, other):
        with pytest.raises(InvalidEntry):
            hand_in(student, at, revises=row)
    assert signed_in(other).get(f"/case-reports/{row.uuid}/anew/").status_code == 404
    read(row, people["examiner"], at, "returned")
    hand_in(author, at, revises=row)
    with pytest.raises(AlreadyDone):
        hand_in(author, at, revises=row)


def test_a_second_edition_that_loses_a_race_leaves_no_file_behind(
    author: Any, people: dict[str, Any], at: datetime
) -> None:
    row = hand_in(author, at)
    read(row, people["examiner"], at, "returned")
    client = row.client
    terms = {"min_words": 1, "max_words": 9, "revises": row, "has_consent": True, "title": "Again", "at": at}
    submit_report(student=author, client=client, file=pdf(), **terms)
    folder = f"case-reports/{author.uuid}"
    before = sorted(storages["private"].listdir(folder)[1])
    with pytest.raises(AlreadyDone):
        submit_report(student=author, client=client, file=pdf(content=PDF + b"2"), **terms)
    assert sorted(storages["private"].listdir(folder)[1]) == before


def test_a_report_is_read_once(author: Any, people: dict[str, Any], at: datetime) -> None:
    row = hand_in(author, at)
    read(row, people["examiner"], at)
    page = signed_in(people["registrar"]).post(f"/case-reports/{row.uuid}/", judged(7), follow=True)
    assert "This report was read before." in page.content.decode()
    with pytest.raises(AlreadyDone):
        read(row, people["registrar"], at)


@pytest.mark.parametrize("change", [lambda rows: rows[1:], lambda rows: rows + rows[:1], lambda rows: []])
def test_each_criterion_is_judged_once(change: Any, author: Any, people: dict[str, Any], at: datetime) -> None:
    row = hand_in(author, at)
    with pytest.raises(InvalidEntry) as refused:
        review_report(
            report=row, outcome="accepted", criteria=report_terms(author).criteria, rubric=change(rubric(row)),
            by=people["examiner"], at=at,
        )  # fmt: skip
    assert set(refused.value.extra["errors"]) == {"rubric"}


def test_what_was_accepted_counts_on_the_path(author: Any, people: dict[str, Any], at: datetime) -> None:
    follow(author, at)
    for title in ("One", "Two", "Three"):
        row = hand_in(author, at, title=title, text=text_of(30), min_words=20, max_words=40)
        if title != "Three":
            read(row, people["examiner"], at)
    page = signed_in(author).get("/certification/foundations/").content.decode()
    assert "Accepted on 2026-11-02" in page
