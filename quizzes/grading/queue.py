"""What waits for a marker or a moderator, read blind: answers have a pseudonym, and an order that says nothing."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quizzes.attempts.models import Attempt, AttemptItem, Response
from quizzes.bank.models import QuestionVersion
from quizzes.types.registry import all_types

from .models import Grade, Marking


@dataclass
class WaitingQuestion:
    """A version of a question with what this person can do about its answers."""

    version: QuestionVersion
    assessments: list[str] = field(default_factory=list)
    to_mark: int = 0
    to_moderate: int = 0
    oldest: datetime | None = None


def pseudonym(attempt: Attempt) -> str:
    """Four characters that name an attempt to its markers and tell nothing about the candidate."""
    return _digest(f"marking/{attempt.uuid}")[:4].upper()


def waiting(attempts: QuerySet[Attempt]) -> QuerySet[AttemptItem]:
    """Answers of handed-in attempts that count and whose grade in force still needs a person.

    Annotated with `response_now`, the answer that counts, and `markers`, how many people have marked it.
    """
    kinds = [kind.slug for kind in all_types() if kind.marked_by_person]
    counted = Response.objects.filter(item=OuterRef("pk"), counted=True).order_by("-sequence")
    latest = Grade.objects.filter(item=OuterRef("pk")).order_by("-id")
    markings = (
        Marking.objects.filter(item=OuterRef("pk"), response=OuterRef("response_now"), is_moderation=False)
        .order_by()
        .values("item")
        .annotate(people=Count("by", distinct=True))
    )
    return (
        AttemptItem.objects.filter(
            version__type__in=kinds,
            attempt__in=attempts,
            attempt__submitted_at__isnull=False,
            attempt__voided_at=None,
        )
        .annotate(response_now=Subquery(counted.values("pk")[:1]), grade_now=Subquery(latest.values("pk")[:1]))
        .filter(Exists(Grade.objects.filter(pk=OuterRef("grade_now"), fraction=None, excluded=False)))
        .annotate(markers=Coalesce(Subquery(markings.values("people"), output_field=IntegerField()), 0))
    )


def to_mark(attempts: QuerySet[Attempt], user: Any) -> QuerySet[AttemptItem]:
    """Those that this person can mark: not the own, not marked by them yet, and in need of a marker."""
    return (
        waiting(attempts)
        .exclude(attempt__candidate=user)
        .filter(Q(markers=0) | Q(markers=1, attempt__policy__needs_second_marker=True))
        .filter(~Exists(_by(user)))
    )


def to_moderate(attempts: QuerySet[Attempt], user: Any) -> QuerySet[AttemptItem]:
    """Those on which two markers disagree and this person may decide: a third, or an administrator."""
    rows = waiting(attempts).exclude(attempt__candidate=user).filter(markers__gt=1)
    return rows if user.has_role("admin") else rows.filter(~Exists(_by(user)))


def marked_by(attempts: QuerySet[Attempt], user: Any) -> QuerySet[AttemptItem]:
    """Answers that this person marked as they stand now, last first."""
    newest = _by(user).order_by("-id").values("pk")[:1]
    counted = Response.objects.filter(item=OuterRef("pk"), counted=True).order_by("-sequence")
    return (
        AttemptItem.objects.filter(attempt__in=attempts, attempt__voided_at=None)
        .annotate(response_now=Subquery(counted.values("pk")[:1]))
        .annotate(own_marking=Subquery(newest))
        .exclude(own_marking=None)
        .order_by("-own_marking")
    )


def waiting_questions(attempts: QuerySet[Attempt], user: Any) -> list[WaitingQuestion]:
    """Every question with an answer for this person to mark or to moderate, the one that waits longest first."""
    found: dict[int, WaitingQuestion] = {}
    for name, rows in (("to_mark", to_mark(attempts, user)), ("to_moderate", to_moderate(attempts, user))):
        counts = (
            rows.order_by()
            .values("version", "attempt__assessment__title")
            .annotate(count=Count("pk"), oldest=Min("attempt__submitted_at"))
        )
        for row in counts:
            entry = found.setdefault(row["version"], WaitingQuestion(version=QuestionVersion(pk=row["version"])))
            setattr(entry, name, getattr(entry, name) + row["count"])
            entry.oldest = min(filter(None, (entry.oldest, row["oldest"])))
            if row["attempt__assessment__title"] not in entry.assessments:
                entry.assessments.append(row["attempt__assessment__title"])
    versions = QuestionVersion.objects.select_related("question").in_bulk(list(found))
    for pk, entry in found.items():
        entry.version = versions[pk]
        entry.assessments.sort()
    return sorted(found.values(), key=lambda entry: (entry.oldest, entry.version.pk))


def in_blind_order(rows: QuerySet[AttemptItem], user: Any) -> list[tuple[UUID, int]]:
    """(attempt, slot) of items in an order of this marker's own: neither by time of handing in nor by name.

    Two markers who begin together meet different answers first, and each meets the same order again after a break.
    """
    places: Sequence[tuple[UUID, int]] = list(rows.order_by().values_list("attempt__uuid", "slot"))
    return sorted(places, key=lambda place: _digest(f"order/{user.pk}/{place[0]}/{place[1]}"))


def _by(user: Any) -> QuerySet[Marking]:
    return Marking.objects.filter(item=OuterRef("pk"), response=OuterRef("response_now"), by=user, is_moderation=False)


def _digest(message: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()
