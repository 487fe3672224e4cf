"""Numbers beyond the common contract."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.types import numbers, registry
from quizzes.types.base import AnswerProblem, CompileProblem, ScoringRule
from tests.quizzes.types import strategies
from tests.quizzes.types.contract import QuestionTypeContract

TYPE = registry.get("numeric")
ALL = ScoringRule.all_or_nothing


class TestContract(QuestionTypeContract):
    question_type = TYPE
    cases = strategies.numeric()

    def answers(self, interaction: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        number = (
            st.integers(-(10**20), 10**20)
            | st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 6))
            | strategies.decimals.map(str)
            | strategies.decimals.map(lambda value: str(value).replace(".", ","))
        )
        return st.builds(lambda value: {"value": value}, number)

    def form_of(self, data: dict[str, Any]) -> dict[str, list[str]]:
        value = data["value"]
        if isinstance(value, float):
            return {"answer": [format(Decimal(repr(value)), "f")]}
        return {"answer": [f" {value} "]}


def parse(value: Any) -> Decimal:
    answer = TYPE.parse(TYPE.Presentation(unit=""), {}, {"value": value})
    return answer.value  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        (20, "20"),
        (20.5, "20.5"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        ("20", "20"),
        (" 20.50 ", "20.5"),
        ("20,5", "20.5"),
        ("0,125", "0.125"),
        ("1925", "1925"),
        ("1.925", "1.925"),
        (".5", "0.5"),
        ("5,", "5"),
        ("+3", "3"),
        ("-3", "-3"),
        ("\u22123", "-3"),
        ("-0", "0"),
        ("007", "7"),
        (-0.0, "0"),
    ],
)
def test_a_number_is_read_exactly(sent: Any, value: str) -> None:
    assert numbers.write_number(parse(sent)) == value


@pytest.mark.parametrize(
    "sent",
    [
        True,
        False,
        None,
        "",
        " ",
        "1 000",
        "1\u00a0000",
        "1'000",
        "1_000",
        "1,000",
        "12,345",
        "1,000.5",
        "1.000,5",
        "1,000,000",
        "1e3",
        "inf",
        "-Infinity",
        "nan",
        "0x10",
        "1/2",
        "20 cm",
        "٣",
        "³",
        "--3",
        "-",
        ".",
        "1" * 31,
        pytest.param("1" * 10**6, id="a million digits"),
        float("nan"),
        float("inf"),
        1e300,
        pytest.param(10**5000, id="a huge integer"),
        [20],
        {"n": 20},
    ],
)
def test_what_is_not_one_number_is_refused(sent: Any) -> None:
    with pytest.raises(AnswerProblem) as caught:
        parse(sent)
    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    ("value", "sent", "right"),
    [
        ({"value": "1925", "tolerance": "0"}, 1925, True),
        ({"value": "1925", "tolerance": "0"}, "1925.0", True),
        ({"value": "1925", "tolerance": "0"}, 1924, False),
        ({"value": "0.3", "tolerance": "0.1"}, 0.4, True),
        ({"value": "0.3", "tolerance": "0.1"}, "0,2", True),
        ({"value": "0.3", "tolerance": "0.1"}, "0.4000000000000000000001", False),
        ({"value": None, "low": "10", "high": "20"}, 10, True),
        ({"value": None, "low": "10", "high": "20"}, 20, True),
        ({"value": "", "low": 10, "high": 20}, "20.01", False),
        ({"value": Decimal("-2"), "tolerance": None}, -2, True),
        ({"value": "9" * 29 + "1", "tolerance": "0"}, "9" * 30, False),
    ],
)
def test_bounds_are_inclusive_and_exact(value: dict[str, Any], sent: Any, right: bool) -> None:
    compiled = TYPE.compile(value, ALL)
    answer = TYPE.parse(compiled.presentation, {}, {"value": sent})
    assert TYPE.grade(compiled.key, answer).fraction == int(right)


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({}, "value"),
        ({"value": None, "low": None, "high": None}, "value"),
        ({"value": "ten"}, "value"),
        ({"value": True}, "value"),
        ({"value": float("nan")}, "value"),
        ({"value": "1", "tolerance": "-1"}, "tolerance"),
        ({"value": "1", "low": "0", "high": "2"}, "value"),
        ({"low": "1"}, "low"),
        ({"high": "1"}, "low"),
        ({"low": "2", "high": "1"}, "high"),
        ({"low": "1", "high": "2", "tolerance": "1"}, "tolerance"),
        ({"value": "1", "unit": 5}, "unit"),
        ({"value": "1", "unit": "x" * 41}, "unit"),
    ],
)
def test_an_impossible_key_is_refused(value: dict[str, Any], field: str) -> None:
    with pytest.raises(CompileProblem) as caught:
        TYPE.compile(value, ALL)
    assert caught.value.field == field


def test_a_review_can_tell_the_bounds() -> None:
    wide = TYPE.compile({"value": "20", "tolerance": "0.5", "unit": "cm"}, ALL)
    assert TYPE.choice_feedback(wide.key, None) == {"low": "19.5", "high": "20.5"}
    exact = TYPE.compile({"value": "20.0", "tolerance": "0", "unit": ""}, ALL)
    assert TYPE.choice_feedback(exact.key, None) == {}
    assert exact.key == TYPE.compile({"value": 20}, ALL).key
    assert TYPE.summarise(wide.presentation, TYPE.Answer(value=Decimal("20.5"))) == "20.5 cm"


@given(value=st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_an_echo_is_a_json_number_only_where_that_loses_nothing(value: Any) -> None:
    try:
        answer = TYPE.parse(TYPE.Presentation(unit=""), {}, {"value": str(value)})
    except AnswerProblem:
        return
    echoed = TYPE.serialise({}, answer)["value"]
    assert Decimal(str(echoed)) == answer.value
    assert not isinstance(echoed, int) or abs(echoed) <= 2**53
