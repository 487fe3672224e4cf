"""What one may examine: the list, the page of one assessment, and the desk of those who run exams."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.api import desk_for, watches_over
from quizzes.assembly.commands import freeze_assessment
from quizzes.assembly.policy import Policy
from quizzes.attempts.commands import open_sitting, record_response, start_attempt, submit_attempt
from quizzes.attempts.models import Attempt
from quizzes.bank.models import Question
from quizzes.examining.assessments import hurdle_views, lines_for
from quizzes.grading.commands import grade_attempt
from quizzes.grading.models import Regrade
from quizzes.statistics.decision import chance_to_reach
from tests.quizzes.making import LONG_AGO, make_assessment, make_bank, make_question, make_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def examiner(make_user: Any) -> Any:
    return make_user("examiner", "examiner")


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def exam_of(count: int = 1, slug: str = "single_choice", **fields: Any) -> Any:
    questions = [make_question(slug=slug, bank=make_bank("desk-exam", "exam")) for _ in range(count)]
    return make_assessment(questions=questions, **{"kind": "exam", "feedback": "never", **fields})


def unread(**fields: Any) -> Any:
    """An exam with one fixed form that nobody has approved."""
    made = exam_of(form_policy="fixed", frozen=False, **fields)
    freeze_assessment(assessment=made, by=None, at=LONG_AGO)
    return made


def sat(quiz: Any, person: Any, at: datetime) -> Attempt:
    attempt, _new = start_attempt(assessment=quiz, by=person, at=at)
    submit_attempt(attempt=attempt, by=person, at=at)
    grade_attempt(attempt=attempt, at=at)
    return attempt


def page_of(person: Any, quiz: Any) -> str:
    response = signed_in(person).get(f"/examine/assessments/{quiz.code}/")
    assert response.status_code == 200
    return response.content.decode()


# The list -----------------------------------------------------------------------------------------------------------


def test_each_role_lists_its_own_kinds_with_counts(examiner: Any, make_user: Any, student: Any, now: datetime) -> None:
    held = exam_of(results="held", form_policy="fixed")
    quiz = make_quiz(["single_choice"])
    sat(held, student, now)
    sat(quiz, student, now)
    start_attempt(assessment=held, by=make_user("bo"), at=now)
    lines = {line.assessment: line for line in lines_for(examiner)}
    assert quiz not in lines
    assert (lines[held].attempts, lines[held].waiting, lines[held].forms, lines[held].reviewed) == (2, 1, 1, 1)
    assert not lines[held].lacks_review
    fresh = unread()
    assert next(line for line in lines_for(examiner) if line.assessment == fresh).lacks_review
    teacher = make_user("teacher", "instructor")
    mine = {line.assessment: line for line in lines_for(teacher)}
    assert held not in mine
    assert mine[quiz].attempts == 0, "not a student of theirs"
    assert {line.assessment.kind for line in lines_for(teacher, "quiz")} == {"quiz"}
    said = signed_in(examiner).get("/examine/assessments/").content.decode()
    assert "0 of 1" in said


def test_the_list_costs_the_same_for_few_and_for_many(
    examiner: Any, student: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(examiner)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/examine/assessments/")
        return len(captured)

    cost()
    few = cost()
    for _ in range(20):
        sat(exam_of(), student, now)
    assert cost() == few
    with django_assert_max_num_queries(9):
        client.get("/examine/assessments/")


# One assessment -----------------------------------------------------------------------------------------------------


def test_the_rules_are_told_in_plain_words(examiner: Any) -> None:
    said = page_of(
        examiner,
        exam_of(
            time_limit=timedelta(minutes=90), max_attempts=2, cooldown=timedelta(days=1), needs_authorisation=True,
            needs_sitting=True, needs_second_marker=True, results="held", cut_basis="study",
        ),
    )  # fmt: skip
    for words in (
        "1 hour 30 minutes", "2 attempts each", "The wait between two is 1 day", "An authorisation to test",
        "start code", "Two people mark", "Held until they are released", "standard-setting study",
    ):  # fmt: skip
        assert words in said
    assert "latest starter" not in said


@pytest.mark.parametrize(
    ("last", "words"), [(30, "gets 30 minutes"), (None, "gets 0 minutes"), (70, "gets 20 minutes")]
)
def test_it_is_told_what_a_hard_stop_leaves_to_the_latest_starter(
    examiner: Any, now: datetime, last: int | None, words: str
) -> None:
    hours = {30: 60, 70: 90}.get(last or 0, 60)
    exam = exam_of(
        time_limit=timedelta(minutes=40),
        starts_until=now + timedelta(minutes=last) if last else None,
        closes_at=now + timedelta(minutes=hours),
    )
    assert words in page_of(examiner, exam)


def test_hurdles_are_told_in_items_with_their_chance_of_a_wrong_decision(examiner: Any) -> None:
    exam = exam_of(5, form_policy="fixed", hurdles=[{"domain": "D1", "percent": "60"}])
    version = exam.current_version
    (view,) = hurdle_views(version, Policy(**version.policy).hurdles)
    assert (view.items, view.need) == (5, 3)
    at_cut = next(row for row in view.chances if abs(row.margin) < 1e-9)
    assert at_cut.wrong == pytest.approx(100 * (1 - chance_to_reach(3, 5, 0.6)))
    assert "3 of 5 items" in page_of(examiner, exam)


def test_a_hurdle_of_a_free_draw_cannot_be_worked_out(examiner: Any) -> None:
    make_question(bank=make_bank("desk-exam", "exam"))
    draws = [{"bank": make_bank("desk-exam", "exam"), "rules": [{"count": 1}]}]
    exam = make_assessment(draws=draws, kind="exam", feedback="never", hurdles=[{"domain": "D1", "percent": "60"}])
    assert "nothing can be worked out" in page_of(examiner, exam)


def test_the_supply_of_the_bank_is_told_by_cell(examiner: Any) -> None:
    bank = make_bank("desk-exam", "exam")
    for number in range(5):
        make_question(bank=bank, objective=f"TST-{number}.1")
    exam = make_assessment(draws=[{"bank": bank, "rules": [{"count": 2}]}], kind="exam", feedback="never")
    said = page_of(examiner, exam)
    assert "2 forms without a common item can be put together now" in said
    assert "fresh draw" in said
    Question.objects.filter(bank=bank).exclude(objective__code="TST-0.1").update(life_cycle="retired")
    said = page_of(examiner, exam)
    assert "0 forms without a common item" in said
    assert "too few" in said


def test_there_is_a_way_to_every_other_page_of_an_assessment(examiner: Any) -> None:
    exam = exam_of()
    links = signed_in(examiner).get(f"/examine/assessments/{exam.code}/").context["links"]
    assert len(links) == 4
    for link in links:
        assert signed_in(examiner).get(link["url"]).status_code == 200, link


# The desk -----------------------------------------------------------------------------------------------------------


def test_the_desk_counts_what_waits_and_for_whom(
    examiner: Any, make_user: Any, student: Any, now: datetime, clock: Any
) -> None:
    written, held = exam_of(slug="essay"), exam_of(results="held")
    before = desk_for(examiner, now)
    assert before.is_clear
    marked = sat(held, student, now)
    essay, _new = start_attempt(assessment=written, by=student, at=now)
    record_response(attempt_uuid=essay.uuid, slot=1, answer={"text": "I would press here."}, by=student, at=now)
    submit_attempt(attempt=essay, by=student, at=now + timedelta(minutes=1))
    sat(make_quiz(["single_choice"], results="held"), student, now)
    desk = desk_for(examiner, now)
    assert (desk.marking_count, desk.release_count) == (1, 1)
    assert [(row, row.is_marked) for row in desk.attempts] == [(marked, True), (essay, False)]
    said = signed_in(examiner).get("/examine/").content.decode()
    for words in ("1 attempt waits for a marker", "1 result is held", student.get_full_name()):
        assert words in said
    assert signed_in(examiner).post(f"/examine/attempts/{marked.uuid}/release/").status_code == 302
    assert desk_for(examiner, now).release_count == 0


def test_nobody_is_offered_the_release_of_their_own_result(make_user: Any, now: datetime, clock: Any) -> None:
    both = make_user("both", "examiner", "student")
    attempt = sat(exam_of(results="held"), both, now)
    client = signed_in(both)
    assert f"{attempt.uuid}/release/" not in client.get("/examine/").content.decode()
    assert client.post(f"/examine/attempts/{attempt.uuid}/release/").status_code == 403


def test_the_desk_shows_sittings_of_today_forms_to_read_and_proposed_regrades(
    examiner: Any, make_user: Any, now: datetime, clock: Any
) -> None:
    exam = unread()
    teacher = make_user("teacher", "instructor")

    def announce(place: str, begins: timedelta) -> Any:
        return open_sitting(
            assessment=exam, place=place, opens_at=now + begins, closes_at=now + begins + timedelta(hours=1),
            invigilators=[teacher], by=examiner, at=now,
        )[0]  # fmt: skip

    announce("Over", -timedelta(days=2))
    today, later = announce("Room 2", timedelta(hours=3)), announce("Room 3", timedelta(days=3))
    Regrade.objects.create(
        assessment=exam, method="full_credit", reason="Two keys", preview={}, proposed_by=teacher, proposed_at=now
    )
    desk = desk_for(examiner, now)
    assert ([*desk.sittings_today], desk.next_sitting, len(desk.forms), len(desk.regrades)) == ([today], later, 1, 1)
    said = signed_in(examiner).get("/examine/").content.decode()
    for words in ("Sitting today: Room 2", "Read form A of", "1 regrade is proposed"):
        assert words in said
    assert watches_over(teacher, now) == [today, later]
    assert watches_over(make_user("ana"), now) == []


def test_the_desk_costs_the_same_for_few_and_for_many(
    examiner: Any, make_user: Any, now: datetime, clock: Any, django_assert_max_num_queries: Any
) -> None:
    exam = exam_of(results="held")
    client = signed_in(examiner)

    def cost(start: int, count: int) -> int:
        for number in range(start, start + count):
            sat(exam, make_user(f"p{number}"), now)
        with CaptureQueriesContext(connection) as captured:
            client.get("/examine/")
        return len(captured)

    cost(0, 1)
    assert cost(1, 1) == cost(2, 30)
    with django_assert_max_num_queries(14):
        client.get("/examine/")
