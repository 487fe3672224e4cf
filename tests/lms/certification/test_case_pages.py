"""Pages and API of cases, for both sides."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lms.certification.models import Case
from tests.lms.certification.handling import given_to, opened, refused_by
from tests.lms.practicals import builders as table
from tests.quizzes.examining.sat_exam import make_exam, sit
from tests.quizzes.grading.regrading import in_force
from tests.quizzes.making import make_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(people: dict[str, Any], now: datetime) -> Any:
    """A refusal by the registrar."""
    return refused_by(people["registrar"], people["student"], now)


def form(**changes: Any) -> dict[str, Any]:
    return {"kind": "complaint", "about": "other", "person": "", "title": "The room", "text": "It was cold.", **changes}


def test_a_link_from_a_decision_opens_the_form_with_it_and_the_case_follows(
    refused: Any, people: dict[str, Any], client: Client
) -> None:
    client.force_login(people["student"])
    about = f"decision:{refused.uuid}"
    page = client.get(f"/certification/cases/new/?subject=decision&reference={refused.uuid}")
    assert page.context["form"].initial["about"] == about
    answer = client.post("/certification/cases/new/", form(kind="complaint", about=about))
    row = Case.objects.get()
    assert answer["Location"] == f"/certification/cases/{row.uuid}/"
    assert (row.subject, row.reference, row.opened_by) == ("decision", str(refused.uuid), people["student"])
    assert b"The room" in client.get("/certification/cases/").content


@pytest.mark.parametrize(("days", "right", "is_offered"), [(1, (), True), (1, (1, 2, 3), False), (32, (), False)])
def test_a_failed_exam_leads_to_an_appeal_while_there_is_time(
    days: int, right: tuple[int, ...], is_offered: bool, people: dict[str, Any], client: Client
) -> None:
    attempt = sit(make_exam(), people["student"], timezone.now() - timedelta(days=days), right_slots=right)
    client.force_login(people["student"])
    page = client.get(f"/attempts/{attempt.uuid}/result/").content.decode()
    link = f"/certification/cases/new/?subject=result&amp;reference={in_force(attempt).uuid}"
    assert (link in page) is is_offered
    if is_offered:
        about = client.get(unescape(link)).context["form"].initial
        assert (about["kind"], about["about"]) == ("appeal", f"result:{in_force(attempt).uuid}")


def test_a_failed_quiz_is_taken_again_and_not_appealed_against(people: dict[str, Any], client: Client) -> None:
    quiz = make_quiz(["single_choice"], kind="quiz", cut_percent=80)
    attempt = sit(quiz, people["student"], timezone.now() - timedelta(days=1))
    client.force_login(people["student"])
    page = client.get(f"/attempts/{attempt.uuid}/result/").content.decode()
    assert "Not passed this time" in page
    assert "subject=result" not in page


def test_a_failed_practical_leads_to_an_appeal(people: dict[str, Any], client: Client, now: datetime) -> None:
    attempt = table.opened(people["student"], table.published(), people["examiner"], now)
    client.force_login(people["student"])
    link = f"subject=practical&amp;reference={attempt.uuid}"
    assert link not in client.get("/practicals/little-practical/").content.decode()
    table.judge(attempt, "P1", people["examiner"], now, critical_fails={table.FAILS[0]: "Went on"})
    assert link in client.get("/practicals/little-practical/").content.decode()


def test_what_was_typed_is_there_when_something_is_wrong(people: dict[str, Any], client: Client) -> None:
    client.force_login(people["student"])
    page = client.post("/certification/cases/new/", form(kind="appeal", title="My long title", text="My long words"))
    assert not Case.objects.exists()
    assert b"My long title" in page.content
    assert b"My long words" in page.content
    assert page.context["form"].errors["about"]


def test_a_complaint_names_a_person_by_choosing(people: dict[str, Any], client: Client) -> None:
    client.force_login(people["student"])
    client.post("/certification/cases/new/", form(about="conduct", person=str(people["examiner"].uuid)))
    assert Case.objects.get().reference == str(people["examiner"].uuid)


def test_the_whole_way_on_the_pages(refused: Any, people: dict[str, Any], client: Client) -> None:
    client.force_login(people["student"])
    client.post("/certification/cases/new/", form(kind="accommodation", about=""))
    row = Case.objects.get()
    client.post(f"/certification/cases/{row.uuid}/note/", {"text": "One more thing"})
    client.force_login(people["registrar"])
    client.post(f"/registrar/cases/{row.uuid}/note/", {"note-text": "For us alone"})
    client.post(f"/registrar/cases/{row.uuid}/assign/", {"assign-assignee": people["admin"].pk})
    client.post(f"/registrar/cases/{row.uuid}/defer/", {"defer-due_on": "2099-01-01", "defer-reason": "A letter"})
    client.force_login(people["admin"])
    fault = client.post(f"/registrar/cases/{row.uuid}/decide/", {"decide-outcome": "upheld", "decide-reason": "Yes"})
    assert "time_factor" in fault.context["forms"]["decide"].errors
    client.post(
        f"/registrar/cases/{row.uuid}/decide/",
        {"decide-outcome": "upheld", "decide-reason": "Yes", "decide-extra_minutes": "15"},
    )
    kinds = ["noted", "noted", "assigned", "deferred", "upheld"]
    assert list(row.events.values_list("kind", flat=True)) == kinds
    client.force_login(people["student"])
    page = client.get(f"/certification/cases/{row.uuid}/").content.decode()
    assert "For us alone" not in page
    assert "A letter" in page
    assert "Upheld" in page


def test_what_a_case_is_about_is_linked_for_those_who_may_open_it(
    refused: Any, people: dict[str, Any], now: datetime, client: Client
) -> None:
    attempt = sit(make_exam(2, cut_percent=100), people["student"], now - timedelta(days=9), right_slots=(1,))
    about = {"decision": refused.uuid, "result": in_force(attempt).uuid}
    cases = {name: opened(people["student"], now, subject=name, reference=str(key)) for name, key in about.items()}
    addresses = {"decision": "/registrar/applications/", "result": "/examine/attempts/"}
    found = {}
    for name, row in cases.items():
        given_to(row, people["examiner"], people["registrar"], now)
        for person in ("registrar", "examiner", "admin"):
            client.force_login(people[person])
            page = client.get(f"/registrar/cases/{row.uuid}/").content.decode()
            links = re.findall(rf'href="({addresses[name]}[^"]+)"', page)
            found[name, person] = bool(links)
            assert all(client.get(link).status_code == 200 for link in links)
    assert found == {
        ("decision", "registrar"): True, ("decision", "examiner"): False, ("decision", "admin"): True,
        ("result", "registrar"): False, ("result", "examiner"): True, ("result", "admin"): True,
    }  # fmt: skip


@pytest.mark.parametrize("page", ["/certification/cases/", "/registrar/cases/"])
def test_lists_ask_the_same_number_of_questions_however_long_they_are(
    page: str, people: dict[str, Any], now: datetime, client: Client, django_assert_max_num_queries: Any
) -> None:
    person = people["student" if "certification" in page else "registrar"]
    client.force_login(person)
    for count in (1, 12):
        while Case.objects.count() < count:
            row = opened(people["student"], now)
            given_to(row, people["examiner"], people["registrar"], now)
        with django_assert_max_num_queries(14):
            assert client.get(page).content.count(b"The room") == count


def test_overdue_cases_are_marked(people: dict[str, Any], now: datetime, client: Client) -> None:
    opened(people["student"], now - timedelta(days=400))
    client.force_login(people["registrar"])
    assert b"Overdue" in client.get("/registrar/cases/").content


# The API ------------------------------------------------------------------------------------------------------------


def test_the_whole_way_by_the_api(people: dict[str, Any], api: Any) -> None:
    asked = {"kind": "accommodation", "title": "More time", "text": "I read slowly"}
    row = api(people["student"]).post("/api/v1/cases/", asked, format="json").json()
    assert (row["state"], row["subject"], row["text"]) == ("open", "other", "I read slowly")
    desk = f"/api/v1/registrar/cases/{row['id']}"
    hidden = api(people["admin"]).get(f"{desk}/").json()
    assert (hidden["title"], hidden["text"], hidden["opened_by"]) == (None, None, "Student")
    assert api(people["examiner"]).get(f"{desk}/").status_code == 404
    itself = api(people["registrar"]).post(f"{desk}/assignment/", {"assignee": "student@test.example"}, format="json")
    assert (itself.status_code, itself.json()["code"]) == (409, "not_a_third_person")
    api(people["registrar"]).post(f"{desk}/assignment/", {"assignee": "examiner@test.example"}, format="json")
    assert api(people["examiner"]).get("/api/v1/registrar/cases/").json()["count"] == 1
    answer = {"upheld": True, "reason": "Granted", "conditions": {"extra_minutes": 15}}
    assert api(people["registrar"]).post(f"{desk}/decision/", answer, format="json").json()["code"] == "case_not_yours"
    assert api(people["examiner"]).post(f"{desk}/decision/", answer, format="json").json()["state"] == "upheld"
    told = api(people["student"]).get(f"/api/v1/cases/{row['id']}/").json()
    assert [event["kind"] for event in told["events"]] == ["assigned", "upheld"]
    again = api(people["student"]).post(f"/api/v1/cases/{row['id']}/withdrawal/")
    assert (again.status_code, again.json()["code"]) == (409, "case_closed")


def test_who_was_given_a_case_is_told_at_their_desk(people: dict[str, Any], now: datetime, client: Client) -> None:
    row = opened(people["student"], now)
    client.force_login(people["examiner"])
    assert b"waits for your decision" not in client.get("/examine/").content
    given_to(row, people["examiner"], people["registrar"], now)
    assert b"waits for your decision" in client.get("/examine/").content
