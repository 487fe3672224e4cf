"""Regrades: proposed with a preview, approved by somebody else, declined, or undone by a further step.

Nothing is rewritten. A regrade adds grades and results, undoing it adds those that put the earlier figures back, and
no certificate is touched: what rests on a result that fell becomes a task for the registrar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core.exceptions import InvalidInput
from quizzes.assembly.models import Assessment
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.bank.models import Question, QuestionVersion

from .engine import Figures
from .enums import GradeSource, RegradeMethod
from .models import Grade, Regrade, Result
from .refusals import (
    ChangedSince,
    NothingToRegrade,
    OwnAttempt,
    OwnProposal,
    PresentationDiffers,
    PreviewOutdated,
    RegradeClosed,
    UndoLeavesNoResult,
)
from .regrade_plan import Correction, Plan, affected_attempts, corrections_waiting, plan_regrade, preview_of, row_of
from .regrading import KEYED
from .signals import result_recorded
from .standings import GRADE_COLUMNS, GradeRow, Standing, batches, result_from, standings


def propose_regrade(
    *,
    assessment: Assessment,
    question: Question,
    method: str,
    to_version: QuestionVersion | None = None,
    never_lower: bool = True,
    reason: str,
    by: Any,
    at: datetime,
) -> Regrade:
    """Work out what a correction would do and put it before somebody else. Changes no score.

    Raises `InvalidInput`, `PresentationDiffers`, `NothingToRegrade`, or `OwnAttempt` for whoever sat it.
    """
    _require_person(by)
    return _propose(Correction(assessment, question, method, to_version, never_lower), reason=reason, by=by, at=at)


def approve_regrade(*, regrade: Regrade, by: Any, at: datetime) -> Regrade:
    """Apply a proposal exactly as its preview says, in one transaction.

    Everything is worked out again under lock; a difference from the preview refuses the whole. Raises `OwnProposal`,
    `OwnAttempt`, `PreviewOutdated` or `RegradeClosed`.
    """
    _require_person(by)
    return _apply(regrade, by=by, at=at)


def decline_regrade(*, regrade: Regrade, by: Any, at: datetime) -> Regrade:
    """Close a proposal without effect; its proposer may do so too."""
    _require_person(by)
    if not _open(regrade).update(declined_by=by, declined_at=at):
        raise RegradeClosed
    regrade.refresh_from_db()
    return regrade


def undo_regrade(*, regrade: Regrade, reason: str, by: Any, at: datetime) -> Regrade:
    """Put back what was in force before, by further grades and results; both stay in the history.

    Refused as a whole when an item was marked, regraded or answered anew since. Raises `ChangedSince`,
    `UndoLeavesNoResult`, `OwnAttempt` or `RegradeClosed`.
    """
    _require_person(by)
    _require_reason(reason)
    with transaction.atomic():
        undone = Regrade.objects.filter(pk=regrade.pk, approved_at__isnull=False, undone_at=None)
        if not undone.update(undone_by=by, undone_at=at, undo_reason=reason):
            raise RegradeClosed
        touched = Grade.objects.filter(regrade=regrade).values("item__attempt")
        ids = list(Attempt.objects.filter(pk__in=touched, voided_at=None).order_by("pk").values_list("pk", flat=True))
        _refuse_own(ids, by)
        for batch in batches(ids):
            found = standings(_locked(batch))
            _record(regrade, _restored(regrade, found), found, reason=reason, by=by, at=at)
    regrade.refresh_from_db()
    return regrade


def regrade_at_the_server(
    *, assessment: Assessment, apply: bool, never_lower: bool = True, at: datetime
) -> list[dict[str, Any]]:
    """For the operator at the command line: every question whose newest version corrects the key that was shown.

    Returns a row for each attempt whose figures change (see `row_of`, with the code of the `question`). With `apply`
    each correction is proposed and applied in one transaction, by nobody but the server; without it nothing is
    written.
    """
    rows: list[dict[str, Any]] = []
    assumed: dict[int, GradeRow] = {}
    with transaction.atomic():
        for correction in corrections_waiting(assessment, never_lower=never_lower):
            plan = plan_regrade(correction, assumed)
            changes = [step for step in plan.steps if step.writes_result]
            rows += [{**row_of(step), "question": correction.question.code} for step in changes]
            if apply and changes:
                reason = _("The key was corrected in version %(number)s; applied at the server.")
                said = reason % {"number": correction.to_version.number if correction.to_version else ""}
                _apply(_propose(correction, reason=said, by=None, at=at), by=None, at=at)
            elif not apply:
                assumed |= {step.item.pk: step.after for step in plan.steps}
    return rows


# Proposing -----------------------------------------------------------------------------------------------------------


def _propose(correction: Correction, *, reason: str, by: Any, at: datetime) -> Regrade:
    _require_reason(reason)
    _check(correction)
    with transaction.atomic():
        plan = plan_regrade(correction)
        if not plan.steps:
            raise PresentationDiffers if plan.other_presentation else NothingToRegrade
        _refuse_own([step.standing.attempt.pk for step in plan.steps], by)
        return Regrade.objects.create(
            assessment=correction.assessment,
            question=correction.question,
            method=correction.method,
            to_version=correction.to_version,
            never_lower=correction.never_lower,
            reason=reason,
            preview=preview_of(plan),
            proposed_by=by,
            proposed_at=at,
        )


def _check(correction: Correction) -> None:
    version = correction.to_version
    if correction.method not in RegradeMethod.values:
        raise InvalidInput(errors={"method": [_("Choose how the question is corrected.")]})
    if correction.method in KEYED and version is None:
        raise InvalidInput(errors={"to_version": [_("Choose the version that holds the corrected key.")]})
    if version is not None and correction.method not in KEYED:
        raise InvalidInput(errors={"to_version": [_("This method goes by no key, so it takes no version.")]})
    if version is not None and version.question_id != correction.question.pk:
        raise InvalidInput(errors={"to_version": [_("This version is of another question.")]})


def _require_person(by: Any) -> None:
    if by is None:
        raise ValueError("A regrade is somebody's, unless it is made at the server.")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput(errors={"reason": [_("Say why; it goes into the record of every attempt.")]})


def _refuse_own(attempts: Sequence[int], by: Any) -> None:
    if by is not None and Attempt.objects.filter(pk__in=attempts, candidate=by).exists():
        raise OwnAttempt


# Applying ------------------------------------------------------------------------------------------------------------


def _open(regrade: Regrade) -> Any:
    return Regrade.objects.filter(pk=regrade.pk, approved_at=None, declined_at=None)


def _locked(ids: Iterable[int]) -> list[Attempt]:
    """The attempts, locked in one order whatever the caller's, so that two regrades cannot block each other."""
    rows = Attempt.objects.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk")
    return list(rows.select_related(None))


def _apply(regrade: Regrade, *, by: Any, at: datetime) -> Regrade:
    if by is not None and regrade.proposed_by_id == by.pk:
        raise OwnProposal
    with transaction.atomic():
        if not _open(regrade).update(approved_by=by, approved_at=at):
            raise RegradeClosed
        if regrade.question is None:
            raise NothingToRegrade
        correction = Correction(
            regrade.assessment, regrade.question, regrade.method, regrade.to_version, regrade.never_lower
        )
        ids = affected_attempts(correction)
        _refuse_own(ids, by)
        for batch in batches(ids):
            _locked(batch)
        plan = plan_regrade(correction)
        if preview_of(plan) != regrade.preview:
            raise PreviewOutdated
        _carry_out(regrade, plan, by=by, at=at)
    regrade.refresh_from_db()
    return regrade


def _carry_out(regrade: Regrade, plan: Plan, *, by: Any, at: datetime) -> None:
    steps = [step for step in plan.steps if step.writes_grade]
    found = {step.standing.attempt.pk: step.standing for step in steps}
    _record(regrade, [step.after for step in steps], found, reason=regrade.reason, by=by, at=at)


def _record(
    regrade: Regrade, grades: Sequence[GradeRow], found: dict[int, Standing], *, reason: str, by: Any, at: datetime
) -> None:
    """Add grades, and results where the figures differ from those in force; news goes out after the commit."""
    marks = {item.pk: item.marks for standing in found.values() for item in standing.items}
    owners = {item.pk: item.attempt for standing in found.values() for item in standing.items}
    Grade.objects.bulk_create(
        [
            Grade(
                item_id=row.item,
                response_id=row.response,
                answer_key_id=row.answer_key,
                source=GradeSource.REGRADE,
                fraction=row.fraction,
                mark=None if row.fraction is None else row.fraction * marks[row.item],
                excluded=row.excluded,
                regrade=regrade,
                marking_id=row.marking,
                reason=reason,
                by=by,
                at=at,
            )
            for row in grades
        ],
        batch_size=1000,
    )
    changed: dict[int, dict[int, GradeRow]] = {}
    for row in grades:
        changed.setdefault(owners[row.item], {})[row.item] = row
    results = []
    for pk, rows in changed.items():
        standing = found[pk]
        old, new = standing.figures() if standing.result else None, standing.figures(rows)
        if new is not None and new != old:
            results.append(_result(regrade, standing, new, reason=reason, by=by, at=at))
    for made in Result.objects.bulk_create(results, batch_size=1000):
        transaction.on_commit(partial(result_recorded.send, sender=Result, result=made, attempt=made.attempt))


def _result(regrade: Regrade, standing: Standing, figures: Figures, *, reason: str, by: Any, at: datetime) -> Result:
    return result_from(
        standing.attempt,
        figures,
        standing.result,
        source=GradeSource.REGRADE,
        regrade=regrade,
        reason=reason,
        by=by,
        at=at,
    )


# Undoing -------------------------------------------------------------------------------------------------------------


def _restored(regrade: Regrade, found: dict[int, Standing]) -> list[GradeRow]:
    """The grades that were in force before the regrade, item by item of these attempts."""
    rows = Grade.objects.filter(item__attempt__in=list(found)).order_by("id")
    # What another regrade added and its undoing took back again leaves the item as it was.
    without_effect = Regrade.objects.filter(undone_at__isnull=False).exclude(pk=regrade.pk)
    rows = rows.exclude(regrade__in=without_effect)
    history: dict[int, list[GradeRow]] = {}
    for row in (GradeRow(*values) for values in rows.values_list(*GRADE_COLUMNS)):
        history.setdefault(row.item, []).append(row)
    restored = []
    for grades in history.values():
        if not any(row.regrade == regrade.pk for row in grades):
            continue
        # The first grade of an item is never a regrade's, so there is one before it.
        before, last = grades[-2:]
        if last.regrade != regrade.pk or before.regrade == regrade.pk:
            raise ChangedSince
        restored.append(before)
    _refuse_without_figures(restored, found)
    return restored


def _refuse_without_figures(restored: Sequence[GradeRow], found: dict[int, Standing]) -> None:
    rows = {row.item: row for row in restored}
    for standing in found.values():
        if standing.result is not None and standing.figures(rows) is None:
            raise UndoLeavesNoResult


def questions_regraded_in(assessment: Assessment) -> list[Question]:
    """Questions that sealed attempts of an assessment show, by code: those that a regrade can be about."""
    shown = AttemptItem.objects.filter(attempt__assessment=assessment, attempt__submitted_at__isnull=False)
    return list(Question.objects.filter(pk__in=shown.values("version__question")).order_by("code"))
