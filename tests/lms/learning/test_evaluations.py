"""Evaluating a course: once, by who completed it, and kept so that nothing leads from the answers to the person."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import models

from lms.accounts.api import User
from lms.core.exceptions import InvalidInput, NotAllowed
from lms.learning.api import EVALUATION_VERSION, Cohort, evaluate_course, evaluation_rows
from lms.learning.evaluation_commands import remove_text
from lms.learning.exceptions import AlreadyEvaluated, CourseNotCompleted
from lms.learning.models import CourseEvaluation, EvaluationGiven
from lms.portal.erasing import erase
from lms.portal.personal_data import as_json
from tests.lms.learning.evaluating import CODES, completed, evaluated

pytestmark = pytest.mark.django_db
FULL = dict.fromkeys(CODES, 3)


def test_who_did_not_complete_the_course_does_not_evaluate_it(student: Any, now: datetime) -> None:
    completed(student, now, code="C2")
    with pytest.raises(CourseNotCompleted):
        evaluated(student, now)
    assert not EvaluationGiven.objects.exists()


def test_an_evaluation_is_given_once(student: Any, now: datetime) -> None:
    completed(student, now)
    evaluated(student, now, value=5, helped="The  figures\r\nabove all \r\n")
    with pytest.raises(AlreadyEvaluated):
        evaluated(student, now + timedelta(days=400), value=1)
    row = CourseEvaluation.objects.get()
    assert row.answers == dict.fromkeys(CODES, 5)
    assert (row.version, row.month, row.helped, row.change) == (
        EVALUATION_VERSION, date(2026, 11, 1), "The  figures\nabove all", "",
    )  # fmt: skip
    given = EvaluationGiven.objects.get()
    assert (given.user, given.course_code, given.on) == (student, "C1", now.date())


def test_nothing_leads_from_the_answers_to_the_person(make_user: Any, now: datetime) -> None:
    for model in (CourseEvaluation, EvaluationGiven):
        others = {field.related_model for field in model._meta.get_fields() if field.is_relation}
        assert others == {{CourseEvaluation: Cohort, EvaluationGiven: User}[model]}
        assert not [field for field in model._meta.fields if isinstance(field, models.DateTimeField)]
    for number in range(12):
        person = make_user(f"student{number}")
        completed(person, now)
        evaluated(person, now, helped=f"{number:02}")
    said = list(CourseEvaluation.objects.values_list("helped", flat=True))
    assert sorted(said) == [f"{number:02}" for number in range(12)]
    assert said != sorted(said), "the order of the keys is that of nobody's coming (it fails once in 479 million runs)"


@pytest.mark.parametrize("size", [4, 5])
def test_a_cohort_is_kept_only_where_it_does_not_name_people(size: int, make_user: Any, now: datetime) -> None:
    cohort = Cohort.objects.create(code="autumn", title="Autumn")
    members = [make_user(f"student{number}") for number in range(size)]
    for person in members:
        completed(person, now, cohort=cohort)
    evaluated(members[0], now)
    assert CourseEvaluation.objects.get().cohort == (cohort if size == 5 else None)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"answers": {}}, set(CODES)),
        ({"answers": {**FULL, CODES[0]: 0}}, {CODES[0]}),
        ({"answers": {**FULL, CODES[1]: 6}}, {CODES[1]}),
        ({"answers": {**FULL, CODES[1]: True}}, {CODES[1]}),
        ({"answers": {**FULL, CODES[1]: 2.5}}, {CODES[1]}),
        ({"answers": {**FULL, "food": 5}}, {"food"}),
        ({"version": 99}, {"version"}),
        ({"helped": "x" * 1001}, {"helped"}),
        ({"change": "x" * 1001}, {"change"}),
    ],
)
def test_what_does_not_answer_is_refused(changed: Any, wrong: set[str], student: Any, now: datetime) -> None:
    completed(student, now)
    given = {"version": EVALUATION_VERSION, "answers": FULL, "helped": "", "change": "x" * 1000} | changed
    with pytest.raises(InvalidInput) as refused:
        evaluate_course(course_code="C1", **given, by=student, at=now)
    assert set(refused.value.extra["errors"]) == wrong
    assert not EvaluationGiven.objects.exists()


def test_a_text_that_names_somebody_is_taken_out_and_the_answers_stay(people: Any, now: datetime) -> None:
    completed(people["student"], now)
    evaluated(people["student"], now, helped="Jane Doe of Main Street", change="Nothing")
    row = CourseEvaluation.objects.get()
    with pytest.raises(NotAllowed):
        remove_text(evaluation=row, text="helped", by=people["instructor"], at=now)
    with pytest.raises(InvalidInput):
        remove_text(evaluation=row, text="answers", by=people["registrar"], at=now)
    for _ in range(2):
        remove_text(evaluation=row, text="helped", by=people["registrar"], at=now)
    row = CourseEvaluation.objects.get()
    assert (row.helped, row.change) == ("[erased]", "Nothing")
    assert row.answers == dict.fromkeys(CODES, 4)


def test_the_export_says_when_one_evaluated_and_erasing_keeps_that_without_the_name(people: Any, now: datetime) -> None:
    student = people["student"]
    completed(student, now)
    evaluated(student, now, helped="Words of mine")
    text = b"".join(as_json(student, now)).decode()
    assert json.loads(text)["records"]["learning.EvaluationGiven"] == [
        {"course_code": "C1", "on": now.date().isoformat()}
    ]
    assert "Words of mine" not in text
    found = erase(user=student, at=now)
    assert found.kept["learning.EvaluationGiven"] == 1
    assert "never kept with a name" in found.reasons["learning.EvaluationGiven"]
    assert CourseEvaluation.objects.get().helped == "Words of mine"
    with pytest.raises(AlreadyEvaluated):
        evaluated(student, now)


def test_auditors_get_a_cohort_and_whole_years_and_nothing_of_a_few(make_user: Any, now: datetime) -> None:
    cohort = Cohort.objects.create(code="autumn", title="Autumn")
    members = [make_user(f"student{number}") for number in range(6)]
    for person in members:
        completed(person, now, cohort=cohort)
        completed(person, now, code="C2")
    for number, person in enumerate(members):
        evaluated(person, now, helped=f"Text {number}")
        if number < 4:
            evaluated(person, now, code="C2", helped="Secret")
    of_cohort = list(evaluation_rows(["C1", "C2"], cohort=cohort))
    assert [row["part"] for row in of_cohort] == ["statement"] * 5 + ["helped"] * 6
    assert {(row["course"], row["cohort"], row["responses"]) for row in of_cohort} == {("C1", "autumn", 6)}
    assert (of_cohort[0]["mean"], of_cohort[0]["spread"], of_cohort[0]["answered_4"]) == (4.0, 0.0, 6)
    of_years = list(evaluation_rows(["C1", "C2"], years=[2026, 2027]))
    assert [(row["course"], row["part"]) for row in of_years if row["part"] != "helped"] == [
        *[("C1", "statement")] * 5, ("C2", "withheld"),
    ]  # fmt: skip
    assert "Secret" not in str(of_years)
    assert list(evaluation_rows(["C1"], years=[2025])) == list(evaluation_rows(["C3"], years=[2026])) == []
