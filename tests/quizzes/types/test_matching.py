"""Matching beyond the common contract."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st

from quizzes.types import registry
from quizzes.types.base import AnswerProblem, CompileProblem, ScoringRule
from tests.quizzes.types import strategies
from tests.quizzes.types.contract import QuestionTypeContract

TYPE = registry.get("matching")
PARTIAL, ALL = ScoringRule.partial, ScoringRule.all_or_nothing


class TestContract(QuestionTypeContract):
    question_type = TYPE
    cases = strategies.matching()

    def answers(self, interaction: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        prompts, options = strategies.ids(interaction["prompts"]), strategies.ids(interaction["options"])
        pairs = st.dictionaries(st.sampled_from(prompts), st.sampled_from(options))
        return st.builds(lambda given: {"pairs": given}, pairs)

    def form_of(self, data: dict[str, Any]) -> dict[str, list[str]]:
        return {f"pair-{prompt}": [option] for prompt, option in data["pairs"].items()}


def draft(pairs: dict[str, str], extras: Any = ()) -> dict[str, Any]:
    rows = [{"prompt": prompt, "option": option} for prompt, option in pairs.items()]
    return {"pairs": rows, "extra_options": extras}


GOOD = draft({"Lief": "osteopath", "Travell": "physician", "Varma": "manipulator"}, ["engineer"])


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (draft({"a": "1"}), "pairs"),
        (draft({"a": "1", "A": "2"}), "pairs.2"),
        (draft({"a": "1", "b": "<i>1</i>"}), "pairs.2"),
        (draft({"a": "1", "b": "2"}, ["2"]), "extra_options.3"),
        (draft({"a": "1", "b": ""}), "pairs.2.option"),
        (draft({"a": "1", "": "2"}), "pairs.2.prompt"),
        (draft({"a": "1", "b": "2"}, ["<p></p>"]), "extra_options.1"),
        (draft({"a": "1", "b": "2"}, "3"), "extra_options"),
        ({"pairs": [None, None]}, "pairs.1"),
        ({"pairs": [{"prompt": "a", "option": "1", "key": True}] * 2}, "pairs.1"),
        ({}, "pairs"),
    ],
)
def test_an_impossible_draft_is_refused(value: Any, field: str) -> None:
    with pytest.raises(CompileProblem) as caught:
        TYPE.compile(value, PARTIAL)
    assert caught.value.field == field


def test_options_are_stored_in_an_order_that_tells_nothing() -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    assert [entry.html for entry in compiled.presentation.options] == [
        "engineer",
        "manipulator",
        "osteopath",
        "physician",
    ]
    assert compiled.key.pairs == {"p1": "o3", "p2": "o4", "p3": "o2"}


def test_a_share_of_right_pairs_counts() -> None:
    arrangement = {"prompts": ["p1", "p2", "p3"], "options": ["o1", "o2", "o3", "o4"]}
    sent = {"pairs": {"p1": "c", "p2": "c"}}
    for rule, expected in ((PARTIAL, Decimal(1) / 3), (ALL, Decimal(0))):
        compiled = TYPE.compile(GOOD, rule)
        answer = TYPE.parse(compiled.presentation, arrangement, sent)
        assert TYPE.grade(compiled.key, answer).fraction == expected
        assert not TYPE.is_complete(compiled.presentation, answer)
        assert TYPE.classify(compiled.presentation, compiled.key, answer) == ["p1:o3", "p2:o3"]
        assert TYPE.summarise(compiled.presentation, answer) == "Lief → osteopath; Travell → osteopath"


def test_chance() -> None:
    for rule, expected in ((PARTIAL, Decimal("0.25")), (ALL, Decimal("0.015625"))):
        compiled = TYPE.compile(GOOD, rule)
        assert TYPE.chance(compiled.presentation, compiled.key) == expected


@pytest.mark.parametrize(
    "sent",
    [
        [],
        {"p1": []},
        {"p1": None},
        {"p9": "a"},
        {"p1": "p1"},
        {"p1": "o1"},
        {1: "a"},
        {f"x{n}": "a" for n in range(50)},
        None,
    ],
)
def test_the_wrong_shape_is_refused(sent: Any) -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    arrangement = TYPE.arrange(compiled.presentation, random.Random(0))
    with pytest.raises(AnswerProblem):
        TYPE.parse(compiled.presentation, arrangement, {"pairs": sent})
