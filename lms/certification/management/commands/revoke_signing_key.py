"""Revoke a signing key whose secret became known."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lms.certification.credentials import revoke_key
from lms.core.exceptions import InvalidInput


class Command(BaseCommand):
    help = (
        "Revokes a key that signs credentials because its secret became known: the published key says so, and "
        "verifiers believe nothing that it signed. Exchanging a key needs no revocation."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "key", help="Its code (key-…) or its public half (z6Mk…), as /credentials/issuer/ shows it."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            row = revoke_key(code=options["key"], at=timezone.now())
        except InvalidInput as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{row.code} is revoked since {row.revoked_at:%Y-%m-%d %H:%M} UTC.")
