"""Page types of the site, from the home page down to the lesson, and the settings of the school."""

from .catalogue import CataloguePage
from .checkpoint import CheckpointPage
from .course import CoursePage
from .home import HomePage
from .lesson import LessonPage
from .module import ModulePage
from .settings import SchoolSettings

__all__ = [
    "CataloguePage",
    "CheckpointPage",
    "CoursePage",
    "HomePage",
    "LessonPage",
    "ModulePage",
    "SchoolSettings",
]
