"""Labelling beyond the common contract."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st

from quizzes.types import registry
from quizzes.types.base import AnswerProblem, CompileProblem, ScoringRule
from tests.quizzes.types import strategies, strategies_picture
from tests.quizzes.types.contract import QuestionTypeContract
from tests.quizzes.types.strategies import Form

TYPE = registry.get("labelling")
PARTIAL, ALL = ScoringRule.partial, ScoringRule.all_or_nothing


class TestContract(QuestionTypeContract):
    question_type = TYPE
    cases = strategies_picture.labelling()

    def answers(self, interaction: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        targets = [target["id"] for target in interaction["targets"]]
        labels = strategies.ids(interaction["labels"])
        if interaction["reuse"]:
            pairs = st.dictionaries(st.sampled_from(targets), st.sampled_from(labels))
        else:
            pairs = st.builds(
                lambda some, order: dict(zip(some, order, strict=False)),
                st.lists(st.sampled_from(targets), unique=True),
                st.permutations(labels),
            )
        return st.builds(lambda given: {"labels": given}, pairs)

    def form_of(self, data: dict[str, Any]) -> dict[str, list[str]]:
        return {f"label-{target}": [label] for target, label in data["labels"].items()}


def draft(places: dict[str, str], extras: Any = (), reuse: Any = False) -> dict[str, Any]:
    rows = [{"at": at, "label": label} for at, label in places.items()]
    return {"targets": rows, "extra_labels": extras, "reuse": reuse}


GOOD = draft({"50 80": "Soleus", "30 20": "Rectus femoris", "70 20": "Sartorius"}, ["Gracilis"])
PLAIN = {"targets": ["t1", "t2", "t3"], "labels": ["l1", "l2", "l3", "l4"]}


def test_neither_order_tells_anything() -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    assert [(target.id, target.x, target.y) for target in compiled.presentation.targets] == [
        ("t1", 3000, 2000),
        ("t2", 7000, 2000),
        ("t3", 5000, 8000),
    ]
    assert [label.html for label in compiled.presentation.labels] == [
        "Gracilis",
        "Rectus femoris",
        "Sartorius",
        "Soleus",
    ]
    assert compiled.key.labels == {"t1": "l2", "t2": "l3", "t3": "l4"}


def test_the_interaction_says_where_and_what_and_how_often() -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    shown = TYPE.interaction(compiled.presentation, {**PLAIN, "labels": ["l4", "l1", "l3", "l2"]})
    assert shown == {
        "targets": [
            {"id": "t1", "x": 0.3, "y": 0.2},
            {"id": "t2", "x": 0.7, "y": 0.2},
            {"id": "t3", "x": 0.5, "y": 0.8},
        ],
        "labels": [
            {"id": "a", "html": "Soleus"},
            {"id": "b", "html": "Gracilis"},
            {"id": "c", "html": "Sartorius"},
            {"id": "d", "html": "Rectus femoris"},
        ],
        "reuse": False,
    }


def test_a_share_of_right_labels_counts() -> None:
    for rule, expected in ((PARTIAL, Decimal(1) / 3), (ALL, Decimal(0))):
        compiled = TYPE.compile(GOOD, rule)
        answer = TYPE.parse(compiled.presentation, PLAIN, {"labels": {"t3": "c", "t1": "b"}})
        assert TYPE.grade(compiled.key, answer).fraction == expected
        assert not TYPE.is_complete(compiled.presentation, answer)
        assert TYPE.classify(compiled.presentation, compiled.key, answer) == ["t1:l2", "t3:l3"]
        assert TYPE.summarise(compiled.presentation, answer) == "1 → Rectus femoris; 3 → Sartorius"
        assert TYPE.choice_feedback(compiled.key, answer) == {}


def test_a_label_goes_to_one_place_unless_the_author_allows_more() -> None:
    sent = {"labels": {"t1": "a", "t2": "a"}}
    with pytest.raises(AnswerProblem):
        TYPE.parse(TYPE.compile(GOOD, PARTIAL).presentation, PLAIN, sent)
    again = draft({"10 10": "muscle", "40 40": "muscle", "70 70": "tendon"}, ["bone"], reuse=True)
    compiled = TYPE.compile(again, ALL)
    arrangement = {"targets": ["t1", "t2", "t3"], "labels": ["l2", "l1", "l3"]}
    answer = TYPE.parse(compiled.presentation, arrangement, {"labels": {"t1": "a", "t2": "a", "t3": "c"}})
    assert TYPE.grade(compiled.key, answer).fraction == 1
    assert TYPE.chance(compiled.presentation, compiled.key) == Decimal(1) / 27


def test_chance_without_reuse() -> None:
    for rule, expected in ((PARTIAL, Decimal("0.25")), (ALL, Decimal(1) / 24)):
        compiled = TYPE.compile(GOOD, rule)
        assert TYPE.chance(compiled.presentation, compiled.key) == expected


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({}, "targets"),
        (draft({}), "targets"),
        (draft({"10 10": "a"}), "extra_labels"),
        (draft({"10 10": "a", "40 40": "A"}, ["b"]), "targets.2"),
        (draft({"10 10": "a", "40 40": "<i>a</i>"}, ["b"], reuse=True), "targets.2"),
        (draft({"10 10": "a"}, ["a"]), "extra_labels.2"),
        (draft({"10 10": "a", "12.9 12.9": "b"}), "targets.2.at"),
        (draft({"10 10": "", "40 40": "b"}), "targets.1.label"),
        (draft({"10": "a", "40 40": "b"}), "targets.1.at"),
        (draft({"10 110": "a", "40 40": "b"}), "targets.1.at"),
        (draft({"10 10": "a"}, ["<p></p>"]), "extra_labels.1"),
        (draft({"10 10": "a"}, "b"), "extra_labels"),
        (draft({"10 10": "a"}, ["b"], reuse="yes"), "reuse"),
        ({"targets": [None], "extra_labels": ["b"]}, "targets.1"),
        ({"targets": [{"at": "1 1", "label": "a", "key": 1}]}, "targets.1"),
        ({"target": []}, "target"),
        (draft({f"{n * 4} 10": f"label {n}" for n in range(21)}), "targets"),
    ],
)
def test_an_impossible_draft_is_refused(value: Any, field: str) -> None:
    with pytest.raises(CompileProblem) as caught:
        TYPE.compile(value, PARTIAL)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "sent",
    [
        [],
        {"t1": []},
        {"t1": None},
        {"t9": "a"},
        {"t1": "t1"},
        {"t1": "l1"},
        {1: "a"},
        {f"x{n}": "a" for n in range(50)},
        None,
        "t1",
    ],
)
def test_the_wrong_shape_is_refused(sent: Any) -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    arrangement = TYPE.arrange(compiled.presentation, random.Random(0))
    with pytest.raises(AnswerProblem):
        TYPE.parse(compiled.presentation, arrangement, {"labels": sent})


@pytest.mark.parametrize("sent", [None, [], {}, {"labels": {}, "pairs": {}}, {"pairs": {}}])
def test_another_member_is_refused(sent: Any) -> None:
    with pytest.raises(AnswerProblem):
        TYPE.parse(TYPE.compile(GOOD, PARTIAL).presentation, PLAIN, sent)


def test_a_form_names_what_it_labels() -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    form = Form({"label-t1": [""], "label-t2": ["b"], "label-t9": ["a"]})
    assert TYPE.parse_form(compiled.presentation, PLAIN, form) == {"labels": {"t2": "b"}}
    strange = Form({"label-t1": ["z" * 10_000]})
    with pytest.raises(AnswerProblem):
        TYPE.parse(compiled.presentation, PLAIN, TYPE.parse_form(compiled.presentation, PLAIN, strange))
