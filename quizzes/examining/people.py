"""People whom staff names in a form: by e-mail address, one a line, or as a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.accounts.api import User
from lms.core.ports import people_groups


@dataclass(frozen=True)
class Named:
    """Who was meant: people with the label behind their address, and addresses that belong to nobody."""

    people: tuple[tuple[Any, str], ...] = ()
    unknown: tuple[str, ...] = field(default=())


def read_lines(text: str) -> dict[str, str]:
    """Addresses in the order given, in lower case, each with what follows a comma: `ana@example.org, A1`."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        address, _comma, label = line.partition(",")
        if address.strip():
            found.setdefault(address.strip().lower(), label.strip())
    return found


def group_choices(user: Any) -> list[tuple[str, str]]:
    """Groups that this person may choose, for a select."""
    return [(group["code"], group["title"]) for group in people_groups(user)]


def named(text: str, group: str, user: Any) -> Named:
    """The people of the lines and of the group, each once (two statements beside those for the groups)."""
    lines = read_lines(text)
    by_address = {row.email.lower(): row for row in User.objects.filter(email__in=list(lines), is_active=True)}
    people = [(by_address[address], label) for address, label in lines.items() if address in by_address]
    people += [(person, "") for person in _chosen(group, user) if person not in by_address.values()]
    return Named(tuple(people), tuple(address for address in lines if address not in by_address))


def _chosen(code: str, user: Any) -> Sequence[Any]:
    groups = people_groups(user) if code else []
    group = next((group for group in groups if group["code"] == code), None)
    return list(group["people"].order_by("sort_name", "email")) if group else ()
