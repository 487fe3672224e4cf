"""`manage.py export_person EMAIL FILE`: everything that is held about a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lms.portal.personal_data import as_json, as_zip, person_named


class Command(BaseCommand):
    """What the person gets on their own page; a file that ends in .json is the data without the files."""

    help = "Writes everything that is held about a person into a ZIP, or into JSON where FILE ends in .json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", help="e-mail address, or the identifier of the account")
        parser.add_argument("file", type=Path, help="where to write it; it must not be there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        user = person_named(options["person"])
        if user is None:
            raise CommandError(f"There is no {options['person']}.")
        make = as_json if options["file"].suffix == ".json" else as_zip
        try:
            target = options["file"].open("xb")
        except FileExistsError as error:
            raise CommandError(f"{options['file']} is there already.") from error
        with target:
            for piece in make(user, timezone.now()):
                target.write(piece)
        self.stdout.write(f"{options['file']} holds what there is about {user.email}. Hand it to nobody else.")
