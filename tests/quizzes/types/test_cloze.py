"""Texts with gaps beyond the common contract."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.types import gaps, registry
from quizzes.types.base import AnswerProblem, CompileProblem, ScoringRule
from tests.quizzes.types import strategies_text
from tests.quizzes.types.contract import QuestionTypeContract, contract_settings, is_a_sentence
from tests.quizzes.types.strategies import CANARY, Form, junk

TYPE = registry.get("cloze")
PARTIAL, ALL = ScoringRule.partial, ScoringRule.all_or_nothing


class TestContract(QuestionTypeContract):
    question_type = TYPE
    cases = strategies_text.cloze()

    def answers(self, interaction: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        each = {gap["id"]: strategies_text.gap_values(gap) for gap in interaction["gaps"]}
        return st.fixed_dictionaries({}, optional=each).map(lambda given: {"gaps": given})

    def form_of(self, data: dict[str, Any]) -> dict[str, list[str]]:
        return {f"gap-{gap}": [str(value)] for gap, value in data["gaps"].items()}

    @contract_settings
    @given(data=st.data(), given=st.dictionaries(st.sampled_from(["g1", "g2", "g9", "a", ""]), junk, max_size=3))
    def test_junk_in_the_gaps_is_refused_and_nothing_else(self, data: st.DataObject, given: Any) -> None:
        presentation, _, arrangement = self.shown(data.draw(self.cases), 1)
        form = Form({f"gap-{gap}": [str(value)] for gap, value in given.items()})
        for sent in ({"gaps": given}, TYPE.parse_form(presentation, arrangement, form)):
            try:
                TYPE.parse(presentation, arrangement, sent)
            except AnswerProblem as problem:
                is_a_sentence(problem.message)


def written(*answers: str, **more: Any) -> dict[str, Any]:
    return {"kind": "text", "answers": list(answers), **more}


def chosen(*texts: str, key: int = 0, **more: Any) -> dict[str, Any]:
    rows = [{"text": text, "key": place == key, "feedback": f"on {text}"} for place, text in enumerate(texts)]
    return {"kind": "choice", "choices": rows, **more}


def number(value: Any, tolerance: Any = 0, **more: Any) -> dict[str, Any]:
    return {"kind": "numeric", "value": value, "tolerance": tolerance, **more}


def draft(text: str, *entries: Any) -> dict[str, Any]:
    return {"text": text, "gaps": list(entries)}


GOOD = draft(
    "<p>The [[2]] muscle <b>[[1]]</b> the arm</p><p>by about [[3]] degrees.</p>",
    chosen("abducts", "adducts", "extends"),
    written("supraspinatus", "supra*", typo_tolerance=True, feedback=f"{CANARY} above the spine"),
    number(15, 5),
)


def sent(**given: Any) -> dict[str, Any]:
    return {"gaps": given}


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (draft("", written("a")), "text"),
        (draft("<p> </p>", written("a")), "text"),
        (draft("no gap", written("a")), "text"),
        (draft("[[1]] [[1]]", written("a")), "text"),
        (draft("[[1]]", written("a"), written("b")), "text"),
        (draft("[[1]] [[2]]", written("a")), "text"),
        (draft("[[1]] [[01]]", written("a")), "text"),
        (draft("[[1]] [[x]]", written("a")), "text"),
        (draft("[[1]] [[<b>2</b>]]", written("a"), written("b")), "text"),
        (draft("[[1]]"), "gaps"),
        (draft("[[1]]", *[written("a")] * 21), "gaps"),
        ({"text": "[[1]]", "gaps": "a"}, "gaps"),
        (draft("[[1]]", "a"), "gaps.1.kind"),
        (draft("[[1]]", {"kind": "essay"}), "gaps.1.kind"),
        (draft("[[1]]", {"kind": ["text"]}), "gaps.1.kind"),
        (draft("[[1]]", written()), "gaps.1.answers"),
        (draft("[[1]]", written("a", "")), "gaps.1.answers.2"),
        (draft("[[1]]", written("a", "A ")), "gaps.1.answers.2"),
        (draft("[[1]]", written("a*")), "gaps.1.answers.1"),
        (draft("[[1]]", written("a", "*")), "gaps.1.answers.2"),
        (draft("[[1]]", written("x" * 101)), "gaps.1.answers.1"),
        (draft("[[1]]", written("a", value=1)), "gaps.1"),
        (draft("[[1]]", written("a", typo_tolerance=1)), "gaps.1.typo_tolerance"),
        (draft("[[1]]", written("a", samples=3)), "gaps.1.samples"),
        (draft("[[1]]", chosen("a", "b", key=7)), "gaps.1.choices"),
        (draft("[[1]]", chosen("a")), "gaps.1.choices"),
        (draft("[[1]]", chosen("a", "A")), "gaps.1.choices.2"),
        (draft("[[1]]", {**chosen("a", "b"), "answers": ["a"]}), "gaps.1"),
        (draft("[[1]]", number(None)), "gaps.1.value"),
        (draft("[[1]]", number("x")), "gaps.1.value"),
        (draft("[[1]]", number(1, -1)), "gaps.1.tolerance"),
        ({**GOOD, "shuffle": True}, "shuffle"),
        (None, ""),
    ],
)
def test_an_impossible_draft_is_refused(value: Any, field: str) -> None:
    with pytest.raises(CompileProblem) as caught:
        TYPE.compile(value, PARTIAL)
    assert caught.value.field == field


def test_gaps_count_in_reading_order() -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    assert compiled.presentation.html == (
        '<p>The <span data-gap="g1"></span> muscle <strong><span data-gap="g2"></span></strong> the arm</p>'
        '<p>by about <span data-gap="g3"></span> degrees.</p>'
    )
    assert [gap.kind for gap in compiled.presentation.gaps] == ["text", "choice", "numeric"]
    arrangement = {"gap:g2": ["c3", "c1", "c2"]}
    assert TYPE.interaction(compiled.presentation, arrangement)["gaps"] == [
        {"id": "g1", "kind": "text"},
        {
            "id": "g2",
            "kind": "choice",
            "choices": [
                {"id": "a", "html": "extends"},
                {"id": "b", "html": "abducts"},
                {"id": "c", "html": "adducts"},
            ],
        },
        {"id": "g3", "kind": "numeric"},
    ]
    assert list(TYPE.arrange(compiled.presentation, random.Random(1))) == ["gap:g2"]


@pytest.mark.parametrize(
    ("given_gaps", "right"),
    [
        ({"g1": "Supraspinatus", "g2": "b", "g3": 15}, 3),
        ({"g1": "supraspinatis", "g2": "b", "g3": "20,0"}, 3),
        ({"g1": "supra thing", "g2": "b", "g3": "9.9"}, 2),
        ({"g1": "infraspinatus", "g2": "c", "g3": 10}, 1),
        ({"g1": " ", "g2": "", "g3": "12"}, 1),
        ({"g3": 0}, 0),
        ({}, 0),
    ],
)
def test_the_share_of_right_gaps_counts(given_gaps: dict[str, Any], right: int) -> None:
    arrangement = {"gap:g2": ["c3", "c1", "c2"]}
    for rule, expected in ((PARTIAL, Decimal(right) / 3), (ALL, Decimal(right // 3))):
        compiled = TYPE.compile(GOOD, rule)
        answer = TYPE.parse(compiled.presentation, arrangement, {"gaps": given_gaps})
        assert TYPE.grade(compiled.key, answer).fraction == expected
        filled = [value for value in given_gaps.values() if str(value).strip()]
        assert TYPE.is_complete(compiled.presentation, answer) == (len(filled) == 3)


def test_reports_name_gaps_and_canonical_choices() -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    arrangement = {"gap:g2": ["c3", "c1", "c2"]}
    answer = TYPE.parse(compiled.presentation, arrangement, sent(g3="0", g1="Supraspinatis", g2="c"))
    assert TYPE.classify(compiled.presentation, compiled.key, answer) == ["g1:supraspinatus", "g2:c2", "g3:0"]
    assert TYPE.summarise(compiled.presentation, answer) == "1: Supraspinatis; 2: adducts; 3: 0"
    assert TYPE.serialise(arrangement, answer) == sent(g1="Supraspinatis", g2="c", g3=0)


def test_feedback_says_which_gaps_are_right() -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    arrangement = {"gap:g2": ["c3", "c1", "c2"]}
    always = {"g1": f"{CANARY} above the spine", "g3.low": "10", "g3.high": "20"}
    assert TYPE.choice_feedback(compiled.key, None) == always
    answer = TYPE.parse(compiled.presentation, arrangement, sent(g1="supras", g2="a"))
    assert TYPE.choice_feedback(compiled.key, answer) == {
        **always,
        "g1.verdict": "right",
        "g2.verdict": "wrong",
        "g2.choice": "on extends",
    }
    zero = TYPE.parse(compiled.presentation, arrangement, sent(g3=0))
    assert TYPE.choice_feedback(compiled.key, zero)["g3.verdict"] == "wrong"
    assert TYPE.choice_feedback(compiled.key, TYPE.parse(compiled.presentation, arrangement, sent())) == always


def test_chance_is_known_where_there_are_only_choices() -> None:
    value = draft("[[1]] [[2]]", chosen("a", "b"), chosen("a", "b", "c", "d"))
    for rule, expected in ((PARTIAL, Decimal("0.375")), (ALL, Decimal("0.125"))):
        compiled = TYPE.compile(value, rule)
        assert TYPE.chance(compiled.presentation, compiled.key) == expected
    compiled = TYPE.compile(GOOD, PARTIAL)
    assert TYPE.chance(compiled.presentation, compiled.key) is None


@pytest.mark.parametrize(
    "given_gaps",
    [
        [],
        None,
        {"g4": "a"},
        {"": "a"},
        {"g2": "c1"},
        {"g2": "z"},
        {"g2": ["a"]},
        {"g1": 7},
        {"g1": None},
        {"g1": "x" * 101},
        {"g1": "x" * 5_000_000},
        {"g3": "about 20"},
        {"g3": "1,000"},
        {"g3": True},
        {f"g{n}": "a" for n in range(50)},
    ],
)
def test_the_wrong_shape_is_refused(given_gaps: Any) -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    arrangement = TYPE.arrange(compiled.presentation, random.Random(0))
    with pytest.raises(AnswerProblem) as caught:
        TYPE.parse(compiled.presentation, arrangement, {"gaps": given_gaps})
    is_a_sentence(caught.value.message)


def test_an_author_cannot_forge_a_gap() -> None:
    text = 'a &lt;span data-gap="g1"&gt;&lt;/span&gt; <span data-gap="g1"></span><b onclick="x">[[ 1 ]]</b>'
    html = TYPE.compile(draft(text, written("a")), PARTIAL).presentation.html
    pieces = gaps.split_at_gaps(html)
    assert [piece for kind, piece in pieces if kind == "gap"] == ["g1"]
    assert "onclick" not in html
    assert "".join(f'<span data-gap="{piece}"></span>' if kind == "gap" else piece for kind, piece in pieces) == html


def test_the_author_is_shown_what_each_gap_accepts() -> None:
    value = draft(
        "[[2]] and [[1]]",
        written("flexor", typo_tolerance=True, samples="flexer\nflexion"),
        written("ilium", typo_tolerance=True),
    )
    found = {(example.gap, example.text): example for example in TYPE.examples(value)}
    assert found["1", "flexer"].is_accepted
    assert not found["1", "flexion"].is_accepted
    assert not found["2", "ileum"].is_accepted
    assert found["1", "flexer"].is_sample
    assert TYPE.examples(draft("[[1]]", number(3))) == []
