"""Appeals, complaints and requests for accommodations: cases with a deadline and a person who decides."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.record import Record, immutable_uuid
from lms.core.storage import private_storage

from .enums import CaseEventKind, CaseKind, CaseSubject

User = settings.AUTH_USER_MODEL


def case_path(row: Case, filename: str) -> str:
    """A random name: what is handed in with a case may be medical."""
    return f"cases/{row.uuid}"


class Case(Record):
    """Somebody asks the school to look at something again, complains, or asks for conditions that they need."""

    uuid = immutable_uuid()
    kind = models.CharField(max_length=14, choices=CaseKind.choices)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cases")
    subject = models.CharField(max_length=12, choices=CaseSubject.choices)
    reference = models.CharField(max_length=80, blank=True)
    title = models.CharField(_("in short"), max_length=200)
    text = models.TextField(_("what happened, and what you ask for"))
    file = models.FileField(_("document"), storage=private_storage, upload_to=case_path, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    opened_at = models.DateTimeField()
    due_on = models.DateField()

    erasable_fields = ("title", "text", "file", "file_name")

    class Meta:
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.title


class CaseEvent(Record):
    """Something that happened to a case. Its state follows from these."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=CaseEventKind.choices)
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_assigned")
    text = models.TextField(blank=True)
    is_shared = models.BooleanField(default=False, help_text=_("The person who opened the case reads it."))
    due_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("text",)

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["upheld", "rejected", "noted", "deferred"]) | ~Q(text=""),
                name="a_decided_case_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind="assigned") | Q(assignee__isnull=False), name="an_assigned_case_has_somebody"
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(kind__in=["upheld", "rejected", "withdrawn"]),
                name="a_case_is_closed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
