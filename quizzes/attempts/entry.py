"""What a start asks for beyond the rules of time: an authorisation, a seat in a sitting, remediation. Reads only."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lms.core.ports import Missing, remediation
from quizzes.assembly.models import Assessment
from quizzes.assembly.policy import Policy

from .enums import AttemptKind, GrantKind
from .models import Authorisation, IdentityCheck, Seat, StartGrant
from .policy import Grant


def code_digest(sitting_uuid: Any, code: str) -> str:
    """What is kept of a start code. Case and spaces do not count: it is read aloud."""
    said = "".join(code.split()).upper()
    return hmac.new(settings.SECRET_KEY.encode(), f"{sitting_uuid}/{said}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Entry:
    """How a person enters an assessment now, or what is missing."""

    missing: tuple[Missing, ...] = ()
    authorisation_id: int | None = None
    sitting_id: int | None = None
    sitting_uuid: str = ""
    hard_stop_at: datetime | None = None
    start_code_digest: str = ""

    @property
    def asks_code(self) -> bool:
        """True when the invigilator reads out a code that begins the attempt."""
        return bool(self.start_code_digest)

    def refused_code(self, start_code: str) -> tuple[Missing, ...]:
        """Empty when the code is right or none is asked for."""
        if not self.asks_code:
            return ()
        if hmac.compare_digest(code_digest(self.sitting_uuid, start_code), self.start_code_digest):
            return ()
        return (Missing("start_code", _("The start code is missing or wrong. The invigilator tells it.")),)


def entries_for(user: Any, wanted: Sequence[tuple[Assessment, Policy, bool]], at: datetime) -> dict[int, Entry]:
    """For each (assessment, policy, was tried before) the way in, by primary key of the assessment.

    Asks the database only for what a policy needs: one query for authorisations, one for seats.
    """
    authorised = _authorisations(user, [a.pk for a, policy, _tried in wanted if policy.needs_authorisation], at)
    seats = _seats(user, [a.pk for a, policy, _tried in wanted if policy.needs_sitting])
    entries = {}
    for assessment, policy, was_tried in wanted:
        missing: list[Missing] = []
        authorisation = authorised.get(assessment.pk)
        if policy.needs_authorisation and authorisation is None:
            missing.append(Missing("authorisation", _("An authorisation to test, which the examiner grants")))
        seat = _best_seat(seats.get(assessment.pk, []), at)
        if policy.needs_sitting:
            missing += _seat_lacks(seat, at)
        if policy.retake_needs_remediation and was_tried and not _is_waived(user, assessment):
            missing += remediation(user, assessment)
        entries[assessment.pk] = Entry(
            missing=tuple(missing),
            authorisation_id=authorisation.pk if authorisation else None,
            sitting_id=seat.sitting_id if seat and policy.needs_sitting else None,
            sitting_uuid=str(seat.sitting.uuid) if seat else "",
            hard_stop_at=seat.sitting.hard_stop_at if seat and policy.needs_sitting else None,
            start_code_digest=seat.sitting.start_code_digest if seat and policy.needs_sitting else "",
        )
    return entries


def grants_for(user: Any, assessments: Sequence[Assessment]) -> dict[int, tuple[Grant, ...]]:
    """What was waived for a person, by assessment (one query)."""
    found: dict[int, list[Grant]] = {}
    for row in StartGrant.objects.filter(candidate=user, assessment__in=[row.pk for row in assessments]):
        found.setdefault(row.assessment_id, []).append(Grant(row.kind, row.at))
    return {key: tuple(rows) for key, rows in found.items()}


def _is_waived(user: Any, assessment: Assessment) -> bool:
    rows = assessment.attempts.filter(candidate=user, voided_at=None, kind=AttemptKind.CANDIDATE)
    last = rows.order_by("-ordinal").first()
    since = last.finished_at if last else None
    grants = StartGrant.objects.filter(candidate=user, assessment=assessment, kind=GrantKind.NO_REMEDIATION)
    return grants.filter(at__gte=since).exists() if since else False


def _authorisations(user: Any, assessments: list[int], at: datetime) -> dict[int, Authorisation]:
    if not assessments:
        return {}
    rows = Authorisation.objects.filter(
        candidate=user, assessment__in=assessments, valid_from__lte=at, valid_until__gt=at, ended_at=None
    )
    return {row.assessment_id: row for row in rows.order_by("valid_until")}


def _seats(user: Any, assessments: list[int]) -> dict[int, list[Any]]:
    if not assessments:
        return {}
    rows = (
        Seat.objects.filter(candidate=user, sitting__assessment__in=assessments, cancelled_at=None)
        .select_related("sitting")
        .annotate(is_identified=Exists(IdentityCheck.objects.filter(seat=OuterRef("pk"))))
        .order_by("sitting__opens_at")
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.sitting.assessment_id, []).append(row)
    return found


def _best_seat(seats: Sequence[Any], at: datetime) -> Any:
    """The seat in the sitting that is open now, else in the next one, else in the last."""
    open_now = [seat for seat in seats if seat.sitting.opens_at <= at < seat.sitting.closes_at]
    coming = [seat for seat in seats if at < seat.sitting.opens_at]
    return next(iter([*open_now, *coming, *reversed(seats)]), None)


def _seat_lacks(seat: Any, at: datetime) -> list[Missing]:
    if seat is None:
        return [Missing("sitting", _("A seat in a sitting of this exam"))]
    sitting = seat.sitting
    if at < sitting.opens_at:
        when = date_format(localtime(sitting.opens_at), "j F Y, H:i")
        return [
            Missing(
                "sitting_not_open",
                _("Your sitting begins on %(when)s: %(place)s.") % {"when": when, "place": sitting.place},
            )
        ]
    if at >= sitting.closes_at:
        return [Missing("sitting_over", _("Your sitting takes no more starts; ask for a seat in another one."))]
    if not seat.is_identified:
        return [Missing("identity", _("The invigilator has not checked your identity yet."))]
    return []
