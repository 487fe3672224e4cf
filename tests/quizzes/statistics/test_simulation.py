"""Synthetic cohorts: the bulk path leaves what the commands leave, the seed decides all, and figures make sense."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from lms.accounts.api import User
from lms.core.exceptions import NotAllowed
from quizzes.attempts.models import Attempt, AttemptEvent, AttemptItem, Response
from quizzes.bank.enums import LifeCycle
from quizzes.grading.audit import audit_attempt
from quizzes.grading.models import Grade, Result
from quizzes.statistics.report import analyse
from quizzes.statistics.simulation import simulate_cohort
from tests.quizzes.making import make_assessment, make_bank, make_question, make_quiz

pytestmark = pytest.mark.django_db

#: What is random by nature, or serves only a repeated request.
UNLIKE = {"id", "uuid", "request_digest"}


def rows_of(attempt: Attempt) -> dict[str, Any]:
    """Everything stored about an attempt, without ids."""

    def plain(row: Any, **instead: Any) -> dict[str, Any]:
        names = [field.attname for field in row._meta.concrete_fields if field.name not in UNLIKE]
        return {name: getattr(row, name) for name in names} | instead

    items = AttemptItem.objects.filter(attempt=attempt).order_by("slot")
    places = {item.pk: item.slot for item in items}
    responses = Response.objects.filter(item__attempt=attempt).order_by("item__slot", "sequence")
    sequences = {row.pk: row.sequence for row in responses}
    return {
        "attempt": plain(Attempt.objects.get(pk=attempt.pk), candidate_id=attempt.candidate.email),
        "items": [plain(item, attempt_id=None) for item in items],
        "responses": [plain(row, item_id=places[row.item_id]) for row in responses],
        "grades": [
            plain(row, item_id=places[row.item_id], response_id=sequences[row.response_id])
            for row in Grade.objects.filter(item__attempt=attempt).order_by("item__slot", "id")
        ],
        "results": [plain(row, attempt_id=None) for row in Result.objects.filter(attempt=attempt)],
        "events": [
            plain(row, attempt_id=None, by_id=None)
            for row in AttemptEvent.objects.filter(attempt=attempt).order_by("id")
        ],
    }


def everything(attempts: list[Attempt]) -> list[dict[str, Any]]:
    return [rows_of(Attempt.objects.select_related("candidate").get(pk=attempt.pk)) for attempt in attempts]


def six_types() -> Any:
    return make_quiz(time_limit=timedelta(minutes=3), shuffle_items=True, hurdles=[{"domain": "D1", "percent": "60"}])


def drawn() -> Any:
    bank = make_bank("drawn-bank")
    for _each in range(5):
        make_question(bank=bank)
    make_question(bank=bank, life_cycle=LifeCycle.PILOT)
    return make_assessment(
        draws=[{"bank": bank, "rules": [{"count": 3}, {"count": 1, "pilot": True}]}], results="held", marks="2"
    )


def fixed() -> Any:
    return make_assessment(
        questions=[make_question(slug=slug) for slug in ("single_choice", "essay")], form_policy="fixed", form_count=1
    )


@pytest.mark.parametrize("make", [six_types, drawn, fixed])
def test_the_bulk_path_leaves_the_rows_that_the_commands_leave(make: Any, now: datetime) -> None:
    quiz = make()
    with transaction.atomic():
        in_bulk = everything(simulate_cohort(assessment=quiz, students=4, seed=7, at=now))
        transaction.set_rollback(True)
    one_by_one = everything(simulate_cohort(assessment=quiz, students=4, seed=7, at=now, in_bulk=False))
    assert len(in_bulk) == 4
    for bulk, real in zip(in_bulk, one_by_one, strict=True):
        for name in real:
            assert bulk[name] == real[name], name


def test_scores_of_a_simulated_cohort_stand_up_to_the_audit(now: datetime) -> None:
    for attempt in simulate_cohort(assessment=six_types(), students=12, seed=1, at=now):
        assert list(audit_attempt(attempt)) == []


def test_the_same_seed_makes_the_same_students_once(now: datetime) -> None:
    quiz = make_quiz(["single_choice"])
    before = User.objects.count()
    assert len(simulate_cohort(assessment=quiz, students=3, seed=5, at=now)) == 3
    assert simulate_cohort(assessment=quiz, students=3, seed=5, at=now) == []
    assert len(simulate_cohort(assessment=quiz, students=5, seed=5, at=now)) == 2
    assert User.objects.count() == before + 5
    other = make_quiz(["single_choice"])
    assert len(simulate_cohort(assessment=other, students=3, seed=5, at=now)) == 3
    assert User.objects.count() == before + 5
    person = User.objects.get(email="synthetic-5-1@synthetic.invalid")
    assert not person.has_usable_password()
    assert person.has_role("student")


def test_attempts_lie_in_the_past_and_within_the_time_limit(now: datetime) -> None:
    for attempt in simulate_cohort(assessment=six_types(), students=20, seed=2, at=now):
        assert attempt.submitted_at is not None
        assert attempt.deadline_at is not None
        assert attempt.submitted_at < attempt.deadline_at
        assert attempt.submitted_at < now


def test_a_cohort_gives_figures_that_make_sense(now: datetime) -> None:
    quiz = make_assessment(questions=[make_question(f"Q-SENSE-{number}") for number in range(20)])
    simulate_cohort(assessment=quiz, students=200, seed=3, at=now)
    overall = analyse(quiz, as_of=now)["overall"]
    assert overall["attempts"] == 200
    assert 0.5 < overall["alpha"] < 0.95
    assert overall["is_kr20"]
    assert 8 < overall["mean"] < 19


def test_it_refuses_on_a_live_instance_and_without_a_published_quiz(now: datetime, settings: Any) -> None:
    quiz = make_quiz(["single_choice"])
    settings.INSTANCE = "live"
    with pytest.raises(NotAllowed):
        simulate_cohort(assessment=quiz, students=1, seed=1, at=now)
    with pytest.raises(CommandError, match="live"):
        call_command("simulate_cohort", quiz=quiz.code, students=1, seed=1)
    settings.INSTANCE = "demo"
    with pytest.raises(CommandError, match="no quiz"):
        call_command("simulate_cohort", quiz="nowhere", students=1, seed=1)
    unpublished = make_assessment(questions=[make_question()], frozen=False)
    with pytest.raises(CommandError, match="not published"):
        call_command("simulate_cohort", quiz=unpublished.code, students=1, seed=1)
    assert not Result.objects.filter(attempt__assessment=quiz).exists()


def test_the_command_says_what_it_made(capsys: pytest.CaptureFixture[str]) -> None:
    quiz = make_quiz(["single_choice"])
    call_command("simulate_cohort", quiz=quiz.code, students=2, seed=9)
    call_command("simulate_cohort", quiz=quiz.code, students=3, seed=9)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "2 attempts made, 0 were there already"
    assert second == "1 attempts made, 2 were there already"
    assert all(row.percent <= Decimal(100) for row in Result.objects.filter(attempt__assessment=quiz))
