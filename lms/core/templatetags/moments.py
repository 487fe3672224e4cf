"""Times of the record in templates: frozen facts keep them as text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.dateparse import parse_datetime

register = template.Library()


@register.filter
def moment(value: Any) -> datetime | None:
    """An ISO 8601 text as a moment, for `date`; nothing when it is none: `{{ fact.at|moment|date:"j F Y" }}`."""
    if isinstance(value, datetime):
        return value
    try:
        return parse_datetime(str(value))
    except ValueError:
        return None
