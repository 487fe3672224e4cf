"""When a card comes back. FSRS by the package `fsrs`, with nothing random in it. Pure: no database, no clock.

FSRS models how likely an answer is still known, from the difficulty and the stability of a memory. It grew out of Ye,
Su and Cao, "A stochastic shortest path algorithm for optimizing spaced repetition scheduling" (KDD 2022); this is
version 6 with its published weights. A card is due when that likelihood falls to `RETENTION`. Fuzz is off, so that the
same reviews always give the same schedule and a stored one can be worked out again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import Any

from fsrs import Card, Scheduler, State
from fsrs import Rating as FsrsRating

RETENTION = 0.9
MOST_DAYS = 365
#: What was not known comes back in the same session, and after that in days.
STEP = timedelta(minutes=10)
#: A fraction is stored with eight decimals, so that a sum of thirds may be short of 1 by as little as this.
ALMOST = Decimal("0.00001")

Memory = dict[str, Any]


class Rating(IntEnum):
    """How well an answer was remembered, in the numbers of FSRS."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True)
class Scheduled:
    """The state of a memory after a review, ready for JSON, and when its card is due."""

    memory: Memory
    due_at: datetime


def is_right(fraction: Decimal | None) -> bool:
    """Wholly right. What nobody has judged is not."""
    return fraction is not None and fraction >= 1 - ALMOST


def ratings_for(fraction: Decimal) -> tuple[Rating, ...]:
    """The ratings that agree with what an answer was worth (0 to 1); the first but one is usual when it was right.

    Wrong is Again, whatever the person thinks; partly right was at best Hard; right was not Again.
    """
    if is_right(fraction):
        return (Rating.HARD, Rating.GOOD, Rating.EASY)
    return (Rating.AGAIN, Rating.HARD) if fraction > 0 else (Rating.AGAIN,)


def rating_for(fraction: Decimal, own: int | None = None) -> Rating:
    """0 is Again, a part is Hard, 1 is Good. A rating of the person's own moves to the nearest one that agrees."""
    possible = ratings_for(fraction)
    if own is not None:
        return Rating(min(max(own, possible[0]), possible[-1]))
    return Rating.GOOD if is_right(fraction) else possible[-1]


def new_memory() -> Memory:
    """The memory of a card that was never answered."""
    return _as_memory(Card(card_id=0, due=datetime.min.replace(tzinfo=UTC)))


def is_learned(memory: Memory) -> bool:
    """The card comes back in days rather than minutes."""
    return memory["state"] == State.Review.value


def last_review(memory: Memory) -> datetime | None:
    """When the card was last answered."""
    return datetime.fromisoformat(memory["last_review"]) if memory["last_review"] else None


def review(memory: Memory, rating: int, at: datetime) -> Scheduled:
    """The memory after one more answer, and when the card is due."""
    card, _log = _SCHEDULER.review_card(_as_card(memory), FsrsRating(rating), at.astimezone(UTC))
    return Scheduled(_as_memory(card), card.due)


def replay(reviews: Sequence[tuple[int, datetime]]) -> Memory:
    """The memory after these answers (rating, when), oldest first: what a stored one must be equal to."""
    memory = new_memory()
    for rating, at in reviews:
        memory = review(memory, rating, at).memory
    return memory


def in_force(rows: Sequence[tuple[int, datetime]]) -> list[tuple[int, datetime]]:
    """Of the reviews (rating, when) of a card in the order of their rows, those that count.

    One answer has one moment. A further row with the same moment rates the same answer anew and takes the place of
    the row before it.
    """
    counted: list[tuple[int, datetime]] = []
    for rating, at in rows:
        if counted and counted[-1][1] == at:
            counted.pop()
        counted.append((rating, at))
    return counted


_SCHEDULER = Scheduler(
    desired_retention=RETENTION,
    learning_steps=(STEP,),
    relearning_steps=(STEP,),
    maximum_interval=MOST_DAYS,
    enable_fuzzing=False,
)


def _as_card(memory: Memory) -> Card:
    # Number and date are given, as the package would take both from the clock.
    return Card(
        card_id=0,
        state=State(memory["state"]),
        step=memory["step"],
        stability=memory["stability"],
        difficulty=memory["difficulty"],
        due=datetime.min.replace(tzinfo=UTC),
        last_review=last_review(memory),
    )


def _as_memory(card: Card) -> Memory:
    return {
        "state": card.state.value,
        "step": card.step,
        "stability": card.stability,
        "difficulty": card.difficulty,
        "last_review": card.last_review.isoformat() if card.last_review else None,
    }
