"""Analyses that were kept, and studies that set a cut score."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.record import Record, digest_field, immutable_uuid
from quizzes.assembly.models import Assessment, Form, FormItem

User = settings.AUTH_USER_MODEL


class AnalysisSnapshot(Record):
    """An item analysis as it stood: its figures and a digest of the marks it was worked out from."""

    uuid = immutable_uuid()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="analysis_snapshots")
    includes_retakes = models.BooleanField()
    attempt_count = models.PositiveIntegerField()
    figures = models.JSONField()
    input_digest = digest_field()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.at:%Y-%m-%d %H:%M}"


class StandardSettingStudy(Record):
    """A modified Angoff study of one form: judges rate each item, and what comes of it may become the cut score."""

    uuid = immutable_uuid()
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="studies")
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(
        _("the minimally competent candidate"), help_text=_("Whom the judges have in mind: what such a person can do.")
    )
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(null=True, blank=True)
    cut_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    adopted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    adopted_at = models.DateTimeField(null=True, blank=True)

    write_once_fields = ("closed_by", "closed_at", "figures", "cut_percent", "adopted_by", "adopted_at")

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(adopted_at=None) | Q(closed_at__isnull=False, cut_percent__isnull=False),
                name="only_a_closed_study_is_adopted",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class StudyJudge(Record):
    """A subject expert who rates in a study."""

    study = models.ForeignKey(StandardSettingStudy, on_delete=models.PROTECT, related_name="judges")
    judge = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    qualification = models.CharField(_("qualification"), max_length=200)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["study", "id"]
        constraints = [models.UniqueConstraint(fields=["study", "judge"], name="one_place_per_study_and_judge")]

    def __str__(self) -> str:
        return f"{self.judge_id} in {self.study_id}"


class AngoffRating(Record):
    """A judge's estimate: the share of minimally competent candidates who get the item right. The last counts."""

    judge = models.ForeignKey(StudyJudge, on_delete=models.PROTECT, related_name="ratings")
    item = models.ForeignKey(FormItem, on_delete=models.PROTECT, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    probability = models.DecimalField(max_digits=4, decimal_places=3)
    at = models.DateTimeField()

    class Meta:
        ordering = ["judge", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(probability__range=(0, 1)), name="an_angoff_rating_is_a_probability"),
            models.CheckConstraint(condition=Q(round__range=(1, 3)), name="an_angoff_study_has_three_rounds_at_most"),
        ]

    def __str__(self) -> str:
        return f"{self.judge_id}/{self.item_id}: {self.probability}"
