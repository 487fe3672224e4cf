"""Markers at the same moment, on real threads: one grade, one result, and nothing lost. Needs PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from lms.accounts.api import User, grant_role
from quizzes.grading.audit import audit_scores
from quizzes.grading.models import Grade, Marking, Result
from quizzes.grading.refusals import AlreadyMarked
from tests.quizzes.test_races import together
from tests.quizzes.written import FULL, HALF, essay_of, exam, mark, moderate, written

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


def person(name: str, *roles: str) -> Any:
    user = User.objects.create_user(f"{name}@test.example", "correct horse battery", display_name=name)
    for role in roles:
        grant_role(user=user, role=role)
    return user


def handed_in(**fields: Any) -> Any:
    return written(exam(**fields), person("writer"), timezone.now())


def grades(attempt: Any) -> list[Grade]:
    return list(Grade.objects.filter(item=essay_of(attempt), fraction__isnull=False).order_by("id"))


def tried(act: Any) -> str:
    try:
        return str(act().state)
    except AlreadyMarked as refusal:
        return refusal.code


def test_of_markers_at_once_one_gives_the_grade() -> None:
    attempt = handed_in()
    markers = [person(f"marker{number}", "examiner") for number in range(5)]
    points = [FULL, HALF] * 3
    came_to = together(5, lambda number: tried(lambda: mark(attempt, markers[number], timezone.now(), points[number])))
    assert sorted(came_to) == ["already_marked"] * 4 + ["graded"]
    (grade,) = grades(attempt)
    assert grade.marking == Marking.objects.get()
    assert Result.objects.filter(attempt=attempt).count() == 1
    assert list(audit_scores()) == []


@pytest.mark.parametrize("second", [HALF, FULL], ids=["agree", "differ"])
def test_two_markers_at_once_are_two_markers(second: Any) -> None:
    attempt = handed_in(needs_second_marker=True)
    markers = [person(f"marker{number}", "examiner") for number in range(3)]
    points = [HALF, second, HALF]
    came_to = together(3, lambda number: tried(lambda: mark(attempt, markers[number], timezone.now(), points[number])))
    # Whoever is the third, the first waits for the second, and the second makes the difference.
    assert sorted(came_to)[0] == "already_marked"
    assert "needs_second" in came_to
    assert Marking.objects.count() == 2
    first, other = Marking.objects.order_by("id")
    assert len(grades(attempt)) == (first.fraction == other.fraction) == Result.objects.count()
    assert list(audit_scores()) == []


def test_of_moderators_at_once_one_decides() -> None:
    attempt = handed_in(needs_second_marker=True)
    people = [person(f"marker{number}", "examiner") for number in range(5)]
    mark(attempt, people[0], timezone.now(), HALF)
    mark(attempt, people[1], timezone.now(), FULL)
    came_to = together(3, lambda number: tried(lambda: moderate(attempt, people[number + 2], timezone.now(), FULL)))
    assert sorted(came_to) == ["already_marked", "already_marked", "graded"]
    assert len(grades(attempt)) == 1
    assert Result.objects.filter(attempt=attempt).count() == 1
    assert list(audit_scores()) == []
