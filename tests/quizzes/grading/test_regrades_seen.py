"""What candidates see after a regrade, and what becomes of answers that people mark."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lms.core.exceptions import DomainError
from quizzes.attempts.exceptions import AttemptClosed
from quizzes.attempts.models import Response
from quizzes.grading.audit import audit_scores
from quizzes.grading.held import release_results, waiting_results
from quizzes.grading.late import decide_late_answer
from quizzes.grading.models import Result
from quizzes.grading.regrades import approve_regrade, propose_regrade, undo_regrade
from quizzes.grading.sweep import finalise_overdue
from tests.quizzes.grading.regrading import choice, correct_key, grades, in_force, regrade
from tests.quizzes.written import FULL, HALF, exam, mark, version_of, written

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def reviewed(quiz_of: Any, begin: Any, answer: Any, hand_in: Any) -> Any:
    attempt = begin(quiz_of(["single_choice", "single_choice"]))
    answer(attempt, 1, answer=choice(attempt, 2))
    hand_in(attempt)
    return attempt


def review(api: Any, attempt: Any) -> Any:
    return api(attempt.candidate).get(f"/api/v1/attempts/{attempt.uuid}/review/").json()


def test_the_explanation_follows_the_key_of_the_regrade(
    reviewed: Any, api: Any, others: Any, now: Any, clock: Any
) -> None:
    question = reviewed.items.get(slot=1).version.question
    assert review(api, reviewed)["items"][0]["correct_answer"] == choice(reviewed, 1)
    version = correct_key(question, 2, now, rationale="<p>Corrected.</p>")
    done = regrade(reviewed.assessment, question, "new_key", others, now, to_version=version)
    told = review(api, reviewed)
    first = told["items"][0]
    assert (first["score"], first["correct_answer"]) == (1.0, choice(reviewed, 2))
    assert "Corrected." in first["rationale_html"]
    assert (told["score"], told["percent"]) == (1.0, 50.0)
    undo_regrade(regrade=done, reason="x", by=others["admin"], at=now)
    first = review(api, reviewed)["items"][0]
    assert (first["score"], first["correct_answer"]) == (0.0, choice(reviewed, 1))


def test_an_item_that_was_left_out_says_so(
    reviewed: Any, api: Any, others: Any, client: Any, now: Any, clock: Any
) -> None:
    question = reviewed.items.get(slot=2).version.question
    regrade(reviewed.assessment, question, "drop_item", others, now)
    told = review(api, reviewed)
    assert (told["items"][1]["left_out"], told["items"][1]["score"], told["max_score"]) == (True, None, 1.0)
    assert "left_out" not in told["items"][0]
    client.force_login(reviewed.candidate)
    assert "left out, counts for nobody" in client.get(f"/attempts/{reviewed.uuid}/review/").content.decode()


# Written answers ------------------------------------------------------------------------------------------------------


def test_a_mark_stands_and_full_credit_goes_to_those_who_wait(
    student: Any, make_user: Any, others: Any, now: Any
) -> None:
    quiz = exam()
    marked, waiting = written(quiz, student, now), written(quiz, make_user("second"), now)
    mark(marked, others["admin"], now, HALF)
    before = in_force(marked).percent
    proposal = propose_regrade(
        assessment=quiz, question=version_of(marked).question, method="full_credit", reason="x", by=others["examiner"],
        at=now,
    )  # fmt: skip
    assert (proposal.preview["totals"]["manual"], proposal.preview["totals"]["changed"]) == (1, 1)
    done = approve_regrade(regrade=proposal, by=others["admin"], at=now)
    assert in_force(marked).percent == before
    result = in_force(waiting)
    assert (result.percent, result.released_at) == (100, None), "a first result keeps to the rule of the exam"
    assert not list(audit_scores())
    with pytest.raises(DomainError) as caught:
        undo_regrade(regrade=done, reason="x", by=others["admin"], at=now)
    assert caught.value.code == "undo_leaves_no_result"


def test_a_dropped_question_is_dropped_for_the_marked_too_and_comes_back_as_marked(
    student: Any, others: Any, now: Any
) -> None:
    quiz = exam()
    attempt = written(quiz, student, now)
    mark(attempt, others["admin"], now, HALF)
    before = in_force(attempt).percent
    done = regrade(quiz, version_of(attempt).question, "drop_item", others, now)
    assert (in_force(attempt).percent, in_force(attempt).maximum) == (100, 1)
    assert not list(audit_scores())
    undo_regrade(regrade=done, reason="x", by=others["admin"], at=now)
    assert in_force(attempt).percent == before
    assert grades(attempt)[-1].marking == grades(attempt)[-3].marking
    again = propose_regrade(
        assessment=quiz, question=version_of(attempt).question, method="full_credit", reason="x",
        by=others["examiner"], at=now,
    )  # fmt: skip
    assert again.preview["totals"]["manual"] == 1, "what an undo put back is still a person's mark"
    assert not list(audit_scores())


@pytest.fixture
def late_essay(student: Any, begin: Any, answer: Any, now: Any) -> Any:
    """Nothing was written in time, so that the essay is worth nothing by rule; the text came half a minute late."""

    def write(**fields: Any) -> Any:
        attempt = begin(exam(time_limit=HOUR, **fields), at=now - HOUR)
        finalise_overdue(at=now + timedelta(seconds=20))
        with pytest.raises(AttemptClosed):
            answer(attempt, 1, answer={"text": "I would press here."}, at=now + timedelta(seconds=30))
        assert in_force(attempt).raw == 0
        return attempt, Response.objects.get(item__attempt=attempt)

    return write


def test_a_late_essay_waits_for_a_marker_and_its_old_result_is_not_released(
    late_essay: Any, others: Any, now: Any
) -> None:
    attempt, late = late_essay()
    decide_late_answer(response=late, accept=True, reason="Network", by=others["examiner"], at=now + HOUR)
    assert Result.objects.filter(attempt=attempt).count() == 1
    assert not waiting_results(attempt.assessment).exists()
    assert release_results(assessment=attempt.assessment, by=others["examiner"], at=now + HOUR) == 0
    assert not list(audit_scores())
    mark(attempt, others["examiner"], now + HOUR, FULL)
    assert in_force(attempt).percent == 50
    assert release_results(assessment=attempt.assessment, by=others["examiner"], at=now + HOUR) == 1
    assert not list(audit_scores())


def test_a_late_essay_after_the_result_is_known_is_refused_as_a_whole(late_essay: Any, others: Any, now: Any) -> None:
    attempt, late = late_essay(results="at_once")
    with pytest.raises(DomainError) as caught:
        decide_late_answer(response=late, accept=True, reason="Network", by=others["examiner"], at=now + HOUR)
    assert caught.value.code == "result_released"
    assert Response.objects.filter(item__attempt=attempt).count() == 1
    decide_late_answer(response=late, accept=False, reason="Too late", by=others["examiner"], at=now + HOUR)
