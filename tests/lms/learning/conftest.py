"""A cohort in class, seen by those who teach it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lms.learning.api import ClassSession, Cohort
from tests.lms.learning.classes import make_cohort, make_session


@pytest.fixture
def signed_in() -> Callable[[Any], Client]:
    def client(person: Any) -> Client:
        made = Client()
        made.force_login(person)
        return made

    return client


@pytest.fixture
def teacher(people: dict[str, Any], signed_in: Any) -> Client:
    return signed_in(people["instructor"])


@pytest.fixture
def cohort(people: dict[str, Any], now: datetime) -> Cohort:
    return make_cohort(people["instructor"], [people["student"], people["other"]], now)


@pytest.fixture
def session(cohort: Cohort, people: dict[str, Any], now: datetime) -> ClassSession:
    """Began an hour ago."""
    return make_session(cohort, people["instructor"], now - timedelta(hours=1))


@pytest.fixture
def arrive(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Callable[[datetime], None]:
    """Requests arrive at this moment; without further ado at the fixed one."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr("lms.core.middleware.timezone.now", lambda: moment)

    at(now)
    return at
