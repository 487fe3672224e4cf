"""Where a person stands in what is taught."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import BigAutoField, CharField, QuerySet, Value
from django.urls import reverse

from courses.api import Outline, QuizStanding, Standing
from courses.api import outline as read_outline
from lms.core.clock import school_day
from lms.core.prepared import Param, Prepared
from quizzes.api import AssessmentKind, Attempt, display_percent, passed_codes, results_of

from .attendance_queries import in_force
from .completion import Facts, states_for
from .evaluation_queries import is_evaluated
from .models import Attendance, Cohort, CourseCompletion, Enrolment, LessonCompletion, ModuleCompletion

#: What is known of somebody who is not signed in.
NOBODY: tuple[Facts, dict[str, Any], dict[str, int], dict[str, QuizStanding], set[str]] = (Facts(), {}, {}, {}, set())


def facts_for(user: Any) -> Facts:
    """What the record says of a person: two queries."""
    return replace(door_facts(user), quizzes_passed=passed_codes(user))


def _record_of_person() -> QuerySet[Any]:
    def rows(queryset: Any, kind: str, code: str) -> Any:
        return queryset.order_by().values_list(Value(kind, output_field=CharField()), code)

    user = Param(0, BigAutoField())
    mine = Attempt.objects.filter(candidate=user, kind="candidate", voided_at=None)
    checks = mine.filter(assessment__kind=AssessmentKind.CHECK, submitted_at__isnull=False)
    found: QuerySet[Any] = rows(Enrolment.objects.filter(user=user, ended_at=None), "enrolled", "course_code").union(
        rows(LessonCompletion.objects.filter(user=user), "lesson", "lesson_code"),
        rows(ModuleCompletion.objects.filter(user=user), "module", "module_code"),
        rows(CourseCompletion.objects.filter(user=user), "course", "course_code"),
        rows(mine, "begun", "assessment__code"),
        rows(checks, "check", "assessment__code"),
        all=True,
    )
    return found


RECORD_OF_PERSON = Prepared(_record_of_person)


def door_facts(user: Any) -> Facts:
    """What decides whether something is open to a person, in one query; which quizzes were passed is not part of it.

    Asked at each start of an attempt, when a whole class may ask at once.
    """
    found: dict[str, set[str]] = {}
    for kind, code in RECORD_OF_PERSON(user.pk):
        found.setdefault(kind, set()).add(code)

    def of(kind: str) -> frozenset[str]:
        return frozenset(found.get(kind, ()))

    return Facts(
        enrolled=of("enrolled"),
        lessons_done=of("lesson"),
        modules_done=of("module"),
        courses_done=of("course"),
        checks_done=of("check"),
        begun=of("begun"),
    )


def _read(user: Any) -> tuple[Facts, dict[str, Any], dict[str, int], dict[str, QuizStanding], set[str]]:
    lessons = {row.lesson_code: row for row in LessonCompletion.objects.filter(user=user)}
    modules = set(ModuleCompletion.objects.filter(user=user).values_list("module_code", flat=True))
    completions = CourseCompletion.objects.filter(user=user).annotate(is_evaluated=is_evaluated())
    courses = dict(completions.values_list("course_code", "is_evaluated"))
    enrolled = set(Enrolment.objects.filter(user=user, ended_at=None).values_list("course_code", flat=True))
    begun, checks_done = set(), set()
    attempts = Attempt.objects.filter(candidate=user, kind="candidate", voided_at=None)
    for code, kind, submitted_at in attempts.values_list("assessment__code", "assessment__kind", "submitted_at"):
        begun.add(code)
        if submitted_at and kind == AssessmentKind.CHECK:
            checks_done.add(code)
    quizzes: dict[str, QuizStanding] = {}
    for result in results_of(user):
        code = result.attempt.assessment.code
        best = quizzes.get(code)
        percent = float(display_percent(result.percent))
        if best is None or (result.passed, percent) > (best.passed, best.percent):
            quizzes[code] = QuizStanding(percent, result.passed)
    facts = Facts(
        enrolled=frozenset(enrolled),
        lessons_done=frozenset(lessons),
        modules_done=frozenset(modules),
        courses_done=frozenset(courses),
        quizzes_passed=frozenset(code for code, best in quizzes.items() if best.passed),
        checks_done=frozenset(checks_done),
        begun=frozenset(begun),
    )
    completed_at = {code: row.completed_at for code, row in lessons.items()}
    minutes = {code: row.credited_minutes for code, row in lessons.items()}
    return facts, completed_at, minutes, quizzes, {code for code, is_done in courses.items() if not is_done}


def standing_of(user: Any, outline: Outline | None = None) -> Standing:
    """Where a person stands: six queries beside the outline, however long it is. Nobody signed in: all locked."""
    outline = outline or read_outline()
    if user is None or not user.is_authenticated:
        facts, completed_at, minutes, quizzes, to_evaluate = NOBODY
    else:
        facts, completed_at, minutes, quizzes, to_evaluate = _read(user)
    states = states_for(outline, facts)
    enrol_urls = {}
    if user is not None and user.is_authenticated:
        enrol_urls = {
            course.code: reverse("learning:enrol", args=[course.slug])
            for course in outline.courses
            if course.code not in facts.enrolled and states.states[course.code] == "available"
        }
    return Standing(
        states=states.states,
        missing=states.missing,
        enrolled=frozenset(facts.enrolled),
        completed_at=completed_at,
        credited_minutes={
            course.code: sum(minutes.get(lesson.code, 0) for lesson in course.lessons) for course in outline.courses
        },
        quizzes=quizzes,
        checks_done=frozenset(facts.checks_done),
        enrol_urls=enrol_urls,
        complete_urls={
            lesson.code: reverse("learning:complete", args=[lesson.code])
            for _course, _module, lesson in outline.lessons()
            if states.states[lesson.code] in {"available", "in_progress"}
        },
        evaluate_urls={
            course.code: reverse("learning:evaluate", args=[course.slug])
            for course in outline.courses
            if course.code in to_evaluate
        },
    )


def attended(user: Any, kinds: Iterable[str]) -> list[dict[str, Any]]:
    """What a person attended, by the last note of each session: dicts with `session`, `title`, `kind`, `on`, `minutes`.

    Nobody attends longer than a session was.
    """
    rows = Attendance.objects.filter(user=user, session__kind__in=list(kinds)).select_related("session").order_by("id")
    last = {row.session_id: row for row in rows}
    return [
        {
            "session": str(row.session.uuid),
            "title": row.session.title,
            "kind": row.session.kind,
            "on": school_day(row.session.starts_at).isoformat(),
            "minutes": min(row.minutes, row.session.minutes),
        }
        for row in sorted(last.values(), key=lambda row: (row.session.starts_at, row.pk))
        if row.minutes
    ]


def teachers_of(student: Any) -> set[int]:
    """Everybody who taught a student, by primary key: in a cohort, or in a class session that the student attended."""
    cohorts = Cohort.objects.filter(enrolments__user=student).order_by().values_list("instructors")
    there = in_force(Attendance.objects.filter(user=student)).filter(minutes__gt=0)
    return {pk for (pk,) in cohorts.union(there.order_by().values_list("session__teachers")) if pk}


def has_taught(*, teacher: Any, student: Any) -> bool:
    """Whether somebody taught a student."""
    return teacher.pk in teachers_of(student)
