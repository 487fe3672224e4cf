"""Marking: people judge written answers by the rubric, and where the assessment asks for it, twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core.exceptions import InvalidInput
from quizzes.attempts.models import Attempt, AttemptItem, Response
from quizzes.types import numbers, registry
from quizzes.types.essay import EssayKey, has_words, rubric_fraction
from quizzes.types.rubric import RubricProblem, read_points

from .commands import FRACTION_PLACES, current_responses, grade_attempt
from .enums import GradeSource
from .models import Grade, Marking, Result
from .queries import current_result
from .refusals import AlreadyMarked, CannotMark, OwnAttempt, OwnMarking, ResponseChanged, ResultReleased
from .signals import result_recorded
from .standings import result_from, standings

AGREEMENT = Decimal("0.000001")
MOST_COMMENT = 4_000
MOST_REASON = 500


class MarkingState(StrEnum):
    """Where an answer stands after a marking."""

    graded = "graded"
    needs_second = "needs_second"
    needs_moderation = "needs_moderation"


@dataclass(frozen=True)
class Marked:
    """A stored judgement, and what the answer waits for now."""

    marking: Marking
    state: MarkingState


@dataclass(frozen=True)
class _Open:
    """An answer that may be judged, with its attempt locked."""

    attempt: Attempt
    item: AttemptItem
    response: Response
    grade: Grade
    key: EssayKey


def needs_second_marker(attempt: Attempt) -> bool:
    """Whether two people mark each answer of this attempt. Decided when it began."""
    return bool(attempt.policy.get("needs_second_marker"))


def markings_in_force(item: AttemptItem, response: Response) -> dict[int, Marking]:
    """The last marking of each marker of an answer, by person; moderations left out (one query)."""
    rows = Marking.objects.filter(item=item, response=response, is_moderation=False).select_related("by").order_by("id")
    return {row.by_id: row for row in rows}


def agree(markings: Collection[Marking]) -> bool:
    """Do two markers, or more, come to the same share of the marks? How they got there may differ."""
    fractions = [marking.fraction for marking in markings]
    return len(fractions) > 1 and max(fractions) - min(fractions) < AGREEMENT


def mark_item(
    *,
    attempt_uuid: Any,
    slot: int,
    revision: int,
    points: Mapping[str, Any],
    comment: str = "",
    reason: str = "",
    by: Any,
    at: datetime,
) -> Marked:
    """Judge the answer that the marker read (its `revision`), by points for each criterion of the rubric.

    One marker's word is the grade, unless the assessment asks for two: then the grade is what both agree on, and
    where they do not, the answer waits for `moderate_item`. A marker may mark again until it is decided; after that,
    and until the result is released, only with a `reason`. Raises `OwnAttempt`, `CannotMark`, `ResponseChanged`,
    `AlreadyMarked`, `ResultReleased`, `InvalidInput`, or `AttemptItem.DoesNotExist`.
    """
    with transaction.atomic():
        found = _open(attempt_uuid, slot, revision, by, at)
        markings = markings_in_force(found.item, found.response)
        is_double = needs_second_marker(found.attempt)
        if found.grade.fraction is not None:
            if is_double:
                raise AlreadyMarked(_("It is decided. A moderator can still correct it."))
            _check_correction(found, reason)
        elif is_double and len(markings) > 1:
            raise AlreadyMarked(_("Two people have marked this answer. A third decides between them."))
        marking = _judge(found, points, comment, is_moderation=False, by=by, at=at)
        if not is_double:
            _decide(found, marking, GradeSource.MARKER, reason)
            return Marked(marking, MarkingState.graded)
        markings[by.pk] = marking
        if len(markings) < 2:
            return Marked(marking, MarkingState.needs_second)
        if not agree(markings.values()):
            return Marked(marking, MarkingState.needs_moderation)
        _decide(found, marking, GradeSource.MARKER, "")
        return Marked(marking, MarkingState.graded)


def moderate_item(
    *,
    attempt_uuid: Any,
    slot: int,
    revision: int,
    points: Mapping[str, Any],
    comment: str = "",
    reason: str = "",
    by: Any,
    at: datetime,
) -> Marked:
    """Decide between two markers who disagree, or correct what is decided (with a `reason`) before its release.

    A third person does this, or an administrator. Raises what `mark_item` raises, and `OwnMarking`.
    """
    with transaction.atomic():
        found = _open(attempt_uuid, slot, revision, by, at)
        markings = markings_in_force(found.item, found.response)
        if not needs_second_marker(found.attempt):
            raise CannotMark(_("This answer has one marker, so there is nothing to moderate."))
        if by.pk in markings and not by.has_role("admin"):
            raise OwnMarking
        if found.grade.fraction is not None:
            _check_correction(found, reason)
        elif len(markings) < 2:
            raise CannotMark(_("Two people mark this answer first."))
        marking = _judge(found, points, comment, is_moderation=True, by=by, at=at)
        _decide(found, marking, GradeSource.MODERATION, reason)
    return Marked(marking, MarkingState.graded)


def _open(attempt_uuid: Any, slot: int, revision: int, by: Any, at: datetime) -> _Open:
    # The attempt first, as grading does: of two markers at once the second sees what the first decided.
    attempt = Attempt.objects.select_for_update().filter(uuid=attempt_uuid).first()
    if attempt is None:
        raise AttemptItem.DoesNotExist
    item = AttemptItem.objects.select_related("version__answer_key").get(attempt=attempt, slot=slot)
    if attempt.candidate_id == by.pk:
        raise OwnAttempt
    if attempt.submitted_at is None or attempt.voided_at is not None:
        raise CannotMark(_("The attempt is not handed in, or does not count."))
    kind = registry.get(item.version.type)
    if not kind.marked_by_person:
        raise CannotMark(_("This kind of question is not marked by people."))
    response = current_responses(item.attempt_id).get(item.pk)
    if response is None or response.data is None or not has_words(response.data["text"]):
        raise CannotMark(_("Nothing was written, so there is nothing to mark."))
    if response.sequence != revision:
        raise ResponseChanged(revision=response.sequence)
    grade = _grade_in_force(item)
    if grade is None:
        grade_attempt(attempt=attempt, at=at)
        grade = _grade_in_force(item)
    assert grade is not None  # noqa: S101 - a sealed attempt was graded just now
    if grade.excluded:
        raise CannotMark(_("This question was dropped and counts for nobody."))
    return _Open(attempt, item, response, grade, kind.Key.model_validate(item.version.answer_key.key))


def _grade_in_force(item: AttemptItem) -> Grade | None:
    return Grade.objects.filter(item=item).order_by("-id").first()


def _check_correction(found: _Open, reason: str) -> None:
    if not reason.strip():
        raise AlreadyMarked(_("This answer is marked already. To correct it, say why."))
    if len(reason) > MOST_REASON:
        raise InvalidInput(errors={"reason": [_("At most %(most)d characters.") % {"most": MOST_REASON}]})
    result = current_result(found.attempt)
    if result is not None and result.released_at is not None:
        raise ResultReleased(_("The result was released. A mark changes now only by a regrade, with its preview."))


def _judge(
    found: _Open, points: Mapping[str, Any], comment: str, *, is_moderation: bool, by: Any, at: datetime
) -> Marking:
    if len(comment) > MOST_COMMENT:
        raise InvalidInput(errors={"comment": [_("At most %(most)d characters.") % {"most": MOST_COMMENT}]})
    try:
        given = read_points(found.key.rubric, points)
        fraction = rubric_fraction(found.key, points)
    except RubricProblem as problem:
        message = problem.translated(_)
        raise InvalidInput(message, errors={f"points.{problem.field}".rstrip("."): [message]}) from problem
    return Marking.objects.create(
        item=found.item,
        response=found.response,
        answer_key=found.item.version.answer_key,
        points={name: numbers.write_number(value) for name, value in given.items()},
        fraction=fraction.quantize(FRACTION_PLACES, ROUND_HALF_UP),
        comment=comment.strip(),
        is_moderation=is_moderation,
        by=by,
        at=at,
    )


def _decide(found: _Open, marking: Marking, source: GradeSource, reason: str) -> None:
    """Record the grade, and the result once nothing waits any more. What was in force before stays in the record."""
    Grade.objects.create(
        item=found.item,
        response=found.response,
        answer_key=marking.answer_key,
        source=source,
        fraction=marking.fraction,
        mark=marking.fraction * found.item.marks,
        marking=marking,
        reason=reason.strip(),
        by=marking.by,
        at=marking.at,
    )
    standing = standings([found.attempt])[found.attempt.pk]
    if standing.result is None:
        grade_attempt(attempt=found.attempt, at=marking.at)
        return
    figures = standing.figures()
    if figures is None:
        return
    result = result_from(
        found.attempt, figures, standing.result, source=source, by=marking.by, at=marking.at, reason=reason.strip()
    )
    result.save()
    transaction.on_commit(lambda: result_recorded.send(sender=Result, result=result, attempt=found.attempt))
