"""The school of the bench: quizzes of single-choice questions, students with sessions, candidates for the exam.

Runs inside the instance's environment and prints what it made as JSON: `python -m tests.bench.school 300 200`.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from importlib import import_module
from typing import Any

QUIZ, LONG_QUIZ = "bench-quiz", "bench-long-quiz"
ITEMS, LONG = 10, 30


def _quiz(code: str, items: int, course: Any) -> None:
    """A quiz as its module asks it. Everybody passes, which is what costs most: it may complete the module."""
    from courses.api import ModulePage
    from tests.quizzes.making import make_assessment, make_question

    questions = [make_question(f"Q-{code}-{number}".upper(), "single_choice") for number in range(1, items + 1)]
    quiz = make_assessment(code, questions, title="A quiz of the bench", shuffle_items=True, cut_percent="0")
    module = ModulePage(title=code, slug=code, code=code.upper(), summary="<p>A module of the bench.</p>", quiz=quiz)
    course.add_child(instance=module)
    module.save_revision().publish()


def _people(name: str, count: int, cohort: Any, at: Any) -> list[Any]:
    """Students of the first course, who learn in a cohort and follow the course's path."""
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import Group

    from courses.api import outline
    from lms.accounts.api import User
    from lms.certification.api import Admission, published_paths
    from lms.learning.models import Enrolment

    password = make_password("correct horse battery")
    people = User.objects.bulk_create(
        User(email=f"{name}{number}@{name}.example", display_name=f"{name} {number}", password=password)
        for number in range(count)
    )
    role = Group.objects.get(name="student")
    User.groups.through.objects.bulk_create(User.groups.through(user=one, group=role) for one in people)
    course, path = outline().courses[0].code, published_paths()[0]
    Enrolment.objects.bulk_create(
        Enrolment(user=one, course_code=course, cohort=cohort, enrolled_at=at, enrolled_by=one) for one in people
    )
    Admission.objects.bulk_create(
        Admission(user=one, path=path, path_version=path.current_version, admitted_at=at, admitted_by=one)
        for one in people
    )
    return people


def _instructor(at: Any) -> tuple[Any, Any]:
    """Who teaches the cohort, with the second factor that a live instance asks of staff; and the cohort."""
    from allauth.mfa.models import Authenticator

    from lms.accounts.api import User, grant_role
    from lms.learning.api import Cohort

    teacher = User.objects.create_user("instructor@bench.example", display_name="Instructor")
    grant_role(user=teacher, role="instructor")
    Authenticator.objects.create(user=teacher, type=Authenticator.Type.TOTP, data={"secret": ""})
    cohort = Cohort.objects.create(code="bench", title="The cohort of the bench", starts_on=at.date())
    cohort.instructors.add(teacher)
    return teacher, cohort


def _complete_courses(people: list[Any], at: Any) -> None:
    """What opens the exam of the path."""
    from courses.api import outline
    from lms.learning.models import CourseCompletion

    CourseCompletion.objects.bulk_create(
        CourseCompletion(
            user=one, course_code=course.code, outline_digest=course.digest, credited_minutes=course.minutes,
            completed_at=at,
        )
        for one in people for course in outline().courses
    )  # fmt: skip


def _review_forms(code: str, at: Any) -> None:
    """An exam is given on forms that somebody has read."""
    from lms.accounts.api import User, grant_role
    from quizzes.api import Assessment, approve_form

    examiner = User.objects.create_user("examiner@bench.example", display_name="Examiner")
    grant_role(user=examiner, role="examiner")
    for form in Assessment.objects.get(code=code).current_version.forms.all():
        approve_form(form=form, by=examiner, at=at)


def _sessions(people: list[Any]) -> list[dict[str, Any]]:
    """People who have logged in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    engine = import_module(settings.SESSION_ENGINE)
    rows = []
    for one in people:
        store = engine.SessionStore()
        store[SESSION_KEY] = str(one.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = one.get_session_auth_hash()
        store.create()
        rows.append({"pk": one.pk, "session": store.session_key})
    return rows


def make(students: int, candidates: int) -> dict[str, Any]:
    """Make everything; gives the fields of `tests.bench.students.School`."""
    from django.db import transaction
    from django.utils import timezone

    from courses.api import CoursePage, forget_outline, outline
    from lms.certification.api import published_paths
    from lms.certification.eligibility import leaf_nodes

    at = timezone.now() - timedelta(days=1)
    with transaction.atomic():
        course = CoursePage.objects.get(code=outline().courses[0].code)
        _quiz(QUIZ, ITEMS, course)
        _quiz(LONG_QUIZ, LONG, CoursePage.objects.get(pk=course.pk))
    forget_outline()
    with transaction.atomic():
        instructor, cohort = _instructor(at)
        people = _people("student", students, cohort, at)
        examined = _people("candidate", candidates, cohort, at)
        _complete_courses(examined, at)
        requirements = published_paths()[0].current_version.requirements
        exam = next(leaf["reference"] for leaf in leaf_nodes(requirements, "exam"))
        _review_forms(exam, at)
        return {
            "quiz": QUIZ,
            "long_quiz": LONG_QUIZ,
            "exam": exam,
            "instructor": _sessions([instructor])[0],
            "students": _sessions(people),
            "candidates": _sessions(examined),
        }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    import django

    django.setup()
    print(json.dumps(make(int(sys.argv[1]), int(sys.argv[2]))))
