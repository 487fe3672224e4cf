"""The people of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "nmt-demo-2026"  # noqa: S105 - public on purpose: the demonstration listens on loopback only


@dataclass(frozen=True)
class Person:
    """An account to look around with."""

    email: str
    name: str
    sort_name: str
    roles: tuple[str, ...]
    is_superuser: bool = False


PEOPLE = (
    Person("student@example.org", "Ana Ferreira", "Ferreira, Ana", ("student",)),
    Person("student2@example.org", "Tomasz Nowak", "Nowak, Tomasz", ("student",)),
    Person("graduate@example.org", "Leila Haddad", "Haddad, Leila", ("student",)),
    Person("applicant@example.org", "Joseph Mwangi", "Mwangi, Joseph", ("student",)),
    Person("practitioner@example.org", "Nadia Rahman", "Rahman, Nadia", ("student",)),
    Person("instructor@example.org", "Ingrid Solberg", "Solberg, Ingrid", ("instructor",)),
    Person("examiner@example.org", "Samuel Okafor", "Okafor, Samuel", ("examiner",)),
    Person("registrar@example.org", "Ruth Brandt", "Brandt, Ruth", ("registrar",)),
    Person("admin@example.org", "Ada Admin", "Admin, Ada", ("admin",), is_superuser=True),
)
