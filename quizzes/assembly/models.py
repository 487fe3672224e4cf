"""Assessments as they are planned, the frozen versions of them, and the forms that candidates sit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin

from lms.core.fields import LeanStreamField
from lms.core.record import Record, digest_field, immutable_uuid
from lms.knowledge.api import code_field
from quizzes.bank.models import QuestionVersion

from .blocks import StructureBlock
from .enums import (
    AssessmentKind,
    CutBasis,
    DomainReport,
    FeedbackRule,
    FormPolicy,
    Navigation,
    ResultRelease,
)


class Assessment(DraftStateMixin, LockableMixin, RevisionMixin, ClusterableModel):
    """A check, quiz or exam as its author plans it. Publishing freezes an `AssessmentVersion` and its forms."""

    code = code_field()
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=AssessmentKind.choices)
    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "ul", "ol"])
    structure = LeanStreamField(StructureBlock(), verbose_name=_("items and blueprint"))
    form_policy = models.CharField(_("forms"), max_length=10, choices=FormPolicy.choices, default=FormPolicy.DRAWN)
    form_count = models.PositiveSmallIntegerField(
        _("number of fixed forms"), default=1, validators=[MinValueValidator(1), MaxValueValidator(6)]
    )
    cut_percent = models.DecimalField(
        _("cut score in %"), max_digits=5, decimal_places=2, default=Decimal("80"),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    cut_basis = models.CharField(
        _("basis of the cut"), max_length=10, choices=CutBasis.choices, default=CutBasis.INTERIM
    )
    hurdles = models.JSONField(
        _("hurdles"), default=list, blank=True, help_text=_("Domains that must be passed on their own, with percent.")
    )
    time_limit = models.DurationField(_("time limit"), null=True, blank=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    starts_until = models.DateTimeField(
        _("last start"), null=True, blank=True,
        help_text=_("Whoever starts before this moment has the full time, unless a hard stop cuts it short."),
    )  # fmt: skip
    closes_at = models.DateTimeField(
        _("hard stop"), null=True, blank=True, help_text=_("Every attempt ends then, however late it began.")
    )
    max_attempts = models.PositiveSmallIntegerField(_("attempts"), null=True, blank=True)
    attempts_window = models.DurationField(_("attempts are counted over"), null=True, blank=True)
    cooldown = models.DurationField(_("wait between attempts"), null=True, blank=True)
    feedback = models.CharField(
        _("feedback"), max_length=20, choices=FeedbackRule.choices, default=FeedbackRule.AFTER_SUBMIT
    )
    results = models.CharField(
        _("results"), max_length=10, choices=ResultRelease.choices, default=ResultRelease.AT_ONCE
    )
    domain_report = models.CharField(
        _("report by domain"), max_length=10, choices=DomainReport.choices, default=DomainReport.SCORES
    )
    navigation = models.CharField(_("navigation"), max_length=10, choices=Navigation.choices, default=Navigation.FREE)
    shuffle_items = models.BooleanField(_("shuffle the items"), default=True)
    asks_certainty = models.BooleanField(
        _("ask how certain"), default=False,
        help_text=_("Candidates say how sure they are of each answer. It is reported and changes no score."),
    )  # fmt: skip
    needs_authorisation = models.BooleanField(
        _("needs an authorisation to test"), default=False,
        help_text=_("Only candidates who were found eligible may start."),
    )  # fmt: skip
    needs_sitting = models.BooleanField(
        _("needs a sitting"), default=False, help_text=_("Sat under invigilation, with identity check and start code.")
    )
    needs_second_marker = models.BooleanField(
        _("two markers"), default=False, help_text=_("Two people mark each written answer without seeing the other.")
    )
    retake_needs_remediation = models.BooleanField(
        _("retake after remediation"), default=False,
        help_text=_("After a fail, the next attempt opens when the weak objectives were practised."),
    )  # fmt: skip
    is_retired = models.BooleanField(_("retired"), default=False)
    current_version = models.ForeignKey(
        "quizzes.AssessmentVersion", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="assessment",
        for_concrete_model=False,
    )

    class Meta:
        verbose_name = _("assessment")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    @property
    def revisions(self) -> Any:
        """Wagtail asks for the relation under this name."""
        return self._revisions

    @property
    def start_url(self) -> str:
        """Where a candidate begins."""
        return reverse("quizzes:start", args=[self.code])

    def with_content_json(self, content: dict[str, Any]) -> Assessment:
        """An older revision must not bring an older version pointer back."""
        assessment = super().with_content_json(content)
        assessment.current_version_id = self.current_version_id
        return assessment

    def clean(self) -> None:
        super().clean()
        if self.feedback == FeedbackRule.AFTER_CLOSE and not self.closes_at:
            raise ValidationError({"closes_at": _("Feedback after closing needs a closing time.")})
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            raise ValidationError({"closes_at": _("It must close after it opens.")})
        if self.starts_until and self.opens_at and self.starts_until <= self.opens_at:
            raise ValidationError({"starts_until": _("The last start must come after it opens.")})
        if self.starts_until and self.closes_at and self.starts_until > self.closes_at:
            raise ValidationError({"starts_until": _("Nobody can start after the hard stop.")})
        if self.max_attempts == 0:
            raise ValidationError({"max_attempts": _("Leave this empty for any number of attempts.")})
        if self.navigation == Navigation.ONE_WAY and self.feedback == FeedbackRule.IMMEDIATE:
            raise ValidationError({"navigation": _("One way goes on at once, so that feedback would never be seen.")})
        if self.kind in {AssessmentKind.EXAM, AssessmentKind.MOCK} and self.feedback == FeedbackRule.IMMEDIATE:
            raise ValidationError({"feedback": _("An exam gives no feedback while it runs.")})


class AssessmentVersion(Record):
    """The rules of an assessment as they stood when it was published: policy and blueprint, word for word."""

    uuid = immutable_uuid()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    policy = models.JSONField()
    blueprint = models.JSONField()
    intro_html = models.TextField(blank=True)
    content_digest = digest_field()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["assessment", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="one_version_per_assessment_and_number"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} v{self.number}"


class Form(Record):
    """One concrete, ordered set of items of an assessment version, with the cut score that belongs to it."""

    uuid = immutable_uuid()
    version = models.ForeignKey(AssessmentVersion, on_delete=models.PROTECT, related_name="forms")
    label = models.CharField(max_length=10)
    seed = models.CharField(max_length=80)
    cut_percent = models.DecimalField(max_digits=5, decimal_places=2)
    cut_basis = models.CharField(max_length=10, choices=CutBasis.choices)
    scale = models.JSONField(null=True, blank=True)
    items_digest = digest_field()
    assembled_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    write_once_fields = ("reviewed_by", "reviewed_at")

    class Meta:
        ordering = ["version", "label"]
        constraints = [models.UniqueConstraint(fields=["version", "label"], name="one_form_per_version_and_label")]

    def __str__(self) -> str:
        return f"Form {self.label}"


class FormItem(Record):
    """An item at its place in a form."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="items")
    slot = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="form_items")
    marks = models.DecimalField(max_digits=6, decimal_places=2)
    counts = models.BooleanField(default=True)

    class Meta:
        ordering = ["form", "slot"]
        constraints = [
            models.UniqueConstraint(fields=["form", "slot"], name="one_item_per_form_and_slot"),
            models.CheckConstraint(condition=models.Q(marks__gt=0), name="form_item_marks_are_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.form_id}/{self.slot}"
