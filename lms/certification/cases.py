"""How a case stands, from what happened to it. Pure: no database, no clock.

A case is open until somebody is assigned, and being looked at until that person upholds or rejects it or the one who
opened it takes it back. Nothing follows a closing event, not even a note: whoever disagrees opens another case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .enums import CaseEventKind as Kind
from .enums import CaseState as State


@dataclass(frozen=True)
class CaseHappened:
    """An event as the rules see it; persons are keys."""

    kind: str
    by: int = 0
    assignee: int | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class CaseStanding:
    """Where a case stands: who decides it, until when it is answered, and who closed it."""

    state: State
    assignee: int | None
    due_on: date

    @property
    def is_closed(self) -> bool:
        """Decided or taken back."""
        return self.state in CLOSED

    def is_overdue(self, today: date) -> bool:
        """The day is over by which it should have been answered."""
        return not self.is_closed and today > self.due_on


CLOSED = frozenset({State.UPHELD, State.REJECTED, State.WITHDRAWN})
#: What each closing event makes of a case.
CLOSING: dict[str, State] = {
    Kind.UPHELD.value: State.UPHELD,
    Kind.REJECTED.value: State.REJECTED,
    Kind.WITHDRAWN.value: State.WITHDRAWN,
}
#: What may happen in each state. Nobody decides a case that is given to nobody.
FOLLOWS: dict[State, frozenset[str]] = {
    State.OPEN: frozenset({Kind.ASSIGNED, Kind.NOTED, Kind.DEFERRED, Kind.WITHDRAWN}),
    State.ASSIGNED: frozenset({Kind.ASSIGNED, Kind.NOTED, Kind.DEFERRED, Kind.UPHELD, Kind.REJECTED, Kind.WITHDRAWN}),
    State.UPHELD: frozenset(),
    State.REJECTED: frozenset(),
    State.WITHDRAWN: frozenset(),
}


def may_follow(state: State, kind: str) -> bool:
    """May this happen to a case in this state?"""
    return kind in FOLLOWS[state]


def standing(events: Iterable[CaseHappened], due_on: date) -> CaseStanding:
    """Where a case stands after these events, in their order; `due_on` is the day it was given at the beginning."""
    now = CaseStanding(State.OPEN, None, due_on)
    for event in events:
        if not may_follow(now.state, event.kind):
            # The database admits one closing event, and what follows it says nothing.
            continue
        if event.kind in CLOSING:
            now = CaseStanding(CLOSING[event.kind], now.assignee, now.due_on)
        elif event.kind == Kind.ASSIGNED:
            now = CaseStanding(State.ASSIGNED, event.assignee, now.due_on)
        elif event.kind == Kind.DEFERRED and event.due_on is not None:
            now = CaseStanding(now.state, now.assignee, event.due_on)
    return now


def appeal_ends_on(told_on: date, days: int) -> date:
    """The last day on which something that was told on a day can be appealed against."""
    return told_on + timedelta(days=days)


def answer_due_on(opened_on: date, days: int) -> date:
    """The day by which the school answers."""
    return opened_on + timedelta(days=days)
