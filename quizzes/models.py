"""All models of the app, gathered from its applets so that there is one migration history."""

from .assembly.models import Assessment, AssessmentVersion, Form, FormItem
from .attempts.models import (
    Attempt,
    AttemptEvent,
    AttemptItem,
    Authorisation,
    Response,
    Sitting,
    TimeAdjustment,
)
from .bank.models import AnswerKey, Bank, BankAccess, Picture, Question, QuestionVersion, Stimulus
from .grading.models import Grade, Result

__all__ = [
    "AnswerKey",
    "Assessment",
    "AssessmentVersion",
    "Attempt",
    "AttemptEvent",
    "AttemptItem",
    "Authorisation",
    "Bank",
    "BankAccess",
    "Form",
    "FormItem",
    "Grade",
    "Picture",
    "Question",
    "QuestionVersion",
    "Response",
    "Result",
    "Sitting",
    "Stimulus",
    "TimeAdjustment",
]
