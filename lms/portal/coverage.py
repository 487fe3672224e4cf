"""Does what is taught and asked cover what learners shall be able to do? Pure functions.

An objective is covered when a lesson teaches it and at least two teaching questions ask it; one that is shown by doing
needs no question in writing. Everything else that this module finds is for people to look at.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizzes.api import QuestionFacts

LEVELS = ("recall", "application", "analysis")
TEACHING = "teaching"
#: So many teaching questions an objective needs.
ENOUGH = 2
#: Claims that may be a key only where the question asks for them to be recognised as such.
NOT_TO_BE_ASSERTED = frozenset({"unsupported", "outdated"})
RECOGNITION = "recognition"
_PHRASES = re.compile(
    r"\b(un)?support(s|ed)?\b|outdated|evidence|standing|claim|promis|honest|source|disprove|contradict|myth|advert"
    r"|leaflet|poster|website|web page|\b(says?|said|told|tells?|wrote|writes?|hears?|believes?)\b|mislead|no longer",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Goal:
    """An objective with the codes of the lessons that teach it."""

    code: str
    text: str
    domain: str
    is_practical: bool
    lessons: tuple[str, ...]


@dataclass(frozen=True)
class GoalRow:
    """One line of the table: questions of the teaching pool by level, and of each confidential bank."""

    goal: Goal
    teaching: Mapping[str, int]
    banks: Mapping[str, int]

    @property
    def teaching_total(self) -> int:
        """Teaching questions of all levels."""
        return sum(self.teaching.values())

    @property
    def lacks_lesson(self) -> bool:
        """Nothing teaches it."""
        return not self.goal.lessons

    @property
    def lacks_questions(self) -> bool:
        """Too little asks it, and it can be asked in writing."""
        return not self.goal.is_practical and self.teaching_total < ENOUGH

    @property
    def is_covered(self) -> bool:
        """Taught, and asked often enough."""
        return not self.lacks_lesson and not self.lacks_questions


def table(goals: Iterable[Goal], questions: Iterable[QuestionFacts]) -> list[GoalRow]:
    """The table, in the order of the goals."""
    teaching: dict[str, Counter[str]] = defaultdict(Counter)
    banks: dict[str, Counter[str]] = defaultdict(Counter)
    for question in questions:
        if question.purpose == TEACHING:
            teaching[question.objective][question.level] += 1
        else:
            banks[question.objective][question.bank] += 1
    return [
        GoalRow(goal, {level: teaching[goal.code][level] for level in LEVELS}, dict(banks[goal.code])) for goal in goals
    ]


def confidential_banks(questions: Iterable[QuestionFacts]) -> list[str]:
    """Codes of the banks beside the teaching pool, in order."""
    return sorted({question.bank for question in questions if question.purpose != TEACHING})


def gaps(rows: Iterable[GoalRow]) -> list[GoalRow]:
    """Objectives that are not covered."""
    return [row for row in rows if not row.is_covered]


def cells(questions: Iterable[QuestionFacts]) -> dict[tuple[str, str, str], int]:
    """How many questions each bank holds by (bank, domain, level)."""
    return dict(Counter((question.bank, question.domain, question.level) for question in questions))


def incomplete(questions: Iterable[QuestionFacts], objectives: Iterable[str]) -> list[tuple[str, list[str]]]:
    """(code, what is missing) of questions without a known objective, a rationale, or a claim or safety note."""
    known = set(objectives)
    found = []
    for question in questions:
        missing = [
            name
            for name, is_there in (
                ("objective", question.objective in known),
                ("rationale", question.has_rationale),
                ("claim or safety note", bool(question.claims or question.safety_notes)),
            )
            if not is_there
        ]
        if missing:
            found.append((question.code, missing))
    return found


def asserts_weak_claims(
    questions: Iterable[QuestionFacts], standings: Mapping[str, str]
) -> list[tuple[str, list[str]]]:
    """(code, claims) of questions on nothing but unsupported or outdated claims that do not ask for recognition.

    By their words: a tag `recognition`, or a stem or rationale that speaks of claims, sources, evidence or sayings.
    A list to read through, not a verdict.
    """
    found = []
    for question in questions:
        weak = [claim for claim in question.claims if standings.get(claim) in NOT_TO_BE_ASSERTED]
        rests_on_them = bool(weak) and len(weak) == len(question.claims) and not question.safety_notes
        if rests_on_them and RECOGNITION not in question.tags and not _PHRASES.search(question.words):
            found.append((question.code, weak))
    return found


def by_domain(rows: Sequence[GoalRow]) -> list[tuple[str, list[GoalRow]]]:
    """The table in parts, one for each domain."""
    return [(code, [row for row in rows if row.goal.domain == code]) for code in sorted({r.goal.domain for r in rows})]


def by_claims(found: Iterable[tuple[str, list[str]]]) -> list[tuple[tuple[str, ...], list[str]]]:
    """(claims, codes of the questions on just these), in the order of the claims."""
    grouped: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for code, claims in found:
        grouped[tuple(sorted(claims))].append(code)
    return sorted(grouped.items())
