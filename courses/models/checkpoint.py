"""A stop between lessons where a quiz is taken."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from lms.knowledge.api import code_field


class CheckpointPage(Page):
    """A place in the outline for an assessment of its own."""

    code = code_field()
    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "ul", "ol", "link"])
    assessment = models.ForeignKey(
        "quizzes.Assessment", on_delete=models.PROTECT, related_name="+", verbose_name=_("assessment")
    )

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("code"),
        FieldPanel("intro"),
        FieldPanel("assessment"),
    ]
    parent_page_types: ClassVar = ["courses.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "courses/checkpoint_page.html"

    class Meta:
        verbose_name = _("checkpoint")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from ..presenters import checkpoint_context

        return {**super().get_context(request, *args, **kwargs), **checkpoint_context(self, request.user)}
