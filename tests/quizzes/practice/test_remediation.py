"""A retake that teaches: what a fail asks for, what does it, and that the next attempt opens then."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.ports import remediation
from quizzes.attempts.commands import start_attempt
from quizzes.attempts.exceptions import Locked
from quizzes.grading.commands import release_result
from quizzes.practice.commands import next_card
from quizzes.practice.remediation import MOST_OBJECTIVES, AnsweredItem, DomainOutcome, plan
from quizzes.practice.retakes import focus_after
from tests.quizzes.making import make_assessment, make_bank, make_question, right, wrong

D = Decimal
ITEMS = st.lists(
    st.builds(
        AnsweredItem,
        st.integers(1, 40).map(lambda n: f"O-{n}"),
        st.sampled_from(["D1", "D2", "D3"]),
        st.sampled_from([D(0), D("0.5"), D(1)]),
    ),
    max_size=80,
)


def outcomes(items: list[AnsweredItem], need: str = "75") -> list[DomainOutcome]:
    found = []
    for code in ("D1", "D2", "D3"):
        fractions = [item.fraction for item in items if item.domain == code]
        found.append(DomainOutcome(code, sum(fractions, D(0)), D(len(fractions)), D(need)))
    return found


def names(number: int) -> list[str]:
    return [f"O-{n}" for n in range(1, number + 1)]


@given(items=ITEMS, done=st.sets(st.sampled_from(names(40))))
def test_a_plan_names_only_what_went_wrong_in_weak_domains(items: list[AnsweredItem], done: set[str]) -> None:
    made = plan(items, outcomes(items), with_questions=names(30), answered_right=done)
    weak = {domain.code for domain in outcomes(items) if domain.maximum and domain.is_weak}
    lost = {item.objective for item in items if item.fraction < 1 and item.domain in weak}
    named = [step.objective for step in made.steps]
    assert len(named) == len(set(named)) == min(len(lost), MOST_OBJECTIVES)
    assert set(named) <= lost
    assert set(made.open) == {name for name in named if name in names(30) and name not in done}
    assert made.is_done == (not made.open)


@given(items=ITEMS)
def test_worst_domains_come_first(items: list[AnsweredItem]) -> None:
    made = plan(items, outcomes(items), with_questions=names(40), answered_right=[])
    percents = {domain.code: domain.percent for domain in outcomes(items)}
    order = [percents[step.domain] for step in made.steps]
    assert order == sorted(order)


def test_what_can_be_practised_is_not_crowded_out_by_what_can_only_be_read() -> None:
    items = [AnsweredItem(name, "D1", D(0)) for name in names(30)]
    made = plan(items, outcomes(items), with_questions=["O-30"], answered_right=[])
    assert made.open == ("O-30",)
    assert len(made.steps) == MOST_OBJECTIVES


def test_a_domain_that_reached_what_it_needed_asks_nothing() -> None:
    items = [AnsweredItem("O-1", "D1", D(1))] * 3 + [AnsweredItem("O-2", "D1", D(0))]
    assert plan(items, outcomes(items), with_questions=["O-2"], answered_right=[]).steps == ()
    strict = outcomes(items, need="80")
    assert plan(items, strict, with_questions=["O-2"], answered_right=[]).open == ("O-2",)


# A failed exam -------------------------------------------------------------------------------------------------------


@pytest.fixture
def exam(student: Any, show_to: Any) -> Any:
    """Exam items of three objectives, two of them with a teaching question each; remediation is asked for."""

    def make(**fields: Any) -> Any:
        secret = make_bank("secret", "exam")
        questions = [
            make_question(bank=secret, objective=code, domain=domain)
            for code, domain in (("EX-1", "D1"), ("EX-2", "D2"), ("EX-3", "D2"))
        ]
        for code, domain in (("EX-1", "D1"), ("EX-2", "D2")):
            make_question(f"Q-TEACH-{code}", objective=code, domain=domain)
        usual = {"kind": "exam", "feedback": "never", "retake_needs_remediation": True, "domain_report": "bands"}
        assessment = make_assessment(questions=questions, **{**usual, **fields})
        show_to(student, assessment)
        return assessment

    return make


@pytest.fixture
def fail(begin: Any, answer: Any, hand_in: Any, now: datetime) -> Any:
    """Sit it with the first item right and the others wrong."""

    def sit(assessment: Any) -> Any:
        attempt = begin(assessment)
        answer(attempt, 1, answer=right(attempt, 1))
        answer(attempt, 2, answer=wrong(attempt, 2))
        return hand_in(attempt)

    return sit


def missing(user: Any, assessment: Any) -> list[str]:
    return [row.code for row in remediation(user, assessment)]


@pytest.mark.django_db
def test_practice_opens_the_retake(exam: Any, fail: Any, student: Any, now: datetime, reply: Any) -> None:
    assessment = exam()
    result = fail(assessment)
    at = now + timedelta(hours=1)
    focus = focus_after(student, result.attempt.uuid)
    assert focus
    assert focus.objectives == ("EX-2",), "EX-1 was right, and EX-3 has no question to practise"
    with pytest.raises(Locked) as refused:
        start_attempt(assessment=assessment, by=student, at=at)
    told = refused.value.extra["missing"]
    assert [(row["code"], row["url"]) for row in told] == [("remediation", f"/practice/after/{result.attempt.uuid}/")]

    card = next_card(focus=focus, by=student, at=at)
    assert card, "the lesson need not be completed for it: the exam has asked"
    assert card.question.code == "Q-TEACH-EX-2"
    first = reply(card, right=False, at=at)
    assert missing(student, assessment) == ["remediation"]
    assert next_card(focus=focus, by=student, at=at) is None, "its answer was just on the screen"
    again = next_card(focus=focus, by=student, at=first.due_at)
    assert again
    reply(again, at=first.due_at)
    assert missing(student, assessment) == []
    _attempt, is_new = start_attempt(assessment=assessment, by=student, at=first.due_at)
    assert is_new


@pytest.mark.django_db
def test_what_was_practised_before_the_fail_does_not_count_and_is_asked_although_not_due(
    exam: Any, fail: Any, student: Any, learned: Any, now: datetime, reply: Any
) -> None:
    learned(student, "EX-2")
    assessment = exam()
    card = next_card(by=student, at=now - timedelta(hours=1))
    assert card
    reply(card, at=now - timedelta(hours=1))
    result = fail(assessment)
    assert missing(student, assessment) == ["remediation"]
    assert next_card(by=student, at=now) is None
    again = next_card(focus=focus_after(student, result.attempt.uuid), by=student, at=now)
    assert again == card
    reply(again)
    assert missing(student, assessment) == []


@pytest.mark.django_db
def test_nothing_is_asked_before_the_result_is_told(
    exam: Any, fail: Any, student: Any, make_user: Any, now: datetime
) -> None:
    assessment = exam(results="held")
    result = fail(assessment)
    assert missing(student, assessment) == []
    assert focus_after(student, result.attempt.uuid) is None
    release_result(result=result, by=make_user("examiner", "examiner"), at=now + timedelta(days=1))
    assert missing(student, assessment) == ["remediation"]
    focus = focus_after(student, result.attempt.uuid)
    assert focus
    assert focus.since == now + timedelta(days=1)


@pytest.mark.django_db
def test_whoever_has_passed_owes_nothing(
    exam: Any, fail: Any, begin: Any, answer: Any, hand_in: Any, student: Any, now: datetime
) -> None:
    assessment = exam(retake_needs_remediation=False)
    fail(assessment)
    assert missing(student, assessment) == ["remediation"]
    attempt = begin(assessment, at=now + timedelta(hours=1))
    for slot in (1, 2, 3):
        answer(attempt, slot, answer=right(attempt, slot), at=now + timedelta(hours=1))
    hand_in(attempt, at=now + timedelta(hours=2))
    assert missing(student, assessment) == []
    assert focus_after(student, attempt.uuid) is None


@pytest.mark.django_db
def test_where_it_is_not_asked_for_the_retake_is_open_at_once(
    exam: Any, fail: Any, student: Any, now: datetime
) -> None:
    assessment = exam(retake_needs_remediation=False)
    fail(assessment)
    _attempt, is_new = start_attempt(assessment=assessment, by=student, at=now + timedelta(hours=1))
    assert is_new


@pytest.mark.django_db
def test_an_attempt_of_somebody_else_is_no_focus(exam: Any, fail: Any, make_user: Any) -> None:
    result = fail(exam())
    assert focus_after(make_user("other", "student"), result.attempt.uuid) is None
