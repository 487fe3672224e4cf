"""News from the quiz engine that may complete a module."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from quizzes.api import result_recorded

from .commands import record_progress


@receiver(result_recorded, dispatch_uid="lms.learning.result_recorded")
def quiz_graded(sender: Any, result: Any, attempt: Any, **kwargs: Any) -> None:
    """A passed quiz may complete its module and course."""
    if result.passed and result.released_at:
        record_progress(user=attempt.candidate, at=result.at)
