"""Multiple response beyond the common contract."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.types import registry
from quizzes.types.base import AnswerProblem, CompileProblem, ScoringRule
from tests.quizzes.types import strategies
from tests.quizzes.types.contract import QuestionTypeContract

TYPE = registry.get("multiple_response")
PARTIAL, ALL = ScoringRule.partial, ScoringRule.all_or_nothing


class TestContract(QuestionTypeContract):
    question_type = TYPE
    cases = strategies.multiple_response()

    def answers(self, interaction: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        picked = strategies.some_of(interaction["choices"], interaction["max"])
        return st.builds(lambda choices: {"choices": choices}, picked)

    def form_of(self, data: dict[str, Any]) -> dict[str, list[str]]:
        return {"answer": data["choices"]}


def draft(keys: str, **more: Any) -> dict[str, Any]:
    """Five choices; `keys` holds a 1 for each that is right."""
    return {
        "choices": [{"text": f"choice {n}", "key": mark == "1", "feedback": ""} for n, mark in enumerate(keys)],
        **more,
    }


@pytest.mark.parametrize(
    ("picked", "partial"),
    [
        ("", "0"),
        ("a", "1/3"),
        ("ab", "2/3"),
        ("abc", "1"),
        ("abd", "1/3"),
        ("abcd", "2/3"),
        ("abcde", "1/3"),
        ("de", "0"),
        ("ade", "0"),
    ],
)
def test_a_wrong_pick_takes_back_a_right_one(picked: str, partial: str) -> None:
    arrangement = {"choices": ["c1", "c2", "c3", "c4", "c5"]}
    for rule in (PARTIAL, ALL):
        compiled = TYPE.compile(draft("11100"), rule)
        answer = TYPE.parse(compiled.presentation, arrangement, {"choices": list(picked)})
        part, _, whole = partial.partition("/")
        expected = Decimal(part) / Decimal(whole or 1)
        assert TYPE.grade(compiled.key, answer).fraction == (expected if rule is PARTIAL or expected == 1 else 0)


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (draft("00000"), "choices"),
        (draft("11100", max=2), "choices"),
        (draft("10000", min=2), "choices"),
        (draft("11000", min=-1), "min"),
        (draft("11000", min=3, max=2), "max"),
        (draft("11000", max=6), "max"),
        (draft("11000", min=0, max=0), "max"),
        (draft("11000", max="2"), "max"),
        (draft("11000", min=True), "min"),
    ],
)
def test_an_impossible_draft_is_refused(value: Any, field: str) -> None:
    with pytest.raises(CompileProblem) as caught:
        TYPE.compile(value, PARTIAL)
    assert caught.value.field == field


def test_the_instruction_does_not_depend_on_the_key() -> None:
    one, other = TYPE.compile(draft("10000"), PARTIAL), TYPE.compile(draft("11110"), PARTIAL)
    assert (one.presentation.min, one.presentation.max) == (1, 5)
    assert one.presentation == other.presentation


def test_too_few_is_incomplete_and_too_many_is_refused() -> None:
    compiled = TYPE.compile(draft("11000", min=2, max=3), PARTIAL)
    arrangement = TYPE.arrange(compiled.presentation, random.Random(0))
    answer = TYPE.parse(compiled.presentation, arrangement, {"choices": ["a"]})
    assert not TYPE.is_complete(compiled.presentation, answer)
    for sent in (["a", "b", "c", "d"], ["a", "a"], ["a", {}], "ab", {"a": 1}, ["a"] * 100_000):
        with pytest.raises(AnswerProblem):
            TYPE.parse(compiled.presentation, arrangement, {"choices": sent})


@settings(max_examples=40, deadline=None)
@given(case=strategies.multiple_response())
def test_chance_agrees_with_trying_everything(case: strategies.Case) -> None:
    compiled = TYPE.compile(case.draft, case.scoring)
    presentation = compiled.presentation
    names = [choice.id for choice in presentation.choices]
    scores = [
        TYPE.grade(compiled.key, TYPE.Answer(choices=picked)).fraction or Decimal(0)
        for size in range(max(1, presentation.min), presentation.max + 1)
        for picked in itertools.combinations(names, size)
    ]
    chance = TYPE.chance(presentation, compiled.key)
    assert chance is not None
    assert abs(chance - sum(scores) / len(scores)) < Decimal("1e-20")
