"""How attempts stand: every item with the grade in force, and the result in force. Read in batches, never per row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from quizzes.assembly.enums import ResultRelease
from quizzes.attempts.models import Attempt, AttemptItem

from .engine import Figures, GradedItem, work_out
from .models import Grade, Result

#: Attempts read at a time: bounded memory with few statements.
BATCH = 500


class ItemRow(NamedTuple):
    """An item as far as a score needs it."""

    pk: int
    attempt: int
    slot: int
    marks: Decimal
    counts: bool
    domain: str
    version: int
    question: int
    digest: str


class GradeRow(NamedTuple):
    """A grade as far as a later one needs it."""

    pk: int
    item: int
    source: str
    fraction: Decimal | None
    excluded: bool
    answer_key: int | None
    response: int | None
    marking: int | None
    regrade: int | None


ITEM_COLUMNS = (
    "pk", "attempt_id", "slot", "marks", "counts", "version__domain_code", "version_id", "version__question_id",
    "version__presentation_digest",
)  # fmt: skip
GRADE_COLUMNS = (
    "pk", "item_id", "source", "fraction", "excluded", "answer_key_id", "response_id", "marking_id", "regrade_id",
)  # fmt: skip


@dataclass
class Standing:
    """One attempt as it stands."""

    attempt: Attempt
    items: list[ItemRow] = field(default_factory=list)
    grades: dict[int, GradeRow] = field(default_factory=dict)
    result: Result | None = None

    def figures(self, assumed: Mapping[int, GradeRow] | None = None) -> Figures | None:
        """What the grades come to, or would with other grades for some items; None while a person is needed."""
        grades = {**self.grades, **(assumed or {})}
        graded = []
        for item in self.items:
            grade = grades.get(item.pk)
            graded.append(
                GradedItem(
                    item.slot,
                    item.marks,
                    item.counts and not (grade and grade.excluded),
                    item.domain,
                    grade.fraction if grade else None,
                )
            )
        return figures_of(self.attempt, graded)


def figures_of(attempt: Attempt, graded: Sequence[GradedItem]) -> Figures | None:
    """The figures of graded items under the rules that the attempt began with."""
    return work_out(graded, cut_percent=Decimal(str(attempt.policy["cut_percent"])), hurdles=attempt.policy["hurdles"])


def standings(attempts: Sequence[Attempt]) -> dict[int, Standing]:
    """Where these attempts stand, by primary key; three statements. At most a `BATCH` of them."""
    found = {attempt.pk: Standing(attempt) for attempt in attempts}
    items = AttemptItem.objects.filter(attempt__in=list(found)).order_by("attempt_id", "slot")
    for item in (ItemRow(*values) for values in items.values_list(*ITEM_COLUMNS)):
        found[item.attempt].items.append(item)
    rows = Grade.objects.filter(item__attempt__in=list(found)).order_by("id")
    for owner, *values in rows.values_list("item__attempt_id", *GRADE_COLUMNS):
        grade = GradeRow(*values)
        found[owner].grades[grade.item] = grade
    for result in Result.objects.filter(attempt__in=list(found)).order_by("id"):
        found[result.attempt_id].result = result
    return found


def result_from(
    attempt: Attempt, figures: Figures, previous: Result | None, *, source: str, by: Any, at: datetime, **fields: Any
) -> Result:
    """An unsaved result. What the candidate knew already is told anew at once; what was held stays held."""
    if previous is not None:
        is_told = previous.released_at is not None
    else:
        is_told = attempt.policy["results"] == ResultRelease.AT_ONCE
    return Result(
        attempt=attempt,
        raw=figures.raw,
        maximum=figures.maximum,
        percent=figures.percent,
        cut_percent=Decimal(str(attempt.policy["cut_percent"])),
        hurdles=list(figures.hurdles),
        domains=[domain.as_dict() for domain in figures.domains],
        passed=figures.passed,
        source=source,
        by=by,
        at=at,
        released_at=at if is_told else None,
        released_by=by if is_told else None,
        **fields,
    )


def batches(attempt_ids: Iterable[int]) -> Iterable[list[int]]:
    """The same ids in lists of a size that a statement and the memory can take."""
    ids = list(attempt_ids)
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
