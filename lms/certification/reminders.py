"""Reminders before a certificate ends: written to the outbox once for each of 180, 90, 30 and 7 days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from courses.api import SchoolSettings
from lms.accounts.api import forgive, owe
from lms.core.clock import school_day

from . import queries
from . import renewal_queries as reads
from .models import Certificate, Renewal
from .renewal import reminder_due
from .renewal_ledger import calendar

PREFIX = "renewal-reminder:"
CHUNK = 200


def write_reminders(*, at: datetime) -> tuple[int, int]:
    """Owe the reminders that are due, and take back those that are no longer; how many of each.

    Reminded are holders of active certificates that can be renewed and have not applied. A second run writes nothing.
    """
    today = school_day(at)
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
        key = f"{PREFIX}{row.number}:{days}:{row.expires_on}"
        due.add(key)
        _mail, is_new = owe(
            key=key, to=row.holder, template="renewal_reminder", context=_context(row, school, today), at=at
        )
        written += is_new
    return written, forgive(prefix=PREFIX, but=due)


def _context(row: Certificate, school: SchoolSettings, today: date) -> dict[str, Any]:
    policy = reads.policy_of(row)
    assert policy is not None  # noqa: S101 - only such were asked for
    assert row.expires_on is not None  # noqa: S101
    opens_on = calendar(policy, row.expires_on).opens_on
    return {
        "number": row.number,
        "title": row.title,
        "expires_on": row.expires_on.isoformat(),
        "days_left": (row.expires_on - today).days,
        "opens_on": opens_on.isoformat(),
        "is_open": opens_on <= today,
        "hours": policy.hours,
        "minima": [{"title": line.title, "hours": line.min_hours} for line in policy.categories if line.min_hours],
        "has_quiz": bool(policy.quiz),
        "grace_days": policy.grace_days,
        "page": reverse("certification:renewal", args=[row.number]),
        "school": school.name,
        "school_email": school.email,
    }
