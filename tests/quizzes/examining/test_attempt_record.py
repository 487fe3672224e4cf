"""The record of one attempt: it explains a score, and what is done with it says why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from quizzes.attempts.commands import adjust_time, start_attempt
from quizzes.attempts.models import Attempt, LateDecision, StartGrant
from quizzes.bank.models import BankAccess
from quizzes.grading.audit import audit_scores
from tests.quizzes.delivery.test_statements import at_most, statements
from tests.quizzes.examining.sat_exam import make_exam, send, signed_in, sit
from tests.quizzes.grading.regrading import in_force, regrade
from tests.quizzes.making import right

pytestmark = pytest.mark.django_db
__all__ = ["signed_in"]
HOUR = timedelta(hours=1)


@pytest.fixture
def attempt(student: Any, now: datetime) -> Attempt:
    return sit(make_exam(), student, now - 2 * HOUR, right_slots=(1,))


@pytest.fixture
def overdue(student: Any, now: datetime) -> Attempt:
    """Nothing was answered in time, and one right answer came half a minute late."""
    found, _new = start_attempt(assessment=make_exam(1), seed="late", by=student, at=now - HOUR)
    send(found, 1, right(found, 1), now + timedelta(seconds=30))
    found.refresh_from_db()
    return found


def url(attempt: Attempt, *more: Any) -> str:
    return "/".join(["/examine/attempts", str(attempt.uuid), *map(str, more), ""])


def test_it_tells_how_the_score_came_about(
    attempt: Attempt, signed_in: Any, others: Any, now: datetime, clock: Any
) -> None:
    question = attempt.items.get(slot=2).version.question
    done = regrade(attempt.assessment, question, "full_credit", others, now)
    text = signed_in("examiner").get(url(attempt)).content.decode()
    for words in (
        "Student", "1 of 3", "2 of 3", "33.3333", "66.6667", "needs 75", "Scored by rule", "Regraded",
        "The key was wrong", others["admin"].get_full_name(), question.code, "version 1", "Started",
        "Submitted", "By the candidate", f"/examine/regrades/{done.uuid}/", "Never answered.", "1 h",
    ):  # fmt: skip
        assert words in text, words


def test_the_deadline_is_told_with_its_parts(student: Any, others: Any, signed_in: Any, now: datetime) -> None:
    running, _new = start_attempt(assessment=make_exam(1), by=student, at=now)
    adjust_time(attempts=[running], seconds=600, reason="Fire alarm", by=others["examiner"], at=now)
    text = signed_in("examiner").get(url(running)).content.decode()
    for words in (
        "Time limit",
        "1 h",
        "Given or taken since",
        "10 min",
        "10 minutes",
        "Fire alarm",
        "There is no result yet",
    ):
        assert words in text, words


def test_a_look_at_confidential_items_is_written_down(attempt: Attempt, signed_in: Any, others: Any) -> None:
    signed_in("examiner").get(url(attempt))
    looked = BankAccess.objects.filter(user=others["examiner"], action="viewed")
    assert looked.count() == attempt.items.count()


def test_it_costs_the_same_with_few_items_and_with_many(
    make_user: Any, signed_in: Any, now: datetime, others: Any
) -> None:
    client = signed_in("examiner")
    client.get("/examine/regrades/")
    few = sit(make_exam(2), make_user("few"), now, right_slots=(1,))
    many = sit(make_exam(25), make_user("many"), now, right_slots=tuple(range(1, 21)))
    counts = [len(statements(lambda found=found: client.get(url(found)))) for found in (few, many)]
    assert counts[0] == counts[1]
    at_most(16, statements(lambda: client.get(url(many))))


# Late answers ---------------------------------------------------------------------------------------------------------


def test_a_late_answer_is_decided_on_its_own_page(
    overdue: Attempt, signed_in: Any, others: Any, clock: Any, now: datetime
) -> None:
    clock.forward(hours=1)
    client = signed_in("examiner")
    page = client.get(url(overdue)).content.decode()
    assert "1 late answer waits for a decision" in page
    there = url(overdue, "late", 1, 1)
    assert f'href="{there}"' in page
    assert 'href="#question-1"' in page
    form = client.get(there).content.decode()
    assert "What will happen" in form
    assert "30 s after the deadline" in form
    refused = client.post(there, {"decision": "accept", "reason": ""})
    assert refused.status_code == 200
    assert not LateDecision.objects.exists()
    done = client.post(there, {"decision": "accept", "reason": "The network of the room was down"})
    assert done.status_code == 302
    decision = LateDecision.objects.get()
    assert (decision.accepted, decision.by, decision.at) == (True, others["examiner"], clock.at)
    assert in_force(overdue).percent == 100
    page = client.get(url(overdue)).content.decode()
    assert "Too late, and let count" in page
    assert "The network of the room was down" in page
    assert "waits for a decision" not in page
    assert not list(audit_scores())


def test_an_answer_that_counts_has_no_such_page(attempt: Attempt, signed_in: Any) -> None:
    assert signed_in("examiner").get(url(attempt, "late", 1, 1)).status_code == 404


# Deeds ----------------------------------------------------------------------------------------------------------------


def test_each_deed_says_first_what_will_happen_and_asks_why(attempt: Attempt, signed_in: Any) -> None:
    client = signed_in("examiner")
    page = client.get(url(attempt)).content.decode()
    for action in ("void", "continue", "grant"):
        assert f'href="{url(attempt, action)}"' in page
        assert "What will happen" in client.get(url(attempt, action)).content.decode()
        assert client.post(url(attempt, action), {"minutes": 5, "kind": "extra_attempt"}).status_code == 200
    assert f'href="{url(attempt, "time")}"' not in page, "it runs no more"
    assert client.get(url(attempt, "time")).status_code == 302
    attempt.refresh_from_db()
    assert attempt.voided_at is None
    assert not StartGrant.objects.exists()


def test_voiding(attempt: Attempt, signed_in: Any, others: Any, clock: Any, now: datetime) -> None:
    client = signed_in("examiner")
    client.post(url(attempt, "void"), {"reason": "Somebody else sat there"})
    attempt.refresh_from_db()
    assert (attempt.voided_by, attempt.void_reason, attempt.voided_at) == (
        others["examiner"], "Somebody else sat there", now,
    )  # fmt: skip
    page = client.get(url(attempt)).content.decode()
    assert "Somebody else sat there" in page
    assert f'href="{url(attempt, "void")}"' not in page


def test_giving_time(student: Any, signed_in: Any, now: datetime, clock: Any) -> None:
    running, _new = start_attempt(assessment=make_exam(1), by=student, at=now)
    before = running.deadline_at
    client = signed_in("examiner")
    client.post(url(running, "time"), {"minutes": 7, "reason": "Power cut"})
    running.refresh_from_db()
    assert running.deadline_at == before + timedelta(minutes=7)
    too_much = client.post(url(running, "time"), {"minutes": 9999, "reason": "x"})
    assert too_much.status_code == 200


def test_granting_another_attempt_and_going_on(
    attempt: Attempt, signed_in: Any, student: Any, now: datetime, clock: Any
) -> None:
    client = signed_in("examiner")
    client.post(url(attempt, "grant"), {"kind": "extra_attempt", "reason": "Illness"})
    assert StartGrant.objects.get().candidate == student
    client.post(url(attempt, "continue"), {"minutes": 15, "reason": "Power cut"})
    further = Attempt.objects.get(continues=attempt)
    assert further.deadline_at == now + timedelta(minutes=15)
    assert url(further) in client.get(url(attempt)).content.decode()
    assert url(attempt) in client.get(url(further)).content.decode()


def test_nobody_decides_about_their_own_attempt(make_user: Any, signed_in: Any, now: datetime) -> None:
    both = make_user("both", "student", "examiner")
    own = sit(make_exam(1), both, now)
    client = signed_in(both)
    page = client.get(url(own)).content.decode()
    assert "This is your own attempt" in page
    assert url(own, "void") not in page
    client.post(url(own, "void"), {"reason": "I did badly"})
    own.refresh_from_db()
    assert own.voided_at is None


def test_who_may_look(attempt: Attempt, signed_in: Any, student: Any) -> None:
    statuses = {
        who: signed_in(who).get(url(attempt)).status_code for who in ("examiner", "admin", "instructor", "other")
    }
    assert statuses == {"examiner": 200, "admin": 200, "instructor": 404, "other": 403}
    assert signed_in(student).get(url(attempt)).status_code == 403
