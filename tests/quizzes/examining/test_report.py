"""The report of an assessment: pages, filters, exports, and what they cost."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from lms.accounts.api import User
from lms.core.spreadsheet import safe_cell
from lms.learning.models import Cohort, Enrolment
from quizzes.attempts.commands import start_attempt, void_attempt
from quizzes.attempts.models import Attempt
from quizzes.bank.models import BankAccess
from quizzes.grading.models import Result
from tests.quizzes.delivery.test_statements import at_most, statements
from tests.quizzes.examining.sat_exam import make_exam, send, signed_in, sit
from tests.quizzes.grading.regrading import regrade
from tests.quizzes.making import make_assessment, make_question, right

pytestmark = pytest.mark.django_db
__all__ = ["signed_in"]
HOUR = timedelta(hours=1)


def url(quiz: Any, rest: str = "") -> str:
    return f"/examine/assessments/{quiz.code}/attempts/{rest}"


def body(response: Any) -> str:
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def table(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(response).removeprefix("\ufeff"))))


@pytest.fixture
def exam(make_user: Any, others: Any, now: datetime) -> Any:
    """One attempt of each state, and one whose result is held by name of its candidate."""
    quiz = make_exam(results="held", time_limit=timedelta(hours=1))
    people = {name: make_user(name, sort_name=name) for name in ("ann", "ben", "cas", "dee")}
    graded = sit(quiz, people["ann"], now - 4 * HOUR, right_slots=(1, 2, 3))
    Result.objects.filter(attempt=graded).update(released_at=now, released_by=others["admin"])
    sit(quiz, people["ben"], now - 3 * HOUR, right_slots=(1,))
    void_attempt(
        attempt=sit(quiz, people["cas"], now - 2 * HOUR), reason="Disturbed", by=others["admin"], at=now - HOUR
    )
    start_attempt(assessment=quiz, by=people["dee"], at=now)
    return quiz


def names(text: str) -> list[str]:
    return [name for name in ("Ann", "Ben", "Cas", "Dee") if f">{name}</a>" in text]


def test_every_attempt_is_listed_and_filters_narrow_it(exam: Any, signed_in: Any) -> None:
    client = signed_in("examiner")

    def listed(query: str) -> list[str]:
        return names(client.get(url(exam) + query).content.decode())

    assert listed("") == ["Ann", "Ben", "Cas", "Dee"]
    assert listed("?state=graded") == ["Ann"]
    assert listed("?state=submitted") == ["Ben"]
    assert listed("?state=void") == ["Cas"]
    assert listed("?state=in_progress") == ["Dee"]
    assert listed("?q=be") == ["Ben"]
    assert listed("?q=cas%40test") == ["Cas"]
    assert listed("?state=late") == []
    assert listed("?state=nonsense&o=nonsense&page=99") == ["Ann", "Ben", "Cas", "Dee"]


def test_it_sorts_by_each_column(exam: Any, signed_in: Any) -> None:
    client = signed_in("examiner")
    for order, first in (("name", "Ann"), ("-name", "Dee"), ("started", "Ann"), ("-started", "Dee"), ("-finished", "")):
        text = client.get(url(exam) + f"?o={order}").content.decode()
        places = {name: text.index(f">{name}</a>") for name in names(text)}
        if first:
            assert min(places, key=places.__getitem__) == first, order


def test_late_answers_are_found(make_user: Any, signed_in: Any, now: datetime) -> None:
    quiz = make_exam(1)
    late, _new = start_attempt(assessment=quiz, by=make_user("ann"), at=now - 2 * HOUR)
    send(late, 1, right(late, 1), now - HOUR + timedelta(seconds=30))
    sit(quiz, make_user("ben"), now - HOUR)
    assert names(signed_in("examiner").get(url(quiz) + "?state=late").content.decode()) == ["Ann"]


def thousand(quiz: Any, count: int, now: datetime) -> None:
    """So many graded attempts of so many people, in bulk."""
    password = make_password(None)
    offset = User.objects.count()
    people = User.objects.bulk_create(
        User(email=f"bulk-{offset + n}@test.example", password=password, display_name=f"Bulk {n}") for n in range(count)
    )
    policy = Attempt.objects.filter(assessment=quiz)[0].policy
    attempts = Attempt.objects.bulk_create(
        Attempt(
            candidate=person, assessment=quiz, version=quiz.current_version, ordinal=1, policy=policy, conditions={},
            language="en-gb", seed="bulk", started_at=now, submitted_at=now, finished_at=now, submitted_how="candidate",
        )
        for person in people
    )  # fmt: skip
    Result.objects.bulk_create(
        Result(attempt=row, raw=1, maximum=2, percent=50, cut_percent=75, passed=False, source="auto", at=now)
        for row in attempts
    )


def test_a_page_costs_at_most_twelve_statements_at_a_thousand_attempts(
    make_user: Any, signed_in: Any, now: datetime
) -> None:
    quiz = make_exam()
    sit(quiz, make_user("first"), now)
    client = signed_in("examiner")
    client.get(url(quiz))
    few = statements(lambda: client.get(url(quiz)))
    thousand(quiz, 1000, now)
    many = statements(lambda: client.get(url(quiz) + "?o=-percent"))
    at_most(12, many)
    assert len(many) == len(few)
    text = client.get(url(quiz)).content.decode()
    assert "1001 attempts" in text
    assert "Page 1 of 21" in text


def test_an_instructor_sees_the_own_cohort_only(
    make_user: Any, signed_in: Any, others: Any, student: Any, now: datetime
) -> None:
    quiz = make_assessment(questions=[make_question()])
    sit(quiz, student, now)
    sit(quiz, make_user("stranger"), now)
    client = signed_in("instructor")
    assert "Nobody whose attempts you may see" in client.get(url(quiz)).content.decode()
    cohort = Cohort.objects.create(code="autumn", title="Autumn")
    cohort.instructors.add(others["instructor"])
    Enrolment.objects.create(user=student, course_code="C1", cohort=cohort, enrolled_at=now, enrolled_by=student)
    text = client.get(url(quiz)).content.decode()
    assert ">Student</a>" in text
    assert "Stranger" not in text
    rows = table(client.get(url(quiz, "results.csv")))
    assert [row["name"] for row in rows] == ["Student"]
    assert client.get(url(make_exam())).status_code == 404


# Exports --------------------------------------------------------------------------------------------------------------


def test_results_as_csv_and_json_say_the_same(exam: Any, signed_in: Any) -> None:
    client = signed_in("examiner")
    rows = {row["name"]: row for row in table(client.get(url(exam, "results.csv")))}
    assert [rows[name]["state"] for name in ("Ann", "Ben", "Cas", "Dee")] == [
        "graded", "submitted", "void", "in_progress",
    ]  # fmt: skip
    assert (rows["Ben"]["score"], rows["Ben"]["percent"], rows["Ben"]["passed"]) == ("1.0", "33.33", "false")
    assert rows["Dee"]["percent"] == ""
    told = json.loads(body(client.get(url(exam, "results.json"))))
    assert told["quiz"] == exam.code
    by_name = {row["name"]: row for row in told["results"]}
    assert (by_name["Ann"]["percent"], by_name["Ann"]["passed"], by_name["Dee"]["percent"]) == (100.0, True, None)
    assert by_name["Ann"]["domains"][0]["code"] == "D1"
    assert [row["name"] for row in table(client.get(url(exam, "results.csv?state=void")))] == ["Cas"]


def test_every_response_is_there_with_what_became_of_it(
    make_user: Any, signed_in: Any, others: Any, now: datetime
) -> None:
    quiz = make_exam(2)
    attempt = sit(quiz, make_user("ann"), now - HOUR, right_slots=(1,))
    regrade(quiz, attempt.items.get(slot=2).version.question, "drop_item", others, now)
    late, _new = start_attempt(assessment=quiz, by=make_user("ben"), at=now - 2 * HOUR)
    send(late, 1, right(late, 1), now - 90 * timedelta(minutes=1))
    send(late, 1, None, now - 80 * timedelta(minutes=1))
    send(late, 1, right(late, 1), now - HOUR + timedelta(seconds=30))
    rows = table(signed_in("examiner").get(url(quiz, "responses.csv")))
    ben = [row for row in rows if row["name"] == "Ben"]
    assert [(row["slot"], row["sequence"], row["is_counted"], row["is_current"]) for row in ben] == [
        ("1", "1", "true", "false"), ("1", "2", "true", "true"), ("1", "3", "false", "false"), ("2", "", "", ""),
    ]  # fmt: skip
    assert (ben[0]["answer"], json.loads(ben[0]["data"])) == ("Oedema", {"choice": "c2"})
    assert json.loads(ben[1]["data"]) is None
    ann = [row for row in rows if row["name"] == "Ann"]
    assert [(row["fraction"], row["mark"], row["left_out"], row["graded_by"]) for row in ann] == [
        ("1.0", "1.0", "false", "auto"), ("0.0", "0.0", "true", "regrade"),
    ]  # fmt: skip
    told = json.loads(body(signed_in("examiner").get(url(quiz, "responses.json"))))["responses"]
    assert len(told) == len(rows)
    assert {row["data"]["choice"] for row in told if row["data"]} >= {"c2"}


def test_taking_answers_of_an_exam_away_is_written_down(exam: Any, signed_in: Any, others: Any) -> None:
    client = signed_in("examiner")
    client.get(url(exam, "results.csv"))
    assert not BankAccess.objects.filter(action="exported").exists()
    client.get(url(exam, "responses.csv"))
    assert BankAccess.objects.get(action="exported").user == others["examiner"]


def test_an_export_reads_in_batches(make_user: Any, signed_in: Any, now: datetime) -> None:
    quiz = make_exam()
    sit(quiz, make_user("first"), now)
    thousand(quiz, 450, now)
    client = signed_in("examiner")
    response = client.get(url(quiz, "responses.csv"))
    at_most(20, statements(lambda: list(response.streaming_content) and None))


@pytest.mark.parametrize("words", ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\rx", "\nx"])
def test_no_cell_is_a_formula(words: str, make_user: Any, signed_in: Any, now: datetime) -> None:
    assert safe_cell(words) == f"'{words}"
    quiz = make_exam(1)
    sit(quiz, make_user("ann", display_name=words), now)
    for what in ("results", "responses"):
        text = body(signed_in("examiner").get(url(quiz, f"{what}.csv"))).removeprefix("\ufeff")
        cells = {cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row}
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


def test_cells_that_are_no_formula_stay_as_they_are() -> None:
    assert [safe_cell(value) for value in ("a=b", 3, 1.5, None, True, False, "")] == [
        "a=b", 3, 1.5, "", "true", "false", "",
    ]  # fmt: skip
