"""The door of the learning package."""

from .attendance_queries import cohorts_for
from .cohort_commands import open_cohort
from .commands import complete_lesson, end_enrolment, enrol, note_attendance, plan_session, record_progress
from .evaluation_commands import evaluate_course
from .evaluation_queries import COLUMNS as EVALUATION_COLUMNS
from .evaluation_queries import evaluation_rows
from .evaluation_statements import VERSION as EVALUATION_VERSION
from .models import (
    Attendance,
    ClassSession,
    Cohort,
    CourseCompletion,
    Enrolment,
    LessonCompletion,
    ModuleCompletion,
    SessionKind,
)
from .queries import attended, has_taught, standing_of, teachers_of
from .signals import enrolled

__all__ = [
    "EVALUATION_COLUMNS",
    "EVALUATION_VERSION",
    "Attendance",
    "ClassSession",
    "Cohort",
    "CourseCompletion",
    "Enrolment",
    "LessonCompletion",
    "ModuleCompletion",
    "SessionKind",
    "attended",
    "cohorts_for",
    "complete_lesson",
    "end_enrolment",
    "enrol",
    "enrolled",
    "evaluate_course",
    "evaluation_rows",
    "has_taught",
    "note_attendance",
    "open_cohort",
    "plan_session",
    "record_progress",
    "standing_of",
    "teachers_of",
]
