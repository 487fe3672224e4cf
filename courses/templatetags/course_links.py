"""Links between lessons, written by the lesson's code so that moving a page breaks none."""

from __future__ import annotations

import re

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText, expand_db_html

from lms.core.markup import clean_rich
from lms.knowledge.api import Marking

from ..queries import outline

register = template.Library()
LINK = re.compile(r'href="lesson:([A-Za-z0-9._-]+)"')


@register.filter
def lesson_prose(value: RichText | str) -> SafeString:
    """Rich text for the page: cleaned, with `lesson:CODE` links resolved to where the lesson stands now."""
    html = expand_db_html(value.source if isinstance(value, RichText) else str(value))
    if "lesson:" in html:
        urls = {lesson.code: lesson.url for _course, _module, lesson in outline().lessons()}
        html = LINK.sub(lambda match: f'href="{urls.get(match[1], "#")}"', html)
    return mark_safe(clean_rich(html))


@register.simple_tag(takes_context=True)
def prose_with_terms(context: Context, value: RichText | str) -> SafeString:
    """`lesson_prose` whose words of the glossary open a card, where the page gave `term_marks`."""
    html = lesson_prose(value)
    marks: Marking | None = context.get("term_marks")
    return mark_safe(marks.mark(html)) if marks else html
