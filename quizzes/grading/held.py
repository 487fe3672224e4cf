"""Results that are held until somebody releases them: which wait, and letting their candidates see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from quizzes.assembly.models import Assessment
from quizzes.attempts.enums import AttemptKind
from quizzes.attempts.models import Attempt

from .models import Grade, Result
from .signals import result_recorded


def in_force() -> QuerySet[Result]:
    """The result in force of every attempt: the newest, released or not."""
    newest = Result.objects.filter(attempt=OuterRef("attempt")).order_by("-id").values("pk")[:1]
    return Result.objects.filter(pk=Subquery(newest))


def waiting_results(assessment: Assessment) -> QuerySet[Result]:
    """Results in force that no candidate has seen, of attempts that count, in the order of their attempts.

    A result that a newly counted answer has overtaken, and that waits for its marker, is none to release.
    """
    rows = in_force().filter(
        attempt__assessment=assessment,
        attempt__kind=AttemptKind.CANDIDATE,
        attempt__voided_at=None,
        released_at=None,
    )
    later = Grade.objects.filter(item=OuterRef("item"), pk__gt=OuterRef("pk"))
    unmarked = Grade.objects.filter(
        ~Exists(later), item__attempt=OuterRef("attempt"), item__counts=True, excluded=False, fraction=None
    )
    return rows.filter(~Exists(unmarked)).order_by("attempt_id")


def release_results(*, assessment: Assessment, attempts: Sequence[Attempt] | None = None, by: Any, at: datetime) -> int:
    """Let candidates see held results: of these attempts, or of all that wait. Returns how many were released.

    Nobody releases a result of their own; it stays for somebody else. Safe to repeat: a result is released once.
    """
    with transaction.atomic():
        rows = waiting_results(assessment).exclude(attempt__candidate=by)
        if attempts is not None:
            rows = rows.filter(attempt__in=[attempt.pk for attempt in attempts])
        waiting = list(rows.select_related("attempt"))
        # A regrade in this moment adds a result; the lock makes one of the two come first.
        locked = Attempt.objects.select_for_update(no_key=True).filter(pk__in=[row.attempt_id for row in waiting])
        list(locked.order_by("pk").values_list("pk", flat=True))
        still = set(rows.values_list("pk", flat=True))
        mine = [row for row in waiting if row.pk in still]
        done = Result.objects.filter(pk__in=[row.pk for row in mine], released_at=None)
        count = done.update(released_at=at, released_by=by)
        for row in mine:
            row.released_at, row.released_by = at, by
            transaction.on_commit(partial(result_recorded.send, sender=Result, result=row, attempt=row.attempt))
    return count
