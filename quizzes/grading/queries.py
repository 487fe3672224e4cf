"""Reads of grades and results."""

from __future__ import annotations

from typing import Any

from quizzes.attempts.enums import AttemptKind
from quizzes.attempts.models import Attempt

from .models import Grade, Result


def current_result(attempt: Attempt) -> Result | None:
    """The result in force, released or not."""
    return Result.objects.filter(attempt=attempt).order_by("-id").first()


def current_grades(attempt: Attempt) -> dict[int, Grade]:
    """The grade in force by item (one query)."""
    rows = Grade.objects.filter(item__attempt=attempt).select_related("marking", "answer_key").order_by("item_id", "id")
    return {row.item_id: row for row in rows}


def results_of(user: Any, assessment_codes: list[str] | None = None) -> list[Result]:
    """Released results in force of a person's counted attempts, oldest first (one query)."""
    rows = (
        Result.objects.filter(
            attempt__candidate=user,
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
