"""Class sessions and attendance: planning, noting, correcting, and what comes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from lms.core.exceptions import InvalidInput, NotAllowed
from lms.learning.api import ClassSession, Cohort, attended, enrol, has_taught, note_attendance, plan_session
from lms.learning.attendance_queries import roster_of, sessions_for, sessions_of_student, students_of_cohort, visits
from lms.learning.commands import change_session, end_enrolment, remove_session
from lms.learning.exceptions import AttendanceNoted, OwnAttendance, SessionNotBegun, SessionRemoved
from lms.learning.models import Attendance
from lms.learning.templatetags.hours import hours
from tests.lms.learning.classes import make_session, note
from tests.lms.learning.studying import course

HOUR = timedelta(hours=1)


def minutes_of(session: ClassSession) -> dict[str, int | None]:
    return {line.person.email.split("@")[0]: line.minutes for line in roster_of(session).lines}


def refused(**facts: Any) -> set[str]:
    with pytest.raises(InvalidInput) as caught:
        plan_session(**facts)
    return set(caught.value.extra["errors"])


pytestmark = pytest.mark.django_db


# Planning ------------------------------------------------------------------------------------------------------------


def test_who_plans_a_session_teaches_it(cohort: Cohort, people: dict[str, Any], now: datetime) -> None:
    row = make_session(cohort, people["instructor"], now, title="  Palpation ", place=" Room 2 ")
    assert (row.title, row.place, row.kind, row.format) == ("Palpation", "Room 2", "theory", "live")
    assert list(row.teachers.all()) == [people["instructor"]]


def test_a_registrar_plans_for_the_instructors_of_the_cohort(cohort: Cohort, people: dict[str, Any], now: Any) -> None:
    for role in ("registrar", "admin"):
        assert list(make_session(cohort, people[role], now).teachers.all()) == [people["instructor"]]


def test_nobody_else_plans(cohort: Cohort, people: dict[str, Any], make_user: Any, now: datetime) -> None:
    for person in (people["student"], people["examiner"], make_user("stranger", "instructor")):
        with pytest.raises(NotAllowed):
            make_session(cohort, person, now)
    assert not cohort.sessions.exists()


def test_a_session_must_make_sense(cohort: Cohort, people: dict[str, Any], now: datetime) -> None:
    plan = {"cohort": cohort, "title": "Palpation", "starts_at": now, "minutes": 60, "by": people["instructor"]}
    for name, value in (
        ("title", "   "), ("title", "x" * 201), ("minutes", 0), ("minutes", 721), ("kind", "party"),
        ("format", "telepathy"), ("course_code", "C99"), ("teachers", []), ("teachers", [people["student"]]),
        ("starts_at", now.replace(year=9999)), ("starts_at", now.replace(year=206)), ("place", "x" * 201),
    ):  # fmt: skip
        assert refused(**{**plan, name: value}, at=now) == {name}
    assert plan_session(**{**plan, "teachers": [], "format": "home_study"}, at=now).pk


def test_what_counts_is_fixed_once_attendance_is_noted(session: ClassSession, people: Any, now: datetime) -> None:
    change = {"by": people["instructor"], "at": now}
    changed = change_session(session=session, facts={"minutes": 90, "title": "Draft"}, **change)
    assert (changed.minutes, changed.title, changed.place) == (90, "Draft", "")
    note(session, people["instructor"], now, student=90)
    for facts in ({"minutes": 60}, {"kind": "technique_lab"}, {"starts_at": now}, {"format": "webinar"},
                  {"course_code": "C1"}, {"teachers": [people["instructor"], people["admin"]]}):  # fmt: skip
        with pytest.raises(AttendanceNoted):
            change_session(session=session, facts={"title": "Never", **facts}, **change)
    everything = {"title": "Palpation II", "place": "Room 3", "minutes": 90, "teachers": [people["instructor"]]}
    change_session(session=session, facts=everything, **change)
    session.refresh_from_db()
    assert (session.title, session.place, session.minutes) == ("Palpation II", "Room 3", 90)
    log = ModelLogEntry.objects.get_for_model(ClassSession).filter(action="wagtail.edit").order_by("pk")
    assert log.first().data == {"before": {"minutes": 120, "title": "Palpation"}}
    assert [row.user for row in log] == [people["instructor"]] * 2


def test_a_teacher_without_the_role_by_now_may_stay(session: ClassSession, people: Any, now: datetime) -> None:
    session.cohort.instructors.clear()
    people["instructor"].groups.clear()
    change_session(session=session, facts={"title": "Palpation II"}, by=people["registrar"], at=now)
    assert list(session.teachers.all()) == [people["instructor"]]


def test_a_session_leaves_while_nothing_is_noted_and_the_log_keeps_it(
    session: ClassSession, people: Any, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        remove_session(session=session, by=people["student"], at=now)
    gone = ClassSession.objects.get(pk=session.pk)
    remove_session(session=session, by=people["registrar"], at=now)
    assert not ClassSession.objects.filter(pk=gone.pk).exists()
    entry = ModelLogEntry.objects.get_for_model(ClassSession).get(action="wagtail.delete")
    assert (entry.user, entry.label, entry.timestamp) == (people["registrar"], "Palpation", now)
    assert entry.data["was"]["minutes"] == 120
    for act in (
        lambda: note(gone, people["instructor"], now, student=60),
        lambda: remove_session(session=gone, by=people["registrar"], at=now),
        lambda: change_session(session=gone, facts={"title": "x"}, by=people["registrar"], at=now),
    ):
        with pytest.raises(SessionRemoved):
            act()


def test_only_who_teaches_it_or_runs_the_cohort_notes_attendance(
    session: ClassSession, people: Any, make_user: Any, now: datetime
) -> None:
    for person in (make_user("elsewhere", "instructor"), people["examiner"], people["other"]):
        with pytest.raises(NotAllowed):
            note(session, person, now, student=60)
    note(session, people["registrar"], now, student=60)
    assert session.attendances.get().noted_by == people["registrar"]


def test_a_noted_session_stays(session: ClassSession, people: Any, now: datetime) -> None:
    note(session, people["instructor"], now, student=0)
    with pytest.raises(AttendanceNoted):
        remove_session(session=session, by=people["admin"], at=now)


# Noting --------------------------------------------------------------------------------------------------------------


def test_a_note_is_never_rewritten_and_the_last_one_holds(session: ClassSession, people: Any, now: datetime) -> None:
    note(session, people["instructor"], now, student=120, other=0)
    with pytest.raises(InvalidInput) as caught:
        note(session, people["instructor"], now + HOUR, student=90)
    assert set(caught.value.extra["errors"]) == {"reason"}
    note(session, people["registrar"], now + HOUR, student=90, other=0, reason=" Left early ")
    assert minutes_of(session) == {"student": 90, "other": 0}
    assert list(Attendance.objects.order_by("id").values_list("user__email", "minutes", "reason")) == [
        ("student@test.example", 120, ""), ("other@test.example", 0, ""), ("student@test.example", 90, "Left early"),
    ]  # fmt: skip
    latest, first = roster_of(session).acts
    assert (len(first.first), first.corrections, first.by) == (2, [], people["instructor"])
    (row,) = latest.corrections
    assert (row.before, row.after, row.reason, latest.by) == (120, 90, "Left early", people["registrar"])


def test_noting_the_same_again_adds_nothing(session: ClassSession, people: Any, now: datetime) -> None:
    for later in range(3):
        note(session, people["instructor"], now + later * HOUR, student=120, other=30)
    assert Attendance.objects.count() == 2


def test_notes_that_cannot_be_are_refused_together(session: ClassSession, people: Any, now: datetime) -> None:
    for value in (-1, 121):
        with pytest.raises(InvalidInput) as caught:
            note(session, people["instructor"], now, student=value, other=60)
        assert set(caught.value.extra["errors"]) == {str(people["student"].uuid)}
    assert not Attendance.objects.exists()


def test_nothing_is_noted_before_the_session_begins(session: ClassSession, people: Any, now: datetime) -> None:
    with pytest.raises(SessionNotBegun):
        note(session, people["instructor"], session.starts_at - timedelta(seconds=1), student=120)
    note(session, people["instructor"], session.starts_at, student=120)


def test_nobody_notes_themselves(session: ClassSession, people: Any, now: datetime) -> None:
    with pytest.raises(OwnAttendance):
        note_attendance(session=session, minutes={people["instructor"]: 120}, by=people["instructor"], at=now)


def test_the_roster_is_who_was_in_the_cohort_that_day(session: ClassSession, people: Any, make_user: Any) -> None:
    moments = {
        "late": session.starts_at + 3 * HOUR,
        "left": session.starts_at - timedelta(days=9),
        "leaves": session.starts_at - timedelta(days=9),
    }
    for name, at in moments.items():
        person = make_user(name)
        row, _is_new = enrol(user=person, course=course("C1"), cohort=session.cohort, by=person, at=at)
        if name == "left":
            end_enrolment(enrolment=row, reason="Moved", by=person, at=session.starts_at - HOUR)
        if name == "leaves":
            end_enrolment(enrolment=row, reason="Moved", by=person, at=session.starts_at + HOUR)
    lines = {line.person.email.split("@")[0]: line.came_later for line in roster_of(session).lines}
    assert lines == {"leaves": False, "other": False, "student": False, "late": True}
    person = roster_of(session).lines[0].person
    assert person.email == "late@test.example", "by name"
    note(session, people["instructor"], session.starts_at + 4 * HOUR, late=120, left=60)
    assert minutes_of(session)["left"] == 60, "what was noted is always shown"
    assert not any(line.came_later for line in roster_of(session).lines)


# What comes of it ----------------------------------------------------------------------------------------------------


def test_hours_by_kind_count_the_last_notes(cohort: Cohort, session: ClassSession, people: Any, now: datetime) -> None:
    lab = make_session(cohort, people["instructor"], now - 2 * HOUR, kind="technique_lab", minutes=45)
    note(session, people["instructor"], now, student=120, other=0)
    note(lab, people["instructor"], now, student=45, other=45)
    note(session, people["instructor"], now, student=100, reason="Left early")
    assert {person.email: minutes for person, minutes in students_of_cohort(cohort)} == {
        "student@test.example": {"theory": 100, "technique_lab": 45},
        "other@test.example": {"technique_lab": 45},
    }
    assert [row["minutes"] for row in attended(people["student"], ["theory"])] == [100]


def test_who_taught_whom_is_said_by_notes_and_cohorts(session: ClassSession, people: Any, make_user: Any) -> None:
    guest, student = make_user("guest", "instructor"), people["student"]
    at = session.starts_at
    change_session(session=session, facts={"teachers": [guest]}, by=people["registrar"], at=at)
    assert not has_taught(teacher=guest, student=student)
    note(session, guest, at, student=0)
    assert not has_taught(teacher=guest, student=student), "absent"
    note(session, guest, at, student=10, reason="Came late")
    assert has_taught(teacher=guest, student=student)
    note(session, people["registrar"], at, student=0, reason="It was the namesake")
    assert not has_taught(teacher=guest, student=student), "a correction counts"
    assert has_taught(teacher=people["instructor"], student=student), "an instructor of the cohort"
    assert set(sessions_for(guest)) == {session}, "and a guest keeps the roster of that session"


def test_a_student_sees_the_sessions_of_the_time_in_the_cohort(
    cohort: Cohort, session: ClassSession, people: Any, now: datetime
) -> None:
    early = make_session(cohort, people["instructor"], now - timedelta(days=60), title="Before the student came")
    coming = make_session(cohort, people["instructor"], now + timedelta(days=2))
    note(session, people["instructor"], now, student=120)
    note(session, people["instructor"], now, student=30, reason="Another Sam")
    student = people["student"]
    assert set(sessions_of_student(student)) == {session, coming}
    note(early, people["instructor"], now, student=120)
    assert set(sessions_of_student(student)) == {session, coming, early}
    end_enrolment(enrolment=student.enrolments.get(), reason="Moved", by=student, at=now)
    assert set(sessions_of_student(student)) == {session, early}
    mine = {visit.session: visit for visit in visits(student, [session, coming])}
    assert (mine[session].minutes, mine[coming].minutes) == (30, None)
    assert [(row.before, row.after, row.reason) for row in mine[session].corrections] == [(120, 30, "Another Sam")]
    assert {visit.minutes for visit in visits(people["other"], [session])} == {None}


@given(minutes=st.integers(min_value=0, max_value=100_000))
def test_hours_in_words_lose_no_minute(minutes: int) -> None:
    words = hours(minutes).split()
    told = dict(zip(words[1::2], map(int, words[::2]), strict=True))
    assert told.get("h", 0) * 60 + told.get("min", 0) == minutes
    assert told.get("min", 0) < 60
