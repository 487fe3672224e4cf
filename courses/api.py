"""The door of the courses package."""

from .blocks import video_provider
from .interactive_rules import SHAPES as BLOCK_SHAPES
from .interactive_rules import Part as BlockPart
from .interactive_rules import problems as block_problems
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
    "BLOCK_SHAPES",
    "BlockPart",
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
    "block_problems",
    "forget_outline",
    "lesson_page",
    "next_step",
    "outline",
    "standing",
    "video_provider",
]
