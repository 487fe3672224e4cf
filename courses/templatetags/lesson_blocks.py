"""Texts of the interactive blocks for the page: inline Markdown, paragraphs, plain words; and a drawing shown twice."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

from lms.core.markup import markdown_inline_to_html, markdown_to_html, plain_text

from .course_links import lesson_prose

register = template.Library()
_ID = re.compile(r'\b(id|aria-labelledby|aria-describedby)="([^"]+)"')
_REFERENCE = re.compile(r'(href="#|url\(["\']?#)')


@register.filter
def marked(text: str) -> SafeString:
    """One paragraph of Markdown, without the paragraph."""
    return mark_safe(markdown_inline_to_html(str(text)))


@register.filter
def paragraphs(text: str) -> SafeString:
    """Markdown of several paragraphs, with links to lessons."""
    return lesson_prose(markdown_to_html(str(text)))


@register.filter
def words(text: str) -> str:
    """Inline Markdown as plain words, for labels and options."""
    return plain_text(markdown_inline_to_html(str(text)))


@register.filter
def with_own_ids(svg: str, prefix: str) -> SafeString:
    """A drawing whose ids begin with a prefix, so that it may stand on a page that shows it already."""

    def renamed(match: re.Match[str]) -> str:
        return '{}="{}"'.format(match[1], " ".join(f"{prefix}-{name}" for name in match[2].split()))

    return mark_safe(_REFERENCE.sub(lambda match: f"{match[1]}{prefix}-", _ID.sub(renamed, str(svg))))
