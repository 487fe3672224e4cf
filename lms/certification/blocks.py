"""How a school writes the requirements of a path."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

GROUP_KINDS = [("all_of", _("All of these")), ("any_of", _("Any one of these")), ("n_of", _("So many of these"))]


class CourseRequirement(blocks.StructBlock):
    """A course completed."""

    course = blocks.CharBlock(max_length=60, help_text=_("The course's code."))

    class Meta:
        icon = "doc-full"
        label = _("Course")


class ExamRequirement(blocks.StructBlock):
    """An assessment passed."""

    assessment = SnippetChooserBlock("quizzes.Assessment")

    class Meta:
        icon = "tick-inverse"
        label = _("Examination")


class AttestationRequirement(blocks.StructBlock):
    """A statement that the candidate signs."""

    agreement = blocks.CharBlock(max_length=80, help_text=_("The agreement's code."))

    class Meta:
        icon = "edit"
        label = _("Attestation")


class GroupRequirement(blocks.StructBlock):
    """Several requirements joined."""

    kind = blocks.ChoiceBlock(choices=GROUP_KINDS, default="all_of")
    title = blocks.CharBlock(max_length=200)
    count = blocks.IntegerBlock(required=False, min_value=1, help_text=_("For “so many of these”."))
    items = blocks.StreamBlock(
        [
            ("course", CourseRequirement()),
            ("exam", ExamRequirement()),
            ("attestation", AttestationRequirement()),
        ],
        min_num=1,
    )

    class Meta:
        icon = "folder-open-inverse"
        label = _("Group")


class RequirementsBlock(blocks.StreamBlock):
    """All of these must be met."""

    course = CourseRequirement()
    exam = ExamRequirement()
    attestation = AttestationRequirement()
    group = GroupRequirement()

    class Meta:
        min_num = 1
