"""While the clock stands still: no question is shown, nothing is lost, and handing in stays possible."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from quizzes.attempts.commands import interrupt, pause, resume
from quizzes.attempts.models import Attempt, Response
from tests.quizzes.delivery.test_pages import Fields, read

pytestmark = pytest.mark.django_db
STEM = "What is asked by"


@pytest.fixture
def browser(client: Any, student: Any, clock: Any) -> Any:
    client.force_login(student)
    return client


@pytest.fixture
def attempt(quiz_of: Any, begin: Any) -> Attempt:
    return begin(quiz_of(["single_choice", "numeric"], time_limit=timedelta(hours=1)))


@pytest.fixture
def stop(attempt: Attempt, others: Any) -> Any:
    def act(at: datetime) -> None:
        pause(attempts=[attempt], reason="Fire alarm", by=others["examiner"], at=at)

    return act


def test_the_page_says_so_and_shows_no_question(attempt: Attempt, browser: Any, stop: Any, now: datetime) -> None:
    assert STEM in read(browser, attempt, 2)[0]
    stop(now)
    text, fields = read(browser, attempt, 2)
    assert "Paused by the invigilator" in text
    assert STEM not in text
    assert "Fire alarm" not in text, "why is for the record"
    assert fields.values["slot"] == ["2"], "it comes back where it was left"


def test_neither_the_overview_nor_the_kept_questions_tell_what_is_asked(
    attempt: Attempt, browser: Any, stop: Any, now: datetime
) -> None:
    here = f"/attempts/{attempt.uuid}/"
    assert STEM in browser.get(f"{here}summary/").content.decode()
    stop(now)
    overview = browser.get(f"{here}summary/").content.decode()
    assert STEM not in overview
    assert "Hand in my answers" in overview
    assert browser.get(f"{here}questions/").json() == {"questions": []}
    assert browser.get(f"/api/v1/attempts/{attempt.uuid}/").json()["items"] == []


def test_a_form_that_came_after_the_stop_waits_on_the_page_and_is_saved_later(
    attempt: Attempt, browser: Any, stop: Any, clock: Any, others: Any, now: datetime
) -> None:
    here = f"/attempts/{attempt.uuid}/"
    _text, fields = read(browser, attempt, 2)
    stop(now)
    clock.forward(seconds=30)
    sent = {**fields.values, "answer": "19.5", "flagged": "on", "go": "summary"}
    page = browser.post(here, sent)
    assert page.status_code == 200
    waiting = Fields(page.content.decode()).values
    assert {name: waiting[name] for name in ("answer", "flagged", "go", "slot")} == {
        "answer": ["19.5"], "flagged": ["on"], "go": ["summary"], "slot": ["2"],
    }  # fmt: skip
    assert not Response.objects.exists()
    # Pressed too early it waits on; pressed when the clock runs it goes where it was going.
    assert browser.post(here, waiting).status_code == 200
    resume(attempts=[attempt], by=others["examiner"], at=clock.at)
    assert browser.post(here, waiting)["Location"] == f"{here}summary/"
    assert Response.objects.get().flagged


def test_what_was_on_its_way_is_still_taken(
    attempt: Attempt, browser: Any, stop: Any, clock: Any, now: datetime
) -> None:
    _text, fields = read(browser, attempt, 1)
    stop(now)
    clock.forward(seconds=3)
    browser.post(f"/attempts/{attempt.uuid}/", {**fields.values, "answer": "a", "go": "next"})
    assert Response.objects.count() == 1


def test_what_waits_is_written_as_text_and_never_as_markup(
    attempt: Attempt, browser: Any, stop: Any, clock: Any, now: datetime
) -> None:
    stop(now - timedelta(minutes=1))
    body = {"slot": "2", "revision": "0", "answer": "20", "go": '"><script>alert(1)</script>'}
    assert "<script>alert" not in browser.post(f"/attempts/{attempt.uuid}/", body).content.decode()


def test_handing_in_is_possible(attempt: Attempt, browser: Any, stop: Any, now: datetime) -> None:
    stop(now)
    here = f"/attempts/{attempt.uuid}/"
    assert browser.post(f"{here}submit/")["Location"] == f"{here}result/"
    assert browser.get(here)["Location"] == f"{here}result/"


def test_somebody_who_is_no_longer_enrolled_is_told_so(attempt: Attempt, browser: Any, others: Any, now: Any) -> None:
    codes = [attempt.assessment.code]
    interrupt(candidate=attempt.candidate, assessment_codes=codes, by=others["registrar"], at=now)
    page = browser.get(f"/attempts/{attempt.uuid}/").content.decode()
    assert "not enrolled any more" in page
    assert "invigilator" not in page


def test_the_question_comes_back_with_its_time(
    attempt: Attempt, browser: Any, stop: Any, clock: Any, others: Any, now: datetime
) -> None:
    stop(now)
    clock.forward(hours=3)
    resume(attempts=[attempt], by=others["examiner"], at=clock.at)
    text, _fields = read(browser, attempt, 1)
    assert STEM in text
    attempt.refresh_from_db()
    assert attempt.deadline_at == now + timedelta(hours=4)
