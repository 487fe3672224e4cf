"""Hotspots beyond the common contract."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.types import registry
from quizzes.types.base import AnswerProblem, CompileProblem, ScoringRule
from tests.quizzes.types import strategies, strategies_picture
from tests.quizzes.types.contract import QuestionTypeContract, contract_settings
from tests.quizzes.types.strategies import CANARY, Form

TYPE = registry.get("hotspot")
PARTIAL, ALL = ScoringRule.partial, ScoringRule.all_or_nothing
#: Aliases equal to the order of the ids.
PLAIN = {"regions": ["r1", "r2", "r3", "r4"]}


class TestContract(QuestionTypeContract):
    question_type = TYPE
    cases = strategies_picture.hotspot()

    def answers(self, interaction: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        most = interaction["max"]
        regions = st.builds(lambda picked: {"regions": picked}, strategies.some_of(interaction["regions"], most))
        points = st.builds(lambda given: {"points": given}, strategies_picture.points(most))
        return regions | points

    def form_of(self, data: dict[str, Any]) -> dict[str, list[str]]:
        # A script writes four places; more would mean less than a pixel.
        written = " ".join(f"{x:.10f},{y:.10f}" for x, y in data.get("points", []))
        return {"answer": data.get("regions", []), "points": [written]}


def region(text: str, numbers: str, key: bool = False, kind: str = "rectangle", **more: Any) -> dict[str, Any]:
    return {"text": text, "shape": {"kind": kind, "numbers": numbers}, "key": key, **more}


def draft(*regions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"min": 1, "max": 2, "regions": list(regions), **more}


GOOD = draft(
    region("Masseter", "10 10 30 30", True, feedback=f"{CANARY} yes"),
    region("Temporalis", "40 40 10", True, "circle"),
    region("Zygomatic arch", "60 60 80 60 70 80", kind="polygon", feedback="no"),
    region("Orbit", "30 10 38 30"),
    picture_size=[400, 400],
)
FIRST, SECOND, WRONG, OUTSIDE = [0.2, 0.2], [0.4, 0.45], [0.7, 0.7], [0.9, 0.1]


def graded(answer: dict[str, Any], rule: ScoringRule = PARTIAL, value: Any = GOOD, **bounds: int) -> Decimal | None:
    compiled = TYPE.compile({**value, **bounds}, rule)
    parsed = TYPE.parse(compiled.presentation, PLAIN, answer)
    return TYPE.grade(compiled.key, parsed).fraction


@pytest.mark.parametrize(
    ("points", "regions", "partial"),
    [
        ([FIRST, SECOND], ["a", "b"], 1),
        ([SECOND, FIRST], ["b", "a"], 1),
        ([FIRST], ["a"], Decimal("0.5")),
        ([FIRST, [0.25, 0.25]], ["a"], Decimal("0.5")),  # Twice in one region is one pick.
        ([FIRST, WRONG], ["a", "c"], 0),
        ([WRONG], ["c"], 0),
        ([], [], 0),
    ],
)
def test_points_and_regions_are_scored_alike(points: list[Any], regions: list[str], partial: Any) -> None:
    assert graded({"points": points}) == graded({"regions": regions}) == partial
    whole = 1 if partial == 1 else 0
    assert graded({"points": points}, ALL) == graded({"regions": regions}, ALL) == whole


def test_each_point_outside_is_a_wrong_pick_for_itself() -> None:
    assert graded({"points": [FIRST, SECOND, OUTSIDE]}, max=4) == Decimal("0.5")
    assert graded({"points": [FIRST, SECOND, OUTSIDE, [0.95, 0.1]]}, max=4) == 0
    assert graded({"points": [FIRST, SECOND, OUTSIDE, list(OUTSIDE)]}, max=4) == Decimal("0.5")
    assert graded({"points": [FIRST, SECOND, OUTSIDE]}, ALL, max=4) == 0


def test_a_shared_border_belongs_to_the_right_region() -> None:
    value = draft(region("wrong", "10 10 30 30"), region("right", "30 10 50 30", True))
    assert graded({"points": [[0.3, 0.2]]}, value=value) == 1
    assert graded({"points": [[0.2999, 0.2]]}, value=value) == 0
    assert graded({"points": [[0.5, 0.3]]}, value=value) == 1


def test_a_hit_is_a_hit_after_rounding() -> None:
    assert graded({"points": [[0.30000000000000004, 0.1], SECOND]}) == 1
    assert graded({"points": [[0.30004, 0.1], SECOND]}) == 1
    assert graded({"points": [[0.1, 0.30006]]}) == 0


@contract_settings
@given(data=st.data())
def test_a_point_in_a_region_says_the_same_as_the_region(data: st.DataObject) -> None:
    case = data.draw(strategies_picture.hotspot())
    compiled = TYPE.compile(case.draft, case.scoring)
    arrangement = TYPE.arrange(compiled.presentation, random.Random(1))
    picked = data.draw(st.lists(st.sampled_from(arrangement["regions"]), unique=True, max_size=case.draft["max"]))
    middles = []
    for identity in picked:
        row = case.draft["regions"][int(identity[1:]) - 1]["shape"]
        numbers = [float(word.strip(",;%")) for word in row["numbers"].split()]
        x, y = {
            "circle": lambda n: (n[0], n[1]),
            "rectangle": lambda n: ((n[0] + n[2]) / 2, (n[1] + n[3]) / 2),
            "polygon": lambda n: (n[2], n[1]),
        }[row["kind"]](numbers)
        middles.append([x / 100, y / 100])
    by_points = TYPE.parse(compiled.presentation, arrangement, {"points": middles})
    names = {identity: "abcdefgh"[place] for place, identity in enumerate(arrangement["regions"])}
    by_list = TYPE.parse(compiled.presentation, arrangement, {"regions": [names[identity] for identity in picked]})
    assert TYPE.grade(compiled.key, by_points) == TYPE.grade(compiled.key, by_list)
    classes = [TYPE.classify(compiled.presentation, compiled.key, answer) for answer in (by_points, by_list)]
    assert classes[0] == classes[1]
    assert TYPE.hits(compiled.key, by_points) == picked


def test_reports() -> None:
    compiled = TYPE.compile({**GOOD, "max": 4}, PARTIAL)
    points = TYPE.parse(compiled.presentation, PLAIN, {"points": [OUTSIDE, FIRST, [0.96, 0.123]]})
    assert TYPE.classify(compiled.presentation, compiled.key, points) == ["r1", "none"]
    assert TYPE.hits(compiled.key, points) == [None, "r1", None]
    assert TYPE.hits(compiled.key, None) == []
    assert TYPE.summarise(compiled.presentation, points) == "90 % / 10 %; 20 % / 20 %; 96 % / 12.3 %"
    regions = TYPE.parse(compiled.presentation, PLAIN, {"regions": ["d", "a"]})
    assert TYPE.classify(compiled.presentation, compiled.key, regions) == ["r1", "r4"]
    assert TYPE.summarise(compiled.presentation, regions) == "Masseter; Orbit"
    assert set(TYPE.choice_feedback(compiled.key, None)) == {"r1", "r3"}
    assert TYPE.serialise(PLAIN, TYPE.correct_answer(compiled.key)) == {"regions": ["a", "b"]}


def test_the_interaction_has_labels_and_no_geometry() -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    shown = TYPE.interaction(compiled.presentation, {"regions": ["r3", "r1", "r2", "r4"]})
    assert set(shown) == {"min", "max", "regions"}
    assert shown["regions"][0] == {"id": "a", "html": "Zygomatic arch"}
    assert "shape" not in compiled.presentation.model_dump_json()


def test_incomplete_answers_are_kept() -> None:
    compiled = TYPE.compile({**GOOD, "min": 2}, PARTIAL)
    for sent in ({"points": [FIRST]}, {"points": []}, {"regions": ["a"]}, {"regions": []}, {"points": [FIRST, FIRST]}):
        answer = TYPE.parse(compiled.presentation, PLAIN, sent)
        assert not TYPE.is_complete(compiled.presentation, answer)
    assert TYPE.is_complete(
        compiled.presentation, TYPE.parse(compiled.presentation, PLAIN, {"points": [FIRST, OUTSIDE]})
    )


def test_chance_is_that_of_the_list() -> None:
    one = draft(region("a", "10 10 20 20", True), region("b", "30 10 40 20"), region("c", "50 10 60 20"), max=1)
    compiled = TYPE.compile(one, PARTIAL)
    assert TYPE.chance(compiled.presentation, compiled.key) == Decimal(1) / 3


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        {},
        {"regions": ["a"], "points": []},
        {"point": [0.1, 0.2]},
        {"regions": "a"},
        {"regions": ["z"]},
        {"regions": ["r1"]},
        {"regions": ["a", "a"]},
        {"regions": ["a", "b", "c"]},
        {"regions": [["a"]]},
        {"points": {}},
        {"points": [0.1, 0.2]},
        {"points": [[0.1]]},
        {"points": [[0.1, 0.2, 0.3]]},
        {"points": [["0.1", "0.2"]]},
        {"points": [[True, False]]},
        {"points": [[float("nan"), 0.5]]},
        {"points": [[float("inf"), 0.5]]},
        {"points": [[-0.0001, 0.5]]},
        {"points": [[0.5, 1.0001]]},
        {"points": [[10**400, 0]]},
        {"points": [None]},
        {"points": [FIRST, SECOND, WRONG]},
        {"points": [FIRST] * 1000},
    ],
)
def test_the_wrong_shape_is_refused(sent: Any) -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    with pytest.raises(AnswerProblem):
        TYPE.parse(compiled.presentation, PLAIN, sent)


@pytest.mark.parametrize(
    "written",
    [
        "0.1", "0.1,0.2,0.3", "0.1;0.2", ".1,.2", "1e-1,0", "-0.1,0", "nan,0", "0.1, 0.2", "2,0", "²,0", "0.1,0.2x",
        "1.5,0", "0,0 " * 500,
    ],
)  # fmt: skip
def test_a_field_of_points_that_no_script_wrote_is_refused(written: str) -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    form = Form({"points": [written]})
    with pytest.raises(AnswerProblem):
        TYPE.parse(compiled.presentation, PLAIN, TYPE.parse_form(compiled.presentation, PLAIN, form))


def test_the_list_goes_before_points_saved_earlier() -> None:
    compiled = TYPE.compile(GOOD, PARTIAL)
    form = Form({"points": ["0.1,0.2 1,0"], "answer": ["b"]})
    assert TYPE.parse_form(compiled.presentation, PLAIN, form) == {"regions": ["b"]}
    assert TYPE.parse_form(compiled.presentation, PLAIN, Form({"points": ["0.1,0.2 1,0"]})) == {
        "points": [[0.1, 0.2], [1.0, 0.0]]
    }
    assert TYPE.parse_form(compiled.presentation, PLAIN, Form({"points": [" "], "answer": [""]})) is None


A, B = region("a", "10 10 20 20", True), region("b", "30 10 40 20")


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({}, "regions"),
        (draft(A), "regions"),
        (draft(B, region("c", "50 10 60 20")), "regions"),
        (draft(A, {**B, "key": True}), "regions"),
        (draft(A, region("b", "19 10 40 20")), "regions.2.shape.numbers"),
        (draft(A, B, region("c", "35 15 5", kind="circle"), picture_size=(1, 1)), "regions.3.shape.numbers"),
        (draft(A, region("c", "50 50 5", kind="circle")), "picture"),
        (draft(A, region("A", "30 10 40 20")), "regions.2"),
        (draft(A, region("", "30 10 40 20")), "regions.2.text"),
        (draft(A, region("b", "30 10")), "regions.2.shape.numbers"),
        (draft(A, region("b", "30 10 40 20", kind="star")), "regions.2.shape.kind"),
        (draft(A, {"text": "b"}), "regions.2.shape"),
        (draft(A, {**B, "shape": "30 10 40 20"}), "regions.2.shape"),
        (draft(A, {**B, "shape": {"kind": "circle", "numbers": "1 2 3", "x": 1}}), "regions.2.shape"),
        (draft(A, {**B, "key": "yes"}), "regions.2.key"),
        (draft(A, {**B, "colour": "red"}), "regions.2"),
        (draft(A, None), "regions.2"),
        (draft(A, B, min=-1), "min"),
        (draft(A, B, min=3, max=2), "max"),
        (draft(A, B, max=3), "max"),
        (draft(A, B, max=0, min=0), "max"),
        (draft(A, B, max="2"), "max"),
        (draft(A, B, min=2), "regions"),
        (draft(A, region("c", "50 10 60 20", True), B, max=1), "regions"),
        (draft(A, B, picture_size=(0, 1)), "picture"),
        (draft(A, B, picture="x"), "picture"),
        (draft(*[region(str(n), "10 10 20 20") for n in range(31)]), "regions"),
    ],
)
def test_an_impossible_draft_is_refused(value: Any, field: str) -> None:
    with pytest.raises(CompileProblem) as caught:
        TYPE.compile(value, PARTIAL)
    assert caught.value.field == field


def test_the_most_is_one_unless_the_author_says_more() -> None:
    presentation = TYPE.compile(draft(A, B, min=None, max=None), PARTIAL).presentation
    assert (presentation.min, presentation.max) == (1, 1)


def test_many_crooked_regions_are_compared_in_no_time() -> None:
    def comb(top: int) -> str:
        teeth = [(5 + 2.25 * n, top + (0 if n % 2 else 2)) for n in range(38)]
        return " ".join(f"{x} {y}" for x, y in [*teeth, (90, top + 2.9), (5, top + 2.9)])

    rows = [region(str(n), comb(3 * n + 1), n == 0, "polygon") for n in range(30)]
    assert len(TYPE.compile(draft(*rows), PARTIAL).key.shapes) == 30
