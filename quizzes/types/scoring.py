"""The scoring rules, as plain arithmetic on canonical ids. Fractions are Decimals from 0 to 1."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from math import comb

from quizzes.types.base import ScoringRule

NOTHING = Decimal(0)
EVERYTHING = Decimal(1)


def share(part: int, whole: int) -> Decimal:
    """One count over another. The whole is never zero: `compile` refuses a key without content."""
    return Decimal(part) / Decimal(whole)


def by_rule(rule: ScoringRule, partial: Decimal) -> Decimal:
    """Apply the author's rule to what the partial rule would give: full marks stay, less becomes nothing."""
    if rule is ScoringRule.partial or partial == EVERYTHING:
        return partial
    return NOTHING


def right_minus_wrong(picked: Collection[str], keys: Collection[str]) -> Decimal:
    """Right picks minus wrong picks, over the number of keys, never below 0."""
    right = len(set(picked) & set(keys))
    wrong = len(set(picked) - set(keys))
    return max(NOTHING, share(right - wrong, len(set(keys))))


def chance_of_picks(right: int, offered: int, least: int, most: int, rule: ScoringRule) -> Decimal:
    """What blind picking earns: the mean over every set of at least one pick that the bounds allow, all equally likely.

    `right` of the things `offered` are keys.
    """
    wrong = offered - right
    total = NOTHING
    sets = 0
    for size in range(max(least, 1), most + 1):
        for hits in range(max(0, size - wrong), min(right, size) + 1):
            ways = comb(right, hits) * comb(wrong, size - hits)
            gain = max(NOTHING, share(hits - (size - hits), right))
            total += ways * by_rule(rule, gain)
            sets += ways
    return total / sets


def right_pairs(given: Mapping[str, str], key: Mapping[str, str]) -> Decimal:
    """The share of the key's pairs that were given."""
    return share(sum(given.get(name) == wanted for name, wanted in key.items()), len(key))


def adjacent_pairs_kept(order: Sequence[str], key: Sequence[str]) -> Decimal:
    """The share of neighbours in the key that stand side by side, in the same order, in the answer.

    One element moved out of place costs the joints around it and not every place after it, as
    counting right positions would.
    """
    given = set(pairwise(order))
    wanted = list(pairwise(key))
    return share(sum(pair in given for pair in wanted), len(wanted))
