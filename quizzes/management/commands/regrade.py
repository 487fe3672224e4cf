"""`manage.py regrade`: whose score changes when corrected keys are applied, and applying them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from quizzes.assembly.models import Assessment
from quizzes.grading.engine import display_percent
from quizzes.grading.regrades import regrade_at_the_server


class Command(BaseCommand):
    """Corrects every question whose newest version shows what candidates saw and has another key.

    `--json` prints `{"changes": [{"attempt", "question", "old_score", "new_score", "old_percent", "new_percent",
    "passed_before", "passed_after"}], "applied": bool}`: one row for each attempt and question whose figures change,
    scores and percentages (two places, half up) as numbers, null while not known.
    """

    help = "Shows whose score would change under corrected keys, and how; --apply applies it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quiz", help="code of the quiz")
        parser.add_argument("--apply", action="store_true", help="propose and apply, as the operator at the server")
        parser.add_argument("--may-lower", action="store_true", help="let scores fall too; without it none does")
        parser.add_argument("--json", action="store_true", help="print the changes as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        assessment = Assessment.objects.filter(code=options["quiz"]).first()
        if assessment is None:
            raise CommandError(f"There is no quiz {options['quiz']!r}.")
        rows = regrade_at_the_server(
            assessment=assessment, apply=options["apply"], never_lower=not options["may_lower"], at=timezone.now()
        )
        changes = [_change(row) for row in rows]
        if options["json"]:
            self.stdout.write(json.dumps({"changes": changes, "applied": options["apply"]}))
            return
        for row in changes:
            passed = "" if row["passed_before"] == row["passed_after"] else f", passed: {row['passed_after']}"
            self.stdout.write(
                f"{row['attempt']} {row['question']}: {row['old_score']} -> {row['new_score']} "
                f"({row['old_percent']} % -> {row['new_percent']} %){passed}"
            )
        done = "applied" if options["apply"] else "nothing was changed; --apply applies this"
        self.stdout.write(f"{len(changes)} changes, {done}" if changes else "No score changes.")


def _change(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "attempt": row["attempt"],
        "question": row["question"],
        "old_score": _number(row["old_score"]),
        "new_score": _number(row["new_score"]),
        "old_percent": _percent(row["old_percent"]),
        "new_percent": _percent(row["new_percent"]),
        "passed_before": row["passed_before"],
        "passed_after": row["passed_after"],
    }


def _number(text: str | None) -> float | None:
    return None if text is None else float(round(Decimal(text), 4))


def _percent(text: str | None) -> float | None:
    return None if text is None else float(display_percent(Decimal(text)))
