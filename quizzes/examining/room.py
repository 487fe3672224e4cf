"""The room of a sitting as its invigilators see it: who is where, and never what anybody answered. Reads only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
)
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from lms.accounts.api import Role, User, accommodations_for
from quizzes.attempts.commands import grace
from quizzes.attempts.enums import AttemptKind
from quizzes.attempts.models import Attempt, AttemptItem, IdentityCheck, IncidentNote, Response, Seat, Sitting
from quizzes.attempts.policy import is_overdue

#: Silence of a page after which the screen says so. A page that is there speaks every 15 seconds.
LOST_AFTER = timedelta(seconds=60)
#: Sittings that are over and still listed.
MOST_PAST = 50


class PlaceState(TextChoices):
    """Where a candidate stands in a sitting."""

    ABSENT = "absent", _("Not here")
    IDENTIFIED = "identified", _("Identity checked")
    WRITING = "writing", _("Writing")
    PAUSED = "paused", _("Paused")
    TIME_OVER = "time_over", _("Time over")
    HANDED_IN = "handed_in", _("Handed in")
    VOID = "void", _("Void")


def state_of(attempt: Attempt | None, is_identified: bool, at: datetime) -> PlaceState:
    """The state to show. Time that is over is over, although nobody has sealed the attempt yet."""
    if attempt is None:
        return PlaceState.IDENTIFIED if is_identified else PlaceState.ABSENT
    if attempt.voided_at is not None:
        return PlaceState.VOID
    if attempt.submitted_at is not None:
        return PlaceState.HANDED_IN
    if attempt.paused_at is not None:
        return PlaceState.PAUSED
    return PlaceState.TIME_OVER if is_overdue(attempt.deadline_at, None, at, grace()) else PlaceState.WRITING


def seconds_left(attempt: Attempt, at: datetime) -> int | None:
    """Time until the deadline by the server's clock, which stands still in a pause; None without a limit."""
    if not attempt.is_open or attempt.deadline_at is None:
        return None
    return max(0, int((attempt.deadline_at - (attempt.paused_at or at)).total_seconds()))


def figures(seconds: int) -> str:
    """A length of time as a clock shows it: 24:10, or 1:05:00."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@dataclass(frozen=True)
class Place:
    """One seat with its candidate."""

    seat: Seat
    state: PlaceState
    check: IdentityCheck | None
    attempt: Attempt | None
    answered: int
    asked: int
    saved_at: datetime | None
    seconds_left: int | None
    is_lost: bool
    conditions: Any

    @property
    def candidate(self) -> Any:
        """Who sits there."""
        return self.seat.candidate

    @property
    def key(self) -> str:
        """The seat in addresses and forms."""
        return str(self.seat.uuid)

    @property
    def left(self) -> str:
        """The time left in figures; empty without a limit, and once nothing is left to run."""
        return "" if self.seconds_left is None else figures(self.seconds_left)

    @property
    def can_pause(self) -> bool:
        """A clock that runs can be stopped."""
        return self.state == PlaceState.WRITING

    @property
    def can_resume(self) -> bool:
        """A clock that stands can be set going."""
        return self.state == PlaceState.PAUSED

    @property
    def can_give(self) -> bool:
        """Time can be given while an attempt is open and has a limit."""
        return bool(self.attempt and self.attempt.is_open and self.attempt.deadline_at)

    @property
    def has_extra_time(self) -> bool:
        """True when the standing conditions make the time longer."""
        held = self.conditions
        return bool(held and (held.time_factor > 1 or held.extra_minutes or held.break_minutes))


@dataclass(frozen=True)
class Room:
    """A sitting at a moment."""

    sitting: Sitting
    at: datetime
    places: tuple[Place, ...]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many are in each state, and how many pages are silent."""
        found = Counter(place.state.value for place in self.places)
        return {
            **{state.value: found[state.value] for state in PlaceState},
            "lost": sum(place.is_lost for place in self.places),
            "seats": len(self.places),
        }

    def place(self, key: Any) -> Place | None:
        """The seat of this identifier."""
        return next((place for place in self.places if place.key == str(key)), None)


def sittings_for(user: Any) -> QuerySet[Sitting]:
    """Sittings that a person watches over: all for those who run exams, else their own; never one they sit in."""
    rows = Sitting.objects.select_related("assessment")
    if not user.has_role(Role.ADMIN, Role.EXAMINER):
        rows = rows.filter(pk__in=Sitting.invigilators.through.objects.filter(user=user).values("sitting"))
    return rows.filter(~Exists(Seat.objects.filter(sitting=OuterRef("pk"), candidate=user, cancelled_at=None)))


def sitting_or_404(user: Any, sitting_id: Any) -> Sitting:
    """One of them by its identifier."""
    return get_object_or_404(sittings_for(user).select_related("assessment__current_version"), uuid=sitting_id)


def today_and_after(user: Any, at: datetime) -> dict[str, list[Sitting]]:
    """A person's sittings: of today (by their own calendar), to come, and over (the last of them)."""
    rows = (
        sittings_for(user)
        .annotate(seat_count=Count("seats", filter=Q(seats__cancelled_at=None)))
        .prefetch_related(Prefetch("invigilators", User.objects.only("display_name", "legal_name", "email")))
    )
    midnight = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    ahead = rows.filter(Q(closes_at__gte=midnight) | Q(hard_stop_at__gte=midnight)).order_by("opens_at")
    past = rows.filter(closes_at__lt=midnight).exclude(hard_stop_at__gte=midnight).order_by("-opens_at")
    today = localtime(at).date()
    found: dict[str, list[Sitting]] = {"today": [], "coming": [], "over": list(past[:MOST_PAST])}
    for row in ahead:
        found["today" if localtime(row.opens_at).date() <= today else "coming"].append(row)
    return found


def room_of(sitting: Sitting, at: datetime) -> Room:
    """Everybody in the room: six statements, however many there are."""
    seats = list(Seat.objects.filter(sitting=sitting, cancelled_at=None).select_related("candidate"))
    people = [seat.candidate_id for seat in seats]
    checks = {row.seat_id: row for row in IdentityCheck.objects.filter(seat__in=seats).select_related("by")}
    attempts = _attempts(sitting, people)
    written = [attempt.pk for attempt in attempts.values()]
    progress = _progress(written)
    saved = dict(
        Response.objects.filter(item__attempt__in=written)
        .values_list("item__attempt")
        .annotate(last=Max("received_at"))
        .order_by()
    )
    conditions = accommodations_for(people, at)
    places = [
        _place(
            seat,
            check=checks.get(seat.pk),
            attempt=(attempt := attempts.get(seat.candidate_id)),
            progress=progress.get(attempt.pk, (0, 0)) if attempt else (0, 0),
            saved_at=saved.get(attempt.pk) if attempt else None,
            conditions=conditions.get(seat.candidate_id),
            at=at,
        )
        for seat in seats
    ]
    return Room(sitting, at, tuple(sorted(places, key=_by_seat)))


def incidents_of(sitting: Sitting) -> Sequence[IncidentNote]:
    """What was written down, newest first."""
    return list(IncidentNote.objects.filter(sitting=sitting).select_related("by", "attempt__candidate").order_by("-id"))


def _attempts(sitting: Sitting, people: Sequence[int]) -> dict[int, Attempt]:
    """The attempt of each candidate: the last that counts, else the last void one.

    An exam that asks for no sitting is not bound to one; who began it in the window of this sitting sits here.
    """
    rows = (
        Attempt.objects.filter(kind=AttemptKind.CANDIDATE, candidate__in=people, assessment=sitting.assessment_id)
        .filter(
            Q(sitting=sitting) | Q(sitting=None, started_at__gte=sitting.opens_at, started_at__lt=sitting.closes_at)
        )
        .select_related("presence")
        .order_by("ordinal")
    )
    found: dict[int, Attempt] = {}
    for row in rows:
        before = found.get(row.candidate_id)
        if before is None or row.voided_at is None or before.voided_at is not None:
            found[row.candidate_id] = row
    return found


def _progress(attempts: Sequence[int]) -> dict[int, tuple[int, int]]:
    """(answered, asked) by attempt. An answer that was taken back is none."""
    last = Response.objects.filter(item=OuterRef("pk"), counted=True).order_by("-sequence")
    is_answer = ExpressionWrapper(Q(data__isnull=False), output_field=BooleanField())
    rows = (
        AttemptItem.objects.filter(attempt__in=attempts)
        .annotate(is_answered=Subquery(last.annotate(is_answer=is_answer).values("is_answer")[:1]))
        .values("attempt")
        .annotate(asked=Count("pk"), answered=Count("pk", filter=Q(is_answered=True)))
        .order_by()
    )
    return {row["attempt"]: (row["answered"], row["asked"]) for row in rows}


def _place(
    seat: Seat,
    *,
    check: IdentityCheck | None,
    attempt: Attempt | None,
    progress: tuple[int, int],
    saved_at: datetime | None,
    conditions: Any,
    at: datetime,
) -> Place:
    state = state_of(attempt, check is not None, at)
    is_lost = False
    if attempt and state in {PlaceState.WRITING, PlaceState.PAUSED}:
        presence = getattr(attempt, "presence", None)
        heard = max(filter(None, (attempt.started_at, saved_at, presence.last_seen_at if presence else None)))
        is_lost = at - heard > LOST_AFTER
    return Place(
        seat=seat,
        state=state,
        check=check,
        attempt=attempt,
        answered=progress[0],
        asked=progress[1],
        saved_at=saved_at,
        seconds_left=seconds_left(attempt, at) if attempt else None,
        is_lost=is_lost,
        conditions=conditions,
    )


def _by_seat(place: Place) -> tuple[Any, ...]:
    """A2 before A10, seats without a label last, by name."""
    label = place.seat.label
    parts = tuple((part.isdigit(), part.zfill(6)) for part in re.findall(r"\d+|\D+", label.lower()))
    return (not label, parts, place.candidate.sort_name.casefold(), place.candidate.email)
