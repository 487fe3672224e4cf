"""Reads of what is taught."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.cache import cache
from wagtail.models import Page

from lms.core.digest import digest_of
from lms.core.markup import clean_rich
from quizzes.api import Assessment

from .models import CataloguePage, CoursePage, LessonPage, ModulePage
from .outline import Course, Lesson, Module, Outline

OUTLINE_KEY = "courses.outline"
OUTLINE_SECONDS = 300


def outline() -> Outline:
    """The published outline, from the cache if it is there; otherwise eight queries, however large it is."""
    found = cache.get(OUTLINE_KEY)
    if found is None:
        found = build_outline()
        cache.set(OUTLINE_KEY, found, OUTLINE_SECONDS)
    return found


def forget_outline() -> None:
    """Called when something that is taught was published, moved or withdrawn."""
    cache.delete(OUTLINE_KEY)


def build_outline() -> Outline:
    """The published outline, read afresh."""
    urls = _urls()
    lessons: dict[str, list[LessonPage]] = defaultdict(list)
    for lesson in LessonPage.objects.live().order_by("path"):
        lessons[lesson.path[: -Page.steplen]].append(lesson)
    checks = dict(
        Assessment.objects.filter(
            pk__in=[lesson.knowledge_check_id for rows in lessons.values() for lesson in rows], live=True
        ).values_list("pk", "code")
    )
    modules: dict[str, list[Module]] = defaultdict(list)
    for page in ModulePage.objects.live().order_by("path").select_related("quiz").prefetch_related("prerequisites"):
        quiz = page.quiz if page.quiz and page.quiz.live else None
        modules[page.path[: -Page.steplen]].append(
            Module(
                code=page.code,
                title=page.title,
                url=urls(page),
                summary_html=clean_rich(page.summary),
                prerequisites=tuple(sorted(row.code for row in page.prerequisites.all())),
                quiz=quiz.code if quiz else None,
                quiz_title=quiz.title if quiz else "",
                lessons=tuple(_lesson(lesson, urls(lesson), checks) for lesson in lessons[page.path]),
            )
        )
    pages = CoursePage.objects.live().order_by("position", "path").prefetch_related("prerequisites")
    return Outline(
        tuple(
            Course(
                code=page.code,
                slug=page.slug_code,
                title=page.title,
                url=urls(page),
                summary_html=clean_rich(page.summary),
                prerequisites=tuple(sorted(row.code for row in page.prerequisites.all())),
                modules=tuple(modules[page.path]),
            )
            for page in pages
        )
    )


def _urls() -> Any:
    catalogue = CataloguePage.objects.live().first()
    root = catalogue.url if catalogue else "/"
    base = catalogue.url_path if catalogue else "/"

    def url(page: Page) -> str:
        return root + page.url_path.removeprefix(base)

    return url


def _lesson(page: LessonPage, url: str, checks: dict[int, str]) -> Lesson:
    return Lesson(
        code=page.code,
        title=page.title,
        url=url,
        summary=page.summary,
        minutes=page.minutes,
        check=checks.get(page.knowledge_check_id or 0),
        revision_id=page.live_revision_id,
        digest=digest_of([page.code, page.live_revision_id, page.minutes]),
    )


def lesson_page(code: str) -> LessonPage | None:
    """The published page of a lesson."""
    return LessonPage.objects.live().filter(code=code).first()
