"""Going on after an interruption, and further chances. A sealed attempt is never opened again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ..enums import AttemptKind, EventType, GrantKind, InputMode
from ..exceptions import CannotContinue
from ..models import Attempt, AttemptEvent, AttemptItem, Response, StartGrant
from .sealing import void_attempt


def continue_attempt(*, attempt: Attempt, minutes: int, reason: str, by: Any, at: datetime) -> Attempt:
    """Let a candidate go on where a sealed attempt ended, with so many minutes.

    The sealed one is voided and stays as it is; a further attempt shows the same items in the same order and begins
    with the answers that counted. It takes the place of the first one and uses up no other try. Raises
    `CannotContinue`.
    """
    if not reason.strip():
        raise CannotContinue(_("Say why the attempt goes on."))
    if not 1 <= minutes <= 24 * 60:
        raise CannotContinue(_("Give between one minute and 24 hours."))
    try:
        return _continue(attempt, minutes, reason, by, at)
    except IntegrityError:
        # The candidate began another one at the same moment; the constraint on open attempts decides.
        raise CannotContinue(_("Another attempt of this candidate is running.")) from None
    finally:
        attempt.refresh_from_db()


def _continue(attempt: Attempt, minutes: int, reason: str, by: Any, at: datetime) -> Attempt:
    with transaction.atomic():
        locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
        if locked.submitted_at is None or locked.voided_at is not None or locked.kind != AttemptKind.CANDIDATE:
            raise CannotContinue
        others = Attempt.objects.filter(
            candidate=locked.candidate_id, assessment=locked.assessment_id, kind=AttemptKind.CANDIDATE
        )
        if others.open().exists():
            raise CannotContinue(_("Another attempt of this candidate is running."))
        void_attempt(attempt=locked, reason=_("Continued: %(reason)s") % {"reason": reason}, by=by, at=at)
        last = others.order_by("-ordinal").values_list("ordinal", flat=True)[0]
        further = Attempt.objects.create(
            candidate_id=locked.candidate_id,
            assessment_id=locked.assessment_id,
            version_id=locked.version_id,
            form_id=locked.form_id,
            ordinal=last + 1,
            policy=locked.policy,
            conditions={**locked.conditions, "continues": str(locked.uuid), "minutes": minutes},
            language=locked.language,
            seed=locked.seed,
            sitting_id=locked.sitting_id,
            authorisation_id=locked.authorisation_id,
            continues=locked,
            started_at=at,
            deadline_at=at + timedelta(minutes=minutes) if locked.deadline_at else None,
        )
        _carry_over(locked, further)
        AttemptEvent.objects.create(
            attempt=locked, type=EventType.CONTINUED, at=at, by=by, data={"by": str(further.uuid)}
        )
        AttemptEvent.objects.create(attempt=further, type=EventType.STARTED, at=at, by=by)
    return further


def _carry_over(sealed: Attempt, further: Attempt) -> None:
    items = list(AttemptItem.objects.filter(attempt=sealed).order_by("slot"))
    current = {
        row.item_id: row
        for row in Response.objects.filter(item__attempt=sealed, counted=True).order_by("item_id", "sequence")
    }
    copies = AttemptItem.objects.bulk_create(
        AttemptItem(
            attempt=further,
            slot=item.slot,
            version_id=item.version_id,
            marks=item.marks,
            counts=item.counts,
            arrangement=item.arrangement,
        )
        for item in items
    )
    Response.objects.bulk_create(
        Response(
            item=copy,
            sequence=1,
            data=row.data,
            flagged=row.flagged,
            confidence=row.confidence,
            received_at=row.received_at,
            elapsed_ms=row.elapsed_ms,
            input_mode=InputMode.CARRIED,
            feedback_shown=row.feedback_shown,
        )
        for item, copy in zip(items, copies, strict=True)
        if (row := current.get(item.pk))
    )


def grant_start(*, candidate: Any, assessment: Any, kind: GrantKind, reason: str, by: Any, at: datetime) -> StartGrant:
    """Waive a rule of starting for one person: one more attempt, no wait, or no remediation."""
    if not reason.strip():
        raise CannotContinue(_("Say why the rule is waived."))
    return StartGrant.objects.create(candidate=candidate, assessment=assessment, kind=kind, reason=reason, by=by, at=at)
