"""Undoing a regrade: the figures from before come back as further entries, or nothing changes at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from quizzes.attempts.commands import void_attempt
from quizzes.grading.audit import audit_scores
from quizzes.grading.models import Grade, Result
from quizzes.grading.regrades import undo_regrade
from tests.quizzes.grading.regrading import (
    NEW,
    Cohort,
    cohort,
    correct_key,
    figures,
    grades,
    refused,
    regrade,
    scores,
)

pytestmark = pytest.mark.django_db
__all__ = ["cohort"]
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("method", ["new_key", "accept_also", "full_credit", "drop_item"])
def test_undoing_puts_back_every_figure(cohort: Cohort, others: Any, now: datetime, method: str) -> None:
    before = [figures(attempt) for attempt in cohort.attempts]
    kept = [grades(attempt)[-1] for attempt in cohort.attempts]
    version = correct_key(cohort.question, NEW, now)
    given = {"to_version": version} if method in ("new_key", "accept_also") else {}
    done = regrade(cohort.quiz, cohort.question, method, others, now, never_lower=False, **given)
    assert [figures(attempt) for attempt in cohort.attempts] != before
    counted = Grade.objects.count(), Result.objects.count()
    undo_regrade(regrade=done, reason="The old key was right after all", by=others["examiner"], at=now + HOUR)
    assert [figures(attempt) for attempt in cohort.attempts] == before
    for attempt, old in zip(cohort.attempts, kept, strict=True):
        new = grades(attempt)[-1]
        assert (new.fraction, new.excluded, new.answer_key, new.response) == (
            old.fraction, old.excluded, old.answer_key, old.response,
        )  # fmt: skip
    assert Grade.objects.count() > counted[0]
    assert Result.objects.count() > counted[1], "nothing was rewritten"
    assert not list(audit_scores())
    done.refresh_from_db()
    assert (done.undone_by, done.undo_reason) == (others["examiner"], "The old key was right after all")
    refused("regrade_closed", undo_regrade, regrade=done, reason="again", by=others["admin"], at=now)


def test_regrades_are_undone_in_reverse(cohort: Cohort, others: Any, now: datetime) -> None:
    before = [figures(attempt) for attempt in cohort.attempts]
    version = correct_key(cohort.question, NEW, now)
    first = regrade(cohort.quiz, cohort.question, "new_key", others, now, to_version=version)
    between = [figures(attempt) for attempt in cohort.attempts]
    second = regrade(cohort.quiz, cohort.question, "full_credit", others, now)
    refused("changed_since", undo_regrade, regrade=first, reason="x", by=others["admin"], at=now)
    undo_regrade(regrade=second, reason="x", by=others["admin"], at=now)
    assert [figures(attempt) for attempt in cohort.attempts] == between
    undo_regrade(regrade=first, reason="x", by=others["admin"], at=now)
    assert [figures(attempt) for attempt in cohort.attempts] == before
    assert not list(audit_scores())


def test_what_a_person_changed_since_cannot_be_undone(cohort: Cohort, others: Any, now: datetime) -> None:
    done = regrade(cohort.quiz, cohort.question, "full_credit", others, now)
    item = cohort.attempts[2].items.get(slot=1)
    Grade.objects.create(
        item=item, source="moderation", fraction=Decimal("0.5"), mark=Decimal("0.5"), by=others["examiner"], at=now
    )
    refused("changed_since", undo_regrade, regrade=done, reason="x", by=others["admin"], at=now)
    done.refresh_from_db()
    assert done.undone_at is None
    assert scores(cohort.attempts[:1]) == [3]


def test_an_attempt_voided_since_is_left_as_it_is(cohort: Cohort, others: Any, now: datetime) -> None:
    done = regrade(cohort.quiz, cohort.question, "full_credit", others, now)
    void_attempt(attempt=cohort.attempts[2], reason="Disturbed", by=others["admin"], at=now)
    undo_regrade(regrade=done, reason="x", by=others["admin"], at=now)
    assert scores(cohort.attempts) == [3, 2, 3, 2]
    assert not list(audit_scores())
