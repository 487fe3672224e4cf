"""What becomes of pasted addresses: how they are read, and what each leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.outline import Course, Outline
from lms.learning.cohort_plan import Enrolled, Known, Outcome, Plan, Step, plan_members, read_addresses


@dataclass(frozen=True)
class Person:
    pk: int
    is_active: bool = True


def course(code: str, *before: str) -> Course:
    return Course(code, code.lower(), f"Course {code}", f"/{code}/", "", before, ())


FIRST, SECOND = course("C1"), course("C2", "C1")
OUTLINE = Outline((FIRST, SECOND))
ADDRESS = st.from_regex(r"\A[a-z][a-z0-9+_-]{0,8}@[a-z]{1,8}\.[a-z]{2,3}\Z")


def plan(*typed: str, courses: tuple[Course, ...] = (FIRST,), **known: Known) -> Plan:
    return plan_members(typed, courses, OUTLINE, {f"{name}@x.org": row for name, row in known.items()})


@given(st.lists(ADDRESS, max_size=12), st.sampled_from(["\n", "\r\n", "; ", ", ", " \n\n", ">\n"]))
def test_every_address_of_a_pasted_text_is_read_in_order(addresses: list[str], between: str) -> None:
    assert read_addresses(between.join(addresses)) == addresses


@given(st.text(max_size=200))
def test_whatever_is_pasted_is_read(text: str) -> None:
    found = read_addresses(text)
    assert all(line.strip() for line in found)
    assert len(plan(*found).lines) == len(found)


def test_what_mail_programs_write_around_an_address_is_left_out() -> None:
    text = 'Ferreira, Ana <Ana@x.org>, "Ben" (ben@x.org)\n\nmailto:cleo@x.org\nsomebody else'
    assert read_addresses(text) == ["Ana@x.org", "ben@x.org", "cleo@x.org", "somebody else"]


def test_each_line_says_what_becomes_of_it() -> None:
    found = plan(
        "Ana@x.org", "ana@X.org", "nobody@x.org", "closed@x.org", "no address",
        ana=Known(Person(1), {}), closed=Known(Person(2, is_active=False), {}),
    )  # fmt: skip
    assert [line.outcome for line in found.lines] == [
        Outcome.ADD, Outcome.REPEATED, Outcome.UNKNOWN, Outcome.CLOSED, Outcome.NO_ADDRESS,
    ]  # fmt: skip
    assert (len(found.adding), len(found.left_out)) == (1, 4)


@pytest.mark.parametrize(
    ("enrolled", "done", "courses", "steps", "outcome"),
    [
        ({}, (), (FIRST,), [Step.ENROL], Outcome.ADD),
        ({}, (), (FIRST, SECOND), [Step.ENROL, Step.LATER], Outcome.ADD),
        ({}, (), (SECOND,), [Step.LATER], Outcome.REFUSED),
        ({}, ("C1",), (SECOND,), [Step.ENROL], Outcome.ADD),
        ({"C1": Enrolled()}, (), (FIRST,), [Step.GO_ON], Outcome.ADD),
        ({"C2": Enrolled()}, (), (SECOND,), [Step.GO_ON], Outcome.ADD),
        ({"C1": Enrolled(other="Spring", is_over=True)}, (), (FIRST,), [Step.GO_ON], Outcome.ADD),
        ({"C1": Enrolled(other="Spring")}, (), (FIRST,), [Step.ELSEWHERE], Outcome.REFUSED),
        ({"C1": Enrolled(is_here=True)}, (), (FIRST,), [Step.IS_IN], Outcome.IS_IN),
        ({"C1": Enrolled(is_here=True)}, (), (FIRST, SECOND), [Step.IS_IN, Step.LATER], Outcome.IS_IN),
        ({"C1": Enrolled(is_here=True)}, ("C1",), (FIRST, SECOND), [Step.IS_IN, Step.ENROL], Outcome.ADD),
        ({"C1": Enrolled(other="Spring")}, ("C1",), (FIRST, SECOND), [Step.ELSEWHERE, Step.ENROL], Outcome.ADD),
    ],
)
def test_who_takes_a_course_already_loses_nothing(
    enrolled: dict[str, Enrolled], done: tuple[str, ...], courses: Any, steps: list[Step], outcome: Outcome
) -> None:
    [line] = plan("ana@x.org", courses=courses, ana=Known(Person(1), enrolled, done)).lines
    assert ([step.step for step in line.steps], line.outcome) == (steps, outcome)


def test_another_cohort_with_another_course_is_said_and_hinders_nothing() -> None:
    [line] = plan("ana@x.org", ana=Known(Person(1), {"C9": Enrolled(other="Spring")})).lines
    assert (line.outcome, line.also_in) == (Outcome.ADD, ("Spring",))


def test_the_digest_changes_with_what_would_be_done_and_with_nothing_else() -> None:
    ana, ben = Known(Person(1), {}), Known(Person(2), {})
    one = plan("ana@x.org", ana=ana, ben=ben)
    assert plan("ANA@x.org", "nobody@x.org", ana=ana).digest == one.digest
    assert plan("ana@x.org", "ben@x.org", ana=ana, ben=ben).digest != one.digest
    assert plan("ana@x.org", ana=Known(Person(1), {"C1": Enrolled()})).digest != one.digest
