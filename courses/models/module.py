"""A module."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from lms.knowledge.api import code_field


class ModulePage(Page):
    """Lessons that belong together, with a quiz at the end. Prerequisites form a graph over modules."""

    code = code_field()
    summary = RichTextField(_("summary"), features=["bold", "italic", "ul", "ol", "link"])
    prerequisites = ParentalManyToManyField(
        "courses.ModulePage", blank=True, related_name="opens", verbose_name=_("modules to complete before")
    )
    quiz = models.ForeignKey(
        "quizzes.Assessment", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("quiz")
    )

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("code"),
        FieldPanel("summary"),
        FieldPanel("prerequisites"),
        FieldPanel("quiz"),
    ]
    parent_page_types: ClassVar = ["courses.CoursePage"]
    subpage_types: ClassVar = ["courses.LessonPage", "courses.CheckpointPage"]
    template = "courses/module_page.html"

    class Meta:
        verbose_name = _("module")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from ..presenters import module_context

        return {**super().get_context(request, *args, **kwargs), **module_context(self, request.user)}
