"""Pages and API of evaluations: what a student is asked, and what staff may see of the answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from lms.learning.api import Cohort, enrol
from lms.learning.evaluation_statements import VERSION, WORDINGS
from lms.learning.models import CourseEvaluation
from tests.lms.learning.classes import make_cohort
from tests.lms.learning.evaluating import CODES, completed, evaluated
from tests.lms.learning.studying import course

pytestmark = pytest.mark.django_db
LIST, ONE, FILE = "/teach/evaluations/", "/teach/evaluations/C1/", "/teach/evaluations.csv"
SENT = {"version": VERSION, **dict.fromkeys(CODES, "5"), "teaching": "none", "helped": "", "change": ""}


@pytest.fixture
def form() -> str:
    return reverse("learning:evaluate", args=[course("C1").slug])


@pytest.fixture
def respond(make_user: Any, now: datetime) -> Callable[..., None]:
    """So many more people complete a course and evaluate it."""

    def some(count: int, at: datetime = now, cohort: Cohort | None = None, **said: Any) -> None:
        people = [make_user(f"a{uuid4().hex}") for _ in range(count)]
        for person in people:
            completed(person, at, cohort=cohort, code=said.get("code", "C1"))
        for person in people:
            evaluated(person, at, **said)

    return some


def read(client: Client, url: str, **query: str) -> str:
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


# The student ---------------------------------------------------------------------------------------------------------


def test_a_completed_course_asks_quietly_until_it_is_evaluated(
    student: Any, signed_in: Any, form: str, now: datetime
) -> None:
    client = signed_in(student)
    pages = (course("C1").url, "/dashboard/")
    assert not [url for url in pages if form in read(client, url)]
    assert client.get(form).status_code == client.post(form, SENT).status_code == 302
    assert not CourseEvaluation.objects.exists()
    completed(student, now)
    assert [url for url in pages if form in read(client, url)] == list(pages)
    html = read(client, form)
    assert all(escape(str(row.text)) in html for row in WORDINGS[VERSION])
    assert "Please name no clients" in html
    assert client.post(form, {**SENT, "helped": "Figures"})["Location"] == course("C1").url
    row = CourseEvaluation.objects.get()
    assert row.answers == {**dict.fromkeys(CODES, 5), "teaching": None}
    assert row.helped == "Figures"
    assert not [url for url in pages if form in read(client, url)]
    assert "You evaluated this course on" in read(client, form)
    again = client.post(form, SENT, follow=True).content.decode()
    assert "You have evaluated this course already" in again
    assert CourseEvaluation.objects.count() == 1


def test_what_was_written_stays_when_an_answer_is_missing(student: Any, signed_in: Any, form: str, now: Any) -> None:
    completed(student, now)
    client = signed_in(student)
    for wrong in ({"clarity": ""}, {"clarity": "6"}, {"version": "99"}, {"version": "x"}, {"change": "y" * 1001}):
        html = client.post(form, {**SENT, "helped": "A long thought", **wrong}).content.decode()
        assert "A long thought" in html
        assert "This was not saved yet" in html
    assert not CourseEvaluation.objects.exists()
    lines = "\r\n".join(["x" * 99] * 10)
    assert client.post(form, {**SENT, "helped": lines}).status_code == 302, "999 characters, as the browser counts"


def test_a_course_that_is_not_there(student: Any, signed_in: Any) -> None:
    assert signed_in(student).get(reverse("learning:evaluate", args=["nowhere"])).status_code == 404


def test_the_api_lists_what_is_open_and_takes_one(student: Any, api: Any, now: datetime) -> None:
    client = api(student)
    assert client.get("/api/v1/evaluations/").json()["results"] == []
    body = {"version": VERSION, "answers": dict.fromkeys(CODES, 4)}
    url = f"/api/v1/evaluations/{course('C1').slug}/"
    early = client.post(url, body, format="json")
    assert (early.status_code, early.json()["code"]) == (409, "course_not_completed")
    completed(student, now)
    [row] = client.get("/api/v1/evaluations/").json()["results"]
    assert (row["course"], row["version"], row["url"]) == (course("C1").slug, VERSION, url)
    assert [line["code"] for line in row["statements"]] == CODES
    for wrong in (
        {"answers": {"clarity": 4}},
        {"answers": {}},
        {"version": 99},
        {"helped": "x" * 1001},
        {"helped": "\0"},
    ):
        refused = client.post(url, {**body, **wrong}, format="json")
        assert refused.status_code == 400
    answers = {**body["answers"], "teaching": None}  # type: ignore[dict-item]
    done = client.post(url, {**body, "answers": answers}, format="json")
    assert (done.status_code, set(done.json())) == (201, {"course", "on"})
    assert CourseEvaluation.objects.get().answers["teaching"] is None
    twice = client.post(url, body, format="json")
    assert (twice.status_code, twice.json()["code"]) == (409, "already_evaluated")
    assert client.get("/api/v1/evaluations/").json()["count"] == 0
    assert client.post("/api/v1/evaluations/nowhere/", body, format="json").status_code == 404


# Those who read ------------------------------------------------------------------------------------------------------


def test_nothing_is_shown_below_five(people: Any, signed_in: Any, respond: Any) -> None:
    client = signed_in(people["registrar"])
    assert "No course has been evaluated yet." in read(client, LIST)
    respond(4, helped="Told by few")
    assert "Too few yet" in read(client, LIST)
    html = read(client, ONE)
    assert "There are 4 responses so far." in html
    assert "Told by few" not in html + read(client, FILE)
    respond(1, value=1, helped="The fifth")
    html = read(client, ONE)
    assert html.count("Told by few") == 4
    assert "The fifth" in html
    assert "3.4" in html, "mean of 4, 4, 4, 4, 1"
    assert "1.2" in html, "their standard deviation"
    assert "80 %" in html


def test_a_year_that_would_tell_the_rest_is_not_shown(people: Any, signed_in: Any, respond: Any, now: datetime) -> None:
    client = signed_in(people["admin"])
    respond(5, now - timedelta(days=365), helped="Of last year")
    respond(4, helped="Of this year")
    assert read(client, ONE).count("Of this year") == 4
    for year in ("2025", "2026"):
        assert "Not shown" in read(client, ONE, year=year)
        assert "withheld" in read(client, FILE, year=year, course="C1")
    respond(1, helped="Of this year")
    html = read(client, ONE, year="2026")
    assert html.count("Of this year") == 5
    assert "Of last year" not in html


def test_instructors_see_the_courses_of_their_cohorts_and_compare_their_own(
    people: Any, signed_in: Any, make_user: Any, respond: Any, now: datetime
) -> None:
    mine = make_cohort(people["instructor"], [], now, code="mine")
    theirs = make_cohort(make_user("colleague", "instructor"), [], now, code="theirs")
    respond(5, cohort=mine, helped="In my cohort")
    respond(6, cohort=theirs, helped="In theirs")
    respond(5, code="C2", helped="Another course")
    client = signed_in(people["instructor"])
    html = read(client, LIST)
    assert course("C1").title in html
    assert course("C2").title not in html
    assert "Theirs" not in html
    html = read(client, ONE, cohort="mine")
    assert html.count("In my cohort") == 5
    assert "In theirs" not in html
    assert "5 of 5" in html
    # A cohort of somebody else is no choice: the page is that of the whole course.
    assert read(client, ONE, cohort="theirs").count("In my cohort") == 5
    assert client.get("/teach/evaluations/C2/").status_code == 404
    assert "Another course" not in read(client, FILE)
    assert read(signed_in(people["registrar"]), ONE, cohort="theirs").count("In theirs") == 6
    assert "It names somebody" not in html
    empty = signed_in(make_user("new", "instructor"))
    assert "No course has been evaluated yet." in read(empty, LIST)
    assert empty.get(ONE).status_code == 404


@pytest.mark.parametrize(
    "query", [{"year": "x"}, {"year": "9" * 40}, {"cohort": "nowhere"}, {"page": "-1"}, {"page": "x"}]
)
def test_odd_questions_are_answered_with_everything(query: Any, people: Any, signed_in: Any, respond: Any) -> None:
    respond(5, helped="All of it")
    client = signed_in(people["registrar"])
    for url in (LIST, ONE, FILE):
        assert client.get(url, query).status_code == 200
    assert read(client, ONE, **query).count("All of it") == 5


def test_texts_are_in_pages_and_in_an_order_that_stays(people: Any, signed_in: Any, respond: Any) -> None:
    for number in range(25):
        respond(1, helped=f"H{number:02}.", change=f"C{number:02}.")
    client = signed_in(people["registrar"])

    def seen() -> list[str]:
        pages = [client.get(ONE, {"page": number}).context["page_obj"] for number in ("1", "2")]
        return [said.text for page in pages for said in page]

    texts = seen()
    assert texts == seen()
    helped, change = texts[:25], texts[25:]
    assert sorted(helped) == [f"H{number:02}." for number in range(25)]
    assert [text[1:] for text in helped] != [text[1:] for text in change], "the two texts of a person are apart"


def test_the_rate_counts_completions_since_the_first_evaluation(
    people: Any, make_user: Any, signed_in: Any, respond: Any, now: datetime
) -> None:
    completed(make_user("early"), now - timedelta(days=90))
    completed(make_user("silent"), now)
    respond(3)
    assert "3 of 4 (75 %)" in read(signed_in(people["registrar"]), LIST)
    assert "3 of 4 who completed it since November 2026 answered (75 %)" in read(signed_in(people["admin"]), ONE)


def test_the_file_has_a_row_for_each_statement_and_text_and_no_formula(
    people: Any, signed_in: Any, respond: Any
) -> None:
    respond(5, change="=1+1")
    response = signed_in(people["registrar"]).get(FILE, {"course": "C1", "year": "2026"})
    assert 'filename="evaluations-c1-2026.csv"' in response["Content-Disposition"]
    lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["part"] for row in lines] == ["statement"] * 5 + ["change"] * 5
    assert {row["text"] for row in lines if row["part"] == "change"} == {"'=1+1"}
    assert (lines[0]["responses"], lines[0]["mean"], lines[0]["answered_4"], lines[0]["year"]) == (
        "5", "4.0", "5", "2026",
    )  # fmt: skip


def test_a_registrar_takes_out_a_text_that_is_shown(people: Any, signed_in: Any, respond: Any) -> None:
    client = signed_in(people["registrar"])
    respond(4, helped="Jane Doe")
    row = CourseEvaluation.objects.first()
    assert row is not None
    url = reverse("learning:evaluation_text_remove", args=[row.pk, "helped"])
    assert client.post(url).status_code == 404, "nothing of it is shown yet"
    respond(1)
    assert url in read(client, ONE)
    assert signed_in(people["instructor"]).post(url).status_code == 403
    assert client.get(url).status_code == 405
    client.post(url)
    assert read(client, ONE).count("Jane Doe") == 3
    assert (
        client.post(reverse("learning:evaluation_text_remove", args=[row.pk, "answers"]), follow=True).status_code
        == 200
    )


def test_queries_do_not_grow_with_people_and_courses(
    people: Any, api: Any, signed_in: Any, respond: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    client, student, own = signed_in(people["instructor"]), signed_in(people["student"]), api(people["student"])
    form = reverse("learning:evaluate", args=[course("C1").slug])

    def ask_all() -> None:
        for who, url, most in (
            (client, LIST, 14), (client, ONE, 15), (client, FILE, 13), (student, form, 12),
            (own, "/api/v1/evaluations/", 8),
        ):  # fmt: skip
            with django_assert_max_num_queries(most, info=url):
                assert who.get(url).status_code == 200

    completed(people["student"], now, cohort=make_cohort(people["instructor"], [], now))
    respond(1)
    ask_all()
    for number in range(6):
        cohort = make_cohort(people["instructor"], [], now, code=f"cohort{number}")
        enrol(user=people["other"], course=course("C1"), cohort=cohort, by=people["other"], at=now)
        respond(6, now + timedelta(days=366 * number), cohort=cohort, helped="Much", change="Little")
    completed(people["student"], now, code="C2")
    ask_all()
