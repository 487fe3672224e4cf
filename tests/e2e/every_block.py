"""A course of one lesson with every activity: `python -m tests.e2e.every_block` makes it, with `away` it goes again.

It is written by the sections that load a curriculum, inside the platform that is served.
"""

from __future__ import annotations

import sys

import django

COURSE = {
    "code": "ALL", "title": "Every activity", "slug": "every-activity", "summary": "For the tests.", "position": 99,
    "prerequisites": [],
}  # fmt: skip
MODULE = {
    "code": "ALB", "course": "ALL", "title": "Activities", "slug": "activities", "summary": "All of them.",
    "prerequisites": [], "quiz": None,
}  # fmt: skip
LESSON = {
    "code": "ALB-1", "module": "ALB", "title": "One of every activity", "slug": "all", "minutes": 5,
    "summary": "All of them.", "why": "They must work for everybody.", "last_revised": None, "objectives": [],
    "sources": [], "safety_notes": [], "provenance": {},
}  # fmt: skip
PATH = "/courses/every-activity/activities/all/"


def main(*wish: str) -> None:
    """Make the course, or withdraw it."""
    from lms.package.lesson_text import parse_body
    from lms.package.sections import courses
    from tests.courses.activities import WRITTEN

    if wish:
        courses.COURSE.retire(COURSE["code"])
        return
    courses.COURSE.write(COURSE, None)
    courses.MODULE.write(MODULE, None)
    # A figure stands before the activity that shows it again, as it does in a lesson.
    figure = ":::figure {code: M-22}\n:::\n\n"
    courses.LESSON.write({**LESSON, "body": parse_body(figure + WRITTEN.read_text())}, None)


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
