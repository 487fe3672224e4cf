"""A lesson."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from lms.core.fields import LeanStreamField
from lms.knowledge.api import Objective, Provenance, SafetyNote, Source, code_field

from ..blocks import LessonBody


class LessonPage(Provenance, Page):
    """A page of a book with a margin: prose, figures, claims with their standing, and a check at the end."""

    code = code_field()
    summary = models.CharField(_("summary"), max_length=300, help_text=_("One sentence for lists."))
    why = models.TextField(_("why it matters"), help_text=_("Two or three sentences."))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=30, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    objectives = ParentalManyToManyField(Objective, blank=True, related_name="lessons", verbose_name=_("objectives"))
    sources = ParentalManyToManyField(Source, blank=True, related_name="lessons", verbose_name=_("sources"))
    safety_notes = ParentalManyToManyField(
        SafetyNote, blank=True, related_name="lessons", verbose_name=_("safety notes")
    )
    body = LeanStreamField(LessonBody(), verbose_name=_("body"))
    last_revised = models.DateField(_("last revised"), null=True, blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("code"), FieldPanel("minutes"), FieldPanel("summary"), FieldPanel("why")], _("About")
        ),
        FieldPanel("objectives"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("sources"), FieldPanel("safety_notes")], _("Sources and safety")),
        MultiFieldPanel(
            [FieldPanel("last_revised"), *[FieldPanel(name) for name in Provenance.PROVENANCE_FIELDS]], _("Provenance")
        ),
    ]
    parent_page_types: ClassVar = ["courses.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "courses/lesson_page.html"

    class Meta:
        verbose_name = _("lesson")

    @property
    def knowledge_check_id(self) -> int | None:
        """Primary key of the lesson's check, read from the stored blocks without loading anything."""
        for block in self.body.raw_data:
            if block["type"] == "knowledge_check":
                return block["value"].get("assessment")
        return None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from ..presenters import lesson_context

        is_preview = getattr(request, "is_preview", False)
        return {
            **super().get_context(request, *args, **kwargs),
            **lesson_context(self, request.user, is_preview=is_preview),
        }
