"""Auditing what people gave: from the points in the marking and the rubric, back to the fraction of the grade."""

from __future__ import annotations

from decimal import Decimal

from quizzes.attempts.models import AttemptItem
from quizzes.bank.models import AnswerKey
from quizzes.types.essay import EssayKey, rubric_fraction
from quizzes.types.rubric import RubricProblem

from .enums import GradeSource
from .marking import AGREEMENT, agree, needs_second_marker
from .models import Grade, Marking


def marked_fraction(item: AttemptItem, grade: Grade, key: AnswerKey) -> Decimal | None:
    """What the marking behind a grade is worth; None where no marking supports it.

    It must be a marking of this very answer, by somebody else than its candidate, of the kind that the grade says
    (marker or moderator), and where two markers are asked for, a second one must agree.
    """
    marking = grade.marking
    is_moderation = grade.source == GradeSource.MODERATION
    if (
        marking is None
        or (marking.item_id, marking.response_id) != (item.pk, grade.response_id)
        or marking.is_moderation != is_moderation
        or marking.by_id == item.attempt.candidate_id
    ):
        return None
    try:
        fraction = rubric_fraction(EssayKey.model_validate(key.key), marking.points)
    except RubricProblem:
        return None
    if abs(fraction - marking.fraction) > AGREEMENT:
        return None
    if not is_moderation and needs_second_marker(item.attempt):
        rows = Marking.objects.filter(item=item, response=marking.response_id, is_moderation=False, pk__lte=marking.pk)
        if not agree({row.by_id: row for row in rows.order_by("id")}.values()):
            return None
    return fraction
