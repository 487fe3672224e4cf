"""The end of an attempt: what still counts, what is kept aside, and what a late answer can never do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from quizzes.attempts.commands import seal_if_overdue, submit_attempt, void_attempt
from quizzes.attempts.exceptions import AttemptClosed
from quizzes.attempts.models import Attempt, AttemptEvent, Response
from quizzes.grading.models import Grade, Result
from tests.quizzes.making import right, wrong

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
GRACE = timedelta(seconds=5)
TICK = timedelta(microseconds=1)


@pytest.fixture
def timed(quiz_of: Any, begin: Any) -> Attempt:
    """An attempt of two questions and an hour."""
    return begin(quiz_of(["single_choice", "single_choice"], time_limit=HOUR))


def closed(response: Any, *, kept: bool) -> None:
    body = response.json()
    assert (response.status_code, body["code"], body["kept"]) == (409, "attempt_closed", kept)
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("late", [timedelta(0), GRACE])
def test_an_answer_that_arrives_within_the_grace_counts(
    timed: Attempt, put: Any, clock: Any, late: timedelta, hand_in: Any
) -> None:
    clock.forward(seconds=(HOUR + late).total_seconds())
    assert put(timed, 1, {"answer": right(timed)}).status_code == 200
    assert Response.objects.get(item__attempt=timed).counted
    result = hand_in(timed, at=clock.at)
    assert result.raw == 1
    assert (timed.submitted_how, timed.finished_at, timed.submitted_at) == ("candidate", timed.deadline_at, clock.at)


@pytest.mark.parametrize("late", [GRACE + TICK, GRACE + timedelta(seconds=1), timedelta(hours=23)])
def test_an_answer_past_the_grace_is_kept_and_never_counts(
    timed: Attempt, put: Any, clock: Any, late: timedelta, api: Any
) -> None:
    put(timed, 1, {"answer": wrong(timed)})
    clock.forward(seconds=(HOUR + late).total_seconds())
    closed(put(timed, 1, {"answer": right(timed)}), kept=True)
    first, second = Response.objects.filter(item__attempt=timed).order_by("sequence")
    assert (first.counted, second.counted) == (True, False)
    assert second.data == {"choice": "c2"}
    event = AttemptEvent.objects.get(attempt=timed, type="late_answer")
    assert event.data == {"slot": 1, "sequence": 2}
    timed.refresh_from_db()
    assert (timed.submitted_how, timed.finished_at) == ("deadline", timed.deadline_at)
    body = api(timed.candidate).get(f"/api/v1/attempts/{timed.uuid}/").json()
    assert body["state"] == "graded"
    assert body["items"][0]["response"]["revision"] == 1, "the late answer is nowhere to be seen"
    assert Result.objects.get(attempt=timed).raw == 0
    assert Grade.objects.get(item__attempt=timed, item__slot=1).response == first


def test_the_grace_is_fixed_and_short(settings: Any) -> None:
    assert 0 < settings.ATTEMPT_GRACE_SECONDS <= 10


def test_a_late_answer_that_is_sent_again_is_told_the_same(timed: Attempt, put: Any, clock: Any) -> None:
    clock.forward(hours=2)
    body = {"answer": right(timed)}
    for _ in range(3):
        closed(put(timed, 1, body, key="k1"), kept=True)
    assert Response.objects.filter(item__attempt=timed).count() == 1


def test_only_answers_are_kept_and_only_for_a_day(timed: Attempt, put: Any, clock: Any) -> None:
    clock.forward(hours=2)
    closed(put(timed, 1, {"flagged": True}), kept=False)
    clock.forward(hours=22, minutes=59)
    closed(put(timed, 1, {"answer": right(timed)}), kept=True)
    clock.forward(minutes=1)
    closed(put(timed, 1, {"answer": right(timed)}), kept=False)
    assert Response.objects.filter(item__attempt=timed).count() == 1


def test_a_late_answer_of_the_wrong_shape_is_not_kept(timed: Attempt, put: Any, clock: Any) -> None:
    clock.forward(hours=2)
    refused = put(timed, 1, {"answer": {"choice": "zz"}})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_answer")
    assert not Response.objects.exists()


def test_after_submission_nothing_is_taken_and_nothing_kept(timed: Attempt, put: Any, hand_in: Any, clock: Any) -> None:
    put(timed, 1, {"answer": right(timed)})
    hand_in(timed, at=clock.forward(minutes=1))
    closed(put(timed, 1, {"answer": wrong(timed)}), kept=False)
    closed(put(timed, 2, {"answer": right(timed, 2)}, revision=0), kept=False)
    assert Response.objects.filter(item__attempt=timed).count() == 1


def test_a_void_attempt_takes_nothing(timed: Attempt, put: Any, others: Any, now: Any) -> None:
    void_attempt(attempt=timed, reason="Wrong form", by=others["examiner"], at=now)
    closed(put(timed, 1, {"answer": right(timed)}), kept=False)
    assert not Response.objects.exists()


def test_an_untimed_attempt_takes_answers_for_ever(quiz_of: Any, begin: Any, put: Any, clock: Any) -> None:
    attempt = begin(quiz_of(["single_choice"]))
    clock.forward(days=400)
    assert put(attempt, 1, {"answer": right(attempt)}).status_code == 200


def test_a_paused_attempt_is_not_overdue(timed: Attempt, put: Any, clock: Any, now: Any) -> None:
    Attempt.objects.filter(pk=timed.pk).update(paused_at=now)
    timed.refresh_from_db()
    assert not seal_if_overdue(attempt=timed, at=clock.forward(days=2))
    refused = put(timed, 1, {"answer": right(timed)})
    assert (refused.status_code, refused.json()["code"]) == (409, "attempt_paused")
    assert not Response.objects.filter(item__attempt=timed).exists()


def test_submitting_again_answers_the_same(timed: Attempt, api: Any, put: Any, clock: Any, student: Any) -> None:
    put(timed, 1, {"answer": right(timed)})
    client, url = api(student), f"/api/v1/attempts/{timed.uuid}/submit/"
    first = client.post(url)
    assert first.status_code == 200
    assert first.json()["state"] == "graded"
    assert (first.json()["score"], first.json()["max_score"], first.json()["percent"]) == (1.0, 2.0, 50.0)
    clock.forward(days=2)
    assert client.post(url).json() == first.json()
    assert AttemptEvent.objects.filter(attempt=timed, type="submitted").count() == 1
    assert Result.objects.filter(attempt=timed).count() == 1


def test_submitting_past_the_grace_is_the_deadlines_doing(timed: Attempt, student: Any, now: Any) -> None:
    assert submit_attempt(attempt=timed, by=student, at=now + HOUR + GRACE + TICK)
    assert (timed.submitted_how, timed.finished_at) == ("deadline", now + HOUR)
    assert not submit_attempt(attempt=timed, by=student, at=now + 2 * HOUR)


def test_submitting_a_void_attempt_changes_nothing(
    timed: Attempt, api: Any, student: Any, others: Any, now: Any
) -> None:
    void_attempt(attempt=timed, reason="Wrong form", by=others["examiner"], at=now)
    body = api(student).post(f"/api/v1/attempts/{timed.uuid}/submit/").json()
    assert (body["state"], body["score"], body["passed"]) == ("void", None, None)
    timed.refresh_from_db()
    assert timed.submitted_at is None


def test_any_look_seals_what_is_overdue_and_nothing_else(timed: Attempt, api: Any, student: Any, clock: Any) -> None:
    client, url = api(student), f"/api/v1/attempts/{timed.uuid}/"
    clock.forward(hours=1, seconds=5)
    assert client.get(url).json()["state"] == "in_progress"
    clock.forward(seconds=1)
    assert client.get(url).json()["state"] == "graded"
    timed.refresh_from_db()
    assert (timed.submitted_how, timed.finished_at) == ("deadline", timed.deadline_at)


def test_sealing_does_not_depend_on_grading(timed: Attempt, answer: Any, now: Any) -> None:
    seal_if_overdue(attempt=timed, at=now + 2 * HOUR)
    with pytest.raises(AttemptClosed):
        answer(timed, answer=right(timed), at=now + 2 * HOUR)
    assert not Result.objects.exists()
    assert timed.submitted_at == now + 2 * HOUR


def test_the_record_of_an_attempt_cannot_be_rewritten(timed: Attempt, answer: Any, now: Any) -> None:
    from lms.core.exceptions import RecordIsFixed

    answer(timed, answer=right(timed))
    row = Response.objects.get()
    row.counted = False
    with pytest.raises(RecordIsFixed):
        row.save()
    with pytest.raises(RecordIsFixed):
        Response.objects.update(data=None)
    with pytest.raises(RecordIsFixed):
        timed.delete()
    with pytest.raises(RecordIsFixed):
        Attempt.objects.filter(pk=timed.pk).update(started_at=now - HOUR)
