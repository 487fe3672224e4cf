"""The outline of what is taught, and where a person stands in it. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lms.core.digest import digest_of
from lms.core.ports import Missing, SinglePort

LOCKED, AVAILABLE, IN_PROGRESS, COMPLETED = "locked", "available", "in_progress", "completed"


@dataclass(frozen=True)
class Lesson:
    """A lesson in the outline. `check` is the code of its knowledge check, `objectives` are those that it teaches."""

    code: str
    title: str
    url: str
    summary: str
    minutes: int
    check: str | None
    revision_id: int | None
    digest: str
    # With a default, since an outline may come out of a cache that an older release filled.
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checkpoint:
    """A page of a module for one more assessment, which may be taken and need not be passed."""

    code: str
    title: str
    url: str
    assessment: str


@dataclass(frozen=True)
class Module:
    """A module: lessons in order, perhaps a quiz, and the modules that come before it."""

    code: str
    title: str
    url: str
    summary_html: str
    prerequisites: tuple[str, ...]
    quiz: str | None
    quiz_title: str
    lessons: tuple[Lesson, ...]
    checkpoints: tuple[Checkpoint, ...] = ()

    @property
    def minutes(self) -> int:
        """Study time of its lessons."""
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def assessments(self) -> tuple[str, ...]:
        """Codes of all that may be taken in it: the quiz, the checks of its lessons, and what its checkpoints offer."""
        checks = [lesson.check for lesson in self.lessons]
        return tuple(code for code in (self.quiz, *checks, *(row.assessment for row in self.checkpoints)) if code)

    @property
    def digest(self) -> str:
        """Changes when a lesson or the quiz is added, removed or replaced; checkpoints complete nothing."""
        return digest_of([self.code, self.quiz, [lesson.code for lesson in self.lessons]])


@dataclass(frozen=True)
class Course:
    """A course: modules in order, and the courses that come before it."""

    code: str
    slug: str
    title: str
    url: str
    summary_html: str
    prerequisites: tuple[str, ...]
    modules: tuple[Module, ...]

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons in order."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @property
    def minutes(self) -> int:
        """Study time of its lessons."""
        return sum(module.minutes for module in self.modules)

    @property
    def digest(self) -> str:
        """Changes when a module changes."""
        return digest_of([self.code, [module.digest for module in self.modules]])


@dataclass(frozen=True)
class Outline:
    """Everything that is taught, in order."""

    courses: tuple[Course, ...]

    def course(self, code: str) -> Course | None:
        """A course by its code."""
        return next((course for course in self.courses if course.code == code), None)

    def course_by_slug(self, slug: str) -> Course | None:
        """A course by its public name."""
        return next((course for course in self.courses if course.slug == slug), None)

    def modules(self) -> Iterator[tuple[Course, Module]]:
        """All modules with their courses."""
        for course in self.courses:
            for module in course.modules:
                yield course, module

    def module_with(self, checkpoint: str) -> Module | None:
        """The module that a checkpoint belongs to, by its code."""
        return next(
            (module for _course, module in self.modules() if checkpoint in {stop.code for stop in module.checkpoints}),
            None,
        )

    def lessons(self) -> Iterator[tuple[Course, Module, Lesson]]:
        """All lessons with where they stand."""
        for course, module in self.modules():
            for lesson in module.lessons:
                yield course, module, lesson

    def lesson(self, code: str) -> tuple[Course, Module, Lesson] | None:
        """A lesson by its code."""
        return next((found for found in self.lessons() if found[2].code == code), None)


@dataclass(frozen=True)
class QuizStanding:
    """A person's best released result at an assessment."""

    percent: float
    passed: bool


@dataclass(frozen=True)
class Standing:
    """Where a person stands in the outline: states by code, what is missing, and where to act.

    Built by the learning package; without it everything is locked and nobody is enrolled.
    """

    states: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, tuple[Missing, ...]] = field(default_factory=dict)
    enrolled: frozenset[str] = frozenset()
    completed_at: Mapping[str, datetime] = field(default_factory=dict)
    credited_minutes: Mapping[str, int] = field(default_factory=dict)
    quizzes: Mapping[str, QuizStanding] = field(default_factory=dict)
    checks_done: frozenset[str] = frozenset()
    enrol_urls: Mapping[str, str] = field(default_factory=dict)
    complete_urls: Mapping[str, str] = field(default_factory=dict)
    evaluate_urls: Mapping[str, str] = field(default_factory=dict)

    def state(self, code: str) -> str:
        """State of a course, module or lesson."""
        return self.states.get(code, LOCKED)

    def is_complete(self, code: str) -> bool:
        """Completed, and recorded."""
        return self.state(code) == COMPLETED

    def progress_percent(self, course: Course) -> int:
        """Share of the course's lessons that are completed, in whole percent."""
        lessons = course.lessons
        if not lessons:
            return 0
        return 100 * sum(self.is_complete(lesson.code) for lesson in lessons) // len(lessons)


def _nobody(*args: Any, **kwargs: Any) -> Standing:
    return Standing()


#: standing(user, outline): where a person stands; answered by the learning package.
standing = SinglePort("standing", default=_nobody)
