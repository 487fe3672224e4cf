"""Drawing items by a blueprint. Pure and seeded; what is drawn is stored and is the truth, not the seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

TRIES = 200


@dataclass(frozen=True)
class Candidate:
    """An item that may be drawn."""

    question: int
    version: int
    domain: str
    level: str
    objective: str
    tags: frozenset[str] = frozenset()
    enemies: frozenset[int] = frozenset()
    is_pilot: bool = False
    stimulus: str = ""


@dataclass(frozen=True)
class Cell:
    """So many items of a domain, level and tag (empty: any)."""

    count: int
    domain: str = ""
    level: str = ""
    tag: str = ""
    pilot: bool = False

    def admits(self, item: Candidate) -> bool:
        """Does the item fit this cell?"""
        return (
            (not self.domain or item.domain == self.domain)
            and (not self.level or item.level == self.level)
            and (not self.tag or self.tag in item.tags)
            and item.is_pilot == self.pilot
        )

    def __str__(self) -> str:
        name = " · ".join(part for part in (self.domain, self.level, self.tag, "pilot" if self.pilot else "") if part)
        return name or "any item"


@dataclass(frozen=True)
class Shortage:
    """A cell that could not be filled, with what it needs and what there is."""

    cell: Cell
    supply: int


class NotEnoughItems(Exception):
    """The pool cannot fill the blueprint; never a shorter test instead."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        self.shortages = tuple(shortages)
        super().__init__("; ".join(f"{s.cell}: {s.cell.count} needed, {s.supply} there" for s in shortages))


@dataclass(frozen=True)
class CaseShortage:
    """Too few cases with enough questions."""

    items_per_set: int
    needed: int
    supply: int


class NotEnoughCases(Exception):
    """The pool has too few whole cases."""

    def __init__(self, shortage: CaseShortage) -> None:
        self.shortage = shortage
        super().__init__(
            f"cases of {shortage.items_per_set} questions: {shortage.needed} needed, {shortage.supply} there"
        )


@dataclass
class _Progress:
    chosen: list[tuple[int, Candidate]] = field(default_factory=list)
    questions: set[int] = field(default_factory=set)
    barred: set[int] = field(default_factory=set)
    objectives: Counter[str] = field(default_factory=Counter)

    def admits(self, item: Candidate, max_per_objective: int | None) -> bool:
        return (
            item.question not in self.questions
            and item.question not in self.barred
            and not item.enemies & self.questions
            and (max_per_objective is None or self.objectives[item.objective] < max_per_objective)
        )

    def take(self, cell: int, item: Candidate) -> None:
        self.chosen.append((cell, item))
        self.questions.add(item.question)
        self.barred |= item.enemies
        self.objectives[item.objective] += 1


def draw(
    cells: Sequence[Cell],
    pool: Sequence[Candidate],
    rng: random.Random,
    *,
    max_per_objective: int | None = None,
    seen: Collection[int] = (),
    excluded: Collection[int] = (),
) -> list[Candidate]:
    """Items for all cells, in the order of the cells.

    `seen` questions are taken only when nothing else fits; `excluded` and enemies of what is chosen never. Scarce
    cells are filled first, and a dead end is tried again with another order, up to `TRIES` times.

    Raises `NotEnoughItems` when no try fills every cell.
    """
    usable = [item for item in pool if item.question not in excluded]
    supplies = [[item for item in usable if cell.admits(item)] for cell in cells]
    if short := [Shortage(cell, len(s)) for cell, s in zip(cells, supplies, strict=True) if len(s) < cell.count]:
        raise NotEnoughItems(short)
    scarce_first = sorted(range(len(cells)), key=lambda place: len(supplies[place]) - cells[place].count)
    best: list[Shortage] = []
    for _attempt in range(TRIES):
        progress = _Progress()
        short = []
        for place in scarce_first:
            shuffled = rng.sample(supplies[place], len(supplies[place]))
            shuffled.sort(key=lambda item: item.question in seen)
            taken = 0
            for item in shuffled:
                if taken == cells[place].count:
                    break
                if progress.admits(item, max_per_objective):
                    progress.take(place, item)
                    taken += 1
            if taken < cells[place].count:
                short.append(Shortage(cells[place], taken))
        if not short:
            return [item for _place, item in sorted(progress.chosen, key=lambda pair: pair[0])]
        if not best or len(short) < len(best):
            best = short
    raise NotEnoughItems(best)


def draw_cases(
    pool: Sequence[Candidate],
    rng: random.Random,
    *,
    sets: int,
    items_per_set: int,
    seen: Collection[int] = (),
    excluded: Collection[int] = (),
) -> list[Candidate]:
    """So many whole cases: the first questions, by the order of the pool, of each stimulus drawn.

    A case of which nothing was seen comes first; one with an excluded question never comes. Enemies within a case are
    its author's affair: they are meant to be asked together. Raises `NotEnoughCases`.
    """
    cases: dict[str, list[Candidate]] = {}
    for item in pool:
        if item.stimulus and not item.is_pilot:
            cases.setdefault(item.stimulus, []).append(item)
    whole = [
        members[:items_per_set]
        for members in cases.values()
        if len(members) >= items_per_set and not any(item.question in excluded for item in members[:items_per_set])
    ]
    if len(whole) < sets:
        raise NotEnoughCases(CaseShortage(items_per_set, sets, len(whole)))
    shuffled = rng.sample(whole, len(whole))
    shuffled.sort(key=lambda members: sum(item.question in seen for item in members))
    chosen: list[Candidate] = []
    taken = 0
    for members in shuffled:
        barred = {item.question for item in chosen} | {enemy for item in chosen for enemy in item.enemies}
        if any(item.question in barred for item in members):
            continue
        chosen += members
        taken += 1
        if taken == sets:
            return chosen
    raise NotEnoughCases(CaseShortage(items_per_set, sets, taken))
