"""Times as credentials write them."""

from __future__ import annotations

from datetime import UTC, datetime


def written(moment: datetime) -> str:
    """A time in whole seconds of UTC (`2026-11-22T10:00:00Z`, XML Schema `dateTimeStamp`); it must know its zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
