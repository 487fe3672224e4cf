"""What becomes of the people who are named for a cohort, worked out before anything is done. Pure: no database.

Nobody loses anything: who takes a course already, alone or in a cohort that is over, goes on with it in this one. Who
takes it in another cohort that is not over stays there, and it is said where.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from courses.outline import Course, Outline
from lms.core.digest import digest_of
from lms.core.ports import Missing

from .completion import Facts, missing_courses

#: People who can be named at once.
MOST_NAMED = 200
_ADDRESS = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")
#: What a mail program leaves around an address.
_AROUND = "\"'().:"


class Step(StrEnum):
    """What happens with one course of one person."""

    ENROL = "enrol"
    GO_ON = "go_on"
    IS_IN = "is_in"
    ELSEWHERE = "elsewhere"
    LATER = "later"


#: Steps that change something.
ACTS = frozenset({Step.ENROL, Step.GO_ON})


class Outcome(StrEnum):
    """What becomes of one line."""

    ADD = "add"
    IS_IN = "is_in"
    REFUSED = "refused"
    CLOSED = "closed"
    UNKNOWN = "unknown"
    REPEATED = "repeated"
    NO_ADDRESS = "no_address"


@dataclass(frozen=True)
class Enrolled:
    """A running enrolment: in this cohort, in another one (its title), or in none."""

    is_here: bool = False
    other: str = ""
    is_over: bool = False


@dataclass(frozen=True)
class Known:
    """Somebody with an account, the enrolments that run by course, and the courses completed."""

    person: Any
    enrolled: Mapping[str, Enrolled]
    courses_done: Collection[str] = ()


@dataclass(frozen=True)
class CourseStep:
    """One course of one person; `other` is the cohort that they take it in, or took it in until that was over."""

    course: Course
    step: Step
    other: str = ""
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line as it was written, who that is, and what happens; `also_in` names other cohorts that they are in."""

    typed: str
    outcome: Outcome
    person: Any = None
    steps: tuple[CourseStep, ...] = ()
    also_in: tuple[str, ...] = ()

    @property
    def acts(self) -> list[CourseStep]:
        """The steps that change something."""
        return [step for step in self.steps if step.step in ACTS]


@dataclass(frozen=True)
class Plan:
    """Every line with what becomes of it."""

    lines: tuple[Line, ...]

    @property
    def adding(self) -> list[Line]:
        """The people who come to the cohort, or take a further course in it."""
        return [line for line in self.lines if line.outcome is Outcome.ADD]

    @property
    def left_out(self) -> list[Line]:
        """The lines of which nothing comes."""
        return [line for line in self.lines if line.outcome is not Outcome.ADD]

    @property
    def digest(self) -> str:
        """Changes when something else would be done."""
        return digest_of([[line.person.pk, step.course.code, step.step] for line in self.adding for step in line.acts])


def read_addresses(text: str) -> list[str]:
    """The addresses of a pasted text, one a line or with commas and semicolons between; a line without one as it is."""
    found: list[str] = []
    for line in text.splitlines():
        addresses = [address.removeprefix("mailto:").strip(_AROUND) for address in _ADDRESS.findall(line)]
        found += addresses or ([line.strip()] if line.strip() else [])
    return found


def plan_members(typed: Iterable[str], courses: Iterable[Course], outline: Outline, known: Mapping[str, Known]) -> Plan:
    """What becomes of these addresses if they shall take these courses; `known` has people by address in lower case."""
    courses, lines, seen = list(courses), [], set()
    for words in typed:
        address = words.lower()
        if not _ADDRESS.fullmatch(words):
            lines.append(Line(words, Outcome.NO_ADDRESS))
        elif address in seen:
            lines.append(Line(words, Outcome.REPEATED, known[address].person if address in known else None))
        elif address not in known:
            lines.append(Line(words, Outcome.UNKNOWN))
        elif not known[address].person.is_active:
            lines.append(Line(words, Outcome.CLOSED, known[address].person))
        else:
            lines.append(_line(words, known[address], courses, outline))
        seen.add(address)
    return Plan(tuple(lines))


def _line(typed: str, known: Known, courses: list[Course], outline: Outline) -> Line:
    steps = tuple(_step(course, known, outline) for course in courses)
    kinds = {step.step for step in steps}
    outcome = Outcome.ADD if kinds & ACTS else Outcome.IS_IN if Step.IS_IN in kinds else Outcome.REFUSED
    said = {step.other for step in steps}
    elsewhere = {row.other for row in known.enrolled.values() if row.other and not row.is_over}
    return Line(typed, outcome, known.person, steps, tuple(sorted(elsewhere - said)))


def _step(course: Course, known: Known, outline: Outline) -> CourseStep:
    enrolled = known.enrolled.get(course.code)
    if enrolled is None:
        missing = missing_courses(course, outline, Facts(courses_done=known.courses_done))
        return CourseStep(course, Step.LATER if missing else Step.ENROL, missing=missing)
    if enrolled.is_here:
        return CourseStep(course, Step.IS_IN)
    if enrolled.other and not enrolled.is_over:
        return CourseStep(course, Step.ELSEWHERE, enrolled.other)
    return CourseStep(course, Step.GO_ON, enrolled.other)
