"""Items that share a stimulus: which question of its case an item is. Pure: no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class CasePlace:
    """The place of an item among those of its case, from 1."""

    place: int
    of: int

    @property
    def is_first(self) -> bool:
        """True where the stimulus is met for the first time."""
        return self.place == 1


def case_places(stimuli: Sequence[str]) -> list[CasePlace | None]:
    """The place of each item from the stimuli in the order of the items; None for an item without one."""
    sizes, met = Counter(stimuli), Counter[str]()
    places: list[CasePlace | None] = []
    for text in stimuli:
        met[text] += 1
        places.append(CasePlace(met[text], sizes[text]) if text else None)
    return places
