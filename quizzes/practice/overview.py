"""How a person's practice stands, by module, and what would add to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.core.ports import lessons_for

from . import schedule
from .models import PracticeCard
from .queries import NEW_PER_DAY, Summary, askable, learned_objectives, new_today, teaching_questions

#: So many lessons are named as the way to more cards.
FEW = 3


@dataclass
class Tally:
    """Cards of a module."""

    title: str
    url: str
    due: int = 0
    learned: int = 0
    begun: int = 0
    total: int = 0

    @property
    def unmet(self) -> int:
        """Questions that were never asked."""
        return self.total - self.begun


@dataclass(frozen=True)
class Overview:
    """What is due, what is learned, and when the next card comes back."""

    summary: Summary
    learned: int
    begun: int
    total: int
    next_due_at: datetime | None
    modules: tuple[Tally, ...]
    more: tuple[dict[str, Any], ...]


def overview_for(user: Any, at: datetime) -> Overview:
    """A handful of queries, however many cards there are."""
    objectives = learned_objectives(user)
    questions = list(askable(user, objectives).values_list("pk", "objective__code"))
    cards = {
        card.question_id: card
        for card in PracticeCard.objects.filter(user=user, question__in=[pk for pk, _code in questions])
    }
    places = _modules_of(objectives)
    tallies: dict[str, Tally] = {}
    for pk, objective in questions:
        place = places.get(objective)
        if place is None:
            continue
        tally = tallies.setdefault(place["code"], Tally(place["title"], place["url"]))
        card = cards.get(pk)
        tally.total += 1
        tally.begun += card is not None
        tally.due += card is not None and card.due_at <= at
        tally.learned += card is not None and card.due_at > at and schedule.is_learned(card.memory)
    unmet = len(questions) - len(cards)
    room = max(0, NEW_PER_DAY - new_today(user, at))
    return Overview(
        summary=Summary(due=sum(card.due_at <= at for card in cards.values()), fresh=min(room, unmet)),
        learned=sum(card.due_at > at and schedule.is_learned(card.memory) for card in cards.values()),
        begun=len(cards),
        total=len(questions),
        next_due_at=min((card.due_at for card in cards.values() if card.due_at > at), default=None),
        modules=tuple(
            tallies[code] for code in dict.fromkeys(place["code"] for place in places.values()) if code in tallies
        ),
        more=_lessons_that_add(objectives),
    )


def _modules_of(objectives: list[str]) -> dict[str, dict[str, str]]:
    """Objective -> the module of the first lesson that teaches it, in the order of what is taught."""
    places: dict[str, dict[str, str]] = {}
    for lesson in lessons_for(objectives):
        for objective in lesson["objectives"]:
            places.setdefault(objective, lesson["module"])
    return places


def _lessons_that_add(objectives: list[str]) -> tuple[dict[str, Any], ...]:
    """The next lessons whose completion brings new cards."""
    known = set(objectives)
    all_codes = set(teaching_questions().values_list("objective__code", flat=True))
    return tuple(lessons_for(sorted(all_codes - known))[:FEW])
