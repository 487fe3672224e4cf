"""`manage.py reconcile`: repair what a crash between a commit and its signal missed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from lms.accounts.api import User
from lms.certification.receivers import admit_by_enrolment
from lms.learning.api import Enrolment, record_progress
from quizzes.api import finalise_overdue


class Command(BaseCommand):
    """Everything it writes follows from the record; a second run writes nothing."""

    help = "Derives admissions, completions and results again from the record."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        sealed, graded = finalise_overdue(at=now)
        running = Enrolment.objects.filter(ended_at=None).select_related("user", "enrolled_by")
        admitted = sum(admit_by_enrolment(enrolment) for enrolment in running)
        for user in User.objects.filter(pk__in=running.values("user")).order_by("pk").iterator():
            record_progress(user=user, at=now)
        self.stdout.write(f"{sealed} submitted, {graded} graded, {admitted} admitted, progress recorded")
