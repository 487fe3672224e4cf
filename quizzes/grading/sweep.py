"""Finalising what nobody will submit any more, and grading what was sealed but not graded."""

from __future__ import annotations

import logging
from datetime import datetime

from quizzes.attempts.commands import overdue_attempts, seal_if_overdue
from quizzes.attempts.models import Attempt

from .commands import grade_attempt

logger = logging.getLogger(__name__)


def finalise_overdue(*, at: datetime) -> tuple[int, int]:
    """Seal every overdue attempt, then grade every sealed one without grades. Returns (sealed, graded).

    One attempt that fails does not keep the others waiting; the next run tries it again.
    """
    sealed = graded = 0
    for attempt in overdue_attempts(at):
        sealed += seal_if_overdue(attempt=attempt, at=at)
    waiting = Attempt.objects.filter(
        submitted_at__isnull=False, voided_at=None, results=None, items__grades=None
    ).distinct()
    for attempt in waiting:
        try:
            graded += grade_attempt(attempt=attempt, at=at) is not None
        except Exception:
            logger.exception("Attempt %s could not be graded", attempt.uuid)
    return sealed, graded
