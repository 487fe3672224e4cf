"""The question bank: questions as authors write them, and the immutable versions that candidates meet."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.blocks import StreamBlock
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from lms.core.fields import LeanStreamField
from lms.core.markup import plain_text, shortened
from lms.core.record import Record, digest_field, immutable_uuid
from lms.core.storage import private_storage
from lms.knowledge.api import Claim, Domain, Objective, Provenance, SafetyNote, code_field
from quizzes.types.registry import all_types

from .enums import CONFIDENTIAL, DRAWABLE, BankAction, BankPurpose, CognitiveLevel, LifeCycle, Scoring

SUMMARY_LENGTH = 90
STEM_FEATURES = ["bold", "italic", "superscript", "subscript", "ol", "ul"]


class Bank(models.Model):
    """A pool of questions with one purpose, which decides who may read it."""

    code = code_field()
    title = models.CharField(_("title"), max_length=200)
    purpose = models.CharField(_("purpose"), max_length=10, choices=BankPurpose.choices)
    description = models.TextField(_("description"), blank=True)
    is_sample = models.BooleanField(
        _("sample"), default=False, help_text=_("The keys are public; replace the items before real use.")
    )

    class Meta:
        verbose_name = _("bank")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_confidential(self) -> bool:
        """True for items that nobody but exam managers may read before the exam."""
        return self.purpose in CONFIDENTIAL


class Stimulus(models.Model):
    """A story or text shared by several questions (a case set)."""

    code = code_field()
    title = models.CharField(_("title"), max_length=200)
    text = RichTextField(_("text"), features=STEM_FEATURES)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="stimuli")

    class Meta:
        verbose_name = _("stimulus")
        verbose_name_plural = _("stimuli")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


def picture_path(instance: Picture, filename: str) -> str:
    """A name that tells nothing of the question."""
    return f"pictures/{instance.uuid.hex}"


class Picture(models.Model):
    """A picture of a question, in private storage: it is served to its attempts only, under an opaque name."""

    uuid = immutable_uuid()
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="pictures")
    title = models.CharField(_("title"), max_length=200)
    file = models.ImageField(
        _("file"), storage=private_storage, upload_to=picture_path, width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(editable=False, null=True)
    height = models.PositiveIntegerField(editable=False, null=True)
    alt = models.CharField(
        _("alternative text"), max_length=500, help_text=_("Describes, and never gives the key away.")
    )

    class Meta:
        verbose_name = _("picture")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class InteractionBlock(StreamBlock):
    """Exactly one block: the question's type with what it needs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__([(kind.slug, kind.authoring_block()) for kind in all_types()], **kwargs)

    class Meta:
        min_num = 1
        max_num = 1


class QuestionQuerySet(models.QuerySet["Question"]):
    """Vocabulary of the bank."""

    def drawable(self) -> QuestionQuerySet:
        """Questions that may be put into a form: live or pilot, published, frozen."""
        return self.filter(life_cycle__in=DRAWABLE, live=True).exclude(current_version=None)


class Question(
    Provenance,
    PreviewableMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    ClusterableModel,
):
    """A question as its author writes it. Publishing freezes a `QuestionVersion`; attempts meet versions only."""

    code = code_field()
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="questions", verbose_name=_("bank"))
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="+", verbose_name=_("domain"))
    objective = models.ForeignKey(
        Objective, on_delete=models.PROTECT, related_name="questions", verbose_name=_("objective")
    )
    claims = ParentalManyToManyField(Claim, blank=True, related_name="questions", verbose_name=_("claims"))
    safety_notes = ParentalManyToManyField(
        SafetyNote, blank=True, related_name="questions", verbose_name=_("safety notes")
    )
    stem = RichTextField(_("stem"), features=STEM_FEATURES, help_text=_("The text that poses the question."))
    stimulus = models.ForeignKey(
        Stimulus, on_delete=models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("stimulus")
    )
    picture = models.ForeignKey(
        Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    interaction = LeanStreamField(InteractionBlock(), verbose_name=_("answer format and key"))
    scoring = models.CharField(
        _("scoring rule"), max_length=20, choices=Scoring.choices, default=Scoring.ALL_OR_NOTHING
    )
    rationale = RichTextField(_("rationale"), features=[*STEM_FEATURES, "link"], help_text=_("Why the key is right."))
    cognitive_level = models.CharField(_("cognitive level"), max_length=20, choices=CognitiveLevel.choices)
    is_vignette = models.BooleanField(_("opens with a client story"), default=False)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    enemies = ParentalManyToManyField(
        "self", blank=True, symmetrical=True, verbose_name=_("enemy items"),
        help_text=_("Questions that answer this one: never on the same form."),
    )  # fmt: skip
    life_cycle = models.CharField(_("life cycle"), max_length=10, choices=LifeCycle.choices, default=LifeCycle.LIVE)
    current_version = models.ForeignKey(
        "quizzes.QuestionVersion", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="question",
        for_concrete_model=False,
    )
    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="question",
        for_concrete_model=False,
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        ordering = ["code"]
        indexes = [models.Index(fields=["bank", "domain", "cognitive_level"], name="question_draw_cells")]

    def __str__(self) -> str:
        return self.code

    @property
    def revisions(self) -> Any:
        """Wagtail asks for the relation under this name."""
        return self._revisions

    @property
    def type_slug(self) -> str:
        """Slug of the question type, empty while nothing is chosen."""
        return self.interaction[0].block_type if len(self.interaction) else ""

    @property
    def summary_line(self) -> str:
        """The stem in one line, for lists."""
        return shortened(plain_text(self.stem), SUMMARY_LENGTH)

    def with_content_json(self, content: dict[str, Any]) -> Question:
        """An older revision must not bring an older version pointer back."""
        question = super().with_content_json(content)
        question.current_version_id = self.current_version_id
        return question

    def clean(self) -> None:
        super().clean()
        if self.stimulus and self.stimulus.bank_id != self.bank_id:
            raise ValidationError({"stimulus": _("The stimulus belongs to another bank.")})
        if self.picture and self.picture.bank_id != self.bank_id:
            raise ValidationError({"picture": _("The picture belongs to another bank.")})

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "quizzes/delivery/preview.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        from .preview import preview_context

        return {**super().get_preview_context(request, mode_name), **preview_context(self)}


class QuestionVersion(Record):
    """What a candidate saw: frozen at publication, never changed, never deleted.

    `presentation_digest` covers what is shown; `content_digest` covers key, rationale and scoring too. A miskeyed
    question gets a new version with the same presentation digest, and only then may old attempts be regraded to it.
    """

    uuid = immutable_uuid()
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    type = models.CharField(max_length=40)
    type_version = models.PositiveSmallIntegerField()
    stem_html = models.TextField()
    stimulus_html = models.TextField(blank=True)
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    presentation = models.JSONField()
    summary = models.TextField()
    domain_code = models.CharField(max_length=20)
    objective_code = models.CharField(max_length=30)
    claim_codes = models.JSONField(default=list)
    cognitive_level = models.CharField(max_length=20, choices=CognitiveLevel.choices)
    content_digest = digest_field()
    presentation_digest = digest_field()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["question", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="one_version_per_question_and_number"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"


class AnswerKey(Record):
    """What only the grader may see, in a table of its own: key, rationale and scoring rule of one version."""

    version = models.OneToOneField(QuestionVersion, on_delete=models.PROTECT, related_name="answer_key")
    key = models.JSONField()
    rationale_html = models.TextField()
    scoring = models.CharField(max_length=20, choices=Scoring.choices)

    def __str__(self) -> str:
        return f"Key of version {self.version_id}"


class BankAccess(Record):
    """Somebody looked at or took out a confidential item."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("Empty: somebody at the server's command line."),
    )  # fmt: skip
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="accesses")
    question_code = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=10, choices=BankAction.choices)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("access to a confidential bank")
        verbose_name_plural = _("accesses to confidential banks")
        ordering = ["-at"]
        indexes = [models.Index(fields=["bank", "-at"], name="bank_access_by_time")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.action} {self.question_code or self.bank_id}"
