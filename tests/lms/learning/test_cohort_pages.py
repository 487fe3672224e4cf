"""The pages and the API of cohorts: making one, naming people for it, taking somebody off; and what they cost."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lms.accounts.api import Role, grant_role
from lms.learning.api import Cohort, Enrolment, enrol
from tests.lms.learning.classes import make_cohort, make_session
from tests.lms.learning.studying import course, study

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NEW = {"title": "Spring", "code": "", "starts_on": "2026-11-01", "ends_on": "2027-03-01", "action": "save"}


@pytest.fixture
def registrar(people: dict[str, Any], signed_in: Any, arrive: Any) -> Client:
    return signed_in(people["registrar"])


@pytest.fixture
def spring(people: dict[str, Any]) -> Cohort:
    """A cohort that nobody is in yet."""
    row = Cohort.objects.create(code="spring", title="Spring", starts_on="2026-11-01")
    row.instructors.add(people["instructor"])
    return row


def shown(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def send(client: Client, cohort: Cohort, *names: str, action: str = "check", **more: Any) -> Any:
    people = "\n".join(f"{name}@test.example" for name in names)
    sent = {"courses": ["C1"], "people": people, "action": action, **more}
    return client.post(reverse("learning:members_add", args=[cohort.uuid]), sent)


def digest_in(html: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', html)
    assert found
    return found[1]


def add(client: Client, cohort: Cohort, *names: str) -> None:
    """Look at the list, and confirm it."""
    seen = digest_in(shown(send(client, cohort, *names)))
    assert send(client, cohort, *names, action="confirm", seen=seen).status_code == 302


# Making and changing -------------------------------------------------------------------------------------------------


def test_a_registrar_makes_a_cohort_and_goes_on_to_its_members(registrar: Client, people: Any) -> None:
    assert "There is no cohort yet" in shown(registrar.get(reverse("learning:cohorts")))
    url = reverse("learning:cohort_new")
    answer = registrar.post(url, {**NEW, "instructors": [str(people["instructor"].uuid)]})
    row = Cohort.objects.get()
    assert answer["Location"] == reverse("learning:members_add", args=[row.uuid])
    assert (row.code, row.ends_on.isoformat(), row.instructors.get()) == ("spring", "2027-03-01", people["instructor"])
    html = shown(registrar.get(reverse("learning:cohort", args=[row.uuid])))
    assert "Add members" in html


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "This field is required"), ({"code": "autumn"}, "Another cohort has this code."),
        ({"ends_on": "2026-01-01"}, "It cannot end before it starts."), ({"starts_on": "soon"}, "valid date"),
        ({"instructors": ["nonsense"]}, "nonsense"), ({"code": "a b"}, "Letters, digits"),
    ],
)  # fmt: skip
def test_what_was_typed_stays_when_something_is_wrong(
    registrar: Client, people: Any, wrong: dict[str, Any], said: str
) -> None:
    Cohort.objects.create(code="autumn", title="Autumn")
    html = shown(registrar.post(reverse("learning:cohort_new"), {**NEW, "ends_on": "2027-02-02", **wrong}))
    assert said in html
    assert 'value="Spring"' in html or "title" in wrong
    assert Cohort.objects.count() == 1


def test_instructors_are_found_and_nothing_typed_is_lost(registrar: Client, people: Any, make_user: Any) -> None:
    wanted, other = make_user("berta", "instructor"), people["instructor"]
    for number in range(25):
        make_user(f"teacher{number}", "instructor")
    sent = {**NEW, "action": "find", "find": "bert", "instructors": [str(other.uuid)]}
    html = shown(registrar.post(reverse("learning:cohort_new"), sent))
    assert 'value="Spring"' in html
    assert 'value="2027-03-01"' in html
    boxes = re.findall(r'name="instructors" value="([^"]+)"([^>]*)>', html)
    assert {uuid: "checked" in rest for uuid, rest in boxes} == {str(other.uuid): True, str(wanted.uuid): False}
    assert "field__error" not in html
    assert not Cohort.objects.exists()
    assert "There are more" in shown(registrar.get(reverse("learning:cohort_new")))


def test_a_cohort_is_changed_and_the_page_says_how_it_came_to_be(
    registrar: Client, spring: Cohort, people: Any
) -> None:
    url = reverse("learning:cohort_edit", args=[spring.uuid])
    sent = {"title": "Summer", "starts_on": "2026-11-01", "ends_on": "", "action": "save"}
    assert 'value="2026-11-01"' in shown(registrar.get(url))
    assert registrar.post(url, sent).status_code == 302
    html = shown(registrar.get(url))
    assert "Registrar changed it; before:" in html
    assert "Title: Spring; Instructors: Instructor" in html
    spring.refresh_from_db()
    assert (spring.title, spring.code, spring.instructors.count()) == ("Summer", "spring", 0)


def test_only_an_empty_cohort_can_be_removed(registrar: Client, spring: Cohort) -> None:
    url, removal = (reverse(f"learning:cohort_{name}", args=[spring.uuid]) for name in ("edit", "remove"))
    assert "Remove the cohort" in shown(registrar.get(url))
    add(registrar, spring, "student")
    assert "Remove the cohort" not in shown(registrar.get(url))
    assert "it stays and ends by its date" in shown(registrar.post(removal, follow=True))
    spare = Cohort.objects.create(code="spare", title="Spare")
    assert "Removed: Spare" in shown(registrar.post(reverse("learning:cohort_remove", args=[spare.uuid]), follow=True))


def test_cohorts_stand_by_their_dates(registrar: Client, people: Any, signed_in: Any, now: datetime) -> None:
    today = now.date()
    dates = {
        "One that runs": (today, today), "One to come": (today + DAY, None), "One that is over": (None, today - DAY),
        "One without dates": (None, None),
    }  # fmt: skip
    for number, (title, (starts_on, ends_on)) in enumerate(dates.items()):
        Cohort.objects.create(code=f"c{number}", title=title, starts_on=starts_on, ends_on=ends_on)
    html = shown(registrar.get(reverse("learning:cohorts")))
    order = ["Running", "One that runs", "To come", "One to come", "Over", "One that is over"]
    places = [html.index(f">{words}<") for words in order]
    assert places == sorted(places)
    assert html.index(">One without dates<") < html.index(">To come<")
    assert "Make a cohort" in html
    assert "Make a cohort" not in shown(signed_in(people["instructor"]).get(reverse("learning:cohorts")))


# Members -------------------------------------------------------------------------------------------------------------


def test_a_list_is_shown_line_by_line_and_then_confirmed(
    registrar: Client, spring: Cohort, people: Any, make_user: Any, now: datetime
) -> None:
    make_cohort(people["instructor"], [make_user("busy")], now)
    html = shown(send(registrar, spring, "student", "nobody", "student", "busy", "other"))
    for said in (
        "2 people would be added to Spring", "3 lines are left out", "Nobody has this address.",
        "Stands further up in the list.", "taken in Autumn, and stays there", "Add 2 people",
    ):  # fmt: skip
        assert said in html
    assert not Enrolment.objects.filter(cohort=spring).exists()
    answer = send(
        registrar, spring, "student", "nobody", "student", "busy", "other", action="confirm", seen=digest_in(html)
    )
    assert answer["Location"] == reverse("learning:cohort", args=[spring.uuid])
    assert Enrolment.objects.filter(cohort=spring).count() == 2


def test_what_changed_meanwhile_is_shown_before_anything_is_done(
    registrar: Client, spring: Cohort, people: Any, now: datetime
) -> None:
    seen = digest_in(shown(send(registrar, spring, "student", "other")))
    enrol(user=people["other"], course=course("C1"), by=people["other"], at=now)
    html = shown(send(registrar, spring, "student", "other", action="confirm", seen=seen))
    assert "Something has changed meanwhile" in html
    assert "goes on in this cohort, nothing is lost" in html
    assert not Enrolment.objects.filter(cohort=spring).exists()
    send(registrar, spring, "student", "other", action="confirm", seen=digest_in(html))
    assert Enrolment.objects.filter(cohort=spring).count() == 2


def test_people_are_found_by_name_and_come_into_the_list(registrar: Client, spring: Cohort, people: Any) -> None:
    html = shown(send(registrar, spring, "other", action="find", find="stud"))
    assert 'name="picked" value="student@test.example"' in html
    assert "other@test.example</textarea>" in html
    assert re.search(r'value="C1"[^>]*checked', html)
    more = {"picked": ["student@test.example", "other@test.example"]}
    html = shown(send(registrar, spring, "other", action="find", find="zzz", **more))
    assert "other@test.example\nstudent@test.example</textarea>" in html.replace("\r", "")
    assert "Nobody fits." in html
    html = shown(send(registrar, spring, **more))
    assert "2 people would be added" in html
    back = shown(send(registrar, spring, "student", "other", action="edit"))
    assert "student@test.example\nother@test.example</textarea>" in back.replace("\r", "")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"courses": []}, "Choose at least one course."), ({"people": ""}, "Say who"),
        ({"courses": ["X"]}, "X is not one"),
        ({"people": "\n".join(f"a{n}@x.org" for n in range(201))}, "At most 200 at once"),
    ],
)  # fmt: skip
def test_a_list_that_is_wrong_comes_back_as_it_was(
    registrar: Client, spring: Cohort, wrong: dict[str, Any], said: str
) -> None:
    assert said in shown(send(registrar, spring, "student", **wrong))
    assert not Enrolment.objects.exists()


def test_nobody_is_added_to_a_cohort_that_is_over(registrar: Client, spring: Cohort, now: datetime) -> None:
    Cohort.objects.update(ends_on=now.date() - DAY)
    assert "This cohort is over" in shown(send(registrar, spring, "student"))
    assert "Add members" not in shown(registrar.get(reverse("learning:cohort", args=[spring.uuid])))


def test_all_members_can_be_named_for_a_further_course(registrar: Client, spring: Cohort) -> None:
    add(registrar, spring, "student", "other")
    html = shown(registrar.get(reverse("learning:members_add", args=[spring.uuid]), {"who": "members"}))
    assert "other@test.example\nstudent@test.example</textarea>" in html


def test_instructors_see_how_far_members_are_and_change_nothing(
    registrar: Client, teacher: Client, spring: Cohort, people: Any, now: datetime
) -> None:
    add(registrar, spring, "student", "other")
    study(people["student"], "ORI-1", now)
    total = len(course("C1").lessons)
    html = shown(teacher.get(reverse("learning:cohort", args=[spring.uuid])))
    assert f"1 of {total}" in html
    assert "Change the cohort" not in html
    url = reverse("learning:member", args=[spring.uuid, people["student"].uuid])
    assert url in html
    page = shown(teacher.get(url))
    assert f"1 of {total} lessons completed" in page
    assert "Take off the cohort" not in page
    assert teacher.get(reverse("learning:member_remove", args=[spring.uuid, people["student"].uuid])).status_code == 403
    assert teacher.get(reverse("learning:member", args=[spring.uuid, people["admin"].uuid])).status_code == 404
    assert teacher.post(reverse("learning:members_add", args=[spring.uuid])).status_code == 403


def test_somebody_is_taken_off_with_a_reason(registrar: Client, teacher: Client, spring: Cohort, people: Any) -> None:
    add(registrar, spring, "student")
    url = reverse("learning:member_remove", args=[spring.uuid, people["student"].uuid])
    html = shown(registrar.post(url, {"reason": "Moved", "what": ""}))
    assert "Say what becomes of the courses." in html
    assert "Moved</textarea>" in html
    assert registrar.post(url, {"reason": "Moved", "what": "leave"}).status_code == 302
    page = reverse("learning:member", args=[spring.uuid, people["student"].uuid])
    assert teacher.get(page).status_code == 404, "who left is not the instructor's any more"
    html = shown(registrar.get(page))
    assert "Moved" in html
    assert "1 person who left" in shown(registrar.get(reverse("learning:cohort", args=[spring.uuid])))
    assert "is not in the cohort any more" in shown(registrar.post(url, {"reason": "M", "what": "keep"}, follow=True))


def test_other_instructors_find_nothing(spring: Cohort, make_user: Any, signed_in: Any, registrar: Client) -> None:
    add(registrar, spring, "student")
    stranger = signed_in(make_user("stranger", "instructor"))
    student = Enrolment.objects.get().user
    assert stranger.get(reverse("learning:member", args=[spring.uuid, student.uuid])).status_code == 404
    assert stranger.get(reverse("learning:cohort", args=[spring.uuid])).status_code == 404


def test_registrars_find_the_way(registrar: Client, people: Any, signed_in: Any) -> None:
    html = shown(registrar.get(reverse("registrar:home")))
    assert reverse("learning:cohorts") in html
    assert reverse("practicals:supervise") in html
    assert reverse("learning:cohort_new") in shown(signed_in(people["admin"]).get(reverse("portal:teach")))


# The API -------------------------------------------------------------------------------------------------------------


def test_the_api_makes_a_cohort_and_says_who_is_in_it(api: Any, people: Any, arrive: Any) -> None:
    client = api(people["registrar"])
    address, teacher = "/api/v1/cohorts/", people["instructor"].email
    made = client.post(address, {"title": "Spring", "starts_on": "2026-11-03", "instructors": [teacher]}, format="json")
    assert (made.status_code, made.json()["code"], made.json()["phase"]) == (201, "spring", "coming")
    refused = client.post(address, {"title": "S", "starts_on": "2026-11-03", "code": "spring"}, format="json")
    assert (refused.status_code, set(refused.json()["errors"])) == (400, {"code"})
    changed = client.patch(f"{address}spring/", {"starts_on": "2026-11-01"}, format="json")
    assert (changed.json()["phase"], changed.json()["instructors"]) == ("running", ["Instructor"])

    asked = {"people": ["student@test.example", "nobody@test.example"], "courses": ["C1"]}
    seen = client.post(f"{address}spring/members/", {**asked, "preview": True}, format="json").json()
    assert not Enrolment.objects.exists()
    assert [line["outcome"] for line in seen["lines"]] == ["add", "unknown"]
    stale = client.post(f"{address}spring/members/", {**asked, "seen": "0" * 64}, format="json")
    assert (stale.status_code, stale.json()["code"]) == (409, "members_changed")
    done = client.post(f"{address}spring/members/", {**asked, "seen": seen["digest"]}, format="json").json()
    assert (done["added"], done["lines"][0]["courses"][0]["step"]) == (1, "enrol")
    assert client.get(f"{address}spring/").json()["student_count"] == 1
    assert client.delete(f"{address}spring/").status_code == 409

    removal = f"{address}spring/members/removal/"
    gone = {"email": "student@test.example", "reason": "Moved", "keeps_courses": True}
    assert client.post(removal, {**gone, "email": "nobody@test.example"}, format="json").status_code == 400
    assert client.post(removal, gone, format="json").status_code == 204
    again = client.post(removal, gone, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "not_a_member")
    assert Enrolment.objects.get(ended_at=None).cohort is None


# What it costs -------------------------------------------------------------------------------------------------------


def test_many_people_cost_as_many_queries_as_one(
    registrar: Client, spring: Cohort, people: Any, make_user: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    def ask_all(*names: str) -> None:
        member = [spring.uuid, people["student"].uuid]
        pages = {
            "cohorts": (11, []), "cohort": (16, [spring.uuid]), "cohort_edit": (12, [spring.uuid]),
            "cohort_new": (6, []), "members_add": (8, [spring.uuid]), "member": (16, member),
            "member_remove": (8, member),
        }  # fmt: skip
        for name, (most, args) in pages.items():
            with django_assert_max_num_queries(most, info=name):
                assert registrar.get(reverse(f"learning:{name}", args=args)).status_code == 200
        with django_assert_max_num_queries(12, info="preview"):
            assert send(registrar, spring, *names).status_code == 200

    add(registrar, spring, "student")
    ask_all("other")
    names = [f"student{number}" for number in range(12)]
    for name in names:
        make_user(name)
    add(registrar, spring, *names)
    for number in range(12):
        grant_role(user=make_user(f"teacher{number}"), role=Role.INSTRUCTOR)
        row = Cohort.objects.create(code=f"more-{number}", title=f"More {number}")
        row.instructors.add(people["instructor"])
        make_session(row, people["instructor"], now + number * DAY)
    fresh = [f"fresh{number}" for number in range(12)]
    for name in fresh:
        make_user(name)
    ask_all(*fresh, *names)
