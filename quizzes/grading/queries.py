"""Reads of grades and results."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import BigAutoField, QuerySet

from lms.core.prepared import Param, Prepared
from quizzes.attempts.enums import AttemptKind
from quizzes.attempts.models import Attempt

from .models import Grade, Result


def _result_in_force() -> QuerySet[Result]:
    return Result.objects.filter(attempt=Param(0, BigAutoField())).order_by("-id")[:1]


RESULT_IN_FORCE = Prepared(_result_in_force)


def current_result(attempt: Attempt) -> Result | None:
    """The result in force, released or not."""
    result: Result | None = RESULT_IN_FORCE.one(attempt.pk)
    if result is not None:
        result.attempt = attempt
    return result


def current_grades(attempt: Attempt) -> dict[int, Grade]:
    """The grade in force by item (one query)."""
    rows = Grade.objects.filter(item__attempt=attempt).select_related("marking", "answer_key").order_by("item_id", "id")
    return {row.item_id: row for row in rows}


def _outcomes() -> QuerySet[Any, Any]:
    rows = Result.objects.filter(
        attempt__candidate=Param(0, BigAutoField()),
        attempt__voided_at=None,
        attempt__kind=AttemptKind.CANDIDATE,
        released_at__isnull=False,
    )
    return rows.order_by("attempt_id", "id").values_list("attempt_id", "attempt__assessment__code", "passed")


OUTCOMES = Prepared(_outcomes)


def passed_codes(user: Any) -> frozenset[str]:
    """Codes of the assessments that a person has passed, by the released results in force (one query)."""
    in_force = {attempt: (code, passed) for attempt, code, passed in OUTCOMES(user.pk)}
    return frozenset(code for code, passed in in_force.values() if passed)


def results_of(user: Any, assessment_codes: list[str] | None = None) -> list[Result]:
    """Released results in force of a person's counted attempts, oldest first (one query)."""
    return _results_in_force([user.pk], assessment_codes)


def passes_of(users: Iterable[int], assessment_codes: list[str]) -> dict[tuple[int, str], datetime]:
    """When these people first passed these assessments, by person and code: submission of the attempt (one query)."""
    found: dict[tuple[int, str], datetime] = {}
    for row in _results_in_force(users, assessment_codes):
        attempt = row.attempt
        if row.passed and attempt.submitted_at is not None:
            key = (attempt.candidate_id, attempt.assessment.code)
            found[key] = min(found.get(key, attempt.submitted_at), attempt.submitted_at)
    return found


def _results_in_force(users: Iterable[int], assessment_codes: list[str] | None) -> list[Result]:
    rows = (
        Result.objects.filter(
            attempt__candidate__in=users,
            attempt__voided_at=None,
            attempt__kind=AttemptKind.CANDIDATE,
            released_at__isnull=False,
        )
        .select_related("attempt__assessment")
        .order_by("attempt_id", "id")
    )
    if assessment_codes is not None:
        rows = rows.filter(attempt__assessment__code__in=assessment_codes)
    latest: dict[int, Result] = {}
    for row in rows:
        latest[row.attempt_id] = row
    return sorted(latest.values(), key=lambda row: row.attempt.started_at)
