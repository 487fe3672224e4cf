"""Single choice beyond the common contract."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import strategies as st

from quizzes.types import registry
from quizzes.types.base import AnswerProblem, CompileProblem, ScoringRule
from tests.quizzes.types import strategies
from tests.quizzes.types.contract import QuestionTypeContract

TYPE = registry.get("single_choice")
ALL = ScoringRule.all_or_nothing


class TestContract(QuestionTypeContract):
    question_type = TYPE
    cases = strategies.single_choice()

    def answers(self, interaction: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        return st.builds(lambda choice: {"choice": choice}, st.sampled_from(strategies.ids(interaction["choices"])))

    def form_of(self, data: dict[str, Any]) -> dict[str, list[str]]:
        return {"answer": [data["choice"]]}


def draft(*rows: tuple[Any, Any], **more: Any) -> dict[str, Any]:
    return {"choices": [{"text": text, "key": key} for text, key in rows], **more}


GOOD = draft(("Kellgren", True), ("Lewis", False), ("Travell", False))


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (draft(("one", False), ("two", False)), "choices"),
        (draft(("one", True), ("two", True)), "choices"),
        (draft(("one", True)), "choices"),
        (draft(("one", True), ("<b>ONE</b> ", False)), "choices.2"),
        (draft(("one", True), ("<p>&nbsp;</p>", False)), "choices.2.text"),
        (draft(("one", True), ("\u200b", False)), "choices.2.text"),
        (draft(("one", True), ("two", "false")), "choices.2.key"),
        (draft(("one", True), (5, False)), "choices.2.text"),
        (draft(("one", True), ("two", False), shuffle="no"), "shuffle"),
        (draft(("one", True), ("two", False), shufle=True), "shufle"),
        ({"choices": [None, None]}, "choices.1"),
        ({"choices": "one"}, "choices"),
        ({"choices": None}, "choices"),
        ({}, "choices"),
        (None, ""),
    ],
)
def test_an_impossible_draft_is_refused(value: Any, field: str) -> None:
    with pytest.raises(CompileProblem) as caught:
        TYPE.compile(value, ALL)
    assert caught.value.field == field
    assert caught.value.message


def test_a_rule_the_type_does_not_have_is_refused() -> None:
    with pytest.raises(CompileProblem):
        TYPE.compile(GOOD, ScoringRule.partial)


def test_rich_text_is_cleaned_and_normalised() -> None:
    choices = [
        {"text": SimpleNamespace(source='<p data-block-key="k">a <b>bold</b></p><p>move</p>'), "key": True},
        {"text": "10<sup>2</sup><script>alert(1)</script>", "key": False},
        {"text": "102", "key": False, "feedback": "<p>No <a href='x'>link</a>.</p>"},
    ]
    compiled = TYPE.compile({"choices": choices}, ALL)
    assert [choice.html for choice in compiled.presentation.choices] == [
        "a <strong>bold</strong><br>move",
        "10<sup>2</sup>",
        "102",
    ]
    assert compiled.key.feedback == {"c3": "<p>No link.</p>"}


def test_choices_that_speak_of_the_others_stay_last() -> None:
    compiled = TYPE.compile(draft(("one", True), ("None of the above.", False), ("two", False), ("three", False)), ALL)
    for seed in range(20):
        shown = TYPE.arrange(compiled.presentation, random.Random(seed))["choices"]
        assert shown[-1] == "c2"


def test_the_authors_order_stays_when_it_counts() -> None:
    compiled = TYPE.compile({**GOOD, "shuffle": False}, ALL)
    assert TYPE.arrange(compiled.presentation, random.Random(1)) == {"choices": ["c1", "c2", "c3"]}


def test_every_order_comes_up() -> None:
    compiled = TYPE.compile(GOOD, ALL)
    shown = {tuple(TYPE.arrange(compiled.presentation, random.Random(seed))["choices"]) for seed in range(100)}
    assert len(shown) == 6


def test_aliases_follow_the_order_shown() -> None:
    compiled = TYPE.compile(GOOD, ALL)
    arrangement = {"choices": ["c3", "c1", "c2"]}
    assert TYPE.interaction(compiled.presentation, arrangement) == {
        "choices": [
            {"id": "a", "html": "Travell"},
            {"id": "b", "html": "Kellgren"},
            {"id": "c", "html": "Lewis"},
        ]
    }
    answer = TYPE.parse(compiled.presentation, arrangement, {"choice": "b"})
    assert answer.choice == "c1"
    assert TYPE.grade(compiled.key, answer).fraction == 1
    assert TYPE.summarise(compiled.presentation, answer) == "Kellgren"


@pytest.mark.parametrize(
    "sent",
    [{}, {"choice": None}, {"choice": "c1"}, {"choice": ["a"]}, {"choice": "a", "x": 1}, "a", [], None, 1],
)
def test_the_wrong_shape_is_refused(sent: Any) -> None:
    compiled = TYPE.compile(GOOD, ALL)
    arrangement = TYPE.arrange(compiled.presentation, random.Random(0))
    with pytest.raises(AnswerProblem):
        TYPE.parse(compiled.presentation, arrangement, sent)
