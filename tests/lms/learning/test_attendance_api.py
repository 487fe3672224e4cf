"""The API of class sessions, and what pages and API cost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from lms.learning.api import ClassSession, Cohort, enrol
from tests.lms.learning.classes import make_cohort, make_session, note
from tests.lms.learning.studying import course

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


# The API -------------------------------------------------------------------------------------------------------------


def test_the_api_plans_notes_and_corrects(api: Any, cohort: Cohort, people: Any, now: datetime, arrive: Any) -> None:
    client = api(people["instructor"])
    address = "/api/v1/cohorts/autumn/sessions/"
    plan = {"title": "Lab", "starts_at": "2026-11-02T09:00:00Z", "minutes": 60, "kind": "technique_lab"}
    made = client.post(address, plan, format="json")
    assert (made.status_code, made.json()["teachers"], made.json()["course"]) == (201, ["Instructor"], None)
    wrong = client.post(address, {**plan, "teachers": ["student@test.example"], "course": "C1"}, format="json")
    assert (wrong.status_code, set(wrong.json()["errors"])) == (400, {"teachers.student@test.example"})
    roster = f"/api/v1/class-sessions/{made.json()['id']}/attendance/"
    for minutes, field in (({"NOBODY@test.example": 5}, "minutes.NOBODY@test.example"),
                           ({"student@test.example": 61}, "minutes.student@test.example")):  # fmt: skip
        refused = client.put(roster, {"minutes": minutes}, format="json")
        assert (refused.status_code, set(refused.json()["errors"])) == (400, {field})
    sent = {"minutes": {"Student@test.example": 60}}
    first = client.put(roster, sent, format="json").json()
    assert client.put(roster, sent, format="json").json() == first
    lacking = client.put(roster, {"minutes": {"student@test.example": 30}}, format="json")
    assert (lacking.status_code, set(lacking.json()["errors"])) == (400, {"reason"})
    client.put(roster, {"minutes": {"student@test.example": 30}, "reason": "Left early"}, format="json")
    lines = {row["email"]: row for row in client.get(roster).json()["people"]}
    assert lines["student@test.example"]["attended_minutes"] == 30
    correction = {"before": 60, "after": 30, "reason": "Left early"}
    assert lines["student@test.example"]["corrections"] == [correction]
    assert lines["other@test.example"]["attended_minutes"] is None
    (row,) = client.get(address).json()["results"]
    assert (row["noted"], row["cohort"]) == (1, "autumn")
    students = {row["email"]: row["minutes"] for row in client.get("/api/v1/cohorts/autumn/").json()["students"]}
    assert students["student@test.example"] == {"theory": 0, "technique_lab": 30}
    mine = api(people["student"]).get("/api/v1/attendance/").json()["results"]
    assert [(row["attended_minutes"], row["corrections"]) for row in mine] == [(30, [correction])]


def test_the_api_says_why_not(api: Any, session: ClassSession, people: Any, arrive: Any, now: datetime) -> None:
    arrive(session.starts_at - HOUR)
    roster, sent = f"/api/v1/class-sessions/{session.uuid}/attendance/", {"minutes": {"student@test.example": 60}}
    early = api(people["admin"]).put(roster, sent, format="json")
    assert (early.status_code, early.json()["code"]) == (409, "session_not_begun")
    arrive(now)
    enrol(user=people["admin"], course=course("C1"), cohort=session.cohort, by=people["admin"], at=now - 99 * HOUR)
    own = api(people["admin"]).put(roster, {"minutes": {"admin@test.example": 60}}, format="json")
    assert (own.status_code, own.json()["code"]) == (403, "own_attendance")


# What it costs -------------------------------------------------------------------------------------------------------

COSTS = {
    "learning:cohorts": 9, "learning:cohort": 14, "learning:session": 9, "learning:roster_csv": 8,
    "learning:attendance": 10, "api-cohorts": 5, "api-cohort": 6, "api-cohort-sessions": 7, "api-roster": 8,
    "api-attendance": 6,
}  # fmt: skip


def test_a_large_cohort_costs_as_many_queries_as_a_small_one(
    cohort: Cohort, session: ClassSession, people: Any, make_user: Any, signed_in: Any, now: datetime, arrive: Any,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    def ask_all() -> None:
        for name, most in COSTS.items():
            person = people["student" if "attendance" in name else "instructor"]
            words = {"cohort": [cohort.uuid], "session": [session.uuid], "roster_csv": [session.uuid]}
            args = words.get(name.partition(":")[2], [])
            args = [cohort.code] if name.startswith("api-cohort") and name != "api-cohorts" else args
            args = [session.uuid] if name == "api-roster" else args
            client = signed_in(person)
            with django_assert_max_num_queries(most, info=name):
                assert client.get(reverse(name, args=args)).status_code == 200

    note(session, people["instructor"], now, student=120)
    ask_all()
    make_cohort(people["instructor"], [], now, code="spring")
    names = [f"student{number}" for number in range(12)]
    for name in names:
        person = make_user(name)
        enrol(user=person, course=course("C1"), cohort=cohort, by=person, at=now - 99 * HOUR)
    for number in range(12):
        for when in (now + number * HOUR, now - number * HOUR):
            row = make_session(cohort, people["instructor"], when)
        if number % 2:
            note(row, people["instructor"], now, **dict.fromkeys([*names, "student"], 60))
            note(row, people["registrar"], now, student=30, reason="Left early")
    for name in names:
        note(session, people["instructor"], now, **{name: 60})
    ask_all()
