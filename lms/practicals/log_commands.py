"""Writing the hours log and the case reports, and deciding on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.accounts.api import User
from lms.core.digest import digest_of_text
from lms.core.uploads import PDF, read_upload, save_with_file

from .clearance import exams_missing
from .enums import ReviewOutcome, SessionCategory, SessionSetting, Technique
from .exceptions import AlreadyDone, InvalidEntry, NotYours
from .identity import identifying
from .log_queries import readable_reports
from .models import (
    CaseReport,
    CaseReportReview,
    Client,
    SupervisedSession,
    SupervisedSessionDecision,
    SupervisedSessionWithdrawal,
)
from .news import tell_of_refusals, tell_of_report

NOTE_LENGTH = 2000
REPORT_LENGTH = 60_000
CONSENT = (
    "The client has read what this report says of them, knows who will read it, and has agreed in writing. "
    "It names nobody and holds nothing by which somebody could be recognised."
)


def new_client(*, student: Any, at: datetime) -> Client:
    """The student's next client code. Who it is stays with the student, on paper."""
    for _try in range(5):
        last = Client.objects.filter(student=student).aggregate(last=Max("number"))["last"] or 0
        try:
            with transaction.atomic():
                return Client.objects.create(student=student, number=last + 1, created_at=at)
        except IntegrityError:
            continue
    raise InvalidEntry(_("Another entry was made in the same moment. Please try again."))


def supervisors() -> Any:
    """People who may approve supervised sessions: instructors and examiners of the school."""
    return User.objects.filter(groups__name__in=["instructor", "examiner"], is_active=True).distinct()


def log_session(
    *,
    student: Any,
    client: Client | None,
    supervisor: Any,
    held_on: date,
    starts_at: time,
    minutes: int,
    setting: str,
    categories: Sequence[str],
    techniques: Sequence[str],
    note: str = "",
    at: datetime,
) -> SupervisedSession:
    """Write a supervised session into the log; without a client it is somebody new. Refuses who tells who it was."""
    errors: dict[str, list[str]] = {}
    today = timezone.localdate(at)
    if held_on > today:
        errors["held_on"] = [_("This day has not come yet.")]
    elif (today - held_on).days > 730:
        errors["held_on"] = [_("This is more than two years ago. Ask the registrar.")]
    elif missing := exams_missing(student, "sessions", held_on):
        errors["held_on"] = [
            _("You treat clients once you have passed: %(titles)s. On this day you had not.")
            % {"titles": ", ".join(row.title for row in missing)}
        ]
    if not 1 <= minutes <= 720:
        errors["minutes"] = [_("A session lasts from 1 to 720 minutes.")]
    if supervisor == student or not supervisors().filter(pk=supervisor.pk).exists():
        errors["supervisor"] = [_("Choose who supervised you.")]
    if client is not None and client.student_id != student.pk:
        errors["client"] = [_("Choose one of your own clients.")]
    if setting not in SessionSetting.values:
        errors["setting"] = [_("Choose where it was.")]
    if not categories or not set(categories) <= set(SessionCategory.values):
        errors["categories"] = [_("Choose what the session was about.")]
    if not techniques or not set(techniques) <= set(Technique.values):
        errors["techniques"] = [_("Choose what you did.")]
    errors |= _telling("note", note)
    if len(note) > NOTE_LENGTH:
        errors["note"] = [_("Use at most 2,000 characters.")]
    if errors:
        raise InvalidEntry(errors=errors)
    with transaction.atomic():
        return SupervisedSession.objects.create(
            student=student,
            client=client or new_client(student=student, at=at),
            supervisor=supervisor,
            held_on=held_on,
            starts_at=starts_at,
            minutes=minutes,
            setting=setting,
            categories=sorted(set(categories)),
            techniques=sorted(set(techniques)),
            note=note.strip(),
            recorded_at=at,
        )


def _telling(field: str, text: str) -> dict[str, list[str]]:
    if not (found := identifying(text)):
        return {}
    message = ngettext(
        "This seems to tell who somebody is: %(found)s. Take it out, or write it small if it is no name.",
        "These seem to tell who somebody is: %(found)s. Take them out, or write them small if they are no names.",
        len(found),
    )
    return {field: [message % {"found": ", ".join(f"“{piece}”" for piece in found[:5])}]}


@transaction.atomic
def withdraw_session(*, session: SupervisedSession, by: Any, at: datetime) -> SupervisedSessionWithdrawal:
    """The student takes an entry back, as long as nobody has approved it."""
    if session.student != by:
        raise NotYours()
    locked = SupervisedSession.objects.select_for_update().get(pk=session.pk)
    last = locked.decisions.order_by("-id").first()
    if last and last.approved:
        raise AlreadyDone(_("An approved session is taken back by your supervisor, who refuses it with the reason."))
    if SupervisedSessionWithdrawal.objects.filter(session=locked).exists():
        raise AlreadyDone(_("This entry was taken back before."))
    return SupervisedSessionWithdrawal.objects.create(session=locked, at=at)


@dataclass(frozen=True)
class Decided:
    """What came of deciding on entries: the new decisions, and entries that the student took back meanwhile."""

    decisions: list[SupervisedSessionDecision]
    taken_back: list[SupervisedSession]


@transaction.atomic
def decide_sessions(
    *, sessions: Iterable[SupervisedSession], approved: bool, reason: str = "", by: Any, at: datetime
) -> Decided:
    """Approve or refuse entries, one or many; an entry that was decided alike before is left as it is.

    What is not the supervisor's to decide refuses the lot. What the student took back meanwhile is left out and told.
    """
    keys = sorted({row.pk for row in sessions})
    if not approved and not reason.strip():
        raise InvalidEntry(_("Say why you refuse it."), errors={"reason": [_("Say why you refuse it.")]})
    if telling := _telling("reason", reason):
        raise InvalidEntry(telling["reason"][0], errors=telling)
    rows = list(
        SupervisedSession.objects.select_for_update(of=("self",))
        .filter(pk__in=keys)
        .select_related("student")
        .order_by("pk")
    )
    withdrawn = set(SupervisedSessionWithdrawal.objects.filter(session__in=keys).values_list("session_id", flat=True))
    decided: dict[int, bool] = dict(
        SupervisedSessionDecision.objects.filter(session__in=keys).order_by("id").values_list("session_id", "approved")
    )
    for row in rows:
        if row.student_id == by.pk or not (row.supervisor_id == by.pk or by.has_role("registrar", "admin")):
            raise NotYours(_("Only who supervised a session decides on it."))
    decisions = SupervisedSessionDecision.objects.bulk_create(
        SupervisedSessionDecision(session=row, approved=approved, reason=reason.strip()[:300], by=by, at=at)
        for row in rows
        if row.pk not in withdrawn and decided.get(row.pk) is not approved
    )
    tell_of_refusals(decisions, at)
    return Decided(decisions, [row for row in rows if row.pk in withdrawn])


def submit_report(
    *,
    student: Any,
    client: Client,
    title: str,
    text: str = "",
    file: Any = None,
    has_consent: bool,
    min_words: int,
    max_words: int,
    revises: CaseReport | None = None,
    at: datetime,
) -> CaseReport:
    """Hand in a case report as text or as a PDF. A text is counted, and refused where it tells who the client is."""
    errors: dict[str, list[str]] = {}
    text = text.strip()
    words = len(text.split())
    upload = None
    if not title.strip():
        errors["title"] = [_("Give the report a title.")]
    if client.student_id != student.pk:
        errors["client"] = [_("Choose one of your own clients.")]
    if not has_consent:
        errors["has_consent"] = [_("Without the client's written consent there is no report.")]
    if bool(text) == bool(file):
        errors["text"] = [_("Hand in either a text or a PDF.")]
    elif text and not min_words <= words <= max_words:
        errors["text"] = [
            _("The report has %(words)s words; it takes %(least)s to %(most)s.")
            % {"words": words, "least": min_words, "most": max_words}
        ]
    elif len(text) > REPORT_LENGTH:
        errors["text"] = [_("The report is too long.")]
    elif file:
        upload, problem = read_upload(file, [PDF])
        if problem:
            errors["file"] = [problem]
    if file and "file" not in errors:
        errors |= _telling("file", f"{_('File')}: {re.sub(r'[_.-]+', ' ', str(file.name))}")
    errors |= _telling("title", title) | (_telling("text", text) if "text" not in errors else {})
    if errors:
        raise InvalidEntry(errors=errors)
    if revises is not None:
        review = CaseReportReview.objects.filter(report=revises).first()
        if revises.student_id != student.pk or review is None or review.outcome != ReviewOutcome.RETURNED:
            raise InvalidEntry(_("Only a returned report is handed in anew."))
    row = CaseReport(
        student=student,
        client=client,
        title=title.strip()[:200],
        text=text,
        word_count=words if text else None,
        file_name=upload.name if upload else "",
        media_type=upload.media_type if upload else "",
        digest=upload.digest if upload else digest_of_text(text),
        consent=CONSENT,
        revises=revises,
        submitted_at=at,
    )
    try:
        save_with_file(row, upload)
    except IntegrityError as error:
        raise AlreadyDone(_("This report was handed in anew before.")) from error
    return row


@transaction.atomic
def review_report(
    *,
    report: CaseReport,
    outcome: str,
    criteria: Sequence[str],
    rubric: Sequence[dict[str, Any]],
    comment: str = "",
    by: Any,
    at: datetime,
) -> CaseReportReview:
    """Accept a case report or return it. Rows of `rubric` have `criterion`, `points` (0 to 2) and `comment`.

    The criteria are those that the report is read by, each of them once.
    """
    may_read = by.has_role("instructor", "examiner", "registrar", "admin")
    if report.student == by or not may_read or not readable_reports(by).filter(pk=report.pk).exists():
        raise NotYours()
    errors: dict[str, list[str]] = {}
    if outcome not in ReviewOutcome.values:
        errors["outcome"] = [_("Accept it or return it.")]
    if sorted(row["criterion"] for row in rubric) != sorted(criteria):
        errors["rubric"] = [_("Judge each criterion that the report is read by, once.")]
    elif any(row.get("points") not in (0, 1, 2) for row in rubric):
        errors["rubric"] = [_("Give each criterion 0, 1 or 2 points.")]
    elif outcome == ReviewOutcome.ACCEPTED and any(row["points"] == 0 for row in rubric):
        errors["outcome"] = [_("A report in which something is missing is returned.")]
    if outcome == ReviewOutcome.RETURNED and not comment.strip():
        errors["comment"] = [_("Say what to do better.")]
    if errors:
        raise InvalidEntry(errors=errors)
    CaseReport.objects.select_for_update().get(pk=report.pk)
    if CaseReportReview.objects.filter(report=report).exists():
        raise AlreadyDone(_("This report was read before."))
    review = CaseReportReview.objects.create(
        report=report,
        outcome=outcome,
        rubric=[
            {"criterion": row["criterion"], "points": row["points"], "comment": str(row.get("comment", ""))[:1000]}
            for row in rubric
        ],
        comment=comment.strip(),
        by=by,
        at=at,
    )
    tell_of_report(review, at)
    return review
