"""Checkpoints: optional quizzes of a module, reached from its page, as open as it, and needed for nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from courses.api import CheckpointPage, ModulePage, outline
from lms.core.markup import plain_text
from lms.learning.api import Enrolment, end_enrolment, enrol, standing_of
from quizzes.api import Assessment, Attempt, start_attempt
from tests.lms.learning.studying import course, module, study_module, take
from tests.quizzes.making import make_assessment, make_question

pytestmark = pytest.mark.django_db

WRITTEN, CASES = "written-practice", "sources-of-pain-cases"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(code: str) -> CheckpointPage:
    return CheckpointPage.objects.get(assessment__code=code)


def test_the_outline_knows_them_beside_lessons_and_quiz() -> None:
    [stop] = module("ORI").checkpoints
    page = page_of(WRITTEN)
    assert (stop.code, stop.title, stop.url, stop.assessment) == (page.code, page.title, page.url, WRITTEN)
    assert module("ORI").assessments == ("ori-quiz", "ori-1-check", "ori-2-check", WRITTEN)
    assert outline().module_with(page.code) == module("ORI")
    assert outline().module_with("NONE") is None


def test_what_is_withdrawn_is_offered_no_more(enrolled: Any) -> None:
    digest = module("ORI").digest
    Assessment.objects.get(code=WRITTEN).unpublish()
    assert module("ORI").checkpoints == ()
    assert "More to practise" not in signed_in(enrolled).get(module("ORI").url).content.decode()
    page_of(CASES).unpublish()
    assert module("SRC").checkpoints == ()
    assert module("ORI").digest == digest, "completions do not hang on them"


def test_the_module_page_leads_to_the_quiz_and_the_quiz_back(enrolled: Any, now: datetime) -> None:
    client = signed_in(enrolled)
    shown = client.get(module("ORI").url)
    assert "More to practise" in plain_text(shown.content.decode())
    [line] = shown.context["more"]
    assert (line["url"], line["state"], line["best_percent"]) == (page_of(WRITTEN).url, "available", None)
    stop = client.get(line["url"])
    start = f"/quizzes/{WRITTEN}/"
    assert start in stop.content.decode()
    assert client.get(start).status_code == 200
    begun = client.post(start)
    assert begun.status_code == 302
    attempt = Attempt.objects.get(candidate=enrolled)
    assert attempt.assessment.code == WRITTEN
    client.post(f"/attempts/{attempt.uuid}/submit/")
    assert module("ORI").url in client.get(f"/attempts/{attempt.uuid}/result/").content.decode()


def test_it_is_listed_for_those_who_take_the_course_only(enrolled: Any, make_user: Any, api: Any) -> None:
    def listed(user: Any) -> set[str]:
        return {row["slug"] for row in api(user).get("/api/v1/quizzes/").json()["results"]}

    other = make_user("other")
    assert WRITTEN in listed(enrolled)
    assert WRITTEN not in listed(other)
    assert CASES not in listed(enrolled), "it belongs to the second course"
    assert signed_in(other).get(f"/quizzes/{WRITTEN}/").status_code == 404


@pytest.fixture
def half_way(db: None) -> CheckpointPage:
    """A checkpoint in the second module, which opens after the first."""
    page = CheckpointPage(
        title="Half way", slug="half-way", code="STOP", assessment=make_assessment("half-way", [make_question()])
    )
    ModulePage.objects.get(code="HIS").add_child(instance=page)
    page.save_revision().publish()
    return page


def test_it_is_locked_with_its_module(enrolled: Any, half_way: CheckpointPage, api: Any, now: datetime) -> None:
    client, start = signed_in(enrolled), "/api/v1/quizzes/half-way/attempts/"
    shown = client.get(half_way.url)
    assert shown.context["quiz"]["state"] == "locked"
    assert [row["title"] for row in shown.context["quiz"]["missing"]] == [module("ORI").title]
    assert "/quizzes/half-way/" not in shown.content.decode()
    assert client.get(module("HIS").url).context["more"][0]["state"] == "locked"
    refused = api(enrolled).post(start)
    assert (refused.status_code, refused.json()["code"]) == (409, "locked")
    assert Client().get(half_way.url).context["quiz"]["missing"] == [], "a visitor signs in first"

    study_module(enrolled, "ORI", now - timedelta(days=2))
    assert client.get(half_way.url).context["quiz"]["state"] == "available"
    assert api(enrolled).post(start).status_code == 201


def test_passing_is_told_and_completes_nothing_and_missing_it_hinders_nothing(
    enrolled: Any, half_way: CheckpointPage, now: datetime
) -> None:
    study_module(enrolled, "ORI", now - timedelta(days=2))
    assert standing_of(enrolled).is_complete("ORI"), "nobody has written the two texts"
    take(enrolled, "half-way", now, right=0.0)
    client = signed_in(enrolled)
    assert client.get(half_way.url).context["quiz"]["state"] == "in_progress"
    take(enrolled, "half-way", now + timedelta(hours=1))
    [line] = client.get(module("HIS").url).context["more"]
    assert (line["state"], line["best_percent"]) == ("completed", 100)
    assert not standing_of(enrolled).is_complete("HIS")


def test_a_texts_result_waits_for_its_marker(enrolled: Any, now: datetime) -> None:
    take(enrolled, WRITTEN, now)
    attempt = Attempt.objects.get(candidate=enrolled)
    assert attempt.submitted_at
    assert not attempt.results.exists()


def test_who_leaves_a_course_has_its_running_attempts_stopped(enrolled: Any, now: datetime) -> None:
    attempt, _is_new = start_attempt(assessment=Assessment.objects.get(code=WRITTEN), by=enrolled, at=now)
    end_enrolment(enrolment=Enrolment.objects.get(user=enrolled), reason="Moved away", by=enrolled, at=now)
    attempt.refresh_from_db()
    assert attempt.paused_at == now


def test_a_case_comes_whole_and_asks_how_certain_one_is(enrolled: Any, api: Any, now: datetime) -> None:
    study_module(enrolled, "ORI", now - timedelta(days=4))
    study_module(enrolled, "HIS", now - timedelta(days=3))
    study_module(enrolled, "ANA", now - timedelta(days=2))
    enrol(user=enrolled, course=course("C2"), by=enrolled, at=now)
    attempt, _is_new = start_attempt(assessment=Assessment.objects.get(code=CASES), by=enrolled, at=now)
    items = attempt.items.select_related("version__question").order_by("slot")
    told = [item.slot for item in items if item.version.stimulus_html]
    assert told == list(range(told[0], told[0] + 4))
    assert {item.version.type for item in items} == {
        "single_choice", "multiple_response", "short_answer", "cloze", "hotspot", "labelling"
    }  # fmt: skip
    assert attempt.policy["asks_certainty"] is True
