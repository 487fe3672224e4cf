"""Answers that came too late, and what an exam manager decided about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core.exceptions import InvalidInput
from quizzes.attempts.enums import EventType, InputMode
from quizzes.attempts.models import Attempt, AttemptEvent, AttemptItem, LateDecision, Response
from quizzes.bank.models import AnswerKey

from .commands import grade_attempt
from .enums import GradeSource, RegradeMethod
from .models import Grade, Regrade, Result
from .refusals import DecidedAlready, LateAnswerRefused, NewerLateAnswer, OwnAttempt, ResultReleased
from .regrading import corrected, follows_new_key, fraction_under
from .signals import result_recorded
from .standings import GradeRow, Standing, result_from, standings


def decide_late_answer(*, response: Response, accept: bool, reason: str, by: Any, at: datetime) -> LateDecision:
    """Let a late answer count, or not; once, with the reason.

    Accepted, it is copied as a further response that counts, its item is graded again under the key and the regrade
    in force, and the attempt gets a new result. Only the newest late answer of an item may be accepted. Raises
    `InvalidInput`, `LateAnswerRefused`, `NewerLateAnswer`, `DecidedAlready`, `OwnAttempt` or `ResultReleased`.
    """
    if not reason.strip():
        raise InvalidInput(errors={"reason": [_("Say why; the candidate may ask.")]})
    with transaction.atomic():
        item = (
            AttemptItem.objects.select_related("attempt", "version")
            .select_for_update(of=("self", "attempt"), no_key=True)
            .get(pk=response.item_id)
        )
        attempt = item.attempt
        rows = list(Response.objects.filter(item=item).order_by("sequence"))
        late = next(row for row in rows if row.pk == response.pk)
        _refuse(attempt, rows, late, accept=accept, by=by)
        counted = _counted(item, rows[-1], late) if accept else None
        decision = LateDecision.objects.create(
            response=late, accepted=accept, counted_as=counted, reason=reason, by=by, at=at
        )
        AttemptEvent.objects.create(
            attempt=attempt, type=EventType.LATE_DECIDED, at=at, by=by,
            data={"slot": item.slot, "sequence": late.sequence, "accepted": accept},
        )  # fmt: skip
        if counted is not None:
            _grade_again(item, counted, by=by, at=at)
    return decision


def _refuse(attempt: Attempt, rows: Sequence[Response], late: Response, *, accept: bool, by: Any) -> None:
    if attempt.candidate_id == by.pk:
        raise OwnAttempt
    if late.counted or attempt.voided_at is not None or attempt.submitted_at is None:
        raise LateAnswerRefused
    decided = set(LateDecision.objects.filter(response__in=rows).values_list("response_id", flat=True))
    if late.pk in decided:
        raise DecidedAlready
    newer = [row for row in rows if row.sequence > late.sequence]
    if accept and (any(not row.counted for row in newer) or any(row.input_mode == InputMode.LATE for row in newer)):
        raise NewerLateAnswer


def _counted(item: AttemptItem, last: Response, late: Response) -> Response:
    """The late answer once more, as one that counts; when it was received stays the truth."""
    return Response.objects.create(
        item=item,
        sequence=last.sequence + 1,
        data=late.data,
        flagged=late.flagged,
        confidence=late.confidence,
        received_at=late.received_at,
        elapsed_ms=late.elapsed_ms,
        input_mode=InputMode.LATE,
    )


# Grading it ----------------------------------------------------------------------------------------------------------


def _grade_again(item: AttemptItem, counted: Response, *, by: Any, at: datetime) -> None:
    standing = standings([item.attempt])[item.attempt_id]
    if item.pk not in standing.grades:
        # Sealed, but not graded yet: grading takes the answer as any other.
        grade_attempt(attempt=item.attempt, at=at)
        return
    old = standing.figures()
    rule = rule_in_force(item, standing.grades[item.pk])
    fraction, key, excluded = rule.judge(item, counted)
    if fraction is None and not excluded and standing.result is not None and standing.result.released_at is not None:
        raise ResultReleased
    grade = Grade.objects.create(
        item=item,
        response=counted,
        answer_key_id=key,
        source=GradeSource.REGRADE if rule.regrade else GradeSource.AUTO,
        fraction=fraction,
        mark=None if fraction is None else fraction * item.marks,
        excluded=excluded,
        regrade=rule.regrade,
        reason=_("Late answer accepted"),
        by=by,
        at=at,
    )
    _result_again(standing, grade, old, by=by, at=at)


def _result_again(standing: Standing, grade: Grade, old: Any, *, by: Any, at: datetime) -> None:
    row = GradeRow(
        grade.pk, grade.item_id, grade.source, grade.fraction, grade.excluded, grade.answer_key_id, grade.response_id,
        None, grade.regrade_id,
    )  # fmt: skip
    figures = standing.figures({row.item: row})
    if figures is None or (standing.result is not None and figures == old):
        return
    result = result_from(
        standing.attempt, figures, standing.result, source=GradeSource.AUTO, reason=grade.reason, by=by, at=at
    )
    result.save()
    transaction.on_commit(lambda: result_recorded.send(sender=Result, result=result, attempt=standing.attempt))


@dataclass(frozen=True)
class Rule:
    """By what an item is graded now: the key alone, or a regrade that holds."""

    answer_key: int | None
    regrade: Regrade | None

    def judge(self, item: AttemptItem, response: Response) -> tuple[Decimal | None, int | None, bool]:
        """(fraction, answer key, left out) of an answer under this rule, as if it had been there all along."""
        kind, data = item.version.type, response.data
        shown = AnswerKey.objects.get(version=item.version_id)
        if self.regrade is None:
            key = AnswerKey.objects.get(pk=self.answer_key) if self.answer_key else shown
            return fraction_under(kind, key.key, data), key.pk, False
        under_shown = fraction_under(kind, shown.key, data)
        if self.regrade.method == RegradeMethod.DROP_ITEM:
            return under_shown, shown.pk, True
        new = AnswerKey.objects.filter(version=self.regrade.to_version_id).first()
        under_new = fraction_under(kind, new.key, data) if new else None
        fraction = corrected(
            self.regrade.method,
            # Whoever gave this answer in time kept what the old key gave for it.
            before=under_shown,
            under_shown=under_shown,
            under_new=under_new,
            never_lower=self.regrade.never_lower,
        )
        follows = new is not None and follows_new_key(self.regrade.method, under_shown, under_new)
        return fraction, new.pk if new and follows else shown.pk, False


def rule_in_force(item: AttemptItem, grade: GradeRow) -> Rule:
    """The rule behind the grade in force; an undone regrade leads back to what stood before it."""
    history = list(Grade.objects.filter(item=item).select_related("regrade").order_by("id"))
    row = next(entry for entry in history if entry.pk == grade.pk)
    while row.regrade is not None and row.regrade.undone_at is not None:
        first = next(place for place, entry in enumerate(history) if entry.regrade_id == row.regrade_id)
        row = history[first - 1]
    if row.source == GradeSource.REGRADE:
        return Rule(row.answer_key_id, row.regrade)
    return Rule(row.answer_key_id, None)
