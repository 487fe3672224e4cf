"""Coverage: what counts as covered, who sees which counts, and how the command ends."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from courses.api import outline
from lms.core.markup import plain_text
from lms.knowledge.api import Objective
from lms.portal import coverage
from lms.portal.coverage import ENOUGH, Goal
from lms.portal.covered import everything, goals, read_coverage
from quizzes.api import QuestionFacts
from tests.quizzes.making import make_bank, make_objective, make_question

STANDINGS = {"C-OUT": "outdated", "C-UN": "unsupported", "C-OK": "supported"}


def asked(code: str = "Q", **fields: Any) -> QuestionFacts:
    usual: dict[str, Any] = {
        "bank": "one", "purpose": "teaching", "objective": "O-1", "domain": "D1", "level": "recall",
        "claims": ("C-OK",), "safety_notes": 0, "has_rationale": True, "tags": (), "words": "What is it? It is so.",
    }  # fmt: skip
    return QuestionFacts(code=code, **{**usual, **fields})


def goal(code: str = "O-1", *, practical: bool = False, lessons: tuple[str, ...] = ("L-1",)) -> Goal:
    return Goal(code, "name it", "D1", practical, lessons)


# Rules --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal_", "questions", "is_covered"),
    [
        (goal(), 2, True),
        (goal(), 1, False),
        (goal(), 0, False),
        (goal(practical=True), 0, True),
        (goal(lessons=()), 2, False),
        (goal(practical=True, lessons=()), 2, False),
    ],
)
def test_an_objective_is_covered_when_it_is_taught_and_asked(goal_: Goal, questions: int, is_covered: bool) -> None:
    [row] = coverage.table([goal_], [asked(f"Q-{number}") for number in range(questions)])
    assert row.is_covered is is_covered
    assert coverage.gaps([row]) == ([] if is_covered else [row])


def test_only_teaching_questions_count_and_exams_stand_beside() -> None:
    questions = [
        asked("Q-1", level="recall"),
        asked("Q-2", level="analysis"),
        asked("X-1", bank="final", purpose="exam"),
        asked("X-2", bank="trial", purpose="mock"),
        asked("Q-3", objective="O-2"),
    ]
    [row] = coverage.table([goal()], questions)
    assert row.teaching == {"recall": 1, "application": 0, "analysis": 1}
    assert row.banks == {"final": 1, "trial": 1}
    assert coverage.confidential_banks(questions) == ["final", "trial"]


def test_cells_count_by_bank_domain_and_level() -> None:
    found = coverage.cells([asked("Q-1"), asked("Q-2"), asked("Q-3", level="analysis"), asked("X", bank="final")])
    assert found == {("one", "D1", "recall"): 2, ("one", "D1", "analysis"): 1, ("final", "D1", "recall"): 1}


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, []),
        ({"claims": (), "safety_notes": 1}, []),
        ({"claims": ()}, ["claim or safety note"]),
        ({"has_rationale": False}, ["rationale"]),
        ({"objective": "O-9"}, ["objective"]),
        (
            {"objective": "O-9", "has_rationale": False, "claims": ()},
            ["objective", "rationale", "claim or safety note"],
        ),
    ],
)
def test_what_a_question_lacks(fields: dict[str, Any], missing: list[str]) -> None:
    found = coverage.incomplete([asked(**fields)], ["O-1"])
    assert found == ([("Q", missing)] if missing else [])


@pytest.mark.parametrize(
    ("fields", "is_listed"),
    [
        ({"claims": ("C-UN",)}, True),
        ({"claims": ("C-OUT", "C-UN")}, True),
        ({"claims": ("C-OK",)}, False),
        ({"claims": ("C-OK", "C-UN")}, False),
        ({"claims": ("C-UN",), "tags": ("recognition",)}, False),
        ({"claims": ("C-UN",), "safety_notes": 1}, False),
        ({"claims": ("C-UN",), "words": "A client says that it is so. What do you reply?"}, False),
        ({"claims": ("C-UN",), "words": "Which of these is unsupported?"}, False),
    ],
)
def test_questions_that_may_assert_what_is_not_so_are_listed(fields: dict[str, Any], is_listed: bool) -> None:
    assert bool(coverage.asserts_weak_claims([asked(**fields)], STANDINGS)) is is_listed


def test_questions_are_gathered_under_the_claims_that_they_rest_on() -> None:
    found = [("Q-1", ["C-UN"]), ("Q-2", ["C-OUT", "C-UN"]), ("Q-3", ["C-UN"]), ("Q-4", ["C-UN", "C-OUT"])]
    assert coverage.by_claims(found) == [(("C-OUT", "C-UN"), ["Q-2", "Q-4"]), (("C-UN",), ["Q-1", "Q-3"])]


@given(st.lists(st.tuples(st.sampled_from(["O-1", "O-2"]), st.sampled_from(["teaching", "exam"]))))
def test_no_question_is_lost_or_counted_twice(drawn: list[tuple[str, str]]) -> None:
    questions = [asked(f"Q-{n}", objective=code, purpose=purpose) for n, (code, purpose) in enumerate(drawn)]
    rows = coverage.table([goal("O-1"), goal("O-2")], questions)
    assert sum(row.teaching_total + sum(row.banks.values()) for row in rows) == len(questions)
    assert [row for row in rows if row.is_covered] == [row for row in rows if row.teaching_total >= ENOUGH]


# The school ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_goals_are_the_objectives_in_use_with_their_lessons() -> None:
    make_objective("TST-1.1")
    Objective.objects.filter(code="ORI-1.1").update(is_retired=True)
    found = {row.code: row for row in goals()}
    assert found["TST-1.1"].lessons == ()
    assert "ORI-1.1" not in found
    taught = {code for _course, _module, lesson in outline().lessons() for code in lesson.objectives}
    assert {code for code, row in found.items() if row.lessons} == taught - {"ORI-1.1"}


def page(user: Any, query: str = "") -> str:
    client = Client()
    client.force_login(user)
    response = client.get(reverse("portal:coverage") + query)
    assert response.status_code == 200
    return plain_text(response.content.decode())


@pytest.mark.django_db
def test_exam_banks_are_counted_only_for_those_who_may_open_them(people: dict[str, Any]) -> None:
    instructor, examiner, admin = (page(people[role]) for role in ("instructor", "examiner", "admin"))
    assert "foundations-exam" not in instructor
    assert "Exams: what the banks hold" not in instructor
    for text in (examiner, admin):
        assert "foundations-exam" in text
        assert "Exams: what the banks hold" in text


@pytest.mark.django_db
def test_codes_of_confidential_items_stay_with_those_who_may_read_them(people: dict[str, Any]) -> None:
    secret = make_question("Q-SECRET", bank=make_bank("closed", "exam"))
    taught = make_question("Q-OPEN")
    texts = {role: page(people[role]) for role in ("instructor", "examiner", "admin")}
    assert {role for role, text in texts.items() if secret.code in text} == {"examiner", "admin"}
    assert {role for role, text in texts.items() if taught.code in text} == {"instructor", "admin"}
    assert "closed" not in texts["instructor"]


@pytest.mark.django_db
def test_the_page_shows_gaps_and_domains(people: dict[str, Any]) -> None:
    make_objective("TST-1.1", domain="D3")
    everywhere, gaps = page(people["admin"]), page(people["admin"], "?show=gaps&domain=D3")
    assert "ORI-1.1" in everywhere
    assert "TST-1.1" in everywhere
    assert "TST-1.1" in gaps
    assert "ORI-1.1" not in gaps
    assert "No lesson" in gaps


@pytest.mark.django_db
def test_reading_it_costs_as_much_for_many_as_for_few(
    django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    outline()
    with django_assert_max_num_queries(16) as before:
        everything()
    for number in range(15):
        make_question(f"Q-TST-{number}", objective=f"TST-1.{number}")
    with django_assert_num_queries(len(before)):
        everything()


@pytest.mark.django_db
def test_an_instructor_reads_no_exam_bank() -> None:
    found = read_coverage({"teaching"})
    assert (found.banks, found.exams) == ([], [])


def ended(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("curriculum_coverage", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db
def test_the_command_ends_with_1_while_something_is_not_covered() -> None:
    Objective.objects.update(is_practical=True)
    status, said = ended()
    assert status == 0
    assert "ORI-1.1" in said
    assert "foundations-exam D1 · recall" in said
    make_objective("TST-1.1")
    status, said = ended("--gaps")
    assert status == 1
    assert "NO LESSON, FEWER THAN 2 QUESTIONS" in said
    assert "ORI-1.1" not in said.split("foundations-exam:")[0]
