"""Questions of one case: told which one it is, with the stimulus first."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.bank.models import Stimulus
from quizzes.delivery.cases import CasePlace, case_places
from tests.quizzes.making import make_assessment, make_bank, make_question


def test_places_within_cases() -> None:
    assert case_places(["x", "x", "", "y"]) == [CasePlace(1, 2), CasePlace(2, 2), None, CasePlace(1, 1)]
    assert case_places([]) == []


@given(st.lists(st.sampled_from(["", "a", "b"])))
def test_each_case_counts_from_one_to_its_size(stimuli: list[str]) -> None:
    places = case_places(stimuli)
    for text in ("a", "b"):
        mine = [place for place, other in zip(places, stimuli, strict=True) if other == text and place]
        assert [place.place for place in mine] == list(range(1, len(mine) + 1))
        assert all(place.of == len(mine) for place in mine)
    assert [place is None for place in places] == [not text for text in stimuli]


@pytest.fixture
def case(db: None) -> Any:
    bank = make_bank()
    stimulus = Stimulus.objects.create(code="case-1", title="A case", bank=bank, text="<p>A runner, 34.</p>")
    shared = [make_question(stimulus=stimulus) for _ in range(2)]
    return make_assessment(questions=[*shared, make_question()])


def test_the_page_says_which_question_of_the_case_it_is(
    case: Any, show_to: Any, student: Any, begin: Any, hand_in: Any, client: Any, clock: Any
) -> None:
    show_to(student, case)
    attempt = begin(case)
    client.force_login(student)
    pages = [client.get(f"/attempts/{attempt.uuid}/?slot={slot}").content.decode() for slot in (1, 2, 3)]
    assert "Case: question 1 of 2" in pages[0]
    assert "Case: question 2 of 2" in pages[1]
    assert "stimulus__title" not in pages[2]
    assert pages[0].index("A runner, 34.") < pages[0].index("question__stem")
    # Open without a script; one may fold up what was read with an earlier question.
    assert '<details class="stimulus" open>' in pages[0]
    assert '<details class="stimulus" open data-read>' in pages[1]
    hand_in(attempt)
    review = client.get(f"/attempts/{attempt.uuid}/review/").content.decode()
    assert review.count("Case: question") == 2
