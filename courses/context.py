"""What every template may know about the school."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .queries import school_settings


def school(request: HttpRequest) -> dict[str, Any]:
    """`school`: its settings, only when a template asks."""
    return {"school": SimpleLazyObject(school_settings)}
