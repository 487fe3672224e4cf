"""Changes to attempts. Each command owns its transaction, and `by` and `at` say who and when."""

from .answering import UNCHANGED, Saved, canonical_answer, record_response, shown
from .continuing import continue_attempt, grant_start
from .sealing import grace, has_time_left, next_overdue, seal_if_overdue, submit_attempt, void_attempt
from .sittings import (
    authorise,
    book_seat,
    cancel_seat,
    check_identity,
    end_authorisation,
    note_incident,
    open_sitting,
    renew_start_code,
)
from .starting import allowance_for, effective_policy, start_attempt, start_preview
from .timing import adjust_time, apply_accommodation, interrupt, note_presence, pause, resume

__all__ = [
    "UNCHANGED",
    "Saved",
    "adjust_time",
    "allowance_for",
    "apply_accommodation",
    "authorise",
    "book_seat",
    "cancel_seat",
    "canonical_answer",
    "check_identity",
    "continue_attempt",
    "effective_policy",
    "end_authorisation",
    "grace",
    "grant_start",
    "has_time_left",
    "interrupt",
    "next_overdue",
    "note_incident",
    "note_presence",
    "open_sitting",
    "pause",
    "record_response",
    "renew_start_code",
    "resume",
    "seal_if_overdue",
    "shown",
    "start_attempt",
    "start_preview",
    "submit_attempt",
    "void_attempt",
]
