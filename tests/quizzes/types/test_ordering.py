"""Ordering beyond the common contract."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st

from quizzes.types import registry
from quizzes.types.base import AnswerProblem, CompileProblem, ScoringRule
from tests.quizzes.types import strategies
from tests.quizzes.types.contract import QuestionTypeContract

TYPE = registry.get("ordering")
PARTIAL, ALL = ScoringRule.partial, ScoringRule.all_or_nothing


class TestContract(QuestionTypeContract):
    question_type = TYPE
    cases = strategies.ordering()

    def answers(self, interaction: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        return st.builds(lambda order: {"order": order}, strategies.some_of(interaction["elements"]))

    def form_of(self, data: dict[str, Any]) -> dict[str, list[str]]:
        return {f"position-{name}": [str(place)] for place, name in enumerate(data["order"], start=1)}


GOOD = {"elements": ["history", "assessment", "treatment", "review"]}
# Ids follow the texts: assessment e1, history e2, review e3, treatment e4.
PLAIN = {"elements": ["e1", "e2", "e3", "e4"]}


@pytest.mark.parametrize(
    ("order", "kept"),
    [
        (["e2", "e1", "e4", "e3"], 3),
        (["e3", "e2", "e1", "e4"], 2),
        (["e1", "e4", "e3", "e2"], 2),
        (["e2", "e4", "e1", "e3"], 0),
        (["e3", "e4", "e1", "e2"], 0),
        (["e2", "e1"], 1),
        (["e2"], 0),
        ([], 0),
    ],
)
def test_neighbours_kept_together_count(order: list[str], kept: int) -> None:
    for rule in (PARTIAL, ALL):
        compiled = TYPE.compile(GOOD, rule)
        answer = TYPE.parse(compiled.presentation, PLAIN, {"order": order})
        expected = Decimal(kept) / 3 if rule is PARTIAL or kept == 3 else 0
        assert TYPE.grade(compiled.key, answer).fraction == expected
        assert TYPE.is_complete(compiled.presentation, answer) == (len(order) == 4)


def test_the_presentation_does_not_know_the_order() -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    assert [element.html for element in compiled.presentation.elements] == sorted(GOOD["elements"])
    assert compiled.key.order == ("e2", "e1", "e4", "e3")


def test_every_arrangement_comes_up_the_right_one_included() -> None:
    compiled = TYPE.compile({"elements": ["b", "a", "c"]}, PARTIAL)
    shown = {tuple(TYPE.arrange(compiled.presentation, random.Random(seed))["elements"]) for seed in range(200)}
    assert shown == set(itertools.permutations(["e1", "e2", "e3"]))


@pytest.mark.parametrize(
    ("elements", "field"),
    [
        (["one"], "elements"),
        (None, "elements"),
        ("one two", "elements"),
        (["one", "two", " One"], "elements.3"),
        (["one", ""], "elements.2"),
        (["one", None], "elements.2"),
        ([str(n) for n in range(21)], "elements"),
    ],
)
def test_an_impossible_draft_is_refused(elements: Any, field: str) -> None:
    with pytest.raises(CompileProblem) as caught:
        TYPE.compile({"elements": elements}, PARTIAL)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "order",
    [["e1", "e1"], ["e5"], ["e1", None], [1, 2], "e1", {}, None, ["e1"] * 10**5],
    ids=lambda order: repr(order)[:20],
)
def test_the_wrong_shape_is_refused(order: Any) -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    with pytest.raises(AnswerProblem):
        TYPE.parse(compiled.presentation, PLAIN, {"order": order})


@pytest.mark.parametrize("positions", [{"e1": "1", "e2": "1"}, {"e1": "5"}, {"e1": "0"}, {"e1": "²"}, {"e1": "x"}])
def test_a_form_that_cannot_be_an_order_is_refused(positions: dict[str, str]) -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    form = strategies.Form({f"position-{name}": [place] for name, place in positions.items()})
    with pytest.raises(AnswerProblem):
        TYPE.parse_form(compiled.presentation, PLAIN, form)


def test_gaps_in_a_form_close_up() -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    form = strategies.Form({"position-e4": ["4"], "position-e2": ["1"], "position-e1": [""]})
    assert TYPE.parse_form(compiled.presentation, PLAIN, form) == {"order": ["e2", "e4"]}


def test_chance_agrees_with_trying_everything() -> None:
    for rule in (PARTIAL, ALL):
        compiled = TYPE.compile(GOOD, rule)
        scores = [
            TYPE.grade(compiled.key, TYPE.Answer(order=order)).fraction or Decimal(0)
            for order in itertools.permutations(["e1", "e2", "e3", "e4"])
        ]
        chance = TYPE.chance(compiled.presentation, compiled.key)
        assert chance is not None
        assert abs(chance - sum(scores) / len(scores)) < Decimal("1e-20")
