"""People who have just signed up and take nothing yet, made beside the platform."""

from __future__ import annotations

NAMES = ("Ines Novak", "Jonas Weber", "Kira Lind")


def main() -> None:
    """One for each name, with an address made of the first name."""
    from lms.accounts.api import User, grant_role

    for name in NAMES:
        person = User.objects.create_user(f"{name.split()[0].lower()}@example.org", "not used", display_name=name)
        grant_role(user=person, role="student")
