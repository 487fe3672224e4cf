"""Lives of attempts in which several things happen at the same moment, on a real server with real threads.

Each step lets two or three actions race: a candidate with two tabs and a retrying script, an invigilator, a sweeper, an
examiner. What must hold is checked from the database after every step. Needs PostgreSQL; empties the database.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from lms.accounts.api import User
from lms.core.exceptions import DomainError
from quizzes.attempts.commands import (
    adjust_time,
    continue_attempt,
    pause,
    record_response,
    resume,
    start_attempt,
    submit_attempt,
    void_attempt,
)
from quizzes.attempts.enums import AttemptKind
from quizzes.attempts.models import Attempt, AttemptEvent, Response, TimeAdjustment
from quizzes.bank.models import Question
from quizzes.grading.audit import audit_attempt, audit_scores
from quizzes.grading.commands import grade_attempt
from quizzes.grading.models import Grade, Result
from quizzes.grading.regrades import approve_regrade, propose_regrade, undo_regrade
from quizzes.grading.sweep import finalise_overdue
from tests.conftest import NOW
from tests.quizzes.making import make_quiz
from tests.quizzes.test_races import together

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
LIMIT = timedelta(hours=1)
ACTIONS = (
    "start", "save", "save", "save_from_an_old_page", "retry", "submit", "pause", "resume", "extend", "sweep",
    "void", "go_on", "go_on", "regrade", "undo",
)  # fmt: skip
serial = itertools.count(1)


class Race(RuleBasedStateMachine):
    """One candidate, one quiz of two questions and an hour, and everybody at once."""

    quiz: Any
    staff: tuple[Any, Any]

    @initialize()
    def a_candidate(self) -> None:
        self.candidate = User.objects.create_user(f"race-{next(serial)}@test.example", "correct horse battery")
        self.at: datetime = NOW
        self.acknowledged: set[tuple[int, int]] = set()
        self.log: set[tuple[Any, ...]] = set()
        self.history: set[tuple[Any, ...]] = set()
        self.ran = 0
        start_attempt(assessment=self.quiz, by=self.candidate, at=self.at)

    def newest(self) -> Attempt | None:
        return Attempt.objects.filter(candidate=self.candidate).order_by("-ordinal").first()

    @rule(names=st.lists(st.sampled_from(ACTIONS), min_size=2, max_size=3), letter=st.sampled_from("abcd"))
    def things_happen_at_once(self, names: list[str], letter: str) -> None:
        attempt = self.newest()
        acts: list[Callable[[], Any]] = [
            lambda name=name, number=number: getattr(self, name)(attempt, letter, number)  # type: ignore[misc]
            for number, name in enumerate(names)
        ]

        def act(number: int) -> Any:
            try:
                return acts[number]()
            except DomainError:
                return None

        # A seal is never undone and grading is repeatable, so a refusal is an answer; anything else would be raised.
        for done in together(len(acts), act):
            if isinstance(done, tuple):
                self.acknowledged.add(done)
        self.ran += 1

    @rule(minutes=st.sampled_from([1, 20, 59, 70]))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    # What may happen ------------------------------------------------------------------------------------------------

    def start(self, attempt: Attempt | None, letter: str, number: int) -> None:
        start_attempt(assessment=self.quiz, by=self.candidate, at=self.at)

    def save(self, attempt: Attempt | None, letter: str, number: int, **more: Any) -> tuple[int, int] | None:
        if attempt is None:
            return None
        saved = record_response(
            attempt_uuid=attempt.uuid, slot=1 + number % 2, answer={"choice": letter}, by=self.candidate, at=self.at,
            **more,
        )  # fmt: skip
        return saved.item.pk, saved.revision

    def save_from_an_old_page(self, attempt: Attempt | None, letter: str, number: int) -> tuple[int, int] | None:
        return self.save(attempt, letter, number, expected_revision=0)

    def retry(self, attempt: Attempt | None, letter: str, number: int) -> tuple[int, int] | None:
        return self.save(attempt, letter, 0, client_key=f"key-{letter}")

    def submit(self, attempt: Attempt | None, letter: str, number: int) -> None:
        if attempt:
            submit_attempt(attempt=attempt, by=self.candidate, at=self.at)
            grade_attempt(attempt=attempt, at=self.at)

    def pause(self, attempt: Attempt | None, letter: str, number: int) -> None:
        if attempt:
            pause(attempts=[attempt], reason="Alarm", by=self.staff[0], at=self.at)

    def resume(self, attempt: Attempt | None, letter: str, number: int) -> None:
        if attempt:
            resume(attempts=[attempt], by=self.staff[0], at=self.at)

    def extend(self, attempt: Attempt | None, letter: str, number: int) -> None:
        if attempt:
            adjust_time(attempts=[attempt], seconds=600 - 900 * number, reason="Noise", by=self.staff[0], at=self.at)

    def sweep(self, attempt: Attempt | None, letter: str, number: int) -> None:
        finalise_overdue(at=self.at)

    def void(self, attempt: Attempt | None, letter: str, number: int) -> None:
        if attempt:
            void_attempt(attempt=attempt, reason="Disturbed", by=self.staff[0], at=self.at)

    def go_on(self, attempt: Attempt | None, letter: str, number: int) -> None:
        if attempt:
            continue_attempt(attempt=attempt, minutes=15, reason="Power cut", by=self.staff[0], at=self.at)

    def regrade(self, attempt: Attempt | None, letter: str, number: int) -> None:
        question = Question.objects.get(pk=self.quiz.current_version.blueprint[0]["items"][0])
        batch = propose_regrade(
            assessment=self.quiz,
            question=question,
            method="full_credit",
            reason="Ambiguous",
            by=self.staff[0],
            at=self.at,
        )
        approve_regrade(regrade=batch, by=self.staff[1], at=self.at)

    def undo(self, attempt: Attempt | None, letter: str, number: int) -> None:
        batch = self.quiz.regrades.exclude(approved_at=None).filter(undone_at=None).first()
        if batch:
            undo_regrade(regrade=batch, reason="It was clear after all", by=self.staff[1], at=self.at)

    # What must hold -------------------------------------------------------------------------------------------------

    @invariant()
    def at_most_one_attempt_is_open(self) -> None:
        open_ones = Attempt.objects.open().filter(candidate=self.candidate, kind=AttemptKind.CANDIDATE)
        assert open_ones.count() <= 1
        rows = Attempt.objects.filter(candidate=self.candidate).order_by("ordinal")
        ordinals = list(rows.values_list("ordinal", flat=True))
        assert ordinals == list(range(1, len(ordinals) + 1))

    @invariant()
    def what_was_acknowledged_is_stored_and_numbered_without_gaps(self) -> None:
        rows = Response.objects.filter(item__attempt__candidate=self.candidate).order_by("item_id", "sequence")
        stored = set(rows.values_list("item_id", "sequence"))
        assert self.acknowledged <= stored
        for _item, group in itertools.groupby(sorted(stored), key=lambda row: row[0]):
            numbers = [sequence for _pk, sequence in group]
            assert numbers == list(range(1, len(numbers) + 1))

    @invariant()
    def the_record_only_grows(self) -> None:
        rows = set(
            Response.objects.filter(item__attempt__candidate=self.candidate).values_list(
                "pk", "item_id", "sequence", "client_key", "received_at", "counted"
            )
        )
        assert rows >= self.log
        self.log = rows
        grades = Grade.objects.filter(item__attempt__candidate=self.candidate).values_list("pk", "fraction", "source")
        events = AttemptEvent.objects.filter(attempt__candidate=self.candidate).values_list("pk", "type", "at")
        history = {*grades, *events}
        assert history >= self.history
        self.history = history

    @invariant()
    def the_deadline_follows_from_the_ledger(self) -> None:
        for attempt in Attempt.objects.filter(candidate=self.candidate):
            base = attempt.started_at + (timedelta(minutes=15) if attempt.continues_id else LIMIT)
            given = TimeAdjustment.objects.filter(attempt=attempt).aggregate(sum=Sum("seconds"))["sum"] or 0
            assert attempt.deadline_at == base + timedelta(seconds=given)
            assert attempt.is_open or attempt.submitted_at or attempt.voided_at

    @invariant()
    def nothing_is_sealed_or_graded_twice(self) -> None:
        for attempt in Attempt.objects.filter(candidate=self.candidate):
            seals = AttemptEvent.objects.filter(attempt=attempt, type="submitted").count()
            assert seals == (1 if attempt.submitted_at else 0)
            by_rule = Result.objects.filter(attempt=attempt, source="auto", regrade=None)
            assert by_rule.count() <= 1
            graded = Grade.objects.filter(item__attempt=attempt, source="auto", regrade=None)
            assert graded.count() in (0, attempt.items.count())

    @invariant()
    def the_audit_finds_nothing(self) -> None:
        for attempt in Attempt.objects.filter(candidate=self.candidate):
            assert not list(audit_attempt(attempt))


def test_lives_in_which_things_happen_at_once() -> None:
    Race.quiz = make_quiz(["single_choice", "single_choice"], time_limit=LIMIT)
    Race.staff = tuple(
        User.objects.create_user(f"{name}@test.example", "correct horse battery") for name in ("first", "second")
    )  # type: ignore[assignment]
    run_state_machine_as_test(
        Race,
        settings=settings(
            max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert not list(audit_scores())
    # The lives are chosen at random; that something of all this came about is asked, not what exactly.
    happened = set(AttemptEvent.objects.values_list("type", flat=True))
    assert happened >= {"started", "submitted"}
    assert len(happened & {"paused", "resumed", "adjusted", "voided", "continued"}) >= 3
    assert Race.quiz.regrades.exclude(approved_at=None).exists()
    assert Response.objects.count() > 10
