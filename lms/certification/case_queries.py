"""Reads of cases: whose they are, who may read what, how they stand, and what an upheld one leaves to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.accounts.api import STAFF_ROLES, User
from lms.practicals.api import PracticalAttempt
from quizzes.api import HIGH_STAKES, Result

from .case_matters import as_uuid, involved_in
from .cases import CLOSING, CaseHappened, CaseStanding, standing
from .enums import CaseEventKind, CaseKind, CaseSubject
from .models import Application, Case, CaseEvent, Certificate, Renewal, RenewalDecision

#: So long an upheld case is shown as something to look at; who then did nothing has decided to do nothing.
TASK_DAYS = 90


def with_events(rows: QuerySet[Case] | None = None) -> QuerySet[Any]:
    """Cases with their events, and with `deadline`, `assignee_now` and `is_closed` to sort and choose by."""
    rows = Case.objects.all() if rows is None else rows
    events = CaseEvent.objects.filter(case=OuterRef("pk")).order_by("-id")
    return (
        rows.annotate(
            deadline=Coalesce(
                Subquery(events.filter(kind=CaseEventKind.DEFERRED).values("due_on")[:1]),
                F("due_on"),
                output_field=DateField(),
            ),
            assignee_now=Subquery(events.filter(kind=CaseEventKind.ASSIGNED).values("assignee")[:1]),
            is_closed=Exists(events.filter(kind__in=list(CLOSING))),
        )
        .select_related("opened_by")
        .prefetch_related(Prefetch("events", CaseEvent.objects.select_related("by", "assignee").order_by("id")))
    )


def standing_of_case(case: Case) -> CaseStanding:
    """How a case stands; uses prefetched events."""
    events = sorted(case.events.all(), key=lambda row: row.pk)
    return standing([CaseHappened(row.kind, row.by_id, row.assignee_id, row.due_on) for row in events], case.due_on)


def own_cases(user: Any) -> QuerySet[Any]:
    """What a person opened, newest first."""
    return with_events(Case.objects.filter(opened_by=user)).order_by("-opened_at", "-id")


def desk_cases(user: Any) -> QuerySet[Any]:
    """What a person handles: all for those who run the school, else what they were given.

    Nobody handles what they opened themselves, nor a case about their own conduct, whatever their role is.
    """
    rows = Case.objects.exclude(opened_by=user).exclude(subject=CaseSubject.CONDUCT, reference=str(user.uuid))
    found = with_events(rows)
    if not user.has_role("registrar", "admin"):
        found = found.filter(assignee_now=user.pk)
    return found.order_by("deadline", "id")


def may_read(user: Any, case: Case) -> bool:
    """Whether a person who sees the case reads its text and document.

    A request for accommodations tells of health: beside the opener only the registrar and who decides it read that.
    """
    if case.opened_by_id == user.pk or standing_of_case(case).assignee == user.pk:
        return True
    if case.subject == CaseSubject.CONDUCT and case.reference == str(user.uuid):
        return False
    if user.has_role("registrar"):
        return True
    return bool(user.has_role("admin")) and case.kind != CaseKind.ACCOMMODATION


def independent_staff(case: Case) -> QuerySet[User]:
    """People to whom the case may be given: of the school, and no part of what it is about."""
    rows = User.objects.filter(is_active=True).filter(Q(groups__name__in=list(STAFF_ROLES)) | Q(is_superuser=True))
    return rows.exclude(pk__in=list(involved_in(case))).distinct().order_by("sort_name", "display_name", "email")


def people_to_complain_of() -> QuerySet[User]:
    """Staff whose names people of the school know."""
    rows = User.objects.filter(is_active=True, groups__name__in=list(STAFF_ROLES)).exclude(display_name="")
    return rows.distinct().order_by("display_name")


def waiting_cases(user: Any) -> int:
    """How many cases wait for the decision of this person."""
    return desk_cases(user).filter(assignee_now=user.pk, is_closed=False).count()


# What it is about ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """What a case is about, in words; the page on which staff look at it, and who beside administrators opens that."""

    words: str
    address: str = ""
    roles: tuple[str, ...] = ()


def link_to_matter(case: Case, user: Any) -> tuple[str, str]:
    """What a case is about, as (words, address); empty where there is nothing to name, or to open for this person."""
    key = as_uuid(case.reference)
    find = LINKS.get(case.subject)
    link = find(key) if key and find else None
    if link is None:
        return "", ""
    return link.words, link.address if user.has_role("admin", *link.roles) else ""


def _decision_link(key: UUID) -> Link | None:
    row = Application.objects.filter(decision__uuid=key).first()
    if row is None:
        return None
    return Link(_("The application and its decision"), reverse("registrar:application", args=[row.uuid]), REGISTER)


def _renewal_link(key: UUID) -> Link | None:
    row = Renewal.objects.filter(decision__uuid=key).first()
    if row is None:
        return None
    return Link(_("The renewal and its decision"), reverse("registrar:renewal", args=[row.uuid]), REGISTER)


def _result_link(key: UUID) -> Link | None:
    row = Result.objects.filter(uuid=key).select_related("attempt__assessment").first()
    if row is None:
        return None
    words = _("The attempt at %(title)s") % {"title": row.attempt.assessment.title}
    # Quizzes are the business of the instructor of the cohort, who may be part of the case.
    roles = ("examiner",) if row.attempt.assessment.kind in HIGH_STAKES else ()
    return Link(words, reverse("examining:attempt", args=[row.attempt.uuid]), roles)


def _practical_link(key: UUID) -> Link | None:
    row = PracticalAttempt.objects.filter(uuid=key).select_related("practical").first()
    if row is None:
        return None
    return Link(row.practical.title, reverse("practicals:attempt", args=[key]), ("examiner", *REGISTER))


def _certificate_link(key: UUID) -> Link | None:
    row = Certificate.objects.filter(uuid=key).first()
    return Link(row.number, reverse("registrar:certificate", args=[row.number]), REGISTER) if row else None


def _person_link(key: UUID) -> Link | None:
    row = User.objects.filter(uuid=key).first()
    return Link(row.get_full_name()) if row else None


REGISTER = ("registrar",)
LINKS: dict[str, Callable[[UUID], Link | None]] = {
    CaseSubject.DECISION.value: _decision_link,
    CaseSubject.RENEWAL.value: _renewal_link,
    CaseSubject.RESULT.value: _result_link,
    CaseSubject.PRACTICAL.value: _practical_link,
    CaseSubject.CERTIFICATE.value: _certificate_link,
    CaseSubject.CONDUCT.value: _person_link,
}


# What an upheld case leaves to do -------------------------------------------------------------------------------------


def upheld_to_look_at(user: Any, at: datetime) -> list[dict[str, Any]]:
    """Upheld appeals and complaints after which nothing was changed yet: tasks for the registrar, latest first.

    Nothing follows by itself. A row leaves the list when what it was about was decided, judged or changed anew, or
    after `TASK_DAYS`.
    """
    since = at - timedelta(days=TASK_DAYS)
    upheld = CaseEvent.objects.filter(case=OuterRef("pk"), kind=CaseEventKind.UPHELD, at__gte=since)
    rows = desk_cases(user).exclude(kind=CaseKind.ACCOMMODATION).filter(Exists(upheld))
    cases = {row.pk: row for row in rows.exclude(reference="").exclude(subject=CaseSubject.CONDUCT)}
    closed = {pk: next(e.at for e in case.events.all() if e.kind == CaseEventKind.UPHELD) for pk, case in cases.items()}
    changed = _changed_last(cases.values())
    open_cases = [case for pk, case in cases.items() if changed.get(pk) is None or changed[pk] <= closed[pk]]
    found = [{"case": case, "at": closed[case.pk]} for case in open_cases]
    return sorted(found, key=lambda row: row["at"], reverse=True)


def _changed_last(cases: Iterable[Case]) -> dict[int, datetime | None]:
    """When what each case is about was last decided, judged or changed: a query for each kind of subject."""
    asked: dict[str, dict[UUID, list[int]]] = {}
    for case in cases:
        if key := as_uuid(case.reference):
            asked.setdefault(case.subject, {}).setdefault(key, []).append(case.pk)
    found: dict[int, datetime | None] = {}
    for subject, keys in asked.items():
        rows = CHANGES[subject](list(keys)) if subject in CHANGES else ()
        for key, *moments in rows:
            for pk in keys[key]:
                known = [moment for moment in (*moments, found.get(pk)) if moment]
                found[pk] = max(known, default=None)
    return found


def _later_decisions(keys: list[Any]) -> Any:
    admission = "admission__applications"
    rows = Application.objects.filter(decision__uuid__in=keys)
    return rows.values_list(
        "decision__uuid",
        f"{admission}__submitted_at",
        f"{admission}__decision__at",
        "decision__certificates__issued_at",
    )


def _later_renewals(keys: list[Any]) -> Any:
    rows = RenewalDecision.objects.filter(uuid__in=keys)
    again = "renewal__certificate__applied"
    return rows.values_list("uuid", f"{again}__submitted_at", f"{again}__decision__at")


def _later_results(keys: list[Any]) -> Any:
    return Result.objects.filter(uuid__in=keys).values_list("uuid", "attempt__results__at", "attempt__voided_at")


def _later_judgements(keys: list[Any]) -> Any:
    rows = PracticalAttempt.objects.filter(uuid__in=keys)
    return rows.values_list("uuid", "sign_offs__recorded_at", "sign_offs__withdrawal__at", "sign_offs__ruling__at")


def _later_events(keys: list[Any]) -> Any:
    return Certificate.objects.filter(uuid__in=keys).values_list("uuid", "events__at")


CHANGES = {
    CaseSubject.DECISION.value: _later_decisions,
    CaseSubject.RENEWAL.value: _later_renewals,
    CaseSubject.RESULT.value: _later_results,
    CaseSubject.PRACTICAL.value: _later_judgements,
    CaseSubject.CERTIFICATE.value: _later_events,
}
