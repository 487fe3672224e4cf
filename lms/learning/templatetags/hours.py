"""Attended time in words, to the minute: what lacks a minute of an hour is not an hour."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def hours(minutes: Any) -> str:
    """`90` as "1 h 30 min"."""
    whole, rest = divmod(int(minutes or 0), 60)
    if whole and rest:
        return _("%(hours)d h %(minutes)d min") % {"hours": whole, "minutes": rest}
    return _("%(hours)d h") % {"hours": whole} if whole else _("%(minutes)d min") % {"minutes": rest}


@register.filter
def at(table: Any, key: Any) -> Any:
    """An entry of a mapping; nothing when it is not there."""
    return table.get(key)
