"""Reminders before a certificate ends: written to the outbox once for each of 180, 90, 30 and 7 days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from courses.api import SchoolSettings
from lms.accounts.api import forgive, owe

from . import queries
from . import renewal_queries as reads
from .models import Certificate, Renewal
from .renewal import REMINDER_DAYS, reminder_due
from .renewal_ledger import calendar

PREFIX = "renewal-reminder:"
CHUNK = 200


def write_reminders(*, at: datetime) -> tuple[int, int]:
    """Owe the reminders that are due, and take back those that are no longer; how many of each.

    Reminded are holders of active certificates that can be renewed and have not applied. A second run writes nothing.
    """
    today = at.date()
    school = SchoolSettings.load()
    written = 0
    due: set[str] = set()
    rows = reads.with_policy(queries.with_events()).filter(expires_on__gte=today, renewed_by=None, corrected_by=None)
    waiting = Renewal.objects.filter(closed_at=None).values("certificate")
    for row in rows.exclude(pk__in=waiting).order_by("pk").iterator(chunk_size=CHUNK):
        if row.expires_on is None or not queries.standing_of_certificate(row, today).is_valid:
            continue
        days = reminder_due(row.awarded_on, row.expires_on, today)
        if days is None:
            continue
        key = _key(row, days)
        due.add(key)
        _mail, is_new = owe(
            key=key, to=row.holder, template="renewal_reminder", context=_context(row, school, today), at=at
        )
        written += is_new
    return written, forgive(prefix=PREFIX, but=due)


def _key(row: Certificate, days: int) -> str:
    assert days in REMINDER_DAYS  # noqa: S101 - no other number is a reminder
    return f"{PREFIX}{row.number}:{days}:{row.expires_on}"


def _context(row: Certificate, school: Any, today: date) -> dict[str, Any]:
    policy = reads.policy_of(row)
    assert policy is not None  # noqa: S101 - only such were asked for
    assert row.expires_on is not None  # noqa: S101
    return {
        "number": row.number,
        "title": row.title,
        "expires_on": row.expires_on.isoformat(),
        "days_left": (row.expires_on - today).days,
        "opens_on": calendar(policy, row.expires_on).opens_on.isoformat(),
        "is_open": calendar(policy, row.expires_on).opens_on <= today,
        "hours": policy.hours,
        "minima": [{"title": line.title, "hours": line.min_hours} for line in policy.categories if line.min_hours],
        "has_quiz": bool(policy.quiz),
        "grace_days": policy.grace_days,
        "page": reverse("certification:renewal", args=[row.number]),
        "school": school.name,
        "school_email": school.email,
    }
