"""Passes that a regrade took away: what may rest on them is for others to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef

from quizzes.attempts.enums import AttemptKind

from .held import in_force
from .models import Result


@dataclass(frozen=True)
class Overturned:
    """A result that said passed, of an attempt that after a regrade says otherwise.

    `reference` names the old result, as evidence does; percentages are unrounded. `passed_again` tells whether
    another attempt of the same candidate at the same assessment is passed.
    """

    reference: str
    assessment: str
    title: str
    percent: Decimal
    percent_now: Decimal
    at: datetime
    passed_again: bool


def overturned_passes() -> list[Overturned]:
    """All of them, the latest regrade first. Follows from the record: an undone regrade leaves nothing here."""
    regraded = Result.objects.filter(regrade__isnull=False, passed=False).values("attempt")
    elsewhere = (
        in_force()
        .filter(
            attempt__candidate=OuterRef("attempt__candidate"),
            attempt__assessment=OuterRef("attempt__assessment"),
            attempt__kind=AttemptKind.CANDIDATE,
            attempt__voided_at=None,
            passed=True,
            released_at__isnull=False,
        )
        .exclude(attempt=OuterRef("attempt"))
    )
    now = {
        row.attempt_id: row
        for row in in_force()
        .filter(attempt__in=regraded, attempt__voided_at=None, passed=False)
        .annotate(passed_again=Exists(elsewhere))
    }
    before = Result.objects.filter(attempt__in=list(now), passed=True).select_related("attempt__assessment")
    found = [
        Overturned(
            reference=str(row.uuid),
            assessment=row.attempt.assessment.code,
            title=row.attempt.assessment.title,
            percent=row.percent,
            percent_now=now[row.attempt_id].percent,
            at=now[row.attempt_id].at,
            passed_again=bool(now[row.attempt_id].passed_again),
        )
        for row in before
    ]
    return sorted(found, key=lambda row: row.at, reverse=True)
