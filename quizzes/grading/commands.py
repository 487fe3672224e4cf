"""Grading a sealed attempt, and releasing held results."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.db.models import BigAutoField, QuerySet
from django.utils.translation import gettext as _

from lms.core.exceptions import NotAllowed
from lms.core.prepared import Param, Prepared
from quizzes.assembly.enums import ResultRelease
from quizzes.attempts.models import Attempt, AttemptItem, Response
from quizzes.types import registry

from .engine import GradedItem, work_out
from .enums import GradeSource
from .models import Grade, Result
from .signals import result_recorded

FRACTION_PLACES = Decimal("0.00000001")


def graded_fraction(item: AttemptItem, response: Response | None) -> Decimal | None:
    """What an item's answer is worth under its own key; a blank is worth 0. Needs `version__answer_key`."""
    kind = registry.get(item.version.type)
    if response is None or response.data is None:
        return Decimal(0)
    key = kind.Key.model_validate(item.version.answer_key.key)
    fraction = kind.grade(key, kind.Answer.model_validate(response.data)).fraction
    return None if fraction is None else fraction.quantize(FRACTION_PLACES, ROUND_HALF_UP)


def _responses() -> QuerySet[Response]:
    rows = Response.objects.filter(item__attempt=Param(0, BigAutoField()), counted=True)
    return rows.order_by("item_id", "sequence")


def _attempt_to_grade() -> QuerySet[Attempt]:
    return Attempt.objects.filter(pk=Param(0, BigAutoField())).select_for_update().order_by()


def _items_with_keys() -> QuerySet[AttemptItem]:
    rows = AttemptItem.objects.filter(attempt=Param(0, BigAutoField()))
    return rows.select_related("version__answer_key").order_by("slot")


def _grades() -> QuerySet[Grade]:
    return Grade.objects.filter(item__attempt=Param(0, BigAutoField())).order_by("id")


RESPONSES = Prepared(_responses)
ATTEMPT_TO_GRADE = Prepared(_attempt_to_grade)
ITEMS_WITH_KEYS = Prepared(_items_with_keys)
GRADES = Prepared(_grades)


def current_responses(attempt_id: int) -> dict[int, Response]:
    """The last counted response of an attempt by item (one query)."""
    return {row.item_id: row for row in RESPONSES(attempt_id)}


def grade_attempt(*, attempt: Attempt, at: datetime) -> Result | None:
    """Grade every item of a sealed attempt and record the result. A second call changes nothing.

    Returns the result, or None while an item waits for a person.
    """
    with transaction.atomic():
        locked = ATTEMPT_TO_GRADE(attempt.pk)[0]
        if locked.submitted_at is None or locked.voided_at is not None:
            return None
        for name in ("assessment", "candidate"):
            # Whoever hears of the result asks for these; they do not change with the lock.
            if name in attempt._state.fields_cache:
                setattr(locked, name, getattr(attempt, name))
        # An attempt that waited for a person has its grades already; what is new is what the person gave. Asked after
        # the lock, in a statement of its own: what came with the lock would be as old as the wait for it.
        in_force = {row.item_id: row for row in GRADES(locked.pk)}
        if in_force and (existing := Result.objects.filter(attempt=locked).order_by("-id").first()):
            return existing
        items: list[AttemptItem] = ITEMS_WITH_KEYS(locked.pk)
        responses = current_responses(locked.pk)
        graded = []
        grades = []
        for item in items:
            response, known = responses.get(item.pk), in_force.get(item.pk)
            fraction = known.fraction if known else graded_fraction(item, response)
            counts = item.counts and not (known and known.excluded)
            graded.append(GradedItem(item.slot, item.marks, counts, item.version.domain_code, fraction))
            if known:
                continue
            grades.append(
                Grade(
                    item=item,
                    response=response,
                    answer_key=item.version.answer_key,
                    source=GradeSource.AUTO,
                    fraction=fraction,
                    mark=None if fraction is None else fraction * item.marks,
                    at=at,
                )
            )
        Grade.objects.bulk_create(grades)
        figures = work_out(
            graded, cut_percent=Decimal(str(locked.policy["cut_percent"])), hurdles=locked.policy["hurdles"]
        )
        if figures is None:
            return None
        result = Result.objects.create(
            attempt=locked,
            raw=figures.raw,
            maximum=figures.maximum,
            percent=figures.percent,
            cut_percent=Decimal(str(locked.policy["cut_percent"])),
            hurdles=list(figures.hurdles),
            domains=[domain.as_dict() for domain in figures.domains],
            passed=figures.passed,
            source=GradeSource.AUTO,
            at=at,
            released_at=at if locked.policy["results"] == ResultRelease.AT_ONCE else None,
        )
        transaction.on_commit(lambda: result_recorded.send(sender=Result, result=result, attempt=locked))
    return result


def release_result(*, result: Result, by: Any, at: datetime) -> bool:
    """Show a held result to its candidate; by whom and when is kept. True when this call released it.

    Raises `NotAllowed` for one's own.
    """
    if result.attempt.candidate_id == by.pk:
        raise NotAllowed(_("Nobody releases a result of their own."))
    released = Result.objects.filter(pk=result.pk, released_at=None).update(released_at=at, released_by=by)
    if released:
        result.refresh_from_db()
        result_recorded.send(sender=Result, result=result, attempt=result.attempt)
    return bool(released)
