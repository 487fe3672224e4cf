"""The draw: what it promises for any bank and any blueprint."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.assembly.draw import Candidate, Cell, NotEnoughItems, draw

DOMAINS, LEVELS, TAGS = ("D1", "D2"), ("recall", "analysis"), ("story",)
seeds = st.integers(0, 2**32)


@dataclass(frozen=True)
class Task:
    """A bank, a blueprint and a limit."""

    pool: list[Candidate]
    cells: list[Cell]
    most: int | None


@st.composite
def pools(draw: st.DrawFn) -> list[Candidate]:
    size = draw(st.integers(1, 24))
    pairs = draw(st.sets(st.tuples(st.integers(1, size), st.integers(1, size)), max_size=6))
    enemies: dict[int, set[int]] = {}
    for one, other in pairs:
        if one != other:
            # One side may know of it alone: the draw must not count on both.
            enemies.setdefault(one, set()).add(other)
    return [
        Candidate(
            question=number,
            version=1000 + number,
            domain=draw(st.sampled_from(DOMAINS)),
            level=draw(st.sampled_from(LEVELS)),
            objective=draw(st.sampled_from(["O1", "O2", "O3", "O4", "O5"])),
            tags=frozenset(draw(st.sets(st.sampled_from(TAGS)))),
            enemies=frozenset(enemies.get(number, ())),
            is_pilot=draw(st.sampled_from([False, False, False, True])),
        )
        for number in range(1, size + 1)
    ]


cells = st.builds(
    Cell,
    count=st.integers(1, 4),
    domain=st.sampled_from(["", *DOMAINS]),
    level=st.sampled_from(["", *LEVELS]),
    tag=st.sampled_from(["", "", *TAGS]),
    pilot=st.sampled_from([False, False, False, True]),
)
tasks = st.builds(Task, pools(), st.lists(cells, min_size=1, max_size=4), st.none() | st.integers(1, 4))


def attempt(task: Task, seed: int, **more: set[int]) -> list[Candidate] | NotEnoughItems:
    try:
        return draw(task.cells, task.pool, random.Random(seed), max_per_objective=task.most, **more)
    except NotEnoughItems as error:
        return error


@given(tasks, seeds)
def test_a_draw_keeps_every_rule_or_is_refused(task: Task, seed: int) -> None:
    drawn = attempt(task, seed)
    if isinstance(drawn, NotEnoughItems):
        return
    assert len(drawn) == sum(cell.count for cell in task.cells), "never a shorter test"
    rest = list(drawn)
    for cell in task.cells:
        # Items come in the order of the cells, each fitting its own.
        own, rest = rest[: cell.count], rest[cell.count :]
        assert all(cell.admits(item) for item in own)
    questions = [item.question for item in drawn]
    assert len(set(questions)) == len(questions)
    assert not any(item.enemies & set(questions) for item in drawn)
    if task.most is not None:
        assert max(Counter(item.objective for item in drawn).values()) <= task.most


@given(tasks, seeds)
def test_equal_seeds_draw_equally(task: Task, seed: int) -> None:
    one, other = attempt(task, seed), attempt(task, seed)
    if isinstance(one, NotEnoughItems):
        assert isinstance(other, NotEnoughItems)
        assert one.shortages == other.shortages
    else:
        assert one == other


@given(tasks, seeds)
def test_a_refusal_says_what_is_short(task: Task, seed: int) -> None:
    refused = attempt(task, seed)
    if not isinstance(refused, NotEnoughItems):
        return
    assert refused.shortages
    for shortage in refused.shortages:
        assert shortage.cell in task.cells
        assert 0 <= shortage.supply < shortage.cell.count
        assert f"{shortage.cell.count} needed, {shortage.supply} there" in str(refused)


@given(tasks, seeds, st.sets(st.integers(1, 24), max_size=8))
def test_an_excluded_question_never_comes_up(task: Task, seed: int, excluded: set[int]) -> None:
    drawn = attempt(task, seed, excluded=excluded)
    if not isinstance(drawn, NotEnoughItems):
        assert not excluded & {item.question for item in drawn}


@given(st.integers(1, 12), st.integers(1, 12), seeds)
def test_seen_questions_come_up_only_when_nothing_else_is_left(fresh: int, count: int, seed: int) -> None:
    pool = [Candidate(n, n, "D1", "recall", f"O{n}") for n in range(1, 13)]
    seen = {item.question for item in pool[fresh:]}
    drawn = draw([Cell(count)], pool, random.Random(seed), seen=seen)
    assert len({item.question for item in drawn} & seen) == max(0, count - fresh)


@given(seeds)
def test_a_scarce_cell_is_not_robbed_by_a_greedy_one(seed: int) -> None:
    pool = [Candidate(n, n, "D1", "recall", f"O{n}") for n in range(1, 6)]
    pool.append(Candidate(6, 6, "D1", "analysis", "O6"))
    drawn = draw([Cell(5), Cell(1, level="analysis")], pool, random.Random(seed))
    assert drawn[-1].question == 6


@given(seeds)
def test_a_dead_end_among_enemies_is_tried_again(seed: int) -> None:
    # Question 1 bars all others; a draw of four that begins with it cannot be finished.
    pool = [Candidate(1, 1, "D1", "recall", "O1", enemies=frozenset({2, 3, 4, 5}))]
    pool += [Candidate(n, n, "D1", "recall", f"O{n}", enemies=frozenset({1})) for n in range(2, 6)]
    assert {item.question for item in draw([Cell(4)], pool, random.Random(seed))} == {2, 3, 4, 5}


def test_every_item_has_its_chance() -> None:
    pool = [Candidate(n, n, "D1", "recall", f"O{n}") for n in range(10)]
    met = Counter(item.question for seed in range(300) for item in draw([Cell(3)], pool, random.Random(seed)))
    # 90 expected for each; six standard deviations would be 48.
    assert set(met) == set(range(10))
    assert all(42 <= count <= 138 for count in met.values())


def test_enemies_that_leave_too_few_are_a_shortage() -> None:
    pool = [
        Candidate(1, 1, "D1", "recall", "O1", enemies=frozenset({2})),
        Candidate(2, 2, "D1", "recall", "O2"),
    ]
    with pytest.raises(NotEnoughItems) as caught:
        draw([Cell(2)], pool, random.Random(0))
    assert [(shortage.cell.count, shortage.supply) for shortage in caught.value.shortages] == [(2, 1)]


def test_a_cell_that_nothing_fits_is_named() -> None:
    with pytest.raises(NotEnoughItems, match=r"D2 · analysis: 1 needed, 0 there"):
        draw([Cell(1, "D2", "analysis")], [Candidate(1, 1, "D1", "recall", "O1")], random.Random(0))


def test_pilot_items_fill_pilot_cells_alone() -> None:
    pool = [Candidate(n, n, "D1", "recall", f"O{n}", is_pilot=n > 2) for n in range(1, 5)]
    drawn = draw([Cell(2), Cell(2, pilot=True)], pool, random.Random(4))
    assert [item.is_pilot for item in drawn] == [False, False, True, True]
