"""Results and responses as CSV and JSON, written while they are read: memory does not grow with the cohort.

JSON has figures as numbers and times in ISO 8601 UTC; a figure that is not known is null there and an empty cell in the
CSV.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from lms.core.spreadsheet import as_csv
from quizzes.assembly.models import Assessment
from quizzes.attempts.models import Attempt, AttemptItem, Response
from quizzes.attempts.policy import state_of
from quizzes.delivery.presenters import moment, number, percent_number
from quizzes.grading.models import Grade, Result
from quizzes.types import registry

BATCH = 200

RESULT_COLUMNS = (
    "attempt", "name", "email", "number", "form", "state", "started_at", "finished_at", "deadline", "submitted_by",
    "score", "max_score", "percent", "pass_percent", "passed", "result_source", "result_at", "released_at",
)  # fmt: skip
RESPONSE_COLUMNS = (
    "attempt", "name", "email", "number", "slot", "question", "version", "type", "domain", "marks", "counts",
    "sequence", "received_at", "seconds", "sent_by", "is_counted", "is_current", "confidence", "answer", "data",
    "fraction", "mark", "left_out", "graded_by",
)  # fmt: skip


def as_json(assessment: Assessment, name: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """`{"quiz": code, name: [row, …]}`, a row to a line."""
    yield f'{{"quiz": {json.dumps(assessment.code)}, "{name}": ['
    separator = "\n"
    for row in rows:
        yield separator + json.dumps(row)
        separator = ",\n"
    yield "\n]}\n"


def results_csv(assessment: Assessment, attempts: QuerySet[Attempt]) -> Iterator[str]:
    """A line for each attempt."""
    return as_csv(RESULT_COLUMNS, result_rows(attempts))


def results_json(assessment: Assessment, attempts: QuerySet[Attempt]) -> Iterator[str]:
    """An object for each attempt, with its domains and hurdles."""
    return as_json(assessment, "results", result_rows(attempts))


def responses_csv(assessment: Assessment, attempts: QuerySet[Attempt]) -> Iterator[str]:
    """A line for each response, also those that were replaced or came too late; `data` as JSON."""
    rows = ({**row, "data": json.dumps(row["data"]) if row["sequence"] else None} for row in response_rows(attempts))
    return as_csv(RESPONSE_COLUMNS, rows)


def responses_json(assessment: Assessment, attempts: QuerySet[Attempt]) -> Iterator[str]:
    """An object for each response, with its canonical data."""
    return as_json(assessment, "responses", response_rows(attempts))


def _batches(attempts: QuerySet[Attempt]) -> Iterator[list[Attempt]]:
    """The attempts in order, so many at a time; which they are is decided at the beginning."""
    ids = list(attempts.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        found = Attempt.objects.select_related("candidate", "form").in_bulk(part)
        yield [found[pk] for pk in part]


def _whose(attempt: Attempt) -> dict[str, Any]:
    return {
        "attempt": str(attempt.uuid),
        "name": attempt.candidate.get_full_name(),
        "email": attempt.candidate.email,
        "number": attempt.ordinal,
    }


def result_rows(attempts: QuerySet[Attempt]) -> Iterator[dict[str, Any]]:
    """Every attempt with the result in force."""
    for part in _batches(attempts):
        results: dict[int, Result] = {}
        for row in Result.objects.filter(attempt__in=[attempt.pk for attempt in part]).order_by("id"):
            results[row.attempt_id] = row
        for attempt in part:
            yield _result_row(attempt, results.get(attempt.pk))


def _result_row(attempt: Attempt, result: Result | None) -> dict[str, Any]:
    def told(value: Callable[[Result], Any]) -> Any:
        return value(result) if result else None

    return {
        **_whose(attempt),
        "form": attempt.form.label if attempt.form else None,
        "state": state_of(
            is_void=attempt.voided_at is not None,
            is_submitted=attempt.submitted_at is not None,
            is_released=result is not None and result.released_at is not None,
        ).value,
        "started_at": moment(attempt.started_at),
        "finished_at": moment(attempt.finished_at),
        "deadline": moment(attempt.deadline_at),
        "submitted_by": attempt.submitted_how,
        "score": told(lambda row: number(row.raw)),
        "max_score": told(lambda row: number(row.maximum)),
        "percent": told(lambda row: percent_number(row.percent)),
        "pass_percent": float(Decimal(str(attempt.policy["cut_percent"]))),
        "passed": told(lambda row: row.passed),
        "result_source": told(lambda row: row.source),
        "result_at": told(lambda row: moment(row.at)),
        "released_at": told(lambda row: moment(row.released_at)),
        "domains": told(lambda row: row.domains) or [],
        "hurdles": told(lambda row: row.hurdles) or [],
    }


def response_rows(attempts: QuerySet[Attempt]) -> Iterator[dict[str, Any]]:
    """Every response of every item; an item that was never answered has one row without a sequence."""
    presentations: dict[int, Any] = {}
    for part in _batches(attempts):
        owners = {attempt.pk: attempt for attempt in part}
        items = AttemptItem.objects.filter(attempt__in=list(owners)).select_related("version__question")
        by_attempt: dict[int, list[AttemptItem]] = {}
        for item in items.order_by("attempt_id", "slot"):
            by_attempt.setdefault(item.attempt_id, []).append(item)
        responses: dict[int, list[Response]] = {}
        for row in Response.objects.filter(item__attempt__in=list(owners)).order_by("item_id", "sequence"):
            responses.setdefault(row.item_id, []).append(row)
        grades = {row.item_id: row for row in Grade.objects.filter(item__attempt__in=list(owners)).order_by("id")}
        for attempt in part:
            for item in by_attempt.get(attempt.pk, []):
                mine = responses.get(item.pk, [])
                yield from _item_rows(attempt, item, mine, grades.get(item.pk), presentations)


def _item_rows(
    attempt: Attempt, item: AttemptItem, responses: list[Response], grade: Grade | None, presentations: dict[int, Any]
) -> Iterator[dict[str, Any]]:
    version = item.version
    common = {
        **_whose(attempt),
        "slot": item.slot,
        "question": version.question.code,
        "version": version.number,
        "type": version.type,
        "domain": version.domain_code,
        "marks": float(item.marks),
        "counts": item.counts,
        "fraction": float(grade.fraction) if grade and grade.fraction is not None else None,
        "mark": number(grade.mark) if grade else None,
        "left_out": grade.excluded if grade else False,
        "graded_by": grade.source if grade else None,
    }
    current = next((row for row in reversed(responses) if row.counted), None)
    for row in responses or [None]:
        yield {**common, **_response_cells(item, row, row is not None and row is current, presentations)}


def _response_cells(
    item: AttemptItem, row: Response | None, is_current: bool, presentations: dict[int, Any]
) -> dict[str, Any]:
    names = (
        "sequence",
        "received_at",
        "seconds",
        "sent_by",
        "is_counted",
        "is_current",
        "confidence",
        "answer",
        "data",
    )
    if row is None:
        return dict.fromkeys(names)
    return {
        "sequence": row.sequence,
        "received_at": moment(row.received_at),
        "seconds": None if row.elapsed_ms is None else row.elapsed_ms / 1000,
        "sent_by": row.input_mode,
        "is_counted": row.counted,
        "is_current": is_current,
        "confidence": row.confidence,
        "answer": in_words(item, row.data, presentations),
        "data": row.data,
    }


def in_words(item: AttemptItem, data: Any, presentations: dict[int, Any]) -> str | None:
    """An answer in one line of plain text; `presentations` remembers what was read before."""
    if data is None:
        return None
    kind = registry.get(item.version.type)
    if item.version_id not in presentations:
        presentations[item.version_id] = kind.Presentation.model_validate(item.version.presentation)
    return kind.summarise(presentations[item.version_id], kind.Answer.model_validate(data))
