"""Working every score out again from the stored responses and the versions that were shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from quizzes.attempts.models import Attempt, AttemptItem, Response
from quizzes.types import registry

from .commands import FRACTION_PLACES, current_responses
from .engine import GradedItem, work_out
from .enums import GradeSource
from .models import AnswerKey, Grade, Result

TOLERANCE = Decimal("0.000001")


@dataclass(frozen=True)
class Difference:
    """A stored figure that does not follow from the record."""

    attempt: str
    what: str
    stored: str
    worked_out: str


def _fraction_again(item: AttemptItem, grade: Grade, response: Response | None, keys: dict[int, AnswerKey]) -> Decimal:
    kind = registry.get(item.version.type)
    if response is None or response.data is None:
        return Decimal(0)
    assert grade.answer_key_id is not None  # noqa: S101 - an automatic grade always names its key
    key = kind.Key.model_validate(keys[grade.answer_key_id].key)
    fraction = kind.grade(key, kind.Answer.model_validate(response.data)).fraction
    return Decimal(0) if fraction is None else fraction.quantize(FRACTION_PLACES)


def _by_domain(result: Result) -> dict[str, tuple[Decimal, Decimal]]:
    return {row["code"]: (Decimal(row["score"]), Decimal(row["max_score"])) for row in result.domains}


def audit_attempt(attempt: Attempt) -> Iterator[Difference]:
    """Every difference between what is stored for an attempt and what its responses are worth."""
    items = list(AttemptItem.objects.filter(attempt=attempt).select_related("version").order_by("slot"))
    grades: dict[int, Grade] = {}
    for grade in Grade.objects.filter(item__attempt=attempt).order_by("id"):
        grades[grade.item_id] = grade
    keys = AnswerKey.objects.in_bulk([grade.answer_key_id for grade in grades.values() if grade.answer_key_id])
    result = Result.objects.filter(attempt=attempt).order_by("-id").first()
    if not grades and result is None:
        return  # Sealed and not graded yet: the sweep will, and until then there is no score to doubt.
    responses = current_responses(items)
    name = str(attempt.uuid)
    graded = []
    for item in items:
        found = grades.get(item.pk)
        if found is None:
            yield Difference(name, f"slot {item.slot}", "no grade", "a grade")
            continue
        fraction = found.fraction
        if found.source == GradeSource.AUTO and fraction is not None:
            again = _fraction_again(item, found, responses.get(item.pk), keys)
            if abs(again - fraction) > TOLERANCE:
                yield Difference(name, f"slot {item.slot}", str(fraction), str(again))
        graded.append(GradedItem(item.slot, item.marks, item.counts, item.version.domain_code, fraction))
    figures = work_out(
        graded, cut_percent=Decimal(str(attempt.policy["cut_percent"])), hurdles=attempt.policy["hurdles"]
    )
    if (result is None) != (figures is None):
        yield Difference(name, "result", "none" if result is None else "present", "present" if figures else "none")
    elif result is not None and figures is not None:
        if abs(result.raw - figures.raw) > TOLERANCE or result.maximum != figures.maximum:
            yield Difference(name, "score", f"{result.raw}/{result.maximum}", f"{figures.raw}/{figures.maximum}")
        if abs(result.percent - figures.percent) > TOLERANCE:
            yield Difference(name, "percent", str(result.percent), str(figures.percent))
        by_domain = {row.code: (row.score, row.maximum) for row in figures.domains}
        if _by_domain(result) != by_domain:
            yield Difference(name, "domains", str(result.domains), str([row.as_dict() for row in figures.domains]))
        if result.passed != figures.passed:
            yield Difference(name, "passed", str(result.passed), str(figures.passed))


def audit_scores() -> Iterator[Difference]:
    """All sealed attempts that were not voided."""
    for attempt in Attempt.objects.exclude(submitted_at=None).filter(voided_at=None).order_by("pk").iterator(200):
        yield from audit_attempt(attempt)
