"""A question as the candidate will see it, from its draft."""

from __future__ import annotations

import random
from typing import Any

from django.utils.translation import gettext as _

from lms.core.markup import clean_rich
from quizzes.types import registry
from quizzes.types.base import CompileProblem

from .commands import compile_question
from .models import Question


def preview_context(question: Question) -> dict[str, Any]:
    """`item` as the player shows it, or `problem` with what the author must mend first."""
    try:
        slug, compiled = compile_question(question)
    except CompileProblem as problem:
        return {"problem": problem.translated(_), "item": None, "question": question}
    kind = registry.get(slug)
    arrangement = kind.arrange(compiled.presentation, random.Random(question.code))  # noqa: S311
    item = {
        "slot": 1,
        "type": slug,
        "stem_html": clean_rich(question.stem),
        "stimulus_html": clean_rich(question.stimulus.text) if question.stimulus else "",
        "interaction": kind.interaction(compiled.presentation, arrangement),
        "template": f"quizzes/interactions/{slug}.html",
        "answer": None,
        "is_locked": False,
    }
    return {"item": item, "problem": "", "question": question}
