"""What a bank holds for each cell of a blueprint, and how many forms without a common item that makes. Reads only."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .commands import pool_of, select_items
from .draw import Cell
from .exceptions import CannotAssemble

MOST_FORMS = 6


@dataclass(frozen=True)
class CellSupply:
    """One cell: how many items a form needs, how many there are, and how many forms they fill at the very most."""

    bank: str
    name: str
    needed: int
    supply: int

    @property
    def most_forms(self) -> int:
        """An upper bound: enemies and the limit per objective may allow fewer."""
        return self.supply // self.needed

    @property
    def is_short(self) -> bool:
        """True when not even one form can be filled."""
        return self.supply < self.needed


def supply_of(blueprint: Sequence[dict[str, Any]]) -> list[CellSupply]:
    """The table of supply, in the order of the blueprint (three queries)."""
    pools = pool_of(sorted({section["bank"] for section in blueprint if "bank" in section}))
    rows = []
    for section in blueprint:
        if "sets" in section:
            sizes: dict[str, int] = {}
            for item in pools[section["bank"]]:
                if item.stimulus and not item.is_pilot:
                    sizes[item.stimulus] = sizes.get(item.stimulus, 0) + 1
            whole = sum(size >= section["items_per_set"] for size in sizes.values())
            rows.append(CellSupply(section["bank"], f"case × {section['items_per_set']}", section["sets"], whole))
        for values in section.get("cells", []):
            cell = Cell(**values)
            supply = sum(cell.admits(item) for item in pools[section["bank"]])
            rows.append(CellSupply(section["bank"], str(cell), cell.count, supply))
    return rows


def disjoint_forms(blueprint: Sequence[dict[str, Any]], seed: str, most: int = MOST_FORMS) -> int:
    """How many forms without a common item were really put together, up to `most`: proof rather than a bound."""
    used: set[int] = set()
    for count in range(most):
        try:
            items = select_items(
                blueprint,
                rng=random.Random(f"{seed}/{count}"),  # noqa: S311
                seen=frozenset(used),
                only_unseen=True,
            )
        except CannotAssemble:
            return count
        drawn = {item.question for item in items}
        if drawn & used:  # Named questions come back on every form.
            return count
        used |= drawn
    return most
