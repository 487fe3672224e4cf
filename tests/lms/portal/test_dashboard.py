"""One's own page: what is next, how far one has come, and at what cost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.api import Assessment, start_attempt
from tests.lms.certification.builders import applied, certified, ready
from tests.lms.learning.studying import course, study, study_module, take

pytestmark = pytest.mark.django_db

#: Session and user, roles, settings, outline, facts, ledgers, attempts, certificates. Lower it when you can.
MOST_QUERIES = 40


@pytest.fixture
def browser() -> Any:
    def signed_in(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


def next_step(browser: Any, user: Any) -> dict[str, str]:
    response = browser(user).get("/dashboard/")
    assert response.status_code == 200
    step = response.context["next"]
    assert step["title"] in response.content.decode().replace("&#x27;", "'")
    return step


def queries(client: Client) -> int:
    client.get("/dashboard/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/dashboard/")
    return len(seen)


def test_the_cost_is_bounded_and_does_not_grow_with_what_is_done(enrolled: Any, browser: Any, now: datetime) -> None:
    client = browser(enrolled)
    assert queries(client) <= MOST_QUERIES
    now = study(enrolled, "ORI-1", now)  # With the first lesson there is something to practise.
    at_first = queries(client)
    at = study_module(enrolled, "ORI", now)
    after_two = queries(client)
    study_module(enrolled, "HIS", at)
    after_all = queries(client)
    assert after_all <= after_two <= at_first <= MOST_QUERIES


def test_the_next_step_leads_through_the_school(enrolled: Any, browser: Any, now: datetime) -> None:
    assert next_step(browser, enrolled)["kind"] == "lesson"
    for lesson in course("C1").modules[0].lessons:
        now = study(enrolled, lesson.code, now)
    quiz = next_step(browser, enrolled)
    assert (quiz["kind"], quiz["url"]) == ("quiz", "/quizzes/ori-quiz/")
    take(enrolled, "ori-quiz", now)
    assert next_step(browser, enrolled)["url"] == course("C1").modules[1].lessons[0].url


def test_a_running_attempt_comes_before_everything(enrolled: Any, browser: Any, now: datetime) -> None:
    attempt, _is_new = start_attempt(assessment=Assessment.objects.get(code="ori-quiz"), by=enrolled, at=now)
    step = next_step(browser, enrolled)
    assert (step["kind"], step["url"]) == ("attempt", f"/attempts/{attempt.uuid}/")


def test_whoever_has_begun_nothing_is_led_to_a_course(student: Any, browser: Any) -> None:
    step = next_step(browser, student)
    assert (step["kind"], step["url"]) == ("enrol", course("C1").url)


def test_whoever_has_met_everything_is_led_to_apply(people: dict[str, Any], browser: Any, now: datetime) -> None:
    ready(people["student"], people["registrar"], now)
    context = browser(people["student"]).get("/dashboard/").context
    assert context["paths"][0]["ledger"].is_eligible
    assert [row["mark"] for row in context["milestones"]][:-1] == ["done"] * (len(context["milestones"]) - 1)
    assert context["milestones"][-1]["mark"] == "current"


def test_a_holder_sees_the_certificate(people: dict[str, Any], browser: Any, now: datetime) -> None:
    certificate = certified(people["student"], people["registrar"], now)
    response = browser(people["student"]).get("/dashboard/")
    assert [row["certificate"] for row in response.context["certificates"]] == [certificate]
    assert response.context["milestones"][-1]["mark"] == "done"


def test_it_shows_nothing_of_others(people: dict[str, Any], browser: Any, now: datetime) -> None:
    certificate = certified(people["other"], people["registrar"], now)
    start_attempt(assessment=Assessment.objects.get(code="foundations-exam"), by=people["other"], at=now)
    response = browser(people["student"]).get("/dashboard/")
    assert certificate.number not in response.content.decode()
    assert response.context["open_attempts"] == []
    assert response.context["certificates"] == []


@pytest.mark.parametrize("role", ["instructor", "examiner", "registrar", "admin"])
def test_staff_have_a_page_of_their_own_too(role: str, people: dict[str, Any], browser: Any) -> None:
    assert next_step(browser, people[role])["kind"]


def test_the_registrars_desk_lists_what_waits(people: dict[str, Any], browser: Any, now: datetime) -> None:
    application = applied(people["student"], people["registrar"], now - timedelta(days=1))
    page = browser(people["registrar"]).get("/registrar/")
    assert list(page.context["applications"]) == [application]
    assert str(application.uuid) in page.content.decode()
