"""What the school holds to be known: domains, objectives, sources, claims, safety notes, terms, figures, muscles.

Lessons and questions point here, so that a change in one claim can flag everything that teaches or examines it.
Codes are stable and unique; nothing here is deleted while something points at it, only retired.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import RevisionMixin
from wagtail.search import index

from lms.core.markup import UnsafeSvg, clean_inline, clean_svg
from lms.core.record import immutable_uuid

from .atlas_models import BodyMap as BodyMap
from .enums import AiAssistance, ClaimTopic, SafetyDecision, SafetySection, SourceMark, Standing

code_validator = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", _("Letters, digits, point, dash and underscore only."))
INLINE_FEATURES = ["bold", "italic", "superscript", "subscript", "link"]


def code_field(**kwargs: Any) -> models.CharField:
    """The stable human identifier of a thing."""
    options: dict[str, Any] = {
        "max_length": 60,
        "unique": True,
        "validators": [code_validator],
        "help_text": _("Short and stable; everything that refers to this uses it."),
    }
    return models.CharField(_("code"), **{**options, **kwargs})


def validate_rows(value: Any) -> None:
    """A text equivalent is a list of rows of text, all as long as the header."""
    if not isinstance(value, list) or not all(
        isinstance(row, list) and all(isinstance(cell, str) for cell in row) for row in value
    ):
        raise ValidationError(_("A list of rows, each a list of texts, the first being the header."))
    if value and len({len(row) for row in value}) != 1:
        raise ValidationError(_("Every row needs as many cells as the header."))


def validate_codes(value: Any) -> None:
    """A list of codes, each of them said once."""
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise ValidationError(_("A list of codes."))
    for code in value:
        code_validator(code)
    if len(set(value)) != len(value):
        raise ValidationError(_("Each code once."))


class Provenance(models.Model):
    """Who wrote something, with what help, and which licensed clinician has reviewed it, if any."""

    author = models.CharField(_("author"), max_length=120, blank=True)
    ai_assistance = models.CharField(
        _("AI assistance"), max_length=10, choices=AiAssistance.choices, default=AiAssistance.NONE
    )
    reviewed_by = models.CharField(_("reviewed by"), max_length=120, blank=True)
    reviewer_credential = models.CharField(
        _("reviewer's credential"), max_length=120, blank=True, help_text=_("The licence under which they reviewed.")
    )
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)

    PROVENANCE_FIELDS = ("author", "ai_assistance", "reviewed_by", "reviewer_credential", "reviewed_on")

    class Meta:
        abstract = True

    @property
    def is_reviewed(self) -> bool:
        """True once a licensed clinician has signed it off by name, credential and date."""
        return bool(self.reviewed_by and self.reviewer_credential and self.reviewed_on)

    def clean(self) -> None:
        super().clean()
        given = [bool(self.reviewed_by), bool(self.reviewer_credential), bool(self.reviewed_on)]
        if any(given) and not all(given):
            raise ValidationError({"reviewed_by": _("A review needs a name, a credential and a date.")})
        if self.reviewed_on and self.reviewed_on > datetime.date.today():
            raise ValidationError({"reviewed_on": _("A review cannot lie in the future.")})


class Retirable(models.Model):
    """Retired things stay for what points at them and are offered no more."""

    is_retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        abstract = True


class Domain(Retirable):
    """A domain of the examination blueprint."""

    code = code_field(max_length=20)
    title = models.CharField(_("title"), max_length=200)
    weight = models.PositiveSmallIntegerField(_("weight in %"), help_text=_("Share of the practitioner examination."))

    class Meta:
        verbose_name = _("domain")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Objective(Retirable):
    """What a learner can do afterwards; completes the sentence “The learner can …”."""

    code = code_field(max_length=30)
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="objectives", verbose_name=_("domain"))
    text = models.CharField(_("the learner can …"), max_length=400)
    is_practical = models.BooleanField(
        _("shown by doing"), default=False, help_text=_("Observed in practice; needs no question in writing.")
    )

    class Meta:
        verbose_name = _("objective")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Source(Retirable, RevisionMixin, index.Indexed, ClusterableModel):
    """A publication or page that a claim rests on."""

    uuid = immutable_uuid()
    code = code_field(max_length=20)
    title = models.CharField(_("title"), max_length=400)
    authors = models.CharField(_("authors"), max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    publisher = models.CharField(_("journal, publisher or site"), max_length=300, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    mark = models.CharField(_("how it was used"), max_length=20, choices=SourceMark.choices, default=SourceMark.READ)
    used_for = models.CharField(_("used for"), max_length=500, blank=True)
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="knowledge_source")

    search_fields = [index.SearchField("title"), index.AutocompleteField("title"), index.FilterField("code")]

    class Meta:
        verbose_name = _("source")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def citation(self) -> str:
        """Author (year). Title. Publisher."""
        lead = self.authors
        if self.year:
            lead = f"{lead} ({self.year})" if lead else str(self.year)
        return ". ".join(part.rstrip(".") for part in (lead, self.title, self.publisher) if part) + "."


class Claim(Retirable, Provenance, RevisionMixin, index.Indexed, ClusterableModel):
    """Something that is said in the field, how well it stands, and what the school teaches about it."""

    uuid = immutable_uuid()
    code = code_field(max_length=20)
    topic = models.CharField(_("topic"), max_length=20, choices=ClaimTopic.choices)
    statement = models.CharField(_("claim as met in the field"), max_length=600)
    standing = models.CharField(_("standing"), max_length=20, choices=Standing.choices)
    teaching = RichTextField(_("what we teach"), features=INLINE_FEATURES)
    sources = ParentalManyToManyField(Source, blank=True, related_name="claims", verbose_name=_("sources"))
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="knowledge_claim")

    search_fields = [
        index.SearchField("statement"),
        index.AutocompleteField("statement"),
        index.SearchField("teaching"),
        index.FilterField("code"),
    ]

    class Meta:
        verbose_name = _("claim")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.statement}"

    def get_absolute_url(self) -> str:
        return reverse("knowledge:claim", args=[self.code])

    @property
    def teaching_html(self) -> SafeString:
        """What we teach, cleaned for the page."""
        return mark_safe(clean_inline(self.teaching))

    @cached_property
    def source_list(self) -> list[Source]:
        """The sources in order of code; uses what was prefetched."""
        return sorted(self.sources.all(), key=lambda source: source.code)

    @property
    def is_thinly_sourced(self) -> bool:
        """True when each of its sources is weak or still to be read."""
        return bool(self.source_list) and all(source.mark != SourceMark.READ for source in self.source_list)


class Contradiction(Retirable, Provenance, RevisionMixin, ClusterableModel):
    """A place where what is published disagrees: who says what, and what the school teaches and why."""

    code = code_field(max_length=20)
    topic = models.CharField(_("topic"), max_length=20, choices=ClaimTopic.choices)
    title = models.CharField(_("title"), max_length=200)
    resolution = RichTextField(_("what we teach and why"), features=INLINE_FEATURES)
    claims = ParentalManyToManyField(Claim, blank=True, related_name="contradictions", verbose_name=_("claims"))
    lessons = models.JSONField(
        _("lessons"), default=list, blank=True, validators=[validate_codes], help_text=_("Codes of lessons, a list.")
    )
    table_title = models.CharField(_("title of the table"), max_length=200, blank=True)
    table = models.JSONField(_("table"), default=list, blank=True, validators=[validate_rows])
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="knowledge_contradiction")

    class Meta:
        verbose_name = _("contradiction")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return f"{reverse('knowledge:contradictions')}#{self.code}"

    @property
    def resolution_html(self) -> SafeString:
        """What we teach, cleaned for the page."""
        return mark_safe(clean_inline(self.resolution))


class ContradictionSide(models.Model):
    """One side of a contradiction."""

    contradiction = ParentalKey(Contradiction, on_delete=models.CASCADE, related_name="sides")
    who = models.CharField(_("who"), max_length=160)
    says = models.CharField(_("says"), max_length=600)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.who}: {self.says}"


class SafetyNote(Retirable, Provenance):
    """One pattern and one decision: when not to treat, where not to press, when to send on."""

    code = code_field(max_length=20)
    section = models.CharField(_("section"), max_length=20, choices=SafetySection.choices)
    pattern = models.CharField(_("pattern or site"), max_length=600)
    consider = models.CharField(_("consider"), max_length=300, blank=True)
    decision = models.CharField(_("decision"), max_length=20, choices=SafetyDecision.choices)
    action = models.CharField(_("what to do"), max_length=600)

    class Meta:
        verbose_name = _("safety note")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.pattern}"


class GlossaryTerm(Retirable, RevisionMixin, index.Indexed, models.Model):
    """A word of the field in one plain sentence."""

    code = code_field()
    term = models.CharField(_("term"), max_length=120)
    definition = models.CharField(_("definition"), max_length=600)
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="knowledge_term")

    search_fields = [index.SearchField("term"), index.AutocompleteField("term"), index.SearchField("definition")]

    class Meta:
        verbose_name = _("glossary term")
        ordering = ["term"]

    def __str__(self) -> str:
        return self.term

    def get_absolute_url(self) -> str:
        return f"{reverse('knowledge:glossary')}#{self.code}"


def validate_svg(value: str) -> None:
    """A drawing must pass the allow-list."""
    try:
        clean_svg(value)
    except UnsafeSvg as error:
        raise ValidationError(str(error)) from error


class Figure(Retirable, RevisionMixin, ClusterableModel):
    """A drawing with its words: alternative text, caption, and a table that says the same."""

    code = code_field(max_length=30)
    title = models.CharField(_("title"), max_length=200)
    svg = models.TextField(_("drawing (SVG)"), validators=[validate_svg])
    alt = models.TextField(_("alternative text"), help_text=_("States the same facts as the picture."))
    caption = RichTextField(_("caption"), blank=True, features=INLINE_FEATURES)
    standing_note = models.CharField(_("note on standing"), max_length=300, blank=True)
    table = models.JSONField(_("text equivalent"), default=list, blank=True, validators=[validate_rows])
    sources = ParentalManyToManyField(Source, blank=True, related_name="figures", verbose_name=_("sources"))
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="knowledge_figure")

    class Meta:
        verbose_name = _("figure")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @cached_property
    def inline_svg(self) -> SafeString:
        """The drawing for inlining; empty when it does not pass the allow-list."""
        try:
            return mark_safe(clean_svg(self.svg))
        except UnsafeSvg:
            return mark_safe("")

    @property
    def caption_html(self) -> SafeString:
        """The caption, cleaned for the page."""
        return mark_safe(clean_inline(self.caption))

    @property
    def table_rows(self) -> list[list[str]]:
        """Header first."""
        return self.table

    @cached_property
    def sources_list(self) -> list[Source]:
        """The sources in order of code; uses what was prefetched."""
        return sorted(self.sources.all(), key=lambda source: source.code)


class Muscle(Retirable, Provenance, RevisionMixin, ClusterableModel):
    """A muscle as the atlas shows it. Referral is what is commonly described, never a promise."""

    code = code_field(max_length=20)
    name = models.CharField(_("name"), max_length=120)
    origin = models.TextField(_("origin"), blank=True)
    insertion = models.TextField(_("insertion"), blank=True)
    actions = models.TextField(_("actions"), blank=True)
    innervation = models.TextField(_("innervation"), blank=True)
    referral = models.TextField(_("commonly described referral"), blank=True)
    complaint = models.TextField(_("typical complaint"), blank=True)
    caution = models.TextField(_("caution"), blank=True)
    map = models.JSONField(_("map"), default=dict, blank=True, editable=False)  # a muscle of maps.yaml, without code
    sources = ParentalManyToManyField(Source, blank=True, related_name="muscles", verbose_name=_("sources"))
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="knowledge_muscle")

    class Meta:
        verbose_name = _("muscle")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("knowledge:muscle", args=[self.code])


class ReferralZone(models.Model):
    """Where pain from a muscle's trigger points is commonly described."""

    class Kind(models.TextChoices):
        USUAL = "usual", _("Usual zone")
        SPILL_OVER = "spill_over", _("Spill-over zone")

    muscle = ParentalKey(Muscle, on_delete=models.CASCADE, related_name="referral_zones")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.USUAL)
    description = models.CharField(_("where"), max_length=300)
    figure = models.ForeignKey(Figure, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.description
