"""Enrolling, reading, completing: through commands, pages and the API, each step checked and none taken twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from courses.api import outline
from lms.learning.api import (
    Cohort,
    CourseCompletion,
    Enrolment,
    LessonCompletion,
    ModuleCompletion,
    complete_lesson,
    enrol,
    record_progress,
    standing_of,
)
from lms.learning.exceptions import KnowledgeCheckOpen, LessonLocked, PrerequisiteMissing
from tests.lms.learning.studying import course, lesson, module, study, study_module, take

pytestmark = pytest.mark.django_db


def state(user: Any, code: str) -> str:
    return standing_of(user).state(code)


# Enrolling -----------------------------------------------------------------------------------------------------


def test_enrolling_opens_the_first_module_and_twice_is_once(student: Any, now: datetime) -> None:
    assert state(student, "ORI-1") == "locked"
    row, is_new = enrol(user=student, course=course("C1"), by=student, at=now)
    again, is_new_again = enrol(user=student, course=course("C1"), by=student, at=now + timedelta(days=1))
    assert (is_new, is_new_again, again) == (True, False, row)
    assert again.enrolled_at == now
    assert (state(student, "ORI-1"), state(student, "HIS-1")) == ("available", "locked")


def test_enrolling_in_a_course_of_a_path_puts_one_on_the_path(student: Any, now: datetime) -> None:
    enrol(user=student, course=course("C1"), by=student, at=now)
    assert student.admissions.get().path.code == "foundations"


def test_a_course_with_a_prerequisite_stays_shut(enrolled: Any, now: datetime) -> None:
    with pytest.raises(PrerequisiteMissing) as caught:
        enrol(user=enrolled, course=course("C2"), by=enrolled, at=now)
    assert [row["code"] for row in caught.value.extra["missing"]] == ["C1"]
    assert not Enrolment.objects.filter(user=enrolled, course_code="C2").exists()


def test_who_left_may_come_back_and_both_times_are_kept(enrolled: Any, now: datetime) -> None:
    Enrolment.objects.filter(user=enrolled).update(ended_at=now, ended_by=enrolled, end_reason="Moved away")
    assert state(enrolled, "ORI-1") == "locked"
    _row, is_new = enrol(user=enrolled, course=course("C1"), by=enrolled, at=now + timedelta(days=9))
    assert is_new
    assert Enrolment.objects.filter(user=enrolled, course_code="C1").count() == 2
    assert state(enrolled, "ORI-1") == "available"


def test_the_cohort_is_kept_with_the_enrolment(student: Any, now: datetime) -> None:
    cohort = Cohort.objects.create(code="spring", title="Spring")
    row, _is_new = enrol(user=student, course=course("C1"), cohort=cohort, by=student, at=now)
    assert row.cohort == cohort


def test_the_api_enrols_with_201_then_200_and_says_what_is_missing(student: Any, api: Any) -> None:
    client = api(student)
    first = client.post("/api/v1/courses/foundations/enrol/")
    again = client.post("/api/v1/courses/foundations/enrol/")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    shut = client.post("/api/v1/courses/understanding-pain/enrol/")
    assert (shut.status_code, shut.json()["code"]) == (409, "prerequisite_missing")
    assert shut.json()["missing"][0]["code"] == "C1"


def test_the_page_enrols_with_a_plain_form(student: Any) -> None:
    client = Client()
    client.force_login(student)
    page = client.get(course("C1").url)
    assert 'action="/learn/courses/foundations/enrol/"' in page.content.decode()
    assert client.post("/learn/courses/foundations/enrol/")["Location"] == course("C1").url
    assert 'action="/learn/courses/foundations/enrol/"' not in client.get(course("C1").url).content.decode()


# Completing ----------------------------------------------------------------------------------------------------


def test_a_lesson_is_completed_once_with_what_was_read(enrolled: Any, now: datetime) -> None:
    row = lesson("ORI-1")
    take(enrolled, row.check or "", now, right=None)
    first, is_new = complete_lesson(user=enrolled, lesson=row, at=now)
    again, is_new_again = complete_lesson(user=enrolled, lesson=row, at=now + timedelta(days=1))
    assert (is_new, is_new_again, again) == (True, False, first)
    assert (again.completed_at, again.credited_minutes) == (now, row.minutes)
    assert (again.revision_id, again.content_digest) == (row.revision_id, row.digest)
    assert state(enrolled, "ORI-1") == "completed"


def test_a_locked_lesson_cannot_be_completed(enrolled: Any, student: Any, now: datetime) -> None:
    with pytest.raises(LessonLocked) as caught:
        complete_lesson(user=enrolled, lesson=lesson("HIS-1"), at=now)
    assert [row["code"] for row in caught.value.extra["missing"]] == ["ORI"]


def test_who_is_not_enrolled_is_told_to_enrol(student: Any, now: datetime) -> None:
    with pytest.raises(LessonLocked) as caught:
        complete_lesson(user=student, lesson=lesson("ORI-1"), at=now)
    assert [row["code"] for row in caught.value.extra["missing"]] == ["enrol"]


def test_the_check_comes_first_and_begun_is_not_answered(enrolled: Any, api: Any, now: datetime) -> None:
    client, check = api(enrolled), lesson("ORI-1").check
    for prepare in (lambda: None, lambda: client.post(f"/api/v1/quizzes/{check}/attempts/")):
        prepare()
        response = client.post("/api/v1/lessons/ORI-1/complete/")
        assert (response.status_code, response.json()["code"]) == (409, "knowledge_check_open")
        assert response.json()["missing"][0]["url"] == f"/quizzes/{check}/"
    with pytest.raises(KnowledgeCheckOpen):
        complete_lesson(user=enrolled, lesson=lesson("ORI-1"), at=now)
    assert not LessonCompletion.objects.filter(user=enrolled).exists()
    attempt = enrolled.attempts.get()
    client.post(f"/api/v1/attempts/{attempt.uuid}/submit/")
    assert client.post("/api/v1/lessons/ORI-1/complete/").json()["state"] == "completed"


def test_the_api_answers_the_same_twice(enrolled: Any, api: Any, now: datetime) -> None:
    take(enrolled, lesson("ORI-1").check or "", now, right=None)
    answers = [api(enrolled).post("/api/v1/lessons/ORI-1/complete/") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert LessonCompletion.objects.filter(user=enrolled).count() == 1


def test_the_page_completes_with_a_plain_form_and_leads_on(enrolled: Any, now: datetime) -> None:
    client = Client()
    client.force_login(enrolled)
    early = client.post("/learn/lessons/ORI-1/complete/")
    assert early["Location"] == f"{lesson('ORI-1').url}#completion"
    assert [str(message) for message in get_messages(early.wsgi_request)]
    take(enrolled, lesson("ORI-1").check or "", now, right=None)
    assert 'action="/learn/lessons/ORI-1/complete/"' in client.get(lesson("ORI-1").url).content.decode()
    assert client.post("/learn/lessons/ORI-1/complete/")["Location"] == lesson("ORI-2").url
    assert client.post("/learn/lessons/NO-1/complete/").status_code == 404


# Modules and courses -------------------------------------------------------------------------------------------


def test_a_module_is_completed_by_its_quiz_and_opens_the_next(enrolled: Any, now: datetime) -> None:
    for row in module("ORI").lessons:
        study(enrolled, row.code, now)
    assert not ModuleCompletion.objects.filter(user=enrolled).exists()
    take(enrolled, "ori-quiz", now, right=0.0)
    assert not ModuleCompletion.objects.filter(user=enrolled).exists(), "a failed quiz completes nothing"
    assert state(enrolled, "HIS-1") == "locked"
    done = take(enrolled, "ori-quiz", now + timedelta(hours=1))
    row = ModuleCompletion.objects.get(user=enrolled)
    assert (row.module_code, row.completed_at) == ("ORI", done)
    assert row.credited_minutes == module("ORI").minutes
    assert row.outline_digest == module("ORI").digest
    assert state(enrolled, "HIS-1") == "available"


def test_the_order_of_quiz_and_lessons_does_not_matter(enrolled: Any, now: datetime) -> None:
    take(enrolled, "ori-quiz", now)
    assert not ModuleCompletion.objects.filter(user=enrolled).exists()
    for row in module("ORI").lessons:
        study(enrolled, row.code, now + timedelta(hours=1))
    assert ModuleCompletion.objects.get(user=enrolled).module_code == "ORI"


def test_a_course_is_completed_with_its_last_module_and_opens_the_next(enrolled: Any, now: datetime) -> None:
    at = study_module(enrolled, "ORI", now)
    assert not CourseCompletion.objects.filter(user=enrolled).exists()
    at = study_module(enrolled, "HIS", at)
    study_module(enrolled, "ANA", at)
    row = CourseCompletion.objects.get(user=enrolled)
    assert (row.course_code, row.credited_minutes) == ("C1", course("C1").minutes)
    assert row.outline_digest == course("C1").digest
    _row, is_new = enrol(user=enrolled, course=course("C2"), by=enrolled, at=at)
    assert is_new
    assert standing_of(enrolled).credited_minutes["C1"] == course("C1").minutes


def test_noting_progress_any_number_of_times_changes_nothing(enrolled: Any, now: datetime) -> None:
    at = study_module(enrolled, "ORI", now)
    before = list(ModuleCompletion.objects.values())
    for _ in range(3):
        record_progress(user=enrolled, at=at + timedelta(days=1))
    assert list(ModuleCompletion.objects.values()) == before


def test_what_one_person_does_moves_nobody_else(enrolled: Any, make_user: Any, now: datetime) -> None:
    other = make_user("other")
    enrol(user=other, course=course("C1"), by=other, at=now)
    study_module(enrolled, "ORI", now)
    assert state(other, "HIS-1") == "locked"
    assert state(other, "ORI-1") == "available"


def test_credit_is_what_the_lesson_gave_when_it_was_read(enrolled: Any, now: datetime) -> None:
    from courses.api import LessonPage

    study(enrolled, "ORI-1", now)
    credited = lesson("ORI-1").minutes
    page = LessonPage.objects.get(code="ORI-1")
    page.minutes = 500
    page.save_revision().publish()
    assert lesson("ORI-1").minutes == 500
    assert standing_of(enrolled).credited_minutes["C1"] == credited


def test_the_api_shows_the_course_with_my_states(enrolled: Any, api: Any, now: datetime) -> None:
    study(enrolled, "ORI-1", now)
    body = api(enrolled).get("/api/v1/courses/foundations/").json()
    states = {row["id"]: row["state"] for part in body["modules"] for row in part["lessons"]}
    assert (states["ORI-1"], states["ORI-2"], states["HIS-1"]) == ("completed", "available", "locked")
    assert set(states) == {row.code for row in course("C1").lessons}
    assert body["modules"][1]["missing"][0]["code"] == "ORI"
    assert body["progress_percent"] == 100 // len(states)
    line = next(row for row in body["modules"][0]["lessons"] if row["id"] == "ORI-1")
    assert line["knowledge_check"] == lesson("ORI-1").check


def test_where_a_person_stands_costs_the_same_however_long_the_outline_is(
    enrolled: Any, now: datetime, django_assert_num_queries: Any
) -> None:
    whole = outline()
    with django_assert_num_queries(6):
        standing_of(enrolled, whole)
    study_module(enrolled, "ORI", now)
    with django_assert_num_queries(6):
        standing_of(enrolled, whole)
