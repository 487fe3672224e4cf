"""A section of a package: how one kind of thing is written into the database and out of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from lms.knowledge.api import Provenance as ProvenanceModel


class Section(Protocol):
    """Reader and writer of one kind. Entries are plain JSON-like data, as `schema` dumps them."""

    kind: str

    def dumps(self) -> dict[str, dict[str, Any]]:
        """Everything of this kind that is in use, as entries by code."""
        ...

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update the object of this code, published."""
        ...

    def retire(self, code: str) -> None:
        """Take it out of use without deleting anything."""
        ...


def provenance_of(row: ProvenanceModel) -> dict[str, Any]:
    """Provenance as an entry has it."""
    return {
        "author": row.author,
        "ai_assistance": row.ai_assistance,
        "reviewed_by": row.reviewed_by,
        "reviewer_credential": row.reviewer_credential,
        "reviewed_on": row.reviewed_on.isoformat() if row.reviewed_on else None,
    }


def set_provenance(row: ProvenanceModel, entry: dict[str, Any]) -> None:
    """The reverse of `provenance_of`."""
    for name, value in entry["provenance"].items():
        setattr(row, name, value)


def by_code(model: Any, codes: Iterable[str]) -> list[Any]:
    """Rows of these codes, in any order."""
    return list(model.objects.filter(code__in=list(codes)))
