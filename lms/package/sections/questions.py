"""Sections of the question bank and of assessments."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from wagtail.blocks import ListBlock, RichTextBlock, StructBlock
from wagtail.rich_text import RichText

from lms.knowledge.api import Claim, Domain, Objective, SafetyNote
from quizzes.api import Assessment, Bank, Question

from ..lesson_text import inline, plain_markdown, rich
from .base import by_code, provenance_of, set_provenance


def to_block(block: Any, value: Any) -> Any:
    """An entry's interaction as the CMS's block takes it: Markdown leaves become HTML."""
    if isinstance(block, StructBlock):
        return {name: to_block(child, value[name]) for name, child in block.child_blocks.items() if name in value}
    if isinstance(block, ListBlock):
        return [to_block(block.child_block, item) for item in value or []]
    if isinstance(block, RichTextBlock):
        return inline(str(value or ""))
    return value


def from_block(value: Any) -> Any:
    """The reverse of `to_block`."""
    if isinstance(value, RichText):
        return plain_markdown(value.source)
    if hasattr(value, "items") and callable(value.items):
        return {name: from_block(part) for name, part in value.items()}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, str | int | bool) or value is None:
        return value
    return [from_block(item) for item in value]


class BankSection:
    """Banks."""

    kind = "bank"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All banks."""
        return {
            row.code: {
                "code": row.code,
                "title": row.title,
                "purpose": row.purpose,
                "description": row.description,
                "is_sample": row.is_sample,
            }
            for row in Bank.objects.order_by("code")
        }

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update."""
        Bank.objects.update_or_create(code=entry["code"], defaults={k: v for k, v in entry.items() if k != "code"})

    def retire(self, code: str) -> None:
        """A bank goes out of use with its questions; the row stays."""


class QuestionSection:
    """Questions."""

    kind = "question"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All questions that are not retired, as last edited."""
        rows = (
            Question.objects.exclude(life_cycle="retired")
            .select_related("bank", "objective", "domain")
            .prefetch_related("claims", "safety_notes", "enemies")
            .order_by("code")
        )
        return {row.code: self._dump(row) for row in rows}

    def _dump(self, row: Question) -> dict[str, Any]:
        return {
            "code": row.code,
            "bank": row.bank.code,
            "type": row.type_slug,
            "objective": row.objective.code,
            "domain": row.domain.code,
            "cognitive_level": row.cognitive_level,
            "claims": sorted(claim.code for claim in row.claims.all()),
            "safety_notes": sorted(note.code for note in row.safety_notes.all()),
            "scoring": row.scoring,
            "tags": list(row.tags),
            "vignette": row.is_vignette,
            "enemies": sorted(enemy.code for enemy in row.enemies.all()),
            "life_cycle": row.life_cycle,
            "stem": plain_markdown(row.stem),
            "interaction": from_block(row.interaction[0].value) if len(row.interaction) else {},
            "rationale": plain_markdown(row.rationale),
            "provenance": provenance_of(row),
        }

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update, and publish: that freezes a version."""
        row = Question.objects.filter(code=entry["code"]).first() or Question(code=entry["code"], live=False)
        row.bank = Bank.objects.get(code=entry["bank"])
        row.domain = Domain.objects.get(code=entry["domain"])
        row.objective = Objective.objects.get(code=entry["objective"])
        row.stem, row.rationale = rich(entry["stem"]), rich(entry["rationale"])
        row.scoring, row.tags, row.is_vignette = entry["scoring"], entry["tags"], entry["vignette"]
        row.cognitive_level, row.life_cycle = entry["cognitive_level"], entry["life_cycle"]
        block = Question._meta.get_field("interaction").stream_block.child_blocks[entry["type"]]
        row.interaction = [(entry["type"], to_block(block, entry["interaction"]))]
        set_provenance(row, entry)
        row.claims = by_code(Claim, entry["claims"])
        row.safety_notes = by_code(SafetyNote, entry["safety_notes"])
        if row.pk is None:
            row.save()
        row.save_revision(user=user).publish(user=user)

    def link_enemies(self, entries: dict[str, dict[str, Any]]) -> None:
        """Enemies point at each other, so they are linked once all questions exist."""
        rows = {
            row.code: row for row in by_code(Question, {*entries, *(e for x in entries.values() for e in x["enemies"])})
        }
        for code, entry in entries.items():
            row = rows[code]
            wanted = {rows[enemy].pk for enemy in entry["enemies"] if enemy in rows}
            if wanted != set(row.enemies.values_list("pk", flat=True)):
                row.enemies.set(wanted)
                row.save()

    def retire(self, code: str) -> None:
        """Drawn no more; attempts keep their versions."""
        Question.objects.filter(code=code).update(life_cycle="retired")


def _minutes(value: timedelta | None) -> int | None:
    return None if value is None else int(value.total_seconds() // 60)


def _trimmed(value: Decimal) -> str:
    return format(value.normalize(), "f")


class AssessmentSection:
    """Checks, quizzes and exams."""

    kind = "assessment"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All assessments in use."""
        return {row.code: self._dump(row) for row in Assessment.objects.filter(is_retired=False).order_by("code")}

    def _dump(self, row: Assessment) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "code": row.code,
            "title": row.title,
            "kind": row.kind,
            "lesson": None,
            "module": None,
            "intro": plain_markdown(row.intro),
            "form_policy": row.form_policy,
            "forms": row.form_count,
            "items": [],
            "draw": None,
            "cut_percent": _trimmed(row.cut_percent),
            "cut_basis": row.cut_basis,
            "hurdles": row.hurdles,
            "time_limit_minutes": _minutes(row.time_limit),
            "max_attempts": row.max_attempts,
            "attempts_window_days": row.attempts_window.days if row.attempts_window else None,
            "cooldown_minutes": _minutes(row.cooldown),
            "feedback": row.feedback,
            "results": row.results,
            "domain_report": row.domain_report,
            "navigation": row.navigation,
            "shuffle_items": row.shuffle_items,
        }
        for block in row.structure:
            value = block.value
            if block.block_type == "items":
                entry["items"] = [question.code for question in value["questions"] if question]
            else:
                entry["draw"] = {
                    "bank": value["bank"].code,
                    "rules": [
                        {
                            "count": rule["count"],
                            "domain": rule["domain"].code if rule["domain"] else None,
                            "level": rule["cognitive_level"] or None,
                            "tag": rule["tag"] or "",
                            "pilot": bool(rule["pilot"]),
                        }
                        for rule in value["rules"]
                    ],
                    "max_per_objective": value["max_per_objective"],
                    "marks": _trimmed(Decimal(value["marks"])),
                }
        return entry

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update, and publish: that proves the blueprint and freezes a version with its forms."""
        row = Assessment.objects.filter(code=entry["code"]).first() or Assessment(code=entry["code"], live=False)
        row.title, row.kind, row.intro = entry["title"], entry["kind"], rich(entry["intro"])
        row.form_policy, row.form_count = entry["form_policy"], entry["forms"]
        row.cut_percent, row.cut_basis = Decimal(str(entry["cut_percent"])), entry["cut_basis"]
        row.hurdles = entry["hurdles"]
        row.time_limit = timedelta(minutes=entry["time_limit_minutes"]) if entry["time_limit_minutes"] else None
        row.max_attempts = entry["max_attempts"]
        row.attempts_window = timedelta(days=entry["attempts_window_days"]) if entry["attempts_window_days"] else None
        row.cooldown = timedelta(minutes=entry["cooldown_minutes"]) if entry["cooldown_minutes"] else None
        for name in ("feedback", "results", "domain_report", "navigation", "shuffle_items"):
            setattr(row, name, entry[name])
        row.structure = [self._structure(entry)]
        row.is_retired = False
        row.full_clean(exclude=["current_version", "latest_revision", "live_revision"], validate_unique=False)
        if row.pk is None:
            row.save()
        row.save_revision(user=user).publish(user=user)

    def _structure(self, entry: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        if entry["items"]:
            questions = {row.code: row for row in by_code(Question, entry["items"])}
            return "items", {"questions": [questions[code] for code in entry["items"]], "marks": Decimal(1)}
        draw = entry["draw"]
        domains = {row.code: row for row in Domain.objects.all()}
        rules = [
            {
                "domain": domains[rule["domain"]] if rule["domain"] else None,
                "cognitive_level": rule["level"] or "",
                "tag": rule["tag"],
                "count": rule["count"],
                "pilot": rule["pilot"],
            }
            for rule in draw["rules"]
        ]
        return "draw", {
            "bank": Bank.objects.get(code=draw["bank"]),
            "rules": rules,
            "max_per_objective": draw["max_per_objective"],
            "marks": Decimal(str(draw["marks"])),
        }

    def retire(self, code: str) -> None:
        """Nobody starts it any more; attempts stay."""
        Assessment.objects.filter(code=code).update(is_retired=True)


BANK = BankSection()
QUESTION = QuestionSection()
ASSESSMENT = AssessmentSection()
