"""`manage.py audit_pack FILE`: the record of a cohort, or of a path in a span of days, as one ZIP."""

from __future__ import annotations

from datetime import date
from pathlib import Path as File
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lms.certification.audit_pack import stream
from lms.certification.audit_tables import Selection
from lms.certification.models import Path
from lms.learning.api import Cohort


class Command(BaseCommand):
    """Reads and changes nothing."""

    help = "Writes roster, attendance, certificates with evidence, decisions and what was taught into a ZIP file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=File, help="where to write it; it must not be there yet")
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--cohort", help="code of a cohort")
        chosen.add_argument("--path", help="code of a path, with --from and --until")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, help="first day, as 2026-01-31")
        parser.add_argument("--until", dest="last", type=date.fromisoformat, help="last day")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = self._chosen(options)
        try:
            target = options["file"].open("xb")
        except FileExistsError as error:
            raise CommandError(f"{options['file']} is there already.") from error
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}.") from error
        size = 0
        try:
            with target:
                for piece in stream(chosen, by="manage.py audit_pack", at=timezone.now()):
                    size += target.write(piece)
        except BaseException:
            # Half a pack looks like a whole one.
            options["file"].unlink()
            raise
        self.stdout.write(f"{options['file']}: {chosen.words}, {size} bytes")

    def _chosen(self, options: dict[str, Any]) -> Selection:
        if options["cohort"]:
            if options["first"] or options["last"]:
                raise CommandError("A cohort is taken whole: --from and --until go with --path.")
            cohort = Cohort.objects.filter(code=options["cohort"]).first()
            if cohort is None:
                raise CommandError(f"There is no cohort {options['cohort']}.")
            return Selection(cohort=cohort)
        path = Path.objects.filter(code=options["path"]).first()
        if path is None:
            raise CommandError(f"There is no path {options['path']}.")
        if not options["first"] or not options["last"] or options["first"] > options["last"]:
            raise CommandError("Say the span by --from and --until.")
        return Selection(path=path, first=options["first"], last=options["last"])
