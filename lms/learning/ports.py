"""What lower packages ask of learning: where a person stands, which assessments are theirs, which are open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from courses.api import Outline, Standing, standing
from courses.api import outline as read_outline
from lms.core.ports import Deny, Missing, Verdict, after_attempt, gate, visible_assessments

from .models import Enrolment
from .queries import standing_of


@standing.register
def where(user: Any, outline: Outline) -> Standing:
    """Where a person stands in the outline."""
    return standing_of(user, outline)


@visible_assessments.register
def assessments_of_enrolments(user: Any) -> Iterable[str]:
    """Checks and quizzes of the courses that a person takes."""
    enrolled = set(Enrolment.objects.filter(user=user, ended_at=None).values_list("course_code", flat=True))
    for course, module in read_outline().modules():
        if course.code in enrolled:
            if module.quiz:
                yield module.quiz
            yield from (lesson.check for lesson in module.lessons if lesson.check)


@gate.register
def lesson_gates(user: Any, subjects: Sequence[Any]) -> dict[Any, Verdict]:
    """A check is as open as its lesson, a quiz as its module."""
    outline = read_outline()
    owners = {module.quiz: module.code for _course, module in outline.modules() if module.quiz}
    owners |= {lesson.check: lesson.code for _c, _m, lesson in outline.lessons() if lesson.check}
    mine = [subject for subject in subjects if subject.code in owners]
    if not mine:
        return {}
    state = standing_of(user, outline)
    verdicts: dict[Any, Verdict] = {}
    for subject in mine:
        owner = owners[subject.code]
        if state.state(owner) == "locked":
            missing: tuple[Missing, ...] = state.missing.get(owner, ())
            verdicts[subject.pk] = Deny("locked", "This opens once what comes before it is done.", missing)
    return verdicts


@after_attempt.register
def where_next(user: Any, assessment_code: str) -> list[dict[str, str]]:
    """Back to the lesson of a check, or the module of a quiz."""
    for _course, module, lesson in read_outline().lessons():
        if lesson.check == assessment_code:
            return [{"label": lesson.title, "url": f"{lesson.url}#completion"}]
        if module.quiz == assessment_code:
            return [{"label": module.title, "url": module.url}]
    return []
