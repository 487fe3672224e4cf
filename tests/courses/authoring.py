"""Pages as an author makes them."""

from __future__ import annotations

from typing import Any

from courses.api import LessonPage, ModulePage


def lesson_page(code: str, **fields: Any) -> LessonPage:
    """A lesson that is not in the tree yet."""
    body = fields.pop("body", [("prose", f"<p>Words of {code}.</p>")])
    return LessonPage(
        title=f"Lesson {code}", slug=code.lower(), code=code, summary="In one sentence.", why="It matters.",
        body=body, **{"minutes": 10, **fields},
    )  # fmt: skip


def add_lessons(module_code: str, count: int) -> None:
    """So many more published lessons at the end of a module."""
    for number in range(count):
        page = lesson_page(f"{module_code}-X{number}")
        ModulePage.objects.get(code=module_code).add_child(instance=page)
        page.save_revision().publish()
