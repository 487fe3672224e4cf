"""The blocks that a lesson is made of."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from .interactive_blocks import (
    BranchingCaseBlock,
    BuildNoteBlock,
    ComparisonBlock,
    FindOnFigureBlock,
    FindOverclaimsBlock,
    FlashCardsBlock,
    InShortBlock,
    MatchingBlock,
    OrderingBlock,
    SliderBlock,
    SortingBlock,
)

PROSE_FEATURES = ["h2", "h3", "bold", "italic", "superscript", "subscript", "ol", "ul", "link", "blockquote"]
INLINE_FEATURES = ["bold", "italic", "superscript", "subscript", "link", "ol", "ul"]

CALLOUT_KINDS = [
    ("key_point", _("Key point")),
    ("treatment_room", _("In the treatment room")),
    ("caution", _("Caution")),
    ("evidence", _("About the evidence")),
]

VIDEO_PROVIDERS = {
    "www.youtube.com": "YouTube",
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "www.youtube-nocookie.com": "YouTube",
    "vimeo.com": "Vimeo",
    "player.vimeo.com": "Vimeo",
}


def video_provider(url: str) -> str:
    """Who shows the video at this address; empty for an address that no lesson may lead to."""
    address = urlsplit(url)
    return VIDEO_PROVIDERS.get(address.hostname or "", "") if address.scheme in {"http", "https"} else ""


class FigureBlock(blocks.StructBlock):
    """A drawing of the register with its words."""

    figure = SnippetChooserBlock("knowledge.Figure")

    class Meta:
        icon = "image"
        label = _("Figure")
        template = "blocks/figure.html"


class CalloutBlock(blocks.StructBlock):
    """Something to notice."""

    kind = blocks.ChoiceBlock(choices=CALLOUT_KINDS, default="key_point")
    title = blocks.CharBlock(max_length=120, required=False)
    text = blocks.RichTextBlock(features=INLINE_FEATURES)

    class Meta:
        icon = "help"
        label = _("Callout")
        template = "blocks/callout.html"


class ClaimBlock(blocks.StructBlock):
    """A claim of the register in the margin: standing, what we teach, sources."""

    claim = SnippetChooserBlock("knowledge.Claim")

    class Meta:
        icon = "comment"
        label = _("Claim")
        template = "blocks/claim.html"


class KeyTermBlock(blocks.StructBlock):
    """A word of the glossary in the margin."""

    term = SnippetChooserBlock("knowledge.GlossaryTerm")

    class Meta:
        icon = "openquote"
        label = _("Key term")
        template = "blocks/key_term.html"


class SayInsteadRowBlock(blocks.StructBlock):
    avoid = blocks.CharBlock(max_length=300, label=_("Do not say"))
    instead = blocks.CharBlock(max_length=400, label=_("Say instead"))
    because = blocks.CharBlock(max_length=400, required=False, label=_("Because"))


class SayInsteadBlock(blocks.StructBlock):
    """Overclaims beside their honest twins."""

    title = blocks.CharBlock(max_length=120, required=False)
    rows = blocks.ListBlock(SayInsteadRowBlock(), min_num=1)

    class Meta:
        icon = "edit"
        label = _("Do not say, say instead")
        template = "blocks/say_instead.html"


class TimelineEventBlock(blocks.StructBlock):
    date = blocks.CharBlock(max_length=60)
    title = blocks.CharBlock(max_length=200)
    text = blocks.CharBlock(max_length=600, required=False)


class TimelineBlock(blocks.StructBlock):
    """Events in order of time."""

    title = blocks.CharBlock(max_length=120, required=False)
    events = blocks.ListBlock(TimelineEventBlock(), min_num=1)

    class Meta:
        icon = "history"
        label = _("Timeline")
        template = "blocks/timeline.html"


class CaptionedTableBlock(blocks.StructBlock):
    """A table with its caption."""

    caption = blocks.CharBlock(max_length=300)
    table = TableBlock()

    class Meta:
        icon = "table"
        label = _("Table")
        template = "blocks/table.html"


class VideoBlock(blocks.StructBlock):
    """A video that loads only on click, with its transcript on the page."""

    title = blocks.CharBlock(max_length=200)
    url = blocks.URLBlock(help_text=_("An address at YouTube or Vimeo."))
    duration_minutes = blocks.IntegerBlock(required=False, min_value=1)
    transcript = blocks.RichTextBlock(features=["bold", "italic", "ol", "ul"])

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not video_provider(cleaned["url"]):
            raise blocks.StructBlockValidationError(
                block_errors={"url": ValidationError(_("Only videos at YouTube or Vimeo can be shown here."))}
            )
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["provider"] = video_provider(value["url"])
        return context

    class Meta:
        icon = "media"
        label = _("Video")
        template = "blocks/video.html"


class KnowledgeCheckBlock(blocks.StructBlock):
    """The lesson's own check, which must be answered to complete the lesson."""

    assessment = SnippetChooserBlock("quizzes.Assessment")

    class Meta:
        icon = "tick-inverse"
        label = _("Knowledge check")
        template = "blocks/knowledge_check.html"


class LessonBody(blocks.StreamBlock):
    """What a lesson may hold, in any order; at most one knowledge check."""

    prose = blocks.RichTextBlock(features=PROSE_FEATURES, icon="pilcrow", template="blocks/prose.html")
    figure = FigureBlock()
    callout = CalloutBlock()
    claim = ClaimBlock()
    key_term = KeyTermBlock()
    say_instead = SayInsteadBlock()
    timeline = TimelineBlock()
    table = CaptionedTableBlock()
    video = VideoBlock()
    knowledge_check = KnowledgeCheckBlock()
    in_short = InShortBlock()
    flash_cards = FlashCardsBlock()
    ordering = OrderingBlock()
    sorting = SortingBlock()
    matching = MatchingBlock()
    find_overclaims = FindOverclaimsBlock()
    branching_case = BranchingCaseBlock()
    slider = SliderBlock()
    build_note = BuildNoteBlock()
    comparison = ComparisonBlock()
    find_on_figure = FindOnFigureBlock()

    class Meta:
        block_counts = {"knowledge_check": {"max_num": 1}}
