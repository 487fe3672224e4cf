"""Hands-on skills: what is to be shown, who judged it, and the log of supervised hours.

Judging people is never a workflow: a sign-off is a fact with an assessor and a time, and a withdrawal is a further
fact. An assessor never judges themselves.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, Orderable, RevisionMixin

from lms.core.record import Record, digest_field, immutable_uuid
from lms.knowledge.api import Domain, code_field

User = settings.AUTH_USER_MODEL


class Competency(DraftStateMixin, RevisionMixin, ClusterableModel):
    """A hands-on skill with observable criteria, as its author writes it."""

    code = code_field()
    title = models.CharField(_("title"), max_length=200)
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="+", verbose_name=_("domain"))
    description = models.TextField(_("description"), blank=True)
    pass_percent = models.PositiveSmallIntegerField(_("pass at %"), default=70, validators=[MaxValueValidator(100)])
    is_retired = models.BooleanField(_("retired"), default=False)
    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="competency",
        for_concrete_model=False,
    )

    class Meta:
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    @property
    def revisions(self) -> Any:
        """Wagtail asks for the relation under this name."""
        return self._revisions


class Criterion(Orderable):
    """One observable line of a checklist. A critical one that is not shown fails the whole."""

    competency = ParentalKey(Competency, on_delete=models.CASCADE, related_name="criteria")
    text = models.CharField(_("criterion"), max_length=400)
    is_critical = models.BooleanField(_("critical"), default=False)

    def __str__(self) -> str:
        return self.text


class CompetencyVersion(Record):
    """A competency as it stood when somebody was judged by it."""

    uuid = immutable_uuid()
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    criteria = models.JSONField()
    pass_percent = models.PositiveSmallIntegerField()
    content_digest = digest_field()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["competency", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["competency", "number"], name="one_version_per_competency_and_number"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class Station(models.Model):
    """A place in a practical examination where one competency is shown."""

    code = code_field()
    title = models.CharField(_("title"), max_length=200)
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="stations")
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=15)

    class Meta:
        verbose_name = _("station")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class SignOff(Record):
    """An assessor judged a candidate's skill. Passing is worked out from the criteria, and kept with them."""

    uuid = immutable_uuid()
    candidate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_offs")
    assessor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_offs_given")
    competency_version = models.ForeignKey(CompetencyVersion, on_delete=models.PROTECT, related_name="sign_offs")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, null=True, blank=True, related_name="sign_offs")
    passed = models.BooleanField()
    comment = models.TextField(blank=True)
    observed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    erasable_fields = ("comment",)

    class Meta:
        ordering = ["-observed_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(candidate=F("assessor")), name="nobody_signs_off_their_own_skill"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id}: {self.competency_version_id}"


class CriterionJudgement(Record):
    """0 not shown, 1 partly, 2 competent; a 0 says why."""

    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="judgements")
    position = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField(validators=[MinValueValidator(0), MaxValueValidator(2)])
    comment = models.CharField(max_length=500, blank=True)

    erasable_fields = ("comment",)

    class Meta:
        ordering = ["sign_off", "position"]
        constraints = [
            models.UniqueConstraint(fields=["sign_off", "position"], name="one_judgement_per_criterion"),
            models.CheckConstraint(condition=Q(points__lte=2), name="a_criterion_gets_0_1_or_2"),
            models.CheckConstraint(condition=Q(points__gt=0) | ~Q(comment=""), name="a_criterion_at_0_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.sign_off_id}/{self.position}: {self.points}"


class SignOffWithdrawal(Record):
    """A sign-off no longer counts; it stays in the record with the reason."""

    sign_off = models.OneToOneField(SignOff, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("reason",)

    def __str__(self) -> str:
        return f"Withdrawn: {self.sign_off_id}"


class SupervisedSession(Record):
    """An entry of the hours log. Never a client's identity."""

    uuid = immutable_uuid()
    student = models.ForeignKey(User, on_delete=models.PROTECT, related_name="supervised_sessions")
    held_on = models.DateField(_("held on"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(1), MaxValueValidator(720)])
    setting = models.CharField(_("setting"), max_length=120)
    techniques = models.JSONField(_("techniques"), default=list)
    body_region = models.CharField(_("body region"), max_length=120, blank=True)
    note = models.TextField(_("note"), blank=True)
    recorded_at = models.DateTimeField()

    erasable_fields = ("note",)

    class Meta:
        ordering = ["-held_on"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(1, 720)), name="a_session_lasts_at_most_12_hours"),
        ]

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

    def __str__(self) -> str:
        return f"{self.session_id}: {self.approved}"
