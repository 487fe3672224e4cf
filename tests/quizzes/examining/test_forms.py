"""Reading a form with its keys, approving it, and sitting a preview that counts for nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.assembly.commands import freeze_assessment
from quizzes.assembly.models import Assessment, Form
from quizzes.attempts.commands import start_attempt
from quizzes.attempts.exceptions import NotOpen
from quizzes.attempts.models import Attempt
from quizzes.bank.commands import freeze_question
from quizzes.bank.enums import BankAction
from quizzes.bank.models import BankAccess, Question
from quizzes.examining.access import attempts_for
from quizzes.examining.assessments import lines_for
from quizzes.examining.desk import desk_for
from quizzes.examining.forms import against_blueprint, items_of, warnings_about
from quizzes.grading.queries import results_of
from quizzes.types.registry import all_types
from tests.quizzes.making import LONG_AGO, make_assessment, make_bank, make_question, right

pytestmark = pytest.mark.django_db
FIXED = {"kind": "exam", "form_policy": "fixed", "feedback": "never"}


def exam_of(questions: list[Question], **fields: Any) -> Assessment:
    """An exam with one fixed form that nobody has read."""
    made = make_assessment(questions=questions, frozen=False, **{**FIXED, **fields})
    freeze_assessment(assessment=made, by=None, at=LONG_AGO)
    return made


def confidential(**fields: Any) -> Question:
    return make_question(bank=make_bank("read-exam", "exam"), **fields)


@pytest.fixture
def reader(make_user: Any) -> Any:
    return make_user("reader", "examiner")


@pytest.fixture
def desk(reader: Any, clock: Any) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def url(exam: Assessment, more: str = "") -> str:
    return f"/examine/assessments/{exam.code}/forms/A/{more}"


# Reading ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", [kind.slug for kind in all_types()])
def test_each_type_of_question_is_shown_with_its_key_and_rationale(desk: Client, slug: str) -> None:
    exam = exam_of([confidential(slug=slug, said="TELLS WHY")])
    response = desk.get(url(exam))
    assert response.status_code == 200
    said = response.content.decode()
    assert "TELLS WHY" in said
    assert "What is asked by" in said
    assert "rationale__title" in said
    assert "Not answered" not in said


def test_a_reader_sees_what_each_item_is_about(desk: Client) -> None:
    exam = exam_of([confidential(code="Q-READ", cognitive_level="analysis", objective="TST-7.1")])
    said = desk.get(url(exam)).content.decode()
    for words in ("Q-READ", "Analysis", "TST-7.1", "The candidate can name it", "option--key", "none named"):
        assert words in said


def test_those_who_teach_find_no_form_of_an_exam(make_user: Any) -> None:
    exam = exam_of([confidential()])
    client = Client()
    client.force_login(make_user("teacher", "instructor"))
    for path in ("", "approve/"):
        assert client.post(url(exam, "approve/")).status_code == 404
        assert client.get(url(exam)).status_code == 404, path
    assert client.post(f"/examine/assessments/{exam.code}/preview/").status_code == 404
    assert not Form.objects.get(version__assessment=exam).reviewed_at


def test_a_look_is_logged_for_every_confidential_item_in_one_statement(desk: Client, reader: Any) -> None:
    exam = exam_of([confidential(code=f"Q-LOG-{number}") for number in range(5)])
    with CaptureQueriesContext(connection) as captured:
        desk.get(url(exam))
    inserts = [row["sql"] for row in captured if row["sql"].startswith('INSERT INTO "quizzes_bankaccess"')]
    assert len(inserts) == 1
    rows = BankAccess.objects.filter(user=reader, action=BankAction.VIEWED)
    assert sorted(rows.values_list("question_code", flat=True)) == [f"Q-LOG-{number}" for number in range(5)]


def test_a_form_of_open_questions_leaves_no_log(make_user: Any) -> None:
    quiz = make_assessment(questions=[make_question()], form_policy="fixed")
    client = Client()
    client.force_login(make_user("teacher", "instructor"))
    assert client.get(url(quiz)).status_code == 200
    assert not BankAccess.objects.exists()


def test_the_page_costs_the_same_for_two_items_and_for_forty(desk: Client, django_assert_max_num_queries: Any) -> None:
    def cost(count: int) -> int:
        exam = exam_of([confidential() for _ in range(count)])
        with CaptureQueriesContext(connection) as captured:
            desk.get(url(exam))
        return len(captured)

    cost(1)
    assert cost(2) == cost(40)
    exam = exam_of([confidential() for _ in range(20)])
    with django_assert_max_num_queries(13):
        desk.get(url(exam))


# What speaks against an item ----------------------------------------------------------------------------------------


def test_enemies_on_one_form_later_versions_and_retired_items_are_told(desk: Client) -> None:
    one, two, later, gone, fine = (confidential() for _ in range(5))
    one.enemies.add(two)
    one.save()
    exam = exam_of([one, two, later, gone, fine])
    later.stem = "<p>Another stem.</p>"
    later.save()
    freeze_question(question=later, by=None, at=LONG_AGO)
    Question.objects.filter(pk=gone.pk).update(life_cycle="retired")
    found = warnings_about(items_of(Form.objects.get(version__assessment=exam)))
    assert {slot: len(said) for slot, said in found.items()} == {1: 1, 2: 1, 3: 1, 4: 1}
    assert "question 2 of this form" in found[1][0]
    assert "question 1 of this form" in found[2][0]
    assert "later version" in found[3][0]
    assert "Retired" in found[4][0]
    assert "Look at these first" in desk.get(url(exam)).content.decode()


def test_counts_stand_beside_what_the_blueprint_asks_for() -> None:
    bank = make_bank("read-exam", "exam")
    for number in range(4):
        confidential(objective=f"TST-{number}.1", cognitive_level="recall" if number % 2 else "analysis")
    domain = Question.objects.filter(bank=bank).first().domain
    rules = [{"domain": domain, "cognitive_level": level, "count": 2} for level in ("recall", "analysis")]
    exam = make_assessment(draws=[{"bank": bank, "rules": rules}], **FIXED)
    form = Form.objects.select_related("version").get(version__assessment=exam)
    (row,) = against_blueprint(items_of(form), form.version.blueprint)
    assert [(cell.have, cell.need) for cell in row.cells] == [(2, 2), (0, 0), (2, 2)]
    wanting = [{**section, "cells": [{**cell, "count": 3} for cell in section["cells"]]}
               for section in form.version.blueprint]  # fmt: skip
    (row,) = against_blueprint(items_of(form), wanting)
    assert [cell.differs for cell in row.cells] == [True, False, True]
    assert (row.have, row.need) == (4, 6)


def test_named_questions_are_nobodys_cell_and_never_too_many() -> None:
    exam = exam_of([confidential(), confidential()])
    form = Form.objects.select_related("version").get(version__assessment=exam)
    assert not any(
        cell.differs for row in against_blueprint(items_of(form), form.version.blueprint) for cell in row.cells
    )


# Approving ----------------------------------------------------------------------------------------------------------


def test_an_exam_opens_with_the_approval_of_its_form(
    desk: Client, reader: Any, student: Any, now: datetime, make_user: Any
) -> None:
    exam = exam_of([confidential()])
    with pytest.raises(NotOpen, match="reviewed"):
        start_attempt(assessment=exam, by=student, at=now)
    assert [form.version.assessment for form in desk_for(reader, now).forms if form.version.assessment == exam]
    assert desk.get(url(exam, "approve/")).status_code == 405
    assert desk.post(url(exam, "approve/"))["Location"] == f"/examine/assessments/{exam.code}/"
    form = Form.objects.get(version__assessment=exam)
    assert (form.reviewed_by, form.reviewed_at) == (reader, now)
    assert start_attempt(assessment=exam, by=student, at=now)[0].form == form
    assert not [form for form in desk_for(reader, now).forms if form.version.assessment == exam]
    other = Client()
    other.force_login(make_user("second", "examiner"))
    assert "had been approved before" in other.post(url(exam, "approve/"), follow=True).content.decode()
    form.refresh_from_db()
    assert form.reviewed_by == reader


def test_only_forms_of_the_version_in_force_are_read(desk: Client) -> None:
    exam = exam_of([confidential()])
    old = Form.objects.get(version__assessment=exam)
    exam.structure = [("items", {"questions": [confidential(code="Q-NEWER")], "marks": "1"})]
    exam.save()
    freeze_assessment(assessment=exam, by=None, at=LONG_AGO)
    assert "Q-NEWER" in desk.get(url(exam)).content.decode()
    desk.post(url(exam, "approve/"))
    old.refresh_from_db()
    assert old.reviewed_at is None


# Previews -----------------------------------------------------------------------------------------------------------


def previewed(desk: Client, exam: Assessment, **data: str) -> Attempt:
    response = desk.post(f"/examine/assessments/{exam.code}/preview/", data)
    attempt = Attempt.objects.get(kind="preview", voided_at=None)
    assert response["Location"] == f"/attempts/{attempt.uuid}/"
    return attempt


@pytest.mark.parametrize("release", ["at_once", "held"])
def test_a_preview_is_the_candidates_own_pages_and_counts_nowhere(
    desk: Client, reader: Any, now: datetime, release: str
) -> None:
    exam = exam_of([confidential(), confidential()], results=release)
    attempt = previewed(desk, exam, form="A")
    here = f"/attempts/{attempt.uuid}/"
    assert desk.get(here).status_code == 200
    answer = {"slot": 1, "revision": 0, "answer": right(attempt)["choice"], "go": "next"}
    assert desk.post(here, answer).status_code == 302
    assert desk.get(f"{here}summary/").status_code == 200
    assert desk.post(f"{here}submit/").status_code == 302
    assert desk.get(f"{here}result/").status_code == 200
    assert desk.get(f"{here}review/").status_code == 200
    attempt.refresh_from_db()
    assert attempt.submitted_at
    assert results_of(reader) == []
    assert not attempts_for(reader).filter(assessment=exam).exists()
    line = next(line for line in lines_for(reader) if line.assessment == exam)
    assert (line.attempts, line.waiting) == (0, 0)
    waiting = desk_for(reader, now)
    assert (waiting.attempts, waiting.marking_count, waiting.release_count) == ([], 0, 0)
    assert "two" not in str(desk.get("/dashboard/").context["open_attempts"])


def test_a_form_that_nobody_approved_can_be_previewed_and_the_look_is_logged(desk: Client, reader: Any) -> None:
    exam = exam_of([confidential(code="Q-PRE")])
    attempt = previewed(desk, exam)
    assert attempt.form.label == "A"
    seen = BankAccess.objects.filter(user=reader, action=BankAction.PREVIEWED)
    assert list(seen.values_list("question_code", flat=True)) == ["Q-PRE"]


def test_a_new_preview_takes_the_place_of_the_last(desk: Client) -> None:
    exam = exam_of([confidential()])
    first = previewed(desk, exam)
    assert f"/attempts/{first.uuid}/" in desk.get(f"/examine/assessments/{exam.code}/").content.decode()
    second = previewed(desk, exam)
    first.refresh_from_db()
    assert first != second
    assert first.voided_at


def test_a_preview_uses_up_no_attempt_of_somebody_who_is_a_candidate_too(
    make_user: Any, show_to: Any, now: datetime
) -> None:
    both = make_user("both", "instructor", "student")
    quiz = make_assessment(questions=[make_question()], max_attempts=1)
    show_to(both, quiz)
    client = Client()
    client.force_login(both)
    previewed(client, quiz)
    attempt, is_new = start_attempt(assessment=quiz, by=both, at=now)
    assert (is_new, attempt.ordinal, attempt.kind) == (True, 1, "candidate")
    assert Attempt.objects.get(kind="preview").is_open


def test_what_cannot_be_drawn_is_told_and_no_preview_is_left(desk: Client) -> None:
    bank = make_bank("read-exam", "exam")
    confidential()
    exam = make_assessment(draws=[{"bank": bank, "rules": [{"count": 1}]}], kind="exam", feedback="never")
    Question.objects.filter(bank=bank).update(life_cycle="retired")
    response = desk.post(f"/examine/assessments/{exam.code}/preview/", follow=True)
    assert "cannot fill the blueprint" in response.content.decode()
    assert not Attempt.objects.exists()
