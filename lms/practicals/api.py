"""The door of the practicals package."""

from .commands import (
    freeze_practical,
    open_attempt,
    rule,
    sign_attempt,
    sign_off,
    withdraw_sign_off,
)
from .enums import AttemptState, SessionCategory, StationState
from .log_commands import (
    decide_sessions,
    log_session,
    new_client,
    review_report,
    submit_report,
    supervisors,
    withdraw_session,
)
from .log_queries import approved_sessions, case_reports_of, log_of, reports_to_read, waiting_for
from .log_rules import counting, log_progress
from .models import (
    CaseReport,
    Practical,
    PracticalAttempt,
    PracticalVersion,
    SignOff,
    SupervisedSession,
)
from .queries import (
    offered_practicals,
    practical_standings,
    standing_of_attempt,
    with_sign_offs,
)

__all__ = [
    "AttemptState",
    "CaseReport",
    "Practical",
    "PracticalAttempt",
    "PracticalVersion",
    "SessionCategory",
    "SignOff",
    "StationState",
    "SupervisedSession",
    "approved_sessions",
    "case_reports_of",
    "counting",
    "decide_sessions",
    "freeze_practical",
    "log_of",
    "log_progress",
    "log_session",
    "new_client",
    "offered_practicals",
    "open_attempt",
    "practical_standings",
    "reports_to_read",
    "review_report",
    "rule",
    "sign_attempt",
    "sign_off",
    "standing_of_attempt",
    "submit_report",
    "supervisors",
    "waiting_for",
    "with_sign_offs",
    "withdraw_session",
    "withdraw_sign_off",
]
