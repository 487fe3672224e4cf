"""Short answers beyond the common contract."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st

from quizzes.types import registry, texts
from quizzes.types.base import AnswerProblem, CompileProblem, ScoringRule
from tests.quizzes.types import strategies_text
from tests.quizzes.types.contract import QuestionTypeContract
from tests.quizzes.types.strategies import CANARY

TYPE = registry.get("short_answer")
PARTIAL, ALL = ScoringRule.partial, ScoringRule.all_or_nothing


class TestContract(QuestionTypeContract):
    question_type = TYPE
    cases = strategies_text.short_answer()

    def answers(self, interaction: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        blank = st.sampled_from(["", " ", "\t\n", "\u200b"])
        written = strategies_text.answers | st.text(max_size=interaction["max_length"])
        return st.builds(lambda text: {"text": text[: interaction["max_length"]]}, written | blank)

    def form_of(self, data: dict[str, Any]) -> dict[str, list[str]]:
        return {"answer": [data["text"]]}


def draft(*answers: Any, **more: Any) -> dict[str, Any]:
    rows = [answer if isinstance(answer, dict) else {"text": answer} for answer in answers]
    return {"answers": rows, **more}


def fraction(value: dict[str, Any], text: str, rule: ScoringRule = PARTIAL) -> Decimal | None:
    compiled = TYPE.compile(value, rule)
    answer = TYPE.parse(compiled.presentation, {}, {"text": text})
    return TYPE.grade(compiled.key, answer).fraction


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (draft(), "answers"),
        (draft(""), "answers.1.text"),
        (draft("\u200b"), "answers.1.text"),
        (draft({"text": None}), "answers.1.text"),
        (draft({"text": 7}), "answers.1.text"),
        (draft("soleus", " SOLEUS "), "answers.2"),
        (draft("so*us", "soleus"), "answers.1.text"),
        (draft("soleus", "so * us", "SO  * us"), "answers.3"),
        (draft("soleus", "a**b"), "answers.2.text"),
        (draft("soleus", "a * * b"), "answers.2.text"),
        (draft("soleus", "*"), "answers.2.text"),
        (draft("sole*"), "answers.1.text"),
        (draft({"text": "soleus", "share": 99}), "answers"),
        (draft({"text": "x", "share": 50}, "sole*"), "answers.2.text"),
        (draft({"text": "soleus", "share": 101}), "answers.1.share"),
        (draft({"text": "soleus", "share": -1}), "answers.1.share"),
        (draft({"text": "soleus", "share": "half"}), "answers.1.share"),
        (draft({"text": "soleus", "key": True}), "answers.1"),
        (draft("soleus", max_length=5), "answers.1.text"),
        (draft("soleus", max_length=0), "max_length"),
        (draft("soleus", max_length=501), "max_length"),
        (draft("soleus", max_length="many"), "max_length"),
        (draft("soleus", typo_tolerance="false"), "typo_tolerance"),
        (draft("soleus", samples=["a"]), "samples"),
        (draft("soleus", samples="\n".join(str(n) for n in range(51))), "samples"),
        (draft("x" * 1001), "answers.1.text"),
        (draft("soleus", case="ignored"), "case"),
        ({"answers": ["soleus"]}, "answers.1"),
        ({"answers": "soleus"}, "answers"),
        (None, ""),
    ],
)
def test_an_impossible_draft_is_refused(value: Any, field: str) -> None:
    with pytest.raises(CompileProblem) as caught:
        TYPE.compile(value, PARTIAL)
    assert caught.value.field == field


def test_case_and_blanks_do_not_matter_and_accents_do() -> None:
    value = draft("Brévis", "Straße")
    for text in ("brévis", " BRÉVIS\n", "bre\u0301vis", "STRASSE"):
        assert fraction(value, text) == 1, text
    for text in ("brevis", "brèvis", "bré vis", ""):
        assert fraction(value, text) == 0, text
    assert fraction(draft("gluteus  medius"), "Gluteus\u00a0Medius") == 1
    assert fraction(draft("Achilles' tendon"), "achilles\u2019 tendon") == 1


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\x00"])
def test_a_blank_is_incomplete_and_worth_nothing(text: str) -> None:
    compiled = TYPE.compile(draft("soleus", {"text": "*", "share": 0}), PARTIAL)
    answer = TYPE.parse(compiled.presentation, {}, {"text": text})
    assert not TYPE.is_complete(compiled.presentation, answer)
    assert TYPE.grade(compiled.key, answer).fraction == 0
    assert TYPE.classify(compiled.presentation, compiled.key, answer) == []


def test_the_best_share_counts_and_under_all_or_nothing_only_a_full_one() -> None:
    value = draft(
        {"text": "upper trapezius", "share": 100},
        {"text": "*trapezius*", "share": "50"},
        {"text": "descending trapezius", "share": None},
    )
    cases = {"upper trapezius": 1, "trapezius": Decimal("0.5"), "the trapezius?": Decimal("0.5"), "soleus": 0}
    cases["descending trapezius"] = 1
    for text, expected in cases.items():
        assert fraction(value, text) == expected, text
        assert fraction(value, text, ALL) == int(expected == 1), text
    assert fraction(draft("a b", {"text": "c", "share": "33.33333"}), "c") == Decimal("0.3333333")


def test_what_is_shown_as_right_is_the_first_full_answer_without_its_escapes() -> None:
    compiled = TYPE.compile(draft({"text": "so", "share": 0}, "2 \\* 3", "2*3"), PARTIAL)
    assert TYPE.correct_answer(compiled.key).text == "2 * 3"
    assert fraction(draft("2 \\* 3"), "2 x 3") == 0


def test_feedback_belongs_to_the_answer_given() -> None:
    value = draft(
        {"text": "soleus", "feedback": f"{CANARY} yes"},
        {"text": "gastroc*", "share": 0, "feedback": f"{CANARY} that one crosses the knee"},
    )
    compiled = TYPE.compile(value, PARTIAL)

    def said(text: str) -> dict[str, str]:
        return TYPE.choice_feedback(compiled.key, TYPE.parse(compiled.presentation, {}, {"text": text}))

    assert said("Soleus") == {"answer": f"{CANARY} yes"}
    assert said("gastrocnemius") == {"answer": f"{CANARY} that one crosses the knee"}
    assert said("plantaris") == {} == TYPE.choice_feedback(compiled.key, None)
    assert fraction(value, "gastrocnemius") == 0


def test_answers_that_count_alike_are_classed_alike() -> None:
    compiled = TYPE.compile(draft("Gluteus medius", "glut*", typo_tolerance=True), PARTIAL)

    def classed(text: str) -> list[str]:
        answer = TYPE.parse(compiled.presentation, {}, {"text": text})
        return TYPE.classify(compiled.presentation, compiled.key, answer)

    assert classed(" GLUTEUS  medius") == classed("gluteus meduis") == ["gluteus medius"]
    assert classed("glutaeus") == ["glut*"]
    assert classed(" Piriformis ") == classed("piriformis") == ["piriformis"]


@pytest.mark.parametrize(
    "sent",
    [[], {"text": None}, {"text": 7}, {"text": ["a"]}, {"text": "a", "b": 1}, {"answer": "a"}, {"text": "x" * 31},
     {"text": " " * 10_000_000}, {"text": "x" * 5_000_000}],
)  # fmt: skip
def test_the_wrong_shape_is_refused(sent: Any) -> None:
    compiled = TYPE.compile(draft("soleus", max_length=30), PARTIAL)
    with pytest.raises(AnswerProblem):
        TYPE.parse(compiled.presentation, {}, sent)


def test_what_no_database_keeps_does_not_get_that_far() -> None:
    compiled = TYPE.compile(draft("soleus"), PARTIAL)
    answer = TYPE.parse(compiled.presentation, {}, {"text": "so\x00le\ud800us\r\nx"})
    assert answer.text == "so le\ufffdus x"
    assert TYPE.summarise(compiled.presentation, answer) == answer.text


def test_the_length_told_says_nothing_of_the_key() -> None:
    short, long = (TYPE.compile(draft(text), PARTIAL).presentation for text in ("ox", "sternocleidomastoid"))
    assert short == long
    assert TYPE.interaction(short, {}) == {"max_length": 100}


# What the author is shown -------------------------------------------------------------------------------------------


def shown(value: dict[str, Any]) -> dict[str, Any]:
    return {example.text: example for example in TYPE.examples(value)}


def test_samples_are_judged_with_the_reason() -> None:
    samples = "Abduction\nabducton\naduction\nadduction\n\nabduction of the arm\nbanana\nnot abduction\n"
    found = shown(draft("abduction", {"text": "abduct*", "share": 50}, typo_tolerance=True, samples=samples))
    told = {text: (each.is_accepted, each.answer, each.reason(str)) for text, each in found.items() if each.is_sample}
    assert told == {
        "Abduction": (True, "abduction", "Written like the accepted answer."),
        "abducton": (True, "abduction", "Slip forgiven: abducton → abduction."),
        "aduction": (False, "", "“aduction” is as near to “adduction”."),
        "adduction": (False, "", "“adduction” is another word."),
        "abduction of the arm": (True, "abduct*", "The wildcard lets it in."),
        "banana": (False, "", "Unlike every accepted answer."),
        "not abduction": (False, "", "“not” stands on one side only."),
    }
    assert (found["abducton"].percent, found["abduction of the arm"].percent) == ("100", "50")


def test_examples_are_made_from_the_answers() -> None:
    made = shown(draft("hypertonic muscle", typo_tolerance=True))
    assert made["hypotonic muscle"].how is texts.How.confusable
    forgiven = [each for each in made.values() if each.how is texts.How.slip]
    assert forgiven
    assert all(each.is_accepted and not each.is_sample for each in forgiven)
    assert made.keys().isdisjoint({"hypertonic muscle"})
    assert shown(draft("soleus", "*contraindicated"))["not contraindicated"].is_accepted
    assert not shown(draft("soleus"))


def test_samples_are_no_part_of_the_question() -> None:
    plain, tried = (TYPE.compile(draft("soleus", samples=samples), PARTIAL) for samples in (None, "calf\nsoleas"))
    assert plain == tried


def test_every_made_example_is_told_truly() -> None:
    value = draft("lateral rotation", "outer *", "abductor pollicis longus", typo_tolerance=True)
    for text, example in shown(value).items():
        assert example.is_accepted == (fraction(value, text) == 1), text
