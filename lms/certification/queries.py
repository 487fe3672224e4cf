"""Reads of certification: paths, the ledger of a person, certificates and their standing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from lms.accounts.api import User, acceptances_of
from lms.learning.api import has_taught
from quizzes.api import display_percent, overturned_passes

from . import numbers, status
from .eligibility import GROUPS, Fact, Ledger, evaluate, leaf_nodes
from .enums import CredentialKind, PublicReason
from .models import (
    Admission,
    Application,
    AwardBatch,
    Certificate,
    CertificateEvent,
    Evidence,
    Path,
    PathVersion,
    Waiver,
)
from .requirements.kinds import BY_SLUG, KINDS


def published_paths() -> QuerySet[Path]:
    """Paths that people may follow."""
    return (
        Path.objects.filter(live=True, is_retired=False)
        .exclude(current_version=None)
        .select_related("current_version")
        .order_by("code")
    )


def paths_for(user: Any) -> QuerySet[Path]:
    """Paths on offer, and those that the person follows, even if nobody else may follow them any more."""
    followed = Admission.objects.filter(user=user.pk, ended_at=None).values("path")
    rows = Path.objects.filter(Q(live=True, is_retired=False) | Q(pk__in=followed)).exclude(current_version=None)
    return rows.select_related("current_version").order_by("code")


def running_admission(user: Any, path: Path) -> Admission | None:
    """The person's admission to a path, with the version that they are judged by."""
    return Admission.objects.filter(user=user, path=path, ended_at=None).select_related("path_version", "path").first()


def path_asking_for(user: Any, reference: str, kind: str) -> str | None:
    """Code of a path that the person follows and that has a requirement of this kind with this reference."""
    for admission in Admission.objects.filter(user=user, ended_at=None).select_related("path", "path_version"):
        wanted = leaf_nodes(admission.path_version.requirements, kind)
        if any(leaf["reference"] == reference for leaf in wanted):
            return str(admission.path.code)
    return None


def attestations_of(version: PathVersion) -> list[str]:
    """Codes of the statements that a path version asks people to sign."""
    return [leaf["reference"] for leaf in leaf_nodes(version.requirements, "attestation")]


@dataclass(frozen=True)
class Statements:
    """The statements that a path asks a person to sign, in its order."""

    path: str
    codes: tuple[str, ...]
    signed: frozenset[str]

    def place_of(self, code: str) -> int:
        """Which of them it is, from 1."""
        return self.codes.index(code) + 1

    @property
    def next(self) -> str | None:
        """The first that is not signed."""
        return next((code for code in self.codes if code not in self.signed), None)


def statements_with(user: Any, code: str) -> Statements | None:
    """The statements of the path that a person follows and that asks for this one."""
    for admission in Admission.objects.filter(user=user, ended_at=None).select_related("path", "path_version"):
        codes = attestations_of(admission.path_version)
        if code in codes:
            return Statements(admission.path.code, tuple(codes), frozenset(acceptances_of(user, codes)))
    return None


def ledger_for(user: Any, version: PathVersion, admission: Admission | None = None) -> Ledger:
    """Where a person stands on a path: the one object behind page, API and decision."""
    nodes = version.requirements
    waived = (
        set(Waiver.objects.filter(admission=admission, withdrawn_at=None).values_list("requirement", flat=True))
        if admission
        else set()
    )
    return evaluate(nodes, facts_for(user, nodes), waived)


def standing_on(user: Any, path: Path) -> tuple[Admission | None, Ledger]:
    """A person's admission to a published path, if there is one, and the ledger by the version that judges them."""
    admission = running_admission(user, path)
    version = admission.path_version if admission else path.current_version
    if version is None:
        raise ValueError("a path is published before anybody stands on it")
    return admission, ledger_for(user, version, admission)


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
    examiners = {
        fact.get(part) for leaf in ledger.leaves() for fact in leaf.evidence for part in ("examiner", "ruled_by")
    }
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


def certificate_by_number(text: str, among: QuerySet[Certificate] | None = None) -> Certificate | None:
    """A certificate by its number, however that is written; among these if asked."""
    number = numbers.normalised(text)
    return with_events(among).filter(number=number).first() if number else None


def with_standing(certificates: Iterable[Certificate], today: date) -> list[dict[str, Any]]:
    """Lines of a list: each `certificate` and its `standing`."""
    return [{"certificate": row, "standing": standing_of_certificate(row, today)} for row in certificates]


def saying(words: str) -> Q:
    """Certificates on which these words stand: a part of the name or title, or the number, however it is written."""
    found = Q(holder_name__icontains=words) | Q(title__icontains=words)
    number = numbers.normalised(words)
    return found | Q(number=number) if number else found


def public_facts(certificate: Certificate, today: date) -> dict[str, Any]:
    """What anyone may know of a certificate: no more than the certificate says itself, and whether it holds."""
    standing = standing_of_certificate(certificate, today)
    return {
        "number": certificate.number,
        "status": standing.status.value,
        "status_label": standing.status.label,
        "valid": standing.is_valid,
        "public_reason": standing.public_reason or None,
        "public_reason_label": PublicReason(standing.public_reason).label if standing.public_reason else "",
        "name": certificate.holder_name,
        "title": certificate.title,
        "credential_kind": certificate.credential_kind,
        "credential_kind_label": certificate.get_credential_kind_display(),
        "awarded_on": certificate.awarded_on,
        "expires_on": certificate.expires_on,
        "school": certificate.facts["school"],
        "hours_label": certificate.facts["hours_label"],
        "scope_note": certificate.facts["scope_note"],
        "is_demonstration": certificate.is_demonstration,
    }


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


def applications() -> QuerySet[Application]:
    """Applications with who asks for what, and the decision."""
    return Application.objects.select_related(
        "admission__user", "admission__path", "admission__path_version", "decision__by"
    )


def open_applications() -> QuerySet[Application]:
    """Applications that wait for a decision, oldest first."""
    return applications().filter(closed_at=None).order_by("submitted_at", "id")


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
    return rows


def batches_with_progress() -> QuerySet[AwardBatch]:
    """Batches, newest first, each with `total`, `done` and `awarded` as numbers of its applications."""
    counts = {"total": Count("items"), "done": Count("items__done_at"), "awarded": Count("items__certificate")}
    return AwardBatch.objects.select_related("opened_by").annotate(**counts).order_by("-opened_at", "-id")
