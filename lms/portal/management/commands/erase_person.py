"""`manage.py erase_person EMAIL`: erase who somebody was, and say what stays and why."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lms.core.exceptions import DomainError
from lms.portal.erasing import Erasure, erase, plan
from lms.portal.personal_data import person_named


class Command(BaseCommand):
    """Without --apply it only says what would happen. What was done is kept in the log of the CMS too."""

    help = "Erases a person: names, words, files and ways in go, the record keeps its rows. Dry run unless --apply."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", help="e-mail address, or the identifier of the account")
        parser.add_argument("--apply", action="store_true", help="do it; there is no way back")
        parser.add_argument(
            "--even-if-certified", action="store_true", help="also if the person holds an active certificate"
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        user = person_named(options["person"])
        if user is None:
            raise CommandError(f"There is no {options['person']}.")
        at, certified = timezone.now(), options["even_if_certified"]
        try:
            found = (
                erase(user=user, even_if_certified=certified, at=at)
                if options["apply"]
                else plan(user, at, even_if_certified=certified)
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            self.stdout.write(json.dumps(found.as_dict()))
        else:
            self._say(found)

    def _say(self, found: Erasure) -> None:
        self.stdout.write("Erased:" if found.applied else "Would be erased (dry run; --apply does it):")
        self.stdout.write("  name, addresses, preferences, roles and every way in")
        for name, count in [*found.erased.items(), *found.removed.items()]:
            self.stdout.write(f"  {name}: {count}")
        self.stdout.write(f"  files: {len(found.files)}")
        self.stdout.write("Kept, without saying who it was but where it says so:")
        for label, count in found.kept.items():
            self.stdout.write(f"  {label}: {count}. {found.reasons[label]}")
        for words in found.against:
            self.stdout.write(f"Stands against it: {words}")
