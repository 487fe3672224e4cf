"""All models of the app, gathered from its applets so that there is one migration history."""

from .assembly.models import Assessment, AssessmentVersion, Form, FormItem
from .attempts.models import (
    Attempt,
    AttemptEvent,
    AttemptItem,
    AttemptPresence,
    Authorisation,
    IdentityCheck,
    IncidentNote,
    LateDecision,
    Response,
    Seat,
    Sitting,
    StartGrant,
    TimeAdjustment,
)
from .bank.models import AnswerKey, Bank, BankAccess, Picture, Question, QuestionVersion, Stimulus
from .grading.models import Grade, Marking, Regrade, Result
from .practice.models import PracticeCard, PracticeReview
from .statistics.models import AnalysisSnapshot, AngoffRating, StandardSettingStudy, StudyJudge

__all__ = [
    "AnalysisSnapshot",
    "AngoffRating",
    "AnswerKey",
    "Assessment",
    "AssessmentVersion",
    "Attempt",
    "AttemptEvent",
    "AttemptItem",
    "AttemptPresence",
    "Authorisation",
    "Bank",
    "BankAccess",
    "Form",
    "FormItem",
    "Grade",
    "IdentityCheck",
    "IncidentNote",
    "LateDecision",
    "Marking",
    "Picture",
    "PracticeCard",
    "PracticeReview",
    "Question",
    "QuestionVersion",
    "Regrade",
    "Response",
    "Result",
    "Seat",
    "Sitting",
    "StandardSettingStudy",
    "StartGrant",
    "Stimulus",
    "StudyJudge",
    "TimeAdjustment",
]
