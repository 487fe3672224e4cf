"""A question as the candidate will see it, from its draft."""

from __future__ import annotations

import random
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core.markup import clean_rich
from quizzes.types import registry
from quizzes.types.base import Arrangement, Compiled, CompileProblem, feedback_by_alias
from quizzes.types.examples import ShowsExamples
from quizzes.types.registry import AnyType
from quizzes.types.shapes import DrawsRegions

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
    item: dict[str, Any] = {
        "slot": 1,
        "type": slug,
        "stem_html": clean_rich(question.stem),
        "stimulus_html": clean_rich(question.stimulus.text) if question.stimulus else "",
        "interaction": kind.interaction(compiled.presentation, arrangement),
        "template": f"quizzes/interactions/{slug}.html",
        "answer": None,
        "is_locked": False,
    }
    context = {"item": item, "problem": "", "question": question}
    if isinstance(kind, ShowsExamples):
        context["examples"] = [
            {"shown": example, "reason": example.reason(_)} for example in kind.examples(question.interaction[0].value)
        ]
    if question.picture:
        shown = {
            "src": reverse("question_picture", args=[question.picture.uuid]),
            "width": question.picture.width,
            "height": question.picture.height,
            "alt": question.picture.alt,
        }
        if kind.uses_picture:
            item["interaction"] = {"image": shown, **item["interaction"]}
            context["answered"] = _answered_right(item, kind, compiled, arrangement)
        else:
            item["picture"] = shown
    return context


def _answered_right(item: dict[str, Any], kind: AnyType, compiled: Compiled[Any, Any], arrangement: Arrangement) -> Any:
    """The item as its review shows it: for the author, who wrote places as numbers and wants to see them."""
    correct = kind.correct_answer(compiled.key)
    shown = kind.serialise(arrangement, correct)
    answered = {
        **item,
        "answer": shown,
        "correct": shown,
        "feedback": feedback_by_alias(arrangement, kind.choice_feedback(compiled.key, correct)),
        "fraction": 1,
        "rationale_template": f"quizzes/rationale/{kind.slug}.html",
    }
    if isinstance(kind, DrawsRegions):
        answered["drawing"] = kind.drawing(arrangement, compiled.key, correct)
    return answered
