"""Which courses a person may still evaluate, and what was said of a course, as far as it may be shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear

from courses.api import Course, Outline
from courses.api import outline as read_outline
from lms.core.record import TOMBSTONE

from .attendance_queries import OVERSEERS
from .evaluation_models import CourseEvaluation, EvaluationGiven
from .evaluation_results import Cells, Chosen, Tally, count_of, is_shown, tallies
from .evaluation_statements import SCALE, statement_texts
from .models import Cohort, CourseCompletion, Enrolment

#: Columns of results as a table, one row for each statement and each text.
COLUMNS = (
    "course", "title", "year", "cohort", "responses", "part", "code", "text", "answered", "does_not_apply", "mean",
    "spread", *(f"answered_{value}" for value in SCALE),
)  # fmt: skip


# For those who answer ------------------------------------------------------------------------------------------------


def is_evaluated() -> Exists:
    """Of a completion: whether its person has evaluated the course."""
    return Exists(EvaluationGiven.objects.filter(user=OuterRef("user"), course_code=OuterRef("course_code")))


def open_evaluations(user: Any, outline: Outline) -> list[tuple[Course, CourseCompletion]]:
    """Courses of today that a person has completed and not evaluated, in the order of the catalogue: one query."""
    rows = {row.course_code: row for row in CourseCompletion.objects.filter(~is_evaluated(), user=user)}
    return [(course, rows[course.code]) for course in outline.courses if course.code in rows]


# For those who read the answers --------------------------------------------------------------------------------------


def evaluations_for(person: Any) -> QuerySet[CourseEvaluation]:
    """The responses that count in what somebody sees: of courses that their cohorts take; overseers see all."""
    rows = CourseEvaluation.objects.all()
    return rows if person.has_role(*OVERSEERS) else rows.filter(course_code__in=_courses_taught(person))


def cohorts_to_compare(person: Any) -> QuerySet[Cohort]:
    """Cohorts whose answers somebody may look at by themselves."""
    rows = Cohort.objects.order_by("-starts_on", "code")
    return rows if person.has_role(*OVERSEERS) else rows.filter(instructors=person)


def completions_for(person: Any) -> QuerySet[CourseCompletion]:
    """The completions beside which the responses stand."""
    rows = CourseCompletion.objects.all()
    return rows if person.has_role(*OVERSEERS) else rows.filter(course_code__in=_courses_taught(person))


def _courses_taught(person: Any) -> QuerySet[Any, Any]:
    return Enrolment.objects.filter(cohort__instructors=person).order_by().values("course_code")


def cells_of(rows: QuerySet[CourseEvaluation]) -> Cells:
    """How many of these responses there are by course, year and cohort: one query."""
    found = rows.order_by().values_list("course_code", ExtractYear("month"), "cohort").annotate(n=Count("pk"))
    return {(course_code, year, cohort): count for course_code, year, cohort, count in found}


@dataclass(frozen=True)
class Rate:
    """Of those who completed a course since evaluations are asked for, how many have evaluated it."""

    completed: int = 0
    answered: int = 0

    @property
    def percent(self) -> int | None:
        """None where nobody could."""
        return round(100 * self.answered / self.completed) if self.completed else None


def asked_since() -> date | None:
    """The month in which the first evaluation of the school was given; None before that."""
    first = EvaluationGiven.objects.order_by("on").values_list("on", flat=True).first()
    return first.replace(day=1) if first else None


def rates(
    rows: QuerySet[CourseCompletion], since: date, *, year: int | None = None, cohort: int | None = None
) -> dict[str, Rate]:
    """How many answered, by course: one query. A year is that of the completion."""
    rows = rows.filter(completed_at__date__gte=since)
    if year is not None:
        rows = rows.filter(completed_at__year=year)
    if cohort is not None:
        taken = Enrolment.objects.filter(user=OuterRef("user"), course_code=OuterRef("course_code"), cohort_id=cohort)
        rows = rows.filter(Exists(taken))
    counted = rows.order_by().annotate(is_evaluated=is_evaluated()).values("course_code")
    return {
        row["course_code"]: Rate(row["all"], row["answered"])
        for row in counted.annotate(all=Count("pk"), answered=Count("pk", filter=Q(is_evaluated=True)))
    }


@dataclass(frozen=True)
class Text:
    """What somebody wrote; `part` is `helped` or `change`."""

    evaluation: Any
    part: str
    text: str


@dataclass(frozen=True)
class Results:
    """What was said of a course. Tallies and texts are empty where they may not be shown."""

    chosen: Chosen
    count: int
    is_shown: bool
    tallies: tuple[Tally, ...] = ()
    texts: tuple[Text, ...] = ()


def results_of(rows: QuerySet[CourseEvaluation], cells: Cells, chosen: Chosen) -> Results:
    """The answers to a course as far as they may be shown: one query. Texts are in an order that says nothing."""
    count = count_of(cells, chosen)
    if not is_shown(cells, chosen):
        return Results(chosen, count, False)
    rows = rows.filter(course_code=chosen.course_code)
    if chosen.year is not None:
        rows = rows.filter(month__year=chosen.year)
    if chosen.cohort is not None:
        rows = rows.filter(cohort=chosen.cohort)
    found = list(rows.order_by("pk").values("pk", "answers", "helped", "change"))
    return Results(
        chosen, len(found), True, tuple(tallies(statement_texts(), (row["answers"] for row in found))), _texts(found)
    )


def _texts(found: Iterable[Any]) -> tuple[Text, ...]:
    """All of one part, then all of the other, each shuffled by itself: the two texts of one person stay apart."""
    return tuple(
        Text(row["pk"], part, row[part])
        for part in ("helped", "change")
        for row in sorted(found, key=lambda row, part=part: _shuffle(part, row["pk"]))  # type: ignore[misc]
        if row[part] not in {"", TOMBSTONE}
    )


def _shuffle(part: str, key: Any) -> str:
    return hashlib.sha256(f"{part}/{key}".encode()).hexdigest()


# As a table ----------------------------------------------------------------------------------------------------------


def result_rows(results: Results, cohort: Cohort | None = None) -> Iterator[dict[str, Any]]:
    """Results for a spreadsheet: a row for each statement and each text, or one that says that nothing is shown."""
    course = read_outline().course(results.chosen.course_code)
    common: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {
        "course": results.chosen.course_code,
        "title": course.title if course else "",
        "year": results.chosen.year or "",
        "cohort": cohort.code if cohort else "",
        "responses": results.count,
    }
    if not results.is_shown:
        yield {**common, "part": "withheld"}
    texts = statement_texts()
    for row in results.tallies:
        yield {
            **common,
            "part": "statement",
            "code": row.code,
            "text": str(texts[row.code]),
            "answered": row.answered,
            "does_not_apply": row.does_not_apply,
            "mean": "" if row.mean is None else round(row.mean, 2),
            "spread": "" if row.spread is None else round(row.spread, 2),
            **{f"answered_{value}": count for value, count in zip(SCALE, row.counts, strict=True)},
        }
    for said in results.texts:
        yield {**common, "part": said.part, "text": said.text}


def evaluation_rows(
    course_codes: Iterable[str], *, years: Iterable[int] = (), cohort: Cohort | None = None
) -> Iterator[dict[str, Any]]:
    """Results of courses for those who audit the school: of a cohort, or of these years one by one."""
    rows = CourseEvaluation.objects.all()
    cells, codes, chosen_years = cells_of(rows), set(course_codes), set(years)
    asked = {
        Chosen(code, cohort=cohort.pk) if cohort else Chosen(code, year)
        for code, year, cohort_id in cells
        if code in codes and (cohort_id == cohort.pk if cohort else year in chosen_years)
    }
    for chosen in sorted(asked, key=lambda chosen: (chosen.course_code, chosen.year or 0)):
        yield from result_rows(results_of(rows, cells, chosen), cohort)
