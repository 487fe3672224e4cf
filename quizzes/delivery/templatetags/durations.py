"""Lengths of time in words, exact: an exam of 150 minutes is not "about 3 hours"."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import ngettext

register = template.Library()

YEAR, DAY, HOUR, MINUTE = 365 * 86_400, 86_400, 3_600, 60


@register.filter
def duration_words(seconds: Any) -> str:
    """`5400` as "1 hour 30 minutes"; at most two units, and nothing for what is not a number."""
    try:
        rest = int(seconds)
    except (TypeError, ValueError):
        return ""
    if rest % YEAR == 0 and rest:
        years = rest // YEAR
        return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}
    words = []
    for size, text in (
        (DAY, lambda n: ngettext("%(n)d day", "%(n)d days", n)),
        (HOUR, lambda n: ngettext("%(n)d hour", "%(n)d hours", n)),
        (MINUTE, lambda n: ngettext("%(n)d minute", "%(n)d minutes", n)),
        (1, lambda n: ngettext("%(n)d second", "%(n)d seconds", n)),
    ):
        count, rest = divmod(rest, size)
        if count:
            words.append(text(count) % {"n": count})
    return " ".join(words[:2])
