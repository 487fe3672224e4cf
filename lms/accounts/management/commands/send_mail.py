"""`manage.py send_mail`: send what waits in the outbox."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from lms.accounts.mail import send_waiting


class Command(BaseCommand):
    """Safe at any time, any number of times, on several machines."""

    help = "Sends the messages that wait in the outbox; what cannot be sent is tried again by the next run."

    def handle(self, *args: Any, **options: Any) -> None:
        sent, failed = send_waiting(at=timezone.now())
        self.stdout.write(f"{sent} sent, {failed} not sent")
