"""The marks of an assessment as arrays: a handful of statements for any number of attempts.

As a rule the first finished attempt of each candidate is taken: whoever has met the items before does not show how
hard they are. Everything can be read as of an earlier moment, so that a kept analysis can be worked out again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np
from django.db.models import (
    Exists,
    F,
    FloatField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    Window,
)
from django.db.models.functions import Cast, Coalesce, DenseRank
from numpy.typing import NDArray

from quizzes.assembly.models import Assessment, Form
from quizzes.attempts.enums import AttemptKind
from quizzes.attempts.models import Attempt, Response
from quizzes.bank.models import QuestionVersion
from quizzes.grading.models import Grade, Result

from .classical import Responses, responses
from .groups import Bools, Floats

Ints = NDArray[np.int64]
#: Rows turned into numbers at a time: a million of them never stand in memory as Python objects.
CHUNK = 50_000
#: Different answers read at a time.
ANSWERS_AT_A_TIME = 5_000


@dataclass(frozen=True)
class Item:
    """A column: a question as shown, worth so much. Versions that look alike stand together, the newest last."""

    versions: tuple[QuestionVersion, ...]
    marks: float
    counts: bool

    @property
    def newest(self) -> QuestionVersion:
        """The version whose key is taken for right."""
        return self.versions[-1]


@dataclass(frozen=True, eq=False)
class Sample:
    """The attempts of an analysis.

    Attributes:
        attempts: their ids, ascending; every other array has one row for each.
        passed: by the result in force.
        percents: of the result in force.
        forms: id of the fixed form, 0 for a draw.
        items: the columns.
        data: marks earned, NaN for "not met".
        answers: a number for each different answer, -1 for "not met".
        samples: answer number -> id of a response that gives it; 0 for no response at all.
        seconds: spent on the item, NaN if not known.
        digest: of everything above that figures follow from.
    """

    assessment: Assessment
    as_of: datetime
    attempts: Ints
    passed: Bools
    percents: Floats
    forms: Ints
    items: tuple[Item, ...]
    data: Responses
    answers: Ints
    samples: dict[int, int]
    seconds: Floats
    digest: str


def sampled_attempts(assessment: Assessment, *, includes_retakes: bool, as_of: datetime) -> QuerySet[Attempt]:
    """Graded attempts of candidates that were not void at that moment; of each the first, or all."""
    finished = Attempt.objects.filter(
        Q(voided_at=None) | Q(voided_at__gt=as_of),
        assessment=assessment,
        kind=AttemptKind.CANDIDATE,
        submitted_at__lte=as_of,
    )
    graded = Exists(Result.objects.filter(attempt=OuterRef("pk"), at__lte=as_of))
    if includes_retakes:
        return finished.filter(graded)
    earlier = finished.filter(candidate=OuterRef("candidate"), ordinal__lt=OuterRef("ordinal"))
    return finished.filter(graded).filter(~Exists(earlier))


def load(assessment: Assessment, *, includes_retakes: bool = False, as_of: datetime) -> Sample:
    """Everything that an analysis needs; the number of statements does not grow with the attempts."""
    chosen = sampled_attempts(assessment, includes_retakes=includes_retakes, as_of=as_of)
    head = _results(chosen, as_of)
    attempts = head[:, 0].astype(np.int64)
    rows = _grades(chosen, as_of)
    places = np.searchsorted(attempts, rows[:, 0].astype(np.int64))
    items, columns = _items(rows)
    shape = (len(attempts), len(items))
    marks, seconds = np.full(shape, np.nan), np.full(shape, np.nan)
    answers = np.full(shape, -1, dtype=np.int64)
    marks[places, columns] = rows[:, 5]
    answers[places, columns] = rows[:, 6].astype(np.int64)
    seconds[places, columns] = _seconds(chosen, as_of, rows[:, 1].astype(np.int64))
    codes, first = np.unique(rows[:, 6].astype(np.int64), return_index=True)
    samples = dict(zip(codes.tolist(), rows[first, 7].astype(np.int64).tolist(), strict=True))
    data = responses(marks, [item.marks for item in items], [item.counts for item in items])
    passed, percents, forms = head[:, 1] > 0, head[:, 2], head[:, 3].astype(np.int64)
    return Sample(
        assessment=assessment,
        as_of=as_of,
        attempts=attempts,
        passed=passed,
        percents=percents,
        forms=forms,
        items=items,
        data=data,
        answers=answers,
        samples=samples,
        seconds=seconds,
        digest=_digest(head, rows, seconds),
    )


def answer_data(samples: list[int]) -> dict[int, Any]:
    """Response id -> what was answered, a portion of ids at a time."""
    found: dict[int, Any] = {}
    for start in range(0, len(samples), ANSWERS_AT_A_TIME):
        part = samples[start : start + ANSWERS_AT_A_TIME]
        found.update(Response.objects.filter(pk__in=part).values_list("pk", "data"))
    return found


def forms_of(sample: Sample) -> list[tuple[Form, Bools]]:
    """The fixed forms that were sat with the attempts at each. A form that was published again unchanged is one."""
    rows = Form.objects.filter(pk__in=np.unique(sample.forms).tolist()).order_by("pk")
    alike: dict[tuple[str, str], list[Form]] = {}
    for form in rows:
        alike.setdefault((form.label, form.items_digest), []).append(form)
    return [
        (group[-1], np.isin(sample.forms, [form.pk for form in group]))
        for _name, group in sorted(alike.items(), key=lambda pair: (pair[0][0], pair[1][-1].pk))
    ]


def _results(chosen: QuerySet[Attempt], as_of: datetime) -> Floats:
    """Attempt, passed, percent, form; ascending by attempt."""
    later = Result.objects.filter(attempt=OuterRef("attempt"), pk__gt=OuterRef("pk"), at__lte=as_of)
    rows = (
        Result.objects.filter(~Exists(later), attempt__in=chosen.order_by().values("pk"), at__lte=as_of)
        .order_by("attempt_id")
        .values_list("attempt_id", "passed", Cast("percent", FloatField()), Coalesce("attempt__form_id", Value(0)))
    )
    return _table(rows, 4)


def _grades(chosen: QuerySet[Attempt], as_of: datetime) -> Floats:
    """Attempt, item, version, marks, counts, earned, answer number, response; by item.

    Equal answers to a version get equal numbers: text of the same JSON is the same text.
    """
    later = Grade.objects.filter(item=OuterRef("item"), pk__gt=OuterRef("pk"), at__lte=as_of)
    answer = Window(
        DenseRank(), order_by=[F("item__version_id").asc(), Cast("response__data", TextField()).asc(nulls_first=True)]
    )
    rows = (
        Grade.objects.filter(~Exists(later), item__attempt__in=chosen.order_by().values("pk"), at__lte=as_of)
        .filter(excluded=False)
        .order_by("item_id")
        .values_list(
            "item__attempt_id",
            "item_id",
            "item__version_id",
            Cast("item__marks", FloatField()),
            "item__counts",
            Cast("mark", FloatField()),
            answer,
            Coalesce("response_id", Value(0)),
        )
    )
    return _table(rows, 8)


def _seconds(chosen: QuerySet[Attempt], as_of: datetime, items: Ints) -> Floats:
    """Time spent on each of these items, in their order."""
    rows = (
        Response.objects.filter(item__attempt__in=chosen.order_by().values("pk"), received_at__lte=as_of)
        .exclude(elapsed_ms=None)
        .order_by("item_id")
        .values_list("item_id")
        .annotate(spent=Sum("elapsed_ms"))
    )
    known = _table(rows, 2)
    spent = np.full(len(items), np.nan)
    if len(known):
        place = np.minimum(np.searchsorted(known[:, 0], items), len(known) - 1)
        found = known[place, 0] == items
        spent[found] = known[place[found], 1] / 1000
    return spent


def _items(rows: Floats) -> tuple[tuple[Item, ...], Ints]:
    """The columns in order of question and version, and for each row its column."""
    worth, which_worth = np.unique(rows[:, 3:5], axis=0, return_inverse=True)
    versions, which_version = np.unique(rows[:, 2].astype(np.int64), return_inverse=True)
    codes = which_version.reshape(-1) * max(len(worth), 1) + which_worth.reshape(-1)
    kinds, which = np.unique(codes, return_inverse=True)
    known = (
        QuestionVersion.objects.filter(pk__in=versions.tolist())
        .select_related("question__bank", "answer_key")
        .in_bulk()
    )
    groups: dict[tuple[str, int, str, float, bool], list[QuestionVersion]] = {}
    keys = []
    for kind in kinds.tolist():
        version = known[int(versions[kind // len(worth)])]
        marks, counts = worth[kind % len(worth)].tolist()
        key = (version.question.code, version.question_id, version.presentation_digest, marks, bool(counts))
        keys.append(key)
        groups.setdefault(key, []).append(version)
    for group in groups.values():
        group.sort(key=lambda version: version.number)
    order = sorted(groups, key=lambda key: (key[0], groups[key][-1].number, *key[2:]))
    column = {key: place for place, key in enumerate(order)}
    columns = np.array([column[key] for key in keys], dtype=np.int64)
    items = tuple(Item(tuple(groups[key]), key[3], key[4]) for key in order)
    return items, columns[which.reshape(-1)] if len(columns) else columns


def _table(rows: QuerySet[Any], width: int) -> Floats:
    """Rows of numbers as one array; None becomes NaN."""
    found = rows.iterator(chunk_size=CHUNK)
    parts = [np.array(part, dtype=np.float64).reshape(-1, width) for part in _portions(found)]
    return np.concatenate(parts) if parts else np.empty((0, width))


def _portions(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while part := list(islice(rows, CHUNK)):
        yield part


def _digest(head: Floats, rows: Floats, seconds: Floats) -> str:
    """SHA-256 of results, grades and times. Answer numbers are left out: they depend on how a database sorts text."""
    sha = hashlib.sha256()
    kept = np.nan_to_num(np.delete(rows, 6, axis=1), nan=-1.0)
    for array in (head, kept, np.nan_to_num(seconds, nan=-1.0)):
        sha.update(np.ascontiguousarray(array).tobytes())
    return sha.hexdigest()


def stamp_of(assessment: Assessment) -> str:
    """Changes whenever an analysis may have changed; for caches (two statements)."""
    grades = Grade.objects.filter(item__attempt__assessment=assessment).aggregate(last=Max("pk"))
    attempts = Attempt.objects.filter(assessment=assessment).aggregate(
        graded=Max("results__pk"), submitted=Max("submitted_at"), voided=Max("voided_at")
    )
    return ":".join(str(value) for value in (assessment.current_version_id, grades["last"], *attempts.values()))
