"""System checks of the app."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import OperationalError, ProgrammingError
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from .bank.queries import live_but_not_frozen
from .types.registry import all_types


@register(Tags.templates)
def every_type_is_complete(app_configs: Any = None, **kwargs: Any) -> list[Error]:
    """A question type has an interaction template, a rationale template and a test."""
    errors = []
    for kind in all_types():
        for name in (f"quizzes/interactions/{kind.slug}.html", f"quizzes/rationale/{kind.slug}.html"):
            try:
                get_template(name)
            except TemplateDoesNotExist:
                errors.append(Error(f"Question type {kind.slug}: the template {name} is missing.", id="quizzes.E001"))
        test = settings.BASE_DIR / "tests" / "quizzes" / "types" / f"test_{kind.slug}.py"
        if test.parent.exists() and not test.exists():
            errors.append(Error(f"Question type {kind.slug}: {test.name} is missing.", id="quizzes.E002"))
    return errors


@register(Tags.database)
def live_questions_are_frozen(databases: Any = None, **kwargs: Any) -> list[Warning]:
    """A live question without a version cannot be drawn; somebody must publish it again."""
    if not databases:
        return []
    try:
        codes = live_but_not_frozen()
    except (OperationalError, ProgrammingError):
        return []
    if not codes:
        return []
    return [Warning(f"Live questions without a frozen version: {', '.join(codes[:20])}", id="quizzes.W001")]
