"""Grades of items and results of attempts: a history, of which the last row is in force."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.core.record import Record, immutable_uuid
from quizzes.attempts.models import Attempt, AttemptItem, Response
from quizzes.bank.models import AnswerKey

from .enums import GradeSource

User = settings.AUTH_USER_MODEL


class Grade(Record):
    """One judgement of one item. `fraction` is 0..1, or null for "needs a person"; null is never 0."""

    uuid = immutable_uuid()
    item = models.ForeignKey(AttemptItem, on_delete=models.PROTECT, related_name="grades")
    response = models.ForeignKey(Response, on_delete=models.PROTECT, null=True, blank=True, related_name="grades")
    answer_key = models.ForeignKey(AnswerKey, on_delete=models.PROTECT, null=True, blank=True, related_name="grades")
    source = models.CharField(max_length=12, choices=GradeSource.choices)
    fraction = models.DecimalField(max_digits=9, decimal_places=8, null=True)
    mark = models.DecimalField(max_digits=12, decimal_places=8, null=True)
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
