"""Looking back at an attempt: each item with its answer, and as much of the key as the rule allows now."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from lms.core.ports import lessons_for
from lms.knowledge.api import objectives_by_code
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.grading.commands import current_responses
from quizzes.grading.models import Marking, Result
from quizzes.grading.queries import current_grades

from .outcome import visibility_of
from .presenters import feedback_data, item_data, items_of, number


def hidden_questions(attempt: Attempt) -> set[int]:
    """Questions of this attempt that the candidate is being asked elsewhere right now: their keys stay hidden."""
    return set(
        AttemptItem.objects.filter(
            attempt__candidate=attempt.candidate_id, attempt__submitted_at=None, attempt__voided_at=None
        )
        .exclude(attempt=attempt.pk)
        .values_list("version__question_id", flat=True)
    )


def marking_data(marking: Marking) -> dict[str, Any]:
    """What a person gave for a written answer, by criterion of its rubric, and said about it. Never who it was."""
    points = {name: number(Decimal(given)) for name, given in marking.points.items()}
    return {"points": points, "comment": marking.comment}


def review_items(attempt: Attempt, result: Result | None, at: datetime) -> list[dict[str, Any]]:
    """Each item with the answer and what the rule allows now; a bounded number of queries."""
    sees = visibility_of(attempt, result, at)
    items = items_of(attempt, with_keys=sees.key)
    responses = current_responses(attempt.pk)
    grades = current_grades(attempt) if sees.score else {}
    hidden = hidden_questions(attempt) if sees.key else set()
    objectives = objectives_by_code([item.version.objective_code for item in items]) if sees.key else {}
    lessons = lessons_for(sorted(objectives)) if sees.key else []
    rows = []
    for item in items:
        response = responses.get(item.pk)
        row = item_data(attempt, item, response)
        grade = grades.get(item.pk)
        shows_key = sees.key and item.version.question_id not in hidden
        if shows_key:
            objective = objectives.get(item.version.objective_code)
            # After a regrade the explanation goes by the key that the grade in force rests on.
            row |= feedback_data(item, response, grade.fraction if grade else None, grade.answer_key if grade else None)
            if grade and grade.excluded:
                row |= {"score": None, "left_out": True}
            if grade and grade.marking:
                row["marking"] = marking_data(grade.marking)
            row["objectives"] = [{"code": objective.code, "text": objective.text}] if objective else []
            row["lessons"] = [
                {"code": lesson["code"], "title": lesson["title"], "url": lesson["url"]}
                for lesson in lessons
                if item.version.objective_code in lesson["objectives"]
            ]
        rows.append(row)
    return rows
