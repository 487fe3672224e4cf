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
from lms.certification.api import Application, admit, apply, decide, published_paths, required_courses
from lms.learning.api import EVALUATION_VERSION, Cohort, complete_lesson, enrol, evaluate_course, open_cohort
from quizzes.api import (
    Assessment,
    answer_attempt,
    approve_form,
    book_seat,
    grade_attempt,
    open_sitting,
    practise,
    record_response,
    start_attempt,
    submit_attempt,
)

from .dossier import load_dossiers
from .people import PASSWORD, PEOPLE
from .texts import EVALUATED, WRITTEN

RIGHT, MIXED = 1.0, 0.45


def load(at: datetime) -> list[str]:
    """Make what is missing of the demo school. Returns what was made; a second call makes nothing."""
    made = [person.email for person in PEOPLE if _make_person(person)]
    if not made:
        return []
    people = {user.email: user for user in User.objects.filter(email__in=[person.email for person in PEOPLE])}
    _make_cohort(people, at)
    _review_forms(people["examiner@example.org"], at - timedelta(days=60))
    application = _finish(people["graduate@example.org"], at - timedelta(days=45))
    decide(
        application=application,
        outcome="award",
        by=people["registrar@example.org"],
        at=application.submitted_at + timedelta(days=2),
    )
    _finish(people["applicant@example.org"], at - timedelta(days=14))
    _beginner(people["student@example.org"], at)
    _write(people["student@example.org"], at - timedelta(days=1))
    _announce_sitting(people, at)
    load_dossiers(people, at)
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
    begun = at - timedelta(days=60)
    if not Cohort.objects.filter(code="autumn-evenings").exists():
        open_cohort(
            title="Autumn evenings",
            code="autumn-evenings",
            starts_on=begun.date(),
            instructors=[people["instructor@example.org"]],
            by=people["registrar@example.org"],
            at=begun,
        )


def _review_forms(examiner: User, at: datetime) -> None:
    """An exam is given on forms that somebody has read."""
    for form in Assessment.objects.get(code="foundations-exam").current_version.forms.all():
        approve_form(form=form, by=examiner, at=at)


def _announce_sitting(people: dict[str, User], at: datetime) -> None:
    """A sitting in an hour, to show the invigilator's screen. Whoever sits it alone at home may still do so."""
    begins = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    examiner = people["examiner@example.org"]
    sitting, _code = open_sitting(
        assessment=Assessment.objects.get(code="foundations-exam"),
        place="Room 2, ground floor",
        opens_at=begins,
        closes_at=begins + timedelta(hours=3),
        invigilators=[people["instructor@example.org"]],
        by=examiner,
        at=at,
    )
    for email, label in (
        ("student@example.org", "A1"),
        ("student2@example.org", "A2"),
        ("applicant@example.org", "A3"),
    ):
        book_seat(sitting=sitting, candidate=people[email], label=label, by=examiner, at=at)


def _enrol(user: User, slug: str, at: datetime) -> None:
    course = outline().course_by_slug(slug)
    cohort = Cohort.objects.filter(code="autumn-evenings").first()
    if course:
        enrol(user=user, course=course, cohort=cohort, by=user, at=at)
    # Admission follows enrolment by a signal after commit; here the order must not depend on it.
    for path in published_paths().filter(admits_on_enrolment=True):
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
    """Study and pass all that the certificate asks for, sign, apply."""
    moment = at
    path = published_paths().get(code="foundations")
    asked = required_courses(path.current_version.requirements)
    for course in outline().courses:
        if course.code not in asked:
            continue
        _enrol(user, course.slug, moment)
        for module in course.modules:
            for lesson in module.lessons:
                moment = _study(user, lesson, moment)
            if module.quiz:
                moment = _take(user, module.quiz, RIGHT, moment) + timedelta(hours=20)
        if said := EVALUATED.get((user.email, course.code)):
            evaluate_course(course_code=course.code, version=EVALUATION_VERSION, **said, by=user, at=moment)
    _take(user, "foundations-exam", RIGHT, moment)
    moment += timedelta(days=1)
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
    rng = random.Random(f"{user.email}/practice")
    for days in (5, 3):
        practise(cards=8, chance_right=0.7, rng=rng, by=user, at=at - timedelta(days=days))


def _write(user: User, at: datetime) -> None:
    """Hand in the two short texts, which then wait for the instructor to mark them."""
    assessment = Assessment.objects.get(code="written-practice")
    attempt, _is_new = start_attempt(assessment=assessment, seed=f"demo/{user.email}", by=user, at=at)
    moment = at
    for item in attempt.items.select_related("version__question").order_by("slot"):
        moment += timedelta(minutes=6)
        text = WRITTEN[item.version.question.code]
        record_response(attempt_uuid=attempt.uuid, slot=item.slot, answer={"text": text}, by=user, at=moment)
    submit_attempt(attempt=attempt, by=user, at=moment)
    grade_attempt(attempt=attempt, at=moment)
