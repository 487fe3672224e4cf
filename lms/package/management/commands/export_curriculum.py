"""`manage.py export_curriculum DIR`: write the live curriculum back as a package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lms.package.exporter import export_package
from quizzes.api import Bank, note_export


def _note(bank_code: str) -> None:
    """Taking confidential items out is written down, here as anywhere."""
    note_export(bank=Bank.objects.get(code=bank_code), at=timezone.now())


class Command(BaseCommand):
    """Refuses a folder that is not empty, so that no stale file mixes in."""

    help = "Writes the live curriculum as a package; exam banks only with --include-exam."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", metavar="DIR")
        parser.add_argument("--include-exam", action="store_true", help="write exam and mock banks too")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(options["directory"])
        if root.exists() and any(root.iterdir()):
            raise CommandError(f"{root} is not empty.")
        count, left_out = export_package(root, include_exam=options["include_exam"], on_confidential=_note)
        for name in left_out:
            self.stdout.write(f"left out: {name}")
        self.stdout.write(f"{count} files written to {root}")
