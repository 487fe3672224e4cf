"""What lower packages ask of learning: where a person stands, which assessments are theirs, which are open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import BigAutoField, QuerySet

from courses.api import Outline, Standing, standing
from courses.api import outline as read_outline
from lms.accounts.api import User
from lms.core.ports import (
    Deny,
    Missing,
    Verdict,
    after_attempt,
    gate,
    people_groups,
    practice_pool,
    scope,
    visible_assessments,
)
from lms.core.prepared import Param, Prepared

from .completion import states_for
from .models import Cohort, Enrolment, LessonCompletion
from .queries import door_facts, standing_of


def _course_codes() -> QuerySet[Any, Any]:
    rows = Enrolment.objects.filter(user=Param(0, BigAutoField()), ended_at=None)
    return rows.order_by().values_list("course_code")


COURSE_CODES = Prepared(_course_codes)


@standing.register
def where(user: Any, outline: Outline) -> Standing:
    """Where a person stands in the outline."""
    return standing_of(user, outline)


@visible_assessments.register
def assessments_of_enrolments(user: Any) -> Iterable[str]:
    """Checks and quizzes of the courses that a person takes, with those of checkpoints."""
    enrolled = {code for (code,) in COURSE_CODES(user.pk)}
    for course, module in read_outline().modules():
        if course.code in enrolled:
            yield from module.assessments


@gate.register
def lesson_gates(user: Any, subjects: Sequence[Any]) -> dict[Any, Verdict]:
    """A check is as open as its lesson, a quiz as its module, whether it completes the module or not."""
    outline = read_outline()
    owners = {code: module.code for _course, module in outline.modules() for code in module.assessments}
    owners |= {lesson.check: lesson.code for _c, _m, lesson in outline.lessons() if lesson.check}
    mine = [subject for subject in subjects if subject.code in owners]
    if not mine:
        return {}
    state = states_for(outline, door_facts(user))
    verdicts: dict[Any, Verdict] = {}
    for subject in mine:
        owner = owners[subject.code]
        if state.states.get(owner, "locked") == "locked":
            missing: tuple[Missing, ...] = state.missing.get(owner, ())
            verdicts[subject.pk] = Deny("locked", "This opens once what comes before it is done.", missing)
    return verdicts


@scope.register
def students_of(user: Any) -> Iterable[Any]:
    """The people in the cohorts that a person teaches."""
    return [User.objects.filter(enrolments__cohort__instructors=user, enrolments__ended_at=None).distinct()]


@practice_pool.register
def objectives_learned(user: Any) -> Iterable[str]:
    """Objectives of the lessons that a person has completed."""
    done = set(LessonCompletion.objects.filter(user=user).values_list("lesson_code", flat=True))
    for _course, _module, lesson in read_outline().lessons():
        if lesson.code in done:
            yield from lesson.objectives


@people_groups.register
def cohorts_to_choose(user: Any) -> list[dict[str, Any]]:
    """Cohorts as groups of people: all for those who run exams, their own for those who teach."""
    cohorts = Cohort.objects.order_by("-starts_on", "code")
    if not user.has_role("examiner", "registrar", "admin"):
        cohorts = cohorts.filter(instructors=user)
    return [
        {
            "code": cohort.code,
            "title": cohort.title,
            "people": User.objects.filter(
                enrolments__cohort=cohort, enrolments__ended_at=None, is_active=True
            ).distinct(),
        }
        for cohort in cohorts
    ]


@after_attempt.register
def where_next(user: Any, assessment_code: str) -> list[dict[str, str]]:
    """Back to the lesson of a check, or the module of a quiz."""
    for _course, _module, lesson in read_outline().lessons():
        if lesson.check == assessment_code:
            return [{"label": lesson.title, "url": f"{lesson.url}#completion"}]
    for _course, module in read_outline().modules():
        if assessment_code in module.assessments:
            return [{"label": module.title, "url": module.url}]
    return []
