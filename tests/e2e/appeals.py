"""A candidate whose application was refused, made inside the platform that is served."""

from __future__ import annotations

import sys

import django

APPELLANT = "appellant@example.org"


def main() -> None:
    """Somebody with nothing left to do, refused all the same by the registrar."""
    from allauth.account.models import EmailAddress
    from django.utils import timezone

    from lms.accounts.api import User, grant_role
    from lms.certification.api import decide
    from tests.e2e.visit import PASSWORD
    from tests.lms.certification.builders import applied

    registrar = User.objects.get(email="registrar@example.org")
    person = User.objects.create_user(APPELLANT, PASSWORD, display_name="Hana Sato", legal_name="Hana Sato")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    grant_role(user=person, role="student")
    at = timezone.now()
    decide(
        application=applied(person, registrar, at), outcome="refuse", reason="A paper is missing", by=registrar, at=at
    )


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
