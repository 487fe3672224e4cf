"""The tables of an audit pack, and what one is about. A table is read row by row, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery

from courses.api import outline as read_outline
from lms.accounts.api import User
from lms.core.clock import school_day
from lms.core.digest import canonical_json
from lms.learning.api import (
    EVALUATION_COLUMNS,
    Attendance,
    ClassSession,
    Cohort,
    Enrolment,
    LessonCompletion,
    evaluation_rows,
)

from . import queries
from .models import Admission, Certificate, CertificateEvent, Decision, Evidence, Path, PathVersion

BATCH = 200
Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Selection:
    """What a pack is about: a cohort, or those who followed a path in a span of days, both days included."""

    cohort: Cohort | None = None
    path: Path | None = None
    first: date | None = None
    last: date | None = None

    @property
    def name(self) -> str:
        """For the file."""
        if self.cohort:
            return f"audit-{self.cohort.code}"
        return "-".join(filter(None, ["audit", self.path.code if self.path else "", str(self.first), str(self.last)]))

    @property
    def words(self) -> str:
        """For the README."""
        if self.cohort:
            return f"Cohort {self.cohort.code}, {self.cohort.title}"
        return f"Path {self.path.code if self.path else ''}, from {self.first} to {self.last}"

    def people(self) -> QuerySet[User]:
        """Whom it is about."""
        if self.cohort:
            return User.objects.filter(enrolments__cohort=self.cohort).distinct()
        return User.objects.filter(pk__in=self.admissions().values("user"))

    def admissions(self) -> QuerySet[Admission]:
        """Who followed the path at some time of the span; of a cohort, what its people follow."""
        if self.cohort:
            return Admission.objects.filter(user__in=self.people().values("pk"))
        ended = Q(ended_at=None) | Q(ended_at__date__gte=self.first)
        return Admission.objects.filter(ended, path=self.path, admitted_at__date__lte=self.last)

    def enrolments(self) -> QuerySet[Enrolment]:
        """Of the cohort, or of the people up to the last day."""
        if self.cohort:
            return Enrolment.objects.filter(cohort=self.cohort)
        return Enrolment.objects.filter(user__in=self.people().values("pk"), enrolled_at__date__lte=self.last)

    def sessions(self) -> QuerySet[ClassSession]:
        """Of the cohort, or those that the people attended in the span."""
        if self.cohort:
            return ClassSession.objects.filter(cohort=self.cohort)
        rows = ClassSession.objects.filter(attendances__user__in=self.people().values("pk"))
        return rows.filter(starts_at__date__gte=self.first, starts_at__date__lte=self.last).distinct()

    def decisions(self) -> QuerySet[Decision]:
        """On applications of these people."""
        if self.cohort:
            return Decision.objects.filter(application__admission__user__in=self.people().values("pk"))
        return Decision.objects.filter(
            application__admission__path=self.path, at__date__gte=self.first, at__date__lte=self.last
        )

    def certificates(self) -> QuerySet[Certificate]:
        """Of these people; of a path, those awarded in the span."""
        if self.cohort:
            return Certificate.objects.filter(holder__in=self.people().values("pk"))
        return Certificate.objects.filter(path_version__path=self.path, awarded_on__range=(self.first, self.last))


# The tables ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """A file of the pack: what it is, its columns, and how its rows are read, again for each format."""

    name: str
    says: str
    columns: tuple[str, ...]
    rows: Callable[[], Rows]


def _moment(value: datetime | None) -> str:
    return value.isoformat() if value else ""


def _in_batches(rows: QuerySet[Any]) -> Iterator[Any]:
    """Row by row in order of age, with whatever the queryset prefetches for each batch."""
    last = 0
    while batch := list(rows.order_by("pk").filter(pk__gt=last)[:BATCH]):
        yield from batch
        last = batch[-1].pk


def _enrolments(chosen: Selection) -> Rows:
    for row in _in_batches(chosen.enrolments().select_related("user", "cohort")):
        yield {
            "name": row.user.get_full_name(),
            "email": row.user.email,
            "course": row.course_code,
            "cohort": row.cohort.code if row.cohort else "",
            "enrolled_at": _moment(row.enrolled_at),
            "ended_at": _moment(row.ended_at),
            "end_reason": row.end_reason or "",
        }


def _admissions(chosen: Selection) -> Rows:
    for row in _in_batches(chosen.admissions().select_related("user", "path", "path_version")):
        yield {
            "name": row.user.get_full_name(),
            "email": row.user.email,
            "path": row.path.code,
            "version": row.path_version.number,
            "admitted_at": _moment(row.admitted_at),
            "ended_at": _moment(row.ended_at),
            "end_reason": row.end_reason or "",
        }


def _sessions(chosen: Selection) -> Rows:
    for row in _in_batches(chosen.sessions().select_related("cohort").prefetch_related("teachers")):
        yield {
            "session": str(row.uuid),
            "cohort": row.cohort.code,
            "title": row.title,
            "starts_at": _moment(row.starts_at),
            "minutes": row.minutes,
            "kind": row.kind,
            "format": row.format,
            "course": row.course_code,
            "place": row.place,
            "teachers": "; ".join(person.get_full_name() for person in row.teachers.all()),
        }


def _attendance(chosen: Selection) -> Rows:
    rows = Attendance.objects.filter(session__in=chosen.sessions().values("pk"))
    if chosen.path:
        rows = rows.filter(user__in=chosen.people().values("pk"))
    last = Attendance.objects.filter(session=OuterRef("session"), user=OuterRef("user")).order_by("-pk")
    rows = rows.select_related("session", "user", "noted_by").annotate(newest=Subquery(last.values("pk")[:1]))
    for row in _in_batches(rows):
        yield {
            "session": str(row.session.uuid),
            "on": school_day(row.session.starts_at).isoformat(),
            "name": row.user.get_full_name(),
            "email": row.user.email,
            "minutes": row.minutes,
            "holds": row.pk == row.newest,
            "reason": row.reason,
            "noted_by": row.noted_by.get_full_name(),
            "noted_at": _moment(row.noted_at),
        }


def _certificates(chosen: Selection, today: date) -> Rows:
    rows = queries.with_events(chosen.certificates()).select_related("path_version__path", "issued_by")
    for row in _in_batches(rows):
        yield {
            "number": row.number,
            "name": row.holder_name,
            "email": row.holder.email,
            "title": row.title,
            "kind": row.credential_kind,
            "path": row.path_version.path.code,
            "version": row.path_version.number,
            "awarded_on": row.awarded_on.isoformat(),
            "expires_on": row.expires_on.isoformat() if row.expires_on else "",
            "status": queries.standing_of_certificate(row, today).status.value,
            "issued_by": row.issued_by.get_full_name(),
            "issued_at": _moment(row.issued_at),
            "content_digest": row.content_digest,
            "is_demonstration": row.is_demonstration,
        }


def _events(chosen: Selection) -> Rows:
    events = CertificateEvent.objects.select_related("by", "successor").order_by("id")
    rows = chosen.certificates().prefetch_related(Prefetch("events", events))
    for certificate in _in_batches(rows):
        for row in certificate.events.all():
            yield {
                "number": certificate.number,
                "kind": row.kind,
                "public_reason": row.public_reason,
                "successor": row.successor.number if row.successor else "",
                "by": row.by.get_full_name(),
                "at": _moment(row.at),
            }


def _evidence(chosen: Selection) -> Rows:
    rows = Evidence.objects.filter(certificate__in=chosen.certificates().values("pk")).select_related("certificate")
    for row in _in_batches(rows):
        yield {
            "number": row.certificate.number,
            "kind": row.kind,
            "reference": row.reference,
            "title": row.title,
            "facts": canonical_json(row.facts),
            "digest": row.digest,
        }


def _decisions(chosen: Selection) -> Rows:
    rows = chosen.decisions().select_related(
        "by", "application__admission__user", "application__admission__path", "application__admission__path_version"
    )
    for row in _in_batches(rows.prefetch_related("certificates")):
        admission = row.application.admission
        yield {
            "decision": str(row.uuid),
            "name": row.application.legal_name,
            "email": admission.user.email,
            "path": admission.path.code,
            "version": admission.path_version.number,
            "applied_at": _moment(row.application.submitted_at),
            "outcome": row.outcome,
            "reason": row.reason,
            "by": row.by.get_full_name(),
            "at": _moment(row.at),
            "certificates": "; ".join(certificate.number for certificate in row.certificates.all()),
        }


def _versions(chosen: Selection) -> Rows:
    """The requirements that people were judged by."""
    ids = chosen.admissions().values("path_version")
    for row in _in_batches(PathVersion.objects.filter(pk__in=ids).select_related("path")):
        yield {
            "path": row.path.code,
            "version": row.number,
            "published_at": _moment(row.published_at),
            "terms": canonical_json(row.facts),
            "requirements": canonical_json(row.requirements),
            "renewal": canonical_json(row.renewal),
            "content_digest": row.content_digest,
        }


def _taught(chosen: Selection) -> Rows:
    """Lessons in the revision in which these people completed them."""
    rows = LessonCompletion.objects.filter(user__in=chosen.people().values("pk")).order_by()
    if chosen.path:
        rows = rows.filter(completed_at__date__lte=chosen.last)
    titles = {lesson.code: (course.code, module.code, lesson) for course, module, lesson in read_outline().lessons()}
    found = rows.values("lesson_code", "content_digest", "revision_id", "credited_minutes").annotate(
        people=Count("pk"), first=Min("completed_at"), last=Max("completed_at")
    )
    for row in found.order_by("lesson_code", "first"):
        course, module, lesson = titles.get(row["lesson_code"], ("", "", None))
        yield {
            "course": course,
            "module": module,
            "lesson": row["lesson_code"],
            "title_now": lesson.title if lesson else "",
            "minutes_credited": row["credited_minutes"],
            "revision": row["revision_id"],
            "content_digest": row["content_digest"],
            "is_current": bool(lesson and lesson.digest == row["content_digest"]),
            "people": row["people"],
            "first_completed_at": _moment(row["first"]),
            "last_completed_at": _moment(row["last"]),
        }


def _evaluations(chosen: Selection) -> Rows:
    """Of the cohort; of a path by whole years, as months would tell what single people said."""
    codes = chosen.enrolments().order_by().values_list("course_code", flat=True).distinct()
    years = range(chosen.first.year, chosen.last.year + 1) if chosen.first and chosen.last else ()
    return evaluation_rows(codes, years=years, cohort=chosen.cohort)


def tables(chosen: Selection, today: date) -> list[Table]:
    """All files of a pack."""
    return [
        Table(
            "roster", "Who took which course, in which cohort, from when to when.",
            ("name", "email", "course", "cohort", "enrolled_at", "ended_at", "end_reason"),
            lambda: _enrolments(chosen),
        ),
        Table(
            "admissions", "Who followed which path, in which version of its requirements.",
            ("name", "email", "path", "version", "admitted_at", "ended_at", "end_reason"),
            lambda: _admissions(chosen),
        ),
        Table(
            "sessions", "Class sessions, with minutes of instruction, format, place and teachers.",
            ("session", "cohort", "title", "starts_at", "minutes", "kind", "format", "course", "place", "teachers"),
            lambda: _sessions(chosen),
        ),
        Table(
            "attendance", "Minutes attended, as noted by whom. Corrections stand beside what they correct; of each "
            "person and session the row that holds says so.",
            ("session", "on", "name", "email", "minutes", "holds", "reason", "noted_by", "noted_at"),
            lambda: _attendance(chosen),
        ),
        Table(
            "certificates", "Certificates as printed, with their status on the day of this pack.",
            ("number", "name", "email", "title", "kind", "path", "version", "awarded_on", "expires_on", "status",
             "issued_by", "issued_at", "content_digest", "is_demonstration"),
            lambda: _certificates(chosen, today),
        ),
        Table(
            "certificate_events", "What happened to each certificate.",
            ("number", "kind", "public_reason", "successor", "by", "at"),
            lambda: _events(chosen),
        ),
        Table(
            "evidence", "The facts that each certificate rests on, frozen at the award, with their digests.",
            ("number", "kind", "reference", "title", "facts", "digest"),
            lambda: _evidence(chosen),
        ),
        Table(
            "decisions", "Decisions on applications, with the reason where there is one.",
            ("decision", "name", "email", "path", "version", "applied_at", "outcome", "reason", "by", "at",
             "certificates"),
            lambda: _decisions(chosen),
        ),
        Table(
            "requirements", "The versions of the requirements that people were judged by.",
            ("path", "version", "published_at", "terms", "requirements", "renewal", "content_digest"),
            lambda: _versions(chosen),
        ),
        Table(
            "lessons_taught", "Lessons in the revision in which they were completed, by how many people and when.",
            ("course", "module", "lesson", "title_now", "minutes_credited", "revision", "content_digest",
             "is_current", "people", "first_completed_at", "last_completed_at"),
            lambda: _taught(chosen),
        ),
        Table(
            "evaluations", "What people said of the courses, without their names: of a cohort of five and more, or "
            "in each year of the span. Where fewer than five answered, or could be told apart, it is withheld.",
            EVALUATION_COLUMNS,
            lambda: _evaluations(chosen),
        ),
    ]  # fmt: skip
