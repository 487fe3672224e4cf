"""Real threads on a real server: what a race may not do. Needs PostgreSQL; empties the database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from rest_framework.test import APIClient

from lms.accounts.api import User
from lms.accounts.commands import issue_api_token
from lms.core.ports import visible_assessments
from quizzes.assembly.models import Assessment
from quizzes.attempts.commands import start_attempt
from quizzes.attempts.models import Attempt, AttemptEvent, Response
from quizzes.grading.audit import audit_scores
from quizzes.grading.models import Grade, Result
from quizzes.grading.sweep import finalise_overdue
from tests.quizzes.making import make_quiz, right, wrong

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Let so many threads do something at the same moment; gives what each came to."""
    barrier = threading.Barrier(count)

    def run(number: int) -> Any:
        try:
            connections["default"].ensure_connection()
            barrier.wait(timeout=20)
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, number) for number in range(count)]]


@pytest.fixture
def candidate() -> Any:
    return User.objects.create_user("racer@test.example", "correct horse battery", display_name="Racer")


@pytest.fixture
def everybodys() -> Any:
    """Every assessment belongs to everybody, as far as these tests go."""

    def all_of_them(user: Any) -> list[str]:
        return list(Assessment.objects.values_list("code", flat=True))

    visible_assessments.register(all_of_them)
    yield
    visible_assessments.answers.remove(all_of_them)


@pytest.fixture
def send(candidate: Any, everybodys: None) -> Callable[..., Any]:
    """A request of the candidate's script, from any thread."""
    _token, key = issue_api_token(user=candidate, at=timezone.now())

    def request(method: str, url: str, body: Any = None, **headers: str) -> Any:
        client = APIClient()
        return getattr(client, method)(url, body, format="json", headers={"Authorization": f"Token {key}", **headers})

    return request


def begin(quiz: Assessment, candidate: Any, at: datetime | None = None) -> Attempt:
    attempt, _new = start_attempt(assessment=quiz, seed="race", by=candidate, at=at or timezone.now())
    return attempt


def test_starts_at_the_same_moment_give_one_attempt(send: Any) -> None:
    quiz = make_quiz(["single_choice"], max_attempts=1)
    answers = together(6, lambda number: send("post", f"/api/v1/quizzes/{quiz.code}/attempts/"))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    attempt = Attempt.objects.get()
    assert attempt.items.count() == 1
    assert AttemptEvent.objects.filter(attempt=attempt, type="started").count() == 1


def test_the_start_after_an_overdue_attempt_is_one_too(candidate: Any, send: Any) -> None:
    quiz = make_quiz(["single_choice"], time_limit=timedelta(hours=1))
    old = begin(quiz, candidate, timezone.now() - timedelta(hours=3))
    answers = together(4, lambda number: send("post", f"/api/v1/quizzes/{quiz.code}/attempts/"))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Attempt.objects.count() == 2
    assert AttemptEvent.objects.filter(attempt=old, type="submitted").count() == 1


def test_saves_at_the_same_moment_are_numbered_without_gaps(candidate: Any, send: Any) -> None:
    attempt = begin(make_quiz(["single_choice"]), candidate)
    url = f"/api/v1/attempts/{attempt.uuid}/responses/1/"
    answers = together(8, lambda number: send("put", url, {"answer": {"choice": "abcd"[number % 4]}}))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert sorted(answer.json()["revision"] for answer in answers) == list(range(1, 9))
    stored = Response.objects.filter(item__attempt=attempt).order_by("sequence")
    assert [row.sequence for row in stored] == list(range(1, 9))


def test_of_pages_that_saw_the_same_revision_one_wins(candidate: Any, send: Any) -> None:
    attempt = begin(make_quiz(["single_choice"]), candidate)
    url = f"/api/v1/attempts/{attempt.uuid}/responses/1/"
    answers = together(
        6, lambda number: send("put", url, {"answer": {"choice": "abcd"[number % 4]}}, **{"If-Match": '"0"'})
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
    kept = Response.objects.get(item__attempt=attempt)
    assert all(answer.json()["revision"] == kept.sequence == 1 for answer in answers)


def test_one_idempotency_key_from_many_threads_is_one_answer(candidate: Any, send: Any) -> None:
    attempt = begin(make_quiz(["single_choice"]), candidate)
    url = f"/api/v1/attempts/{attempt.uuid}/responses/1/"
    body = {"answer": right(attempt)}
    answers = together(4, lambda number: send("put", url, body, **{"Idempotency-Key": "the same"}))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.content for answer in answers}) == 1
    assert Response.objects.filter(item__attempt=attempt).count() == 1


@pytest.mark.parametrize("attempt_number", range(5))
def test_a_save_beside_the_submission_counts_if_it_was_acknowledged_and_only_then(
    candidate: Any, send: Any, attempt_number: int
) -> None:
    attempt = begin(make_quiz(["single_choice", "true_false"]), candidate)
    url = f"/api/v1/attempts/{attempt.uuid}"
    bodies = [right(attempt), wrong(attempt)]
    send("put", f"{url}/responses/1/", {"answer": bodies[1]})

    def act(number: int) -> Any:
        if number == attempt_number % 7:
            return send("post", f"{url}/submit/")
        return send("put", f"{url}/responses/1/", {"answer": bodies[number % 2]})

    answers = together(7, act)
    (submitted,) = [answer for answer in answers if "revision" not in answer.json() and answer.status_code == 200]
    saves = [answer for answer in answers if answer is not submitted]
    acknowledged = {answer.json()["revision"] for answer in saves if answer.status_code == 200} | {1}
    refused = [answer for answer in saves if answer.status_code != 200]
    assert all((answer.status_code, answer.json()["code"], answer.json()["kept"]) == (409, "attempt_closed", False)
               for answer in refused)  # fmt: skip
    stored = list(Response.objects.filter(item__attempt=attempt).order_by("sequence"))
    assert {row.sequence for row in stored} == acknowledged
    assert all(row.counted for row in stored)
    # Sealed and graded in one request: an answer that slipped in behind the seal would not be the graded one.
    assert Grade.objects.get(item__attempt=attempt, item__slot=1).response == stored[-1]
    assert submitted.json()["state"] == "graded"
    assert not list(audit_scores())


def test_submissions_at_the_same_moment_seal_and_grade_once(candidate: Any, send: Any) -> None:
    attempt = begin(make_quiz(), candidate)
    answers = together(6, lambda number: send("post", f"/api/v1/attempts/{attempt.uuid}/submit/"))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({answer.content for answer in answers}) == 1
    assert AttemptEvent.objects.filter(attempt=attempt, type="submitted").count() == 1
    assert (Result.objects.count(), Grade.objects.count()) == (1, 6)


def test_sweepers_at_the_same_moment_share_the_work(candidate: Any) -> None:
    quizzes = [make_quiz(["single_choice", "numeric"], time_limit=timedelta(hours=1)) for _ in range(6)]
    attempts = [begin(quiz, candidate, NOW) for quiz in quizzes]
    swept = together(3, lambda number: finalise_overdue(at=NOW + timedelta(hours=2)))
    assert sum(sealed for sealed, _graded in swept) == 6
    assert Result.objects.count() == 6
    assert Grade.objects.count() == 12
    assert AttemptEvent.objects.filter(type="submitted").count() == 6
    assert not Attempt.objects.open().exists()
    assert {attempt.pk for attempt in attempts} == set(Result.objects.values_list("attempt", flat=True))


def test_a_sweeper_and_a_candidate_seal_an_attempt_once(candidate: Any, send: Any) -> None:
    quiz = make_quiz(["single_choice"], time_limit=timedelta(hours=1))
    attempt = begin(quiz, candidate, timezone.now() - timedelta(hours=2))

    def act(number: int) -> Any:
        if number % 2:
            return finalise_overdue(at=timezone.now())
        return send("post", f"/api/v1/attempts/{attempt.uuid}/submit/")

    together(4, act)
    attempt.refresh_from_db()
    assert (attempt.submitted_how, attempt.finished_at) == ("deadline", attempt.deadline_at)
    assert AttemptEvent.objects.filter(attempt=attempt, type="submitted").count() == 1
    assert Result.objects.count() == 1
