"""People whose requirements are met and who applied, made beside the platform; `main` prints how many wait now."""

from __future__ import annotations


def main(count: str) -> None:
    """So many applications on the shipped path."""
    from django.utils import timezone

    from lms.accounts.api import User
    from lms.certification.api import open_applications
    from tests.lms.certification.builders import foundations
    from tests.lms.certification.papers import many_applications

    registrar = User.objects.get(email="registrar@example.org")
    many_applications(foundations(), registrar, int(count), timezone.now(), prefix="cohort")
    print(open_applications().count())
