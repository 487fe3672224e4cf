"""Enrolling, completing, being there. Nothing is completed on the word of a script: each step is checked here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from courses.api import Course, Lesson
from courses.api import outline as read_outline
from lms.core.exceptions import InvalidInput, NotAllowed
from quizzes.api import interrupt

from .attendance_queries import runs_cohort, sessions_for, teachers_to_choose
from .completion import ENROL, course_is_complete, missing_courses, module_is_complete, states_for
from .exceptions import (
    AttendanceNoted,
    KnowledgeCheckOpen,
    LessonLocked,
    OwnAttendance,
    PrerequisiteMissing,
    SessionNotBegun,
    SessionRemoved,
)
from .models import (
    Attendance,
    ClassSession,
    Cohort,
    CourseCompletion,
    Enrolment,
    LessonCompletion,
    ModuleCompletion,
    SessionFormat,
    SessionKind,
)
from .queries import facts_for
from .signals import enrolled

#: Minutes of one session, characters of its title and place, and how far from now it may lie.
LONGEST_SESSION, LONGEST_WORDS, FARTHEST = 720, 200, timedelta(days=3660)
#: What of a session may be changed, and what of it still when attendance was noted.
SESSION_FIELDS = frozenset({"title", "starts_at", "minutes", "kind", "format", "course_code", "place"})
WORDS = frozenset({"title", "place"})


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


# Class sessions and attendance ---------------------------------------------------------------------------------------


def plan_session(
    *,
    cohort: Cohort,
    title: str,
    starts_at: datetime,
    minutes: int,
    kind: str = SessionKind.THEORY,
    format: str = SessionFormat.LIVE,
    course_code: str = "",
    place: str = "",
    teachers: Iterable[Any] | None = None,
    by: Any,
    at: datetime,
) -> ClassSession:
    """Put a meeting of a cohort on its timetable, also one that has been. Who plans it teaches it if nobody is named.

    A registrar or administrator who does not teach plans it for the instructors of the cohort.
    """
    _must_run(cohort, by)
    if teachers is None:
        teachers = teachers_at_first(cohort, by)
    session = ClassSession(
        cohort=cohort,
        title=title.strip(),
        starts_at=starts_at,
        minutes=minutes,
        kind=kind,
        format=format,
        course_code=course_code,
        place=place.strip(),
    )
    chosen = list(teachers)
    _check_session(session, chosen, at)
    with transaction.atomic():
        session.save()
        session.teachers.set(chosen)
        log(session, "wagtail.create", user=by, timestamp=at)
    return session


def change_session(*, session: ClassSession, facts: Mapping[str, Any], by: Any, at: datetime) -> ClassSession:
    """Change what `facts` names: fields of the session, and `teachers`. Once attendance is noted, only title and place.

    What a note counts for and who taught it stays as it was when it was noted.
    """
    _must_run(session.cohort, by)
    with transaction.atomic():
        row = ClassSession.objects.select_for_update().filter(pk=session.pk).first()
        if row is None:
            raise SessionRemoved()
        before = {name: getattr(row, name) for name in SESSION_FIELDS}
        taught_by = list(row.teachers.all())
        chosen = list(facts.get("teachers", taught_by))
        for name in SESSION_FIELDS & facts.keys():
            setattr(row, name, facts[name].strip() if name in WORDS else facts[name])
        changed = {name: value for name, value in before.items() if getattr(row, name) != value}
        if {person.pk for person in chosen} != {person.pk for person in taught_by}:
            changed["teachers"] = [person.get_full_name() for person in taught_by]
        if changed.keys() - WORDS and row.attendances.exists():
            raise AttendanceNoted()
        _check_session(row, chosen, at)
        if changed:
            row.save()
            row.teachers.set(chosen)
            log(row, "wagtail.edit", user=by, timestamp=at, data={"before": changed})
    return row


def remove_session(*, session: ClassSession, by: Any, at: datetime) -> None:
    """Take a session off the timetable that nobody has noted attendance of; the log keeps what it was."""
    _must_run(session.cohort, by)
    with transaction.atomic():
        row = ClassSession.objects.select_for_update().filter(pk=session.pk).first()
        if row is None:
            raise SessionRemoved()
        if row.attendances.exists():
            raise AttendanceNoted(_("Attendance has been noted, so this session stays."))
        was = {name: getattr(row, name) for name in sorted(SESSION_FIELDS)}
        log(row, "wagtail.delete", user=by, timestamp=at, deleted=True, data={"was": was, "cohort": row.cohort_id})
        row.delete()


def teachers_at_first(cohort: Cohort, planner: Any) -> list[Any]:
    """Who teaches a session if nobody says: who plans it, else the instructors of the cohort."""
    return list(teachers_to_choose(cohort).filter(pk=planner.pk)) or list(cohort.instructors.all())


def _must_run(cohort: Cohort, by: Any) -> None:
    if not runs_cohort(by, cohort):
        raise NotAllowed(_("Its instructors, registrars and administrators plan the sessions of a cohort."))


def _check_session(session: ClassSession, teachers: list[Any], at: datetime) -> None:
    """Refuse what is no session."""
    errors: dict[str, list[str]] = {}
    if not session.title:
        errors["title"] = [_("Say what it is about.")]
    if not 1 <= session.minutes <= LONGEST_SESSION:
        errors["minutes"] = [_("Write from 1 to %(most)s minutes; a longer day is two sessions.")
                             % {"most": LONGEST_SESSION}]  # fmt: skip
    if abs(session.starts_at - at) > FARTHEST:
        errors["starts_at"] = [_("Look at the year.")]
    if session.kind not in SessionKind.values:
        errors["kind"] = [_("There is no such kind.")]
    if session.format not in SessionFormat.values:
        errors["format"] = [_("There is no such way of taking part.")]
    if session.course_code and read_outline().course(session.course_code) is None:
        errors["course_code"] = [_("There is no such course.")]
    may_teach = set(teachers_to_choose(session.cohort, session).values_list("pk", flat=True))
    if strangers := [person.get_full_name() for person in teachers if person.pk not in may_teach]:
        errors["teachers"] = [_("Not an instructor: %(names)s") % {"names": ", ".join(strangers)}]
    elif not teachers and session.format != SessionFormat.HOME_STUDY:
        errors["teachers"] = [_("Say who teaches; only home study has no teacher.")]
    for name in ("title", "place"):
        if len(getattr(session, name)) > LONGEST_WORDS:
            errors[name] = [_("At most %(most)s characters.") % {"most": LONGEST_WORDS}]
    if errors:
        raise InvalidInput(errors=errors)


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
    with transaction.atomic():
        # The lock makes two teachers who note the same room follow one another, and whoever changes the session wait.
        session = ClassSession.objects.select_for_update().filter(pk=session.pk).first()  # type: ignore[assignment]
        if session is None:
            raise SessionRemoved()
        if not sessions_for(by).filter(pk=session.pk).exists():
            raise NotAllowed(_("Who teaches a session or runs its cohort notes the attendance."))
        errors = {str(person.uuid): [_("Write from 0 to %(most)s minutes.") % {"most": session.minutes}]
                  for person, value in minutes.items() if not 0 <= value <= session.minutes}  # fmt: skip
        if errors:
            raise InvalidInput(errors=errors)
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
