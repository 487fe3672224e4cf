"""`manage.py item_analysis QUIZ`: how a quiz and its questions behaved."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from quizzes.assembly.models import Assessment
from quizzes.bank.commands import note_accesses
from quizzes.bank.enums import BankAction
from quizzes.bank.models import Question
from quizzes.statistics.report import analyse, flagged_first, in_words


class Command(BaseCommand):
    """Classical test statistics: overall, per form and per item. A look at confidential items is logged."""

    help = "Shows the statistics of a quiz, of its forms and of its items, with what they mean."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quiz", help="code of the quiz")
        parser.add_argument("--json", action="store_true", help="print everything as JSON")
        parser.add_argument("--all", action="store_true", help="take all attempts, not only each candidate's first")

    def handle(self, *args: Any, **options: Any) -> None:
        assessment = Assessment.objects.filter(code=options["quiz"]).first()
        if assessment is None:
            raise CommandError(f"There is no quiz {options['quiz']}.")
        at = timezone.now()
        report = in_words(analyse(assessment, includes_retakes=options["all"], as_of=at))
        questions = Question.objects.filter(code__in=[item["question"] for item in report["items"]])
        note_accesses(questions=questions.select_related("bank"), action=BankAction.VIEWED, by=None, at=at)
        if options["json"]:
            self.stdout.write(json.dumps(report))
            return
        self.stdout.write(f"{report['title']} ({report['attempts']} attempts)")
        self._scores("overall", report["overall"])
        for form in report["forms"]:
            self._scores(f"form {form['label']}", form)
        for hurdle in report["hurdles"]:
            self.stdout.write(f"hurdle {hurdle['domain']}: {hurdle['cut_items']} of {hurdle['items']} items")
            for row in hurdle["chances"]:
                self.stdout.write(
                    f"  {row['margin']:+6.1f} points from the cut: passes {row['passes']:.1f} %, wrong "
                    f"{row['wrong']:.1f} %"
                )
        for item in flagged_first(report["items"]):
            self._item(item)

    def _scores(self, name: str, row: dict[str, Any]) -> None:
        self.stdout.write(
            f"{name}: {row['attempts']} attempts, {row['items']} items, maximum {_number(row['maximum'])}, mean "
            f"{_number(row['mean'])}, median {_number(row['median'])}, SD {_number(row['sd'])}, skewness "
            f"{_number(row['skewness'])}, kurtosis {_number(row['kurtosis'])}, "
            f"{'KR-20' if row['is_kr20'] else 'alpha'} {_number(row['alpha'], 3)}, SEM {_number(row['sem'])}, "
            f"passed {_number(row['pass_rate'], 1)} %"
        )
        for flag in row["flags"]:
            self.stdout.write(f"  ! {flag['sentence']} {flag['advice']}")

    def _item(self, item: dict[str, Any]) -> None:
        pilot = "" if item["counts"] else " (pilot)"
        self.stdout.write(
            f"{item['question']}{pilot}: {item['answers']} answers, facility {_number(item['facility'], 1)} % "
            f"{_range(item['facility_interval'])}, SD {_number(item['sd'])}, discrimination "
            f"{_number(item['discrimination'], 1)}, upper-lower {_number(item['upper_lower'], 1)}, mean time "
            f"{_number(item['mean_seconds'], 0)} s"
        )
        for option in item["options"]:
            key = "*" if option["is_key"] else " "
            self.stdout.write(
                f"  {key} {option['label']}: {_number(option['share'], 0)} % (upper "
                f"{_number(option['upper_share'], 0)}, lower {_number(option['lower_share'], 0)})"
            )
        for flag in item["flags"]:
            self.stdout.write(f"  ! {flag['sentence']} {flag['advice']}")


def _number(value: float | None, places: int = 2) -> str:
    return "–" if value is None else f"{value:.{places}f}"


def _range(interval: list[float] | None) -> str:
    return "" if interval is None else f"({interval[0]:.0f}–{interval[1]:.0f})"
