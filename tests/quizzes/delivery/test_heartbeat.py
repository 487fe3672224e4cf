"""What a page that shows an attempt hears every few seconds, and what time that ran out on a page alone can do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from quizzes.attempts.commands import adjust_time, pause, resume, void_attempt
from quizzes.attempts.models import Attempt, AttemptPresence
from tests.quizzes.delivery.test_statements import at_most, statements

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FACTS = {"server_time", "deadline", "paused", "state"}


@pytest.fixture
def attempt(quiz_of: Any, begin: Any) -> Attempt:
    return begin(quiz_of(["single_choice", "numeric"], time_limit=HOUR))


@pytest.fixture
def beat(api: Any, student: Any, clock: Any) -> Any:
    client = api(student)

    def ask(attempt: Attempt, status: int = 200) -> dict[str, Any]:
        response = client.post(f"/api/v1/attempts/{attempt.uuid}/heartbeat/")
        assert response.status_code == status
        return response.json()

    return ask


@pytest.fixture
def submit(api: Any, student: Any, clock: Any) -> Any:
    client = api(student)

    def send(attempt: Attempt, **body: Any) -> dict[str, Any]:
        response = client.post(f"/api/v1/attempts/{attempt.uuid}/submit/", body, format="json")
        assert response.status_code == 200
        return response.json()

    return send


def test_a_running_attempt(attempt: Attempt, beat: Any, clock: Any, now: datetime) -> None:
    said = beat(attempt)
    assert set(said) == FACTS
    assert (said["state"], said["paused"]) == ("in_progress", False)
    assert datetime.fromisoformat(said["deadline"]) == now + HOUR
    assert datetime.fromisoformat(said["server_time"]) == now
    clock.forward(seconds=15)
    beat(attempt)
    assert AttemptPresence.objects.get().last_seen_at == now + timedelta(seconds=15)


def test_time_given_and_pauses_are_heard(attempt: Attempt, beat: Any, clock: Any, others: Any, now: datetime) -> None:
    examiner = others["examiner"]
    adjust_time(attempts=[attempt], seconds=600, reason="Fire alarm", by=examiner, at=now)
    assert datetime.fromisoformat(beat(attempt)["deadline"]) == now + HOUR + timedelta(minutes=10)
    pause(attempts=[attempt], reason="Fire alarm", by=examiner, at=now)
    clock.forward(hours=5)
    assert beat(attempt)["paused"] is True, "a stopped clock never runs out"
    resume(attempts=[attempt], by=examiner, at=clock.at)
    assert beat(attempt)["paused"] is False


def test_an_untimed_attempt_has_no_deadline(quiz_of: Any, begin: Any, beat: Any) -> None:
    assert beat(begin(quiz_of(["numeric"])))["deadline"] is None


def test_an_overdue_attempt_is_sealed_by_being_asked_for(attempt: Attempt, beat: Any, clock: Any) -> None:
    clock.forward(hours=1, seconds=4)
    assert beat(attempt)["state"] == "in_progress", "the grace for the network"
    clock.forward(seconds=2)
    assert beat(attempt)["state"] == "graded"
    attempt.refresh_from_db()
    assert attempt.submitted_how == "deadline"


def test_a_closed_attempt_notes_nobody(attempt: Attempt, beat: Any, others: Any, now: datetime) -> None:
    void_attempt(attempt=attempt, reason="Wrong room", by=others["examiner"], at=now)
    assert beat(attempt)["state"] == "void"
    assert not AttemptPresence.objects.exists()


def test_it_takes_four_statements(attempt: Attempt, api: Any, student: Any, clock: Any) -> None:
    client = api(student)
    url = f"/api/v1/attempts/{attempt.uuid}/heartbeat/"
    client.post(url)
    at_most(4, statements(lambda: client.post(url)))  # Session, person, attempt, presence.


# Time is up, says the page -------------------------------------------------------------------------------------------


def test_a_page_whose_clock_ran_out_too_early_seals_nothing(
    attempt: Attempt, submit: Any, clock: Any, others: Any, now: datetime
) -> None:
    adjust_time(attempts=[attempt], seconds=600, reason="Late start", by=others["examiner"], at=now)
    clock.forward(hours=1)
    said = submit(attempt, reason="time_up")
    assert said["state"] == "in_progress"
    assert datetime.fromisoformat(said["deadline"]) == now + HOUR + timedelta(minutes=10)
    attempt.refresh_from_db()
    assert attempt.is_open


def test_two_seconds_before_the_deadline_the_page_is_believed(attempt: Attempt, submit: Any, clock: Any) -> None:
    clock.forward(minutes=59, seconds=58)
    said = submit(attempt, reason="time_up")
    assert said["state"] == "graded"
    assert "deadline" not in said


def test_a_candidate_hands_in_whenever_they_like(attempt: Attempt, submit: Any) -> None:
    assert submit(attempt, reason="candidate")["state"] == "graded"


def test_while_the_clock_stands_still_no_time_is_up(
    attempt: Attempt, submit: Any, clock: Any, others: Any, now: datetime
) -> None:
    pause(attempts=[attempt], reason="Fire alarm", by=others["examiner"], at=now)
    clock.forward(hours=2)
    assert submit(attempt, reason="time_up")["state"] == "in_progress"
    assert submit(attempt)["state"] == "graded", "handing in is possible all the same"


def test_the_form_goes_back_to_the_questions_when_time_was_given(
    attempt: Attempt, client: Any, student: Any, clock: Any, others: Any, now: datetime
) -> None:
    client.force_login(student)
    here = f"/attempts/{attempt.uuid}/"
    adjust_time(attempts=[attempt], seconds=600, reason="Late start", by=others["examiner"], at=now)
    clock.forward(hours=1)
    assert client.post(f"{here}submit/", {"reason": "time_up"})["Location"] == here
    assert "you can go on" in client.get(here).content.decode()
    clock.forward(minutes=10)
    assert client.post(f"{here}submit/", {"reason": "time_up"})["Location"] == f"{here}result/"
