"""Icons of `icons.svg`, put together once for each process, since a page has dozens of them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

FRAME = (
    '<svg class="icon" viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor"'
    ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
    "%s</svg>"
)


def _drawn() -> dict[str, SafeString]:
    # A file of this package, not something from outside.
    groups = ElementTree.parse(Path(__file__).resolve().parents[1] / "icons.svg").getroot().findall("g")  # noqa: S314
    return {
        group.get("id", ""): mark_safe(FRAME % "".join(ElementTree.tostring(shape, "unicode") for shape in group))
        for group in groups
    }


ICONS = _drawn()
BLANK = mark_safe(FRAME % "")


@register.simple_tag
def icon(name: str) -> SafeString:
    """The icon of this name; an empty one for a name that nobody drew. The word stands beside it."""
    return ICONS.get(name, BLANK)
