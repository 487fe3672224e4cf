"""Opening a case, giving it to a third person, answering it. What follows from an upheld one is for people to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.api import User, grant_accommodation
from lms.core.clock import school_day
from lms.core.exceptions import InvalidInput, NotAllowed
from lms.core.uploads import PDF, read_upload, save_with_file

from . import case_queries
from .calendar_months import in_words
from .case_matters import as_uuid, involved_in, matter_of
from .cases import CaseStanding, answer_due_on, appeal_ends_on, may_follow
from .enums import CaseEventKind, CaseKind, CaseState, CaseSubject
from .exceptions import AppealedAlready, AppealTooLate, CaseClosed, CaseNotYours, NotAThirdPerson, NotPossibleForCase
from .models import Case, CaseEvent
from .news import tell_of_case

TITLE_LENGTH = 200
TEXT_LENGTH = 10_000
#: More than four times the time is no longer the same examination.
MOST_FACTOR = Decimal(4)
MOST_MINUTES = 480
NOTES_LENGTH = 300
#: Subjects that name something of the opener's own.
DECIDED = frozenset(CaseSubject.values) - {CaseSubject.CONDUCT.value, CaseSubject.OTHER.value}


def open_case(
    *,
    kind: str,
    subject: str = CaseSubject.OTHER.value,
    reference: str = "",
    title: str,
    text: str,
    file: Any = None,
    by: Any,
    at: datetime,
) -> Case:
    """Appeal, complain, or ask for conditions that one needs.

    An appeal names something that was decided about the opener, within the days that there are for it, and once: who
    takes an appeal back may appeal again. `reference` is the identifier of what it is about, for conduct that of the
    person. `file` is a PDF.
    """
    errors: dict[str, list[str]] = {}
    if kind not in CaseKind.values:
        errors["kind"] = [_("Say what you ask for.")]
    if subject not in CaseSubject.values:
        errors["about"] = [_("Say what it is about.")]
    for name, value, most in (("title", title, TITLE_LENGTH), ("text", text, TEXT_LENGTH)):
        if not value.strip():
            errors[name] = [_("Write something here.")]
        elif len(value) > most:
            errors[name] = [_("Use at most %(most)s characters.") % {"most": most}]
    upload, problem = read_upload(file, [PDF]) if file else (None, "")
    if problem:
        errors["file"] = [problem]
    if kind == CaseKind.ACCOMMODATION:
        subject, reference = CaseSubject.OTHER.value, ""
    if "about" not in errors:
        errors |= _unknown(kind, subject, reference, by)
    if errors:
        raise InvalidInput(errors=errors)
    with transaction.atomic():
        # The lock makes two windows of one person follow one another.
        User.objects.select_for_update().get(pk=by.pk)
        if kind == CaseKind.APPEAL:
            _in_time_and_once(subject, reference, by, at)
        row = Case(
            kind=kind,
            opened_by=by,
            subject=subject,
            reference=reference if subject != CaseSubject.OTHER else "",
            title=" ".join(title.split()),
            text=text.strip(),
            file_name=upload.name if upload else "",
            media_type=upload.media_type if upload else "",
            opened_at=at,
            due_on=answer_due_on(school_day(at), settings.CASE_ANSWER_DAYS),
        )
        save_with_file(row, upload)
    return row


def _unknown(kind: str, subject: str, reference: str, by: Any) -> dict[str, list[str]]:
    """What is wrong with what the case is said to be about."""
    if subject in DECIDED:
        if matter_of(by, subject, reference) is None:
            return {"about": [_("Choose something that was decided about you.")]}
        return {}
    if kind == CaseKind.APPEAL:
        return {"about": [_("An appeal is against something that was decided. Choose what.")]}
    if subject == CaseSubject.CONDUCT and reference:
        key = as_uuid(reference)
        if key is None or key == by.uuid or not User.objects.filter(uuid=key).exists():
            return {"person": [_("Choose who it is about, or nobody.")]}
    return {}


def _in_time_and_once(subject: str, reference: str, by: Any, at: datetime) -> None:
    matter = matter_of(by, subject, reference)
    assert matter is not None  # noqa: S101 - it was looked for a moment ago, and none is deleted
    last = appeal_ends_on(matter.told_on, settings.CASE_APPEAL_DAYS)
    if school_day(at) > last:
        raise AppealTooLate(_("An appeal was possible until %(date)s.") % {"date": in_words(last)})
    before = Case.objects.filter(kind=CaseKind.APPEAL, opened_by=by, subject=subject, reference=reference)
    if before.exclude(events__kind=CaseEventKind.WITHDRAWN).exists():
        raise AppealedAlready()


# What happens to one ------------------------------------------------------------------------------------------------


def _locked(case: Case, kind: CaseEventKind) -> tuple[Case, CaseStanding]:
    locked = Case.objects.select_for_update().get(pk=case.pk)
    now = case_queries.standing_of_case(locked)
    if now.is_closed:
        raise CaseClosed()
    if not may_follow(now.state, kind):
        raise NotPossibleForCase(_("Give the case to somebody first.") if now.state is CaseState.OPEN else "")
    return locked, now


def _must_run(by: Any, case: Case) -> None:
    """Registrar or administrator, and no part of it that would keep them from the desk."""
    concerns = case.subject == CaseSubject.CONDUCT and case.reference == str(by.uuid)
    if not by.has_role("registrar", "admin") or case.opened_by_id == by.pk or concerns:
        raise NotAllowed()


def _needs(name: str, text: str, words: str, most: int = TEXT_LENGTH) -> str:
    text = text.strip()
    if not text:
        raise InvalidInput(words, errors={name: [words]})
    if len(text) > most:
        raise InvalidInput(errors={name: [_("Use at most %(most)s characters.") % {"most": most}]})
    return text


@transaction.atomic
def assign_case(*, case: Case, assignee: Any, by: Any, at: datetime) -> CaseEvent:
    """Give the case to a third person of the school, who alone decides it; anew, where somebody had it before."""
    locked, now = _locked(case, CaseEventKind.ASSIGNED)
    _must_run(by, locked)
    if words := involved_in(locked).get(assignee.pk):
        raise NotAThirdPerson(
            _("%(name)s %(words)s. Give it to somebody else.") % {"name": assignee.get_full_name(), "words": words},
        )
    if not case_queries.independent_staff(locked).filter(pk=assignee.pk).exists():
        raise InvalidInput(errors={"assignee": [_("Choose somebody of the school.")]})
    if now.assignee == assignee.pk:
        raise InvalidInput(errors={"assignee": [_("This person has the case already.")]})
    return CaseEvent.objects.create(
        case=locked, kind=CaseEventKind.ASSIGNED, assignee=assignee, is_shared=True, by=by, at=at
    )


@transaction.atomic
def note_on_case(*, case: Case, text: str, is_shared: bool = False, by: Any, at: datetime) -> CaseEvent:
    """Write something down. What the opener writes, and what is shared, both sides read."""
    locked, now = _locked(case, CaseEventKind.NOTED)
    is_opener = locked.opened_by_id == by.pk
    if not is_opener and now.assignee != by.pk:
        _must_run(by, locked)
    text = _needs("text", text, _("Write something here."))
    return CaseEvent.objects.create(
        case=locked, kind=CaseEventKind.NOTED, text=text, is_shared=is_shared or is_opener, by=by, at=at
    )


@transaction.atomic
def defer_case(*, case: Case, due_on: date, reason: str, by: Any, at: datetime) -> CaseEvent:
    """Move the day by which the school answers; the opener reads why."""
    locked, now = _locked(case, CaseEventKind.DEFERRED)
    _must_run(by, locked)
    reason = _needs("reason", reason, _("Say why; the person who opened the case reads it."))
    if due_on < school_day(at) or due_on == now.due_on:
        raise InvalidInput(errors={"due_on": [_("Choose another day that is still to come.")]})
    return CaseEvent.objects.create(
        case=locked, kind=CaseEventKind.DEFERRED, text=reason, due_on=due_on, is_shared=True, by=by, at=at
    )


@transaction.atomic
def decide_case(
    *,
    case: Case,
    is_upheld: bool,
    reason: str,
    conditions: Mapping[str, Any] | None = None,
    by: Any,
    at: datetime,
) -> CaseEvent:
    """Uphold or reject, in writing; only the person to whom the case was given does.

    An accommodation that is upheld is granted with its `conditions`: `time_factor`, `extra_minutes`, `break_minutes`,
    `notes_for_invigilators`, and `valid_until` where it ends.
    """
    locked, now = _locked(case, CaseEventKind.UPHELD if is_upheld else CaseEventKind.REJECTED)
    # Being part of it may have come after the assignment, as when the assignee decided on the opener meanwhile.
    if now.assignee != by.pk or by.pk in involved_in(locked):
        raise CaseNotYours()
    reason = _needs("reason", reason, _("Say why; the person who opened the case reads it."))
    if is_upheld and locked.kind == CaseKind.ACCOMMODATION:
        grant_accommodation(user=locked.opened_by, reason=reason, by=by, at=at, **_conditions(conditions or {}, at))
    event = CaseEvent.objects.create(
        case=locked,
        kind=CaseEventKind.UPHELD if is_upheld else CaseEventKind.REJECTED,
        text=reason,
        is_shared=True,
        by=by,
        at=at,
    )
    tell_of_case(event, at)
    return event


def _conditions(given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    factor = Decimal(given.get("time_factor") or 1)
    extra, pause = int(given.get("extra_minutes") or 0), int(given.get("break_minutes") or 0)
    notes, until = str(given.get("notes_for_invigilators") or "").strip(), given.get("valid_until")
    errors: dict[str, list[str]] = {}
    if not 1 <= factor <= MOST_FACTOR:
        errors["time_factor"] = [_("Write a factor from 1 to %(most)s.") % {"most": MOST_FACTOR}]
    for name, value in (("extra_minutes", extra), ("break_minutes", pause)):
        if not 0 <= value <= MOST_MINUTES:
            errors[name] = [_("Write from 0 to %(most)s minutes.") % {"most": MOST_MINUTES}]
    if len(notes) > NOTES_LENGTH:
        errors["notes_for_invigilators"] = [_("Use at most %(most)s characters.") % {"most": NOTES_LENGTH}]
    if until is not None and until <= at:
        errors["valid_until"] = [_("Choose a day that is still to come.")]
    if not errors and factor == 1 and not extra and not pause and not notes:
        errors["time_factor"] = [_("Say what is granted: more time, breaks, or something for the invigilators.")]
    if errors:
        raise InvalidInput(errors=errors)
    return {
        "time_factor": factor,
        "extra_minutes": extra,
        "break_minutes": pause,
        "notes_for_invigilators": notes,
        "valid_until": until,
    }


@transaction.atomic
def withdraw_case(*, case: Case, by: Any, at: datetime) -> CaseEvent:
    """Who opened a case takes it back."""
    locked, _now = _locked(case, CaseEventKind.WITHDRAWN)
    if locked.opened_by_id != by.pk:
        raise CaseNotYours(_("Only the person who opened a case takes it back."))
    return CaseEvent.objects.create(case=locked, kind=CaseEventKind.WITHDRAWN, is_shared=True, by=by, at=at)
