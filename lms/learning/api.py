"""The door of the learning package."""

from .commands import complete_lesson, end_enrolment, enrol, note_attendance, plan_session, record_progress
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
from .queries import attended, has_taught, standing_of
from .signals import enrolled

__all__ = [
    "Attendance",
    "ClassSession",
    "Cohort",
    "CourseCompletion",
    "Enrolment",
    "LessonCompletion",
    "ModuleCompletion",
    "SessionKind",
    "attended",
    "complete_lesson",
    "end_enrolment",
    "enrol",
    "enrolled",
    "has_taught",
    "note_attendance",
    "plan_session",
    "record_progress",
    "standing_of",
]
