"""The audit: silent while every score follows from the record, loud about each that does not."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from lms.core.record import trigger_names, trigger_sql
from quizzes.attempts.commands import submit_attempt
from quizzes.attempts.models import Attempt, Response
from quizzes.bank.models import AnswerKey
from quizzes.grading.audit import audit_scores
from quizzes.grading.models import Grade, Result
from quizzes.grading.simulation import answer_attempt
from tests.quizzes.making import right

pytestmark = pytest.mark.django_db


@contextmanager
def unguarded(model: Any) -> Iterator[None]:
    """Without the triggers of a table: somebody with the keys to the database."""
    with connection.cursor() as cursor:
        for name in trigger_names(model):
            table = "" if connection.vendor == "sqlite" else f' ON "{model._meta.db_table}"'
            cursor.execute(f'DROP TRIGGER "{name}"{table}')
        yield
        for statement in trigger_sql(model, connection.vendor):
            cursor.execute(statement)


def tamper(row: Any, **columns: Any) -> None:
    """Change a row behind the back of everything."""
    with unguarded(type(row)), connection.cursor() as cursor:
        for column, value in columns.items():
            cursor.execute(f'UPDATE "{row._meta.db_table}" SET {column} = %s WHERE id = %s', [value, row.pk])


def findings() -> list[tuple[str, str]]:
    return [(row.attempt, row.what) for row in audit_scores()]


@pytest.fixture
def graded(quiz_of: Any, begin: Any, answer: Any, hand_in: Any) -> Attempt:
    """An attempt of six questions, three of them right."""
    attempt = begin(quiz_of())
    for slot in (1, 3, 5):
        answer(attempt, slot, answer=right(attempt, slot))
    hand_in(attempt)
    return attempt


def test_many_simulated_attempts_leave_nothing_to_find(quiz_of: Any, begin: Any, make_user: Any, now: Any) -> None:
    quiz = quiz_of(shuffle_items=True, time_limit=timedelta(hours=1))
    passed = set()
    for number in range(24):
        user = make_user(f"candidate-{number}")
        attempt = begin(quiz, by=user, seed=str(number))
        rng = random.Random(number)
        done = answer_attempt(attempt=attempt, chance_right=number / 23, rng=rng, by=user, at=now)
        submit_attempt(attempt=attempt, by=user, at=done)
    from quizzes.grading.sweep import finalise_overdue

    assert finalise_overdue(at=now) == (0, 24)
    passed = set(Result.objects.values_list("passed", flat=True))
    assert passed == {True, False}, "a cohort of which all do alike proves little"
    assert not findings()


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ({"raw": Decimal(6)}, "score"),
        ({"maximum": Decimal(3)}, "score"),
        ({"percent": Decimal("50.01")}, "percent"),
        ({"passed": True}, "passed"),
        ({"domains": '[{"code": "D1", "score": "6", "max_score": "6"}]'}, "domains"),
    ],
)
def test_a_tampered_result_is_found(graded: Attempt, columns: dict[str, Any], what: str) -> None:
    assert not findings()
    tamper(Result.objects.get(attempt=graded), **columns)
    assert findings() == [(str(graded.uuid), what)]


def test_a_tampered_grade_is_found(graded: Attempt) -> None:
    tamper(Grade.objects.get(item__attempt=graded, item__slot=2), fraction=Decimal(1), mark=Decimal(1))
    assert (str(graded.uuid), "slot 2") in findings()
    assert (str(graded.uuid), "score") in findings()


def test_a_tampered_answer_is_found(graded: Attempt) -> None:
    wrong = json.dumps({"choice": "c1"})
    tamper(Response.objects.get(item__attempt=graded, item__slot=5), data=wrong)
    assert findings() == [(str(graded.uuid), "slot 5")]


def test_a_tampered_key_is_found(graded: Attempt) -> None:
    key = AnswerKey.objects.get(version__attempt_items__attempt=graded, version__attempt_items__slot=5)
    tamper(key, key=json.dumps({"correct": "c4", "feedback": {}}))
    assert findings() == [(str(graded.uuid), "slot 5")]


def test_a_result_out_of_thin_air_is_found(graded: Attempt, now: Any) -> None:
    Result.objects.create(
        attempt=graded, raw=6, maximum=6, percent=100, cut_percent=80, passed=True, source="regrade", at=now,
        released_at=now, domains=[{"code": "D1", "score": "6", "max_score": "6"}],
    )  # fmt: skip
    assert {what for _attempt, what in findings()} == {"score", "percent", "passed", "domains"}


def test_a_result_without_grades_is_found(quiz_of: Any, begin: Any, student: Any, now: Any) -> None:
    attempt = begin(quiz_of(["numeric"]))
    submit_attempt(attempt=attempt, by=student, at=now)
    Result.objects.create(
        attempt=attempt, raw=1, maximum=1, percent=100, cut_percent=80, passed=True, source="auto", at=now
    )
    assert {what for _attempt, what in findings()} == {"slot 1", "result"}


def test_an_attempt_that_waits_for_grading_is_no_finding(quiz_of: Any, begin: Any, student: Any, now: Any) -> None:
    submit_attempt(attempt=begin(quiz_of(["numeric"])), by=student, at=now)
    assert not findings()


def test_a_void_attempt_is_not_looked_at(graded: Attempt, others: Any, now: Any) -> None:
    from quizzes.attempts.commands import void_attempt

    tamper(Result.objects.get(attempt=graded), raw=Decimal(6))
    void_attempt(attempt=graded, reason="Disturbed", by=others["examiner"], at=now)
    assert not findings()


def run(*arguments: str) -> tuple[int, str]:
    """The command's exit status and what it prints."""
    out = StringIO()
    try:
        call_command("audit_scores", *arguments, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_says_with_its_status_whether_all_is_well(graded: Attempt) -> None:
    assert run() == (0, "0 differences\n")
    status, text = run("--json")
    assert (status, json.loads(text)) == (0, {"differences": []})
    tamper(Result.objects.get(attempt=graded), passed=True)
    status, text = run()
    assert status == 1
    assert str(graded.uuid) in text
    assert text.endswith("1 differences\n")
    status, text = run("--json")
    assert status == 1
    assert json.loads(text) == {
        "differences": [{"attempt": str(graded.uuid), "what": "passed", "stored": "True", "worked_out": "False"}]
    }
