"""Reads of certification: paths, the ledger of a person, certificates and their standing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from lms.accounts.api import User
from lms.learning.api import has_taught
from quizzes.api import display_percent, overturned_passes

from . import numbers, status
from .eligibility import GROUPS, Fact, Ledger, evaluate, leaf_nodes
from .enums import CredentialKind
from .models import Admission, Application, Certificate, CertificateEvent, Evidence, Path, PathVersion, Waiver
from .requirements.kinds import BY_SLUG, KINDS


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


def path_asking_for(user: Any, reference: str, kind: str = "attestation") -> str | None:
    """Code of a path that the person follows and that asks for this statement, or for this document."""
    for admission in Admission.objects.filter(user=user, ended_at=None).select_related("path", "path_version"):
        wanted = leaf_nodes(admission.path_version.requirements, kind)
        if any(leaf["reference"] == reference for leaf in wanted):
            return str(admission.path.code)
    return None


def attestations_of(version: PathVersion) -> list[str]:
    """Codes of the statements that a path version asks people to sign."""
    return [leaf["reference"] for leaf in leaf_nodes(version.requirements, "attestation")]


def ledger_for(user: Any, version: PathVersion, admission: Admission | None = None) -> Ledger:
    """Where a person stands on a path: the one object behind page, API and decision."""
    nodes = version.requirements
    waived = (
        set(Waiver.objects.filter(admission=admission).values_list("requirement", flat=True)) if admission else set()
    )
    return evaluate(nodes, facts_for(user, nodes), waived)


def facts_for(user: Any, nodes: Sequence[Mapping[str, Any]]) -> dict[str, Fact]:
    """What the record says about each single requirement."""
    facts: dict[str, Fact] = {}
    for kind in KINDS:
        if mine := leaf_nodes(nodes, kind.slug):
            found = kind.gather(user, mine)
            facts |= {node["key"]: kind.evaluate(node, found.get(node["key"])) for node in mine}
    return facts


def asked_of(nodes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a path asks for: lines with `icon`, `text` and `kind`, and for groups `count` and `items`."""
    lines: list[dict[str, Any]] = []
    for node in nodes:
        if node["kind"] in GROUPS:
            lines.append(
                {
                    "icon": "list",
                    "text": node["title"],
                    "kind": node["kind"],
                    "count": node["count"],
                    "items": asked_of(node["items"]),
                }
            )
        else:
            kind = BY_SLUG[node["kind"]]
            lines.append({"icon": kind.icon, "text": kind.asked(node), "kind": node["kind"], "items": []})
    return lines


def conflict_of(decider: Any, admission: Admission, ledger: Ledger) -> str:
    """Why this person may not decide on the candidate, in words; empty if nothing stands against it.

    A certification is decided by somebody who neither examined nor taught the candidate (ISO/IEC 17024:2012, 5.2 and
    9.4); any other certificate by somebody who did not examine them.
    """
    examiners = {fact.get("examiner") for leaf in ledger.leaves() for fact in leaf.evidence}
    if str(decider.uuid) in examiners:
        return _("You examined this candidate. Somebody else decides.")
    kind = admission.path_version.facts["credential_kind"]
    if kind == CredentialKind.CERTIFICATION and has_taught(teacher=decider, student=admission.user):
        return _("You have taught this candidate. Somebody else decides.")
    return ""


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


def certificate_in_place_of(certificate: Certificate) -> Certificate | None:
    """The certificate that replaced this one, for its holder and the school: the public is not told its number."""
    event = certificate.events.filter(kind="superseded").select_related("successor").order_by("-id").first()
    return event.successor if event else None


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


# People -------------------------------------------------------------------------------------------------------------


def candidates(words: str = "") -> QuerySet[User]:
    """People whom the registrar may look up: by name, address, or the name or number on a certificate.

    Without words those who follow a path, the latest first. Each has `paths` and `certificates_held` as numbers.
    """
    running = Admission.objects.filter(user=OuterRef("pk"), ended_at=None).order_by()
    held = Certificate.objects.filter(holder=OuterRef("pk")).order_by()
    rows = User.objects.annotate(
        paths=Coalesce(Subquery(running.values("user").annotate(n=Count("pk")).values("n")), 0),
        certificates_held=Coalesce(Subquery(held.values("holder").annotate(n=Count("pk")).values("n")), 0),
        last_admitted=Subquery(running.order_by("-admitted_at").values("admitted_at")[:1]),
    )
    if not words:
        return rows.filter(paths__gt=0).order_by("-last_admitted", "pk")
    number = numbers.normalised(words)
    printed = held.filter(Q(holder_name__icontains=words) | (Q(number=number) if number else Q()))
    by_name = Q(display_name__icontains=words) | Q(legal_name__icontains=words) | Q(sort_name__icontains=words)
    rows = rows.filter(by_name | Q(email__icontains=words) | Exists(printed))
    return rows.order_by("sort_name", "email")


def applications_to_award(registrar: Any, path: Path | None = None, cohort: Any = None) -> QuerySet[Application]:
    """Open applications of others, oldest first; of one path, of people in one cohort."""
    rows = open_applications().exclude(admission__user=registrar)
    if path is not None:
        rows = rows.filter(admission__path=path)
    if cohort is not None:
        rows = rows.filter(admission__user__in=cohort.enrolments.values("user"))
    return rows.order_by("submitted_at", "id")
