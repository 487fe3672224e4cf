"""The door of the courses package."""

from .blocks import video_provider
from .models import (
    CataloguePage,
    CheckpointPage,
    CoursePage,
    HomePage,
    LessonPage,
    ModulePage,
    SchoolSettings,
)
from .outline import Course, Lesson, Module, Outline, QuizStanding, Standing, standing
from .presenters import next_step
from .queries import forget_outline, lesson_page, outline

__all__ = [
    "CataloguePage",
    "CheckpointPage",
    "Course",
    "CoursePage",
    "HomePage",
    "Lesson",
    "LessonPage",
    "Module",
    "ModulePage",
    "Outline",
    "QuizStanding",
    "SchoolSettings",
    "Standing",
    "forget_outline",
    "lesson_page",
    "next_step",
    "outline",
    "standing",
    "video_provider",
]
