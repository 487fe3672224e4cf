"""What the bank holds for what is taught and examined: facts about questions, and the supply of exams. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lms.core.markup import plain_text
from quizzes.bank.models import Question

from .enums import HIGH_STAKES, FormPolicy
from .models import Assessment
from .supply import CellSupply, supply_of


@dataclass(frozen=True)
class QuestionFacts:
    """What coverage asks of a published question; `words` is its stem and rationale in plain words."""

    code: str
    bank: str
    purpose: str
    objective: str
    domain: str
    level: str
    claims: tuple[str, ...]
    safety_notes: int
    has_rationale: bool
    tags: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class ExamSupply:
    """An exam with what its banks hold for each cell of its blueprint."""

    code: str
    title: str
    forms: int
    cells: tuple[CellSupply, ...]


def question_facts(purposes: Collection[str]) -> list[QuestionFacts]:
    """All drawable questions of the banks with these purposes (three queries)."""
    questions = (
        Question.objects.drawable()
        .filter(bank__purpose__in=purposes)
        .select_related("bank", "domain", "objective")
        .prefetch_related("claims", "safety_notes")
        .defer("interaction")
        .order_by("code")
    )
    return [
        QuestionFacts(
            code=question.code,
            bank=question.bank.code,
            purpose=question.bank.purpose,
            objective=question.objective.code,
            domain=question.domain.code,
            level=question.cognitive_level,
            claims=tuple(sorted(claim.code for claim in question.claims.all())),
            safety_notes=len(question.safety_notes.all()),
            has_rationale=bool(plain_text(question.rationale)),
            tags=tuple(question.tags),
            words=f"{plain_text(question.stem)} {plain_text(question.rationale)}",
        )
        for question in questions
    ]


def exam_supply() -> list[ExamSupply]:
    """Published exams and mock exams, each with its supply (three queries for each bank that it draws from)."""
    exams = Assessment.objects.filter(kind__in=sorted(HIGH_STAKES), live=True, is_retired=False)
    return [
        ExamSupply(
            exam.code,
            exam.title,
            exam.form_count if exam.form_policy == FormPolicy.FIXED else 1,
            tuple(supply_of(exam.current_version.blueprint)),
        )
        for exam in exams.exclude(current_version=None).select_related("current_version").order_by("code")
    ]
