"""Cases as tests need them, through the commands that pages and API use."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lms.certification import case_commands
from lms.certification.api import decide
from lms.certification.models import Case, CaseEvent
from tests.lms.certification.builders import applied


def opened(by: Any, at: datetime, **changes: Any) -> Case:
    """A complaint, or whatever it is changed to."""
    words = {"kind": "complaint", "subject": "other", "title": "The room", "text": "It was cold."}
    return case_commands.open_case(**{**words, **changes}, by=by, at=at)


def appealed(decision: Any, by: Any, at: datetime, **changes: Any) -> Case:
    """An appeal against a decision."""
    return opened(by, at, kind="appeal", subject="decision", reference=str(decision.uuid), **changes)


def given_to(case: Case, assignee: Any, by: Any, at: datetime) -> CaseEvent:
    """Somebody gets the case."""
    return case_commands.assign_case(case=case, assignee=assignee, by=by, at=at)


def refused_by(registrar: Any, student: Any, at: datetime) -> Any:
    """A decision that refuses the certificate."""
    application = applied(student, registrar, at)
    decision, _none = decide(
        application=application, outcome="refuse", reason="A paper is missing", by=registrar, at=at
    )
    return decision
