"""Regrades: proposed, approved by somebody else, applied as previewed, and undone without a trace in the figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lms.core.exceptions import DomainError, InvalidInput
from quizzes.assembly.commands import freeze_assessment
from quizzes.attempts.commands import submit_attempt, void_attempt
from quizzes.grading.audit import audit_scores
from quizzes.grading.engine import display_percent
from quizzes.grading.models import Grade, Regrade, Result
from quizzes.grading.queries import results_of
from quizzes.grading.regrades import approve_regrade, decline_regrade, propose_regrade, undo_regrade
from quizzes.grading.signals import result_recorded
from tests.quizzes.grading.regrading import (
    NEW,
    Cohort,
    choice,
    cohort,
    correct_key,
    figures,
    grades,
    in_force,
    propose,
    refused,
    regrade,
    scores,
)
from tests.quizzes.making import choices, make_assessment, make_question, right

pytestmark = pytest.mark.django_db
__all__ = ["cohort"]
HOUR = timedelta(hours=1)


# The four methods -----------------------------------------------------------------------------------------------------


def test_a_new_key_raises_and_lowers_nobody(cohort: Cohort, others: Any, now: datetime) -> None:
    version = correct_key(cohort.question, NEW, now)
    done = regrade(cohort.quiz, cohort.question, "new_key", others, now + HOUR, to_version=version)
    assert scores(cohort.attempts) == [3, 3, 2, 2]
    assert [in_force(attempt).passed for attempt in cohort.attempts] == [True, True, False, False]
    assert [Result.objects.filter(attempt=attempt).count() for attempt in cohort.attempts] == [1, 2, 1, 1]
    assert not list(audit_scores())
    told = grades(cohort.attempts[1])[-1]
    assert (told.source, told.regrade, told.reason, told.by, told.at) == (
        "regrade", done, "The key was wrong", others["admin"], now + HOUR,
    )  # fmt: skip
    assert [grades(attempt)[-1].answer_key.version for attempt in cohort.attempts] == [version] * 4


def test_a_new_key_may_lower_where_that_is_said(cohort: Cohort, others: Any, now: datetime) -> None:
    version = correct_key(cohort.question, NEW, now)
    done = regrade(cohort.quiz, cohort.question, "new_key", others, now, to_version=version, never_lower=False)
    assert scores(cohort.attempts) == [2, 3, 2, 2]
    totals = done.preview["totals"]
    assert (totals["raised"], totals["lowered"], totals["to_passed"], totals["to_failed"]) == (1, 1, 1, 1)
    assert [row["flip"] for row in done.preview["rows"]] == ["to_failed", "to_passed"]
    assert not list(audit_scores())


def test_both_keys_may_be_accepted(cohort: Cohort, others: Any, now: datetime) -> None:
    version = correct_key(cohort.question, NEW, now)
    regrade(cohort.quiz, cohort.question, "accept_also", others, now, to_version=version, never_lower=False)
    assert scores(cohort.attempts) == [3, 3, 2, 2]
    by_old, by_new, *_others = (grades(attempt)[-1].answer_key.version for attempt in cohort.attempts)
    assert by_old != version, "an answer that the old key credits is explained by the old key"
    assert by_new == version
    assert not list(audit_scores())


def test_full_credit_is_for_everybody_who_met_the_question(cohort: Cohort, others: Any, now: datetime) -> None:
    done = regrade(cohort.quiz, cohort.question, "full_credit", others, now)
    assert scores(cohort.attempts) == [3, 3, 3, 3]
    assert done.preview["totals"]["to_passed"] == 3
    assert not list(audit_scores())


def test_a_dropped_item_counts_for_nobody_and_costs_nobody(cohort: Cohort, others: Any, now: datetime) -> None:
    done = regrade(cohort.quiz, cohort.question, "drop_item", others, now)
    assert [(row.raw, row.maximum) for row in map(in_force, cohort.attempts)] == [(3, 4), (2, 3), (2, 3), (2, 3)]
    kept = [row for row in done.preview["rows"] if row["outcome"] == "kept"]
    assert [row["attempt"] for row in kept] == [str(cohort.attempts[0].uuid)], "75 % would have become 66.67 %"
    assert len(grades(cohort.attempts[0])) == 1
    assert grades(cohort.attempts[1])[-1].excluded
    assert not list(audit_scores())


def test_a_dropped_item_may_cost_where_that_is_said(cohort: Cohort, others: Any, now: datetime) -> None:
    regrade(cohort.quiz, cohort.question, "drop_item", others, now, never_lower=False)
    assert {(row.raw, row.maximum, row.passed) for row in map(in_force, cohort.attempts)} == {(2, 3, False)}
    assert not list(audit_scores())


def test_nobody_is_left_with_an_exam_of_nothing(begin: Any, hand_in: Any, others: Any, now: datetime) -> None:
    question = make_question()
    attempt = begin(make_assessment(questions=[question]))
    hand_in(attempt)
    done = regrade(attempt.assessment, question, "drop_item", others, now, never_lower=False)
    assert done.preview["totals"]["kept"] == 1
    assert in_force(attempt).maximum == 1
    assert not list(audit_scores())


def test_a_pass_is_not_lost_to_a_hurdle_when_an_item_is_dropped(
    begin: Any, answer: Any, hand_in: Any, others: Any, now: datetime
) -> None:
    """The percentage rises, as a poor answer goes; but it was all that a small domain had."""
    faulty = make_question(slug="matching", objective="D2-x", domain="D2")
    questions = [faulty, make_question(objective="D2-x", domain="D2"), make_question(), make_question()]
    quiz = make_assessment(questions=questions, cut_percent=20, hurdles=[{"domain": "D2", "percent": 15}])
    attempt = begin(quiz)
    answer(attempt, answer={"pairs": dict(list(right(attempt)["pairs"].items())[:1])})
    for slot in (3, 4):
        answer(attempt, slot, answer=right(attempt, slot))
    hand_in(attempt)
    before = figures(attempt)
    assert in_force(attempt).passed
    done = regrade(quiz, faulty, "drop_item", others, now)
    assert done.preview["totals"]["kept"] == 1
    assert figures(attempt) == before


def test_an_item_left_out_once_stays_out(cohort: Cohort, others: Any, now: datetime) -> None:
    regrade(cohort.quiz, cohort.question, "drop_item", others, now, never_lower=False)
    version = correct_key(cohort.question, NEW, now)
    done = regrade(cohort.quiz, cohort.question, "new_key", others, now, to_version=version)
    assert done.preview["totals"]["left_out"] == 4
    assert {row.maximum for row in map(in_force, cohort.attempts)} == {3}


def test_pilot_items_change_their_grade_and_nobodys_score(begin: Any, answer: Any, hand_in: Any, others: Any, now: Any):
    pilot = make_question(life_cycle="pilot")
    attempt = begin(make_assessment(questions=[make_question(), pilot]))
    answer(attempt, 2, answer=choice(attempt, NEW, 2))
    hand_in(attempt)
    version = correct_key(pilot, NEW, now)
    done = regrade(attempt.assessment, pilot, "new_key", others, now, to_version=version)
    assert done.preview["totals"]["unchanged"] == 1
    assert [row.fraction for row in grades(attempt, 2)] == [0, 1]
    assert Result.objects.filter(attempt=attempt).count() == 1
    assert not list(audit_scores())


def test_the_cut_is_compared_exactly(begin: Any, answer: Any, hand_in: Any, others: Any, now: datetime) -> None:
    """749.96 of 1000 is 74.996 %: shown as 75.00, and not passed."""
    faulty, rest = make_question(), make_question()
    quiz = make_assessment(questions=[faulty], cut_percent=75, frozen=False)
    quiz.structure = [
        ("items", {"questions": [faulty], "marks": Decimal("749.96")}),
        ("items", {"questions": [rest], "marks": Decimal("250.04")}),
    ]
    quiz.save()
    freeze_assessment(assessment=quiz, by=None, at=now)
    attempt = begin(quiz)
    answer(attempt, answer=choice(attempt, NEW))
    hand_in(attempt)
    version = correct_key(faulty, NEW, now)
    done = regrade(quiz, faulty, "new_key", others, now, to_version=version)
    result = in_force(attempt)
    assert str(display_percent(result.percent)) == "75.00"
    assert result.passed is False
    assert (done.preview["rows"][0]["new_percent"], done.preview["rows"][0]["flip"]) == ("74.996", "")


def test_grades_of_a_person_stand(cohort: Cohort, others: Any, now: datetime) -> None:
    item = cohort.attempts[1].items.get(slot=1)
    Grade.objects.create(
        item=item, source="marker", fraction=Decimal("0.25"), mark=Decimal("0.25"), by=others["examiner"], at=now
    )
    version = correct_key(cohort.question, NEW, now)
    for method, given in (("new_key", {"to_version": version}), ("full_credit", {})):
        proposal = propose(cohort, others, now, method, **given)
        (manual,) = [row for row in proposal.preview["rows"] if row["outcome"] == "manual"]
        assert manual["attempt"] == str(cohort.attempts[1].uuid)
        approve_regrade(regrade=proposal, by=others["admin"], at=now)
    assert [row.source for row in grades(cohort.attempts[1])] == ["auto", "marker"]


# What is refused ------------------------------------------------------------------------------------------------------


def test_a_version_that_shows_something_else_is_refused(cohort: Cohort, others: Any, now: datetime) -> None:
    version = correct_key(cohort.question, NEW, now, stem="<p>What is asked now?</p>")
    error = refused("presentation_differs", propose, cohort, others, now, to_version=version)
    assert "shows candidates something else" in error.message
    assert not Regrade.objects.exists()


def test_input_that_makes_no_sense_is_refused(cohort: Cohort, others: Any, now: datetime) -> None:
    version = correct_key(cohort.question, NEW, now)
    stranger = make_question()
    for field, given in (
        ("to_version", {"method": "new_key"}),
        ("to_version", {"method": "full_credit", "to_version": version}),
        ("to_version", {"method": "new_key", "to_version": stranger.current_version}),
        ("reason", {"method": "full_credit", "reason": "  "}),
        ("method", {"method": "wish"}),
    ):
        with pytest.raises(InvalidInput) as caught:
            propose(cohort, others, now, **given)
        assert list(caught.value.extra["errors"]) == [field]
    with pytest.raises(DomainError) as other:
        propose_regrade(
            assessment=cohort.quiz, question=stranger, method="full_credit", reason="x", by=others["admin"], at=now
        )
    assert other.value.code == "nothing_to_regrade"
    with pytest.raises(ValueError, match="somebody"):
        propose(cohort, others, now, "full_credit", by=None)


def test_nobody_approves_their_own_proposal_or_regrades_their_own_attempt(
    cohort: Cohort, others: Any, now: datetime
) -> None:
    proposal = propose(cohort, others, now, "full_credit")
    refused("own_proposal", approve_regrade, regrade=proposal, by=others["examiner"], at=now)
    candidate = cohort.attempts[2].candidate
    refused("own_attempt", approve_regrade, regrade=proposal, by=candidate, at=now)
    refused("own_attempt", propose, cohort, others, now, "full_credit", by=candidate)
    proposal.refresh_from_db()
    assert proposal.approved_at is None
    assert scores(cohort.attempts) == [3, 2, 2, 2]


def test_a_preview_that_no_longer_holds_is_refused(
    cohort: Cohort, others: Any, begin: Any, answer: Any, hand_in: Any, student: Any, now: datetime
) -> None:
    version = correct_key(cohort.question, NEW, now)
    late_comer = propose(cohort, others, now, to_version=version)
    hand_in(begin(cohort.quiz))
    refused("preview_outdated", approve_regrade, regrade=late_comer, by=others["admin"], at=now)
    voided = propose(cohort, others, now, to_version=version)
    void_attempt(attempt=cohort.attempts[1], reason="Disturbed", by=others["admin"], at=now)
    refused("preview_outdated", approve_regrade, regrade=voided, by=others["admin"], at=now)
    first, second = (propose(cohort, others, now, "full_credit") for _ in range(2))
    approve_regrade(regrade=first, by=others["admin"], at=now)
    refused("preview_outdated", approve_regrade, regrade=second, by=others["admin"], at=now)
    second.refresh_from_db()
    assert second.approved_at is None, "a refusal leaves nothing behind"


def test_a_regrade_is_decided_once(cohort: Cohort, others: Any, now: datetime) -> None:
    declined = decline_regrade(regrade=propose(cohort, others, now, "full_credit"), by=others["admin"], at=now)
    refused("regrade_closed", approve_regrade, regrade=declined, by=others["admin"], at=now)
    done = regrade(cohort.quiz, cohort.question, "full_credit", others, now)
    refused("regrade_closed", approve_regrade, regrade=done, by=others["admin"], at=now)
    refused("regrade_closed", decline_regrade, regrade=done, by=others["admin"], at=now)
    refused("regrade_closed", undo_regrade, regrade=declined, reason="x", by=others["admin"], at=now)


# Releasing, news, attempts that wait ----------------------------------------------------------------------------------


@pytest.mark.parametrize("held", [True, False])
def test_what_the_candidate_knew_is_told_anew_and_what_was_held_stays_held(
    begin: Any, hand_in: Any, others: Any, student: Any, now: datetime, held: bool
) -> None:
    question = make_question()
    quiz = make_assessment(questions=[question], results="held" if held else "at_once")
    attempt = begin(quiz)
    hand_in(attempt)
    heard: list[Any] = []

    def listen(sender: Any, result: Any, **kwargs: Any) -> None:
        heard.append((result.pk, result.released_at))

    result_recorded.connect(listen)
    try:
        regrade(quiz, question, "full_credit", others, now + HOUR)
    finally:
        result_recorded.disconnect(listen)
    result = in_force(attempt)
    assert result.released_at == (None if held else now + HOUR)
    assert result.raw == 1
    assert heard == [(result.pk, result.released_at)]
    assert results_of(student) == ([] if held else [result])


def test_open_void_and_preview_attempts_are_left_alone(
    cohort: Cohort, others: Any, begin: Any, student: Any, now: datetime
) -> None:
    begin(cohort.quiz)
    void_attempt(attempt=cohort.attempts[3], reason="Disturbed", by=others["admin"], at=now)
    proposal = propose(cohort, others, now, "full_credit")
    assert proposal.preview["totals"]["affected"] == 3


def test_an_attempt_that_was_handed_in_but_not_graded_yet_is_left_alone(
    cohort: Cohort, others: Any, begin: Any, student: Any, now: datetime
) -> None:
    submit_attempt(attempt=begin(cohort.quiz), by=student, at=now)
    assert propose(cohort, others, now, "full_credit").preview["totals"]["affected"] == 4


def test_a_regrade_of_partial_credit(begin: Any, answer: Any, hand_in: Any, others: Any, now: datetime) -> None:
    question = make_question(slug="multiple_response")
    attempt = begin(make_assessment(questions=[question], marks="3"))
    (first, *_rest) = right(attempt)["choices"]
    answer(attempt, answer={"choices": [first]})
    hand_in(attempt)
    assert in_force(attempt).raw == Decimal("1.5")
    question.interaction = [("multiple_response", {"min": 1, "max": 3, "choices": choices([0])})]
    question.save()
    from quizzes.bank.commands import freeze_question

    version = freeze_question(question=question, by=None, at=now)
    picked = attempt.items.get().responses.get().data["choices"]
    regrade(attempt.assessment, question, "new_key", others, now, to_version=version)
    assert in_force(attempt).raw == (3 if picked == ["c1"] else Decimal("1.5"))
    assert not list(audit_scores())
