"""How a school writes a practical examination."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class StationBlock(blocks.StructBlock):
    """A place where one skill is shown, with the observable lines that it is judged by."""

    code = blocks.RegexBlock(r"^[A-Za-z0-9][A-Za-z0-9-]*$", max_length=20, help_text=_("Short, such as P1."))
    title = blocks.CharBlock(max_length=200)
    minutes = blocks.IntegerBlock(min_value=1, max_value=240, default=15)
    briefing = blocks.TextBlock(required=False, help_text=_("What the examiner sets up and says."))
    criteria = blocks.ListBlock(blocks.CharBlock(max_length=400), min_num=1, label=_("Criteria"))

    class Meta:
        icon = "group"
        label = _("Station")


class StationsBlock(blocks.StreamBlock):
    """The stations in their order."""

    station = StationBlock()

    class Meta:
        min_num = 1


class CriticalFailsBlock(blocks.StreamBlock):
    """What fails the whole practical, whatever else was shown."""

    critical_fail = blocks.CharBlock(max_length=400, label=_("Critical fail"), icon="warning")

    class Meta:
        required = False
