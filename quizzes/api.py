"""The door of the quiz engine for the packages above it."""

from .assembly.commands import approve_form
from .assembly.coverage import ExamSupply, QuestionFacts, exam_supply, question_facts
from .assembly.enums import HIGH_STAKES, AssessmentKind
from .assembly.models import Assessment
from .attempts.commands import book_seat, interrupt, open_sitting, record_response, start_attempt, submit_attempt
from .attempts.models import Attempt
from .attempts.signals import attempt_submitted
from .bank.commands import note_export
from .bank.enums import BankPurpose
from .bank.models import Bank, Question
from .bank.queries import banks_for, live_but_not_frozen, purposes_for, questions_for
from .examining.desk import desk_for, watches_over
from .grading.commands import grade_attempt, release_result
from .grading.engine import display_percent
from .grading.models import Result
from .grading.overturned import overturned_passes
from .grading.queries import passed_codes, passes_of, results_of
from .grading.signals import result_recorded
from .grading.simulation import answer_attempt
from .grading.sweep import finalise_overdue
from .practice.queries import practice_summary
from .practice.simulation import practise

__all__ = [
    "HIGH_STAKES",
    "Assessment",
    "AssessmentKind",
    "Attempt",
    "Bank",
    "BankPurpose",
    "ExamSupply",
    "Question",
    "QuestionFacts",
    "Result",
    "answer_attempt",
    "approve_form",
    "attempt_submitted",
    "banks_for",
    "book_seat",
    "desk_for",
    "display_percent",
    "exam_supply",
    "finalise_overdue",
    "grade_attempt",
    "interrupt",
    "live_but_not_frozen",
    "note_export",
    "open_sitting",
    "overturned_passes",
    "passed_codes",
    "passes_of",
    "practice_summary",
    "practise",
    "purposes_for",
    "question_facts",
    "questions_for",
    "record_response",
    "release_result",
    "result_recorded",
    "results_of",
    "start_attempt",
    "submit_attempt",
    "watches_over",
]
