"""Reads of practical examinations, the hours log and case reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from . import rules
from .enums import AttemptState, StationState
from .log_rules import Entry, flags
from .models import CaseReport, Practical, PracticalAttempt, SignOff, SupervisedSession, SupervisedSessionDecision


def offered_practicals() -> QuerySet[Practical]:
    """Practical examinations that candidates can take."""
    rows = Practical.objects.filter(live=True, is_retired=False).exclude(current_version=None)
    return rows.select_related("current_version").order_by("code")


def last_attempt(candidate: Any, practical: Practical) -> PracticalAttempt | None:
    """The candidate's latest attempt."""
    rows = PracticalAttempt.objects.filter(candidate=candidate, practical=practical)
    return rows.select_related("version", "candidate", "practical").order_by("-number").first()


@dataclass(frozen=True)
class AttemptStanding:
    """How an attempt stands, with each station of its version in their order."""

    state: AttemptState
    stations: dict[str, rules.StationStanding]
    sign_offs: tuple[SignOff, ...]

    @property
    def passed_count(self) -> int:
        """How many stations are passed."""
        return sum(row.state is StationState.PASSED for row in self.stations.values())


def with_sign_offs(rows: QuerySet[PracticalAttempt]) -> QuerySet[PracticalAttempt]:
    """Attempts with all that `standing_of_attempt` needs: three queries however many there are."""
    sign_offs = SignOff.objects.select_related("examiner", "withdrawal__by", "ruling__by").order_by("id")
    return rows.select_related("version", "practical", "candidate", "signature").prefetch_related(
        Prefetch("sign_offs", queryset=sign_offs.prefetch_related("critical_fails"))
    )


def standing_of_attempt(attempt: PracticalAttempt) -> AttemptStanding:
    """How an attempt stands by the sign-offs that still count."""
    prefetched = getattr(attempt, "_prefetched_objects_cache", {})
    if "sign_offs" not in prefetched:
        attempt = with_sign_offs(PracticalAttempt.objects.filter(pk=attempt.pk)).get()
    rows = tuple(attempt.sign_offs.all())
    by_station: dict[str, list[rules.Judged]] = defaultdict(list)
    for row in rows:
        if getattr(row, "withdrawal", None) is None:
            ruling = getattr(row, "ruling", None)
            by_station[row.station].append(
                rules.Judged(
                    row.pk,
                    row.examiner_id,
                    row.has_taught,
                    row.passed,
                    bool(row.critical_fails.all()),
                    ruling.passed if ruling else None,
                )
            )
    content = attempt.version.content
    stations = {
        place["code"]: rules.station_standing(by_station[place["code"]], content["examiners_needed"])
        for place in content["stations"]
    }
    return AttemptStanding(rules.attempt_state(stations), stations, rows)


def practical_standings(candidate: Any, codes: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The candidate's attempts at each of these practicals, oldest first, with the facts that speak for a pass."""
    attempts = PracticalAttempt.objects.filter(candidate=candidate, practical__code__in=list(codes)).order_by("number")
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for attempt in with_sign_offs(attempts):
        standing = standing_of_attempt(attempt)
        by_key = {row.pk: row for row in standing.sign_offs}
        titles = {place["code"]: place["title"] for place in attempt.version.content["stations"]}
        deciding = [
            (code, by_key[judged.key])
            for code, station in standing.stations.items()
            if station.state is StationState.PASSED
            for judged in station.round
        ]
        found[attempt.practical.code].append(
            {
                "attempt": str(attempt.uuid),
                "state": standing.state.value,
                "is_signed": getattr(attempt, "signature", None) is not None,
                "passed": standing.passed_count,
                "evidence": [
                    {
                        "kind": "sign_off",
                        "reference": str(row.uuid),
                        "title": titles[code],
                        "detail": _("%(points)s of %(most)s points on %(date)s, judged by %(examiner)s")
                        % {
                            "points": row.points,
                            "most": row.max_points,
                            "date": row.observed_at.date().isoformat(),
                            "examiner": row.examiner,
                        },
                        "examiner": str(row.examiner.uuid),
                        "observed_at": row.observed_at.isoformat(),
                    }
                    for code, row in deciding
                ],
            }
        )
    return found


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
        entries[student].append(Entry(pk, held_on, starts_at, minutes, recorded_at.date()))
    odd: dict[int, frozenset[str]] = {}
    for log in entries.values():
        odd |= flags(log)
    for row in rows:
        row.flags = sorted(odd.get(row.pk, ()))  # type: ignore[attr-defined]
    return list(rows)


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
            "on": (row.review.at if report_state(row) != "submitted" else row.submitted_at).date().isoformat(),
            "digest": row.digest,
        }
        for row in standing_reports(CaseReport.objects.filter(student=student)).order_by("id")
    ]


def reports_to_read(reader: Any) -> QuerySet[CaseReport]:
    """Case reports that wait for a reader, oldest first: all for those who run the school, others' for a teacher."""
    rows = standing_reports(CaseReport.objects.filter(review=None)).exclude(student=reader)
    if not reader.has_role("registrar", "admin", "examiner"):
        rows = rows.filter(
            Q(student__enrolments__cohort__instructors=reader, student__enrolments__ended_at=None)
        ).distinct()
    return rows.order_by("submitted_at", "id")


def readable_reports(reader: Any) -> QuerySet[CaseReport]:
    """Every edition that this person may open: their own, and those of the students they read for."""
    mine = Q(student=reader)
    if reader.has_role("registrar", "admin", "examiner"):
        return CaseReport.objects.all()
    if reader.has_role("instructor"):
        mine |= Q(student__enrolments__cohort__instructors=reader, student__enrolments__ended_at=None)
    return CaseReport.objects.filter(mine).distinct()
