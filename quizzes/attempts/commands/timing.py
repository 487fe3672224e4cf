"""Time given, taken, stopped and set going again. Every change is a row that says who and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.assembly.policy import Policy

from .. import policy as rules
from ..enums import AdjustmentKind, AttemptKind, EventType
from ..exceptions import CannotAdjust
from ..models import Attempt, AttemptEvent, AttemptPresence, TimeAdjustment
from .starting import allowance_for

LONGEST_ADJUSTMENT = timedelta(hours=24)


def adjust_time(*, attempts: Sequence[Attempt], seconds: int, reason: str, by: Any, at: datetime) -> int:
    """Move the deadlines of open attempts, all or none. Returns how many moved; untimed ones have none to move.

    What is taken away leaves at least a minute. Raises `CannotAdjust`.
    """
    if not reason.strip():
        raise CannotAdjust(_("Say why the time is changed."))
    if seconds == 0 or abs(seconds) > LONGEST_ADJUSTMENT.total_seconds():
        raise CannotAdjust(_("Give a time between one second and 24 hours."))
    moved = 0
    with transaction.atomic():
        for attempt in _locked(attempts):
            if not attempt.is_open:
                continue
            # A paused clock runs on from where it stopped, so that is the moment against which a minute is kept.
            deadline = rules.shift(attempt.deadline_at, seconds, attempt.paused_at or at)
            if deadline is None or attempt.deadline_at is None or deadline == attempt.deadline_at:
                continue
            applied = int((deadline - attempt.deadline_at).total_seconds())
            _move(attempt, AdjustmentKind.GIVEN, applied, reason, by, at)
            moved += 1
    return moved


def pause(*, attempts: Sequence[Attempt], reason: str, by: Any, at: datetime) -> int:
    """Stop the clocks of open attempts, all in one transaction. Returns how many were running."""
    if not reason.strip():
        raise CannotAdjust(_("Say why the clock is stopped."))
    return _stop(attempts, EventType.PAUSED, reason, by, at)


def resume(
    *, attempts: Sequence[Attempt], reason: str = "", with_interrupted: bool = False, by: Any, at: datetime
) -> int:
    """Set stopped clocks going again: each deadline moves by the length of its own pause.

    Attempts of people who are no longer enrolled stay stopped, unless somebody decides otherwise.
    """
    resumed = 0
    with transaction.atomic():
        rows = _locked(attempts)
        interrupted = set() if with_interrupted else _interrupted(rows)
        for attempt in rows:
            if not attempt.is_open or attempt.paused_at is None or attempt.pk in interrupted:
                continue
            length = max(0, round((at - attempt.paused_at).total_seconds()))
            Attempt.objects.filter(pk=attempt.pk).update(paused_at=None)
            _move(attempt, AdjustmentKind.PAUSE, length, reason or _("Pause"), by, at)
            AttemptEvent.objects.create(attempt=attempt, type=EventType.RESUMED, at=at, by=by)
            resumed += 1
    return resumed


def interrupt(*, candidate: Any, assessment_codes: Sequence[str], by: Any, at: datetime) -> int:
    """Stop the clocks of a person who is no longer enrolled; staff decides what becomes of the attempts."""
    rows = Attempt.objects.open().filter(
        candidate=candidate, assessment__code__in=assessment_codes, kind=AttemptKind.CANDIDATE
    )
    return _stop(list(rows), EventType.INTERRUPTED, "", by, at)


def apply_accommodation(*, candidate: Any, by: Any, at: datetime) -> int:
    """Give open attempts the time that a newly approved accommodation adds. Time once given is not taken back."""
    moved = 0
    with transaction.atomic():
        # How long a continued attempt lasts was decided by a person, who knew the conditions.
        rows = Attempt.objects.open().filter(candidate=candidate, kind=AttemptKind.CANDIDATE, continues=None)
        allowance = allowance_for(candidate, at)
        for attempt in _locked(list(rows)):
            if not attempt.is_open or attempt.deadline_at is None:
                continue
            hard_stop = attempt.conditions.get("hard_stop_at")
            base = rules.schedule(
                Policy(**attempt.policy),
                attempt.started_at,
                allowance,
                hard_stop_at=datetime.fromisoformat(hard_stop) if hard_stop else None,
            ).deadline_at
            given = sum(
                attempt.adjustments.exclude(kind=AdjustmentKind.ACCOMMODATION).values_list("seconds", flat=True)
            )
            if base is None:
                continue
            gained = int((base + timedelta(seconds=given) - attempt.deadline_at).total_seconds())
            if gained > 0:
                _move(attempt, AdjustmentKind.ACCOMMODATION, gained, _("Accommodation approved"), by, at)
                moved += 1
    return moved


def note_presence(*, attempt: Attempt, at: datetime) -> None:
    """The candidate's page is there: one statement, and no lock on the attempt."""
    AttemptPresence.objects.bulk_create(
        [AttemptPresence(attempt=attempt, last_seen_at=at)],
        update_conflicts=True,
        unique_fields=["attempt"],
        update_fields=["last_seen_at"],
    )


def _locked(attempts: Sequence[Attempt]) -> list[Attempt]:
    """The rows as they are now, locked in one order so that two invigilators cannot block each other."""
    rows = Attempt.objects.select_for_update(no_key=True).filter(pk__in=[attempt.pk for attempt in attempts])
    return list(rows.order_by("pk"))


def _interrupted(attempts: Sequence[Attempt]) -> set[int]:
    """Those that were last stopped by the end of an enrolment (one query)."""
    stops = AttemptEvent.objects.filter(
        attempt__in=[attempt.pk for attempt in attempts], type__in=[EventType.PAUSED, EventType.INTERRUPTED]
    )
    last = dict(stops.order_by("id").values_list("attempt_id", "type"))
    return {pk for pk, kind in last.items() if kind == EventType.INTERRUPTED}


def _stop(attempts: Sequence[Attempt], event: EventType, reason: str, by: Any, at: datetime) -> int:
    stopped = 0
    with transaction.atomic():
        for attempt in _locked(attempts):
            if not attempt.is_open or attempt.paused_at is not None:
                continue
            # Whoever ran out of time before the stop has run out of time.
            if attempt.deadline_at is not None and attempt.deadline_at <= at:
                continue
            Attempt.objects.filter(pk=attempt.pk).update(paused_at=at)
            AttemptEvent.objects.create(attempt=attempt, type=event, at=at, by=by, data={"reason": reason})
            stopped += 1
    return stopped


def _move(attempt: Attempt, kind: AdjustmentKind, seconds: int, reason: str, by: Any, at: datetime) -> None:
    TimeAdjustment.objects.create(attempt=attempt, kind=kind, seconds=seconds, reason=reason, by=by, at=at)
    if attempt.deadline_at is not None:
        Attempt.objects.filter(pk=attempt.pk).update(deadline_at=attempt.deadline_at + timedelta(seconds=seconds))
    AttemptEvent.objects.create(
        attempt=attempt, type=EventType.ADJUSTED, at=at, by=by, data={"seconds": seconds, "kind": kind.value}
    )
