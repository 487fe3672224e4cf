"""What every template may know about the person and the instance."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from .models import DEFAULT_PREFERENCES


def personal(request: HttpRequest) -> dict[str, Any]:
    """`prefs` (rendered on <html>), `roles` and `instance`."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"prefs": DEFAULT_PREFERENCES, "roles": frozenset(), "instance": settings.INSTANCE}
    return {"prefs": user.reading_preferences, "roles": user.role_codes, "instance": settings.INSTANCE}
