"""Behind the scenes: a holder whose certificate ends in a month and who lacks nothing but the ethics."""

from __future__ import annotations

from datetime import timedelta


def main(email: str) -> None:
    """Make the holder; prints the number of the certificate."""
    from allauth.account.models import EmailAddress
    from django.utils import timezone

    from lms.accounts.api import User, grant_role
    from tests.e2e.visit import PASSWORD
    from tests.lms.certification.renewing import ENOUGH, QUIZ, accepted, practitioner
    from tests.lms.learning.studying import take

    now = timezone.now()
    registrar = User.objects.get(email="registrar@example.org")
    name = "Renata Holder"
    holder = User.objects.create_user(email, PASSWORD, display_name=name, legal_name=name)
    EmailAddress.objects.create(user=holder, email=email, verified=True, primary=True)
    grant_role(user=holder, role="student")
    certificate = practitioner(holder, registrar, now - timedelta(days=700))
    for category, hours in ENOUGH:
        if category != "ethics":
            accepted(holder, registrar, (now - timedelta(days=40)).date(), category, hours)
    take(holder, QUIZ, now - timedelta(days=2))
    print(certificate.number)
