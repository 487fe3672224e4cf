"""`manage.py setup_school`: open a live instance."""

from __future__ import annotations

import getpass
import os
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from lms.accounts.api import Role, User, grant_role
from lms.portal.readiness import obstacles


class Command(BaseCommand):
    """Makes the first administrator with two-factor authentication, then says what is still missing."""

    help = "Makes the first administrator of a live instance, and prints what still keeps the school from opening."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", help="address of the first administrator")
        parser.add_argument("--name", default="", help="their name")
        parser.add_argument("--check-only", action="store_true", help="only print what is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check_only"]:
            if settings.INSTANCE != "live":
                raise CommandError("This is a demonstration; set INSTANCE=live for a school at work.")
            self._first_admin(options["email"], options["name"])
        found = list(obstacles())
        self.stdout.write("\nBefore the school opens:")
        for obstacle in found:
            self.stdout.write(f"  {'!' if obstacle.is_blocking else '-'} {obstacle.what}")
        blocking = sum(obstacle.is_blocking for obstacle in found)
        self.stdout.write(f"{blocking} of these must be mended first.")

    def _first_admin(self, email: str | None, name: str) -> None:
        if User.objects.filter(is_superuser=True, is_active=True).exists():
            self.stdout.write("There is an administrator already.")
            return
        email = email or input("E-mail address of the first administrator: ").strip()
        password = os.environ.get("ADMIN_PASSWORD") or getpass.getpass("Password: ")
        secret = generate_totp_secret()
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Add this secret to your authenticator app: {secret}")
        code = input("Code that the app shows now: ").strip()
        if not validate_totp_code(secret, code):
            raise CommandError("This code does not fit the secret. Nothing was made; try again.")
        with transaction.atomic():
            user = User.objects.create_superuser(email, password, display_name=name or email)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            grant_role(user=user, role=Role.ADMIN)
            TOTP.activate(user, secret)
            codes = RecoveryCodes.activate(user).get_unused_codes()
        self.stdout.write(f"{user.email} is the first administrator. Recovery codes, shown this once:")
        self.stdout.write("  " + "\n  ".join(codes))
