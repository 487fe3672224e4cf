"""What people said of a course, kept apart from who they are.

Two tables that nothing joins: one says that a person has answered, the other what somebody said. Neither has a time of
day, the answers have no day, and their key is random, so that no order of theirs tells who came when.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from lms.core.record import Record


class EvaluationGiven(Record):
    """A person has evaluated a course. What they said is not here, and nothing leads to it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evaluations_given")
    course_code = models.CharField(max_length=60)
    on = models.DateField()

    class Meta:
        ordering = ["user", "course_code"]
        constraints = [models.UniqueConstraint(fields=["user", "course_code"], name="one_evaluation_per_course")]

    def __str__(self) -> str:
        return f"{self.user_id} evaluated {self.course_code}"


class CourseEvaluation(Record):
    """What somebody said of a course: an answer for each statement of that version, and two texts.

    `answers` maps the code of a statement to 1 (disagree) up to 5 (agree), or to None where it does not apply.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course_code = models.CharField(max_length=60)
    cohort = models.ForeignKey(
        "learning.Cohort", on_delete=models.PROTECT, null=True, blank=True, related_name="evaluations"
    )
    month = models.DateField(help_text="The first day of the month in which it was given.")
    version = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    helped = models.TextField(blank=True)
    change = models.TextField(blank=True)

    # Somebody may have named a client all the same.
    erasable_fields = ("helped", "change")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["course_code", "month"], name="evaluations_of_a_course")]

    def __str__(self) -> str:
        return f"{self.course_code}, {self.month:%Y-%m}"
