"""Print a new secret key for CREDENTIAL_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from lms.certification.badges import keys


class Command(BaseCommand):
    help = "Prints a new secret key that signs credentials. Put it first in CREDENTIAL_KEYS; it is stored nowhere."

    def handle(self, *args: Any, **options: Any) -> None:
        key = keys.new_key()
        self.stdout.write(keys.key_to_keep(key))
        self.stderr.write(f"Its public half will be published as {key.public_multibase}.")
