"""Cohorts by their dates, their members with how far they are, and who can be named for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Lower
from wagtail.log_actions import registry

from courses.api import Outline
from lms.accounts.api import Role, User
from lms.core.clock import school_day

from .attendance_queries import OVERSEERS, by_name, cohorts_for
from .cohort_plan import Enrolled, Known
from .models import ClassSession, Cohort, CourseCompletion, Enrolment, LessonCompletion

#: Where a cohort stands by its dates, in the order of lists.
PHASES = ("running", "coming", "over")
#: People and changes shown at once.
MOST_FOUND, MOST_CHANGES = 20, 30


def keeps_cohorts(person: Any) -> bool:
    """Whether somebody makes cohorts and says who is in them: registrars and administrators."""
    return bool(person.has_role(*OVERSEERS))


def is_over(cohort: Cohort, today: date) -> bool:
    """Whether the last day of a cohort has passed."""
    return cohort.ends_on is not None and cohort.ends_on < today


def cohorts_by_phase(person: Any, at: datetime) -> QuerySet[Cohort]:
    """The cohorts that a member of staff runs: those that run, then those to come, then those that are over.

    Each has `phase`, `student_count`, `next_session_at` and its instructors.
    """
    today = school_day(at)
    over, coming = Q(ends_on__lt=today), Q(starts_on__gt=today)
    place = Case(When(over, then=2), When(coming, then=1), default=0, output_field=IntegerField())
    next_one = ClassSession.objects.filter(cohort=OuterRef("pk"), starts_at__gt=at).order_by("starts_at")
    rows = cohorts_for(person).annotate(
        phase=Case(
            When(over, then=Value("over")),
            When(coming, then=Value("coming")),
            default=Value("running"),
            output_field=CharField(),
        ),
        next_session_at=Subquery(next_one.values("starts_at")[:1]),
    )
    return rows.prefetch_related("instructors").order_by(place, "-starts_on", "code")


def instructors_to_choose(cohort: Cohort | None = None) -> QuerySet[User]:
    """Who may be an instructor of a cohort: people with that role, and who is one already."""
    may = Q(groups__name=Role.INSTRUCTOR.value, is_active=True)
    if cohort is not None and cohort.pk:
        may |= Q(cohorts_taught=cohort)
    return User.objects.filter(pk__in=User.objects.filter(may).order_by().values("pk"))


def people_named(people: QuerySet[User], words: str) -> QuerySet[User]:
    """Those of these people whose name or address holds the words."""
    return people.filter(
        Q(display_name__icontains=words)
        | Q(legal_name__icontains=words)
        | Q(sort_name__icontains=words)
        | Q(email__icontains=words)
    ).order_by("sort_name", "email")


def known_people(addresses: Iterable[str], cohort: Cohort, today: date) -> dict[str, Known]:
    """What the plan for a cohort has to know of these people, by address in lower case: three queries."""
    wanted = {address.lower() for address in addresses}
    people = {row.pk: row for row in User.objects.annotate(address=Lower("email")).filter(address__in=wanted)}
    enrolled: dict[int, dict[str, Enrolled]] = {pk: {} for pk in people}
    for row in Enrolment.objects.filter(user__in=people, ended_at=None).select_related("cohort"):
        is_here = row.cohort_id == cohort.pk
        other = row.cohort if row.cohort and not is_here else None
        enrolled[row.user_id][row.course_code] = Enrolled(
            is_here, other.title if other else "", bool(other and is_over(other, today))
        )
    done: dict[int, set[str]] = {pk: set() for pk in people}
    for user_id, code in CourseCompletion.objects.filter(user__in=people).values_list("user", "course_code"):
        done[user_id].add(code)
    return {person.email.lower(): Known(person, enrolled[pk], done[pk]) for pk, person in people.items()}


def courses_of(cohort: Cohort) -> list[str]:
    """Codes of the courses that members of a cohort take in it."""
    rows = Enrolment.objects.filter(cohort=cohort, ended_at=None).order_by("course_code")
    return list(rows.values_list("course_code", flat=True).distinct())


def members_of(cohort: Cohort) -> list[User]:
    """The people who are in a cohort now, by name."""
    rows = Enrolment.objects.filter(cohort=cohort, ended_at=None, user__is_active=True)
    return sorted(User.objects.filter(pk__in=rows.values("user")), key=by_name)


def people_who_left(cohort: Cohort) -> list[User]:
    """The people who were in a cohort once and are not any more, by name."""
    rows = Enrolment.objects.filter(cohort=cohort)
    gone = User.objects.filter(pk__in=rows.exclude(ended_at=None).values("user"), is_active=True)
    return sorted(gone.exclude(pk__in=rows.filter(ended_at=None).values("user")), key=by_name)


@dataclass(frozen=True)
class Reading:
    """How many lessons of their courses in a cohort somebody has completed."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """In whole percent."""
        return 100 * self.done // self.total if self.total else 0


def reading_in(cohort: Cohort, outline: Outline) -> dict[int, Reading]:
    """How far the members of a cohort are, by person (primary key): two queries."""
    lessons = {course.code: {lesson.code for lesson in course.lessons} for course in outline.courses}
    to_read: dict[int, set[str]] = {}
    for user_id, code in Enrolment.objects.filter(cohort=cohort, ended_at=None).values_list("user", "course_code"):
        to_read.setdefault(user_id, set()).update(lessons.get(code, ()))
    done = dict.fromkeys(to_read, 0)
    rows = LessonCompletion.objects.filter(
        user__in=Enrolment.objects.filter(cohort=cohort, ended_at=None).order_by().values("user"),
        lesson_code__in=set().union(*to_read.values()) if to_read else (),
    )
    for user_id, code in rows.order_by().values_list("user", "lesson_code"):
        done[user_id] += code in to_read.get(user_id, ())
    return {pk: Reading(done[pk], len(codes)) for pk, codes in to_read.items()}


def enrolments_in(cohort: Cohort, person: Any) -> list[Enrolment]:
    """Every enrolment of a person in a cohort, those that run first."""
    rows = Enrolment.objects.filter(cohort=cohort, user=person).select_related("enrolled_by", "ended_by")
    return sorted(rows, key=lambda row: (row.ended_at is not None, row.course_code, row.enrolled_at))


def counts_of(cohort: Cohort) -> dict[str, int]:
    """What hangs on a cohort: enrolments that ever were, and sessions."""
    enrolments = Count("enrolments", distinct=True)
    return Cohort.objects.filter(pk=cohort.pk).aggregate(enrolments=enrolments, sessions=Count("sessions"))


@dataclass(frozen=True)
class Change:
    """Who made or changed a cohort, when, and what a field was before."""

    by: Any
    at: datetime
    is_new: bool
    before: dict[str, Any]


def changes_of(cohort: Cohort) -> list[Change]:
    """How a cohort came to be what it is, the latest first, with instructors by name: two queries."""
    rows = registry.get_logs_for_instance(cohort).select_related("user").order_by("-timestamp", "-pk")
    changes = [
        Change(row.user, row.timestamp, row.action == "wagtail.create", dict(row.data.get("before", {})))
        for row in rows[:MOST_CHANGES]
    ]
    named = {uuid for change in changes for uuid in change.before.get("instructors", ())}
    names = {str(person.uuid): person.get_full_name() for person in User.objects.filter(uuid__in=named)}
    for change in changes:
        if "instructors" in change.before:
            change.before["instructors"] = [names.get(uuid, uuid) for uuid in change.before["instructors"]]
    return changes
