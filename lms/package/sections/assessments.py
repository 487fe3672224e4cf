"""Section of checks, quizzes and exams: their rules, and what they consist of."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from lms.knowledge.api import Domain
from quizzes.api import Assessment, Bank, Question

from ..lesson_text import plain_markdown, rich
from ..schema import moment_text
from .base import by_code

#: Said only where it differs from the usual, so that digests of what was loaded before stay what they are.
MOMENTS = ("opens_at", "starts_until", "closes_at")
FLAGS = ("asks_certainty", "needs_authorisation", "needs_sitting", "needs_second_marker", "retake_needs_remediation")
ONE_MARK = Decimal(1)


def _minutes(value: timedelta | None) -> int | None:
    return None if value is None else int(value.total_seconds() // 60)


def _trimmed(value: Decimal) -> str:
    return format(value.normalize(), "f")


def parts_of(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The sections of an entry, whichever of the three ways it says them."""
    if entry["items"]:
        return [{"items": entry["items"], "marks": str(ONE_MARK)}]
    return [{"draw": entry["draw"]}] if entry["draw"] else list(entry.get("sections", ()))


def in_short(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry as it is compared and exported: sections only where `items` or `draw` do not say everything."""
    told = {
        name: value
        for name, value in entry.items()
        if name != "sections" and (name not in {*MOMENTS, *FLAGS} or value not in (None, False))
    }
    parts = [_part(part) for part in parts_of(entry)]
    only = parts[0] if len(parts) == 1 else {}
    told["items"] = only["items"] if Decimal(only.get("marks") or 0) == ONE_MARK else []
    told["draw"] = only.get("draw")
    return told if told["items"] or told["draw"] else {**told, "sections": parts}


def _marks(part: dict[str, Any]) -> Decimal:
    return Decimal(str(part.get("marks") or ONE_MARK))


def _part(part: dict[str, Any]) -> dict[str, Any]:
    """A section without what it does not say."""
    said = {name: part[name] for name in ("items", "draw", "case_sets") if part.get(name)}
    return {**said, "marks": _trimmed(_marks(part))} if "items" in said else said


def banks_of(entry: dict[str, Any]) -> set[str]:
    """Codes of the banks that an assessment draws from."""
    return {(part.get("draw") or part.get("case_sets"))["bank"] for part in parts_of(entry) if not part.get("items")}


def questions_of(entry: dict[str, Any]) -> set[str]:
    """Codes of the questions that an assessment names."""
    return {code for part in parts_of(entry) for code in part.get("items") or ()}


def _dump_block(block: Any) -> dict[str, Any]:
    """A block of the structure as a section of an entry."""
    value = block.value
    marks = _trimmed(Decimal(value["marks"]))
    if block.block_type == "items":
        return {"items": [question.code for question in value["questions"] if question], "marks": marks}
    drawn = {"bank": value["bank"].code, "marks": marks}
    if block.block_type == "case_sets":
        return {"case_sets": {**drawn, "sets": value["sets"], "items_per_set": value["items_per_set"]}}
    rules = [
        {
            "count": rule["count"],
            "domain": rule["domain"].code if rule["domain"] else None,
            "level": rule["cognitive_level"] or None,
            "tag": rule["tag"] or "",
            "pilot": bool(rule["pilot"]),
        }
        for rule in value["rules"]
    ]
    return {"draw": {**drawn, "rules": rules, "max_per_objective": value["max_per_objective"]}}


def _to_block(part: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The reverse of `_dump_block`."""
    if part.get("items"):
        questions = {row.code: row for row in by_code(Question, part["items"])}
        return "items", {"questions": [questions[code] for code in part["items"]], "marks": _marks(part)}
    drawn = part.get("draw") or part["case_sets"]
    value = {"bank": Bank.objects.get(code=drawn["bank"]), "marks": _marks(drawn)}
    if not part.get("draw"):
        return "case_sets", {**value, "sets": drawn["sets"], "items_per_set": drawn["items_per_set"]}
    domains = {row.code: row for row in Domain.objects.all()}
    rules = [
        {
            "domain": domains[rule["domain"]] if rule["domain"] else None,
            "cognitive_level": rule["level"] or "",
            "tag": rule["tag"],
            "count": rule["count"],
            "pilot": rule["pilot"],
        }
        for rule in drawn["rules"]
    ]
    return "draw", {**value, "rules": rules, "max_per_objective": drawn["max_per_objective"]}


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
        entry |= {name: moment_text(at) if (at := getattr(row, name)) else None for name in MOMENTS}
        entry |= {name: getattr(row, name) for name in FLAGS}
        return in_short({**entry, "sections": [_dump_block(block) for block in row.structure]})

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
        for name in MOMENTS:
            setattr(row, name, datetime.fromisoformat(entry[name]) if entry.get(name) else None)
        for name in FLAGS:
            setattr(row, name, entry.get(name, False))
        row.structure = [_to_block(part) for part in parts_of(entry)]
        row.is_retired = False
        row.full_clean(exclude=["current_version", "latest_revision", "live_revision"], validate_unique=False)
        if row.pk is None:
            row.save()
        row.save_revision(user=user).publish(user=user)

    def retire(self, code: str) -> None:
        """Nobody starts it any more; attempts stay."""
        Assessment.objects.filter(code=code).update(is_retired=True)


ASSESSMENT = AssessmentSection()
