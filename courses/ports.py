"""What lower packages ask of the courses, and when the outline must be read afresh."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import GroupPagePermission, Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move, published, unpublished

from lms.core.ports import lessons_about, lessons_for, lessons_for_claim, lessons_for_terms, lessons_named
from lms.knowledge.api import GlossaryTerm
from quizzes.api import Assessment

from .mentions import codes_of_lessons_about
from .models import CataloguePage, SchoolSettings
from .queries import forget_outline, forget_school, lessons_with_claim, outline, uses_of_terms


@lessons_for.register
def lessons_that_teach(objective_codes: Iterable[str]) -> list[dict[str, Any]]:
    """Lessons with the objectives that they teach, of those asked for; no query beside the outline."""
    asked = set(objective_codes)
    return [
        {
            "code": lesson.code,
            "title": lesson.title,
            "url": lesson.url,
            "objectives": sorted(asked.intersection(lesson.objectives)),
            "module": {"code": module.code, "title": module.title, "url": module.url},
        }
        for _course, module, lesson in outline().lessons()
        if asked.intersection(lesson.objectives)
    ]


@lessons_for_claim.register
def lessons_using_claim(claim_code: str) -> list[dict[str, str]]:
    """Lessons whose text shows a claim."""
    return list(published_lessons(lessons_with_claim(claim_code)))


@lessons_named.register
def published_lessons(codes: Iterable[str]) -> list[dict[str, str]]:
    """Lessons by their codes, those that are published; no query beside the outline."""
    asked = set(codes)
    return [
        {"code": lesson.code, "title": lesson.title, "url": lesson.url}
        for _course, _module, lesson in outline().lessons()
        if lesson.code in asked
    ]


@lessons_about.register
def lessons_that_are_about(names: Iterable[str], figures: Iterable[str]) -> list[dict[str, str]]:
    """Lessons that show a figure or say a name; one query when the outline is new."""
    codes = codes_of_lessons_about(names, figures)
    return sorted(published_lessons(codes), key=lambda lesson: codes.index(lesson["code"]))


@lessons_for_terms.register
def lessons_using_terms() -> list[dict[str, Any]]:
    """Terms of the glossary with the lessons that use them, those that explain a term first."""
    shown = {
        lesson.code: {"code": lesson.code, "title": lesson.title, "url": lesson.url}
        for _course, _module, lesson in outline().lessons()
    }
    return [
        {"term": term, "lessons": [shown[code] for code in (*use.explained, *use.said) if code in shown]}
        for term, use in uses_of_terms().items()
    ]


@receiver([page_published, page_unpublished, post_page_move, page_slug_changed], dispatch_uid="courses.outline.pages")
def page_changed(sender: Any, **kwargs: Any) -> None:
    """A page came, went or moved."""
    transaction.on_commit(forget_outline)


@receiver(page_published, sender=CataloguePage, dispatch_uid="courses.catalogue_published")
def catalogue_published(sender: Any, instance: CataloguePage, **kwargs: Any) -> None:
    """Instructors author from the catalogue down, administrators from the home page down."""
    codes = ["add_page", "change_page", "publish_page", "lock_page"]
    permissions = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=codes)
    places = {"instructor": instance.page_ptr, "admin": instance.get_parent()}
    for group in Group.objects.filter(name__in=places):
        for permission in permissions:
            GroupPagePermission.objects.get_or_create(group=group, page=places[group.name], permission=permission)


@receiver(post_save, sender=SchoolSettings, dispatch_uid="courses.school.saved")
def school_saved(sender: Any, **kwargs: Any) -> None:
    """The name of the school is on every page."""
    transaction.on_commit(forget_school)


@receiver([post_save, post_delete], sender=GlossaryTerm, dispatch_uid="courses.outline.terms")
def term_changed(sender: Any, **kwargs: Any) -> None:
    """The words of the glossary are marked in lessons."""
    transaction.on_commit(forget_outline)


@receiver(post_delete, dispatch_uid="courses.outline.deleted")
def page_deleted(sender: Any, **kwargs: Any) -> None:
    """A page was deleted."""
    if issubclass(sender, Page):
        transaction.on_commit(forget_outline)


@receiver([published, unpublished], sender=Assessment, dispatch_uid="courses.outline.assessments")
def assessment_changed(sender: Any, **kwargs: Any) -> None:
    """A check or quiz came or went."""
    transaction.on_commit(forget_outline)
