"""Sections of agreements and paths."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from lms.accounts.api import Agreement, publish_agreement
from lms.certification.api import Path
from quizzes.api import Assessment

from ..lesson_text import plain_markdown, rich


class AgreementSection:
    """Texts that people agree to. A changed text is a new version."""

    kind = "agreement"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """The version in force of each."""
        entries = {}
        for row in Agreement.objects.order_by("code", "version"):
            entries[row.code] = {"code": row.code, "kind": row.kind, "title": row.title, "text": row.text}
        return entries

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Publish the text as the version in force."""
        publish_agreement(at=timezone.now(), **entry)

    def retire(self, code: str) -> None:
        """What was accepted stays in the record."""


class PathSection:
    """Paths with their requirement trees."""

    kind = "path"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All paths in use."""
        return {row.code: self._dump(row) for row in Path.objects.filter(is_retired=False).order_by("code")}

    def _dump(self, row: Path) -> dict[str, Any]:
        return {
            "code": row.code,
            "title": row.title,
            "credential_title": row.credential_title,
            "credential_kind": row.credential_kind,
            "summary": plain_markdown(row.summary),
            "scope_note": row.scope_note,
            "hours_label": row.hours_label,
            "valid_months": row.valid_months,
            "requirements": [self._leaf_entry(block) for block in row.requirements],
        }

    def _leaf_entry(self, block: Any) -> dict[str, Any]:
        value = block.value
        if block.block_type == "course":
            return {"course": value["course"]}
        if block.block_type == "exam":
            return {"exam": value["assessment"].code}
        if block.block_type == "attestation":
            return {"attestation": value["agreement"]}
        return {
            "group": value["kind"],
            "title": value["title"],
            "count": value["count"],
            "items": [self._leaf_entry(item) for item in value["items"]],
        }

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update, and publish: that freezes a version."""
        row = Path.objects.filter(code=entry["code"]).first() or Path(code=entry["code"], live=False)
        for name in ("title", "credential_title", "credential_kind", "scope_note", "hours_label", "valid_months"):
            setattr(row, name, entry[name])
        row.summary = rich(entry["summary"])
        row.requirements = [self._block(requirement) for requirement in entry["requirements"]]
        row.is_retired = False
        if row.pk is None:
            row.save()
        row.save_revision(user=user).publish(user=user)

    def _block(self, requirement: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        if "course" in requirement:
            return "course", {"course": requirement["course"]}
        if "exam" in requirement:
            return "exam", {"assessment": Assessment.objects.get(code=requirement["exam"])}
        if "attestation" in requirement:
            return "attestation", {"agreement": requirement["attestation"]}
        return "group", {
            "kind": requirement["group"],
            "title": requirement["title"],
            "count": requirement["count"],
            "items": [self._block(item) for item in requirement["items"]],
        }

    def retire(self, code: str) -> None:
        """Nobody is admitted any more; admissions and certificates stay."""
        Path.objects.filter(code=code).update(is_retired=True)


AGREEMENT = AgreementSection()
PATH = PathSection()
