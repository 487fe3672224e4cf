"""Finalising what nobody will submit any more, and grading what was sealed but not graded."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from quizzes.attempts.commands import next_overdue, seal_if_overdue
from quizzes.attempts.models import Attempt

from .commands import grade_attempt

logger = logging.getLogger(__name__)


def finalise_overdue(*, at: datetime) -> tuple[int, int]:
    """Seal every overdue attempt, then grade every sealed one without grades. Returns (sealed, graded).

    Several workers share the work: each takes what no other holds. One attempt that fails does not keep the others
    waiting; the next run tries it again.
    """
    return _seal_all(at), _grade_all(at)


def _seal_all(at: datetime) -> int:
    sealed = 0
    tried: list[int] = []
    while True:
        attempt = None
        try:
            with transaction.atomic():
                attempt = next_overdue(at, tried=tried)
                if attempt is None:
                    return sealed
                tried.append(attempt.pk)
                sealed += seal_if_overdue(attempt=attempt, at=at)
        except Exception:
            if attempt is None:
                raise
            logger.exception("Attempt %s could not be sealed", attempt.uuid)


def _grade_all(at: datetime) -> int:
    graded = 0
    waiting = Attempt.objects.filter(
        submitted_at__isnull=False, voided_at=None, results=None, items__grades=None
    ).distinct()
    for attempt in waiting:
        try:
            graded += grade_attempt(attempt=attempt, at=at) is not None
        except Exception:
            logger.exception("Attempt %s could not be graded", attempt.uuid)
    return graded
