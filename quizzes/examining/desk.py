"""What waits for a person who runs examinations: one value for the front door of that role. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef

from lms.accounts.api import Role
from quizzes.assembly.enums import HIGH_STAKES
from quizzes.assembly.models import Form
from quizzes.attempts.models import Attempt, Sitting
from quizzes.grading.models import Regrade, Result

from .access import assessments_for, attempts_for
from .room import sittings_for, today_and_after

MOST_SHOWN = 50


@dataclass(frozen=True)
class Desk:
    """Work that waits. Counts are of everything, lists show the oldest or next."""

    attempts: Sequence[Attempt]  # handed in, result not seen by the candidate; `is_marked` says which have one
    marking_count: int
    release_count: int
    regrades: Sequence[Regrade]
    forms: Sequence[Form]
    sittings_today: Sequence[Sitting]
    next_sitting: Sitting | None

    @property
    def is_clear(self) -> bool:
        """True when nothing waits."""
        return not (self.marking_count or self.release_count or self.regrades or self.forms or self.sittings_today)


def desk_for(user: Any, at: datetime) -> Desk:
    """The desk of a person at a moment."""
    unseen = (
        attempts_for(user)
        .filter(submitted_at__isnull=False, voided_at=None)
        .filter(~Exists(Result.objects.filter(attempt=OuterRef("pk"), released_at__isnull=False)))
        .annotate(is_marked=Exists(Result.objects.filter(attempt=OuterRef("pk"))))
    )
    counts = dict(unseen.order_by().values_list("is_marked").annotate(Count("pk")))
    sittings = today_and_after(user, at)
    return Desk(
        attempts=list(unseen.select_related("assessment", "candidate").order_by("submitted_at")[:MOST_SHOWN]),
        marking_count=counts.get(False, 0),
        release_count=counts.get(True, 0),
        regrades=list(
            Regrade.objects.filter(assessment__in=assessments_for(user), approved_at=None, declined_at=None)
            .select_related("assessment", "proposed_by")
            .order_by("proposed_at")[:MOST_SHOWN]
        ),
        forms=forms_to_review(user),
        sittings_today=sittings["today"],
        next_sitting=next(iter(sittings["coming"]), None),
    )


def forms_to_review(user: Any) -> list[Form]:
    """Forms in force of exams that nobody has read yet."""
    mine = assessments_for(user).filter(kind__in=HIGH_STAKES, is_retired=False, live=True)
    return list(
        Form.objects.filter(version__in=mine.values("current_version"), reviewed_at=None)
        .select_related("version__assessment")
        .order_by("version__assessment__title", "label")
    )


def watches_over(user: Any, at: datetime) -> list[Sitting]:
    """Sittings of today and to come that a person without the role of an examiner watches over."""
    if not user.has_role(Role.INSTRUCTOR, Role.REGISTRAR):
        return []
    return list(sittings_for(user).filter(closes_at__gte=at).order_by("opens_at")[:MOST_SHOWN])
