"""Who learns what, and what they have completed.

Completions key on the content's `code`, not on a page: pages get translated, moved and replaced, the record stays.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.record import Record, digest_field, immutable_uuid
from lms.knowledge.api import code_field

from .evaluation_models import CourseEvaluation, EvaluationGiven

__all__ = [
    "Attendance",
    "ClassSession",
    "Cohort",
    "CourseCompletion",
    "CourseEvaluation",
    "Enrolment",
    "EvaluationGiven",
    "LessonCompletion",
    "ModuleCompletion",
    "SessionFormat",
    "SessionKind",
]

User = settings.AUTH_USER_MODEL


class Cohort(models.Model):
    """People who learn together, with the instructors who teach them."""

    uuid = immutable_uuid()
    code = code_field()
    title = models.CharField(_("title"), max_length=200)
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    instructors = models.ManyToManyField(User, blank=True, related_name="cohorts_taught", verbose_name=_("instructors"))

    class Meta:
        verbose_name = _("cohort")
        ordering = ["-starts_on", "code"]

    def __str__(self) -> str:
        return self.title


class Enrolment(Record):
    """A person takes a course, from a day on, perhaps in a cohort. Leaving ends it; the row stays."""

    uuid = immutable_uuid()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="enrolments")
    course_code = models.CharField(max_length=60)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="enrolments")
    enrolled_at = models.DateTimeField()
    enrolled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(max_length=300, null=True, blank=True)  # noqa: DJ001

    write_once_fields = ("ended_at", "ended_by", "end_reason")

    class Meta:
        ordering = ["user", "course_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "course_code"], condition=Q(ended_at=None), name="one_running_enrolment_per_course"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.course_code}"


class SessionKind(models.TextChoices):
    """What a meeting counts for."""

    THEORY = "theory", _("Theory class")
    TECHNIQUE_LAB = "technique_lab", _("Technique lab")


class SessionFormat(models.TextChoices):
    """How people take part. A recording watched later is home study, whatever it records."""

    LIVE = "live", _("Live")
    WEBINAR = "webinar", _("Webinar")
    HOME_STUDY = "home_study", _("Home study")


class ClassSession(models.Model):
    """A meeting of a cohort, live or online, with the people who taught it."""

    uuid = immutable_uuid()
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="sessions")
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("minutes of instruction"), validators=[MinValueValidator(1)])
    kind = models.CharField(_("kind"), max_length=20, choices=SessionKind.choices, default=SessionKind.THEORY)
    format = models.CharField(_("format"), max_length=20, choices=SessionFormat.choices, default=SessionFormat.LIVE)
    course_code = models.CharField(_("course"), max_length=60, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    teachers = models.ManyToManyField(User, blank=True, related_name="sessions_taught", verbose_name=_("teachers"))

    class Meta:
        verbose_name = _("class session")
        ordering = ["starts_at"]

    def __str__(self) -> str:
        return self.title


class Attendance(Record):
    """Who was there, for how long, as noted by whom. A correction is a further row; the last one holds."""

    session = models.ForeignKey(ClassSession, on_delete=models.PROTECT, related_name="attendances")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="attendances")
    minutes = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300, blank=True, help_text=_("Why what was noted before is corrected."))
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    erasable_fields = ("reason",)

    class Meta:
        ordering = ["session", "user", "id"]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.minutes} min"


class LessonCompletion(Record):
    """A person completed a lesson, in the revision that they read, for so many credited minutes."""

    uuid = immutable_uuid()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="lesson_completions")
    lesson_code = models.CharField(max_length=60)
    revision_id = models.BigIntegerField(null=True, blank=True)
    content_digest = digest_field()
    credited_minutes = models.PositiveSmallIntegerField()
    completed_at = models.DateTimeField()

    class Meta:
        ordering = ["user", "completed_at"]
        constraints = [models.UniqueConstraint(fields=["user", "lesson_code"], name="one_completion_per_lesson")]

    def __str__(self) -> str:
        return f"{self.user_id} completed {self.lesson_code}"


class ModuleCompletion(Record):
    """All lessons of a module completed and its quiz passed, by the outline as it then was."""

    uuid = immutable_uuid()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="module_completions")
    module_code = models.CharField(max_length=60)
    outline_digest = digest_field()
    credited_minutes = models.PositiveIntegerField()
    completed_at = models.DateTimeField()

    class Meta:
        ordering = ["user", "completed_at"]
        constraints = [models.UniqueConstraint(fields=["user", "module_code"], name="one_completion_per_module")]

    def __str__(self) -> str:
        return f"{self.user_id} completed {self.module_code}"


class CourseCompletion(Record):
    """All modules of a course completed, by the outline as it then was."""

    uuid = immutable_uuid()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="course_completions")
    course_code = models.CharField(max_length=60)
    outline_digest = digest_field()
    credited_minutes = models.PositiveIntegerField()
    completed_at = models.DateTimeField()

    class Meta:
        ordering = ["user", "completed_at"]
        constraints = [models.UniqueConstraint(fields=["user", "course_code"], name="one_completion_per_course")]

    def __str__(self) -> str:
        return f"{self.user_id} completed {self.course_code}"
