"""What a regrade would do, attempt by attempt. Reads only; the commands apply exactly what is worked out here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lms.core.digest import digest_of
from lms.core.ports import impact
from quizzes.assembly.models import Assessment
from quizzes.attempts.enums import AttemptKind
from quizzes.attempts.models import Attempt, AttemptItem, Response
from quizzes.bank.models import AnswerKey, Question, QuestionVersion

from .engine import Figures
from .enums import GradeSource, RegradeMethod
from .models import Result
from .regrading import KEYED, Outcome, corrected, falls, flip, follows_new_key, fraction_under, is_manual
from .standings import GradeRow, ItemRow, Standing, batches, standings

#: Outcomes that a person should see one by one; the others are counted.
SHOWN = frozenset({Outcome.CHANGED, Outcome.KEPT, Outcome.MANUAL})


@dataclass(frozen=True)
class Correction:
    """What shall happen to one question of one assessment."""

    assessment: Assessment
    question: Question
    method: str
    to_version: QuestionVersion | None = None
    never_lower: bool = True


@dataclass(frozen=True)
class Step:
    """What it does to one item of one attempt; `after` is the grade to be, without an identity yet."""

    standing: Standing
    item: ItemRow
    before: GradeRow
    after: GradeRow
    outcome: Outcome
    old: Figures | None
    new: Figures | None

    @property
    def writes_grade(self) -> bool:
        """Whether anything about the grade differs: fraction, key or whether it counts."""
        return self.after != self.before

    @property
    def writes_result(self) -> bool:
        """Whether the figures of the attempt differ."""
        return self.outcome is Outcome.CHANGED


@dataclass
class Plan:
    """All steps in the order of attempts, and how many items showed something else than the corrected version."""

    correction: Correction
    steps: list[Step] = field(default_factory=list)
    other_presentation: int = 0


class _Worth:
    """What answers to one question are worth under its keys; every distinct answer is judged once per key."""

    def __init__(self, question: Question) -> None:
        rows = AnswerKey.objects.filter(version__question=question).select_related("version")
        self.keys = {row.version_id: row for row in rows}
        self._known: dict[tuple[int, str], Decimal | None] = {}

    def under(self, version: int, data: Any) -> Decimal | None:
        """The fraction under the key of a version."""
        answer = (version, json.dumps(data, sort_keys=True))
        if answer not in self._known:
            row = self.keys[version]
            self._known[answer] = fraction_under(row.version.type, row.key, data)
        return self._known[answer]


def affected_attempts(correction: Correction) -> list[int]:
    """Sealed attempts of candidates that show the question and count, in the order in which they are locked."""
    rows = Attempt.objects.filter(
        kind=AttemptKind.CANDIDATE, assessment=correction.assessment, submitted_at__isnull=False, voided_at=None
    )
    shown = AttemptItem.objects.filter(version__question=correction.question).values("attempt")
    return list(rows.filter(pk__in=shown).order_by("pk").values_list("pk", flat=True))


def plan_regrade(correction: Correction, assumed: Mapping[int, GradeRow] | None = None) -> Plan:
    """Work everything out. `assumed` replaces grades in force by those that an earlier plan would bring."""
    plan = Plan(correction)
    worth = _Worth(correction.question)
    for ids in batches(affected_attempts(correction)):
        found = standings(list(Attempt.objects.filter(pk__in=ids).order_by("pk")))
        for standing in found.values():
            standing.grades |= {pk: grade for pk, grade in (assumed or {}).items() if pk in standing.grades}
        mine = [
            (standing, item)
            for standing in found.values()
            for item in standing.items
            if item.question == correction.question.pk and item.pk in standing.grades
        ]
        answers = _current_answers([item.pk for _standing, item in mine])
        for standing, item in mine:
            if correction.to_version and item.digest != correction.to_version.presentation_digest:
                plan.other_presentation += 1
                continue
            plan.steps.append(_step(correction, standing, item, worth, answers.get(item.pk)))
    return plan


def _current_answers(items: Sequence[int]) -> dict[int, tuple[int, Any]]:
    """Key and data of the last counted response by item (one statement)."""
    rows = Response.objects.filter(item__in=items, counted=True).order_by("item_id", "sequence")
    return {item: (pk, data) for item, pk, data in rows.values_list("item_id", "pk", "data")}


def _step(
    correction: Correction, standing: Standing, item: ItemRow, worth: _Worth, answer: tuple[int, Any] | None
) -> Step:
    before = standing.grades[item.pk]
    old = standing.figures() if standing.result else None
    outcome, after = _judge(correction, item, before, worth, answer)
    if outcome is not Outcome.CHANGED:
        return Step(standing, item, before, before, outcome, old, old)
    new = standing.figures({item.pk: after})
    if correction.method == RegradeMethod.DROP_ITEM and new is None and old is not None:
        # Nothing else counts in this attempt, and a result out of nothing is none.
        return Step(standing, item, before, before, Outcome.KEPT, old, old)
    if correction.never_lower and old is not None and falls(old, new):
        return Step(standing, item, before, before, Outcome.KEPT, old, old)
    return Step(standing, item, before, after, Outcome.UNCHANGED if old == new else Outcome.CHANGED, old, new)


def _judge(
    correction: Correction, item: ItemRow, before: GradeRow, worth: _Worth, answer: tuple[int, Any] | None
) -> tuple[Outcome, GradeRow]:
    """The grade to be; anything but `CHANGED` says that it stays as it is, and why."""
    if before.excluded:
        return Outcome.LEFT_OUT, before
    response, data = answer or (None, None)
    if correction.method == RegradeMethod.DROP_ITEM:
        return Outcome.CHANGED, before._replace(source=GradeSource.REGRADE, excluded=True)
    if is_manual(before.source, before.marking):
        return Outcome.MANUAL, before
    under_shown = under_new = None
    if correction.method in KEYED:
        assert correction.to_version is not None  # noqa: S101 - the command asks for it
        under_shown, under_new = worth.under(item.version, data), worth.under(correction.to_version.pk, data)
        if under_new is None:
            return Outcome.WAITING, before
    fraction = corrected(
        correction.method,
        before=before.fraction,
        under_shown=under_shown,
        under_new=under_new,
        never_lower=correction.never_lower,
    )
    key = before.answer_key
    if correction.to_version and follows_new_key(correction.method, under_shown, under_new):
        key = worth.keys[correction.to_version.pk].pk
    if fraction == before.fraction and key == before.answer_key:
        return Outcome.UNCHANGED, before
    return Outcome.CHANGED, before._replace(
        source=GradeSource.REGRADE, fraction=fraction, answer_key=key, response=response
    )


# The preview ---------------------------------------------------------------------------------------------------------


def text(value: Decimal | None) -> str | None:
    """A decimal as the record writes it, exact; None stays None."""
    return None if value is None else format(value.normalize(), "f")


def preview_of(plan: Plan) -> dict[str, Any]:
    """What an approver sees, and what is compared before anything is applied.

    `rows`: attempts whose figures change, would fall and are kept, or were marked by hand; flips first. `totals`:
    counts of everything. `certificates`: numbers of those that rest on a result that changes. `digest`: over every
    step, the unchanged ones too. Holds no names: those are looked up when it is shown.
    """
    rows = [row_of(step) for step in plan.steps if step.outcome in SHOWN]
    # Python's sort is stable: within each part the order of attempts stays.
    rows.sort(key=lambda row: ("to_failed", "to_passed", "").index(row["flip"]))
    counts = dict.fromkeys((outcome.value for outcome in Outcome), 0)
    for step in plan.steps:
        counts[step.outcome.value] += 1
    changed = [row for row in rows if row["outcome"] == Outcome.CHANGED]
    touched = [step for step in plan.steps if step.writes_result]
    return {
        "rows": rows,
        "totals": {
            "affected": len(plan.steps),
            **counts,
            "raised": sum(_percent(row, "new") > _percent(row, "old") for row in changed),
            "lowered": sum(_percent(row, "new") < _percent(row, "old") for row in changed),
            "to_passed": sum(row["flip"] == "to_passed" for row in changed),
            "to_failed": sum(row["flip"] == "to_failed" for row in changed),
            "other_presentation": plan.other_presentation,
        },
        "certificates": certificates_of(touched),
        "digest": digest_of([_trace(step) for step in plan.steps]),
    }


def _percent(row: Mapping[str, Any], which: str) -> Decimal:
    return Decimal(row[f"{which}_percent"] or 0)


def row_of(step: Step) -> dict[str, Any]:
    """One attempt before and after; decimals as exact text, null while a figure is not known."""
    old, new = step.old, step.new
    return {
        "attempt": str(step.standing.attempt.uuid),
        "slot": step.item.slot,
        "outcome": step.outcome.value,
        "old_fraction": text(step.before.fraction),
        "new_fraction": text(step.after.fraction),
        "old_score": text(old.raw) if old else None,
        "new_score": text(new.raw) if new else None,
        "old_maximum": text(old.maximum) if old else None,
        "new_maximum": text(new.maximum) if new else None,
        "old_percent": text(old.percent) if old else None,
        "new_percent": text(new.percent) if new else None,
        "passed_before": old.passed if old else None,
        "passed_after": new.passed if new else None,
        "flip": flip(old.passed if old else None, new.passed if new else None),
    }


def _trace(step: Step) -> list[Any]:
    after = step.after
    return [
        str(step.standing.attempt.uuid), step.item.slot, step.outcome.value, step.before.pk, text(after.fraction),
        after.excluded, after.answer_key, after.response,
        text(step.old.percent) if step.old else None, text(step.new.percent) if step.new else None,
    ]  # fmt: skip


def certificates_of(steps: Sequence[Step]) -> list[str]:
    """Numbers of the certificates that rest on any result of these attempts, asked through the port `impact`."""
    numbers: set[str] = set()
    for ids in batches(step.standing.attempt.pk for step in steps):
        numbers |= {row["number"] for row in impact(list(Result.objects.filter(attempt__in=ids)))}
    return sorted(numbers)


def corrections_waiting(assessment: Assessment, *, never_lower: bool) -> Iterator[Correction]:
    """Questions whose newest version shows the same as a version that candidates met, and has another key."""
    shown = AttemptItem.objects.filter(
        attempt__assessment=assessment,
        attempt__kind=AttemptKind.CANDIDATE,
        attempt__submitted_at__isnull=False,
        attempt__voided_at=None,
    )
    met: dict[int, set[int]] = {}
    for question, version in shown.values_list("version__question_id", "version_id").distinct():
        met.setdefault(question, set()).add(version)
    questions = Question.objects.filter(pk__in=met).select_related("current_version__answer_key").order_by("code")
    for question in questions:
        newest = question.current_version
        if newest is None:
            continue
        others = AnswerKey.objects.filter(
            version__in=met[question.pk] - {newest.pk}, version__presentation_digest=newest.presentation_digest
        )
        if any(row.key != newest.answer_key.key for row in others):
            yield Correction(assessment, question, RegradeMethod.NEW_KEY, newest, never_lower)
