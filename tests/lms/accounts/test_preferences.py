"""What a person prefers is kept with the account and stands in the page's first line."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from courses.api import outline
from lms.accounts.enums import Motion, Spacing, TextSize, Theme, Tint, Typeface
from lms.accounts.models import DEFAULT_PREFERENCES
from lms.learning.api import LessonCompletion

pytestmark = pytest.mark.django_db

URL = "/accounts/preferences/"
FORM = {
    "display_name": "Ana",
    "legal_name": "Ana Maria Ferreira",
    "sort_name": "Ferreira, Ana",
    "time_zone": "Asia/Tokyo",
    "theme": "dark",
    "font": "legible",
    "size": "xl",
    "spacing": "wide",
    "tint": "cream",
    "motion": Motion.values[-1],
    "timer_hidden": "on",
}


def html_of(page: Any) -> dict[str, str]:
    """The data attributes of <html>."""
    found = re.search(r"<html[^>]*>", page.content.decode())
    assert found
    return dict(re.findall(r'data-(\w+)="([^"]*)"', found[0]))


@pytest.fixture
def browser(student: Any) -> Client:
    client = Client()
    client.force_login(student)
    return client


def test_preferences_are_kept_and_written_on_every_page(browser: Client, student: Any) -> None:
    assert browser.post(URL, FORM)["Location"] == URL
    student.refresh_from_db()
    assert (student.display_name, student.legal_name, student.time_zone) == ("Ana", "Ana Maria Ferreira", "Asia/Tokyo")
    wanted = {name: FORM[name] for name in ("theme", "font", "size", "spacing", "tint", "motion")}
    for url in ("/", "/dashboard/", "/courses/", "/certification/", URL):
        assert html_of(browser.get(url)) == wanted, url
    assert student.reading_preferences["timer_hidden"] is True


def test_they_hold_in_an_attempt_too(browser: Client, student: Any, enrolled: Any) -> None:
    browser.post(URL, FORM)
    browser.post("/quizzes/ori-quiz/")
    attempt = student.attempts.get()
    assert html_of(browser.get(f"/attempts/{attempt.uuid}/"))["font"] == "legible"


def test_visitors_and_new_accounts_get_the_defaults(browser: Client) -> None:
    wanted = {name: value for name, value in DEFAULT_PREFERENCES.items() if name != "timer_hidden"}
    assert html_of(Client().get("/")) == wanted
    assert html_of(browser.get("/")) == wanted


def test_one_persons_preferences_are_nobody_elses(browser: Client, make_user: Any) -> None:
    browser.post(URL, FORM)
    other = Client()
    other.force_login(make_user("other"))
    assert html_of(other.get("/"))["font"] == "serif"


def test_an_account_from_before_a_preference_existed_gets_its_default(student: Any) -> None:
    student.preferences = {"theme": "dark"}
    assert student.reading_preferences == {**DEFAULT_PREFERENCES, "theme": "dark"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("theme", '"><script>'), ("size", "huge"), ("time_zone", "Mars/Olympus"), ("display_name", "")],
)
def test_what_is_not_offered_is_refused_and_nothing_is_kept(
    field: str, value: str, browser: Client, student: Any
) -> None:
    response = browser.post(URL, {**FORM, field: value})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    student.refresh_from_db()
    assert student.display_name == "Student"
    assert student.preferences == {}


@pytest.mark.parametrize("choices", [Theme, Typeface, TextSize, Spacing, Tint, Motion])
def test_each_choice_that_is_offered_is_taken(choices: Any, browser: Client, student: Any) -> None:
    field = {Theme: "theme", Typeface: "font", TextSize: "size", Spacing: "spacing", Tint: "tint", Motion: "motion"}
    for value in choices.values:
        assert browser.post(URL, {**FORM, field[choices]: value}).status_code == 302
        assert html_of(browser.get("/"))[field[choices]] == value


def test_nobody_gets_rights_by_the_form(browser: Client, student: Any) -> None:
    browser.post(URL, {**FORM, "is_superuser": "on", "is_staff": "on", "email": "boss@test.example"})
    student.refresh_from_db()
    assert (student.is_superuser, student.is_staff, student.email) == (False, False, "student@test.example")


@pytest.mark.parametrize(("zone", "day"), [("UTC", "2 November 2026"), ("Asia/Tokyo", "3 November 2026")])
def test_days_are_those_of_the_persons_zone(zone: str, day: str, browser: Client, enrolled: Any) -> None:
    found = outline().lesson("ORI-1")
    assert found is not None
    LessonCompletion.objects.create(
        user=enrolled,
        lesson_code="ORI-1",
        content_digest=found[2].digest,
        credited_minutes=found[2].minutes,
        completed_at=datetime(2026, 11, 2, 23, 30, tzinfo=UTC),
    )
    enrolled.time_zone = zone
    enrolled.save()
    page = browser.get(found[2].url).content.decode()
    assert f"On {day}." in page


def test_the_api_speaks_utc_whatever_the_zone(browser: Client, enrolled: Any) -> None:
    enrolled.time_zone = "Asia/Tokyo"
    enrolled.save()
    body = browser.get("/api/v1/programmes/foundations/progress/").json()
    assert body["admitted_at"].endswith("Z")
    assert body["admitted_at"].startswith("2026-11-01T10:00:00")
