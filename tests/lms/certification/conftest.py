"""What tests of certificates and of their renewal share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from lms.certification.api import Certificate
from tests.lms.certification.renewing import drawing, practitioner


@pytest.fixture
def holder(people: dict[str, Any]) -> Any:
    """Whose certificate it is."""
    return people["student"]


@pytest.fixture
def registrar(people: dict[str, Any]) -> Any:
    """Who looks at claims and decides."""
    return people["registrar"]


@pytest.fixture
def certificate(holder: Any, registrar: Any, now: datetime) -> Certificate:
    """One that is renewed."""
    return practitioner(holder, registrar, now)


@pytest.fixture
def no_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The draw of the audit never falls on anybody."""
    drawing(monkeypatch, 99)
