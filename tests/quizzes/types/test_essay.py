"""Essays beyond the common contract: what is kept of a text, and what a marker's points are worth."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.types import registry
from quizzes.types.base import AnswerProblem, CompileProblem, ScoringRule
from quizzes.types.essay import EssayKey, rubric_fraction, word_count
from quizzes.types.rubric import RubricProblem
from tests.quizzes.types import strategies_essay as strategies
from tests.quizzes.types.contract import QuestionTypeContract
from tests.quizzes.types.strategies import Form

TYPE = registry.get("essay")
PARTIAL, ALL = ScoringRule.partial, ScoringRule.all_or_nothing


class TestContract(QuestionTypeContract):
    question_type = TYPE
    cases = strategies.essay()

    def answers(self, interaction: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        return st.builds(lambda text: {"text": text}, strategies.written)

    def form_of(self, data: dict[str, Any]) -> dict[str, list[str]]:
        return {"answer": [data["text"].replace("\n", "\r\n")]}


def criterion(title: str, points: Any = 1, **more: Any) -> dict[str, Any]:
    return {"title": title, "points": points, **more}


def level(points: Any, description: str = "said") -> dict[str, Any]:
    return {"points": points, "description": description}


def draft(*criteria: Any, **more: Any) -> dict[str, Any]:
    return {"criteria": list(criteria), "model_answer": "I would ask first.", **more}


# The consent task of the curriculum: six points, four to pass, and never without the right to stop.
CONSENT = draft(
    *(criterion(title) for title in ("What and where", "Benefit", "Soreness", "Alternatives", "Agreement")),
    criterion("The right to stop", required=True),
    word_limit=60,
    cap_percent=50,
    pass_note="Four of six, with the right to stop.",
)


def key_of(value: dict[str, Any], rule: ScoringRule = PARTIAL) -> EssayKey:
    return TYPE.compile(value, rule).key  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({}, "criteria"),
        (draft(), "criteria"),
        (draft(*(criterion(f"number {n}") for n in range(21))), "criteria"),
        (draft(None), "criteria.1"),
        (draft({"points": 1}), "criteria.1.title"),
        (draft(criterion("a", key=True)), "criteria.1"),
        (draft(criterion("a"), criterion("<b>A</b>")), "criteria.2"),
        (draft(criterion("a", None)), "criteria.1.points"),
        (draft(criterion("a", 0)), "criteria.1.points"),
        (draft(criterion("a", 101)), "criteria.1.points"),
        (draft(criterion("a", 1.5)), "criteria.1.points"),
        (draft(criterion("a", True)), "criteria.1.points"),
        (draft(criterion("a", "2")), "criteria.1.points"),
        (draft(criterion("a", required="yes"), cap_percent=50), "criteria.1.required"),
        (draft(criterion("a", description=5)), "criteria.1.description"),
        (draft(criterion("a", levels="all")), "criteria.1.levels"),
        (draft(criterion("a", levels=[None])), "criteria.1.levels.1"),
        (draft(criterion("a", levels=[level(0), level(1, " ")])), "criteria.1.levels.2.description"),
        (draft(criterion("a", levels=[level(0), level(2)])), "criteria.1.levels.2.points"),
        (draft(criterion("a", levels=[level(-1), level(1)])), "criteria.1.levels.1.points"),
        (draft(criterion("a", levels=[level(0), level(0), level(1)])), "criteria.1.levels"),
        (draft(criterion("a", 2, levels=[level(0), level(1)])), "criteria.1.levels"),
        (draft(criterion("a", 2, levels=[level(1), level(2)])), "criteria.1.levels"),
        (draft(criterion("a", 2, levels=[level(2)])), "criteria.1.levels"),
        (draft(criterion("a", required=True)), "cap_percent"),
        (draft(criterion("a"), cap_percent=50), "cap_percent"),
        (draft(criterion("a", required=True), cap_percent=100), "cap_percent"),
        (draft(criterion("a", required=True), cap_percent="50"), "cap_percent"),
        (draft(criterion("a"), word_limit=0), "word_limit"),
        (draft(criterion("a"), word_limit=5001), "word_limit"),
        (draft(criterion("a"), word_limit="many"), "word_limit"),
        (draft(criterion("a"), model_answer=" \n "), "model_answer"),
        (draft(criterion("a"), model_answer=None), "model_answer"),
        (draft(criterion("a"), model_answer=5), "model_answer"),
        (draft(criterion("a"), model_answer="x" * 20_001), "model_answer"),
        (draft(criterion("a"), pass_note=[]), "pass_note"),
        (draft(criterion("a"), rubric="x"), "rubric"),
        (None, ""),
    ],
)
def test_an_impossible_draft_is_refused(value: Any, field: str) -> None:
    with pytest.raises(CompileProblem) as caught:
        TYPE.compile(value, PARTIAL)
    assert caught.value.field == field
    assert caught.value.message


def test_levels_are_kept_from_the_lowest_up() -> None:
    rows = [level(2, "clear"), level(0, "not said"), level(1, "hinted")]
    found = key_of(draft(criterion("a", 2, levels=rows))).rubric.criteria[0].levels
    assert [(row.points, row.html) for row in found] == [(0, "not said"), (1, "hinted"), (2, "clear")]


# The text --------------------------------------------------------------------------------------------------------


def parse(text: Any) -> str:
    return TYPE.parse(TYPE.Presentation(word_limit=3), {}, {"text": text}).text  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("", ""),
        ("  two lines \r\nand\rthree\n ", "  two lines \nand\nthree\n "),
        ("a\x00b\x0bc\x1f\x7f\x85d", "abcd"),
        ("half \ud83d", "half "),
        ("whole 😀\ttab", "whole 😀\ttab"),
        ("e\u0301", "e\u0301"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("far more than three words", "far more than three words"),
    ],
)
def test_a_text_is_kept_as_it_was_written(sent: str, kept: str) -> None:
    assert parse(sent) == kept


def test_a_text_has_an_end() -> None:
    assert len(parse("x" * 50_000)) == 50_000
    assert len(parse("\r\n" * 50_000)) == 50_000
    with pytest.raises(AnswerProblem) as caught:
        parse("x" * 50_001)
    assert caught.value.field == "text"


@pytest.mark.parametrize("sent", [None, 1, True, ["a"], {"text": "a"}])
def test_only_text_is_an_answer(sent: Any) -> None:
    with pytest.raises(AnswerProblem):
        parse(sent)


@pytest.mark.parametrize("posted", ["", " \r\n\t", "\x00", "\x00 \x1f"])
def test_a_form_without_a_word_is_no_answer(posted: str) -> None:
    assert TYPE.parse_form(TYPE.Presentation(word_limit=None), {}, Form({"answer": [posted]})) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" – … ! ", 0),
        ("one", 1),
        ("well-being isn't 20 %", 3),
        ("line\nbreaks\tand\u00a0blanks", 4),
        ("痛み Schmerz", 2),
    ],
)
def test_words_are_counted_as_people_count_them(text: str, count: int) -> None:
    assert word_count(text) == count
    answer = TYPE.Answer(text=text)
    assert TYPE.is_complete(TYPE.Presentation(word_limit=1), answer) is (count > 0)
    assert TYPE.grade(key_of(CONSENT), answer).fraction == (None if count else 0)


def test_a_summary_is_one_short_line() -> None:
    presentation = TYPE.Presentation(word_limit=None)
    assert TYPE.summarise(presentation, TYPE.Answer(text=" I ask\n\nfirst. ")) == "I ask first."
    long = TYPE.summarise(presentation, TYPE.Answer(text="word " * 1000))
    assert len(long) <= 160
    assert long.endswith("word…")


def test_a_review_can_tell_rubric_and_model_answer() -> None:
    key = key_of(
        draft(
            criterion("<b>Stop</b>", 2, description="<p>any time</p>", levels=[level(0, "no"), level(2, "yes")]),
            pass_note="All of it.",
            model_answer="Stop me <when>\r\nyou like.\n \nAny time.",
        )
    )
    assert TYPE.choice_feedback(key, None) == {
        "c1": "<strong><strong>Stop</strong></strong><br>any time<br>0: no<br>2: yes",
        "c1.points": "2",
        "pass_note": "<p>All of it.</p>",
        "model_answer": "<p>Stop me &lt;when&gt;<br>you like.</p><p>Any time.</p>",
    }
    assert TYPE.correct_answer(key).text == "Stop me <when>\nyou like.\n \nAny time."


# The rubric ------------------------------------------------------------------------------------------------------


def consent(*points: Any) -> dict[str, Any]:
    return {f"c{number}": given for number, given in enumerate(points, start=1)}


@pytest.mark.parametrize(
    ("points", "fraction"),
    [
        (consent(1, 1, 1, 1, 1, 1), Decimal(1)),
        (consent(0, 0, 0, 0, 0, 0), Decimal(0)),
        (consent(1, 1, 1, 0, 0, 1), Decimal(4) / 6),
        (consent("0.5", "0,25", 1, 0, 0, Decimal(1)), Decimal("2.75") / 6),
        # Five of six without the right to stop: capped at a half.
        (consent(1, 1, 1, 1, 1, 0), Decimal("0.5")),
        (consent(1, 1, 1, 1, 1, "0.01"), Decimal("5.01") / 6),
        # Below the cap the cap changes nothing.
        (consent(1, 1, 0, 0, 0, 0), Decimal(2) / 6),
    ],
)
def test_points_become_a_fraction(points: dict[str, Any], fraction: Decimal) -> None:
    assert rubric_fraction(key_of(CONSENT), points) == fraction
    assert rubric_fraction(key_of(CONSENT, ALL), points) == (1 if fraction == 1 else 0)


@pytest.mark.parametrize(
    ("points", "field"),
    [
        ({}, "c1"),
        (consent(1, 1, 1, 1, 1), "c6"),
        (consent(1, 1, None, 1, 1, 1), "c3"),
        (consent(1, 1, " ", 1, 1, 1), "c3"),
        (consent(1, 1, 1, 1, 1, 1, 0), ""),
        ({**consent(1, 1, 1, 1, 1, 1), "": 1}, ""),
        (consent(2, 1, 1, 1, 1, 1), "c1"),
        (consent(1, "-0.01", 1, 1, 1, 1), "c2"),
        (consent(1, "1.001", 1, 1, 1, 1), "c2"),
        (consent(1, "0.125", 1, 1, 1, 1), "c2"),
        (consent(1, 1, 1, "all", 1, 1), "c4"),
        (consent(1, 1, 1, True, 1, 1), "c4"),
        (consent(1, 1, 1, float("nan"), 1, 1), "c4"),
        (consent(1, 1, 1, [1], 1, 1), "c4"),
    ],
)
def test_points_that_do_not_fit_are_refused(points: dict[str, Any], field: str) -> None:
    with pytest.raises(RubricProblem) as caught:
        rubric_fraction(key_of(CONSENT), points)
    assert caught.value.field == field
    assert caught.value.message


def test_with_levels_nothing_lies_between_them() -> None:
    key = key_of(draft(criterion("a", 3, levels=[level(0), level(1), level(3)])))
    assert [rubric_fraction(key, {"c1": points}) for points in (0, 1, 3)] == [0, Decimal(1) / 3, 1]
    for points in (2, "0.5"):
        with pytest.raises(RubricProblem):
            rubric_fraction(key, {"c1": points})


@given(data=st.data())
def test_a_rubric_fraction_lies_between_nothing_and_everything(data: st.DataObject) -> None:
    case = data.draw(strategies.essay())
    key = key_of(case.draft, case.scoring)
    rubric = key.rubric
    fraction = rubric_fraction(key, data.draw(strategies.points_for(rubric)))
    assert 0 <= fraction <= 1
    if case.scoring is ALL:
        assert fraction in (0, 1)
    assert rubric_fraction(key, {row.id: row.points for row in rubric.criteria}) == 1
    assert rubric_fraction(key, {row.id: 0 for row in rubric.criteria}) == 0


@given(data=st.data())
def test_one_more_point_is_never_worth_less(data: st.DataObject) -> None:
    case = data.draw(strategies.essay())
    key = key_of(case.draft, PARTIAL)
    rubric = key.rubric
    points = data.draw(strategies.points_for(rubric))
    better = data.draw(st.sampled_from(rubric.criteria))
    assert rubric_fraction(key, {**points, better.id: better.points}) >= rubric_fraction(key, points)
