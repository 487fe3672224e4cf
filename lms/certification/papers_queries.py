"""Reads of documents and fees: what paths ask for, what was handed in, what waits for the registrar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from .eligibility import leaf_nodes
from .models import Admission, CandidateDocument, PathVersion, Payment
from .queries import published_paths


def _asked(user: Any) -> list[Sequence[Mapping[str, Any]]]:
    """The requirements of the paths that a person follows, in the versions that they are judged by: one query."""
    rows = Admission.objects.filter(user=user, ended_at=None).order_by("id")
    return list(rows.values_list("path_version__requirements", flat=True))


def document_terms(user: Any, code: str) -> Mapping[str, Any] | None:
    """What is asked of a document: on a path that the person follows, else on one that is on offer."""
    offered = (path.current_version.requirements for path in published_paths() if path.current_version)
    for nodes in (*_asked(user), *offered):
        for leaf in leaf_nodes(nodes, "document"):
            if leaf["reference"] == code:
                return leaf
    return None


def fees_of(user: Any) -> list[Mapping[str, Any]]:
    """The fees that the paths of a person ask for, each of a currency once."""
    found = {(leaf["reference"], leaf["currency"]): leaf for nodes in _asked(user) for leaf in leaf_nodes(nodes, "fee")}
    return list(found.values())


def document_titles(users: Iterable[Any]) -> dict[str, str]:
    """What documents are called, by code: on the paths on offer, and on those that these people follow. Two queries."""
    nodes = [path.current_version.requirements for path in published_paths() if path.current_version]
    # What people are judged by has the last word.
    versions = PathVersion.objects.filter(admissions__user__in=list(users)).distinct().order_by("id")
    nodes += [version.requirements for version in versions]
    return {leaf["reference"]: leaf["title"] for tree in nodes for leaf in leaf_nodes(tree, "document")}


def documents() -> QuerySet[CandidateDocument]:
    """Everything that was handed in, with what the school said of it."""
    return CandidateDocument.objects.select_related("user", "review__by", "review__withdrawn_by")


def waiting_documents() -> QuerySet[CandidateDocument]:
    """Documents that nobody has looked at, oldest first."""
    return documents().filter(review=None).order_by("submitted_at", "id")


def documents_of(user: Any, code: str | None = None) -> QuerySet[CandidateDocument]:
    """What a person handed in, newest first; of one requirement if asked."""
    rows = documents().filter(user=user).order_by("-submitted_at", "-id")
    return rows if code is None else rows.filter(code=code)


def with_the_same_file(document: CandidateDocument) -> QuerySet[CandidateDocument]:
    """Documents of other people that are the very same file."""
    rows = (
        CandidateDocument.objects.select_related("user").filter(digest=document.digest).exclude(user=document.user_id)
    )
    return rows.order_by("submitted_at", "id")


def document_state(document: CandidateDocument, today: date) -> str:
    """`waiting`, `accepted`, `refused`, or `expired` for an accepted one that has run out."""
    review = getattr(document, "review", None)
    if review is None:
        return "waiting"
    if not review.counts:
        return "refused"
    return "expired" if document.expires_on and document.expires_on < today else "accepted"


def payments_of(user: Any) -> QuerySet[Payment]:
    """What was noted as paid by a person, newest first, with what was taken back."""
    return Payment.objects.filter(user=user).select_related("noted_by", "reversal__by").order_by("-paid_on", "-id")
