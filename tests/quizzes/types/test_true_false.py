"""True or false beyond the common contract."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from quizzes.types import registry
from quizzes.types.base import AnswerProblem, CompileProblem, ScoringRule
from tests.quizzes.types import strategies
from tests.quizzes.types.contract import QuestionTypeContract

TYPE = registry.get("true_false")
ALL = ScoringRule.all_or_nothing


class TestContract(QuestionTypeContract):
    question_type = TYPE
    cases = strategies.true_false()

    def answers(self, interaction: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        return st.builds(lambda value: {"value": value}, st.booleans())

    def form_of(self, data: dict[str, Any]) -> dict[str, list[str]]:
        return {"answer": ["true" if data["value"] else "false"]}


@pytest.mark.parametrize("value", [{}, {"correct": None}, {"correct": ""}, {"correct": "true"}, {"correct": 1}])
def test_silence_is_not_false(value: Any) -> None:
    with pytest.raises(CompileProblem) as caught:
        TYPE.compile(value, ALL)
    assert caught.value.field == "correct"


@pytest.mark.parametrize("sent", [{"value": "true"}, {"value": 1}, {"value": None}, {}, True])
def test_only_a_verdict_is_an_answer(sent: Any) -> None:
    with pytest.raises(AnswerProblem):
        TYPE.parse(TYPE.Presentation(), {}, sent)


def test_feedback_stands_under_the_verdict() -> None:
    compiled = TYPE.compile({"correct": False, "feedback_true": "<p>No.</p>", "feedback_false": ""}, ALL)
    assert TYPE.choice_feedback(compiled.key, None) == {"true": "<p>No.</p>"}
    assert TYPE.grade(compiled.key, TYPE.Answer(value=False)).fraction == 1
    assert TYPE.summarise(compiled.presentation, TYPE.Answer(value=False)) == "False"


def test_an_unknown_word_in_the_form_is_refused() -> None:
    read = TYPE.parse_form(TYPE.Presentation(), {}, strategies.Form({"answer": ["maybe"]}))
    with pytest.raises(AnswerProblem):
        TYPE.parse(TYPE.Presentation(), {}, read)
