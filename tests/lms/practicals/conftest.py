"""What tests of practicals, of the hours log and of case reports share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from lms.practicals.api import new_client
from tests.lms.practicals.builders import opened, published


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """Requests arrive at this moment."""
    monkeypatch.setattr("lms.core.middleware.timezone.now", lambda: now)
    return now


@pytest.fixture
def supervisor(people: dict[str, Any]) -> Any:
    """Who supervises sessions."""
    return people["instructor"]


@pytest.fixture
def author(people: dict[str, Any], at: datetime) -> Any:
    """A student with one client, to report on."""
    new_client(student=people["student"], at=at)
    return people["student"]


@pytest.fixture
def second(make_user: Any) -> Any:
    """Another examiner."""
    return make_user("second", "examiner")


@pytest.fixture
def pair(people: dict[str, Any], now: datetime) -> Any:
    """An attempt at which two examiners judge each station."""
    return opened(people["student"], published(examiners_needed=2), people["examiner"], now)
