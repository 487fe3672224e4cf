"""The marking pages and calls: blind, one answer after the other, for those who may, and for nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from lms.learning.models import Cohort, Enrolment
from quizzes.examining.access import attempts_for
from quizzes.grading import queue
from quizzes.grading.commands import release_result
from quizzes.grading.models import Grade, Marking
from quizzes.grading.queries import current_result
from tests.quizzes.delivery.test_statements import at_most, statements
from tests.quizzes.making import make_assessment, make_question
from tests.quizzes.written import (
    FULL,
    HALF,
    TEXT,
    candidates,
    differing,
    essay_of,
    exam,
    handed_in,
    mark,
    markers,
    moderate,
    revision_of,
    version_of,
    written,
)

pytestmark = pytest.mark.django_db
__all__ = ["differing", "handed_in", "markers"]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, url: str, status: int = 200) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser")


def question_url(attempt: Any) -> str:
    return f"/examine/marking/{version_of(attempt).uuid}/"


def fields(soup: BeautifulSoup, **given: Any) -> dict[str, Any]:
    """What the form of a page sends, with these radio buttons chosen and fields filled in."""
    form = soup.find("form", attrs={"data-marking": True})
    hidden = {field["name"]: field["value"] for field in form.find_all("input", type="hidden")}
    return {**hidden, **{name.replace("__", "-"): value for name, value in given.items()}}


def words(soup: BeautifulSoup) -> str:
    return " ".join(soup.find("main").get_text(" ").split())


# Marking --------------------------------------------------------------------------------------------------------------


def test_answers_are_marked_one_after_the_other_until_none_is_left(handed_in: Any, markers: Any, clock: Any) -> None:
    client, url = signed_in(markers[0]), question_url(handed_in[0])
    listed = page(client, "/examine/marking/")
    assert listed.find("a", href=url)
    assert "4" in [cell.get_text(strip=True) for cell in listed.find_all("td", class_="num")]
    for number in range(1, 5):
        soup = page(client, url)
        assert f"Answer {number} of 4" in words(soup)
        response = client.post(url, fields(soup, points__c1="2", points__c2="1", comment=f"note {number}"))
        assert (response.status_code, response["Location"]) == (302, url)
    assert "All marked" in words(page(client, url))
    assert page(client, "/examine/marking/").find("a", href=url) is None
    assert {row.points["c2"] for row in Marking.objects.all()} == {"1"}
    assert all(current_result(attempt).percent == 87.5 for attempt in handed_in)
    done = page(client, f"{url}marked/")
    assert len(done.find("tbody").find_all("tr")) == 4


def test_the_page_shows_what_is_needed_to_judge(handed_in: Any, markers: Any) -> None:
    soup = page(signed_in(markers[0]), question_url(handed_in[0]))
    assert "What is asked by" in words(soup)
    assert "You can stop me <at any time>." in words(soup)
    assert "Words: 12 of 60" in words(soup)
    assert "You can stop me at any time." in soup.find(class_="marking__model").get_text()
    assert [legend.get_text(" ", strip=True) for legend in soup.find_all("legend")] == [
        "What and where 2 points",
        "The right to stop 2 points Required",
    ]
    for fieldset in soup.find_all("fieldset", attrs={"data-criterion": True}):
        assert [field["value"] for field in fieldset.find_all("input", type="radio")] == ["0", "1", "2"]
        assert all(field.find_parent("label") for field in fieldset.find_all("input"))


def test_no_page_or_call_of_a_marker_names_the_candidate(handed_in: Any, markers: Any, api: Any, now: Any) -> None:
    client, url = signed_in(markers[0]), question_url(handed_in[0])
    seen = [client.get("/examine/marking/"), client.get(url), api(markers[0]).get("/api/v1/marking/")]
    mark(handed_in[0], markers[0], now, HALF)
    again = f"{url}marked/{handed_in[0].uuid}/1/"
    seen += [client.get(f"{url}marked/"), client.get(again), client.post(again, {}), client.post(url, {})]
    for response in seen:
        text = response.content.decode()
        for attempt in handed_in:
            person = attempt.candidate
            for name in (person.email, person.display_name, person.legal_name, str(person.uuid)):
                assert name not in text
        for when in ("10:01", "10:02", "10:03"):
            assert when not in text


def test_the_order_is_a_markers_own_and_not_that_of_handing_in(make_user: Any, markers: Any, now: Any) -> None:
    quiz = exam()
    handed = [written(quiz, person, now + timedelta(minutes=n)) for n, person in enumerate(candidates(make_user, 7))]
    orders = []
    for marker in markers[:2]:
        rows = queue.to_mark(attempts_for(marker), marker)
        orders.append(queue.in_blind_order(rows, marker))
        assert queue.in_blind_order(rows, marker) == orders[-1]
    by_time = [(attempt.uuid, 1) for attempt in handed]
    assert set(orders[0]) == set(orders[1]) == set(by_time)
    assert orders[0] != orders[1]
    assert by_time not in orders
    assert len({queue.pseudonym(attempt) for attempt in handed}) > 1


def test_an_answer_can_be_skipped_for_now(handed_in: Any, markers: Any) -> None:
    client, url = signed_in(markers[0]), question_url(handed_in[0])
    places = []
    address = url
    for _step in range(4):
        soup = page(client, address)
        places.append(fields(soup)["place"])
        address = url + soup.find("a", string="Skip for now")["href"]
    assert len(set(places)) == 4
    assert fields(page(client, address))["place"] == places[0]
    assert fields(page(client, f"{url}?after=nonsense"))["place"] == places[0]


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"points__c1": "2"}, "Choose the points."),
        ({"points__c1": "2", "points__c2": "9"}, "9"),
        ({"points__c1": "1", "points__c2": "1", "comment": "x" * 4001}, "4000"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(
    handed_in: Any, markers: Any, given: Any, word: str
) -> None:
    client, url = signed_in(markers[0]), question_url(handed_in[0])
    sent = fields(page(client, url), **given)
    response = client.post(url, sent)
    soup = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 200
    assert "This was not saved yet" in words(soup)
    assert word in soup.find(class_="field--invalid").get_text()
    assert fields(soup)["place"] == sent["place"]
    assert soup.find("input", attrs={"name": "points-c1", "value": given["points__c1"]}).has_attr("checked")
    assert not Marking.objects.exists()


def test_an_answer_marked_meanwhile_is_said_so_and_the_next_one_comes(handed_in: Any, markers: Any, now: Any) -> None:
    client, url = signed_in(markers[0]), question_url(handed_in[0])
    sent = fields(page(client, url), points__c1="1", points__c2="1")
    taken = next(attempt for attempt in handed_in if sent["place"].startswith(str(attempt.uuid)))
    mark(taken, markers[1], now, FULL)
    response = client.post(url, sent, follow=True)
    assert "marked already" in response.content.decode()
    assert Grade.objects.filter(item=essay_of(taken)).latest("id").by == markers[1]


@pytest.mark.parametrize("place", ["", "x", "-", "1-1", f"{'0' * 32}-1", f"{'0' * 32}-²", "x" * 5000])
def test_a_form_that_names_no_answer_of_the_question_is_refused(handed_in: Any, markers: Any, place: str) -> None:
    assert signed_in(markers[0]).post(question_url(handed_in[0]), {"place": place}).status_code == 404


def test_a_mark_can_be_corrected_with_a_reason_until_the_release(handed_in: Any, markers: Any, now: Any) -> None:
    attempt = handed_in[0]
    mark(attempt, markers[0], now, HALF, comment="Thin.")
    client = signed_in(markers[0])
    url = f"{question_url(attempt)}marked/{attempt.uuid}/1/"
    soup = page(client, url)
    assert soup.find("textarea", attrs={"name": "comment"}).get_text(strip=True) == "Thin."
    assert soup.find("input", attrs={"name": "points-c1", "value": "1"}).has_attr("checked")
    given = fields(soup, points__c1="2", points__c2="2", comment="Thin, but all of it.")
    assert client.post(url, given).status_code == 200, "without a reason it stays"
    assert client.post(url, {**given, "reason": "Read again."}).status_code == 302
    assert current_result(attempt).percent == 100  # type: ignore[union-attr]
    release_result(result=current_result(attempt), by=markers[1], at=now)  # type: ignore[arg-type]
    closed = page(client, url)
    assert closed.find("form", attrs={"data-marking": True}) is None
    assert "regrade" in words(closed)


# Two markers ----------------------------------------------------------------------------------------------------------


def test_the_second_marker_sees_nothing_of_the_first(student: Any, markers: Any, now: Any) -> None:
    attempt = written(exam(needs_second_marker=True), student, now)
    before = words(page(signed_in(markers[1]), question_url(attempt)))
    mark(attempt, markers[0], now, HALF, comment="zqfirstqz")
    second = page(signed_in(markers[1]), question_url(attempt))
    assert words(second) == before
    assert second.find("input", checked=True) is None
    assert page(signed_in(markers[0]), question_url(attempt)).find("form", attrs={"data-marking": True}) is None
    assert page(signed_in(markers[1]), f"{question_url(attempt)}marked/{attempt.uuid}/1/", 404)
    assert page(signed_in(markers[1]), f"{question_url(attempt)}disagreements/{attempt.uuid}/1/", 404)


def test_a_third_person_sees_both_markings_and_decides(differing: Any, markers: Any) -> None:
    client, url = signed_in(markers[2]), question_url(differing)
    assert page(client, "/examine/marking/").find("a", href=f"{url}disagreements/")
    row = page(client, f"{url}disagreements/").find("tbody").find("tr").get_text(" ", strip=True)
    assert "50 %" in row
    assert "75 %" in row
    soup = page(client, f"{url}disagreements/{differing.uuid}/1/")
    rows = {line.find("th").get_text(strip=True): line for line in soup.find("tbody").find_all("tr")}
    assert "differs" in rows["The right to stop"].get_text()
    assert "differs" not in rows["What and where"].get_text()
    for comment in ("Thin.", "Good."):
        assert comment in words(soup)
    assert markers[0].display_name not in words(soup)
    response = client.post(
        f"{url}disagreements/{differing.uuid}/1/", fields(soup, points__c1="1", points__c2="2", comment="The second.")
    )
    assert (response.status_code, response["Location"]) == (302, f"{url}disagreements/")
    assert Grade.objects.filter(item=essay_of(differing)).latest("id").source == "moderation"
    assert "No disagreement waits for you." in words(page(client, f"{url}disagreements/"))


def test_the_markers_themselves_do_not_decide_and_do_not_see_each_other(differing: Any, markers: Any) -> None:
    for marker in markers[:2]:
        client, url = signed_in(marker), question_url(differing)
        assert client.get(f"{url}disagreements/{differing.uuid}/1/").status_code == 404
        assert "No disagreement waits for you." in words(page(client, f"{url}disagreements/"))
        own = page(client, f"{url}marked/{differing.uuid}/1/")
        assert own.find("form", attrs={"data-marking": True}) is None


# Who may --------------------------------------------------------------------------------------------------------------


def test_an_instructor_marks_the_own_cohorts_and_no_exam(
    make_user: Any, student: Any, handed_in: Any, now: Any
) -> None:
    teacher, other = make_user("teacher", "instructor"), make_user("second", "instructor")
    quiz = make_assessment(questions=[make_question(slug="essay"), make_question()], kind="quiz")
    attempt = written(quiz, student, now)
    cohort = Cohort.objects.create(code="autumn", title="Autumn")
    cohort.instructors.add(teacher)
    Enrolment.objects.create(user=student, course_code="C1", cohort=cohort, enrolled_at=now, enrolled_by=teacher)
    assert page(signed_in(teacher), question_url(attempt)).find("form", attrs={"data-marking": True})
    assert page(signed_in(other), question_url(attempt), 404)
    assert page(signed_in(teacher), question_url(handed_in[0]), 404)
    assert "No written answer waits for you." in words(page(signed_in(other), "/examine/marking/"))


def test_nobody_is_shown_the_own_answer(make_user: Any, now: Any) -> None:
    person = make_user("both", "student", "examiner")
    attempt = written(exam(), person, now)
    assert "All marked" in words(page(signed_in(person), question_url(attempt)))
    sent = {"place": f"{attempt.uuid}-1", "revision": "1", "points-c1": "2", "points-c2": "2"}
    response = signed_in(person).post(question_url(attempt), sent, follow=True)
    assert "own" in response.content.decode()
    assert not Marking.objects.exists()


# The API --------------------------------------------------------------------------------------------------------------


def test_a_script_reads_the_queue_and_marks(handed_in: Any, markers: Any, api: Any) -> None:
    client = api(markers[0])
    body = client.get("/api/v1/marking/", {"page_size": 3}).json()
    assert (body["count"], len(body["results"])) == (4, 3)
    row = body["results"][0]
    assert row["answer"] == {"text": TEXT}
    assert row["interaction"] == {"word_limit": 60}
    assert [line["id"] for line in row["rubric"]["criteria"]] == ["c1", "c2"]
    url = f"/api/v1/marking/{row['attempt']}/{row['slot']}/"
    sent = {"revision": row["revision"], "points": {"c1": 1.5, "c2": "0.5"}, "comment": "fine"}
    done = client.post(url, sent, format="json")
    assert (done.status_code, done.json()) == (201, {"state": "graded", "fraction": 0.5})
    assert client.get("/api/v1/marking/").json()["count"] == 3
    again = client.post(url, sent, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "already_marked")
    better = client.post(url, {**sent, "points": FULL, "reason": "read again"}, format="json")
    assert (better.status_code, better.json()["fraction"]) == (201, 1)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"revision": 99}, 409, "response_changed"),
        ({"revision": None}, 400, "invalid_input"),
        ({"points": {"c1": 1}}, 400, "invalid_input"),
        ({"points": [1, 2]}, 400, "invalid_input"),
        ({"points": {"c1": 1, "c2": 1, "": 1}}, 400, "invalid_input"),
        ({"points": {"c1": 1, "c2": "NaN"}}, 400, "invalid_input"),
        ({"comment": "\x00"}, 400, "invalid_input"),
        ({"moderation": True}, 409, "cannot_mark"),
    ],
)
def test_a_script_is_told_what_is_wrong(
    handed_in: Any, markers: Any, api: Any, change: Any, status: int, code: str
) -> None:
    attempt = handed_in[0]
    sent = {"revision": revision_of(attempt), "points": FULL, **change}
    response = api(markers[0]).post(f"/api/v1/marking/{attempt.uuid}/1/", sent, format="json")
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert not Marking.objects.exists()


def test_a_script_decides_between_two_markers(differing: Any, markers: Any, api: Any) -> None:
    url = f"/api/v1/marking/{differing.uuid}/1/"
    sent = {"revision": revision_of(differing), "points": FULL, "moderation": True}
    refused = api(markers[0]).post(url, sent, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "own_marking")
    assert api(markers[2]).post(url, sent, format="json").json() == {"state": "graded", "fraction": 1.0}


# The candidate --------------------------------------------------------------------------------------------------------


def test_the_candidate_sees_points_and_comment_once_the_rule_allows(
    student: Any, markers: Any, show_to: Any, api: Any, now: Any, clock: Any
) -> None:
    quiz = exam()
    show_to(student, quiz)
    attempt = written(quiz, student, now)
    mark(attempt, markers[0], now, {"c1": "1", "c2": 2}, comment="Say where.\nAlways.")
    review = f"/api/v1/attempts/{attempt.uuid}/review/"
    essay = api(student).get(review).json()["items"][0]
    assert "marking" not in essay
    assert "choice_feedback" not in essay
    assert "Say where." not in signed_in(student).get(f"/attempts/{attempt.uuid}/review/").content.decode()
    release_result(result=current_result(attempt), by=markers[1], at=now)  # type: ignore[arg-type]
    essay, choice = api(student).get(review).json()["items"]
    assert essay["marking"] == {"points": {"c1": 1.0, "c2": 2.0}, "comment": "Say where.\nAlways."}
    assert (essay["score"], "marking" in choice) == (0.75, False)
    text = words(page(signed_in(student), f"/attempts/{attempt.uuid}/review/"))
    for said in ("1 of 2 points", "2 of 2 points", "Say where.", "Partly right", "I would press here, slowly."):
        assert said in text
    assert markers[0].display_name not in text


def test_a_decision_between_markers_is_what_the_candidate_sees(
    differing: Any, student: Any, markers: Any, show_to: Any, now: Any, clock: Any
) -> None:
    show_to(student, differing.assessment)
    moderate(differing, markers[2], now, FULL, comment="All there.")
    release_result(result=current_result(differing), by=markers[2], at=now)  # type: ignore[arg-type]
    text = words(page(signed_in(student), f"/attempts/{differing.uuid}/review/"))
    assert "All there." in text
    assert not re.search(r"Thin\.|Good\.", text)


# Statements -----------------------------------------------------------------------------------------------------------


def test_pages_cost_the_same_for_few_answers_and_for_many(make_user: Any, markers: Any, api: Any, now: Any) -> None:
    quiz = exam()
    people = candidates(make_user, 12)
    first = [written(quiz, person, now) for person in people[:2]]
    client, caller, url = signed_in(markers[0]), api(markers[0]), question_url(first[0])
    addresses = ("/examine/marking/", url, f"{url}marked/", f"{url}disagreements/")
    asks = [lambda address=address: client.get(address) for address in addresses]
    asks.append(lambda: caller.get("/api/v1/marking/"))
    mark(first[0], markers[0], now, HALF)
    few = [len(statements(ask)) for ask in asks]
    for person in people[2:]:
        written(quiz, person, now)
    for attempt in first[1:]:
        mark(attempt, markers[0], now, HALF)
    for before, ask in zip(few, asks, strict=True):
        at_most(before, statements(ask))
    assert max(few) <= 20
