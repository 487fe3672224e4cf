"""Publishing paths, admitting, applying, deciding, issuing, and what happens to a certificate afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from pydantic import ValidationError

from courses.api import SchoolSettings
from lms.core.clock import school_day
from lms.core.digest import digest_of
from lms.core.exceptions import InvalidInput
from quizzes.api import Assessment

from . import queries
from .eligibility import keys_of, leaf_nodes
from .enums import CourseType, CredentialKind, DecisionOutcome
from .exceptions import (
    AdmissionEnded,
    AlreadyCertified,
    AlreadyDecided,
    AlreadyWaived,
    NotIndependent,
    OwnApplication,
    PathIncomplete,
    ReasonMissing,
    RequirementsMissing,
)
from .issuing import issue, keep_evidence, must_print
from .models import (
    Admission,
    Application,
    Certificate,
    Decision,
    Path,
    PathVersion,
    Waiver,
)
from .news import tell_of_decision
from .renewal_terms import policy_of
from .requirements.kinds import BY_SLUG

#: Letters of a waiver's reason, evidence included.
WAIVER_LENGTH = 500


# Paths --------------------------------------------------------------------------------------------------------------


def requirement_nodes(path: Path) -> list[dict[str, Any]]:
    """The requirement tree as plain data with a stable key for each node; refuses what cannot be met."""
    nodes = _nodes(path.requirements, "")
    if not nodes:
        raise PathIncomplete(_("A path needs at least one requirement."))
    keys = [node["key"] for node in leaf_nodes(nodes)]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise PathIncomplete(_("This path names a requirement twice: %(keys)s.") % {"keys": ", ".join(twice)})
    before = {key for leaf in leaf_nodes(nodes) for key in leaf.get("after", ())}
    if lacking := sorted(before - set(keys)):
        raise PathIncomplete(
            _("What comes before a practice must be an exam of the same path: %(keys)s.") % {"keys": ", ".join(lacking)}
        )
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
    try:
        policy = policy_of(path.renewal[0].value)
    except ValidationError as error:
        raise PathIncomplete("; ".join(problem["msg"] for problem in error.errors())) from error
    if not path.valid_months:
        raise PathIncomplete(_("A certificate that never expires is not renewed."))
    if policy.quiz and not Assessment.objects.filter(code=policy.quiz).exclude(current_version=None).exists():
        raise PathIncomplete(_("There is no published assessment %(code)s.") % {"code": policy.quiz})
    return policy.model_dump(mode="json")


def continuing_education(path: Path) -> dict[str, Any]:
    """What a certificate of continuing education prints beside; refuses a template that lacks one of the nine facts.

    Name and completion date come with each certificate; the rest must stand here or in the settings of the school.
    Source: NCBTMB, "What information do my certificates need to display?".
    """
    if re.search(r"\bceus?\b", f"{path.credential_title} {path.hours_label}", re.IGNORECASE):
        raise PathIncomplete(_("Hours of continuing education are called CEs, never CEUs."))
    if path.ce_hours is None:
        return {}
    school = SchoolSettings.load()
    needed = {
        _("the course's title as approved"): path.credential_title,
        _("the course type"): path.course_type,
        _("the school's address"): school.address,
        _("the school's e-mail"): school.email,
        _("the approved provider number"): school.provider_number,
        _("the provider's name"): school.name,
        _("the administrator's signature (registrar's name in the settings)"): school.registrar_name,
        _("the instructor's signature"): path.instructor_name,
    }
    lacking = [str(name) for name, value in needed.items() if not str(value).strip()]
    if path.credential_kind != CredentialKind.ATTENDANCE:
        raise PathIncomplete(_("Hours of continuing education stand on a certificate of attendance."))
    if path.ce_hours <= 0:
        lacking.append(_("the hours as approved"))
    if lacking:
        raise PathIncomplete(
            _("A certificate of continuing education must show: %(lacking)s.") % {"lacking": ", ".join(lacking)}
        )
    return {
        "hours_label": f"{path.ce_hours.normalize():f} CEs",
        "course_type": str(CourseType(path.course_type).label),
        "provider_number": school.provider_number,
        "instructor": path.instructor_name,
    }


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
        **continuing_education(path),
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
    *,
    admission: Admission,
    requirement: str,
    reason: str,
    is_equivalence: bool = False,
    proof: str = "",
    by: Any,
    at: datetime,
) -> Waiver:
    """Waive a requirement or a group of them for one person, or accept something equivalent; never for oneself.

    `proof` names the evidence for something equivalent, such as a certificate of another school; it is kept with the
    reason.
    """
    if admission.user_id == by.pk:
        raise OwnApplication(_("Nobody waives their own requirement."))
    if admission.ended_at is not None:
        raise AdmissionEnded()
    reason, proof = reason.strip(), proof.strip()
    errors: dict[str, list[str]] = {}
    if requirement not in keys_of(admission.path_version.requirements):
        errors["requirement"] = [_("The version that this person is judged by has no such requirement.")]
    if not reason:
        errors["reason"] = [_("Say why.")]
    if is_equivalence and not proof:
        errors["proof"] = [_("Name the evidence: what it is, who gave it, and when.")]
    if is_equivalence and proof:
        reason = _("%(reason)s Evidence: %(proof)s") % {"reason": reason, "proof": proof}
    if len(reason) > WAIVER_LENGTH:
        errors.setdefault("reason", []).append(_("Reason and evidence have at most 500 characters together."))
    if errors:
        raise InvalidInput(errors=errors)
    try:
        with transaction.atomic():
            return Waiver.objects.create(
                admission=admission,
                requirement=requirement,
                reason=reason,
                is_equivalence=is_equivalence,
                by=by,
                at=at,
            )
    except IntegrityError as error:
        raise AlreadyWaived() from error


# Application and decision -------------------------------------------------------------------------------------------


@transaction.atomic
def apply(*, user: Any, path: Path, legal_name: str, at: datetime) -> tuple[Application, bool]:
    """Ask for the certificate once everything is met; while an application is open it is given back.

    Whoever applies follows the path from then on. Raises `RequirementsMissing` with the open lines of the ledger,
    `NameMissing`, `NameNotPrintable` or `AlreadyCertified`.
    """
    admission, _is_new = admit(user=user, path=path, by=user, at=at)
    if existing := queries.open_application(admission):
        return existing, False
    if held := queries.active_certificate(user, path, school_day(at)):
        raise AlreadyCertified(number=held.number)
    ledger = queries.ledger_for(user, admission.path_version, admission)
    if not ledger.is_eligible:
        raise RequirementsMissing(missing=[row.as_dict() for row in ledger.missing])
    name = " ".join(legal_name.split())
    must_print(name)
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
    """Award, return or refuse, on the ledger as it stands now. An award issues the certificate in one piece.

    A return asks the candidate for something and lets them apply again; a refusal can be appealed. Whoever examined
    the candidate does not decide, nor, on a certification, whoever taught them.
    """
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if locked.closed_at is not None:
        raise AlreadyDecided()
    admission = locked.admission
    if admission.user_id == by.pk:
        raise OwnApplication()
    ledger = queries.ledger_for(admission.user, admission.path_version, admission)
    if conflict := queries.conflict_of(by, admission, ledger):
        raise NotIndependent(conflict)
    reason = reason.strip()
    if outcome != DecisionOutcome.AWARD and not reason:
        raise ReasonMissing(errors={"reason": [_("Say why; the candidate reads it.")]})
    if outcome == DecisionOutcome.AWARD and not ledger.is_eligible:
        raise RequirementsMissing(missing=[row.as_dict() for row in ledger.missing])
    decision = Decision.objects.create(
        application=locked, outcome=outcome, reason=reason, ledger=ledger.as_list(), by=by, at=at
    )
    Application.objects.filter(pk=locked.pk).update(closed_at=at)
    certificate = None
    if outcome == DecisionOutcome.AWARD:
        certificate = issue(decision=decision, legal_name=locked.legal_name, by=by, at=at)
        keep_evidence(certificate, ledger.steps())
    tell_of_decision(decision, certificate, at)
    application.refresh_from_db()
    return decision, certificate
