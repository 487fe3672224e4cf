"""Reads of the hours log and the case reports, and what is asked of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from lms.accounts.api import User
from lms.core.clock import school_day
from lms.core.ports import practice_terms

from .enums import SessionCategory
from .log_rules import Entry, LogProgress, flags, log_progress
from .models import CaseReport, Client, SupervisedSession, SupervisedSessionDecision

# The hours log ------------------------------------------------------------------------------------------------------


def with_decision(rows: QuerySet[SupervisedSession]) -> QuerySet[Any]:
    """Entries that were not taken back, each with `approved`: the last decision, None while there is none."""
    last = SupervisedSessionDecision.objects.filter(session=OuterRef("pk")).order_by("-id")
    return (
        rows.filter(withdrawal=None)
        .annotate(approved=Subquery(last.values("approved")[:1]), reason=Subquery(last.values("reason")[:1]))
        .select_related("client", "supervisor", "student")
    )


def log_of(student: Any) -> list[SupervisedSession]:
    """A student's entries, newest first, each with `approved`, `reason` and `flags`."""
    rows = list(with_decision(SupervisedSession.objects.filter(student=student)))
    return flagged(rows)


def flagged(rows: Sequence[SupervisedSession]) -> list[SupervisedSession]:
    """The entries with what is odd about each among all entries of its student."""
    students = {row.student_id for row in rows}
    entries: dict[int, list[Entry]] = defaultdict(list)
    fields = ("pk", "student_id", "held_on", "starts_at", "minutes", "recorded_at")
    standing = SupervisedSession.objects.filter(student__in=students, withdrawal=None)
    for pk, student, held_on, starts_at, minutes, recorded_at in standing.values_list(*fields):
        entries[student].append(Entry(pk, held_on, starts_at, minutes, school_day(recorded_at)))
    odd: dict[int, frozenset[str]] = {}
    for log in entries.values():
        odd |= flags(log)
    for row in rows:
        row.flags = sorted(odd.get(row.pk, ()))  # type: ignore[attr-defined]
    return list(rows)


def clients_of(student: Any) -> QuerySet[Any]:
    """The student's clients by number, each with `sessions_logged` and the day of the `last` one, both None if none."""
    standing = SupervisedSession.objects.filter(client=OuterRef("pk"), withdrawal=None).order_by("-held_on")
    count = standing.order_by().values("client").annotate(count=Count("pk")).values("count")
    rows = Client.objects.filter(student=student).order_by("number")
    return rows.annotate(sessions_logged=Subquery(count), last=Subquery(standing.values("held_on")[:1]))


def client_by_code(student: Any, code: str) -> Client | None:
    """One of the student's own clients by what the log calls it."""
    return next((row for row in Client.objects.filter(student=student) if row.code == code), None)


def next_client_code(student: Any) -> str:
    """The code that somebody new will have."""
    return Client(number=(Client.objects.filter(student=student).aggregate(last=Max("number"))["last"] or 0) + 1).code


def session_state(session: Any) -> str:
    """`waiting`, `approved` or `refused`, of a row of `with_decision`."""
    return {None: "waiting", True: "approved", False: "refused"}[session.approved]


def decidable(user: Any) -> QuerySet[SupervisedSession]:
    """Entries that this person may decide on: those that they supervised, or all for those who run the register."""
    rows = SupervisedSession.objects.exclude(student=user)
    return rows if user.has_role("registrar", "admin") else rows.filter(supervisor=user)


def waiting_elsewhere(user: Any) -> list[dict[str, Any]]:
    """For those who run the register: entries that wait for others, as `student`, `supervisor`, `count`, `oldest`."""
    rows = with_decision(SupervisedSession.objects.exclude(supervisor=user)).filter(approved=None)
    grouped = (
        rows.values("student_id", "supervisor_id")
        .order_by()
        .annotate(count=Count("pk"), oldest=Min("held_on"))
        .order_by("oldest", "student_id")
    )
    found = list(grouped)
    keys = {row[name] for row in found for name in ("student_id", "supervisor_id")}
    people = {person.pk: person for person in User.objects.filter(pk__in=keys)}
    return [
        {
            "student": people[row["student_id"]],
            "supervisor": people[row["supervisor_id"]],
            "count": row["count"],
            "oldest": row["oldest"],
        }
        for row in found
    ]


def waiting_for(supervisor: Any) -> list[SupervisedSession]:
    """Entries that wait for this supervisor, oldest first."""
    rows = with_decision(SupervisedSession.objects.filter(supervisor=supervisor)).filter(approved=None)
    return flagged(list(rows.order_by("held_on", "starts_at", "pk")))


def approved_sessions(student: Any) -> list[dict[str, Any]]:
    """What counts of a student's log: dicts with `session`, `client` (its code), `minutes`, `categories` and `on`."""
    rows = with_decision(SupervisedSession.objects.filter(student=student)).filter(approved=True)
    return [
        {
            "session": str(row.uuid),
            "client": row.client.code,
            "minutes": row.minutes,
            "categories": row.categories,
            "on": row.held_on.isoformat(),
        }
        for row in rows.order_by("held_on", "starts_at", "pk")
    ]


# Case reports -------------------------------------------------------------------------------------------------------


def standing_reports(rows: QuerySet[CaseReport]) -> QuerySet[CaseReport]:
    """The last edition of each report, with its review."""
    return rows.filter(revision=None).select_related("review__by", "client", "student")


def report_state(report: CaseReport) -> str:
    """`submitted`, `accepted` or `returned`."""
    review = getattr(report, "review", None)
    return review.outcome if review else "submitted"


def case_reports_of(student: Any) -> list[dict[str, Any]]:
    """A student's case reports: dicts with `report`, `title`, `state`, `on` and `digest`."""
    return [
        {
            "report": str(row.uuid),
            "title": row.title,
            "state": report_state(row),
            "on": school_day(row.review.at if report_state(row) != "submitted" else row.submitted_at).isoformat(),
            "digest": row.digest,
        }
        for row in standing_reports(CaseReport.objects.filter(student=student)).order_by("id")
    ]


def reports_to_read(reader: Any) -> QuerySet[CaseReport]:
    """Case reports that wait for a reader, oldest first: all for those who run the school, others' for a teacher."""
    rows = standing_reports(CaseReport.objects.filter(review=None)).exclude(student=reader)
    if not _reads_all(reader):
        rows = rows.filter(_of_ones_cohorts(reader)).distinct()
    return rows.order_by("submitted_at", "id")


def readable_reports(reader: Any) -> QuerySet[CaseReport]:
    """Every edition that this person may open: their own, and those of the students they read for."""
    if _reads_all(reader):
        return CaseReport.objects.all()
    mine = Q(student=reader)
    if reader.has_role("instructor"):
        mine |= _of_ones_cohorts(reader)
    return CaseReport.objects.filter(mine).distinct()


def _reads_all(reader: Any) -> bool:
    return bool(reader.has_role("registrar", "admin", "examiner"))


def _of_ones_cohorts(reader: Any) -> Q:
    return Q(student__enrolments__cohort__instructors=reader, student__enrolments__ended_at=None)


def editions_of(report: CaseReport) -> list[CaseReport]:
    """All editions of a report with their reviews, from the first to the last: one query however many there are."""
    same = CaseReport.objects.filter(student_id=report.student_id).defer("text")
    rows = {row.pk: row for row in same.select_related("review__by", "client", "student", "revision")}
    first = rows[report.pk]
    while first.revises_id:
        first = rows[first.revises_id]
    chain = [first]
    while revision := getattr(chain[-1], "revision", None):
        chain.append(rows[revision.pk])
    return chain


@dataclass(frozen=True)
class ReportTerms:
    """What is asked of a case report: from so many to so many words, read by these criteria."""

    min_words: int
    max_words: int
    criteria: tuple[str, ...]


def report_terms(student: Any) -> ReportTerms:
    """By the paths that the student follows: the widest range of words, all criteria. On no path the school's usual."""
    asked = [row for row in practice_terms(student) if row["kind"] == "case_reports"]
    if not asked:
        return ReportTerms(
            800,
            1200,
            (
                _("Baseline: what was measured before treatment, and how"),
                _("Formulation: what might explain the findings, in words that could be wrong"),
                _("Dosage: what was done, where, how strongly, how long and how often"),
                _("Re-assessment: the same measures again, and what followed from them"),
                _("Limits: what this one case cannot show"),
                _("De-identification: nothing by which the client could be recognised"),
                _("Consent: the client’s written consent to this use is stated"),
            ),
        )
    return ReportTerms(
        min(row["min_words"] for row in asked),
        max(row["max_words"] for row in asked),
        tuple(dict.fromkeys(criterion for row in asked for criterion in row["criteria"])),
    )


# What a log amounts to ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Target:
    """What one path asks of the log, and how far the approved sessions are."""

    title: str
    path: str
    min_minutes: int
    max_minutes: int
    progress: LogProgress


def targets_of(student: Any) -> list[Target]:
    """Each hours requirement of the paths that the student follows."""
    asked = [row for row in practice_terms(student) if row["kind"] == "sessions"]
    approved = approved_sessions(student) if asked else []
    return [
        Target(row["title"], row["path"], row["min_minutes"], row["max_minutes"], log_progress(row, approved))
        for row in asked
    ]


@dataclass(frozen=True)
class Totals:
    """A log in figures; minutes, clients and categories are those of approved sessions."""

    approved: int
    waiting: int
    refused: int
    minutes: int
    clients: int
    categories: tuple[tuple[str, int], ...]


def totals_of(log: Sequence[Any]) -> Totals:
    """Figures of entries as `log_of` gives them."""
    approved = [row for row in log if row.approved]
    states = Counter(session_state(row) for row in log)
    per_category = Counter(category for row in approved for category in row.categories)
    return Totals(
        approved=states["approved"],
        waiting=states["waiting"],
        refused=states["refused"],
        minutes=sum(row.minutes for row in approved),
        clients=len({row.client_id for row in approved}),
        categories=tuple((code, per_category[code]) for code in SessionCategory.values if per_category[code]),
    )
