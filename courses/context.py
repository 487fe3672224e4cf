"""What every template may know about the school."""

from typing import Any

from django.http import HttpRequest

from .models import SchoolSettings


def school(request: HttpRequest) -> dict[str, Any]:
    """`school`: its settings, read once per request and only when a template asks."""
    from django.utils.functional import SimpleLazyObject

    return {"school": SimpleLazyObject(lambda: SchoolSettings.load(request_or_site=request))}
