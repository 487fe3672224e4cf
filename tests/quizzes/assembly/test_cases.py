"""Cases: questions that share a stimulus come together, stay together, and are enough or refused."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.assembly.commands import freeze_assessment
from quizzes.assembly.draw import Candidate, NotEnoughCases, draw_cases
from quizzes.assembly.exceptions import CannotAssemble
from quizzes.assembly.models import Assessment
from quizzes.assembly.supply import disjoint_forms, supply_of
from quizzes.bank.models import Stimulus
from tests.quizzes.making import LONG_AGO, make_bank, make_question, section


def pool(sizes: list[int]) -> list[Candidate]:
    """Cases of these sizes, and as many single questions."""
    items = []
    for case, size in enumerate(sizes):
        items += [
            Candidate(case * 100 + place, case * 100 + place, "D1", "recall", "O", stimulus=f"case {case}")
            for place in range(size)
        ]
        items.append(Candidate(9000 + case, 9000 + case, "D1", "recall", "O"))
    return items


@given(
    sizes=st.lists(st.integers(1, 5), max_size=6), sets=st.integers(1, 3), size=st.integers(2, 4), seed=st.integers()
)
def test_whole_cases_or_a_refusal(sizes: list[int], sets: int, size: int, seed: int) -> None:
    fitting = sum(have >= size for have in sizes)
    if fitting < sets:
        with pytest.raises(NotEnoughCases) as caught:
            draw_cases(pool(sizes), random.Random(seed), sets=sets, items_per_set=size)
        assert (caught.value.shortage.needed, caught.value.shortage.supply) == (sets, fitting)
        return
    drawn = draw_cases(pool(sizes), random.Random(seed), sets=sets, items_per_set=size)
    assert len(drawn) == sets * size
    for place in range(sets):
        members = drawn[place * size : (place + 1) * size]
        assert len({item.stimulus for item in members}) == 1
        assert [item.question % 100 for item in members] == list(range(size)), "the first ones, in their order"
    assert len({item.stimulus for item in drawn}) == sets


def test_an_unseen_case_comes_first_and_an_excluded_one_never() -> None:
    items = pool([2, 2, 2])
    for seed in range(20):
        drawn = draw_cases(items, random.Random(seed), sets=1, items_per_set=2, seen={0}, excluded={101})
        assert {item.stimulus for item in drawn} == {"case 2"}


@pytest.fixture
def bank(db: None) -> Any:
    """Two cases of three questions, and five single ones."""
    held = make_bank("case-bank")
    for letter in "AB":
        story = Stimulus.objects.create(code=f"CASE-{letter}", title=letter, text=f"<p>Case {letter}</p>", bank=held)
        for _place in range(3):
            make_question(slug="single_choice", bank=held, stimulus=story)
    for _place in range(5):
        make_question(slug="single_choice", bank=held)
    return held


def _quiz(bank: Any, sets: int, singles: int, **fields: Any) -> Assessment:
    quiz = Assessment(
        code=f"cases-{sets}-{singles}", title="Cases", kind="quiz", live=True, shuffle_items=True, **fields
    )
    quiz.structure = [
        ("case_sets", {"bank": bank, "sets": sets, "items_per_set": 3, "marks": "1"}),
        ("draw", section(bank, [{"count": singles}])),
    ]
    quiz.save()
    freeze_assessment(assessment=quiz, by=None, at=LONG_AGO)
    return quiz


def test_a_case_stays_together_however_the_items_are_shuffled(bank: Any, begin: Any, student: Any, now: Any) -> None:
    quiz = _quiz(bank, 1, 4)
    for number in range(6):
        attempt = begin(quiz, seed=str(number), by=student if number == 0 else _person(number))
        stories = [item.version.stimulus_html for item in attempt.items.select_related("version")]
        assert len(stories) == 7
        places = [place for place, story in enumerate(stories) if story]
        assert places == list(range(places[0], places[0] + 3))
        assert len({stories[place] for place in places}) == 1


def _person(number: int) -> Any:
    from lms.accounts.api import User

    return User.objects.create_user(f"case-{number}@test.example", "correct horse battery")


def test_too_few_cases_are_refused_when_published(bank: Any) -> None:
    with pytest.raises(CannotAssemble) as caught:
        _quiz(bank, 3, 1)
    assert caught.value.extra["shortages"] == [{"cell": "case", "needed": 3, "supply": 2}]


def test_single_draws_leave_the_cases_alone(bank: Any) -> None:
    with pytest.raises(CannotAssemble):
        _quiz(bank, 1, 6)


def test_the_table_of_supply_counts_cells_cases_and_forms(bank: Any, django_assert_max_num_queries: Any) -> None:
    quiz = _quiz(bank, 1, 2)
    with django_assert_max_num_queries(3):
        rows = supply_of(quiz.current_version.blueprint)
    assert [(row.name, row.needed, row.supply, row.most_forms) for row in rows] == [
        ("case × 3", 1, 2, 2),
        ("any item", 2, 11, 5),
    ]
    assert disjoint_forms(quiz.current_version.blueprint, "seed") == 2
