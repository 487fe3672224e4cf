"""How an author says what an assessment consists of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from quizzes.bank.enums import CognitiveLevel


class DrawRuleBlock(blocks.StructBlock):
    """One cell of the blueprint: so many items of a domain at a level."""

    domain = SnippetChooserBlock("knowledge.Domain", required=False, help_text=_("Empty: any domain."))
    cognitive_level = blocks.ChoiceBlock(
        choices=CognitiveLevel.choices, required=False, help_text=_("Empty: any level.")
    )
    tag = blocks.CharBlock(required=False, max_length=60, help_text=_("Only items with this tag."))
    count = blocks.IntegerBlock(min_value=1, max_value=200)
    pilot = blocks.BooleanBlock(required=False, help_text=_("Pilot items: shown, not counted."))

    class Meta:
        icon = "table"
        label = _("Cell")


class DrawBlock(blocks.StructBlock):
    """A section drawn from one bank by a blueprint."""

    bank = SnippetChooserBlock("quizzes.Bank")
    rules = blocks.ListBlock(DrawRuleBlock(), min_num=1, label=_("Blueprint"))
    max_per_objective = blocks.IntegerBlock(required=False, min_value=1, help_text=_("At most so many per objective."))
    marks = blocks.DecimalBlock(default=1, min_value=0, label=_("Marks per item"))

    class Meta:
        icon = "list-ul"
        label = _("Draw from a bank")


class FixedItemsBlock(blocks.StructBlock):
    """Questions named one by one."""

    questions = blocks.ListBlock(SnippetChooserBlock("quizzes.Question"), min_num=1)
    marks = blocks.DecimalBlock(default=1, min_value=0, label=_("Marks per item"))

    class Meta:
        icon = "tasks"
        label = _("Named questions")


class CaseSetsBlock(blocks.StructBlock):
    """Whole cases: questions that share a stimulus, drawn together and shown together."""

    bank = SnippetChooserBlock("quizzes.Bank")
    sets = blocks.IntegerBlock(default=1, min_value=1, max_value=20, label=_("Number of cases"))
    items_per_set = blocks.IntegerBlock(
        default=4, min_value=2, max_value=20, label=_("Questions per case"), help_text=_("The first ones by code.")
    )
    marks = blocks.DecimalBlock(default=1, min_value=0, label=_("Marks per item"))

    class Meta:
        icon = "group"
        label = _("Cases with a shared stimulus")


class StructureBlock(blocks.StreamBlock):
    """Sections in order."""

    items = FixedItemsBlock()
    draw = DrawBlock()
    case_sets = CaseSetsBlock()

    class Meta:
        min_num = 1
