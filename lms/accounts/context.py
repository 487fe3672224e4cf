"""What every template may know about the person and the instance."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .models import DEFAULT_PREFERENCES


def personal(request: HttpRequest) -> dict[str, Any]:
    """`prefs` (rendered on <html>), `roles` and `instance`."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"prefs": DEFAULT_PREFERENCES, "roles": frozenset(), "instance": settings.INSTANCE}
    # The page of a question asks for no role, and thousands of them are served in an exam.
    roles = SimpleLazyObject(lambda: user.role_codes)
    return {"prefs": user.reading_preferences, "roles": roles, "instance": settings.INSTANCE}
