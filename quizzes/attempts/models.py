"""Attempts: who sat what when, what was shown, and every answer that reached us."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.record import Record, RecordQuerySet, immutable_uuid
from quizzes.assembly.models import Assessment, AssessmentVersion, Form
from quizzes.bank.models import QuestionVersion

from .enums import AdjustmentKind, AttemptKind, EventType, GrantKind, IdentityMethod, InputMode, SubmittedHow

User = settings.AUTH_USER_MODEL


class Authorisation(Record):
    """Authorisation to test: who was found eligible for which exam, on what facts, and until when it holds."""

    uuid = immutable_uuid()
    candidate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="authorisations")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="authorisations")
    eligibility = models.JSONField(help_text=_("The facts as they stood."))
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001

    write_once_fields = ("ended_at", "ended_by", "end_reason")

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=models.F("valid_from")), name="authorisation_window_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} for {self.assessment_id}"


class Sitting(models.Model):
    """A place and time where an exam is sat under invigilation. Only a digest of the start code is kept."""

    uuid = immutable_uuid()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="sittings")
    place = models.CharField(_("place"), max_length=200)
    opens_at = models.DateTimeField(_("start window opens"))
    closes_at = models.DateTimeField(_("start window closes"))
    hard_stop_at = models.DateTimeField(_("hard stop"), null=True, blank=True)
    start_code_digest = models.CharField(max_length=64, blank=True, editable=False)
    invigilators = models.ManyToManyField(User, blank=True, related_name="sittings_invigilated")

    class Meta:
        ordering = ["opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=models.F("opens_at")), name="sitting_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.opens_at:%Y-%m-%d %H:%M}"


class Seat(Record):
    """A candidate's place in a sitting. A booking that was given up stays, with by whom and when."""

    uuid = immutable_uuid()
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="seats")
    candidate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seats")
    label = models.CharField(_("seat"), max_length=20, blank=True)
    booked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    write_once_fields = ("cancelled_at", "cancelled_by")

    class Meta:
        ordering = ["sitting", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "candidate"],
                condition=Q(cancelled_at=None),
                name="one_seat_per_sitting_and_candidate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} in {self.sitting_id}"


class IdentityCheck(Record):
    """An invigilator saw who sits there: by which document, never its number."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="identity_checks")
    method = models.CharField(max_length=20, choices=IdentityMethod.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["seat", "id"]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.method}"


class StartGrant(Record):
    """A rule of starting waived for one person, by whom and why."""

    candidate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="start_grants")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="start_grants")
    kind = models.CharField(max_length=20, choices=GrantKind.choices)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("reason",)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["candidate", "assessment"], name="grants_of_a_candidate")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.candidate_id}"


class AttemptQuerySet(RecordQuerySet):
    """Vocabulary of attempts."""

    def open(self) -> AttemptQuerySet:
        """Neither submitted nor void."""
        return self.filter(submitted_at=None, voided_at=None)

    def counted(self) -> AttemptQuerySet:
        """Attempts that use up a try: real ones that were not voided."""
        return self.filter(kind=AttemptKind.CANDIDATE, voided_at=None)

    def overdue(self, at: datetime) -> AttemptQuerySet:
        """Open attempts whose deadline lies before `at` (the caller takes the grace off)."""
        return self.open().filter(deadline_at__lt=at, paused_at=None)


class Attempt(Record):
    """One sitting of one assessment by one candidate.

    The rules are copied in at the start (`policy`), as are the parts of the deadline (`conditions`), so that a later
    change of a rule cannot alter an attempt that runs. There is one open attempt per candidate and assessment.
    """

    uuid = immutable_uuid()
    candidate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="attempts")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="attempts")
    version = models.ForeignKey(AssessmentVersion, on_delete=models.PROTECT, related_name="attempts")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts")
    kind = models.CharField(max_length=10, choices=AttemptKind.choices, default=AttemptKind.CANDIDATE)
    ordinal = models.PositiveIntegerField()
    policy = models.JSONField()
    conditions = models.JSONField()
    language = models.CharField(max_length=10)
    seed = models.CharField(max_length=80)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts")
    authorisation = models.ForeignKey(
        Authorisation, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts"
    )
    continues = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="continued_by"
    )
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    submitted_how = models.CharField(max_length=10, choices=SubmittedHow.choices, null=True, blank=True)  # noqa: DJ001
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    void_reason = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001

    write_once_fields = (
        "submitted_at", "finished_at", "submitted_how", "voided_at", "voided_by", "void_reason",
    )  # fmt: skip
    # Both follow from the ledger of time adjustments and pauses, whose rows say who and why.
    mutable_fields = ("deadline_at", "paused_at")

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "assessment"],
                condition=Q(submitted_at=None, voided_at=None, kind="candidate"),
                name="one_open_attempt_per_candidate_and_assessment",
            ),
            models.UniqueConstraint(
                fields=["candidate", "assessment", "ordinal"],
                condition=Q(kind="candidate"),
                name="one_attempt_per_candidate_assessment_and_ordinal",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | (Q(finished_at__isnull=False) & Q(submitted_how__isnull=False)),
                name="a_submitted_attempt_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None) | (Q(voided_by__isnull=False) & Q(void_reason__isnull=False)),
                name="a_void_attempt_says_who_and_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deadline_at"], condition=Q(submitted_at=None, voided_at=None), name="open_attempts_by_deadline"
            ),
            models.Index(fields=["assessment", "submitted_at"], name="attempts_of_an_assessment"),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.ordinal} of {self.candidate_id} at {self.assessment_id}"

    @property
    def is_open(self) -> bool:
        """Neither submitted nor void."""
        return self.submitted_at is None and self.voided_at is None


class TimeAdjustment(Record):
    """Time given or a pause, by whom and why. The deadline is the base plus the sum of these."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=15, choices=AdjustmentKind.choices, default=AdjustmentKind.GIVEN)
    seconds = models.IntegerField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("reason",)

    class Meta:
        ordering = ["attempt", "id"]

    def __str__(self) -> str:
        return f"{self.seconds:+} s"


class AttemptItem(Record):
    """An item of an attempt: which version at which slot, worth what, and in which order it was shown."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="items")
    slot = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="attempt_items")
    marks = models.DecimalField(max_digits=6, decimal_places=2)
    counts = models.BooleanField(default=True)
    arrangement = models.JSONField()

    class Meta:
        ordering = ["attempt", "slot"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "slot"], name="one_item_per_attempt_and_slot"),
            models.CheckConstraint(condition=Q(marks__gt=0), name="attempt_item_marks_are_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.slot}"


class Response(Record):
    """One answer that reached us, in canonical ids. The current answer is the last one that counts."""

    item = models.ForeignKey(AttemptItem, on_delete=models.PROTECT, related_name="responses")
    sequence = models.PositiveIntegerField()
    data = models.JSONField(null=True)
    flagged = models.BooleanField(default=False)
    confidence = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    client_key = models.CharField(max_length=80, blank=True)
    request_digest = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()
    elapsed_ms = models.PositiveIntegerField(null=True, blank=True)
    input_mode = models.CharField(max_length=10, choices=InputMode.choices, default=InputMode.API)
    counted = models.BooleanField(default=True)
    feedback_shown = models.BooleanField(default=False)

    class Meta:
        ordering = ["item", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["item", "sequence"], name="one_response_per_item_and_sequence"),
            models.UniqueConstraint(
                fields=["item", "client_key"], condition=~Q(client_key=""), name="one_response_per_idempotency_key"
            ),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__range=(1, 3)), name="confidence_is_1_to_3"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}#{self.sequence}"


class AttemptEvent(Record):
    """Something that happened to an attempt. Told in disputes, never consulted for grading."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="events")
    type = models.CharField(max_length=20, choices=EventType.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    data = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True, blank=True)

    erasable_fields = ("ip",)

    class Meta:
        ordering = ["attempt", "id"]

    def __str__(self) -> str:
        return f"{self.type} {self.at:%Y-%m-%d %H:%M:%S}"


class IncidentNote(Record):
    """What an invigilator wrote down during a sitting, of one attempt or of the room."""

    uuid = immutable_uuid()
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="incidents")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents")
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("text",)

    class Meta:
        ordering = ["sitting", "id"]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.at:%Y-%m-%d %H:%M}"


class LateDecision(Record):
    """An exam manager's word on an answer that came too late. Accepted, it counts as a further response."""

    response = models.OneToOneField(Response, on_delete=models.PROTECT, related_name="late_decision")
    accepted = models.BooleanField()
    counted_as = models.OneToOneField(
        Response, on_delete=models.PROTECT, null=True, blank=True, related_name="accepted_late"
    )
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("reason",)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted=False, counted_as=None) | Q(accepted=True, counted_as__isnull=False),
                name="an_accepted_late_answer_counts_as_a_response",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.accepted}"


class AttemptPresence(models.Model):
    """When the candidate's page last spoke to us: for the invigilator's screen, never for a decision."""

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, primary_key=True, related_name="presence")
    last_seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.last_seen_at:%H:%M:%S}"
