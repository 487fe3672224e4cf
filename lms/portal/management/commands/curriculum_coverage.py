"""`manage.py curriculum_coverage`: does the curriculum teach and ask all that it names as objectives?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lms.portal.coverage import ENOUGH, LEVELS
from lms.portal.covered import everything


class Command(BaseCommand):
    """Prints the table and what to look at; ends with 1 when an objective has no lesson or too few questions."""

    help = (
        "Objectives with their lessons and questions, the supply of the exams, and questions to look at. "
        "Ends with 1 when an objective is not taught, or is asked by fewer than two teaching questions."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--gaps", action="store_true", help="leave out the objectives that are covered")

    def handle(self, *args: Any, **options: Any) -> None:
        found = everything()
        rows = found.gaps if options["gaps"] else found.rows
        heads = ["objective", "lessons", *LEVELS, *found.banks, ""]
        lines = [
            [
                row.goal.code,
                ",".join(row.goal.lessons) or "-",
                *(str(row.teaching[level]) for level in LEVELS),
                *(str(row.banks.get(bank, 0)) for bank in found.banks),
                self._remark(row),
            ]
            for row in rows
        ]
        self._table([heads, *lines])
        for exam in found.exams:
            self.stdout.write(f"\n{exam.code}: {exam.forms} form(s)")
            short = [cell for cell in exam.cells if cell.supply < cell.needed * exam.forms]
            self._table(
                [
                    ["cell", "needed", "held", ""],
                    *(
                        [
                            f"{cell.bank} {cell.name}",
                            str(cell.needed * exam.forms),
                            str(cell.supply),
                            "forms share items" if cell in short else "",
                        ]
                        for cell in exam.cells
                    ),
                ]
            )
        for code, missing in found.incomplete:
            self.stdout.write(f"{code} has no {', no '.join(missing)}")
        for code, claims in found.weak:
            self.stdout.write(f"{code} rests on {', '.join(claims)} and does not seem to ask for recognition")
        self.stdout.write(
            f"\n{len(found.rows)} objectives, {len(found.gaps)} not covered; {len(found.incomplete)} questions "
            f"incomplete; {len(found.weak)} to read again"
        )
        if found.gaps:
            sys.exit(1)

    def _remark(self, row: Any) -> str:
        remarks = [
            "practical" if row.goal.is_practical else "",
            "NO LESSON" if row.lacks_lesson else "",
            f"FEWER THAN {ENOUGH} QUESTIONS" if row.lacks_questions else "",
        ]
        return ", ".join(filter(None, remarks))

    def _table(self, lines: list[list[str]]) -> None:
        widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
        for line in lines:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
