"""Publishing paths, admitting, applying, deciding, issuing, and what happens to a certificate afterwards."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from pydantic import ValidationError

from courses.api import SchoolSettings
from lms.core.digest import digest_of
from quizzes.api import Assessment

from . import numbers, queries, status
from .eligibility import Requirement, leaf_nodes
from .enums import CertificateEventKind, CertificateStatus, CredentialKind, DecisionOutcome, PublicReason
from .exceptions import (
    AlreadyCertified,
    AlreadyDecided,
    NameMissing,
    NotPossibleNow,
    OwnApplication,
    PathIncomplete,
    RequirementsMissing,
)
from .models import (
    Admission,
    Application,
    Certificate,
    CertificateEvent,
    Decision,
    Evidence,
    Path,
    PathVersion,
    Waiver,
)
from .renewal_terms import RenewalCategory, RenewalPolicy
from .requirements.kinds import BY_SLUG

NUMBER_TRIES = 5


# Paths --------------------------------------------------------------------------------------------------------------


def requirement_nodes(path: Path) -> list[dict[str, Any]]:
    """The requirement tree as plain data with a stable key for each node; refuses what cannot be met."""
    nodes = _nodes(path.requirements, "")
    if not nodes:
        raise PathIncomplete(_("A path needs at least one requirement."))
    keys = [node["key"] for node in leaf_nodes(nodes)]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise PathIncomplete(_("This path names a requirement twice: %(keys)s.") % {"keys": ", ".join(twice)})
    return nodes


def _nodes(items: Iterable[Any], prefix: str) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    for place, block in enumerate(items, start=1):
        value = block.value
        if block.block_type == "group":
            nodes.append(
                {
                    "key": f"group:{prefix}{place}",
                    "kind": value["kind"],
                    "title": value["title"],
                    "count": value["count"],
                    "items": _nodes(value["items"], f"{prefix}{place}."),
                }
            )
            continue
        kind = BY_SLUG[block.block_type]
        try:
            nodes.append(kind.node(kind.terms(value)))
        except ValidationError as error:
            raise PathIncomplete("; ".join(problem["msg"] for problem in error.errors())) from error
    return nodes


def renewal_policy(path: Path) -> dict[str, Any]:
    """The renewal policy as plain data; refuses one that nobody can meet. Empty where nothing is renewed."""
    if not path.renewal:
        return {}
    value = path.renewal[0].value
    names = [name for name in value if name != "categories"]
    try:
        policy = RenewalPolicy(
            categories=[RenewalCategory(**dict(row)) for row in value["categories"]],
            **{name: value[name] for name in names},
        )
    except ValidationError as error:
        raise PathIncomplete("; ".join(problem["msg"] for problem in error.errors())) from error
    if not path.valid_months:
        raise PathIncomplete(_("A certificate that never expires is not renewed."))
    if policy.quiz and not Assessment.objects.filter(code=policy.quiz).exclude(current_version=None).exists():
        raise PathIncomplete(_("There is no published assessment %(code)s.") % {"code": policy.quiz})
    return policy.model_dump(mode="json")


@transaction.atomic
def freeze_path(*, path: Path, by: Any, at: datetime) -> PathVersion:
    """Freeze the published path as a version; unchanged content makes none."""
    nodes = requirement_nodes(path)
    renewal = renewal_policy(path)
    if path.credential_kind == CredentialKind.CERTIFICATION and not path.valid_months:
        raise PathIncomplete(_("A certification expires: say after how many months."))
    if path.credential_kind == CredentialKind.ATTENDANCE and re.search(
        r"certifi(ed|cation)", path.credential_title, re.I
    ):
        raise PathIncomplete(_("A certificate of attendance does not say that somebody is certified."))
    facts = {
        "title": path.title,
        "credential_title": path.credential_title,
        "credential_kind": path.credential_kind,
        "scope_note": path.scope_note,
        "hours_label": path.hours_label,
        "valid_months": path.valid_months,
    }
    digest = digest_of([nodes, facts, renewal] if renewal else [nodes, facts])
    current = path.current_version
    if current and current.content_digest == digest:
        return current
    last = PathVersion.objects.filter(path=path).aggregate(last=Max("number"))["last"] or 0
    version = PathVersion.objects.create(
        path=path,
        number=last + 1,
        requirements=nodes,
        renewal=renewal,
        facts=facts,
        content_digest=digest,
        published_at=at,
        published_by=by,
    )
    Path.objects.filter(pk=path.pk).update(current_version=version)
    path.current_version = version
    return version


# Admission ----------------------------------------------------------------------------------------------------------


def admit(*, user: Any, path: Path, by: Any, at: datetime) -> tuple[Admission, bool]:
    """Put a person on a path, judged by the version in force now. A second time changes nothing."""
    existing = queries.running_admission(user, path)
    if existing:
        return existing, False
    if path.current_version is None:
        raise PathIncomplete()
    try:
        with transaction.atomic():
            return (
                Admission.objects.create(
                    user=user, path=path, path_version=path.current_version, admitted_at=at, admitted_by=by
                ),
                True,
            )
    except IntegrityError:
        return Admission.objects.get(user=user, path=path, ended_at=None), False


def waive_requirement(
    *, admission: Admission, requirement: str, reason: str, is_equivalence: bool = False, by: Any, at: datetime
) -> Waiver:
    """Waive a requirement for one person, or accept something equivalent; never for oneself."""
    if admission.user_id == by.pk:
        raise OwnApplication()
    return Waiver.objects.create(
        admission=admission, requirement=requirement, reason=reason, is_equivalence=is_equivalence, by=by, at=at
    )


# Application and decision -------------------------------------------------------------------------------------------


def apply(*, user: Any, path: Path, legal_name: str, at: datetime) -> tuple[Application, bool]:
    """Ask for the certificate once everything is met; while an application is open it is given back.

    Raises `RequirementsMissing` with the open lines of the ledger, `NameMissing` or `AlreadyCertified`.
    """
    admission, _is_new = admit(user=user, path=path, by=user, at=at)
    if existing := queries.open_application(admission):
        return existing, False
    if held := queries.active_certificate(user, path, at.date()):
        raise AlreadyCertified(number=held.number)
    ledger = queries.ledger_for(user, admission.path_version, admission)
    if not ledger.is_eligible:
        raise RequirementsMissing(missing=[row.as_dict() for row in ledger.missing])
    name = " ".join(legal_name.split())
    if not name:
        raise NameMissing(errors={"legal_name": [_("Say how your name shall stand on the certificate.")]})
    try:
        with transaction.atomic():
            application = Application.objects.create(
                admission=admission, legal_name=name, eligibility=ledger.as_list(), submitted_at=at
            )
    except IntegrityError:
        return Application.objects.get(admission=admission, closed_at=None), False
    return application, True


@transaction.atomic
def decide(
    *, application: Application, outcome: str, reason: str = "", by: Any, at: datetime
) -> tuple[Decision, Certificate | None]:
    """Award or refuse, on the ledger as it stands at the decision. An award issues the certificate in one piece."""
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if locked.closed_at is not None:
        raise AlreadyDecided()
    admission = locked.admission
    if admission.user_id == by.pk:
        raise OwnApplication()
    ledger = queries.ledger_for(admission.user, admission.path_version, admission)
    if outcome == DecisionOutcome.AWARD and not ledger.is_eligible:
        raise RequirementsMissing(missing=[row.as_dict() for row in ledger.missing])
    decision = Decision.objects.create(
        application=locked, outcome=outcome, reason=reason, ledger=ledger.as_list(), by=by, at=at
    )
    Application.objects.filter(pk=locked.pk).update(closed_at=at)
    certificate = None
    if outcome == DecisionOutcome.AWARD:
        certificate = _issue(decision=decision, legal_name=locked.legal_name, admission=admission, by=by, at=at)
        _keep_evidence(certificate, ledger.steps())
    application.refresh_from_db()
    return decision, certificate


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _issue(*, decision: Decision, legal_name: str, admission: Admission, by: Any, at: datetime) -> Certificate:
    version = admission.path_version
    school = SchoolSettings.load()
    awarded_on = at.date()
    months = version.facts["valid_months"]
    printed: dict[str, Any] = {
        "school": school.name,
        "school_address": school.address,
        "school_email": school.email,
        "signatory": school.registrar_name or by.get_full_name(),
        "signatory_title": school.registrar_title,
        "hours_label": version.facts["hours_label"],
        "scope_note": version.facts["scope_note"],
        "path": version.facts["title"],
    }
    content = {
        "name": legal_name,
        "title": version.facts["credential_title"],
        "kind": version.facts["credential_kind"],
        "awarded_on": awarded_on.isoformat(),
        "facts": printed,
    }
    rng = random.SystemRandom()
    for attempt in range(NUMBER_TRIES):
        number = numbers.new_number(rng)
        if Certificate.objects.filter(number=number).exists() and attempt < NUMBER_TRIES - 1:
            continue
        certificate = Certificate.objects.create(
            number=number,
            holder=admission.user,
            decision=decision,
            path_version=version,
            credential_kind=version.facts["credential_kind"],
            holder_name=legal_name,
            title=version.facts["credential_title"],
            facts=printed,
            awarded_on=awarded_on,
            expires_on=add_months(awarded_on, months) if months else None,
            is_demonstration=settings.INSTANCE != "live",
            content_digest=digest_of({**content, "number": number}),
            issued_at=at,
            issued_by=by,
        )
        CertificateEvent.objects.create(certificate=certificate, kind=CertificateEventKind.ISSUED, by=by, at=at)
        return certificate
    raise AssertionError("the loop returns or the database refuses")


def _keep_evidence(certificate: Certificate, steps: tuple[Requirement, ...]) -> None:
    rows = []
    for leaf in steps:
        for fact in leaf.evidence or ({"kind": leaf.state.value, "reference": leaf.key, "title": leaf.title},):
            rows.append(
                Evidence(
                    certificate=certificate,
                    kind=fact["kind"],
                    reference=fact["reference"],
                    title=fact["title"],
                    facts=dict(fact),
                    digest=digest_of(dict(fact)),
                )
            )
    Evidence.objects.bulk_create(rows)


# Afterwards ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def _happen(
    *,
    certificate: Certificate,
    kind: CertificateEventKind,
    public_reason: str,
    internal_reason: str,
    by: Any,
    at: datetime,
) -> CertificateEvent:
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.holder_id == by.pk:
        raise OwnApplication(_("Nobody changes their own certificate."))
    now = queries.standing_of_certificate(locked, at.date()).status
    if not status.may_follow(CertificateStatus(now), kind):
        raise NotPossibleNow(
            _("A certificate that is %(status)s cannot be %(kind)s.") % {"status": now.label, "kind": kind.label}
        )
    return CertificateEvent.objects.create(
        certificate=locked,
        kind=kind,
        public_reason=PublicReason(public_reason) if public_reason else "",
        internal_reason=internal_reason,
        by=by,
        at=at,
    )


def revoke(
    *, certificate: Certificate, public_reason: str, internal_reason: str = "", by: Any, at: datetime
) -> CertificateEvent:
    """For good: nothing follows a revocation, and the number keeps answering."""
    return _happen(
        certificate=certificate,
        kind=CertificateEventKind.REVOKED,
        public_reason=public_reason,
        internal_reason=internal_reason,
        by=by,
        at=at,
    )


def suspend(
    *, certificate: Certificate, public_reason: str, internal_reason: str = "", by: Any, at: datetime
) -> CertificateEvent:
    """Until it is reinstated or revoked."""
    return _happen(
        certificate=certificate,
        kind=CertificateEventKind.SUSPENDED,
        public_reason=public_reason,
        internal_reason=internal_reason,
        by=by,
        at=at,
    )


def reinstate(*, certificate: Certificate, internal_reason: str = "", by: Any, at: datetime) -> CertificateEvent:
    """A suspension ends."""
    return _happen(
        certificate=certificate,
        kind=CertificateEventKind.REINSTATED,
        public_reason="",
        internal_reason=internal_reason,
        by=by,
        at=at,
    )
