"""Sections of the knowledge register."""

from __future__ import annotations

from typing import Any

from lms.knowledge.api import (
    BodyMap,
    Claim,
    Contradiction,
    ContradictionSide,
    Domain,
    Figure,
    GlossaryTerm,
    Muscle,
    Objective,
    SafetyNote,
    Source,
)

from ..lesson_text import inline, plain_markdown
from .base import by_code, provenance_of, set_provenance


class KnowledgeSection:
    """A kind whose entry is a flat list of fields, some of them Markdown, perhaps with sources and provenance.

    What is optional is said only where it is there.
    """

    def __init__(
        self,
        kind: str,
        model: Any,
        fields: tuple[str, ...],
        *,
        optional: tuple[str, ...] = (),
        markdown: tuple[str, ...] = (),
        with_sources: bool = False,
        with_provenance: bool = False,
    ) -> None:
        self.kind, self.model, self.fields, self.optional = kind, model, fields, optional
        self.markdown, self.with_sources, self.with_provenance = markdown, with_sources, with_provenance

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All rows in use."""
        rows = self.model.objects.filter(is_retired=False).order_by("code")
        if self.with_sources:
            rows = rows.prefetch_related("sources")
        return {row.code: self._dump(row) for row in rows}

    def _dump(self, row: Any) -> dict[str, Any]:
        entry: dict[str, Any] = {"code": row.code}
        for name in self.fields:
            value = getattr(row, name)
            entry[name] = plain_markdown(value) if name in self.markdown else value
        entry.update({name: value for name in self.optional if (value := getattr(row, name))})
        if self.with_sources:
            entry["sources"] = sorted(source.code for source in row.sources.all())
        if self.with_provenance:
            entry["provenance"] = provenance_of(row)
        return entry

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update."""
        row = self.model.objects.filter(code=entry["code"]).first() or self.model(code=entry["code"])
        for name in self.fields:
            setattr(row, name, inline(entry[name]) if name in self.markdown else entry[name])
        for name in self.optional:
            setattr(row, name, entry.get(name, self.model._meta.get_field(name).get_default()))
        row.is_retired = False
        if self.with_provenance:
            set_provenance(row, entry)
        row.full_clean(validate_unique=False)
        row.save()
        if self.with_sources:
            row.sources.set(by_code(Source, entry["sources"]))
            row.save()

    def retire(self, code: str) -> None:
        """Keep the row for what points at it, and offer it no more."""
        self.model.objects.filter(code=code).update(is_retired=True)


class ContradictionSection:
    """Contradictions with their sides, in order, and the claims that they are about."""

    kind = "contradiction"
    FIELDS = ("topic", "title", "lessons", "table_title", "table")

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All contradictions in use."""
        rows = Contradiction.objects.filter(is_retired=False).prefetch_related("sides", "claims").order_by("code")
        return {
            row.code: {
                "code": row.code,
                "topic": row.topic,
                "title": row.title,
                "sides": [{"who": side.who, "says": side.says} for side in row.sides.all()],
                "resolution": plain_markdown(row.resolution),
                "claims": sorted(claim.code for claim in row.claims.all()),
                "lessons": row.lessons,
                "table_title": row.table_title,
                "table": row.table,
                "provenance": provenance_of(row),
            }
            for row in rows
        }

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update."""
        row = Contradiction.objects.filter(code=entry["code"]).first() or Contradiction(code=entry["code"])
        for name in self.FIELDS:
            setattr(row, name, entry[name])
        row.resolution = inline(entry["resolution"])
        row.is_retired = False
        set_provenance(row, entry)
        row.full_clean(validate_unique=False)
        row.sides.set([ContradictionSide(**side) for side in entry["sides"]])
        row.save()
        row.claims.set(by_code(Claim, entry["claims"]))
        row.save()

    def retire(self, code: str) -> None:
        """Keep the row, and show it no more."""
        Contradiction.objects.filter(code=code).update(is_retired=True)


class BodyMapSection:
    """The body that the maps are drawn on; there is one at most."""

    kind = "body_map"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """The body map, if it is in use."""
        return {row.code: {**row.layout, "drawing": row.drawing} for row in BodyMap.objects.filter(is_retired=False)}

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update."""
        layout = {name: value for name, value in entry.items() if name != "drawing"}
        row = BodyMap.objects.filter(code="body").first() or BodyMap(code="body")
        row.drawing, row.layout, row.is_retired = entry["drawing"], layout, False
        row.save()

    def retire(self, code: str) -> None:
        """Keep the row, and show no maps."""
        BodyMap.objects.filter(code=code).update(is_retired=True)


class ObjectiveSection:
    """Objectives with their domain."""

    kind = "objective"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All objectives in use."""
        rows = Objective.objects.filter(is_retired=False).select_related("domain").order_by("code")
        return {
            row.code: {
                "code": row.code,
                "domain": row.domain.code,
                "text": row.text,
                **({"practical": True} if row.is_practical else {}),
            }
            for row in rows
        }

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update."""
        Objective.objects.update_or_create(
            code=entry["code"],
            defaults={
                "domain": Domain.objects.get(code=entry["domain"]),
                "text": entry["text"],
                "is_practical": entry.get("practical", False),
                "is_retired": False,
            },
        )

    def retire(self, code: str) -> None:
        """Keep the row for what points at it."""
        Objective.objects.filter(code=code).update(is_retired=True)


DOMAIN = KnowledgeSection("domain", Domain, ("title", "weight"))
SOURCE = KnowledgeSection("source", Source, ("title", "authors", "year", "publisher", "url", "mark", "used_for"))
CLAIM = KnowledgeSection(
    "claim", Claim, ("topic", "statement", "standing", "teaching"), markdown=("teaching",), with_sources=True,
    with_provenance=True,
)  # fmt: skip
CONTRADICTION = ContradictionSection()
SAFETY_NOTE = KnowledgeSection(
    "safety_note", SafetyNote, ("section", "pattern", "consider", "decision", "action"), with_provenance=True
)
TERM = KnowledgeSection("term", GlossaryTerm, ("term", "definition"))
FIGURE = KnowledgeSection(
    "figure", Figure, ("title", "alt", "caption", "standing_note", "table", "svg"), markdown=("caption",),
    with_sources=True,
)  # fmt: skip
MUSCLE = KnowledgeSection(
    "muscle", Muscle,
    ("name", "origin", "insertion", "actions", "innervation", "referral", "complaint", "caution"),
    optional=("map",), with_sources=True, with_provenance=True,
)  # fmt: skip
BODY_MAP = BodyMapSection()
OBJECTIVE = ObjectiveSection()
