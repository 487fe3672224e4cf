"""Answers that came too late: kept aside, and let count or not by an exam manager, once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from lms.core.exceptions import DomainError, InvalidInput
from quizzes.attempts.commands import void_attempt
from quizzes.attempts.exceptions import AttemptClosed
from quizzes.attempts.models import Attempt, AttemptEvent, LateDecision, Response
from quizzes.grading.audit import audit_scores
from quizzes.grading.commands import grade_attempt
from quizzes.grading.late import decide_late_answer
from quizzes.grading.regrades import undo_regrade
from tests.quizzes.grading.regrading import choice, correct_key, grades, in_force, regrade
from tests.quizzes.grading.test_audit import tamper
from tests.quizzes.making import make_assessment, make_question, right, wrong

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def attempt(begin: Any, answer: Any, now: Any) -> Attempt:
    """An attempt whose time is over; in time the first question was answered wrong."""
    quiz = make_assessment(questions=[make_question(), make_question()], time_limit=timedelta(minutes=10))
    found = begin(quiz, at=now - timedelta(hours=1))
    answer(found, 1, answer=choice(found, 0), at=now - timedelta(minutes=55))
    return found


@pytest.fixture
def send_late(answer: Any, now: Any) -> Any:
    """An answer after the deadline: refused, and kept aside."""

    def send(attempt: Attempt, given: Any, slot: int = 1, *, at: Any = now) -> Response:
        with pytest.raises(AttemptClosed) as caught:
            answer(attempt, slot, answer=given, at=at)
        assert caught.value.extra["kept"]
        return Response.objects.filter(item__attempt=attempt, item__slot=slot).order_by("-sequence")[0]

    return send


def decide(response: Response, others: Any, now: Any, accept: bool = True, **given: Any) -> LateDecision:
    return decide_late_answer(
        response=response,
        accept=accept,
        **{"reason": "The network of the room was down", "by": others["examiner"], "at": now + MINUTE, **given},
    )


def refused(code: str, *args: Any, **given: Any) -> None:
    with pytest.raises(DomainError) as caught:
        decide(*args, **given)
    assert caught.value.code == code


def test_an_accepted_answer_counts_as_a_further_response(
    attempt: Attempt, send_late: Any, others: Any, now: Any
) -> None:
    late = send_late(attempt, right(attempt))
    grade_attempt(attempt=attempt, at=now)
    before = in_force(attempt)
    assert before.raw == 0
    decision = decide(late, others, now)
    counted = decision.counted_as
    assert (counted.data, counted.received_at, counted.input_mode, counted.counted) == (late.data, now, "late", True)
    assert counted.sequence == late.sequence + 1
    new = in_force(attempt)
    assert (new.raw, new.released_at, new.source) == (1, now + MINUTE, "auto")
    last = grades(attempt)[-1]
    assert (last.source, last.response, last.by, last.reason) == (
        "auto", counted, others["examiner"], "Late answer accepted",
    )  # fmt: skip
    event = AttemptEvent.objects.get(attempt=attempt, type="late_decided")
    assert event.data == {"slot": 1, "sequence": late.sequence, "accepted": True}
    assert not list(audit_scores())


def test_a_rejected_answer_changes_nothing_but_the_record(
    attempt: Attempt, send_late: Any, others: Any, now: Any
) -> None:
    late = send_late(attempt, right(attempt))
    grade_attempt(attempt=attempt, at=now)
    decision = decide(late, others, now, accept=False)
    assert (decision.accepted, decision.counted_as) == (False, None)
    assert in_force(attempt).raw == 0
    assert Response.objects.filter(item__attempt=attempt).count() == 2
    assert not list(audit_scores())
    refused("decided_already", late, others, now)


def test_before_grading_an_accepted_answer_is_simply_graded(
    attempt: Attempt, send_late: Any, others: Any, now: Any
) -> None:
    late = send_late(attempt, right(attempt))
    decide(late, others, now)
    assert in_force(attempt).raw == 1
    assert len(grades(attempt)) == 1
    assert not list(audit_scores())


def test_only_the_newest_late_answer_may_count(attempt: Attempt, send_late: Any, others: Any, now: Any) -> None:
    older = send_late(attempt, wrong(attempt))
    newer = send_late(attempt, right(attempt), at=now + MINUTE)
    grade_attempt(attempt=attempt, at=now)
    refused("newer_late_answer", older, others, now)
    decide(newer, others, now)
    refused("newer_late_answer", older, others, now)
    decide(older, others, now, accept=False)
    assert in_force(attempt).raw == 1


def test_what_may_not_be_decided(
    attempt: Attempt, send_late: Any, others: Any, now: Any, begin: Any, answer: Any
) -> None:
    late = send_late(attempt, right(attempt))
    in_time = Response.objects.get(item__attempt=attempt, sequence=1)
    refused("not_a_late_answer", in_time, others, now)
    refused("own_attempt", late, others, now, by=attempt.candidate)
    with pytest.raises(InvalidInput):
        decide(late, others, now, reason=" ")
    void_attempt(attempt=attempt, reason="Disturbed", by=others["admin"], at=now)
    refused("not_a_late_answer", late, others, now)
    assert not LateDecision.objects.exists()


def test_a_late_answer_follows_the_regrade_in_force(attempt: Attempt, send_late: Any, others: Any, now: Any) -> None:
    late = send_late(attempt, choice(attempt, 2))
    grade_attempt(attempt=attempt, at=now)
    question = attempt.items.get(slot=1).version.question
    done = regrade(attempt.assessment, question, "new_key", others, now, to_version=correct_key(question, 2, now))
    assert in_force(attempt).raw == 0
    decide(late, others, now)
    assert in_force(attempt).raw == 1
    assert (grades(attempt)[-1].source, grades(attempt)[-1].regrade) == ("regrade", done)
    assert not list(audit_scores())
    with pytest.raises(DomainError) as caught:
        undo_regrade(regrade=done, reason="x", by=others["admin"], at=now)
    assert caught.value.code == "changed_since"


@pytest.mark.parametrize(("method", "figures"), [("full_credit", (1, 2)), ("drop_item", (0, 1))])
def test_what_counts_for_everybody_or_nobody_goes_on_to(
    attempt: Attempt, send_late: Any, others: Any, now: Any, method: str, figures: Any
) -> None:
    late = send_late(attempt, right(attempt))
    grade_attempt(attempt=attempt, at=now)
    question = attempt.items.get(slot=1).version.question
    regrade(attempt.assessment, question, method, others, now)
    decide(late, others, now)
    assert (in_force(attempt).raw, in_force(attempt).maximum) == figures
    assert not list(audit_scores())


def test_after_an_undone_regrade_the_first_key_holds_again(
    attempt: Attempt, send_late: Any, others: Any, now: Any
) -> None:
    late = send_late(attempt, right(attempt))
    grade_attempt(attempt=attempt, at=now)
    question = attempt.items.get(slot=1).version.question
    done = regrade(attempt.assessment, question, "drop_item", others, now)
    undo_regrade(regrade=done, reason="x", by=others["admin"], at=now)
    decide(late, others, now)
    assert (in_force(attempt).raw, in_force(attempt).maximum) == (1, 2)
    assert grades(attempt)[-1].source == "auto"
    assert not list(audit_scores())


def test_a_forged_late_answer_is_found(attempt: Attempt, send_late: Any, others: Any, now: Any) -> None:
    late = send_late(attempt, right(attempt))
    grade_attempt(attempt=attempt, at=now)
    counted = decide(late, others, now).counted_as
    tamper(counted, data=json.dumps({"choice": "c1"}))
    assert {row.what for row in audit_scores()} == {"slot 1, late answer", "slot 1"}


def test_a_late_answer_that_nobody_let_count_is_found(attempt: Attempt, send_late: Any, others: Any, now: Any) -> None:
    late = send_late(attempt, right(attempt))
    grade_attempt(attempt=attempt, at=now)
    Response.objects.create(item=late.item, sequence=9, data=late.data, received_at=now, input_mode="late")
    assert {row.what for row in audit_scores()} == {"slot 1, late answer", "slot 1"}
