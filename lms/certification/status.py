"""What a certificate is worth today, from its events and dates. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .enums import CertificateEventKind as Kind
from .enums import CertificateStatus as Status


@dataclass(frozen=True)
class Happened:
    """An event as the rules see it."""

    kind: str
    public_reason: str = ""


@dataclass(frozen=True)
class Standing:
    """Status, and the reason category that the public may know."""

    status: Status
    public_reason: str = ""

    @property
    def is_valid(self) -> bool:
        """Only an active certificate is."""
        return self.status is Status.ACTIVE


#: What may follow what. Nothing follows revoked.
FOLLOWS: dict[Status, frozenset[str]] = {
    Status.ACTIVE: frozenset({Kind.SUSPENDED, Kind.REVOKED, Kind.SUPERSEDED}),
    Status.EXPIRED: frozenset({Kind.REVOKED, Kind.SUPERSEDED, Kind.SUSPENDED}),
    Status.SUSPENDED: frozenset({Kind.REINSTATED, Kind.REVOKED}),
    Status.SUPERSEDED: frozenset({Kind.REVOKED}),
    Status.REVOKED: frozenset(),
}


def standing(events: Sequence[Happened], expires_on: date | None, today: date) -> Standing:
    """Revoked > superseded > suspended > expired > active; the reason is that of the deciding event."""
    by_kind: dict[str, Happened] = {}
    suspension: Happened | None = None
    for event in events:
        by_kind[event.kind] = event
        if event.kind == Kind.SUSPENDED:
            suspension = event
        elif event.kind == Kind.REINSTATED:
            suspension = None
    if Kind.REVOKED in by_kind:
        return Standing(Status.REVOKED, by_kind[Kind.REVOKED].public_reason)
    if Kind.SUPERSEDED in by_kind:
        return Standing(Status.SUPERSEDED, by_kind[Kind.SUPERSEDED].public_reason)
    if suspension:
        return Standing(Status.SUSPENDED, suspension.public_reason)
    if expires_on is not None and today > expires_on:
        return Standing(Status.EXPIRED)
    return Standing(Status.ACTIVE)


def may_follow(status: Status, kind: str) -> bool:
    """May this event happen to a certificate of this status?"""
    return kind in FOLLOWS[status]
