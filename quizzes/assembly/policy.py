"""The rules of an assessment as one frozen value. Pure: no database, no clock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict


class Hurdle(BaseModel):
    """A domain that must be passed on its own. `percent` is the least percentage."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    domain: str
    percent: Decimal


class Policy(BaseModel):
    """Everything that decides how an attempt runs and counts; copied into each attempt at its start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    form_policy: str
    cut_percent: Decimal
    cut_basis: str
    hurdles: tuple[Hurdle, ...] = ()
    time_limit_seconds: int | None = None
    opens_at: datetime | None = None
    starts_until: datetime | None = None
    closes_at: datetime | None = None
    max_attempts: int | None = None
    attempts_window_seconds: int | None = None
    cooldown_seconds: int | None = None
    feedback: str
    results: str
    domain_report: str
    navigation: str
    shuffle_items: bool
    asks_certainty: bool = False
    needs_authorisation: bool = False
    needs_sitting: bool = False
    needs_second_marker: bool = False
    retake_needs_remediation: bool = False
