"""Ways to a certificate that tests walk often. Everything goes through the commands that pages and API use."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lms.accounts.api import forgive
from lms.certification.api import (
    Admission,
    Application,
    Certificate,
    Path,
    admit,
    apply,
    decide,
    published_paths,
    waive_requirement,
)


def foundations() -> Path:
    """The shipped path."""
    return published_paths().get(code="foundations")


def ready(user: Any, registrar: Any, at: datetime) -> Admission:
    """A candidate with nothing left to do: every requirement is waived."""
    admission, _is_new = admit(user=user, path=foundations(), by=user, at=at)
    for node in admission.path_version.requirements:
        waive_requirement(
            admission=admission, requirement=node["key"], reason="Met at another school", by=registrar, at=at
        )
    return admission


def applied(user: Any, registrar: Any, at: datetime) -> Application:
    """An application that waits for the registrar."""
    ready(user, registrar, at)
    application, _is_new = apply(user=user, path=foundations(), legal_name=user.legal_name, at=at)
    return application


def certified(user: Any, registrar: Any, at: datetime) -> Certificate:
    """A fresh certificate."""
    _decision, certificate = decide(
        application=applied(user, registrar, at), outcome="award", by=registrar, at=at + timedelta(hours=1)
    )
    assert certificate is not None
    # The mail of the award went out long ago.
    forgive(prefix="decision:")
    return certificate
