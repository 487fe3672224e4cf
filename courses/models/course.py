"""A course."""

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


class CoursePage(Page):
    """A course of modules. Its code is its public name and never changes; page slugs may."""

    code = code_field()
    slug_code = models.SlugField(
        _("public name"), max_length=80, unique=True, help_text=_("Used in addresses of the API; never changes.")
    )
    summary = RichTextField(_("summary"), features=["bold", "italic", "ul", "ol", "link"])
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    prerequisites = ParentalManyToManyField(
        "courses.CoursePage", blank=True, related_name="opens", verbose_name=_("courses to complete before")
    )

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("code"),
        FieldPanel("slug_code"),
        FieldPanel("summary"),
        FieldPanel("position"),
        FieldPanel("prerequisites"),
    ]
    parent_page_types: ClassVar = ["courses.CataloguePage"]
    subpage_types: ClassVar = ["courses.ModulePage"]
    template = "courses/course_page.html"

    class Meta:
        verbose_name = _("course")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from ..presenters import course_context

        return {**super().get_context(request, *args, **kwargs), **course_context(self, request.user)}
