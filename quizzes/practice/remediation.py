"""A retake that teaches: what a failed result asks to be practised before the next attempt. Pure: no database.

Weak is an objective of which an item was not wholly right, in a domain that stayed below what it needed. An exam thus
says what to revise and never which of its items went how.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from quizzes.grading.engine import HUNDRED, reaches

#: More than this many objectives at once is no plan.
MOST_OBJECTIVES = 20


@dataclass(frozen=True)
class AnsweredItem:
    """An item of the failed attempt that counted: what it asked for and what its answer was worth, 0 to 1."""

    objective: str
    domain: str
    fraction: Decimal


@dataclass(frozen=True)
class DomainOutcome:
    """Marks earned and possible in a domain, and the percentage that it needed."""

    code: str
    score: Decimal
    maximum: Decimal
    need: Decimal

    @property
    def percent(self) -> Decimal:
        """What was reached, unrounded."""
        return HUNDRED * self.score / self.maximum if self.maximum else Decimal(0)

    @property
    def is_weak(self) -> bool:
        """Below what it needed."""
        return not reaches(self.percent, self.need)


@dataclass(frozen=True)
class Step:
    """An objective to work on. Without a question to practise its lessons are read again, and nothing is asked."""

    objective: str
    domain: str
    has_questions: bool
    is_done: bool

    @property
    def is_open(self) -> bool:
        """Something is still to be practised."""
        return self.has_questions and not self.is_done


@dataclass(frozen=True)
class Plan:
    """The steps before a retake, the weakest domain first."""

    steps: tuple[Step, ...] = ()

    @property
    def required(self) -> tuple[Step, ...]:
        """Steps that can be practised."""
        return tuple(step for step in self.steps if step.has_questions)

    @property
    def open(self) -> tuple[str, ...]:
        """Objectives that still wait for a right answer, in order."""
        return tuple(step.objective for step in self.steps if step.is_open)

    @property
    def is_done(self) -> bool:
        """Nothing is left to practise."""
        return not self.open


def weak_objectives(items: Sequence[AnsweredItem], domains: Sequence[DomainOutcome]) -> list[tuple[str, str]]:
    """(objective, domain) of what went wrong in the weak domains: worst domain first, in it what lost most."""
    weak = {domain.code: domain.percent for domain in domains if domain.is_weak}
    lost: dict[tuple[str, str], Decimal] = {}
    for item in items:
        if item.domain in weak and item.fraction < 1:
            place = (item.objective, item.domain)
            lost[place] = lost.get(place, Decimal(0)) + 1 - item.fraction
    ordered = sorted(lost, key=lambda place: (weak[place[1]], place[1], -lost[place], place[0]))
    # An objective that two domains ask for stands once, where it is first met.
    first: dict[str, tuple[str, str]] = {}
    for place in ordered:
        first.setdefault(place[0], place)
    return list(first.values())


def plan(
    items: Sequence[AnsweredItem],
    domains: Sequence[DomainOutcome],
    *,
    with_questions: Collection[str],
    answered_right: Collection[str],
    most: int = MOST_OBJECTIVES,
) -> Plan:
    """What is to be done after a fail, at most `most` objectives.

    `with_questions`: objectives that practice has questions of; `answered_right`: those of which one was answered
    wholly right since the result was told. What can be practised goes before what can only be read again.
    """
    weak = weak_objectives(items, domains)
    chosen = [place for place in weak if place[0] in with_questions][:most]
    chosen += [place for place in weak if place[0] not in with_questions][: most - len(chosen)]
    kept = set(chosen)
    return Plan(
        tuple(
            Step(objective, domain, objective in with_questions, objective in answered_right)
            for objective, domain in weak
            if (objective, domain) in kept
        )
    )


def needs_by_domain(
    cut_percent: Decimal, hurdles: Mapping[str, Decimal], domains: Collection[str]
) -> dict[str, Decimal]:
    """What each domain needs: the cut of the whole, or its own hurdle where that is higher."""
    return {code: max(cut_percent, hurdles.get(code, cut_percent)) for code in domains}
