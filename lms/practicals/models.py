"""Practical examinations: what is to be shown at each station, and who judged it.

Judging people is never a workflow: a sign-off is a fact with an examiner and a time, and a withdrawal is a further
fact. What a sign-off says is never edited. How a station and an attempt stand is worked out from them, see `rules`.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, RevisionMixin

from lms.core.fields import LeanStreamField
from lms.core.record import Record, digest_field, immutable_uuid
from lms.knowledge.api import code_field

from .blocks import CriticalFailsBlock, StationsBlock
from .log_models import (
    CaseReport,
    CaseReportReview,
    Client,
    SupervisedSession,
    SupervisedSessionDecision,
    SupervisedSessionWithdrawal,
)

__all__ = [
    "CaseReport",
    "CaseReportReview",
    "Client",
    "CriterionJudgement",
    "CriticalFail",
    "Practical",
    "PracticalAttempt",
    "PracticalSignature",
    "PracticalVersion",
    "SignOff",
    "SignOffWithdrawal",
    "StationRuling",
    "SupervisedSession",
    "SupervisedSessionDecision",
    "SupervisedSessionWithdrawal",
]

User = settings.AUTH_USER_MODEL


class Practical(DraftStateMixin, RevisionMixin, ClusterableModel):
    """A practical examination as its author writes it. Publishing freezes a `PracticalVersion`."""

    code = code_field()
    title = models.CharField(_("title"), max_length=200)
    instructions = models.TextField(_("instructions for examiners"), blank=True)
    pass_percent = models.PositiveSmallIntegerField(
        _("a station passes at %"), default=70, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    examiners_needed = models.PositiveSmallIntegerField(
        _("examiners at each station"), default=1, validators=[MinValueValidator(1), MaxValueValidator(2)]
    )
    stations = LeanStreamField(StationsBlock(), verbose_name=_("stations"))
    critical_fails = LeanStreamField(CriticalFailsBlock(), verbose_name=_("critical fails"), blank=True)
    is_retired = models.BooleanField(_("retired"), default=False)
    current_version = models.ForeignKey(
        "practicals.PracticalVersion", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="practical",
        for_concrete_model=False,
    )

    class Meta:
        verbose_name = _("practical examination")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    @property
    def revisions(self) -> Any:
        """Wagtail asks for the relation under this name."""
        return self._revisions

    def with_content_json(self, content: dict[str, Any]) -> Practical:
        """An older revision must not bring an older version pointer back."""
        practical = super().with_content_json(content)
        practical.current_version_id = self.current_version_id
        return practical


class PracticalVersion(Record):
    """A practical examination as it stood when somebody was judged by it.

    `content` holds `pass_percent`, `examiners_needed`, `stations` (each with `code`, `title`, `minutes`, `briefing` and
    `criteria`, a list of texts) and `critical_fails`, a list of texts.
    """

    uuid = immutable_uuid()
    practical = models.ForeignKey(Practical, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    content = models.JSONField()
    content_digest = digest_field()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["practical", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["practical", "number"], name="one_version_per_practical_and_number"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class PracticalAttempt(Record):
    """A candidate's way through all stations of a practical, on the version with which it was opened."""

    uuid = immutable_uuid()
    candidate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="practical_attempts")
    practical = models.ForeignKey(Practical, on_delete=models.PROTECT, related_name="attempts")
    version = models.ForeignKey(PracticalVersion, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "practical", "number"], name="practical_attempts_are_numbered_one_by_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id}: {self.version_id}, attempt {self.number}"

    @property
    def signature(self) -> PracticalSignature | None:
        """The candidate's signature on what is recorded now; one from before a later change no longer counts."""
        last = max(self.signatures.all(), key=lambda row: row.pk, default=None)
        if last is None:
            return None
        for row in self.sign_offs.all():
            later = (getattr(row, "withdrawal", None), getattr(row, "ruling", None))
            if row.recorded_at > last.at or any(fact and fact.at > last.at for fact in later):
                return None
        return last


class SignOff(Record):
    """An examiner judged a candidate at a station. Whether it passes follows from the lines, and is kept with them.

    The identifier comes from the examiner's device, so that what is sent twice is recorded once.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempt = models.ForeignKey(PracticalAttempt, on_delete=models.PROTECT, related_name="sign_offs")
    station = models.CharField(max_length=20)
    candidate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_offs")
    examiner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_offs_given")
    has_taught = models.BooleanField(help_text=_("The examiner has taught the candidate."))
    points = models.PositiveSmallIntegerField()
    max_points = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    seconds = models.PositiveIntegerField(null=True, blank=True, help_text=_("Time that the examiner's clock showed."))
    comment = models.TextField(blank=True)
    observed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    erasable_fields = ("comment",)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(candidate=F("examiner")), name="nobody_signs_off_their_own_skill"),
            models.CheckConstraint(condition=Q(points__lte=F("max_points")), name="no_more_points_than_there_are"),
        ]
        indexes = [models.Index(fields=["attempt", "station"], name="sign_offs_of_a_station")]

    def __str__(self) -> str:
        return f"{self.candidate_id} at {self.station}"


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


class CriticalFail(Record):
    """Something happened that fails the whole practical, in the words of its version, with what was seen."""

    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="critical_fails")
    text = models.CharField(max_length=400)
    comment = models.CharField(max_length=1000)

    erasable_fields = ("comment",)

    class Meta:
        ordering = ["sign_off", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sign_off", "text"], name="a_critical_fail_is_noted_once"),
            models.CheckConstraint(condition=~Q(comment=""), name="a_critical_fail_says_what_was_seen"),
        ]

    def __str__(self) -> str:
        return self.text


class SignOffWithdrawal(Record):
    """A sign-off no longer counts; it stays in the record with the reason."""

    sign_off = models.OneToOneField(SignOff, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("reason",)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_withdrawal_says_why")]

    def __str__(self) -> str:
        return f"Withdrawn: {self.sign_off_id}"


class StationRuling(Record):
    """Where two examiners disagreed, a third person decided. It stands on the sign-off that it upholds."""

    sign_off = models.OneToOneField(SignOff, on_delete=models.PROTECT, related_name="ruling")
    passed = models.BooleanField()
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("reason",)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_ruling_says_why")]

    def __str__(self) -> str:
        return f"{self.sign_off_id}: {self.passed}"


class PracticalSignature(Record):
    """The candidate has seen what was recorded of the attempt, and signs it, agreeing or not; anew after a change."""

    attempt = models.ForeignKey(PracticalAttempt, on_delete=models.PROTECT, related_name="signatures")
    name = models.CharField(max_length=200)
    agrees = models.BooleanField()
    remark = models.TextField(blank=True)
    at = models.DateTimeField()

    erasable_fields = ("name", "remark")

    class Meta:
        ordering = ["attempt", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(remark=""), name="who_disagrees_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} signed"
