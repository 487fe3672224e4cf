"""How a school writes the requirements of a path, and what renewing asks for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .requirements.kinds import KINDS

GROUP_KINDS = [("all_of", _("All of these")), ("any_of", _("Any one of these")), ("n_of", _("So many of these"))]
#: Groups within groups that the CMS offers; whoever needs more writes a path that nobody understands.
DEPTH = 3


def _leaves() -> list[tuple[str, blocks.Block]]:
    return [(kind.slug, kind.block()) for kind in KINDS]


class _GroupMeta:
    icon = "folder-open-inverse"
    label = _("Group")


def group_block(depth: int) -> blocks.StructBlock:
    """Several requirements joined, with groups inside as deep as `depth` allows."""
    inner = _leaves() + ([("group", group_block(depth - 1))] if depth > 1 else [])
    return blocks.StructBlock(
        [
            ("kind", blocks.ChoiceBlock(choices=GROUP_KINDS, default="all_of")),
            ("title", blocks.CharBlock(max_length=200)),
            (
                "count",
                blocks.IntegerBlock(required=False, min_value=1, help_text=_("For “so many of these”.")),
            ),
            ("items", blocks.StreamBlock(inner, min_num=1)),
        ],
        icon=_GroupMeta.icon,
        label=_GroupMeta.label,
    )


class RequirementsBlock(blocks.StreamBlock):
    """All of these must be met."""

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        super().__init__([*_leaves(), ("group", group_block(DEPTH)), *(local_blocks or ())], **kwargs)

    class Meta:
        min_num = 1


class RenewalCategoryBlock(blocks.StructBlock):
    """Hours of one kind of continuing education."""

    code = blocks.RegexBlock(r"^[a-z0-9_-]+$", max_length=40)
    title = blocks.CharBlock(max_length=120)
    min_hours = blocks.IntegerBlock(min_value=0, max_value=1000, default=0)
    max_hours = blocks.IntegerBlock(min_value=0, max_value=1000, required=False)

    class Meta:
        label = _("Category")


class RenewalPolicyBlock(blocks.StructBlock):
    """What a holder does to renew."""

    hours = blocks.IntegerBlock(min_value=1, max_value=1000, label=_("Hours of continuing education"))
    categories = blocks.ListBlock(RenewalCategoryBlock(), min_num=1)
    quiz = blocks.CharBlock(max_length=80, required=False, help_text=_("Code of an assessment to pass."))
    renews_statements = blocks.BooleanBlock(required=False, default=True, label=_("Statements are signed anew"))
    opens_days = blocks.IntegerBlock(min_value=0, max_value=1000, default=180, label=_("Opens days before the end"))
    grace_days = blocks.IntegerBlock(min_value=0, max_value=1000, default=60, label=_("Days of grace after it"))
    refresher_after_months = blocks.IntegerBlock(min_value=0, max_value=600, default=12)
    recertify_after_months = blocks.IntegerBlock(min_value=0, max_value=600, default=36)
    audit_percent = blocks.IntegerBlock(min_value=0, max_value=100, default=10, label=_("Renewals audited, %"))

    class Meta:
        icon = "rotate"
        label = _("Renewal policy")


class RenewalBlock(blocks.StreamBlock):
    """The policy, or nothing."""

    policy = RenewalPolicyBlock()

    class Meta:
        required = False
        max_num = 1
