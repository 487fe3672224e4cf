"""States of courses, modules and lessons for one person. Pure: no database, no clock.

Prerequisites form a graph: a course opens when the courses before it are completed, a module when the person is
enrolled and the modules before it are completed. Inside an open module lessons may be read in any order, and its quiz
may be taken. What was completed once stays completed, whatever the outline becomes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from courses.outline import AVAILABLE, COMPLETED, IN_PROGRESS, LOCKED, Course, Module, Outline
from lms.core.ports import Missing

ENROL = "enrol"


@dataclass(frozen=True)
class Facts:
    """What the record says of a person."""

    enrolled: Collection[str] = ()
    lessons_done: Collection[str] = ()
    modules_done: Collection[str] = ()
    courses_done: Collection[str] = ()
    quizzes_passed: Collection[str] = ()
    checks_done: Collection[str] = ()
    begun: Collection[str] = ()


@dataclass(frozen=True)
class States:
    """States and what is missing, by code."""

    states: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, tuple[Missing, ...]] = field(default_factory=dict)


def states_for(outline: Outline, facts: Facts) -> States:
    """The state of everything in the outline."""
    states: dict[str, str] = {}
    missing: dict[str, tuple[Missing, ...]] = {}
    titles = {module.code: module for _course, module in outline.modules()}
    for course in outline.courses:
        lacking = missing_courses(course, outline, facts)
        states[course.code] = _course_state(course, lacking, facts)
        if lacking and states[course.code] == LOCKED:
            missing[course.code] = lacking
        for module in course.modules:
            before = _missing_for_module(course, module, lacking, titles, facts)
            states[module.code] = _module_state(module, before, facts)
            if states[module.code] == LOCKED:
                missing[module.code] = before
            for lesson in module.lessons:
                if lesson.code in facts.lessons_done:
                    states[lesson.code] = COMPLETED
                elif states[module.code] == LOCKED:
                    states[lesson.code], missing[lesson.code] = LOCKED, before
                else:
                    is_begun = lesson.check in facts.begun or lesson.check in facts.checks_done
                    states[lesson.code] = IN_PROGRESS if is_begun else AVAILABLE
    return States(states, missing)


def missing_courses(course: Course, outline: Outline, facts: Facts) -> tuple[Missing, ...]:
    """Courses that must be completed before this one."""
    rows = [found for code in course.prerequisites if (found := outline.course(code))]
    return tuple(Missing(row.code, row.title, row.url) for row in rows if row.code not in facts.courses_done)


def _course_state(course: Course, lacking: tuple[Missing, ...], facts: Facts) -> str:
    if course.code in facts.courses_done:
        return COMPLETED
    if course.code in facts.enrolled:
        return IN_PROGRESS
    return LOCKED if lacking else AVAILABLE


def _missing_for_module(
    course: Course, module: Module, lacking: tuple[Missing, ...], titles: Mapping[str, Module], facts: Facts
) -> tuple[Missing, ...]:
    if course.code not in facts.enrolled:
        return lacking or (Missing(ENROL, course.title, course.url),)
    rows = [titles[code] for code in module.prerequisites if code in titles]
    return tuple(Missing(row.code, row.title, row.url) for row in rows if row.code not in facts.modules_done)


def _module_state(module: Module, before: tuple[Missing, ...], facts: Facts) -> str:
    if module.code in facts.modules_done:
        return COMPLETED
    if before:
        return LOCKED
    begun = any(lesson.code in facts.lessons_done or lesson.check in facts.begun for lesson in module.lessons)
    return IN_PROGRESS if begun else AVAILABLE


def module_is_complete(module: Module, facts: Facts) -> bool:
    """Every lesson completed and the quiz, if there is one, passed. An empty module is never complete."""
    if not module.lessons:
        return False
    lessons = all(lesson.code in facts.lessons_done for lesson in module.lessons)
    return lessons and (module.quiz is None or module.quiz in facts.quizzes_passed)


def course_is_complete(course: Course, facts: Facts, newly_done: Collection[str] = ()) -> bool:
    """Every module completed. An empty course is never complete."""
    done = {*facts.modules_done, *newly_done}
    return bool(course.modules) and all(module.code in done for module in course.modules)
