"""Supervisors approve and refuse sessions, one or many, and each decision stays in the record."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest

from lms.practicals.api import decide_sessions, withdraw_session
from lms.practicals.exceptions import NotYours
from lms.practicals.log_models import SupervisedSessionDecision
from tests.lms.practicals.log_builders import log, signed_in

pytestmark = pytest.mark.django_db


def test_many_are_approved_at_once_by_student(people: dict[str, Any], at: datetime, supervisor: Any) -> None:
    rows = [log(people[name], supervisor, at, starts_at=time(hour)) for name in ("student", "other") for hour in (8, 9)]
    browser = signed_in(supervisor)
    page = browser.get("/supervise/").content.decode()
    assert page.index("Student</a>") < page.index("Other</a>")
    ticked = browser.get("/supervise/", {"tick": "all"}).content.decode()
    assert ticked.count("checked") == 4
    one = browser.get("/supervise/", {"tick": str(people["other"].uuid)}).content.decode()
    assert one.count("checked") == 2
    done = browser.post("/supervise/", {"session": [row.uuid for row in rows], "verdict": "approve"}, follow=True)
    assert "4 sessions approved." in done.content.decode()
    assert "No session waits for you." in done.content.decode()


def test_nothing_ticked_is_said(people: dict[str, Any], at: datetime, supervisor: Any) -> None:
    log(people["student"], supervisor, at)
    for ticked in ([], ["nonsense"], ["00000000-0000-0000-0000-000000000000"]):
        page = signed_in(supervisor).post("/supervise/", {"session": ticked, "verdict": "approve", "reason": "Fine"})
        assert "Tick the sessions first." in page.content.decode()
        assert 'value="Fine"' in page.content.decode()
    assert not SupervisedSessionDecision.objects.exists()


def test_a_refusal_says_why_and_keeps_the_ticks_until_it_does(
    people: dict[str, Any], at: datetime, supervisor: Any
) -> None:
    row = log(people["student"], supervisor, at)
    browser = signed_in(supervisor)
    for reason, error in (("  ", "Say why you refuse it."), ("You treated Anna Schmidt", "Anna Schmidt”")):
        page = browser.post("/supervise/", {"session": [row.uuid], "verdict": "refuse", "reason": reason})
        assert error in page.content.decode()
        assert "checked" in page.content.decode()
    page = browser.post("/supervise/", {"session": [row.uuid], "verdict": "refuse", "reason": "Not there"}, follow=True)
    assert "1 session refused; the student reads why." in page.content.decode()
    assert "Not there" in signed_in(people["student"]).get("/hours/").content.decode()


def test_an_entry_that_was_taken_back_meanwhile_does_not_stop_the_rest(
    people: dict[str, Any], at: datetime, supervisor: Any
) -> None:
    gone, stays = (log(people["student"], supervisor, at, starts_at=time(hour)) for hour in (8, 9))
    withdraw_session(session=gone, by=people["student"], at=at)
    sent = {"session": [gone.uuid, stays.uuid], "verdict": "approve"}
    page = signed_in(supervisor).post("/supervise/", sent, follow=True).content.decode()
    assert "1 session approved." in page
    assert "1 entry was taken back by the student meanwhile and is left out." in page
    assert list(SupervisedSessionDecision.objects.values_list("session", flat=True)) == [stays.pk]


def test_the_same_decision_twice_is_one(people: dict[str, Any], at: datetime, supervisor: Any) -> None:
    row = log(people["student"], supervisor, at)
    for _time in range(2):
        page = signed_in(supervisor).post("/supervise/", {"session": [row.uuid], "verdict": "approve"}, follow=True)
    assert "Nothing changed: it was decided so before." in page.content.decode()
    assert SupervisedSessionDecision.objects.count() == 1


def test_only_who_supervised_or_runs_the_register_decides(people: dict[str, Any], at: datetime) -> None:
    row = log(people["student"], people["instructor"], at)
    with pytest.raises(NotYours):
        decide_sessions(sessions=[row], approved=True, by=people["examiner"], at=at)
    page = signed_in(people["examiner"]).post("/supervise/", {"session": [row.uuid], "verdict": "approve"})
    assert "Tick the sessions first." in page.content.decode()
    assert signed_in(people["examiner"]).get(f"/supervise/students/{people['student'].uuid}/").status_code == 404
    decided = decide_sessions(sessions=[row], approved=True, by=people["registrar"], at=at)
    assert len(decided.decisions) == 1


def test_a_supervisor_who_is_a_student_too_never_decides_for_themselves(people: dict[str, Any], at: datetime) -> None:
    row = log(people["examiner"], people["instructor"], at)
    with pytest.raises(NotYours):
        decide_sessions(sessions=[row], approved=True, by=people["examiner"], at=at)


def test_one_students_log_shows_what_i_supervised_and_the_registrar_all(people: dict[str, Any], at: datetime) -> None:
    student = people["student"]
    mine = log(student, people["instructor"], at, starts_at=time(8), note="First of all")
    log(student, people["examiner"], at, starts_at=time(10), note="Second of all")
    address = f"/supervise/students/{student.uuid}/"
    page = signed_in(people["instructor"]).get(address).content.decode()
    assert "First of all" in page
    assert "Second of all" not in page
    page = signed_in(people["registrar"]).get(address).content.decode()
    assert "First of all" in page
    assert "supervised by Examiner" in page
    assert "Waits for other supervisors" in signed_in(people["registrar"]).get("/supervise/").content.decode()
    assert signed_in(people["registrar"]).get(f"/supervise/students/{people['other'].uuid}/").status_code == 404
    browser = signed_in(people["instructor"])
    for verdict, said in (("approve", "1 session approved."), ("refuse", "1 session refused")):
        data = {"session": [mine.uuid], "verdict": verdict, "reason": "Second thoughts"}
        assert said in browser.post(address, data, follow=True).content.decode()
    assert "Reason: Second thoughts" in " ".join(browser.get(address).content.decode().split())


def test_the_api_decides_on_many_and_tells_what_was_taken_back(
    people: dict[str, Any], at: datetime, supervisor: Any, api: Any
) -> None:
    rows = [log(people["student"], supervisor, at, starts_at=time(hour)) for hour in (8, 9, 10)]
    withdraw_session(session=rows[2], by=people["student"], at=at)
    client = api(supervisor)
    waiting = client.get("/api/v1/supervision/hours/").json()["results"]
    assert [row["id"] for row in waiting] == [str(row.uuid) for row in rows[:2]]
    assert waiting[0]["student"] == {"name": "Student", "email": "student@test.example"}
    decide_sessions(sessions=rows[:1], approved=True, by=supervisor, at=at)
    body = {"ids": [str(row.uuid) for row in rows], "approved": True}
    address = "/api/v1/supervision/hours/decisions/"
    assert client.post(address, body).json() == {
        "approved": True,
        "unchanged": [str(rows[0].uuid)],
        "decided": [str(rows[1].uuid)],
        "taken_back": [str(rows[2].uuid)],
    }
    refused = client.post(address, {**body, "approved": False})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["reason"])
    assert api(people["examiner"]).post(address, body).status_code == 404
    assert api(people["student"]).post(address, body).status_code == 403


def test_deciding_on_many_costs_no_more_queries(
    people: dict[str, Any], at: datetime, supervisor: Any, django_assert_max_num_queries: Any
) -> None:
    browser = signed_in(supervisor)
    for count in (1, 12):
        rows = [log(people["student"], supervisor, at) for _number in range(count)]
        with django_assert_max_num_queries(14):
            browser.post("/supervise/", {"session": [row.uuid for row in rows], "verdict": "approve"})
    assert SupervisedSessionDecision.objects.filter(approved=True).count() == 13
