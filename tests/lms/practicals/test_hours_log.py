"""The hours log: what a student may write, what counts, and who decides."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from lms.practicals.api import SupervisedSession, decide_sessions, withdraw_session
from lms.practicals.exceptions import AlreadyDone, InvalidEntry, NotYours
from lms.practicals.log_models import Client
from tests.lms.practicals.log_builders import follow, log, signed_in

pytestmark = pytest.mark.django_db


def typed(supervisor: Any, at: datetime, **more: Any) -> dict[str, Any]:
    """What a student types."""
    return {
        "client": "new",
        "supervisor": supervisor.pk,
        "held_on": (at - timedelta(days=1)).date().isoformat(),
        "starts_at": "18:00",
        "minutes": "60",
        "setting": "practice",
        "categories": ["head_neck", "older_adult"],
        "techniques": ["gliding"],
        "note": "Rotation better.",
        **more,
    }


def sent(supervisor: Any, at: datetime, **more: Any) -> dict[str, Any]:
    """What a program sends."""
    fields = {**typed(supervisor, at), "supervisor": supervisor.email, "client": None, "minutes": 60}
    return {**fields, **more}


# Writing ------------------------------------------------------------------------------------------------------------


def test_the_log_gives_codes_and_each_student_has_their_own(people: dict[str, Any], at: datetime) -> None:
    student, other, by = people["student"], people["other"], people["instructor"]
    codes = [log(student, by, at, code).client.code for code in ("", "", "C-01", "")]
    assert codes == ["C-01", "C-02", "C-01", "C-03"]
    assert log(other, by, at).client.code == "C-01"
    assert Client.objects.count() == 4


def test_a_page_says_which_code_somebody_new_will_have(people: dict[str, Any], at: datetime, supervisor: Any) -> None:
    student = signed_in(people["student"])
    assert "Someone new (will be C-01)" in student.get("/hours/new/").content.decode()
    response = student.post("/hours/new/", typed(supervisor, at), follow=True)
    assert "Session with C-01 saved." in response.content.decode()
    page = student.get("/hours/new/").content.decode()
    assert "Someone new (will be C-02)" in page
    assert "C-01, last on 1 November 2026" in page


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("client", "C-09", "is not one of the available choices"),
        ("client", "Anna Schmidt", "is not one of the available choices"),
        ("client", "", "This field is required"),
        ("held_on", "2026-11-03", "This day has not come yet."),
        ("held_on", "2024-11-01", "more than two years ago"),
        ("minutes", "721", "less than or equal to 720"),
        ("minutes", "0", "greater than or equal to 1"),
        ("categories", [], "This field is required"),
        ("techniques", ["magic"], "is not one of the available choices"),
        ("setting", "moon", "is not one of the available choices"),
        ("note", "Worked with Anna Schmidt", "Anna Schmidt”. Take it out"),
        ("note", "x" * 2001, "at most 2000 characters"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field_and_nothing_typed_is_lost(
    field: str, value: Any, error: str, people: dict[str, Any], at: datetime, supervisor: Any
) -> None:
    data = typed(supervisor, at, **{field: value})
    page = signed_in(people["student"]).post("/hours/new/", data).content.decode()
    assert error in page
    assert "This was not saved yet" in page
    if field != "note":
        assert "Rotation better." in page
    if field != "minutes":
        assert 'value="60"' in page
    assert not SupervisedSession.objects.exists()
    assert not Client.objects.exists()


def test_nobody_supervises_themselves_and_only_who_may(people: dict[str, Any], at: datetime) -> None:
    for student, named in (("instructor", "instructor"), ("student", "other"), ("student", "registrar")):
        with pytest.raises(InvalidEntry) as refused:
            log(people[student], people[named], at)
        assert set(refused.value.extra["errors"]) == {"supervisor"}
    page = signed_in(people["instructor"]).get("/hours/new/").content.decode()
    assert "Examiner" in page
    assert f'value="{people["instructor"].pk}"' not in page


def test_a_client_of_somebody_else_is_refused(people: dict[str, Any], at: datetime, supervisor: Any, api: Any) -> None:
    log(people["other"], supervisor, at)
    for client in ("C-01", "Anna Schmidt", "C-01 Anna"):
        response = api(people["student"]).post("/api/v1/hours/", sent(supervisor, at, client=client))
        assert response.status_code == 400
        assert set(response.json()["errors"]) == {"client"}


def test_a_day_is_that_of_the_school(people: dict[str, Any], at: datetime, settings: Any, supervisor: Any) -> None:
    late = at.replace(hour=22)
    with pytest.raises(InvalidEntry):
        log(people["student"], supervisor, late, held_on=at.date() + timedelta(days=1))
    settings.TIME_ZONE = "Australia/Sydney"
    assert log(people["student"], supervisor, late, held_on=at.date() + timedelta(days=1))


# Taking back --------------------------------------------------------------------------------------------------------


def test_an_entry_that_is_taken_back_counts_no_more_and_stays(
    people: dict[str, Any], at: datetime, supervisor: Any
) -> None:
    row = log(people["student"], supervisor, at)
    student = signed_in(people["student"])
    page = student.post(f"/hours/{row.uuid}/withdraw/", follow=True).content.decode()
    assert "The entry is taken back." in page
    assert "No session yet." in page
    assert SupervisedSession.objects.filter(pk=row.pk).exists()
    again = student.post(f"/hours/{row.uuid}/withdraw/", follow=True)
    assert "This entry was taken back before." in again.content.decode()


def test_an_approved_entry_is_not_taken_back_until_it_is_refused(
    people: dict[str, Any], at: datetime, supervisor: Any
) -> None:
    student = people["student"]
    row = log(student, supervisor, at)
    decide_sessions(sessions=[row], approved=True, by=supervisor, at=at)
    with pytest.raises(AlreadyDone):
        withdraw_session(session=row, by=student, at=at)
    assert "Take back" not in signed_in(student).get("/hours/").content.decode()
    decide_sessions(sessions=[row], approved=False, reason="I was not there", by=supervisor, at=at)
    page = signed_in(student).get("/hours/").content.decode()
    assert "I was not there" in page
    assert "Take back" in page
    withdraw_session(session=row, by=student, at=at)


def test_nobody_else_takes_an_entry_back(people: dict[str, Any], at: datetime, supervisor: Any) -> None:
    row = log(people["student"], supervisor, at)
    for person in ("other", "instructor", "admin"):
        assert signed_in(people[person]).post(f"/hours/{row.uuid}/withdraw/").status_code == 404
    with pytest.raises(NotYours):
        withdraw_session(session=row, by=people["other"], at=at)


# What it amounts to -------------------------------------------------------------------------------------------------


def test_the_page_shows_the_way_to_the_minima_of_the_path(
    people: dict[str, Any], at: datetime, supervisor: Any
) -> None:
    student = people["student"]
    follow(student, at)
    rows = [log(student, supervisor, at, code, starts_at=time(hour)) for code, hour in (("", 8), ("C-01", 10))]
    rows.append(log(student, supervisor, at, starts_at=time(12), categories=["shoulder"]))
    rows.append(log(student, supervisor, at, starts_at=time(14), minutes=45))
    decide_sessions(sessions=rows[:2], approved=True, by=supervisor, at=at)
    page = signed_in(student).get("/hours/").content.decode()
    for words in ("Supervised client sessions", "2 of 3", "1 of 2", "2 of 2", "Shorter than 60 minutes"):
        assert words in page
    ledger = signed_in(student).get("/certification/foundations/").content.decode()
    assert "2 of 3 sessions · 1 of 2 clients · Head and neck 2 of 2" in ledger
    decide_sessions(sessions=rows[2:3], approved=True, by=supervisor, at=at)
    page = signed_in(student).get("/hours/").content.decode()
    assert "3 of 3" in page


def test_without_a_path_the_log_is_kept_for_later(people: dict[str, Any], at: datetime, supervisor: Any) -> None:
    log(people["student"], supervisor, at)
    page = signed_in(people["student"]).get("/hours/").content.decode()
    assert "You follow no path that asks for supervised sessions." in page
    assert "Waits for approval" in page


def test_overlaps_impossible_days_and_late_entries_are_said_to_both(
    people: dict[str, Any], at: datetime, supervisor: Any
) -> None:
    student = people["student"]
    log(student, supervisor, at, starts_at=time(8), minutes=400)
    log(student, supervisor, at, starts_at=time(14), minutes=400)
    log(student, supervisor, at, held_on=(at - timedelta(days=40)).date())
    for page in (signed_in(student).get("/hours/"), signed_in(supervisor).get("/supervise/")):
        words = page.content.decode()
        assert words.count("Overlaps with another entry") == 2
        assert words.count("More than 12 hours on this day") == 2
        assert words.count("Written down more than 30 days later") == 1


# For programs -------------------------------------------------------------------------------------------------------


def test_the_api_takes_an_entry_and_shows_it(people: dict[str, Any], at: datetime, supervisor: Any, api: Any) -> None:
    client = api(people["student"])
    made = client.post("/api/v1/hours/", sent(supervisor, at))
    assert made.status_code == 201
    body = made.json()
    assert (body["client"], body["starts_at"], body["state"], body["flags"]) == ("C-01", "18:00", "waiting", [])
    assert client.post("/api/v1/hours/", sent(supervisor, at, client="C-01")).json()["flags"] == ["overlap"]
    listed = client.get("/api/v1/hours/").json()
    assert [(row["client"], row["flags"]) for row in listed["results"]] == [("C-01", ["overlap"])] * 2
    assert api(people["other"]).get("/api/v1/hours/").json()["count"] == 0
    assert client.post(f"/api/v1/hours/{body['id']}/withdrawal/").status_code == 204
    again = client.post(f"/api/v1/hours/{body['id']}/withdrawal/")
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    assert client.get("/api/v1/hours/").json()["count"] == 1


def test_the_api_says_which_field_was_refused(people: dict[str, Any], at: datetime, supervisor: Any, api: Any) -> None:
    client = api(people["student"])
    for field, value in (
        ("note", "for Anna Schmidt"),
        ("supervisor", "nobody@test.example"),
        ("supervisor", people["other"].email),
        ("held_on", "2027-01-01"),
        ("starts_at", "25:00"),
        ("categories", []),
    ):
        response = client.post("/api/v1/hours/", {**sent(supervisor, at), field: value})
        assert (response.status_code, list(response.json()["errors"])) == (400, [field])
    assert not SupervisedSession.objects.exists()


# How much it costs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "address", "most"),
    [
        ("student", "/hours/", 14),
        ("student", "/hours/new/", 12),
        ("student", "/api/v1/hours/", 8),
        ("instructor", "/supervise/", 12),
        ("instructor", "/supervise/students/{student}/", 14),
        ("registrar", "/supervise/", 14),
        ("instructor", "/api/v1/supervision/hours/", 8),
    ],
)
def test_more_entries_cost_no_more_queries(
    person: str, address: str, most: int, people: dict[str, Any], at: datetime, supervisor: Any,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    follow(people["student"], at)
    browser = signed_in(people[person])
    where = address.format(student=people["student"].uuid)
    counts = []
    for more in (1, 14):
        for number in range(more):
            for name in ("student", "other"):
                log(people[name], supervisor, at, held_on=(at - timedelta(days=number + more)).date())
        browser.get(where)
        with django_assert_max_num_queries(most) as seen:
            assert browser.get(where).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
