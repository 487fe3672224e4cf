"""Does each active certificate still stand? Its printed facts, its evidence, and the record behind every piece of it.

Nothing is changed here: what is off is for the registrar to look at. Certificates are read in chunks, and the number of
queries of a chunk does not depend on how many certificates or pieces of evidence it holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from lms.accounts.api import Acceptance
from lms.core.digest import digest_of
from lms.learning.api import Attendance, CourseCompletion
from lms.practicals.api import (
    AttemptState,
    CaseReport,
    PracticalAttempt,
    SignOff,
    StationState,
    SupervisedSession,
    standing_of_attempt,
    with_sign_offs,
)
from quizzes.api import Result

from . import numbers, queries
from .issuing import printed_digest
from .models import CandidateDocument, CeClaim, Certificate, Evidence, Payment, Renewal, Waiver

CHUNK = 100


@dataclass(frozen=True)
class Finding:
    """Something to look at. A notice says that something changed and the evidence stands all the same."""

    number: str
    kind: str
    reference: str
    code: str
    words: str
    is_notice: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Problem:
    """What is off about a piece of evidence, before it is known whose."""

    code: str
    words: str
    is_notice: bool = False


@dataclass(frozen=True)
class Piece:
    """A piece of evidence with the holder of its certificate."""

    row: Evidence
    holder: int

    @property
    def key(self) -> UUID | None:
        """What it refers to."""
        try:
            return UUID(self.row.reference)
        except ValueError:
            return None


GONE = Problem("missing", "the record does not have it")
NOT_THEIRS = Problem("not_theirs", "it belongs to somebody else")
CHANGED = Problem("changed", "the record says something else now")


@dataclass
class Proof:
    """Walks over all active certificates; afterwards it knows how many it looked at."""

    today: date
    checked: int = 0

    def findings(self) -> Iterator[Finding]:
        """Everything that is off, certificate by certificate."""
        last = 0
        rows = queries.with_events().select_related("decision__application").order_by("pk")
        while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
            last = chunk[-1].pk
            active = [row for row in chunk if queries.standing_of_certificate(row, self.today).is_valid]
            self.checked += len(active)
            yield from _of_chunk(active)


def _of_chunk(certificates: Sequence[Certificate]) -> Iterator[Finding]:
    by_key = {row.pk: row for row in certificates}
    pieces: dict[str, list[Piece]] = defaultdict(list)
    found: dict[int, list[Finding]] = defaultdict(list)
    for row in Evidence.objects.filter(certificate__in=list(by_key)).order_by("pk"):
        certificate = by_key[row.certificate_id]
        pieces[row.kind].append(Piece(row, certificate.holder_id))
        found[certificate.pk] += [_finding(certificate, row, problem) for problem in _of_row(row)]
    has_evidence = {piece.row.certificate_id for rows in pieces.values() for piece in rows}
    for kind, rows in pieces.items():
        if kind == "waived":
            problems = _waived(rows, by_key)
        else:
            problems = LOOK[kind](rows) if kind in LOOK else {}
        for piece in rows:
            if problem := problems.get(piece.row.pk):
                certificate = by_key[piece.row.certificate_id]
                found[certificate.pk].append(_finding(certificate, piece.row, problem))
    for certificate in certificates:
        for problem in _of_certificate(certificate, certificate.pk in has_evidence):
            yield Finding(
                certificate.number, "certificate", str(certificate.uuid), problem.code, problem.words, problem.is_notice
            )
        yield from found[certificate.pk]


def _finding(certificate: Certificate, row: Evidence, problem: Problem) -> Finding:
    return Finding(certificate.number, row.kind, row.reference, problem.code, problem.words, problem.is_notice)


def _of_certificate(certificate: Certificate, has_evidence: bool) -> Iterator[Problem]:
    if printed_digest(certificate) != certificate.content_digest:
        yield Problem("digest", "what is printed does not fit its digest")
    if numbers.normalised(certificate.number) != certificate.number:
        yield Problem("number", "the number is not well-formed")
    if [event.kind for event in certificate.events.all()].count("issued") != 1:
        yield Problem("never_issued", "the record does not say that it was issued")
    if certificate.decision and certificate.decision.outcome != "award":
        yield Problem("not_awarded", "the decision behind it is no award")
    if not has_evidence:
        yield Problem("no_evidence", "it rests on nothing")


def _of_row(row: Evidence) -> Iterator[Problem]:
    if digest_of(row.facts) != row.digest:
        yield Problem("digest", "the facts do not fit their digest")
    facts = row.facts
    if (facts.get("kind"), facts.get("reference"), facts.get("title")) != (row.kind, row.reference, row.title):
        yield Problem("digest", "the facts do not fit the row that holds them")
    if row.kind not in LOOK and row.kind not in {"waived", "met"}:
        yield Problem("not_checked", "nobody has said how this kind is checked", is_notice=True)


# Behind each kind of evidence: a number of queries that does not depend on how many pieces there are -----------------

Problems = dict[int, Problem]


def _look(pieces: Sequence[Piece], rows: Any, judge: Callable[[Piece, Any], Problem | None]) -> Problems:
    """Each piece with what `judge` says of the row that it refers to; a row that is not there is `GONE`."""
    by_key = {row.uuid: row for row in rows.filter(uuid__in=[piece.key for piece in pieces if piece.key])}
    found: Problems = {}
    for piece in pieces:
        row = by_key.get(piece.key)
        problem = GONE if row is None else judge(piece, row)
        if problem:
            found[piece.row.pk] = problem
    return found


def _same(piece: Piece, holder: int, **facts: Any) -> Problem | None:
    """Whether it is the holder's, and what the record says is what was frozen, as far as it was."""
    if holder != piece.holder:
        return NOT_THEIRS
    frozen: Mapping[str, Any] = piece.row.facts
    return CHANGED if any(name in frozen and frozen[name] != value for name, value in facts.items()) else None


def _course_completions(pieces: Sequence[Piece]) -> Problems:
    return _look(
        pieces,
        CourseCompletion.objects.all(),
        lambda piece, row: _same(
            piece, row.user_id, outline_digest=row.outline_digest, credited_minutes=row.credited_minutes
        ),
    )


def _results(pieces: Sequence[Piece]) -> Problems:
    newest = Result.objects.filter(attempt=OuterRef("attempt"), released_at__isnull=False).order_by("-pk")
    rows = Result.objects.select_related("attempt").annotate(
        newest=Subquery(newest.values("pk")[:1]), passed_now=Subquery(newest.values("passed")[:1])
    )

    def judge(piece: Piece, row: Any) -> Problem | None:
        if problem := _same(piece, row.attempt.candidate_id):
            return problem
        if row.attempt.voided_at is not None:
            return Problem("void", "the attempt was declared void")
        if not row.passed or not row.passed_now:
            return Problem("not_passed", "by the result in force the examination is not passed")
        if row.newest != row.pk:
            return Problem("replaced", "another result of the same attempt is in force, and passed", is_notice=True)
        return None

    return _look(pieces, rows, judge)


def _acceptances(pieces: Sequence[Piece]) -> Problems:
    return _look(pieces, Acceptance.objects.all(), lambda piece, row: _same(piece, row.user_id, digest=row.digest))


def _sign_offs(pieces: Sequence[Piece]) -> Problems:
    keys = [piece.key for piece in pieces if piece.key]
    attempts = with_sign_offs(PracticalAttempt.objects.filter(sign_offs__uuid__in=keys)).distinct()
    standings = {attempt.pk: standing_of_attempt(attempt) for attempt in attempts}

    def judge(piece: Piece, row: SignOff) -> Problem | None:
        if problem := _same(piece, row.candidate_id):
            return problem
        if getattr(row, "withdrawal", None) is not None:
            return Problem("withdrawn", "the sign-off was withdrawn")
        if standings[row.attempt_id].stations[row.station].state is not StationState.PASSED:
            return Problem("not_passed", "the station is not passed any more")
        return None

    return _look(pieces, SignOff.objects.select_related("withdrawal"), judge)


def _practicals(pieces: Sequence[Piece]) -> Problems:
    def judge(piece: Piece, row: PracticalAttempt) -> Problem | None:
        if problem := _same(piece, row.candidate_id):
            return problem
        if standing_of_attempt(row).state is not AttemptState.PASSED:
            return Problem("not_passed", "the practical examination is not passed any more")
        return None

    return _look(pieces, with_sign_offs(PracticalAttempt.objects.all()), judge)


def _sessions(pieces: Sequence[Piece]) -> Problems:
    rows = SupervisedSession.objects.select_related("withdrawal").prefetch_related("decisions")

    def judge(piece: Piece, row: SupervisedSession) -> Problem | None:
        if problem := _same(piece, row.student_id, minutes=row.minutes):
            return problem
        if getattr(row, "withdrawal", None) is not None:
            return Problem("withdrawn", "the student took the entry back")
        decisions = sorted(row.decisions.all(), key=lambda decision: decision.pk)
        if not decisions or not decisions[-1].approved:
            return Problem("not_approved", "the supervisor does not approve it any more")
        return None

    return _look(pieces, rows, judge)


def _case_reports(pieces: Sequence[Piece]) -> Problems:
    def judge(piece: Piece, row: CaseReport) -> Problem | None:
        if problem := _same(piece, row.student_id, digest=row.digest):
            return problem
        review = getattr(row, "review", None)
        if review is None or review.outcome != "accepted":
            return Problem("not_accepted", "the case report is not accepted")
        return None

    return _look(pieces, CaseReport.objects.select_related("review"), judge)


def _documents(pieces: Sequence[Piece]) -> Problems:
    def judge(piece: Piece, row: CandidateDocument) -> Problem | None:
        if problem := _same(piece, row.user_id, digest=row.digest):
            return problem
        review = getattr(row, "review", None)
        return None if review and review.counts else Problem("not_accepted", "the document is not accepted")

    return _look(pieces, CandidateDocument.objects.select_related("review"), judge)


def _payments(pieces: Sequence[Piece]) -> Problems:
    def judge(piece: Piece, row: Payment) -> Problem | None:
        if problem := _same(piece, row.user_id):
            return problem
        return Problem("reversed", "the payment was taken back") if getattr(row, "reversal", None) else None

    return _look(pieces, Payment.objects.select_related("reversal"), judge)


def _continuing_education(pieces: Sequence[Piece]) -> Problems:
    def judge(piece: Piece, row: CeClaim) -> Problem | None:
        if problem := _same(piece, row.user_id):
            return problem
        if getattr(row, "withdrawal", None) is not None:
            return Problem("withdrawn", "the holder took the claim back")
        review = getattr(row, "review", None)
        return None if review and review.accepted_hours > 0 else Problem("not_accepted", "the hours are not accepted")

    return _look(pieces, CeClaim.objects.select_related("review", "withdrawal"), judge)


def _statements(pieces: Sequence[Piece]) -> Problems:
    def judge(piece: Piece, row: Renewal) -> Problem | None:
        frozen = {(one["reference"], one["digest"]) for one in piece.row.facts.get("signed", ())}
        if row.certificate.holder_id != piece.holder:
            return NOT_THEIRS
        return None if frozen == {(one["code"], one["digest"]) for one in row.statements} else CHANGED

    return _look(pieces, Renewal.objects.select_related("certificate"), judge)


def _attendance(pieces: Sequence[Piece]) -> Problems:
    """The last note of each session and holder; nobody attends longer than a session was."""
    keys = [piece.key for piece in pieces if piece.key]
    holders = {piece.holder for piece in pieces}
    rows = Attendance.objects.filter(session__uuid__in=keys, user__in=holders).order_by("pk")
    fields = ("session__uuid", "user", "minutes", "session__minutes")
    last = {(key, user): min(minutes, most) for key, user, minutes, most in rows.values_list(*fields)}
    found: Problems = {}
    for piece in pieces:
        key = piece.key
        minutes = last.get((key, piece.holder)) if key else None
        if minutes is None:
            found[piece.row.pk] = GONE
        elif minutes < piece.row.facts.get("minutes", 1):
            found[piece.row.pk] = Problem("corrected", "fewer minutes are noted now")
        elif minutes > piece.row.facts.get("minutes", minutes):
            found[piece.row.pk] = Problem("corrected", "more minutes are noted now", is_notice=True)
    return found


def _waived(pieces: Sequence[Piece], certificates: Mapping[int, Certificate]) -> Problems:
    """By the admission behind the certificate's decision; one that was imported without a decision has none."""
    admissions: dict[int, int] = {}
    for piece in pieces:
        decision = certificates[piece.row.certificate_id].decision
        if decision is not None:
            admissions[piece.row.pk] = decision.application.admission_id
    chosen = Q(admission__in=set(admissions.values()), requirement__in={piece.row.reference for piece in pieces})
    there: dict[tuple[int, str], bool] = {}
    for admission, requirement, withdrawn_at in Waiver.objects.filter(chosen).values_list(
        "admission", "requirement", "withdrawn_at"
    ):
        there[admission, requirement] = there.get((admission, requirement), False) or withdrawn_at is None
    found: Problems = {}
    for piece in pieces:
        counts = there.get((admissions.get(piece.row.pk, 0), piece.row.reference))
        if not counts:
            found[piece.row.pk] = GONE if counts is None else Problem("withdrawn", "the waiver was taken back")
    return found


#: How each kind of evidence is looked at. A further kind of requirement adds its own here.
LOOK: dict[str, Callable[[Sequence[Piece]], Problems]] = {
    "course_completion": _course_completions,
    "result": _results,
    "acceptance": _acceptances,
    "sign_off": _sign_offs,
    "practical": _practicals,
    "supervised_session": _sessions,
    "case_report": _case_reports,
    "document": _documents,
    "payment": _payments,
    "continuing_education": _continuing_education,
    "statements": _statements,
    "attendance": _attendance,
}
