"""The states of courses, modules and lessons: a pure table, and what holds for any outline and any facts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.outline import AVAILABLE, COMPLETED, IN_PROGRESS, LOCKED, Course, Lesson, Module, Outline
from lms.learning.completion import ENROL, Facts, course_is_complete, module_is_complete, states_for

RANK = {LOCKED: 0, AVAILABLE: 1, IN_PROGRESS: 2, COMPLETED: 3}


def a_lesson(code: str, check: str | None = None) -> Lesson:
    return Lesson(code, code, f"/{code}/", "", 10, check, None, code)


def a_module(code: str, lessons: tuple[Lesson, ...], before: tuple[str, ...] = (), quiz: str | None = None) -> Module:
    return Module(code, code, f"/{code}/", "", before, quiz, quiz or "", lessons)


def a_course(code: str, modules: tuple[Module, ...], before: tuple[str, ...] = ()) -> Course:
    return Course(code, code.lower(), code, f"/{code}/", "", before, modules)


#: C1: M1 (two lessons, a quiz), M2 after M1. C2 after C1.
M1 = a_module("M1", (a_lesson("M1-1", "m1-1-check"), a_lesson("M1-2")), quiz="m1-quiz")
M2 = a_module("M2", (a_lesson("M2-1"),), before=("M1",))
M3 = a_module("M3", (a_lesson("M3-1"),))
C1, C2 = a_course("C1", (M1, M2)), a_course("C2", (M3,), before=("C1",))
OUTLINE = Outline((C1, C2))

TABLE: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("nobody", {}, {"C1": AVAILABLE, "C2": LOCKED, "M1": LOCKED, "M2": LOCKED, "M1-1": LOCKED, "M3-1": LOCKED}),
    (
        "enrolled",
        {"enrolled": ["C1"]},
        {"C1": IN_PROGRESS, "C2": LOCKED, "M1": AVAILABLE, "M2": LOCKED, "M1-1": AVAILABLE, "M1-2": AVAILABLE,
         "M2-1": LOCKED},
    ),
    ("check begun", {"enrolled": ["C1"], "begun": ["m1-1-check"]}, {"M1": IN_PROGRESS, "M1-1": IN_PROGRESS}),
    ("check answered", {"enrolled": ["C1"], "checks_done": ["m1-1-check"]}, {"M1-1": IN_PROGRESS}),
    ("one lesson read", {"enrolled": ["C1"], "lessons_done": ["M1-1"]},
     {"M1": IN_PROGRESS, "M1-1": COMPLETED, "M1-2": AVAILABLE, "M2": LOCKED}),
    ("module done", {"enrolled": ["C1"], "lessons_done": ["M1-1", "M1-2"], "modules_done": ["M1"]},
     {"M1": COMPLETED, "M2": AVAILABLE, "M2-1": AVAILABLE, "C1": IN_PROGRESS}),
    ("course done", {"enrolled": ["C1"], "modules_done": ["M1", "M2"], "courses_done": ["C1"]},
     {"C1": COMPLETED, "C2": AVAILABLE, "M3": LOCKED, "M3-1": LOCKED}),
    ("left the course", {"lessons_done": ["M1-1"]}, {"C1": AVAILABLE, "M1": LOCKED, "M1-1": COMPLETED,
                                                      "M1-2": LOCKED}),
    ("done before what now comes first", {"enrolled": ["C1"], "modules_done": ["M2"]},
     {"M2": COMPLETED, "M2-1": AVAILABLE}),
    ("in without the prerequisite", {"enrolled": ["C2"]}, {"C2": IN_PROGRESS, "M3": AVAILABLE}),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_each_situation_has_its_states(facts: dict[str, Any], expected: dict[str, str]) -> None:
    states = states_for(OUTLINE, Facts(**facts)).states
    assert {code: states[code] for code in expected} == expected


def test_what_is_completed_stays_completed_when_the_outline_grows() -> None:
    facts = Facts(enrolled=["C1"], modules_done=["M1"], courses_done=["C1"], lessons_done=["M1-1"])
    grown = Outline((replace(C1, modules=(replace(M1, prerequisites=("M9",), lessons=(*M1.lessons, a_lesson("NEW"))),
                                          a_module("M9", (a_lesson("M9-1"),)))),))  # fmt: skip
    states = states_for(grown, facts).states
    assert (states["C1"], states["M1"], states["M1-1"]) == (COMPLETED, COMPLETED, COMPLETED)


def test_what_is_missing_is_said_where_something_is_locked() -> None:
    nobody = states_for(OUTLINE, Facts())
    assert [row.code for row in nobody.missing["M1-1"]] == [ENROL]
    assert [row.code for row in nobody.missing["C2"]] == ["C1"]
    assert [row.code for row in nobody.missing["M3-1"]] == ["C1"]
    enrolled = states_for(OUTLINE, Facts(enrolled=["C1"]))
    assert [row.code for row in enrolled.missing["M2-1"]] == ["M1"]
    assert enrolled.missing["M2-1"][0].url == "/M1/"
    assert "M1-1" not in enrolled.missing


def test_a_prerequisite_that_is_gone_locks_nobody_out() -> None:
    orphan = Outline((a_course("C1", (replace(M2, prerequisites=("GONE",)),), before=("GONE",)),))
    states = states_for(orphan, Facts(enrolled=["C1"])).states
    assert (states["C1"], states["M2"]) == (IN_PROGRESS, AVAILABLE)


@pytest.mark.parametrize(
    ("module", "facts", "expected"),
    [
        (M1, {"lessons_done": ["M1-1", "M1-2"], "quizzes_passed": ["m1-quiz"]}, True),
        (M1, {"lessons_done": ["M1-1", "M1-2"]}, False),
        (M1, {"lessons_done": ["M1-1"], "quizzes_passed": ["m1-quiz"]}, False),
        (M2, {"lessons_done": ["M2-1"]}, True),
        (a_module("EMPTY", ()), {}, False),
        (a_module("EMPTY", (), quiz="q"), {"quizzes_passed": ["q"]}, False),
    ],
)
def test_a_module_is_complete_with_its_lessons_and_its_quiz(module: Module, facts: Any, expected: bool) -> None:
    assert module_is_complete(module, Facts(**facts)) is expected


def test_a_course_is_complete_with_its_modules_and_an_empty_one_never() -> None:
    assert course_is_complete(C1, Facts(modules_done=["M1", "M2"]))
    assert course_is_complete(C1, Facts(modules_done=["M1"]), ["M2"])
    assert not course_is_complete(C1, Facts(modules_done=["M1"]))
    assert not course_is_complete(a_course("EMPTY", ()), Facts())


# For any outline ------------------------------------------------------------------------------------------------


@st.composite
def outlines(draw: Any) -> Outline:
    """Up to three courses of up to three modules; prerequisites point anywhere before."""
    courses: list[Course] = []
    module_codes: list[str] = []
    for c in range(draw(st.integers(1, 3))):
        modules = []
        for m in range(draw(st.integers(0, 3))):
            code = f"C{c}M{m}"
            lessons = tuple(
                a_lesson(f"{code}-{place}", f"{code}-{place}-check" if draw(st.booleans()) else None)
                for place in range(draw(st.integers(0, 2)))
            )
            before = tuple(draw(st.sets(st.sampled_from(module_codes), max_size=2))) if module_codes else ()
            modules.append(a_module(code, lessons, before, f"{code}-quiz" if draw(st.booleans()) else None))
            module_codes.append(code)
        earlier = [course.code for course in courses]
        before = tuple(draw(st.sets(st.sampled_from(earlier), max_size=2))) if earlier else ()
        courses.append(a_course(f"C{c}", tuple(modules), before))
    return Outline(tuple(courses))


@st.composite
def situations(draw: Any) -> tuple[Outline, Facts, Facts]:
    """An outline, some facts, and the same facts with more."""
    outline = draw(outlines())
    courses = [course.code for course in outline.courses]
    modules = [module.code for _course, module in outline.modules()]
    lessons = [lesson for _course, _module, lesson in outline.lessons()]
    checks = [lesson.check for lesson in lessons if lesson.check]
    pools = {
        "enrolled": courses, "courses_done": courses, "modules_done": modules,
        "lessons_done": [lesson.code for lesson in lessons], "checks_done": checks, "begun": checks,
        "quizzes_passed": [module.quiz for _course, module in outline.modules() if module.quiz],
    }  # fmt: skip

    def some() -> dict[str, frozenset[str]]:
        return {
            name: frozenset(draw(st.sets(st.sampled_from(sorted(pool))))) if pool else frozenset()
            for name, pool in pools.items()
        }

    few, more = some(), some()
    return outline, Facts(**few), Facts(**{name: few[name] | more[name] for name in few})


@given(situations())
def test_more_facts_never_lock_anything(situation: tuple[Outline, Facts, Facts]) -> None:
    outline, few, more = situation
    before, after = states_for(outline, few).states, states_for(outline, more).states
    assert {code for code in before if RANK[after[code]] < RANK[before[code]]} == set()


@given(situations())
def test_everything_has_a_state_and_what_is_locked_says_what_is_missing(
    situation: tuple[Outline, Facts, Facts],
) -> None:
    outline, facts, _more = situation
    found = states_for(outline, facts)
    codes = {course.code for course in outline.courses}
    codes |= {module.code for _course, module in outline.modules()}
    codes |= {lesson.code for _course, _module, lesson in outline.lessons()}
    assert set(found.states) == codes
    assert set(found.states.values()) <= set(RANK)
    assert {code for code, state in found.states.items() if state == LOCKED} == set(found.missing)
    assert all(found.missing.values())


@given(situations())
def test_completion_never_goes_away_with_more_facts(situation: tuple[Outline, Facts, Facts]) -> None:
    outline, few, more = situation
    for course, module in outline.modules():
        assert module_is_complete(module, more) or not module_is_complete(module, few)
        assert course_is_complete(course, more) or not course_is_complete(course, few)
