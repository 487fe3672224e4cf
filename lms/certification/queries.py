"""Reads of certification: paths, the ledger of a person, certificates and their standing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.api import Outline, next_step
from courses.api import Standing as LearningStanding
from courses.api import outline as read_outline
from lms.accounts.api import Acceptance, acceptances_of
from lms.learning.api import CourseCompletion, standing_of
from quizzes.api import Assessment, Attempt, Result, display_percent, overturned_passes, results_of

from . import status
from .eligibility import Action, Fact, Ledger, evaluate, leaf_nodes
from .models import Admission, Application, Certificate, CertificateEvent, Evidence, Path, PathVersion, Waiver


def published_paths() -> QuerySet[Path]:
    """Paths that people may follow."""
    return (
        Path.objects.filter(live=True, is_retired=False)
        .exclude(current_version=None)
        .select_related("current_version")
        .order_by("code")
    )


def running_admission(user: Any, path: Path) -> Admission | None:
    """The person's admission to a path, with the version that they are judged by."""
    return Admission.objects.filter(user=user, path=path, ended_at=None).select_related("path_version", "path").first()


def path_asking_for(user: Any, agreement_code: str) -> str | None:
    """Code of a path that the person follows and that asks for this statement."""
    for admission in Admission.objects.filter(user=user, ended_at=None).select_related("path", "path_version"):
        wanted = leaf_nodes(admission.path_version.requirements, "attestation")
        if any(leaf["reference"] == agreement_code for leaf in wanted):
            return str(admission.path.code)
    return None


def ledger_for(user: Any, version: PathVersion, admission: Admission | None = None) -> Ledger:
    """Where a person stands on a path: the one object behind page, API and decision."""
    nodes = version.requirements
    waived = (
        set(Waiver.objects.filter(admission=admission).values_list("requirement", flat=True)) if admission else set()
    )
    return evaluate(nodes, facts_for(user, nodes), waived)


def facts_for(user: Any, nodes: Sequence[Mapping[str, Any]]) -> dict[str, Fact]:
    """What the record says about each single requirement."""
    outline = read_outline()
    state = standing_of(user, outline)
    facts: dict[str, Fact] = {}
    facts |= _course_facts(user, leaf_nodes(nodes, "course"), outline, state)
    facts |= _exam_facts(user, leaf_nodes(nodes, "exam"))
    facts |= _attestation_facts(user, leaf_nodes(nodes, "attestation"))
    return facts


def _course_facts(
    user: Any, nodes: Iterable[Mapping[str, Any]], outline: Outline, state: LearningStanding
) -> dict[str, Fact]:
    codes = [node["reference"] for node in nodes]
    done = {row.course_code: row for row in CourseCompletion.objects.filter(user=user, course_code__in=codes)}
    facts = {}
    for node in nodes:
        course = outline.course(node["reference"])
        completion = done.get(node["reference"])
        total = len(course.lessons) if course else 1
        have = sum(state.is_complete(lesson.code) for lesson in course.lessons) if course else 0
        evidence: tuple[dict[str, Any], ...] = ()
        if completion:
            evidence = (
                {
                    "kind": "course_completion",
                    "reference": str(completion.uuid),
                    "title": node["title"],
                    "completed_at": completion.completed_at.isoformat(),
                    "credited_minutes": completion.credited_minutes,
                    "outline_digest": completion.outline_digest,
                },
            )
        step = next_step(course, state) if course and course.code in state.enrolled else None
        if step:
            action: Action | None = Action(step["label"], step["url"])
        else:
            action = Action(_("Go to the course"), course.url) if course else None
        facts[node["key"]] = Fact(
            have=total if completion else have,
            need=total,
            is_met=completion is not None,
            has_begun=node["reference"] in state.enrolled,
            detail=_("%(have)s of %(need)s lessons") % {"have": total if completion else have, "need": total},
            evidence=evidence,
            action=action,
        )
    return facts


def _exam_facts(user: Any, nodes: Iterable[Mapping[str, Any]]) -> dict[str, Fact]:
    codes = [node["reference"] for node in nodes]
    if not codes:
        return {}
    cuts = dict(Assessment.objects.filter(code__in=codes).values_list("code", "cut_percent"))
    begun = set(
        Attempt.objects.filter(
            candidate=user, assessment__code__in=codes, kind="candidate", voided_at=None
        ).values_list("assessment__code", flat=True)
    )
    best: dict[str, Result] = {}
    for result in results_of(user, codes):
        code = result.attempt.assessment.code
        if code not in best or (result.passed, result.percent) > (best[code].passed, best[code].percent):
            best[code] = result
    facts = {}
    for node in nodes:
        code = node["reference"]
        top = best.get(code)
        passed = bool(top and top.passed)
        percent = display_percent(top.percent) if top else None
        evidence: tuple[dict[str, Any], ...] = ()
        if top and passed:
            evidence = (
                {
                    "kind": "result",
                    "reference": str(top.uuid),
                    "title": node["title"],
                    "attempt": str(top.attempt.uuid),
                    "percent": str(percent),
                    "cut_percent": str(top.cut_percent),
                    "at": top.at.isoformat(),
                },
            )
        need = int(cuts.get(code, 100))
        if percent is None:
            detail = _("Pass at %(cut)s %%") % {"cut": need}
        else:
            detail = _("Best %(best)s %%, pass at %(cut)s %%") % {"best": percent, "cut": need}
        facts[node["key"]] = Fact(
            have=int(percent or 0),
            need=need,
            is_met=passed,
            has_begun=code in begun,
            detail=detail,
            evidence=evidence,
            action=Action(_("Go to the examination"), reverse("quizzes:start", args=[code])),
        )
    return facts


def _attestation_facts(user: Any, nodes: Iterable[Mapping[str, Any]]) -> dict[str, Fact]:
    accepted: dict[str, Acceptance] = acceptances_of(user, [node["reference"] for node in nodes])
    facts = {}
    for node in nodes:
        row = accepted.get(node["reference"])
        evidence: tuple[dict[str, Any], ...] = ()
        if row:
            evidence = (
                {
                    "kind": "acceptance",
                    "reference": str(row.uuid),
                    "title": node["title"],
                    "accepted_at": row.accepted_at.isoformat(),
                    "digest": row.digest,
                },
            )
        facts[node["key"]] = Fact(
            have=int(row is not None),
            need=1,
            is_met=row is not None,
            has_begun=False,
            evidence=evidence,
            action=Action(_("Read and sign"), reverse("certification:attest", args=[node["reference"]])),
        )
    return facts


# Certificates -------------------------------------------------------------------------------------------------------


def with_events(queryset: QuerySet[Certificate] | None = None) -> QuerySet[Certificate]:
    """Certificates with their events in order, for `standing_of_certificate`: two queries."""
    rows = Certificate.objects.all() if queryset is None else queryset
    return rows.select_related("path_version__path", "holder").prefetch_related(
        Prefetch("events", queryset=CertificateEvent.objects.order_by("id"))
    )


def standing_of_certificate(certificate: Certificate, today: date) -> status.Standing:
    """What the certificate is worth on a day; uses prefetched events."""
    events = sorted(certificate.events.all(), key=lambda event: event.pk)
    happened = [status.Happened(event.kind, event.public_reason) for event in events]
    return status.standing(happened, certificate.expires_on, today)


def certificate_by_number(number: str) -> Certificate | None:
    """A certificate by its printed number (normalised by the caller)."""
    return with_events().filter(number=number).first()


def held_certificates(user: Any) -> QuerySet[Certificate]:
    """A person's certificates, newest first."""
    return with_events().filter(holder=user)


def active_certificate(user: Any, path: Path, today: date) -> Certificate | None:
    """A certificate of this path that holds today."""
    for certificate in held_certificates(user).filter(path_version__path=path):
        if standing_of_certificate(certificate, today).is_valid:
            return certificate
    return None


def certificates_after_regrades(today: date) -> list[dict[str, Any]]:
    """Active certificates that rest on a pass which a regrade took away: tasks for the registrar, latest first.

    Nothing is revoked by itself. A row leaves the list when the certificate is suspended, revoked or replaced, when
    the regrade is undone, or when another regrade restores the pass.
    """
    overturned = {row.reference: row for row in overturned_passes()}
    evidence = Evidence.objects.filter(kind="result", reference__in=list(overturned)) if overturned else []
    by_certificate = {row.certificate_id: overturned[row.reference] for row in evidence}
    if not by_certificate:
        return []
    rows = [
        {
            "certificate": certificate,
            "exam": by_certificate[certificate.pk].title,
            "percent": display_percent(by_certificate[certificate.pk].percent_now),
            "at": by_certificate[certificate.pk].at,
            "passed_again": by_certificate[certificate.pk].passed_again,
        }
        for certificate in with_events().filter(pk__in=list(by_certificate))
        if standing_of_certificate(certificate, today).is_valid
    ]
    return sorted(rows, key=lambda row: row["at"], reverse=True)


def open_applications() -> QuerySet[Application]:
    """Applications that wait for a decision, oldest first."""
    return Application.objects.filter(closed_at=None).select_related(
        "admission__user", "admission__path", "admission__path_version"
    )


def open_application(admission: Admission) -> Application | None:
    """The open application of an admission."""
    return Application.objects.filter(admission=admission, closed_at=None).first()
