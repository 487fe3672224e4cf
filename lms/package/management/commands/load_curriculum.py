"""`manage.py load_curriculum`: load or update a curriculum package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.package.faults import InvalidPackage
from lms.package.loader import load_package


class Command(BaseCommand):
    """A second run in a row reports `0 changes`; an invalid package changes nothing and exits with 1."""

    help = "Loads or updates a curriculum package (default: the shipped one)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", nargs="?", default=str(settings.SHIPPED_CURRICULUM), metavar="DIR")
        parser.add_argument("--force", action="store_true", help="overwrite objects that were edited here")

    def handle(self, *args: Any, **options: Any) -> None:
        verbose = options["verbosity"] > 1
        try:
            report = load_package(
                Path(options["directory"]),
                force=options["force"],
                progress=self.stdout.write if verbose else None,
            )
        except InvalidPackage as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise CommandError(f"{len(error.faults)} faults; nothing was changed") from error
        for name in report.kept:
            self.stdout.write(f"kept (edited here): {name}")
        self.stdout.write(
            f"{report.changes} changes ({len(report.created)} created, {len(report.updated)} updated, "
            f"{len(report.retired)} retired), {len(report.kept)} kept, {report.unchanged} unchanged"
        )
