"""From fractions to a result. Pure decimal arithmetic: no database, no clock.

score = sum over counted items of fraction × marks; percent = 100 × score / marks of the items delivered. Nothing is
rounded on the way. Fractions are stored with eight decimals, so that three thirds are short of one by 1e-8; the
comparison with the cut therefore looks at six decimals, far finer than any mark and far coarser than that error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

HUNDRED = Decimal(100)
COMPARISON = Decimal("0.000001")
DISPLAY = Decimal("0.01")


@dataclass(frozen=True)
class GradedItem:
    """An item with its judgement; `fraction` None means that a person must still judge."""

    slot: int
    marks: Decimal
    counts: bool
    domain: str
    fraction: Decimal | None


@dataclass(frozen=True)
class DomainScore:
    """Marks earned and possible in one domain."""

    code: str
    score: Decimal
    maximum: Decimal

    def as_dict(self) -> dict[str, str]:
        """For JSON, exact."""
        return {"code": self.code, "score": str(self.score), "max_score": str(self.maximum)}


@dataclass(frozen=True)
class Figures:
    """What an attempt came to. `percent` is unrounded."""

    raw: Decimal
    maximum: Decimal
    percent: Decimal
    passed: bool
    hurdles: tuple[Mapping[str, Any], ...]
    domains: tuple[DomainScore, ...]


def reaches(percent: Decimal, cut: Decimal) -> bool:
    """Is the cut reached? Compared far finer than it is displayed (see the module)."""
    return percent.quantize(COMPARISON, ROUND_HALF_UP) >= cut


def display_percent(percent: Decimal) -> Decimal:
    """Two places, half up: for people, never for a decision."""
    return percent.quantize(DISPLAY, ROUND_HALF_UP)


def domain_scores(items: Sequence[GradedItem]) -> tuple[DomainScore, ...]:
    """Marks by domain over the counted items, in order of code."""
    scores: dict[str, list[Decimal]] = {}
    for item in items:
        if item.counts and item.fraction is not None:
            earned, possible = scores.setdefault(item.domain, [Decimal(0), Decimal(0)])
            scores[item.domain] = [earned + item.fraction * item.marks, possible + item.marks]
    return tuple(DomainScore(code, *scores[code]) for code in sorted(scores))


def work_out(
    items: Sequence[GradedItem], *, cut_percent: Decimal, hurdles: Sequence[Mapping[str, Any]] = ()
) -> Figures | None:
    """The figures of an attempt, or None while an item waits for a person.

    Passed when the percentage reaches the cut and every hurdle is met; an exam without counted items is nobody's.
    """
    counted = [item for item in items if item.counts]
    if not counted or any(item.fraction is None for item in counted):
        return None
    maximum = sum((item.marks for item in counted), Decimal(0))
    raw = sum((item.fraction * item.marks for item in counted if item.fraction is not None), Decimal(0))
    percent = HUNDRED * raw / maximum
    domains = domain_scores(items)
    by_code = {domain.code: domain for domain in domains}
    judged = []
    for hurdle in hurdles:
        domain = by_code.get(hurdle["domain"])
        have = HUNDRED * domain.score / domain.maximum if domain else Decimal(0)
        need = Decimal(str(hurdle["percent"]))
        judged.append({"code": hurdle["domain"], "need": str(need), "have": str(have), "met": reaches(have, need)})
    passed = reaches(percent, cut_percent) and all(hurdle["met"] for hurdle in judged)
    return Figures(raw, maximum, percent, passed, tuple(judged), domains)


def band(score: Decimal, maximum: Decimal, cut_percent: Decimal, width: Decimal = Decimal(10)) -> str:
    """A domain as a band around the cut: `below`, `at` (within `width` points above it), or `above`."""
    percent = HUNDRED * score / maximum if maximum else Decimal(0)
    if not reaches(percent, cut_percent):
        return "below"
    return "above" if percent >= min(cut_percent + width, HUNDRED) else "at"
