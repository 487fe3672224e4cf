"""The knowledge register in the CMS."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .models import (
    Claim,
    Contradiction,
    Domain,
    Figure,
    GlossaryTerm,
    Muscle,
    Objective,
    Provenance,
    SafetyNote,
    Source,
)

PROVENANCE = MultiFieldPanel([FieldPanel(name) for name in Provenance.PROVENANCE_FIELDS], _("Provenance"))


class ClaimViewSet(SnippetViewSet):
    model = Claim
    icon = "comment"
    list_display = ["code", "statement", "standing", "reviewed_on"]
    list_filter = ["standing", "topic", "is_retired"]
    panels = [
        FieldPanel("code"),
        FieldPanel("topic"),
        FieldPanel("statement"),
        FieldPanel("standing"),
        FieldPanel("teaching"),
        FieldPanel("sources"),
        PROVENANCE,
        FieldPanel("is_retired"),
    ]


class ContradictionViewSet(SnippetViewSet):
    model = Contradiction
    icon = "help"
    list_display = ["code", "title", "reviewed_on"]
    list_filter = ["topic", "is_retired"]
    search_fields = ["code", "title", "resolution"]
    panels = [
        FieldPanel("code"),
        FieldPanel("topic"),
        FieldPanel("title"),
        InlinePanel("sides", label=_("Sides"), min_num=2),
        FieldPanel("resolution"),
        FieldPanel("claims"),
        FieldPanel("lessons"),
        MultiFieldPanel([FieldPanel("table_title"), FieldPanel("table")], _("Table")),
        PROVENANCE,
        FieldPanel("is_retired"),
    ]


class SourceViewSet(SnippetViewSet):
    model = Source
    icon = "openquote"
    list_display = ["code", "title", "year", "mark"]
    list_filter = ["mark", "is_retired"]


class SafetyNoteViewSet(SnippetViewSet):
    model = SafetyNote
    icon = "warning"
    list_display = ["code", "pattern", "decision"]
    list_filter = ["section", "decision", "is_retired"]
    search_fields = ["code", "pattern", "action"]


class TermViewSet(SnippetViewSet):
    model = GlossaryTerm
    icon = "help"
    list_display = ["term", "definition"]


class FigureViewSet(SnippetViewSet):
    model = Figure
    icon = "image"
    list_display = ["code", "title"]
    search_fields = ["code", "title"]


class MuscleViewSet(SnippetViewSet):
    model = Muscle
    icon = "user"
    list_display = ["code", "name"]
    search_fields = ["code", "name"]
    panels = [
        FieldPanel("code"),
        FieldPanel("name"),
        MultiFieldPanel([FieldPanel(n) for n in ("origin", "insertion", "actions", "innervation")], _("Anatomy")),
        MultiFieldPanel([FieldPanel(n) for n in ("referral", "complaint", "caution")], _("In practice")),
        InlinePanel("referral_zones", label=_("Referral zones")),
        FieldPanel("sources"),
        PROVENANCE,
        FieldPanel("is_retired"),
    ]


class DomainViewSet(SnippetViewSet):
    model = Domain
    icon = "site"
    list_display = ["code", "title", "weight"]


class ObjectiveViewSet(SnippetViewSet):
    model = Objective
    icon = "tick"
    list_display = ["code", "text", "domain"]
    list_filter = ["domain", "is_retired"]
    search_fields = ["code", "text"]


class KnowledgeGroup(SnippetViewSetGroup):
    menu_label = _("Knowledge")
    menu_icon = "openquote"
    menu_order = 210
    items = (
        ClaimViewSet,
        ContradictionViewSet,
        SourceViewSet,
        SafetyNoteViewSet,
        TermViewSet,
        FigureViewSet,
        MuscleViewSet,
        ObjectiveViewSet,
        DomainViewSet,
    )


register_snippet(KnowledgeGroup)
