"""The ledger as a pure function of requirements, facts and waivers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.eligibility import Action, Fact, Ledger, Requirement, evaluate, leaf_nodes
from lms.certification.enums import RequirementState as State

RANK = {State.NOT_STARTED: 0, State.IN_PROGRESS: 1, State.WAIVED: 2, State.MET: 3}
NOT_BEGUN, BEGUN, MET = Fact(0, 1, False, False), Fact(0, 1, False, True), Fact(1, 1, True, True)


def leaf(key: str, kind: str = "course") -> dict[str, Any]:
    return {"key": key, "kind": kind, "reference": key, "title": key.title()}


def group(key: str, kind: str, *keys: str, count: int | None = None) -> dict[str, Any]:
    return {"key": key, "kind": kind, "title": key, "count": count, "items": [leaf(item) for item in keys]}


def states(ledger: Ledger) -> list[State]:
    return [row.state for row in ledger.requirements]


@pytest.mark.parametrize(
    ("fact", "waived", "expected"),
    [
        (None, (), State.NOT_STARTED),
        (NOT_BEGUN, (), State.NOT_STARTED),
        (BEGUN, (), State.IN_PROGRESS),
        (MET, (), State.MET),
        (NOT_BEGUN, ("a",), State.WAIVED),
        (BEGUN, ("a",), State.WAIVED),
        (MET, ("a",), State.MET),
        (BEGUN, ("b",), State.IN_PROGRESS),
    ],
)
def test_a_single_requirement(fact: Fact | None, waived: tuple[str, ...], expected: State) -> None:
    ledger = evaluate([leaf("a")], {"a": fact} if fact else {}, waived)
    assert states(ledger) == [expected]
    assert ledger.is_eligible == (expected in {State.MET, State.WAIVED})


@pytest.mark.parametrize(
    ("kind", "count", "met", "expected", "progress"),
    [
        ("all_of", None, "", State.NOT_STARTED, (0, 3)),
        ("all_of", None, "ab", State.IN_PROGRESS, (2, 3)),
        ("all_of", None, "abc", State.MET, (3, 3)),
        ("any_of", None, "", State.NOT_STARTED, (0, 1)),
        ("any_of", None, "b", State.MET, (1, 1)),
        ("any_of", None, "abc", State.MET, (1, 1)),
        ("n_of", 2, "a", State.IN_PROGRESS, (1, 2)),
        ("n_of", 2, "ac", State.MET, (2, 2)),
        ("n_of", None, "ab", State.IN_PROGRESS, (2, 3)),
        ("n_of", 9, "abc", State.IN_PROGRESS, (3, 9)),
    ],
)
def test_a_group(kind: str, count: int | None, met: str, expected: State, progress: tuple[int, int]) -> None:
    [row] = evaluate([group("g", kind, "a", "b", "c", count=count)], dict.fromkeys(met, MET)).requirements
    assert (row.state, (row.have, row.need)) == (expected, progress)


def test_a_waiver_of_a_group_or_inside_a_group_counts() -> None:
    node = group("g", "all_of", "a", "b")
    assert states(evaluate([node], {}, {"g"})) == [State.WAIVED]
    assert states(evaluate([node], {"a": MET}, {"b"})) == [State.MET]
    assert states(evaluate([node], {"a": BEGUN})) == [State.IN_PROGRESS]


def test_a_path_without_requirements_makes_nobody_eligible() -> None:
    assert not evaluate([], {}).is_eligible


def test_what_is_missing_are_the_open_lines_and_steps_open_the_groups() -> None:
    nodes = [leaf("a"), group("g", "any_of", "b", "c"), group("h", "all_of", "d", "e")]
    ledger = evaluate(nodes, {"a": MET, "c": MET, "d": MET})
    assert [row.key for row in ledger.missing] == ["h"]
    assert [row.key for row in ledger.steps()] == ["a", "c", "d", "e"]
    assert [row.key for row in ledger.leaves()] == ["a", "b", "c", "d", "e"]


def test_the_ledger_goes_into_json_as_the_api_promises() -> None:
    action = Action("Go", "/go/")
    nodes = [leaf("a"), group("g", "any_of", "b")]
    rows = json.loads(json.dumps(evaluate(nodes, {"a": Fact(2, 7, False, True, "2 of 7", action=action)}).as_list()))
    assert rows[0] == {
        "key": "a", "kind": "course", "title": "A", "state": "in_progress", "progress": {"have": 2, "need": 7},
        "detail": "2 of 7", "evidence": [], "next_action": {"label": "Go", "url": "/go/"},
    }  # fmt: skip
    assert [item["key"] for item in rows[1]["items"]] == ["b"]
    met = evaluate([leaf("a")], {"a": Fact(7, 7, True, True, action=action)}).as_list()
    assert met[0]["next_action"] is None, "there is nothing left to do"


def test_single_requirements_of_a_tree_by_kind() -> None:
    nodes = [leaf("a"), leaf("x", "exam"), group("g", "all_of", "b")]
    assert [node["key"] for node in leaf_nodes(nodes)] == ["a", "x", "b"]
    assert [node["key"] for node in leaf_nodes(nodes, "exam")] == ["x"]


# For any path -------------------------------------------------------------------------------------------------


KEYS = [f"r{number}" for number in range(9)]
facts = st.dictionaries(st.sampled_from(KEYS), st.sampled_from([NOT_BEGUN, BEGUN, MET]))
waivers = st.sets(st.sampled_from([*KEYS, "g0", "g1", "g2"]), max_size=4)


@st.composite
def trees(draw: Any) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    keys = iter(KEYS)
    for place in range(draw(st.integers(0, 3))):
        if draw(st.booleans()):
            nodes.append(leaf(next(keys)))
        else:
            members = [next(keys) for _ in range(draw(st.integers(1, 2)))]
            kind = draw(st.sampled_from(["all_of", "any_of", "n_of"]))
            nodes.append(group(f"g{place}", kind, *members, count=draw(st.none() | st.integers(1, 3))))
    return nodes


def better(first: dict[str, Fact], second: dict[str, Fact]) -> dict[str, Fact]:
    """For each requirement the fact that says more."""
    weight = {NOT_BEGUN: 0, BEGUN: 1, MET: 2}
    return {
        key: max(first.get(key, NOT_BEGUN), second.get(key, NOT_BEGUN), key=lambda fact: weight[fact])
        for key in {*first, *second}
    }


def flat(rows: tuple[Requirement, ...]) -> dict[str, State]:
    return {row.key: row.state for line in rows for row in (line, *line.items)}


@given(trees(), facts, facts, waivers, waivers)
def test_more_evidence_never_makes_anybody_less_eligible(
    nodes: list[dict[str, Any]], some: dict[str, Fact], other: dict[str, Fact], few: set[str], more: set[str]
) -> None:
    before = evaluate(nodes, some, few)
    after = evaluate(nodes, better(some, other), few | more)
    assert after.is_eligible or not before.is_eligible
    earlier, later = flat(before.requirements), flat(after.requirements)
    assert {key for key in earlier if RANK[later[key]] < RANK[earlier[key]]} == set()


@given(trees(), facts, waivers)
def test_eligible_means_that_nothing_is_missing(
    nodes: list[dict[str, Any]], some: dict[str, Fact], waived: set[str]
) -> None:
    ledger = evaluate(nodes, some, waived)
    assert ledger.is_eligible == (bool(nodes) and not ledger.missing)
    for row in ledger.requirements:
        assert 0 <= row.have <= row.need
        assert row.is_satisfied or row.key not in waived
