"""Contexts of the course pages: what is taught, joined with where the visitor stands."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lms.core.markup import UnsafeSvg, clean_svg

from .models import CataloguePage, CheckpointPage, CoursePage, LessonPage, ModulePage
from .outline import (
    AVAILABLE,
    COMPLETED,
    IN_PROGRESS,
    LOCKED,
    Course,
    Lesson,
    Module,
    Outline,
    QuizStanding,
    Standing,
    standing,
)
from .queries import new_marking
from .queries import outline as read_outline
from .safety import by_decision

HERO = settings.SHIPPED_CURRICULUM / "knowledge" / "figures" / "hero.svg"


def hero_svg() -> SafeString:
    """The picture of the front page."""
    try:
        return mark_safe(clean_svg(HERO.read_text()))
    except (OSError, UnsafeSvg):
        return mark_safe("")


def home_context() -> dict[str, Any]:
    """The way in five steps, and what there is."""
    outline = read_outline()
    catalogue = CataloguePage.objects.live().first()
    return {
        "hero_svg": hero_svg(),
        "catalogue_url": catalogue.url if catalogue else "/courses/",
        "path_steps": [
            {"title": _("Study"), "text": _("Read lessons that say how well each claim stands.")},
            {"title": _("Check yourself"), "text": _("Answer questions after each lesson and module.")},
            {"title": _("Be examined"), "text": _("Sit the examination, with every answer kept.")},
            {"title": _("Apply"), "text": _("A registrar looks at the evidence and decides.")},
            {"title": _("Show it"), "text": _("Hold a certificate that anyone can check.")},
        ],
        "stats": {
            "courses": len(outline.courses),
            "lessons": sum(len(course.lessons) for course in outline.courses),
            "minutes": sum(course.minutes for course in outline.courses),
        },
    }


def course_view(course: Course, state: Standing, outline: Outline) -> dict[str, Any]:
    """A course in the catalogue."""
    prerequisites = [found for code in course.prerequisites if (found := outline.course(code))]
    return {
        "code": course.code,
        "title": course.title,
        "summary_html": mark_safe(course.summary_html),
        "url": course.url,
        "state": state.state(course.code),
        "is_enrolled": course.code in state.enrolled,
        "module_count": len(course.modules),
        "lesson_count": len(course.lessons),
        "minutes": course.minutes,
        "progress_percent": state.progress_percent(course),
        "prerequisites": [
            {"title": row.title, "url": row.url, "met": state.is_complete(row.code)} for row in prerequisites
        ],
    }


def lesson_line(lesson: Lesson, state: Standing) -> dict[str, Any]:
    """A lesson in a list."""
    return {
        "code": lesson.code,
        "title": lesson.title,
        "url": lesson.url,
        "minutes": lesson.minutes,
        "summary": lesson.summary,
        "state": state.state(lesson.code),
    }


def module_view(module: Module, state: Standing) -> dict[str, Any]:
    """A module with its lessons and quiz."""
    quiz = None
    if module.quiz:
        best = state.quizzes.get(module.quiz)
        quiz_state = COMPLETED if best and best.passed else IN_PROGRESS if best else AVAILABLE
        quiz = {
            "slug": module.quiz,
            "title": module.quiz_title,
            "url": reverse("quizzes:start", args=[module.quiz]),
            "state": state.state(module.code) if state.state(module.code) == "locked" else quiz_state,
            "best_percent": best.percent if best else None,
        }
    return {
        "code": module.code,
        "title": module.title,
        "url": module.url,
        "summary_html": mark_safe(module.summary_html),
        "state": state.state(module.code),
        "lessons": [lesson_line(lesson, state) for lesson in module.lessons],
        "quiz": quiz,
        "missing": [{"title": row.title, "url": row.url} for row in state.missing.get(module.code, ())],
    }


def checkpoint_lines(module: Module, state: Standing) -> list[dict[str, Any]]:
    """What a module offers beside its lessons and its quiz."""
    lines = []
    for stop in module.checkpoints:
        best = state.quizzes.get(stop.assessment)
        lines.append(
            {
                "code": stop.code,
                "title": stop.title,
                "url": stop.url,
                "state": _checkpoint_state(module, best, state),
                "best_percent": best.percent if best else None,
            }
        )
    return lines


def _checkpoint_state(module: Module, best: QuizStanding | None, state: Standing) -> str:
    if state.state(module.code) == LOCKED:
        return LOCKED
    return COMPLETED if best and best.passed else IN_PROGRESS if best else AVAILABLE


def next_step(course: Course, state: Standing) -> dict[str, str] | None:
    """The first thing to do in a course: an open lesson, else a quiz that is not passed."""
    for module in course.modules:
        for lesson in module.lessons:
            if state.state(lesson.code) in {AVAILABLE, IN_PROGRESS}:
                return {"label": lesson.title, "url": lesson.url, "kind": "lesson", "context": module.title}
        best = state.quizzes.get(module.quiz or "")
        if module.quiz and state.state(module.code) != "locked" and not (best and best.passed):
            url = reverse("quizzes:start", args=[module.quiz])
            return {"label": module.quiz_title, "url": url, "kind": "quiz", "context": module.title}
    return None


def catalogue_context(user: Any) -> dict[str, Any]:
    """All courses as a route."""
    outline = read_outline()
    state = standing(user, outline)
    return {"courses": [course_view(course, state, outline) for course in outline.courses]}


def course_context(page: CoursePage, user: Any) -> dict[str, Any]:
    """One course with its modules."""
    outline = read_outline()
    state = standing(user, outline)
    course = outline.course(page.code)
    if course is None:
        return {"course": {"title": page.title, "code": page.code, "summary_html": page.summary}, "modules": []}
    missing = state.missing.get(course.code, ())
    return {
        "course": course_view(course, state, outline),
        "modules": [module_view(module, state) for module in course.modules],
        "enrol_url": state.enrol_urls.get(course.code),
        "next_step": next_step(course, state) if course.code in state.enrolled else None,
        "credited_minutes": state.credited_minutes.get(course.code, 0),
        "evaluate_url": state.evaluate_urls.get(course.code),
        "enrolment_blocked": [{"title": row.title, "url": row.url} for row in missing if row.code != "enrol"],
    }


def module_context(page: ModulePage, user: Any) -> dict[str, Any]:
    """One module."""
    outline = read_outline()
    state = standing(user, outline)
    for course, module in outline.modules():
        if module.code == page.code:
            return {
                "course": course_view(course, state, outline),
                "module": module_view(module, state),
                "more": checkpoint_lines(module, state),
            }
    return {"module": {"title": page.title, "code": page.code, "summary_html": page.summary, "lessons": []}}


def lesson_context(page: LessonPage, user: Any, *, is_preview: bool = False) -> dict[str, Any]:
    """One lesson with its margin, its place in the course, and what completes it. A preview is never locked."""
    outline = read_outline()
    state = standing(user, outline)
    found = outline.lesson(page.code)
    is_locked = not is_preview and state.state(page.code) == "locked"
    context: dict[str, Any] = {
        "lesson": {
            "code": page.code,
            "title": page.title,
            "minutes": page.minutes,
            "why": page.why,
            "objectives": list(page.objectives.all()),
            "state": state.state(page.code),
            "is_reviewed": page.is_reviewed,
            "last_revised": page.last_revised,
            "author": page.author,
            "ai_assistance": page.ai_assistance,
            "reviewer": f"{page.reviewed_by}, {page.reviewer_credential}" if page.is_reviewed else "",
            "reviewed_on": page.reviewed_on,
        },
        "locked": is_locked,
        # A visitor who is not signed in is asked to sign in; what comes after that is not their question yet.
        "missing": [{"title": row.title, "url": row.url} for row in state.missing.get(page.code, ())]
        if user is not None and user.is_authenticated
        else [],
        "outline": [],
        "previous": None,
        "next": None,
    }
    if found:
        course, module, lesson = found
        context |= _place(course, module, lesson, state)
    if not is_locked:
        _prefetch_body(page)
        context |= {"sources": list(page.sources.all()), "safety": by_decision(page.safety_notes.all())}
        context["term_marks"] = new_marking()
        if found:
            context["completion"] = _completion(found[2], state)
            context["check_state"] = "completed" if found[2].check in state.checks_done else "available"
    return context


def _prefetch_body(page: LessonPage) -> None:
    """Sources of all claims and figures of the body in one query each."""
    claims = [block.value["claim"] for block in page.body if block.block_type == "claim" and block.value["claim"]]
    figures = [block.value["figure"] for block in page.body if block.block_type == "figure" and block.value["figure"]]
    if claims:
        prefetch_related_objects(claims, "sources")
    if figures:
        prefetch_related_objects(figures, "sources")


def _place(course: Course, module: Module, lesson: Lesson, state: Standing) -> dict[str, Any]:
    order = course.lessons
    place = next(index for index, row in enumerate(order) if row.code == lesson.code)
    before, after = (order[place - 1] if place else None), (order[place + 1] if place + 1 < len(order) else None)
    return {
        "course": {"title": course.title, "url": course.url, "code": course.code},
        "module": {"title": module.title, "url": module.url, "code": module.code},
        "outline": [
            {
                "title": row.title,
                "url": row.url,
                "lessons": [
                    {
                        "title": item.title,
                        "url": item.url,
                        "state": state.state(item.code),
                        "is_current": item.code == lesson.code,
                    }
                    for item in row.lessons
                ],
            }
            for row in course.modules
        ],
        "previous": {"title": before.title, "url": before.url} if before else None,
        "next": {"title": after.title, "url": after.url} if after else None,
    }


def _completion(lesson: Lesson, state: Standing) -> dict[str, Any]:
    missing = []
    if lesson.check and lesson.check not in state.checks_done:
        missing.append(
            {
                "label": _("Answer the questions of “Check yourself”"),
                "url": reverse("quizzes:start", args=[lesson.check]),
            }
        )
    is_complete = state.is_complete(lesson.code)
    return {
        "is_complete": is_complete,
        "completed_at": state.completed_at.get(lesson.code),
        "missing": missing,
        "can_complete": not missing and not is_complete,
        "complete_url": state.complete_urls.get(lesson.code),
    }


def checkpoint_context(page: CheckpointPage, user: Any) -> dict[str, Any]:
    """A stop with an assessment, as open as its module. One that is not published yet is never locked."""
    assessment, outline = page.assessment, read_outline()
    state = standing(user, outline)
    best = state.quizzes.get(assessment.code)
    module = outline.module_with(page.code)
    missing = state.missing.get(module.code, ()) if module and user is not None and user.is_authenticated else ()
    return {
        "quiz": {
            "slug": assessment.code,
            "title": assessment.title,
            "url": assessment.start_url,
            "state": _checkpoint_state(module, best, state) if module else AVAILABLE,
            "best_percent": best.percent if best else None,
            "pass_percent": assessment.cut_percent,
            "missing": [{"title": row.title, "url": row.url} for row in missing],
        }
    }
