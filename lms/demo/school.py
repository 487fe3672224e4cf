"""The demo school, built through the public doors: what it shows was really done, only by nobody.

Everything happens in the past, relative to the moment of loading, in an order that real people could have followed.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from courses.api import outline
from lms.accounts.api import User, accept_agreement, current_agreements, grant_role
from lms.certification.api import Application, admit, apply, decide, published_paths
from lms.learning.api import Cohort, complete_lesson, enrol
from quizzes.api import Assessment, answer_attempt, grade_attempt, start_attempt, submit_attempt

from .people import PASSWORD, PEOPLE

RIGHT, MIXED = 1.0, 0.45


def load(at: datetime) -> list[str]:
    """Make what is missing of the demo school. Returns what was made; a second call makes nothing."""
    made = [person.email for person in PEOPLE if _make_person(person)]
    if not made:
        return []
    people = {user.email: user for user in User.objects.filter(email__in=[person.email for person in PEOPLE])}
    _make_cohort(people, at)
    application = _finish(people["graduate@example.org"], at - timedelta(days=45))
    decide(
        application=application,
        outcome="award",
        by=people["registrar@example.org"],
        at=application.submitted_at + timedelta(days=2),
    )
    _finish(people["applicant@example.org"], at - timedelta(days=8))
    _beginner(people["student@example.org"], at)
    return made


def _make_person(person: Any) -> bool:
    if User.objects.filter(email=person.email).exists():
        return False
    with transaction.atomic():
        make = User.objects.create_superuser if person.is_superuser else User.objects.create_user
        user = make(
            person.email,
            PASSWORD,
            display_name=person.name,
            legal_name=person.name,
            sort_name=person.sort_name,
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        for role in person.roles:
            grant_role(user=user, role=role)
    return True


def _make_cohort(people: dict[str, User], at: datetime) -> None:
    cohort, _created = Cohort.objects.get_or_create(
        code="autumn-evenings",
        defaults={"title": "Autumn evenings", "starts_on": (at - timedelta(days=60)).date()},
    )
    cohort.instructors.add(people["instructor@example.org"])


def _enrol(user: User, slug: str, at: datetime) -> None:
    course = outline().course_by_slug(slug)
    cohort = Cohort.objects.filter(code="autumn-evenings").first()
    if course:
        enrol(user=user, course=course, cohort=cohort, by=user, at=at)
    # Admission follows enrolment by a signal after commit; here the order must not depend on it.
    for path in published_paths():
        admit(user=user, path=path, by=user, at=at)


def _take(user: User, code: str, chance: float, at: datetime) -> datetime:
    """Sit an assessment from start to result."""
    assessment = Assessment.objects.get(code=code)
    rng = random.Random(f"{user.email}/{code}/{chance}")
    attempt, _is_new = start_attempt(assessment=assessment, seed=f"demo/{user.email}/{code}/{at:%j%H}", by=user, at=at)
    done = answer_attempt(attempt=attempt, chance_right=chance, rng=rng, by=user, at=at)
    submit_attempt(attempt=attempt, by=user, at=done)
    grade_attempt(attempt=attempt, at=done)
    return done


def _study(user: User, lesson: Any, at: datetime) -> datetime:
    """Read a lesson, answer its check, mark it as read."""
    done = at + timedelta(minutes=lesson.minutes)
    if lesson.check:
        done = _take(user, lesson.check, 0.8, done)
    complete_lesson(user=user, lesson=lesson, at=done)
    return done + timedelta(minutes=5)


def _finish(user: User, at: datetime) -> Application:
    """Study everything, pass everything, sign, apply."""
    moment = at
    for course in outline().courses:
        _enrol(user, course.slug, moment)
        for module in course.modules:
            for lesson in module.lessons:
                moment = _study(user, lesson, moment)
            if module.quiz:
                moment = _take(user, module.quiz, RIGHT, moment) + timedelta(hours=20)
    _take(user, "foundations-exam", RIGHT, moment)
    moment += timedelta(days=1)
    path = published_paths().get(code="foundations")
    for agreement in current_agreements(["honour-statement", "truthful-representation"]).values():
        accept_agreement(agreement=agreement, user=user, context="certification", at=moment)
    application, _is_new = apply(user=user, path=path, legal_name=user.legal_name, at=moment)
    return application


def _beginner(user: User, at: datetime) -> None:
    moment = at - timedelta(days=9)
    _enrol(user, "foundations", moment)
    first = outline().course_by_slug("foundations")
    if first is None:
        return
    orientation, history = first.modules[0], first.modules[1]
    for lesson in orientation.lessons:
        moment = _study(user, lesson, moment)
    if orientation.quiz:
        moment = _take(user, orientation.quiz, MIXED, moment) + timedelta(days=1)
        moment = _take(user, orientation.quiz, RIGHT, moment) + timedelta(days=1)
    _study(user, history.lessons[0], moment)
