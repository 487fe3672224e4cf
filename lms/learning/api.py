"""The door of the learning package."""

from .commands import complete_lesson, end_enrolment, enrol, record_progress
from .models import Cohort, CourseCompletion, Enrolment, LessonCompletion, ModuleCompletion
from .queries import standing_of
from .signals import enrolled

__all__ = [
    "Cohort",
    "CourseCompletion",
    "Enrolment",
    "LessonCompletion",
    "ModuleCompletion",
    "complete_lesson",
    "end_enrolment",
    "enrol",
    "enrolled",
    "record_progress",
    "standing_of",
]
