"""What a renewal is worked out from and what comes of it: facts, days, windows, and the ledger. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .calendar_months import add_months
from .eligibility import Action, Requirement
from .enums import ClaimState, RenewalStage
from .renewal_terms import RenewalPolicy

#: Stages in which a holder may apply.
OPEN_STAGES = frozenset({RenewalStage.OPEN, RenewalStage.GRACE, RenewalStage.LAPSED, RenewalStage.REFRESHER})
#: Stages in which only what was done after the end of the certificate counts.
LATE_STAGES = frozenset({RenewalStage.LAPSED, RenewalStage.REFRESHER, RenewalStage.RECERTIFY})


@dataclass(frozen=True)
class Claim:
    """Continuing education as the rules see it. `hours` are those accepted, or those claimed while nobody has looked.

    `key` is the claim's public identifier.
    """

    key: str
    title: str
    category: str
    hours: Decimal
    completed_on: date
    state: ClaimState


@dataclass(frozen=True)
class Passed:
    """Something passed on a day, with the fact that is kept as evidence."""

    on: date
    fact: Mapping[str, Any]


@dataclass(frozen=True)
class RenewalFacts:
    """What the record says of a certificate and its holder.

    `window_from` is the first day that counts in its validity. `statements` are (code, title) of those to be signed
    anew, `signed` the facts of those that were, by code; `quiz_passes` and `refreshers` were passed at any time.
    """

    window_from: date
    expires_on: date
    claims: Sequence[Claim] = ()
    quiz_title: str = ""
    quiz_passes: Sequence[Passed] = ()
    statements: Sequence[tuple[str, str]] = ()
    signed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    refreshers: Sequence[Passed] = ()
    actions: Mapping[str, Action] = field(default_factory=dict)


@dataclass(frozen=True)
class Calendar:
    """The days on which something changes: the last of validity and of grace, the first of every other stage."""

    opens_on: date
    expires_on: date
    grace_until: date
    refresher_from: date
    recertify_from: date

    def stage(self, today: date) -> RenewalStage:
        """Where a certificate stands on a day."""
        if today < self.opens_on:
            return RenewalStage.NOT_OPEN
        if today <= self.expires_on:
            return RenewalStage.OPEN
        if today <= self.grace_until:
            return RenewalStage.GRACE
        if today < self.refresher_from:
            return RenewalStage.LAPSED
        if today < self.recertify_from:
            return RenewalStage.REFRESHER
        return RenewalStage.RECERTIFY


def calendar(policy: RenewalPolicy, expires_on: date) -> Calendar:
    """The days of a certificate that ends on `expires_on`; months are counted from its end."""
    day = timedelta(days=1)
    return Calendar(
        opens_on=expires_on - timedelta(days=policy.opens_days),
        expires_on=expires_on,
        grace_until=expires_on + timedelta(days=policy.grace_days),
        refresher_from=add_months(expires_on, policy.refresher_after_months) + day,
        recertify_from=add_months(expires_on, policy.recertify_after_months) + day,
    )


def window(dates: Calendar, window_from: date, stage: RenewalStage) -> tuple[date, date | None]:
    """The first and the last day on which something counts; no last day once the certificate has lapsed."""
    if stage in LATE_STAGES:
        return dates.expires_on + timedelta(days=1), None
    return window_from, dates.grace_until if stage is RenewalStage.GRACE else dates.expires_on


@dataclass(frozen=True)
class CountedClaim:
    """A claim with the hours of it that count, and why not all of them do."""

    claim: Claim
    counted: Decimal
    in_window: bool
    reason: str = ""

    @property
    def counted_words(self) -> str:
        """Hours that count, as people write them."""
        return words(self.counted)

    @property
    def hours_words(self) -> str:
        """Hours of the claim, as people write them."""
        return words(self.claim.hours)

    def as_dict(self) -> dict[str, Any]:
        """For JSON and for the record."""
        return {
            "id": self.claim.key,
            "title": self.claim.title,
            "category": self.claim.category,
            "completed_on": self.claim.completed_on.isoformat(),
            "state": self.claim.state.value,
            "hours": words(self.claim.hours),
            "counted": words(self.counted),
            "reason": self.reason,
        }


@dataclass(frozen=True)
class CategoryHours:
    """Hours of one category: accepted in the window, counted, at least and at most. `waiting` nobody looked at yet."""

    code: str
    title: str
    accepted: Decimal
    counted: Decimal
    waiting: Decimal
    min_hours: int
    max_hours: int | None

    @property
    def accepted_words(self) -> str:
        """Hours accepted, as people write them."""
        return words(self.accepted)

    @property
    def counted_words(self) -> str:
        """Hours that count, as people write them."""
        return words(self.counted)

    @property
    def waiting_words(self) -> str:
        """Hours that nobody looked at, as people write them."""
        return words(self.waiting)

    @property
    def percent(self) -> int:
        """How full a bar of it is: of the least, else of the most that counts, else full once there is something."""
        need = self.min_hours or self.max_hours
        if not need:
            return 100 if self.counted else 0
        return int(min(self.counted / need, Decimal(1)) * 100)

    def as_dict(self) -> dict[str, Any]:
        """For JSON and for the record."""
        return {
            "code": self.code,
            "title": self.title,
            "accepted": words(self.accepted),
            "counted": words(self.counted),
            "waiting": words(self.waiting),
            "min_hours": self.min_hours,
            "max_hours": self.max_hours,
        }


@dataclass(frozen=True)
class RenewalLedger:
    """Where a renewal stands on a day. `counts_until` is None when whatever is done from now on counts."""

    stage: RenewalStage
    dates: Calendar
    counts_from: date
    counts_until: date | None
    lines: tuple[Requirement, ...]
    categories: tuple[CategoryHours, ...]
    claims: tuple[CountedClaim, ...]
    total: Decimal
    hours: int

    @property
    def total_words(self) -> str:
        """Hours that count in all, as people write them."""
        return words(self.total)

    @property
    def percent(self) -> int:
        """How much of the hours asked for there is."""
        return int(min(self.total / self.hours, Decimal(1)) * 100)

    @property
    def is_open(self) -> bool:
        """May the holder apply at this stage, if everything is met?"""
        return self.stage in OPEN_STAGES

    @property
    def is_late(self) -> bool:
        """Has the certificate ended?"""
        return self.stage not in {RenewalStage.NOT_OPEN, RenewalStage.OPEN}

    @property
    def missing(self) -> tuple[Requirement, ...]:
        """Lines that are still open."""
        return tuple(line for line in self.lines if not line.is_satisfied)

    @property
    def is_met(self) -> bool:
        """The stage is open and every line is met."""
        return self.is_open and not self.missing

    @property
    def may_sign(self) -> bool:
        """Nothing is missing but what is signed with the application."""
        return self.is_open and all(line.kind == "statements" for line in self.missing)

    def as_dict(self) -> dict[str, Any]:
        """For JSON and for the record."""
        return {
            "stage": self.stage.value,
            "opens_on": self.dates.opens_on.isoformat(),
            "expires_on": self.dates.expires_on.isoformat(),
            "grace_until": self.dates.grace_until.isoformat(),
            "refresher_from": self.dates.refresher_from.isoformat(),
            "recertify_from": self.dates.recertify_from.isoformat(),
            "counts_from": self.counts_from.isoformat(),
            "counts_until": self.counts_until.isoformat() if self.counts_until else None,
            "hours": {"have": words(self.total), "need": self.hours},
            "met": self.is_met,
            "lines": [line.as_dict() for line in self.lines],
            "categories": [row.as_dict() for row in self.categories],
            "claims": [row.as_dict() for row in self.claims],
        }


def words(hours: Decimal) -> str:
    """Hours as people write them: 3, 2.5, 0.25."""
    return f"{hours:.2f}".rstrip("0").rstrip(".")
