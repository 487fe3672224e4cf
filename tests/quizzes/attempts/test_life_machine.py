"""The life of attempts, mixed by a candidate, a clock, a sweeper and an examiner: what must hold after each step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from lms.accounts.api import User
from quizzes.attempts.commands import record_response, start_attempt, submit_attempt, void_attempt
from quizzes.attempts.exceptions import AttemptClosed, NewerResponse
from quizzes.attempts.models import Attempt, AttemptEvent, AttemptItem, Response
from quizzes.grading.audit import audit_scores
from quizzes.grading.commands import current_responses, grade_attempt
from quizzes.grading.models import Result
from quizzes.grading.sweep import finalise_overdue
from tests.conftest import NOW
from tests.quizzes.making import make_quiz

pytestmark = pytest.mark.django_db
LIMIT, GRACE = timedelta(hours=1), timedelta(seconds=5)
slots = st.sampled_from([1, 2])
letters = st.sampled_from("abcd")


class AttemptLife(RuleBasedStateMachine):
    """One candidate, one quiz of two questions and an hour."""

    quiz: Any
    examiner: Any

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.savepoint()
        self.candidate = User.objects.create_user("machine@test.example", "correct horse battery")
        self.at: datetime = NOW
        self.attempt: Attempt | None = None
        self.serial = 0
        #: What was acknowledged, by attempt and slot: (revision, letter).
        self.acknowledged: dict[tuple[int, int], tuple[int, str | None]] = {}
        self.keyed: dict[str, tuple[Attempt, int, str, int]] = {}
        #: Everything ever seen in the log, and the counted answers of each attempt at its end.
        self.log: dict[int, tuple[Any, ...]] = {}
        self.ended: dict[int, set[int]] = {}
        self.events = 0

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.outer)

    def answer(self, slot: int, letter: str | None, **more: Any) -> Any:
        assert self.attempt is not None
        return record_response(
            attempt_uuid=self.attempt.uuid, slot=slot, answer=letter and {"choice": letter}, by=self.candidate,
            at=self.at, **more,
        )  # fmt: skip

    @property
    def is_running(self) -> bool:
        """Whether the attempt must take an answer now, worked out from the outside."""
        row = Attempt.objects.get(pk=self.attempt.pk)  # type: ignore[union-attr]
        return row.submitted_at is None and row.voided_at is None and self.at <= row.started_at + LIMIT + GRACE

    @contextmanager
    def only_while_it_runs(self) -> Iterator[None]:
        """Refused as closed exactly when it must be."""
        is_running = self.is_running
        try:
            yield
        except AttemptClosed:
            assert not is_running
        else:
            assert is_running

    def acknowledge(self, slot: int, letter: str | None, revision: int) -> None:
        assert self.attempt is not None
        before = self.acknowledged.get((self.attempt.pk, slot), (0, None))[0]
        assert revision == before + 1
        self.acknowledged[self.attempt.pk, slot] = (revision, letter)

    @rule()
    def start(self) -> None:
        was_running = self.attempt is not None and self.is_running
        attempt, is_new = start_attempt(assessment=self.quiz, seed="machine", by=self.candidate, at=self.at)
        assert is_new is not was_running
        if was_running:
            assert attempt == self.attempt
        self.attempt = attempt

    @precondition(lambda self: self.attempt is not None)
    @rule(slot=slots, letter=st.none() | letters)
    def save(self, slot: int, letter: str | None) -> None:
        with self.only_while_it_runs():
            self.acknowledge(slot, letter, self.answer(slot, letter).revision)

    @precondition(lambda self: self.attempt is not None)
    @rule(slot=slots, letter=letters)
    def save_with_a_key(self, slot: int, letter: str) -> None:
        self.serial += 1
        key = f"key-{self.serial}"
        with self.only_while_it_runs():
            saved = self.answer(slot, letter, client_key=key)
            self.acknowledge(slot, letter, saved.revision)
            self.keyed[key] = (saved.item.attempt, slot, letter, saved.revision)

    @precondition(lambda self: self.keyed)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        """The same key and body: the same answer, whatever has become of the attempt."""
        key = data.draw(st.sampled_from(sorted(self.keyed)))
        attempt, slot, letter, revision = self.keyed[key]
        saved = record_response(
            attempt_uuid=attempt.uuid,
            slot=slot,
            answer={"choice": letter},
            client_key=key,
            by=self.candidate,
            at=self.at,
        )
        assert (saved.revision, saved.is_new) == (revision, False)

    @precondition(lambda self: self.attempt is not None)
    @rule(slot=slots, letter=letters, behind=st.integers(-2, 2))
    def save_from_a_page_that_may_be_old(self, slot: int, letter: str, behind: int) -> None:
        assert self.attempt is not None
        revision = self.acknowledged.get((self.attempt.pk, slot), (0, None))[0]
        with self.only_while_it_runs():
            expected = max(0, revision + behind)
            if expected == revision:
                self.acknowledge(slot, letter, self.answer(slot, letter, expected_revision=expected).revision)
            elif self.is_running:
                with pytest.raises(NewerResponse) as caught:
                    self.answer(slot, letter, expected_revision=expected)
                assert caught.value.extra["revision"] == revision
            else:
                self.answer(slot, letter, expected_revision=expected)

    @rule(delta=st.sampled_from([1, 20 * 60, 59 * 60, 3600, 3605, 3606, 90_000]))
    def time_passes(self, delta: int) -> None:
        self.at += timedelta(seconds=delta)

    @precondition(lambda self: self.attempt is not None)
    @rule(grades=st.booleans())
    def submit(self, grades: bool) -> None:
        assert self.attempt is not None
        was_open = Attempt.objects.open().filter(pk=self.attempt.pk).exists()
        attempt = Attempt.objects.get(pk=self.attempt.pk)
        assert submit_attempt(attempt=attempt, by=self.candidate, at=self.at) is was_open
        if grades:
            grade_attempt(attempt=attempt, at=self.at)

    @precondition(lambda self: self.attempt is not None)
    @rule()
    def void(self) -> None:
        void_attempt(attempt=self.attempt, reason="Disturbed", by=self.examiner, at=self.at)  # type: ignore[arg-type]

    @rule()
    def sweep(self) -> None:
        finalise_overdue(at=self.at)
        assert finalise_overdue(at=self.at) == (0, 0)

    @invariant()
    def at_most_one_attempt_is_open(self) -> None:
        assert Attempt.objects.open().filter(candidate=self.candidate).count() <= 1

    @invariant()
    def the_log_only_grows(self) -> None:
        rows = {
            row[0]: row[1:]
            for row in Response.objects.filter(item__attempt__candidate=self.candidate).values_list(
                "pk", "item_id", "sequence", "data", "counted", "received_at", "client_key"
            )
        }
        assert rows.items() >= self.log.items()
        self.log = rows
        events = AttemptEvent.objects.filter(attempt__candidate=self.candidate).count()
        assert events >= self.events
        self.events = events

    @invariant()
    def the_current_answer_is_the_last_that_was_acknowledged(self) -> None:
        items = list(AttemptItem.objects.filter(attempt__candidate=self.candidate))
        current = {}
        for attempt_id in {item.attempt_id for item in items}:
            current |= current_responses(attempt_id)
        for item in items:
            revision, letter = self.acknowledged.get((item.attempt_id, item.slot), (0, None))
            row = current.get(item.pk)
            assert (row.sequence if row else 0) == revision
            choice = item.arrangement["choices"]["abcd".index(letter)] if letter else None
            assert (row.data if row else None) == (choice and {"choice": choice})

    @invariant()
    def what_has_ended_takes_nothing_more(self) -> None:
        for attempt in Attempt.objects.filter(candidate=self.candidate):
            if attempt.is_open:
                continue
            counted = set(Response.objects.filter(item__attempt=attempt, counted=True).values_list("pk", flat=True))
            assert self.ended.setdefault(attempt.pk, counted) == counted
            if attempt.submitted_at:
                assert attempt.finished_at <= attempt.deadline_at  # type: ignore[operator]
            assert Result.objects.filter(attempt=attempt).count() <= 1

    @invariant()
    def the_audit_finds_nothing(self) -> None:
        assert not list(audit_scores())


def test_the_life_of_attempts(make_user: Any) -> None:
    AttemptLife.quiz = make_quiz(["single_choice", "single_choice"], time_limit=LIMIT)
    AttemptLife.examiner = make_user("examiner", "examiner")
    run_state_machine_as_test(
        AttemptLife,
        settings=settings(
            max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
