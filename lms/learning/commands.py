"""Enrolling and completing. Completion is never taken on the word of a script: each step is checked here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.api import Course, Lesson
from courses.api import outline as read_outline
from lms.core.exceptions import InvalidInput
from quizzes.api import interrupt

from .completion import ENROL, course_is_complete, missing_courses, module_is_complete, states_for
from .exceptions import KnowledgeCheckOpen, LessonLocked, OwnAttendance, PrerequisiteMissing, SessionNotBegun
from .models import (
    Attendance,
    ClassSession,
    Cohort,
    CourseCompletion,
    Enrolment,
    LessonCompletion,
    ModuleCompletion,
)
from .queries import facts_for
from .signals import enrolled


def enrol(*, user: Any, course: Course, cohort: Cohort | None = None, by: Any, at: datetime) -> tuple[Enrolment, bool]:
    """Enrol a person in a course; a second time changes nothing. Returns (enrolment, is new)."""
    existing = Enrolment.objects.filter(user=user, course_code=course.code, ended_at=None).first()
    if existing:
        return existing, False
    lacking = missing_courses(course, read_outline(), facts_for(user))
    if lacking:
        raise PrerequisiteMissing(
            _("Complete %(courses)s first.") % {"courses": ", ".join(row.title for row in lacking)},
            missing=[row.as_dict() for row in lacking],
        )
    try:
        with transaction.atomic():
            row = Enrolment.objects.create(
                user=user, course_code=course.code, cohort=cohort, enrolled_at=at, enrolled_by=by
            )
            transaction.on_commit(lambda: enrolled.send(sender=Enrolment, enrolment=row))
            return row, True
    except IntegrityError:
        return Enrolment.objects.get(user=user, course_code=course.code, ended_at=None), False


def end_enrolment(*, enrolment: Enrolment, reason: str, by: Any, at: datetime) -> bool:
    """A person leaves a course. Attempts that run are stopped, not sealed: staff decides what becomes of them.

    False when the enrolment had ended already.
    """
    with transaction.atomic():
        ended = Enrolment.objects.filter(pk=enrolment.pk, ended_at=None).update(
            ended_at=at, ended_by=by, end_reason=reason
        )
        if ended:
            course = read_outline().course(enrolment.course_code)
            codes = [code for module in course.modules for code in module.assessments] if course else []
            interrupt(candidate=enrolment.user, assessment_codes=codes, by=by, at=at)
    enrolment.refresh_from_db()
    return bool(ended)


def complete_lesson(*, user: Any, lesson: Lesson, at: datetime) -> tuple[LessonCompletion, bool]:
    """Mark a lesson as completed once it is open and its check is answered. Idempotent."""
    existing = LessonCompletion.objects.filter(user=user, lesson_code=lesson.code).first()
    if existing:
        return existing, False
    facts = facts_for(user)
    states = states_for(read_outline(), facts)
    if states.states.get(lesson.code, "locked") == "locked":
        missing = states.missing.get(lesson.code, ())
        needs_enrolment = any(row.code == ENROL for row in missing)
        raise LessonLocked(
            _("Enrol in the course first.") if needs_enrolment else _("Something else comes first."),
            missing=[row.as_dict() for row in missing],
        )
    if lesson.check and lesson.check not in facts.checks_done:
        raise KnowledgeCheckOpen(
            _("Answer the lesson's questions first."),
            missing=[{"code": lesson.check, "title": _("Check yourself"), "url": f"/quizzes/{lesson.check}/"}],
        )
    try:
        with transaction.atomic():
            completion = LessonCompletion.objects.create(
                user=user,
                lesson_code=lesson.code,
                revision_id=lesson.revision_id,
                content_digest=lesson.digest,
                credited_minutes=lesson.minutes,
                completed_at=at,
            )
    except IntegrityError:
        return LessonCompletion.objects.get(user=user, lesson_code=lesson.code), False
    record_progress(user=user, at=at)
    return completion, True


def record_progress(*, user: Any, at: datetime) -> None:
    """Write down modules and courses that are complete by now. Safe any number of times."""
    facts = facts_for(user)
    newly_done: list[str] = []
    for course in read_outline().courses:
        for module in course.modules:
            if module.code in facts.modules_done or not module_is_complete(module, facts):
                continue
            newly_done.append(module.code)
            _once(
                ModuleCompletion,
                user=user,
                module_code=module.code,
                defaults={
                    "outline_digest": module.digest,
                    "credited_minutes": _credited(user, [lesson.code for lesson in module.lessons]),
                    "completed_at": at,
                },
            )
        if course.code not in facts.courses_done and course_is_complete(course, facts, newly_done):
            _once(
                CourseCompletion,
                user=user,
                course_code=course.code,
                defaults={
                    "outline_digest": course.digest,
                    "credited_minutes": _credited(user, [lesson.code for lesson in course.lessons]),
                    "completed_at": at,
                },
            )


def _credited(user: Any, lesson_codes: list[str]) -> int:
    rows = LessonCompletion.objects.filter(user=user, lesson_code__in=lesson_codes)
    return sum(rows.values_list("credited_minutes", flat=True))


def _once(model: Any, *, defaults: dict[str, Any], **key: Any) -> None:
    try:
        with transaction.atomic():
            model.objects.create(**key, **defaults)
    except IntegrityError:
        # Another request wrote it in the meantime.
        return


def note_attendance(
    *, session: ClassSession, minutes: Mapping[Any, int], reason: str = "", by: Any, at: datetime
) -> list[Attendance]:
    """Note who was there and for how many minutes, by person. What was noted before is corrected with a reason.

    Notes that say what was noted already are left out. A session is noted once it has begun.
    """
    if at < session.starts_at:
        raise SessionNotBegun()
    if any(person == by for person in minutes):
        raise OwnAttendance()
    errors = {str(person.uuid): [_("Write from 0 to %(most)s minutes.") % {"most": session.minutes}]
              for person, value in minutes.items() if not 0 <= value <= session.minutes}  # fmt: skip
    if errors:
        raise InvalidInput(errors=errors)
    with transaction.atomic():
        # The lock makes two teachers who note the same room follow one another.
        ClassSession.objects.select_for_update().get(pk=session.pk)
        before = {row.user_id: row.minutes for row in Attendance.objects.filter(session=session).order_by("id")}
        changed = {person: value for person, value in minutes.items() if before.get(person.pk) != value}
        if any(person.pk in before for person in changed) and not reason.strip():
            raise InvalidInput(
                _("Say why you correct what was noted."), errors={"reason": [_("Say why you correct what was noted.")]}
            )
        return Attendance.objects.bulk_create(
            Attendance(
                session=session,
                user=person,
                minutes=value,
                reason=reason.strip()[:300] if person.pk in before else "",
                noted_by=by,
                noted_at=at,
            )
            for person, value in changed.items()
        )
