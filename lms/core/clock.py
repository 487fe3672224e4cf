"""The server's time, taken where a request arrives and handed down as an argument."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone


def arrival(request: Any) -> datetime:
    """When the request reached this server, before authentication or database work."""
    django_request = getattr(request, "_request", request)
    return getattr(django_request, "arrived_at", None) or timezone.now()


def school_day(at: datetime) -> date:
    """The day that it is at the school at that moment: the same for everybody, whatever time zone they read in."""
    return timezone.localdate(at, timezone.get_default_timezone())
