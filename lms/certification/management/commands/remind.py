"""`manage.py remind`: write the reminders that are due before certificates end. `send_mail` sends them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from lms.certification.reminders import write_reminders


class Command(BaseCommand):
    """Safe at any time, any number of times; days that were missed are made up for."""

    help = "Writes reminders at 180, 90, 30 and 7 days before the end of certificates that are renewed."

    def handle(self, *args: Any, **options: Any) -> None:
        written, taken_back = write_reminders(at=timezone.now())
        self.stdout.write(f"{written} written, {taken_back} taken back")
