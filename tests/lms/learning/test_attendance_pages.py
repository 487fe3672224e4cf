"""The pages of class sessions: what teachers see and type, and what students see of it."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lms.learning.api import ClassSession, Cohort, enrol
from lms.learning.models import Attendance
from tests.lms.learning.classes import make_session, note
from tests.lms.learning.studying import course

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def mark(session: ClassSession, **ways: str) -> dict[str, str]:
    """What a form sends that was opened while nothing was noted: `there`, `away` or minutes, by name."""
    people = {row.user.email.split("@")[0]: row.user for row in session.cohort.enrolments.all()}
    sent = {}
    for name, person in people.items():
        way = ways.get(name, "")
        sent[f"w-{person.uuid}"] = ""
        sent[f"p-{person.uuid}"] = {"there": "all", "away": "none", "": ""}.get(way, "part")
        sent[f"m-{person.uuid}"] = way if way.isdigit() or way == "x" else ""
    return sent


def noted() -> dict[str, int]:
    """What holds, by name."""
    return {row.user.email.split("@")[0]: row.minutes for row in Attendance.objects.order_by("id")}


# Planning ------------------------------------------------------------------------------------------------------------

PLAN = {
    "title": "Palpation", "starts_at": "2026-11-09T18:00", "minutes": "90", "kind": "technique_lab", "format": "live",
    "place": "Room 2", "course_code": "C1",
}  # fmt: skip


def test_a_session_is_planned_in_the_time_zone_of_the_teacher(
    teacher: Client, cohort: Cohort, people: Any, arrive: Any
) -> None:
    people["instructor"].time_zone = "America/New_York"
    people["instructor"].save()
    assert "America/New_York" in page(teacher, "learning:session_new", cohort.uuid)
    url = reverse("learning:session_new", args=[cohort.uuid])
    answer = teacher.post(url, {**PLAN, "teachers": [people["instructor"].uuid]})
    assert answer["Location"] == reverse("learning:cohort", args=[cohort.uuid])
    row = cohort.sessions.get()
    assert (row.starts_at.isoformat(), row.minutes, row.course_code) == ("2026-11-09T23:00:00+00:00", 90, "C1")
    assert "Palpation" in page(teacher, "learning:cohort", cohort.uuid)
    again = page(teacher, "learning:session_new", cohort.uuid, like=str(row.uuid))
    assert 'value="2026-11-16T18:00"' in again
    assert 'value="Room 2"' in again
    assert page(teacher, "learning:session_new", cohort.uuid, like="nonsense")


def test_what_was_typed_stays_when_a_plan_is_refused(teacher: Client, cohort: Cohort, arrive: Any) -> None:
    url = reverse("learning:session_new", args=[cohort.uuid])
    for wrong, said in (
        ({"minutes": "900"}, "720"), ({"starts_at": "9999-12-31T23:00"}, "Look at the year."),
        ({"teachers": []}, "Say who teaches"), ({"kind": "party"}, "party"),
        ({"teachers": ["9" * 30]}, "is not a valid"),
    ):  # fmt: skip
        html = teacher.post(url, {**PLAN, **wrong}).content.decode()
        assert said in html
        assert 'value="Room 2"' in html
    assert not cohort.sessions.exists()


def test_a_session_is_changed_and_removed_until_it_is_noted(
    teacher: Client, session: ClassSession, people: Any, now: datetime, arrive: Any
) -> None:
    url, removal = (reverse(f"learning:session_{name}", args=[session.uuid]) for name in ("edit", "remove"))
    assert "Remove the session" in page(teacher, "learning:session_edit", session.uuid)
    assert teacher.post(url, {**PLAN, "teachers": [people["instructor"].uuid]}).status_code == 302
    session.refresh_from_db()
    assert (session.minutes, session.kind) == (90, "technique_lab")
    session.starts_at = now - HOUR
    session.save()
    note(session, people["instructor"], now, student=90)
    assert "Remove the session" not in page(teacher, "learning:session_edit", session.uuid)
    teacher.post(url, {**PLAN, "title": "Palpation II", "minutes": "10"})
    session.refresh_from_db()
    assert (session.title, session.minutes) == ("Palpation II", 90)
    assert "this session stays" in teacher.post(removal, follow=True).content.decode()
    spare = make_session(session.cohort, people["instructor"], now)
    assert (
        "Removed" in teacher.post(reverse("learning:session_remove", args=[spare.uuid]), follow=True).content.decode()
    )


def test_others_find_nothing_and_a_guest_teacher_keeps_one_roster(
    session: ClassSession, make_user: Any, signed_in: Any, arrive: Any
) -> None:
    guest = make_user("guest", "instructor")
    client = signed_in(guest)
    places = [("cohort", session.cohort.uuid), ("session_new", session.cohort.uuid), ("session", session.uuid),
              ("session_edit", session.uuid), ("roster_csv", session.uuid)]  # fmt: skip
    asked = {name: client.get(reverse(f"learning:{name}", args=[which])).status_code for name, which in places}
    assert set(asked.values()) == {404}
    session.teachers.add(guest)
    asked = {name: client.get(reverse(f"learning:{name}", args=[which])).status_code for name, which in places}
    assert asked == {"cohort": 404, "session_new": 404, "session_edit": 404, "session": 200, "roster_csv": 200}
    assert client.post(reverse("learning:session_remove", args=[session.uuid])).status_code == 404
    html = page(client, "learning:session", session.uuid)
    assert reverse("learning:cohort", args=[session.cohort.uuid]) not in html
    assert session.title in page(client, "learning:cohorts")


# The roster ----------------------------------------------------------------------------------------------------------


def test_one_tap_notes_everybody_else_for_the_whole_time(teacher: Client, session: ClassSession, arrive: Any) -> None:
    url = reverse("learning:session", args=[session.uuid])
    answer = teacher.post(url, {**mark(session, other="45"), "rest": "all"}, follow=True)
    assert noted() == {"student": 120, "other": 45}
    assert "Noted for 2 people." in answer.content.decode()
    teacher.post(url, {**mark(session), "rest": "all"})
    assert Attendance.objects.count() == 2, "nobody who is noted is noted again"


def test_who_came_to_the_cohort_later_is_noted_one_by_one(
    teacher: Client, session: ClassSession, make_user: Any, now: datetime, arrive: Any
) -> None:
    late = make_user("late")
    enrol(user=late, course=course("C1"), cohort=session.cohort, by=late, at=now + 9 * HOUR)
    url = reverse("learning:session", args=[session.uuid])
    teacher.post(url, {**mark(session), "rest": "all"})
    assert noted() == {"student": 120, "other": 120}
    teacher.post(url, mark(session, late="there"))
    assert noted()["late"] == 120


def test_a_line_that_is_wrong_keeps_the_others_as_they_were_typed(
    teacher: Client, session: ClassSession, people: Any, arrive: Any
) -> None:
    url = reverse("learning:session", args=[session.uuid])
    for wrong in ("x", "121", "99999"):
        html = teacher.post(url, {**mark(session, student=wrong, other="45"), "rest": "all"}).content.decode()
        assert "Write from 0 to 120 minutes." in html
        assert 'value="45"' in html
    assert noted() == {}
    teacher.post(url, mark(session, other="away"))
    assert noted() == {"other": 0}, "an empty line says nothing"


def test_a_correction_asks_why_and_both_sides_see_it(
    teacher: Client, session: ClassSession, people: Any, signed_in: Any, now: datetime, arrive: Any
) -> None:
    note(session, people["instructor"], now, student=120, other=120)
    url = reverse("learning:session", args=[session.uuid])
    sent = {**mark(session, student="90"), f"w-{people['student'].uuid}": "120", "rest": "all"}
    html = teacher.post(url, sent).content.decode()
    assert "Say why you correct what was noted." in html
    assert 'value="90"' in html
    assert noted()["student"] == 120
    html = teacher.post(url, {**sent, "reason": "Left <early>"}, follow=True).content.decode()
    assert noted() == {"student": 90, "other": 120}
    assert "corrected Student from 120 to 90 min" in html
    mine = page(signed_in(people["student"]), "learning:attendance")
    for words in ("1 h 30 min of 2 h", "Corrected from 120 to 90 min:", "Left &lt;early&gt;"):
        assert words in mine
    assert "Corrected" not in page(signed_in(people["other"]), "learning:attendance")


def test_what_somebody_noted_meanwhile_is_not_overwritten_unseen(
    teacher: Client, session: ClassSession, people: Any, now: datetime, arrive: Any
) -> None:
    note(session, people["registrar"], now, student=30)
    url = reverse("learning:session", args=[session.uuid])
    html = teacher.post(url, mark(session, student="there", other="there")).content.decode()
    assert "Registrar noted 30 minutes meanwhile" in html
    assert noted() == {"student": 30}
    seen = {**mark(session, student="there", other="there"), f"w-{people['student'].uuid}": "30"}
    teacher.post(url, {**seen, "reason": "Was there from the start"})
    assert noted() == {"student": 120, "other": 120}
    teacher.post(url, {**seen, "reason": "sent twice"})
    assert Attendance.objects.count() == 3


def test_a_teacher_in_the_cohort_has_no_line_of_their_own_to_fill(
    teacher: Client, session: ClassSession, people: Any, now: datetime, arrive: Any
) -> None:
    me = people["instructor"]
    enrol(user=me, course=course("C1"), cohort=session.cohort, by=me, at=now - 99 * HOUR)
    assert "This is you" in page(teacher, "learning:session", session.uuid)
    teacher.post(reverse("learning:session", args=[session.uuid]), {**mark(session, instructor="there"), "rest": "all"})
    assert noted() == {"student": 120, "other": 120}


def test_before_it_begins_the_roster_waits(teacher: Client, session: ClassSession, arrive: Any) -> None:
    arrive(session.starts_at - HOUR)
    assert "The session has not begun" in page(teacher, "learning:session", session.uuid)
    answer = teacher.post(reverse("learning:session", args=[session.uuid]), {**mark(session), "rest": "all"})
    assert answer.status_code == 200
    assert noted() == {}


def test_the_roster_as_a_file_runs_nothing_in_a_spreadsheet(
    teacher: Client, session: ClassSession, people: Any, now: datetime, arrive: Any
) -> None:
    people["student"].display_name = '=HYPERLINK("http://x")'
    people["student"].save()
    note(session, people["instructor"], now, student=120)
    note(session, people["instructor"], now + HOUR, student=0, reason="@SUM(1)")
    response = teacher.get(reverse("learning:roster_csv", args=[session.uuid]))
    assert response["Content-Disposition"] == 'attachment; filename="roster-autumn-2026-11-02.csv"'
    rows = {row["email"]: row for row in csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))}
    assert rows["student@test.example"]["name"] == """'=HYPERLINK("http://x")"""
    assert rows["student@test.example"]["correction"] == "'@SUM(1)"
    told = rows["student@test.example"]
    assert (told["minutes_attended"], told["minutes_of_session"], told["teachers"]) == ("0", "120", "Instructor")
    assert rows["other@test.example"]["minutes_attended"] == ""
