"""`manage.py load_demo`: the demo school."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lms.demo.school import load


class Command(BaseCommand):
    """Refuses to run on a live instance; a second run makes nothing."""

    help = "Makes the people of the demonstration with enough history that every screen has something to show."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.INSTANCE == "live":
            raise CommandError("This is a live instance: demo people have no place here.")
        made = load(timezone.now())
        self.stdout.write(f"{len(made)} people made" if made else "0 changes: the demo school is there")
