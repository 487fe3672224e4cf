"""Who was where for how long: sessions that a person may see, the roster of one, and the hours that come of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Least
from django.utils import timezone

from lms.accounts.api import Role, User
from lms.core.ports import practice_blocks

from .models import Attendance, ClassSession, Cohort, Enrolment

#: Who sees every cohort.
OVERSEERS = (Role.REGISTRAR.value, Role.ADMIN.value)


# What a person may see -----------------------------------------------------------------------------------------------


def runs_cohort(person: Any, cohort: Cohort) -> bool:
    """Whether somebody plans the sessions of a cohort and sees all of it."""
    return person.has_role(*OVERSEERS) or cohort.instructors.filter(pk=person.pk).exists()


def cohorts_for(person: Any) -> QuerySet[Cohort]:
    """The cohorts that a member of staff runs, each with `student_count`."""
    rows = Cohort.objects.annotate(
        student_count=Count("enrolments__user", filter=Q(enrolments__ended_at=None), distinct=True)
    )
    if not person.has_role(*OVERSEERS):
        rows = rows.filter(pk__in=Cohort.instructors.through.objects.filter(user=person).values("cohort"))
    return rows.order_by("-starts_on", "code")


def sessions_for(person: Any) -> QuerySet[ClassSession]:
    """The sessions whose roster a member of staff keeps: of one's cohorts, and those that one teaches elsewhere."""
    rows = ClassSession.objects.select_related("cohort")
    if person.has_role(*OVERSEERS):
        return rows
    mine = Cohort.instructors.through.objects.filter(user=person).values("cohort")
    taught = ClassSession.teachers.through.objects.filter(user=person).values("classsession")
    return rows.filter(Q(cohort__in=mine) | Q(pk__in=taught))


def teachers_to_choose(cohort: Cohort, session: ClassSession | None = None) -> QuerySet[User]:
    """Who may teach in a cohort: instructors of the school and of the cohort, and who teaches this session now."""
    may = Q(groups__name=Role.INSTRUCTOR.value) | Q(cohorts_taught=cohort)
    rows = User.objects.filter(pk__in=User.objects.filter(may, is_active=True).order_by().values("pk"))
    if session is not None and session.pk:
        rows |= User.objects.filter(
            pk__in=ClassSession.teachers.through.objects.filter(classsession=session).values("user")
        )
    return rows


def ends_at(session: ClassSession) -> datetime:
    """When a session is over at the earliest: breaks that do not count come on top."""
    return session.starts_at + timedelta(minutes=session.minutes)


def with_counts(sessions: QuerySet[ClassSession]) -> QuerySet[ClassSession]:
    """Sessions with `noted_count`, the people whose attendance was noted, and their teachers."""
    return sessions.annotate(noted_count=Count("attendances__user", distinct=True)).prefetch_related("teachers")


def unnoted(sessions: QuerySet[ClassSession], at: datetime) -> QuerySet[ClassSession]:
    """Sessions that have begun and that nobody noted attendance of, the newest first."""
    return sessions.filter(starts_at__lte=at, attendances=None).order_by("-starts_at", "-pk")


# The roster ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A person on the roster. `minutes` is None while nothing is noted."""

    person: User
    note: Attendance | None
    #: Enrolled only once the session was over: noted one by one, never with everybody.
    came_later: bool = False
    #: Exams that the person's path wants passed before such a session, and that were not by its day.
    exam_first: str = ""

    @property
    def minutes(self) -> int | None:
        """What holds now."""
        return self.note.minutes if self.note else None


@dataclass
class Correction:
    """What was noted of a person and what took its place."""

    person: User
    before: int
    after: int
    reason: str


@dataclass
class Act:
    """What somebody noted at one time."""

    by: User
    at: datetime
    first: list[Attendance] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)


@dataclass(frozen=True)
class Roster:
    """A session's people, and how the notes came about, the latest first."""

    lines: list[Line]
    acts: list[Act]

    @property
    def has_notes(self) -> bool:
        """Whether anything is noted, so that the session stays as it is."""
        return bool(self.acts)

    @property
    def noted(self) -> list[Line]:
        """The people of whom something is noted."""
        return [line for line in self.lines if line.note]


def roster_of(session: ClassSession) -> Roster:
    """Everybody whose attendance of a session is noted or may be: a number of queries that no roster makes longer.

    These are the people who were in the cohort on that day, those who came later, and whoever is noted already.
    """
    notes = list(
        Attendance.objects.filter(session=session).select_related("user", "noted_by", "session").order_by("id")
    )
    last = {row.user_id: row for row in notes}
    since: dict[int, datetime] = {}
    for user_id, enrolled_at in (
        Enrolment.objects.filter(Q(ended_at=None) | Q(ended_at__gt=session.starts_at), cohort=session.cohort_id)
        .order_by("enrolled_at")
        .values_list("user_id", "enrolled_at")
    ):
        since.setdefault(user_id, enrolled_at)
    people = {row.user_id: row.user for row in notes}
    for person in User.objects.filter(pk__in=since.keys() - people.keys(), is_active=True):
        people[person.pk] = person
    first = _exams_first(session, people)
    lines = [
        Line(person, last.get(pk), pk not in last and since[pk] > ends_at(session), ", ".join(first.get(pk, ())))
        for pk, person in people.items()
    ]
    return Roster(sorted(lines, key=lambda line: by_name(line.person)), _acts(notes))


def _exams_first(session: ClassSession, people: Iterable[int]) -> dict[int, list[str]]:
    """Titles of the exams that come before a session of this kind, by person."""
    found: dict[int, list[str]] = {}
    for row in practice_blocks(list(people), "attendance", timezone.localdate(session.starts_at)):
        titles = found.setdefault(row["user"], [])
        if row["reference"] == session.kind and row["title"] not in titles:
            titles.append(row["title"])
    return found


def by_name(person: User) -> tuple[str, str]:
    """Where a person stands in a list: by the name for sorting, else by the name that is shown."""
    return ((person.sort_name or person.get_full_name()).casefold(), person.email)


def _acts(notes: Iterable[Attendance]) -> list[Act]:
    acts: dict[tuple[int, datetime], Act] = {}
    before: dict[int, int] = {}
    for row in notes:
        act = acts.setdefault((row.noted_by_id, row.noted_at), Act(row.noted_by, row.noted_at))
        if row.user_id in before:
            act.corrections.append(Correction(row.user, before[row.user_id], row.minutes, row.reason))
        else:
            act.first.append(row)
        before[row.user_id] = row.minutes
    return sorted(acts.values(), key=lambda act: act.at, reverse=True)


# Hours ---------------------------------------------------------------------------------------------------------------


def in_force(notes: QuerySet[Attendance]) -> QuerySet[Attendance]:
    """Of these notes the ones that hold: the last of each person for each session."""
    last = Attendance.objects.filter(pk__in=notes.order_by().values("pk")).order_by().values("session", "user")
    return Attendance.objects.filter(pk__in=last.annotate(last=Max("pk")).values("last"))


def minutes_by_kind(notes: QuerySet[Attendance]) -> dict[int, dict[str, int]]:
    """Attended minutes by person (primary key) and kind of session, in one query."""
    rows = in_force(notes).order_by().values_list("user", "session__kind")
    found: dict[int, dict[str, int]] = {}
    for user_id, kind, minutes in rows.annotate(sum=Sum(Least("minutes", "session__minutes"))):
        if minutes:
            found.setdefault(user_id, {})[kind] = minutes
    return found


def students_of_cohort(cohort: Cohort) -> list[tuple[User, dict[str, int]]]:
    """The people of a cohort by name, each with the minutes attended in its sessions by kind: two queries."""
    minutes = minutes_by_kind(Attendance.objects.filter(session__cohort=cohort))
    enrolled = Enrolment.objects.filter(cohort=cohort, ended_at=None).values("user")
    people = User.objects.filter(pk__in=enrolled, is_active=True)
    return [(person, minutes.get(person.pk, {})) for person in sorted(people, key=by_name)]


@dataclass(frozen=True)
class Visit:
    """A session from the side of somebody who was to be there; `notes` has what was noted, the first one first."""

    session: ClassSession
    notes: list[Attendance]

    @property
    def minutes(self) -> int | None:
        """What holds now; None while nothing is noted."""
        return min(self.notes[-1].minutes, self.session.minutes) if self.notes else None

    @property
    def corrections(self) -> list[Correction]:
        """What was corrected, and why."""
        return [
            Correction(row.user, was.minutes, row.minutes, row.reason)
            for was, row in zip(self.notes, self.notes[1:], strict=False)
        ]


def sessions_of_student(person: Any) -> QuerySet[ClassSession]:
    """The sessions of the cohorts that a person was in at the time, and all of which something is noted of them."""
    during = Enrolment.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=F("cohort__sessions__starts_at")),
        user=person,
        enrolled_at__lte=F("cohort__sessions__starts_at"),
    )
    noted = Attendance.objects.filter(user=person)
    rows = ClassSession.objects.filter(
        Q(pk__in=during.order_by().values("cohort__sessions")) | Q(pk__in=noted.order_by().values("session"))
    )
    return rows.select_related("cohort").prefetch_related("teachers")


def visits(person: Any, sessions: Iterable[ClassSession]) -> list[Visit]:
    """These sessions with what was noted of a person: one query."""
    rows = list(sessions)
    notes: dict[int, list[Attendance]] = {row.pk: [] for row in rows}
    found = Attendance.objects.filter(user=person, session__in=rows).select_related("user", "noted_by", "session")
    for note in found.order_by("id"):
        notes[note.session_id].append(note)
    return [Visit(row, notes[row.pk]) for row in rows]
