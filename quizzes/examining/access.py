"""Who on the staff may see which assessments and whose attempts. Everything here goes through these reads."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from lms.accounts.api import Role
from lms.core.ports import scope
from quizzes.assembly.enums import HIGH_STAKES
from quizzes.assembly.guard import kinds_for
from quizzes.assembly.models import Assessment
from quizzes.attempts.enums import AttemptKind
from quizzes.attempts.models import Attempt

#: Roles that run examinations or teach; `role_required` lets administrators in everywhere.
STAFF = (Role.INSTRUCTOR, Role.EXAMINER)


def assessments_for(user: Any) -> QuerySet[Assessment]:
    """Instructors see checks and quizzes, examiners exams and mock exams, administrators all."""
    return Assessment.objects.filter(kind__in=kinds_for(user)).exclude(current_version=None)


def assessment_or_404(user: Any, slug: str) -> Assessment:
    """One of them by its code."""
    return get_object_or_404(assessments_for(user).select_related("current_version"), code=slug)


def attempts_for(user: Any) -> QuerySet[Attempt]:
    """Attempts of candidates at these assessments; an instructor sees those of the own cohorts only."""
    rows = Attempt.objects.filter(kind=AttemptKind.CANDIDATE, assessment__kind__in=kinds_for(user))
    if user.has_role(Role.ADMIN):
        return rows
    mine = Q()
    for candidates in scope(user):
        mine |= Q(candidate__in=candidates)
    # An examiner stands above cohorts: exams are nobody's class.
    everybody = Q(assessment__kind__in=HIGH_STAKES) if user.has_role(Role.EXAMINER) else Q(pk=None)
    return rows.filter(everybody | mine if mine else everybody)


def attempt_or_404(user: Any, attempt_id: Any) -> Attempt:
    """One of them by its identifier."""
    return get_object_or_404(attempts_for(user).select_related("assessment", "candidate"), uuid=attempt_id)
