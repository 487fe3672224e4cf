"""Where coverage finds its facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from courses.api import outline
from lms.knowledge.api import Claim, Objective
from quizzes.api import BankPurpose, ExamSupply, exam_supply, question_facts

from . import coverage


@dataclass(frozen=True)
class Coverage:
    """All that the command and the page show."""

    rows: list[coverage.GoalRow]
    banks: list[str]
    exams: list[ExamSupply]
    incomplete: list[tuple[str, list[str]]]
    weak: list[tuple[str, list[str]]]

    @property
    def gaps(self) -> list[coverage.GoalRow]:
        """Objectives that are not covered."""
        return coverage.gaps(self.rows)


def goals() -> list[coverage.Goal]:
    """Objectives in use with the published lessons that teach them (one query beside the outline)."""
    lessons: dict[str, list[str]] = defaultdict(list)
    for _course, _module, lesson in outline().lessons():
        for code in lesson.objectives:
            lessons[code].append(lesson.code)
    return [
        coverage.Goal(row.code, row.text, row.domain.code, row.is_practical, tuple(lessons[row.code]))
        for row in Objective.objects.filter(is_retired=False).select_related("domain").order_by("domain__code", "code")
    ]


def read_coverage(purposes: Collection[str]) -> Coverage:
    """Coverage as somebody sees it who may open the banks with these purposes. Of the teaching pool all see counts."""
    questions = question_facts({BankPurpose.TEACHING, *purposes})
    theirs = [question for question in questions if question.purpose in purposes]
    found = goals()
    standings = dict(Claim.objects.filter(is_retired=False).values_list("code", "standing"))
    sees_exams = bool({BankPurpose.EXAM, BankPurpose.MOCK} & set(purposes))
    return Coverage(
        rows=coverage.table(found, questions),
        banks=coverage.confidential_banks(questions),
        exams=exam_supply() if sees_exams else [],
        incomplete=coverage.incomplete(theirs, (goal.code for goal in found)),
        weak=coverage.asserts_weak_claims(theirs, standings),
    )


def everything() -> Coverage:
    """Coverage for whoever works at the server's command line."""
    return read_coverage(BankPurpose.values)
