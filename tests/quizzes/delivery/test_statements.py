"""Statements to the database where it is felt: pinned, and the same for one item and for many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quizzes.attempts.models import Attempt
from quizzes.delivery.presenters import quiz_views
from tests.quizzes.making import make_assessment, make_bank, make_question, right

pytestmark = pytest.mark.django_db
TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


def statements(act: Callable[[], Any]) -> list[str]:
    """What an action sends to the database, without the control of transactions."""
    with CaptureQueriesContext(connection) as captured:
        response = act()
    if hasattr(response, "status_code"):
        assert response.status_code < 400, response.content[:300]
    return [row["sql"] for row in captured if not row["sql"].startswith(TRANSACTION)]


def at_most(limit: int, found: list[str]) -> None:
    assert len(found) <= limit, f"{len(found)} statements, {limit} allowed:\n" + "\n".join(line[:160] for line in found)


def quiz_with(count: int, **fields: Any) -> Any:
    return make_assessment(questions=[make_question() for _ in range(count)], **fields)


@pytest.fixture
def attempt(quiz_of: Any, begin: Any) -> Attempt:
    return begin(quiz_of(["single_choice", "matching"], time_limit=timedelta(hours=1)))


@pytest.mark.parametrize("immediate", [False, True])
def test_saving_an_answer_takes_five_statements(quiz_of: Any, begin: Any, put: Any, immediate: bool) -> None:
    attempt = begin(quiz_of(["single_choice"] * 3, feedback="immediate" if immediate else "after_submit"))
    # Session, person, the item with its lock, the last answer, the new one; the key only where feedback is due.
    allowed = 6 if immediate else 5
    at_most(allowed, statements(lambda: put(attempt, 1, {"answer": {"choice": "a"}})))
    at_most(allowed, statements(lambda: put(attempt, 2, {"answer": {"choice": "a"}}, key="k1", revision=0)))


def test_saving_costs_the_same_after_many_answers_and_attempts(attempt: Attempt, put: Any) -> None:
    first = statements(lambda: put(attempt, 1, {"answer": {"choice": "a"}}))
    for number in range(30):
        put(attempt, 1, {"answer": {"choice": "ab"[number % 2]}}, key=f"k{number}")
    assert len(statements(lambda: put(attempt, 1, {"answer": {"choice": "c"}}, key="last", revision=31))) == len(first)


def test_a_retry_stores_nothing_and_costs_less(attempt: Attempt, put: Any) -> None:
    put(attempt, 1, {"answer": {"choice": "a"}}, key="k1")
    at_most(4, statements(lambda: put(attempt, 1, {"answer": {"choice": "a"}}, key="k1")))


#: What each request costs now, session and person included. A number that falls may be lowered here.
PINNED = {
    "quiz": 7,
    "start": 15,
    "resume": 9,
    "attempt": 5,
    "player": 5,
    "overview": 5,
    "questions": 5,
    "save by form": 9,
    "submit": 13,
    "submit again": 7,
    "review": 10,
    "result page": 14,
}


@pytest.mark.parametrize("count", [1, 30])
def test_requests_cost_the_same_with_one_item_and_with_thirty(
    count: int, begin: Any, student: Any, api: Any, client: Any, show_to: Any, clock: Any
) -> None:
    quiz = quiz_with(count)
    show_to(student, quiz)
    reader = api(student)
    client.force_login(student)
    client.get("/")  # The outline and the school's settings are cached.
    reader.get(f"/api/v1/quizzes/{quiz.code}/")
    cost: dict[str, list[str]] = {}
    cost["quiz"] = statements(lambda: reader.get(f"/api/v1/quizzes/{quiz.code}/"))
    cost["start"] = statements(lambda: reader.post(f"/api/v1/quizzes/{quiz.code}/attempts/"))
    cost["resume"] = statements(lambda: reader.post(f"/api/v1/quizzes/{quiz.code}/attempts/"))
    attempt = Attempt.objects.get(assessment=quiz)
    url, here = f"/api/v1/attempts/{attempt.uuid}", f"/attempts/{attempt.uuid}"
    for slot in range(1, count + 1):
        reader.put(f"{url}/responses/{slot}/", {"answer": right(attempt, slot)}, format="json")
    form = {"answer": right(attempt)["choice"]}
    cost["attempt"] = statements(lambda: reader.get(f"{url}/"))
    cost["player"] = statements(lambda: client.get(f"{here}/"))
    cost["questions"] = statements(lambda: client.get(f"{here}/questions/"))
    cost["overview"] = statements(lambda: client.get(f"{here}/summary/"))
    cost["save by form"] = statements(
        lambda: client.post(f"{here}/", {"slot": 1, "flagged": "on", "revision": 1, **form})
    )
    cost["submit"] = statements(lambda: reader.post(f"{url}/submit/"))
    cost["submit again"] = statements(lambda: reader.post(f"{url}/submit/"))
    cost["review"] = statements(lambda: reader.get(f"{url}/review/"))
    cost["result page"] = statements(lambda: client.get(f"{here}/result/"))
    over = {name: len(found) for name, found in cost.items() if len(found) > PINNED[name]}
    assert not over, over
    assert set(cost) == set(PINNED)


def test_lists_cost_the_same_with_one_attempt_and_with_many(
    student: Any, begin: Any, hand_in: Any, show_to: Any, now: Any, api: Any
) -> None:
    quizzes = [quiz_with(1) for _ in range(8)]
    show_to(student, quizzes[0])
    reader = api(student)

    def ask() -> Any:
        return reader.get("/api/v1/quizzes/")

    hand_in(begin(quizzes[0], at=now - timedelta(hours=1)), at=now - timedelta(hours=1))
    ask()
    one = len(statements(ask))
    show_to(student, *quizzes)
    for number in range(12):
        hand_in(begin(quizzes[number % 3], at=now + timedelta(hours=number)), at=now + timedelta(hours=number))
    assert len(statements(ask)) == one
    assert len(statements(lambda: quiz_views(student, now))) < one


def test_a_start_costs_the_same_with_many_past_attempts_and_a_large_bank(
    student: Any, begin: Any, hand_in: Any, show_to: Any, now: Any
) -> None:
    bank = make_bank("pool")
    for number in range(6):
        make_question(bank=bank, objective=f"POOL-{number}")
    quiz = make_assessment(draws=[{"bank": bank, "rules": [{"count": 5}]}])
    hand_in(begin(quiz, at=now - timedelta(hours=1)), at=now - timedelta(hours=1))
    first = len(statements(lambda: begin(quiz)))
    hand_in(begin(quiz))
    for number in range(40):
        make_question(bank=bank, objective=f"POOL-{number}")
    for number in range(1, 6):
        hand_in(begin(quiz, at=now + timedelta(hours=number)), at=now + timedelta(hours=number))
    assert len(statements(lambda: begin(quiz, at=now + timedelta(days=9)))) == first


def test_the_page_of_a_question_is_small(begin: Any, student: Any, show_to: Any, client: Any, clock: Any) -> None:
    quiz = quiz_with(10, time_limit=timedelta(hours=1))
    show_to(student, quiz)
    attempt = begin(quiz)
    client.force_login(student)
    assert len(client.get(f"/attempts/{attempt.uuid}/?slot=5").content) < 15_000
