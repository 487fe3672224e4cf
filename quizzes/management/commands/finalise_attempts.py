"""`manage.py finalise_attempts`: submit and grade what is overdue."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from quizzes.grading.sweep import finalise_overdue


class Command(BaseCommand):
    """Safe at any time, any number of times, on several machines at once."""

    help = "Submits and grades every attempt whose deadline and grace have passed."

    def handle(self, *args: Any, **options: Any) -> None:
        sealed, graded = finalise_overdue(at=timezone.now())
        self.stdout.write(f"{sealed} submitted, {graded} graded")
