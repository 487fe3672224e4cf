"""Authorisations to test and sittings: who may come, where and when, and who checked that it is them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.core.ports import Deny, eligibility_facts, gate
from quizzes.assembly.models import Assessment

from ..entry import code_digest
from ..exceptions import NotEligible, SeatRefused
from ..models import Attempt, Authorisation, IdentityCheck, IncidentNote, Seat, Sitting

# Without letters and digits that are mistaken for each other when read aloud.
CODE_ALPHABET = "ACDEFHJKLMNPRTUVWXY34679"
CODE_LENGTH = 6


def authorise(
    *, candidate: Any, assessment: Assessment, valid_from: datetime, valid_until: datetime, by: Any, at: datetime
) -> Authorisation:
    """Let a person test within a window, with the facts on which that was decided. Raises `NotEligible`."""
    if valid_until <= valid_from or valid_until <= at:
        raise NotEligible(_("The window must end in the future, after it begins."))
    verdict = gate(candidate, assessment)
    if isinstance(verdict, Deny):
        raise NotEligible(verdict.message, missing=[missing.as_dict() for missing in verdict.missing])
    return Authorisation.objects.create(
        candidate=candidate,
        assessment=assessment,
        eligibility={"gate": "open", "facts": eligibility_facts(candidate, assessment)},
        valid_from=valid_from,
        valid_until=valid_until,
        granted_by=by,
        granted_at=at,
    )


def end_authorisation(*, authorisation: Authorisation, reason: str, by: Any, at: datetime) -> bool:
    """Withdraw it; an attempt that runs goes on. False when it had ended already."""
    if not reason.strip():
        raise NotEligible(_("Say why the authorisation ends."))
    ended = Authorisation.objects.filter(pk=authorisation.pk, ended_at=None).update(
        ended_at=at, ended_by=by, end_reason=reason
    )
    authorisation.refresh_from_db()
    return bool(ended)


def open_sitting(
    *,
    assessment: Assessment,
    place: str,
    opens_at: datetime,
    closes_at: datetime,
    hard_stop_at: datetime | None = None,
    invigilators: Sequence[Any] = (),
    by: Any,
    at: datetime,
) -> tuple[Sitting, str]:
    """Announce a sitting. Returns it with its start code, which is shown once and kept as a digest only."""
    if closes_at <= opens_at or (hard_stop_at and hard_stop_at <= opens_at):
        raise SeatRefused(_("The sitting must end after it begins."))
    with transaction.atomic():
        sitting = Sitting.objects.create(
            assessment=assessment, place=place, opens_at=opens_at, closes_at=closes_at, hard_stop_at=hard_stop_at
        )
        sitting.invigilators.set(invigilators)
        return sitting, renew_start_code(sitting=sitting)


def renew_start_code(*, sitting: Sitting) -> str:
    """A new code; the old one stops working at once."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))
    sitting.start_code_digest = code_digest(sitting.uuid, code)
    sitting.save(update_fields=["start_code_digest"])
    return code


def book_seat(*, sitting: Sitting, candidate: Any, label: str = "", by: Any, at: datetime) -> Seat:
    """Give a person a place. Nobody sits an exam that they watch over. Raises `SeatRefused`."""
    if at >= sitting.closes_at:
        raise SeatRefused(_("This sitting takes no more starts."))
    if sitting.invigilators.filter(pk=candidate.pk).exists():
        raise SeatRefused(_("An invigilator cannot sit the same exam."))
    try:
        with transaction.atomic():
            return Seat.objects.create(sitting=sitting, candidate=candidate, label=label, booked_by=by, booked_at=at)
    except IntegrityError:
        raise SeatRefused(_("This person has a seat in the sitting already.")) from None


def cancel_seat(*, seat: Seat, by: Any, at: datetime) -> bool:
    """Give a seat up, unless its candidate has begun."""
    if Attempt.objects.filter(sitting=seat.sitting_id, candidate=seat.candidate_id, voided_at=None).exists():
        raise SeatRefused(_("This candidate has begun; void the attempt instead."))
    cancelled = Seat.objects.filter(pk=seat.pk, cancelled_at=None).update(cancelled_at=at, cancelled_by=by)
    seat.refresh_from_db()
    return bool(cancelled)


def check_identity(*, seat: Seat, method: str, by: Any, at: datetime) -> IdentityCheck:
    """Write down that the person in the seat is who they say. Nobody vouches for themselves."""
    if seat.candidate_id == by.pk:
        raise SeatRefused(_("Nobody checks their own identity."))
    return IdentityCheck.objects.create(seat=seat, method=method, by=by, at=at)


def note_incident(
    *, sitting: Sitting, text: str, attempt: Attempt | None = None, by: Any, at: datetime
) -> IncidentNote:
    """Keep what happened in the room, for whoever decides on an appeal."""
    if not text.strip():
        raise SeatRefused(_("Write down what happened."))
    return IncidentNote.objects.create(sitting=sitting, attempt=attempt, text=text.strip(), by=by, at=at)
