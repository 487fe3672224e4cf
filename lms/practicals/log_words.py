"""The hours log in words: states, flags, categories and techniques, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import log_rules
from .enums import SessionCategory, SessionSetting, Technique
from .log_queries import Target, Totals, session_state

FLAGS = {
    log_rules.OVERLAP: gettext_lazy("Overlaps with another entry"),
    log_rules.LONG: gettext_lazy("More than 12 hours on this day"),
    log_rules.LATE: gettext_lazy("Written down more than 30 days later"),
}


def categories_in_words(codes: Iterable[str]) -> str:
    """`Head and neck, Shoulder`."""
    return ", ".join(str(SessionCategory(code).label) for code in codes)


def line(row: Any, shortest: int = 0) -> dict[str, Any]:
    """An entry of `log_of` or `waiting_for` for a page; one below `shortest` minutes says that it does not count."""
    odd = [str(FLAGS[flag]) for flag in row.flags]
    if row.minutes < shortest:
        odd.append(_("Shorter than %(minutes)s minutes, so it will not count") % {"minutes": shortest})
    return {
        "session": row,
        "state": session_state(row),
        "setting": SessionSetting(row.setting).label,
        "categories": categories_in_words(row.categories),
        "techniques": ", ".join(str(Technique(code).label) for code in row.techniques),
        "flags": odd,
    }


def _share(label: str, share: log_rules.Share) -> dict[str, Any]:
    return {
        "label": label,
        "words": _("%(have)s of %(need)s") % {"have": share.have, "need": share.need},
        "percent": share.percent,
        "is_met": share.is_met,
    }


def target_in_words(target: Target) -> dict[str, Any]:
    """What a path asks of the log, as rows with `label`, `words`, `percent` and `is_met`."""
    either = _(" or ")
    minima = [
        _share(either.join(str(SessionCategory(code).label) for code in share.categories), share)
        for share in target.progress.minima
    ]
    return {
        "target": target,
        "shares": [
            _share(_("Sessions"), target.progress.sessions),
            _share(_("Different clients"), target.progress.clients),
            *minima,
        ],
    }


def totals_in_words(totals: Totals) -> dict[str, Any]:
    """Figures of a log with hours instead of minutes, and categories by their names."""
    return {
        "totals": totals,
        "hours": totals.minutes // 60,
        "minutes": totals.minutes % 60,
        "categories": [(SessionCategory(code).label, count) for code, count in totals.categories],
    }
