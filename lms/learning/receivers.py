"""News from the quiz engine that may complete a module."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from courses.api import outline
from quizzes.api import result_recorded

from .commands import record_progress


@receiver(result_recorded, dispatch_uid="lms.learning.result_recorded")
def quiz_graded(sender: Any, result: Any, attempt: Any, **kwargs: Any) -> None:
    """A passed quiz may complete its module and course; an exam, or a check, completes none."""
    if result.passed and result.released_at:
        code = attempt.assessment.code
        if any(module.quiz == code for _course, module in outline().modules()):
            record_progress(user=attempt.candidate, at=result.at)
