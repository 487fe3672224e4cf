"""Assessments in the CMS."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.snippets.views.snippets import SnippetViewSet

from quizzes.bank.admin import PUBLISHING

from .commands import check_assessment
from .exceptions import CannotAssemble
from .guard import kinds_for
from .models import Assessment


class AssessmentForm(WagtailAdminModelForm):
    """What is to be published must be possible to put together from the bank as it is now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is not None and "kind" in self.fields:
            mine = kinds_for(self.for_user)
            field = self.fields["kind"]
            field.choices = [(value, label) for value, label in field.choices if not value or value in mine]

    def clean(self) -> dict[str, Any]:
        """Assemble as publication would, and keep nothing of it."""
        data = super().clean()
        if PUBLISHING.isdisjoint(self.data) or self.errors:
            return data
        draft = Assessment(**{name: data[name] for name in data if name not in {"code", "comments"}}, code=data["code"])
        try:
            check_assessment(assessment=draft)
        except CannotAssemble as error:
            self.add_error("structure", error.message)
        return data


class AssessmentViewSet(SnippetViewSet):
    model = Assessment
    icon = "tasks"
    list_display = ["code", "title", "kind", "form_policy", "is_retired"]
    list_filter = ["kind", "is_retired"]
    search_fields = ["code", "title"]
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assessment]:
        """Assessments of the kinds that the person may write."""
        return Assessment.objects.filter(kind__in=kinds_for(request.user))

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("code"),
                    FieldPanel("title"),
                    FieldPanel("kind"),
                    FieldPanel("intro"),
                    FieldPanel("structure"),
                    FieldRowPanel([FieldPanel("form_policy"), FieldPanel("form_count"), FieldPanel("shuffle_items")]),
                ],
                heading=_("Items"),
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("cut_percent"), FieldPanel("cut_basis")]),
                    FieldPanel("hurdles"),
                    FieldPanel("time_limit"),
                    FieldRowPanel([FieldPanel("opens_at"), FieldPanel("starts_until"), FieldPanel("closes_at")]),
                    FieldRowPanel([FieldPanel("max_attempts"), FieldPanel("attempts_window"), FieldPanel("cooldown")]),
                    MultiFieldPanel(
                        [FieldPanel(n) for n in ("feedback", "results", "domain_report", "navigation")], _("Showing")
                    ),
                    MultiFieldPanel(
                        [FieldPanel(n) for n in ("needs_authorisation", "needs_sitting", "retake_needs_remediation")],
                        _("Before a start"),
                    ),
                    MultiFieldPanel(
                        [FieldPanel(n) for n in ("asks_certainty", "needs_second_marker")], _("Answers and marking")
                    ),
                ],
                heading=_("Rules"),
            ),
            ObjectList([FieldPanel("is_retired"), PublishingPanel()], heading=_("Life")),
        ],
        base_form_class=AssessmentForm,
    )
