"""Sections of agreements, practical examinations and paths."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from lms.accounts.api import Agreement, publish_agreement
from lms.certification.api import REQUIREMENT_KINDS, Path, policy_of
from lms.practicals.api import Practical

from ..lesson_text import plain_markdown, rich

BY_SLUG = {kind.slug: kind for kind in REQUIREMENT_KINDS}


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


class PracticalSection:
    """Practical examinations with their stations."""

    kind = "practical"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All that are in use."""
        return {row.code: self._dump(row) for row in Practical.objects.filter(is_retired=False).order_by("code")}

    def _dump(self, row: Practical) -> dict[str, Any]:
        return {
            "code": row.code,
            "title": row.title,
            "instructions": row.instructions,
            "pass_percent": row.pass_percent,
            "examiners_needed": row.examiners_needed,
            "stations": [
                {
                    "code": block.value["code"],
                    "title": block.value["title"],
                    "minutes": block.value["minutes"],
                    "briefing": block.value["briefing"],
                    "criteria": list(block.value["criteria"]),
                }
                for block in row.stations
            ],
            "critical_fails": [str(block.value) for block in row.critical_fails],
        }

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update, and publish: that freezes a version."""
        row = Practical.objects.filter(code=entry["code"]).first() or Practical(code=entry["code"], live=False)
        for name in ("title", "instructions", "pass_percent", "examiners_needed"):
            setattr(row, name, entry[name])
        row.stations = [("station", station) for station in entry["stations"]]
        row.critical_fails = [("critical_fail", text) for text in entry["critical_fails"]]
        row.is_retired = False
        if row.pk is None:
            row.save()
        row.save_revision(user=user).publish(user=user)

    def retire(self, code: str) -> None:
        """Nobody begins it any more; what was recorded stays."""
        Practical.objects.filter(code=code).update(is_retired=True)


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
            **self._said(row),
        }

    def _said(self, row: Path) -> dict[str, Any]:
        """What came to the format later, where it is said."""
        said: dict[str, Any] = {}
        if row.ce_hours is not None:
            said["ce_hours"] = f"{row.ce_hours:.2f}"
        for name in ("course_type", "instructor_name"):
            if getattr(row, name):
                said[name] = getattr(row, name)
        if not row.admits_on_enrolment:
            said["admits_on_enrolment"] = False
        if row.renewal:
            said["renewal"] = policy_of(row.renewal[0].value).model_dump(mode="json")
        return said

    def _leaf_entry(self, block: Any) -> dict[str, Any]:
        value = block.value
        if block.block_type == "group":
            return {
                "group": value["kind"],
                "title": value["title"],
                "count": value["count"],
                "items": [self._leaf_entry(item) for item in value["items"]],
            }
        entry: dict[str, Any] = BY_SLUG[block.block_type].terms(value).model_dump(mode="json")
        if not entry.get("after", True):
            # It came to the format later and is said where there is something to say.
            del entry["after"]
        return entry

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update, and publish: that freezes a version."""
        row = Path.objects.filter(code=entry["code"]).first() or Path(code=entry["code"], live=False)
        for name in ("title", "credential_title", "credential_kind", "scope_note", "hours_label", "valid_months"):
            setattr(row, name, entry[name])
        row.summary = rich(entry["summary"])
        row.requirements = [self._block(requirement) for requirement in entry["requirements"]]
        row.admits_on_enrolment = entry.get("admits_on_enrolment", True)
        row.ce_hours = Decimal(entry["ce_hours"]) if entry.get("ce_hours") else None
        row.course_type, row.instructor_name = entry.get("course_type", ""), entry.get("instructor_name", "")
        row.renewal = [("policy", entry["renewal"])] if entry.get("renewal") else []
        row.is_retired = False
        if row.pk is None:
            row.save()
        row.save_revision(user=user).publish(user=user)

    def _block(self, requirement: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        if "group" in requirement:
            return "group", {
                "kind": requirement["group"],
                "title": requirement["title"],
                "count": requirement["count"],
                "items": [self._block(item) for item in requirement["items"]],
            }
        kind = BY_SLUG[next(iter(requirement))]
        return kind.slug, kind.value(kind.Terms(**requirement))

    def retire(self, code: str) -> None:
        """Nobody is admitted any more; admissions and certificates stay."""
        Path.objects.filter(code=code).update(is_retired=True)


AGREEMENT = AgreementSection()
PRACTICAL = PracticalSection()
PATH = PathSection()
