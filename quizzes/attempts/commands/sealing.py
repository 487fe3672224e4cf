"""Sealing and voiding. What is sealed stays sealed, and sealing depends on nothing but the attempt's own row."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from .. import policy as rules
from ..enums import EventType, SubmittedHow
from ..exceptions import CannotVoid
from ..models import Attempt, AttemptEvent
from ..signals import attempt_submitted

CLOCK_TOLERANCE = timedelta(seconds=2)


def grace() -> timedelta:
    """How long after the deadline an answer still counts: for the network, not for the candidate."""
    return timedelta(seconds=settings.ATTEMPT_GRACE_SECONDS)


def submit_attempt(*, attempt: Attempt, by: Any, at: datetime) -> bool:
    """Seal at the candidate's wish; one conditional UPDATE decides a race. True when this call sealed it.

    Sealing commits before anything is graded, and depends on nothing but the attempt's own row.
    """
    if seal_if_overdue(attempt=attempt, at=at):
        return True
    # While the clock stood still no time was used.
    finished_at = min(filter(None, (at, attempt.deadline_at, attempt.paused_at)))
    return _seal(attempt, how=SubmittedHow.CANDIDATE, finished_at=finished_at, by=by, at=at)


def has_time_left(attempt: Attempt, at: datetime) -> bool:
    """False from two seconds before the deadline on: what a page says of its own clock is believed from then."""
    if not attempt.is_open or attempt.deadline_at is None:
        return False
    return attempt.paused_at is not None or at < attempt.deadline_at - CLOCK_TOLERANCE


def seal_if_overdue(*, attempt: Attempt | None, at: datetime) -> bool:
    """Seal an open attempt whose deadline and grace have passed. Safe any number of times."""
    if attempt is None or not attempt.is_open:
        return False
    if not rules.is_overdue(attempt.deadline_at, attempt.paused_at, at, grace()):
        return False
    assert attempt.deadline_at is not None  # noqa: S101 - is_overdue says so
    return _seal(attempt, how=SubmittedHow.DEADLINE, finished_at=attempt.deadline_at, by=None, at=at)


def _seal(attempt: Attempt, *, how: SubmittedHow, finished_at: datetime, by: Any, at: datetime) -> bool:
    rows = Attempt.objects.open().filter(pk=attempt.pk)
    if how == SubmittedHow.DEADLINE:
        # Time that was given since the row was read must not be taken away again.
        rows = rows.filter(deadline_at=attempt.deadline_at, paused_at=None)
    with transaction.atomic():
        won = rows.update(submitted_at=at, finished_at=finished_at, submitted_how=how)
        if won:
            AttemptEvent.objects.create(
                attempt=attempt, type=EventType.SUBMITTED, at=at, by=by, data={"how": how.value}
            )
            transaction.on_commit(lambda: attempt_submitted.send(sender=Attempt, attempt=attempt))
    if won:
        attempt.submitted_at, attempt.finished_at, attempt.submitted_how = at, finished_at, how
    else:
        attempt.refresh_from_db()
    return bool(won)


def void_attempt(*, attempt: Attempt, reason: str, by: Any, at: datetime) -> None:
    """An attempt that shall not count: it uses up no try and its result is nobody's. It stays in the record."""
    if not reason.strip():
        raise CannotVoid(_("Say why the attempt shall not count."))
    with transaction.atomic():
        if Attempt.objects.filter(pk=attempt.pk, voided_at=None).update(voided_at=at, voided_by=by, void_reason=reason):
            AttemptEvent.objects.create(attempt=attempt, type=EventType.VOIDED, at=at, by=by)
    attempt.refresh_from_db()


def next_overdue(at: datetime, *, tried: Collection[int] = ()) -> Attempt | None:
    """An open attempt whose time is over, locked for the caller's transaction and skipping what others work on."""
    rows = Attempt.objects.overdue(at - grace()).exclude(pk__in=tried).order_by("deadline_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return rows.first()
