"""What a case can be about, and who is part of it: neither the opener nor any of these people looks into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from lms.accounts.api import User
from lms.core.clock import school_day
from lms.practicals.api import PracticalAttempt
from quizzes.api import AssessmentKind, Result, results_of

from .calendar_months import in_words
from .enums import CaseSubject, DecisionOutcome
from .models import Case, CeReview, Certificate, Decision, RenewalDecision


@dataclass(frozen=True)
class Matter:
    """Something that was decided about a person. `told_on` is the day from which they have time to appeal."""

    subject: str
    reference: str
    title: str
    told_on: date


def matters_of(user: Any, since: date) -> list[Matter]:
    """What was decided about a person from a day on, the latest first; a number of queries that does not grow."""
    decided = [
        *(_of_decision(row) for row in _decisions(user).exclude(outcome=DecisionOutcome.AWARD)),
        *(_of_renewal(row) for row in _renewals(user).exclude(outcome=DecisionOutcome.AWARD)),
        *(_of_result(row) for row in results_of(user) if row.attempt.assessment.kind != AssessmentKind.CHECK),
        *(_of_practical(row) for row in _practicals(user)),
        *(_of_certificate(row) for row in _certificates(user)),
    ]
    recent = [row for row in decided if row.told_on >= since]
    return sorted(recent, key=lambda row: (row.told_on, row.title), reverse=True)


def matter_of(user: Any, subject: str, reference: str) -> Matter | None:
    """What a person names, if it is theirs."""
    key = as_uuid(reference)
    if key is None:
        return None
    match subject:
        case CaseSubject.DECISION:
            return _first(_of_decision, _decisions(user).filter(uuid=key))
        case CaseSubject.RENEWAL:
            return _first(_of_renewal, _renewals(user).filter(uuid=key))
        case CaseSubject.RESULT:
            # Only what is in force can be looked at again.
            return _first(_of_result, [row for row in results_of(user) if row.uuid == key])
        case CaseSubject.PRACTICAL:
            return _first(_of_practical, _practicals(user).filter(uuid=key))
        case CaseSubject.CERTIFICATE:
            return _first(_of_certificate, _certificates(user).filter(uuid=key))
    return None


def as_uuid(text: str) -> UUID | None:
    """A reference that can be looked up."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _first(present: Callable[[Any], Matter], rows: Iterable[Any]) -> Matter | None:
    return next((present(row) for row in rows), None)


def _decisions(user: Any) -> Any:
    return Decision.objects.filter(application__admission__user=user).select_related("application__admission__path")


def _of_decision(row: Decision) -> Matter:
    title = _("%(what)s: %(outcome)s, decided on %(date)s") % {
        "what": row.application.admission.path.title, "outcome": row.get_outcome_display(), "date": _day(row.at),
    }  # fmt: skip
    return Matter(CaseSubject.DECISION.value, str(row.uuid), title, school_day(row.at))


def _renewals(user: Any) -> Any:
    return RenewalDecision.objects.filter(renewal__certificate__holder=user).select_related("renewal__certificate")


def _of_renewal(row: RenewalDecision) -> Matter:
    title = _("Renewal of %(number)s: %(outcome)s, decided on %(date)s") % {
        "number": row.renewal.certificate.number, "outcome": row.get_outcome_display(), "date": _day(row.at),
    }  # fmt: skip
    return Matter(CaseSubject.RENEWAL.value, str(row.uuid), title, school_day(row.at))


def _of_result(row: Result) -> Matter:
    told = row.released_at or row.at
    title = _("%(what)s: result of %(date)s") % {"what": row.attempt.assessment.title, "date": _day(told)}
    return Matter(CaseSubject.RESULT.value, str(row.uuid), title, school_day(told))


def _practicals(user: Any) -> Any:
    rows = PracticalAttempt.objects.filter(candidate=user).select_related("practical")
    return rows.annotate(judged_at=Max("sign_offs__recorded_at"), ruled_at=Max("sign_offs__ruling__at"))


def _of_practical(row: Any) -> Matter:
    told = max(moment for moment in (row.opened_at, row.judged_at, row.ruled_at) if moment)
    title = _("%(what)s, attempt %(number)s: last judged on %(date)s") % {
        "what": row.practical.title, "number": row.number, "date": _day(told),
    }  # fmt: skip
    return Matter(CaseSubject.PRACTICAL.value, str(row.uuid), title, school_day(told))


def _certificates(user: Any) -> Any:
    return Certificate.objects.filter(holder=user).annotate(changed_at=Max("events__at"))


def _of_certificate(row: Any) -> Matter:
    told = row.changed_at or row.issued_at
    title = _("Certificate %(number)s: last changed on %(date)s") % {"number": row.number, "date": _day(told)}
    return Matter(CaseSubject.CERTIFICATE.value, str(row.uuid), title, school_day(told))


def _day(moment: datetime) -> str:
    return in_words(school_day(moment))


# Who is part of it --------------------------------------------------------------------------------------------------


def involved_in(case: Case) -> dict[int, str]:
    """People who may not look into a case, by key, with what they have to do with it in words."""
    found: dict[int, str] = {}
    part = {
        CaseSubject.DECISION: _part_of_decision,
        CaseSubject.RENEWAL: _part_of_renewal,
        CaseSubject.RESULT: _part_of_result,
        CaseSubject.PRACTICAL: _part_of_practical,
        CaseSubject.CERTIFICATE: _part_of_certificate,
        CaseSubject.CONDUCT: _part_of_conduct,
    }.get(CaseSubject(case.subject))
    key = as_uuid(case.reference)
    if part and key:
        found = {person: words for person, words in part(key) if person is not None}
    return {**found, case.opened_by_id: _("opened the case")}


def _part_of_decision(key: UUID) -> Iterator[tuple[int | None, str]]:
    for row in Decision.objects.filter(uuid=key):
        examiners = {uuid for uuid in map(as_uuid, _examiners(row.ledger)) if uuid}
        for person in User.objects.filter(uuid__in=examiners).values_list("pk", flat=True):
            yield person, _("examined the candidate")
        yield row.by_id, _("decided on it")


def _examiners(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for line in lines:
        for fact in line.get("evidence", ()):
            yield from (str(fact[part]) for part in ("examiner", "ruled_by") if fact.get(part))
        yield from _examiners(line.get("items", ()))


def _part_of_renewal(key: UUID) -> Iterator[tuple[int | None, str]]:
    for row in RenewalDecision.objects.filter(uuid=key).select_related("renewal__certificate"):
        reviews = CeReview.objects.filter(claim__user=row.renewal.certificate.holder_id)
        for person in set(reviews.values_list("by", flat=True)):
            yield person, _("looked at the continuing education")
        yield row.by_id, _("decided on it")


def _part_of_result(key: UUID) -> Iterator[tuple[int | None, str]]:
    rows = Result.objects.filter(uuid=key).select_related("attempt", "regrade")
    for row in rows:
        items = row.attempt.items.all()
        for person in {*items.values_list("grades__by", flat=True), *items.values_list("markings__by", flat=True)}:
            yield person, _("marked it")
        for person in (row.by_id, row.released_by_id):
            yield person, _("gave or released the result")
        if row.regrade:
            for person in (row.regrade.proposed_by_id, row.regrade.approved_by_id):
                yield person, _("regraded it")


def _part_of_practical(key: UUID) -> Iterator[tuple[int | None, str]]:
    for row in PracticalAttempt.objects.filter(uuid=key):
        for examiner, ruler, withdrawer in row.sign_offs.values_list("examiner", "ruling__by", "withdrawal__by"):
            yield ruler, _("ruled on it")
            yield withdrawer, _("withdrew a sign-off of it")
            yield examiner, _("examined it")
        yield row.opened_by_id, _("opened the examination")


def _part_of_certificate(key: UUID) -> Iterator[tuple[int | None, str]]:
    for row in Certificate.objects.filter(uuid=key).select_related("decision"):
        for person in set(row.events.values_list("by", flat=True)):
            yield person, _("changed the certificate")
        if row.decision:
            yield row.decision.by_id, _("decided on it")
        yield row.issued_by_id, _("issued it")


def _part_of_conduct(key: UUID) -> Iterator[tuple[int | None, str]]:
    for person in User.objects.filter(uuid=key).values_list("pk", flat=True):
        yield person, _("is whom it is about")
