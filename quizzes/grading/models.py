"""Grades of items and results of attempts: a history, of which the last row is in force."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.core.record import Record, immutable_uuid
from quizzes.assembly.models import Assessment
from quizzes.attempts.models import Attempt, AttemptItem, Response
from quizzes.bank.models import AnswerKey, Question, QuestionVersion

from .enums import GradeSource, RegradeMethod

User = settings.AUTH_USER_MODEL


class Regrade(Record):
    """A correction of scores: proposed with its preview, approved by somebody else, undone by a further step.

    The preview is what the approver saw; nothing is applied that differs from it.
    """

    uuid = immutable_uuid()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="regrades")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="regrades")
    method = models.CharField(max_length=12, choices=RegradeMethod.choices)
    to_version = models.ForeignKey(
        QuestionVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="regrades"
    )
    never_lower = models.BooleanField(default=True)
    reason = models.CharField(max_length=500)
    preview = models.JSONField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001

    erasable_fields = ("reason",)
    write_once_fields = (
        "approved_by", "approved_at", "declined_by", "declined_at", "undone_by", "undone_at", "undo_reason",
    )  # fmt: skip

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(approved_at__isnull=False), name="only_an_applied_regrade_is_undone"
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None) | Q(approved_at=None), name="a_declined_regrade_is_not_applied"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.question_id} in {self.assessment_id}"


class Marking(Record):
    """One marker's judgement of one written answer against its rubric. The last of each marker counts."""

    uuid = immutable_uuid()
    item = models.ForeignKey(AttemptItem, on_delete=models.PROTECT, related_name="markings")
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="markings")
    answer_key = models.ForeignKey(AnswerKey, on_delete=models.PROTECT, related_name="markings")
    points = models.JSONField(help_text="Points by criterion of the rubric.")
    fraction = models.DecimalField(max_digits=9, decimal_places=8)
    comment = models.TextField(blank=True)
    is_moderation = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("comment",)

    class Meta:
        ordering = ["item", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(fraction__range=(0, 1)), name="a_marking_lies_between_0_and_1"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} by {self.by_id}: {self.fraction}"


class Grade(Record):
    """One judgement of one item. `fraction` is 0..1, or null for "needs a person"; null is never 0."""

    uuid = immutable_uuid()
    item = models.ForeignKey(AttemptItem, on_delete=models.PROTECT, related_name="grades")
    response = models.ForeignKey(Response, on_delete=models.PROTECT, null=True, blank=True, related_name="grades")
    answer_key = models.ForeignKey(AnswerKey, on_delete=models.PROTECT, null=True, blank=True, related_name="grades")
    source = models.CharField(max_length=12, choices=GradeSource.choices)
    fraction = models.DecimalField(max_digits=9, decimal_places=8, null=True)
    mark = models.DecimalField(max_digits=12, decimal_places=8, null=True)
    excluded = models.BooleanField(default=False, help_text="The item was dropped and counts for nobody.")
    regrade = models.ForeignKey(Regrade, on_delete=models.PROTECT, null=True, blank=True, related_name="grades")
    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, null=True, blank=True, related_name="grades")
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("reason",)

    class Meta:
        ordering = ["item", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fraction=None) | Q(fraction__range=(0, 1)), name="a_fraction_lies_between_0_and_1"
            ),
            models.CheckConstraint(
                condition=Q(fraction=None, mark=None) | Q(fraction__isnull=False, mark__isnull=False),
                name="fraction_and_mark_are_known_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.fraction}"


class Result(Record):
    """The judgement of an attempt, made only when every item has a grade. `percent` is unrounded."""

    uuid = immutable_uuid()
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="results")
    raw = models.DecimalField(max_digits=14, decimal_places=8)
    maximum = models.DecimalField(max_digits=10, decimal_places=2)
    percent = models.DecimalField(max_digits=14, decimal_places=10)
    cut_percent = models.DecimalField(max_digits=5, decimal_places=2)
    hurdles = models.JSONField(default=list)
    domains = models.JSONField(default=list)
    passed = models.BooleanField()
    source = models.CharField(max_length=12, choices=GradeSource.choices)
    regrade = models.ForeignKey(Regrade, on_delete=models.PROTECT, null=True, blank=True, related_name="results")
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    erasable_fields = ("reason",)
    write_once_fields = ("released_at", "released_by")

    class Meta:
        ordering = ["attempt", "id"]
        constraints = [models.CheckConstraint(condition=Q(maximum__gt=0), name="a_result_is_out_of_something")]

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.percent:.2f} %"
