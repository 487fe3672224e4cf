"""`manage.py audit_scores`: work every score out again."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from quizzes.grading.audit import audit_scores


class Command(BaseCommand):
    """Exit status 1 and a list if any stored score does not follow from the record."""

    help = "Works every score out again from the stored responses and the question versions that were shown."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the differences as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        differences = list(audit_scores())
        if options["json"]:
            self.stdout.write(json.dumps({"differences": [asdict(row) for row in differences]}))
        else:
            for row in differences:
                self.stdout.write(f"{row.attempt} {row.what}: stored {row.stored}, worked out {row.worked_out}")
            self.stdout.write(f"{len(differences)} differences")
        if differences:
            sys.exit(1)
