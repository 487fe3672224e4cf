"""`manage.py simulate_cohort`: synthetic students and their attempts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lms.core.exceptions import DomainError
from quizzes.assembly.models import Assessment
from quizzes.statistics.simulation import simulate_cohort


class Command(BaseCommand):
    """Refuses on a live instance. The same seed makes the same students again, and changes nothing then."""

    help = "Fills the database with synthetic students and their graded attempts at a quiz."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiz", required=True, help="code of the quiz")
        parser.add_argument("--students", type=int, required=True, help="how many students")
        parser.add_argument("--seed", type=int, required=True, help="a number from which everything follows")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["students"] < 1:
            raise CommandError("At least one student.")
        assessment = Assessment.objects.select_related("current_version").filter(code=options["quiz"]).first()
        if assessment is None:
            raise CommandError(f"There is no quiz {options['quiz']}.")
        try:
            made = simulate_cohort(
                assessment=assessment, students=options["students"], seed=options["seed"], at=timezone.now()
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{len(made)} attempts made, {options['students'] - len(made)} were there already")
