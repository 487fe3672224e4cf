"""Cohorts: who makes them, who is in them, and that nobody loses anything when they come or go."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from courses.api import outline
from lms.accounts.api import Role, grant_role
from lms.core.exceptions import DomainError, InvalidInput, NotAllowed
from lms.learning.api import Cohort, Enrolment, enrol, enrolled, has_taught
from lms.learning.cohort_commands import (
    add_members,
    change_cohort,
    check_members,
    open_cohort,
    remove_cohort,
    remove_member,
)
from lms.learning.cohort_plan import Step
from lms.learning.cohort_queries import changes_of, members_of, people_who_left, reading_in
from lms.learning.exceptions import CohortInUse, CohortOver, MembersChanged, NotAMember
from quizzes.api import Assessment, start_attempt
from tests.lms.learning.classes import make_cohort, make_session
from tests.lms.learning.studying import course, study

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
STARTS = date(2026, 11, 1)


def made(people: dict[str, Any], at: datetime, title: str = "Spring", **facts: Any) -> Cohort:
    return open_cohort(title=title, **{"starts_on": STARTS, **facts}, by=people["registrar"], at=at)


def add(cohort: Cohort, people: dict[str, Any], at: datetime, *names: str, **more: Any) -> Any:
    addresses = [f"{name}@test.example" for name in names]
    more = {"courses": ["C1"], **more}
    return add_members(cohort=cohort, addresses=addresses, **more, by=people["registrar"], at=at)


def rows_of(person: Any) -> list[tuple[str | None, bool]]:
    """Cohort and whether it runs, of the enrolments of a person, the oldest first."""
    rows = Enrolment.objects.filter(user=person).select_related("cohort").order_by("id")
    return [(row.cohort.code if row.cohort else None, row.ended_at is None) for row in rows]


# Making and changing -------------------------------------------------------------------------------------------------


def test_a_code_is_made_from_the_title_and_is_never_taken_twice(people: Any, now: datetime) -> None:
    codes = [made(people, now, title).code for title in ("Spring 2027", "spring 2027", "Весна", "x" * 200)]
    assert codes[:3] == ["spring-2027", "spring-2027-2", "cohort"]
    assert len(codes[3]) <= 60
    assert made(people, now, code="S.27").code == "S.27"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": "  "}, "title"), ({"title": "x" * 201}, "title"), ({"code": "a b"}, "code"),
        ({"code": "autumn"}, "code"), ({"ends_on": STARTS - DAY}, "ends_on"),
        ({"instructors": "student"}, "instructors"),
    ],
)  # fmt: skip
def test_what_is_no_cohort_is_refused(people: Any, now: datetime, facts: dict[str, Any], field: str) -> None:
    made(people, now, code="autumn")
    if "instructors" in facts:
        facts = {"instructors": [people[facts["instructors"]]]}
    with pytest.raises(InvalidInput) as error:
        made(people, now, **facts)
    assert set(error.value.extra["errors"]) == {field}
    assert Cohort.objects.count() == 1


def test_only_registrars_and_administrators_keep_cohorts(people: Any, now: datetime) -> None:
    row = made(people, now, instructors=[people["instructor"]])
    add(row, people, now, "student")
    for name in ("student", "instructor", "examiner"):
        by: dict[str, Any] = {"by": people[name], "at": now}
        for refused in (
            lambda by=by: open_cohort(title="Mine", starts_on=STARTS, **by),
            lambda by=by: change_cohort(cohort=row, facts={"title": "Mine"}, **by),
            lambda by=by: remove_cohort(cohort=row, **by),
            lambda by=by: add_members(cohort=row, addresses=["other@test.example"], courses=["C1"], **by),
            lambda by=by: remove_member(cohort=row, person=people["student"], reason="No", **by),
        ):
            with pytest.raises(NotAllowed):
                refused()
    assert open_cohort(title="Theirs", starts_on=STARTS, by=people["admin"], at=now)


def test_the_log_says_who_changed_what(people: Any, now: datetime) -> None:
    row = made(people, now, instructors=[people["instructor"]])
    facts = {"title": "Summer", "ends_on": STARTS + DAY, "instructors": []}
    change_cohort(cohort=row, facts=facts, by=people["admin"], at=now + DAY)
    change_cohort(cohort=row, facts=facts, by=people["admin"], at=now + 2 * DAY)
    changed, first = changes_of(row)
    assert (first.by, first.is_new) == (people["registrar"], True)
    assert (changed.by, changed.at) == (people["admin"], now + DAY)
    assert changed.before == {"title": "Spring", "ends_on": None, "instructors": ["Instructor"]}


def test_nobody_takes_themselves_off_the_instructors(people: Any, now: datetime) -> None:
    grant_role(user=people["registrar"], role=Role.INSTRUCTOR)
    row = made(people, now, instructors=[people["registrar"]])
    with pytest.raises(InvalidInput):
        change_cohort(cohort=row, facts={"instructors": []}, by=people["registrar"], at=now)
    assert change_cohort(cohort=row, facts={"instructors": []}, by=people["admin"], at=now).instructors.count() == 0


def test_who_lost_the_role_stays_named_and_is_not_named_anew(people: Any, now: datetime) -> None:
    teacher = people["instructor"]
    row = made(people, now, instructors=[teacher])
    teacher.groups.clear()
    change_cohort(cohort=row, facts={"instructors": [teacher], "title": "Summer"}, by=people["admin"], at=now)
    with pytest.raises(InvalidInput):
        made(people, now, instructors=[teacher])


def test_a_cohort_stays_once_anything_hangs_on_it(people: Any, now: datetime) -> None:
    by: dict[str, Any] = {"by": people["registrar"], "at": now}
    remove_cohort(cohort=made(people, now), **by)
    met, full = made(people, now, instructors=[people["instructor"]]), made(people, now, "Full")
    make_session(met, people["instructor"], now)
    add(full, people, now, "student")
    remove_member(cohort=full, person=people["student"], reason="Moved", **by)
    for row in (met, full):
        with pytest.raises(CohortInUse):
            remove_cohort(cohort=row, **by)
    assert Cohort.objects.count() == 2


# Members -------------------------------------------------------------------------------------------------------------


def test_people_are_enrolled_and_the_rest_is_left_out(people: Any, now: datetime) -> None:
    row = made(people, now, instructors=[people["instructor"]])
    plan = add(row, people, now, "student", "nobody", "student", "Other")
    assert [line.outcome.value for line in plan.lines] == ["add", "unknown", "repeated", "add"]
    assert [person.email for person in members_of(row)] == ["other@test.example", "student@test.example"]
    enrolment = Enrolment.objects.get(user=people["student"])
    assert (enrolment.enrolled_by, enrolment.enrolled_at) == (people["registrar"], now)
    assert has_taught(teacher=people["instructor"], student=people["student"])
    assert add(row, people, now, "student").adding == []
    assert Enrolment.objects.count() == 2


def test_who_takes_the_course_alone_goes_on_in_the_cohort_and_loses_nothing(
    people: Any, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    student = people["student"]
    enrol(user=student, course=course("C1"), by=student, at=now - 9 * DAY)
    study(student, "ORI-1", now - 8 * DAY)
    quiz = Assessment.objects.get(code="ori-quiz")
    attempt, _is_new = start_attempt(assessment=quiz, seed="running", by=student, at=now)
    row, news = made(people, now), []
    hear = lambda **heard: news.append(heard)  # noqa: E731
    enrolled.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            plan = add(row, people, now, "student")
    finally:
        enrolled.disconnect(hear)
    assert [step.step for step in plan.lines[0].steps] == [Step.GO_ON]
    assert rows_of(student) == [(None, False), ("spring", True)]
    old = Enrolment.objects.filter(user=student).earliest("id")
    assert (old.ended_by, old.ended_at, old.end_reason) == (people["registrar"], now, "Goes on in cohort spring.")
    attempt.refresh_from_db()
    assert attempt.paused_at is None, "who goes on is not interrupted"
    assert news == [], "nobody came to the course who was not in it"
    reading = reading_in(row, outline())[student.pk]
    assert (reading.done, reading.total) == (1, len(course("C1").lessons))


def test_who_learns_in_another_cohort_stays_there_until_it_is_over(people: Any, now: datetime) -> None:
    make_cohort(people["instructor"], [people["student"]], now)
    row = made(people, now)
    plan = add(row, people, now, "student", "other")
    assert [line.outcome.value for line in plan.lines] == ["refused", "add"]
    assert rows_of(people["student"]) == [("autumn", True)]
    Cohort.objects.filter(code="autumn").update(ends_on=now.date() - DAY)
    add(row, people, now, "student")
    assert rows_of(people["student"]) == [("autumn", False), ("spring", True)]
    assert has_taught(teacher=people["instructor"], student=people["student"])


def test_a_course_that_others_come_before_waits(people: Any, now: datetime) -> None:
    later = next(code for code in ("C2", "C3", "C4") if course(code).prerequisites)
    row = made(people, now)
    plan = add(row, people, now, "student", courses=["C1", later])
    assert [step.step for step in plan.lines[0].steps] == [Step.ENROL, Step.LATER]
    assert Enrolment.objects.filter(user=people["student"]).count() == 1


def test_nothing_is_done_when_something_else_would_be_done_than_was_shown(people: Any, now: datetime) -> None:
    row = made(people, now)
    seen = check_members(
        cohort=row, addresses=["student@test.example", "other@test.example"], courses=["C1"], at=now
    ).digest
    assert not Enrolment.objects.exists()
    enrol(user=people["other"], course=course("C1"), by=people["other"], at=now)
    with pytest.raises(MembersChanged):
        add(row, people, now, "student", "other", seen=seen)
    assert members_of(row) == []


@pytest.mark.parametrize(
    ("more", "field"),
    [({"courses": []}, "courses"), ({"courses": ["C1", "NONE"]}, "courses"), ({"addresses": []}, "people"),
     ({"addresses": [f"a{n}@x.org" for n in range(201)]}, "people")],
)  # fmt: skip
def test_an_order_that_makes_no_sense_is_refused(people: Any, now: datetime, more: Any, field: str) -> None:
    asked = {"cohort": made(people, now), "addresses": ["student@test.example"], "courses": ["C1"], "at": now, **more}
    with pytest.raises(InvalidInput) as error:
        check_members(**asked)
    assert set(error.value.extra["errors"]) == {field}


def test_nobody_comes_to_a_cohort_that_is_over(people: Any, now: datetime) -> None:
    last = made(people, now, ends_on=now.date())
    add(last, people, now, "student")
    with pytest.raises(CohortOver):
        add(last, people, now + DAY, "other")


@pytest.mark.parametrize("keeps_courses", [False, True])
def test_who_is_taken_off_leaves_the_courses_or_goes_on_alone(people: Any, now: datetime, keeps_courses: bool) -> None:
    row, student = made(people, now), people["student"]
    add(row, people, now, "student")
    quiz = Assessment.objects.get(code="ori-quiz")
    study(student, "ORI-1", now)
    attempt, _is_new = start_attempt(assessment=quiz, seed="running", by=student, at=now)
    gone: dict[str, Any] = {"cohort": row, "person": student, "keeps_courses": keeps_courses}
    by: dict[str, Any] = {"by": people["registrar"], "at": now + DAY}
    for reason in ("  ", "x" * 301):
        with pytest.raises(InvalidInput):
            remove_member(**gone, reason=reason, **by)
    remove_member(**gone, reason="Works on Mondays", **by)
    left = Enrolment.objects.filter(user=student).earliest("id")
    assert (left.end_reason, left.ended_by) == ("Works on Mondays", people["registrar"])
    assert rows_of(student) == [("spring", False), *([(None, True)] if keeps_courses else [])]
    attempt.refresh_from_db()
    assert (attempt.paused_at is None) is keeps_courses
    assert people_who_left(row) == [student]
    with pytest.raises(NotAMember):
        remove_member(**gone, reason="Again", **by)


def test_errors_have_codes_of_their_own() -> None:
    codes = {error.code for error in (CohortInUse, CohortOver, MembersChanged, NotAMember)}
    assert len(codes | {DomainError.code}) == 5
