"""Supervised practice: the hours log, and the case reports. Neither ever holds who a client is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.record import Record, digest_field, immutable_uuid
from lms.core.storage import private_storage

from .enums import ReviewOutcome, SessionSetting

User = settings.AUTH_USER_MODEL


class Client(Record):
    """Somebody whom a student treats, as a number that means something to the student alone."""

    student = models.ForeignKey(User, on_delete=models.PROTECT, related_name="clients")
    number = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["student", "number"]
        constraints = [models.UniqueConstraint(fields=["student", "number"], name="one_client_per_student_and_number")]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """As it is written in the log: C-01, C-02 and so on."""
        return f"C-{self.number:02}"


class SupervisedSession(Record):
    """An entry of the hours log. A mistake is withdrawn and entered anew."""

    uuid = immutable_uuid()
    student = models.ForeignKey(User, on_delete=models.PROTECT, related_name="supervised_sessions")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="sessions")
    supervisor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sessions_supervised")
    held_on = models.DateField(_("held on"))
    starts_at = models.TimeField(_("from"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(1), MaxValueValidator(720)])
    setting = models.CharField(_("setting"), max_length=20, choices=SessionSetting.choices)
    categories = models.JSONField(_("categories"))
    techniques = models.JSONField(_("techniques"))
    note = models.TextField(_("note"), blank=True)
    recorded_at = models.DateTimeField()

    erasable_fields = ("note",)

    class Meta:
        ordering = ["-held_on", "-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(1, 720)), name="a_session_lasts_at_most_12_hours"),
            models.CheckConstraint(condition=~Q(student=models.F("supervisor")), name="nobody_supervises_themselves"),
        ]
        indexes = [models.Index(fields=["supervisor", "held_on"], name="sessions_of_a_supervisor")]

    def __str__(self) -> str:
        return f"{self.student_id}: {self.minutes} min on {self.held_on}"


class SupervisedSessionDecision(Record):
    """A supervisor approved or refused an entry; the last decision holds."""

    session = models.ForeignKey(SupervisedSession, on_delete=models.PROTECT, related_name="decisions")
    approved = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("reason",)

    class Meta:
        ordering = ["session", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(approved=True) | ~Q(reason=""), name="a_refused_session_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.approved}"


class SupervisedSessionWithdrawal(Record):
    """The student took an entry back. It stays in the record and counts no more."""

    session = models.OneToOneField(SupervisedSession, on_delete=models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Withdrawn: {self.session_id}"


def report_path(report: CaseReport, filename: str) -> str:
    """Named by content, below the student's own folder."""
    return f"case-reports/{report.student.uuid}/{report.digest}"


class CaseReport(Record):
    """A student's written account of one client's treatment. A new edition names the one that it revises."""

    uuid = immutable_uuid()
    student = models.ForeignKey(User, on_delete=models.PROTECT, related_name="case_reports")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="case_reports")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("report"), blank=True)
    word_count = models.PositiveIntegerField(null=True, blank=True)
    file = models.FileField(_("file"), storage=private_storage, upload_to=report_path, max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    digest = digest_field()
    consent = models.TextField(help_text=_("The declaration of the client's consent, word for word."))
    revises = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="revision")
    submitted_at = models.DateTimeField()

    erasable_fields = ("title", "text", "file", "file_name")

    class Meta:
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") | ~Q(file=""), name="a_case_report_has_a_text_or_a_file"),
            models.CheckConstraint(condition=~Q(consent=""), name="a_case_report_has_the_clients_consent"),
        ]

    def __str__(self) -> str:
        return self.title


class CaseReportReview(Record):
    """A reader judged a case report by a rubric. `rubric` is a list of dicts with `criterion`, `points`, `comment`."""

    report = models.OneToOneField(CaseReport, on_delete=models.PROTECT, related_name="review")
    outcome = models.CharField(max_length=10, choices=ReviewOutcome.choices)
    rubric: Any = models.JSONField()
    comment = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("comment",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="accepted") | ~Q(comment=""), name="a_returned_case_report_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.outcome}"
