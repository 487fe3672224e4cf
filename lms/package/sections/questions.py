"""Sections of the question bank."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone
from wagtail.blocks import ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.blocks.stream_block import StreamValue
from wagtail.rich_text import RichText

from lms.knowledge.api import Claim, Domain, Objective, SafetyNote
from quizzes.api import Bank, Question
from quizzes.bank.commands import freeze_question
from quizzes.bank.models import Stimulus

from ..lesson_text import inline, plain_markdown, rich
from ..pictures import dump as dump_picture
from .base import by_code, provenance_of, set_provenance


def to_block(block: Any, value: Any) -> Any:
    """An entry's interaction as the CMS's block takes it: Markdown leaves become HTML.

    What the block does not know stays as it is, for `compile` to refuse: a misspelt key is no silent default.
    """
    if isinstance(block, StructBlock) and isinstance(value, dict):
        known = block.child_blocks
        return {name: to_block(known[name], part) if name in known else part for name, part in value.items()}
    if isinstance(block, ListBlock) and isinstance(value, list):
        return [to_block(block.child_block, item) for item in value]
    if isinstance(block, StreamBlock) and isinstance(value, list):
        return [_to_row(block, row) for row in value]
    if isinstance(block, RichTextBlock):
        text = str(value or "").strip()
        return rich(text) if "\n\n" in text else inline(text)
    return value


def _to_row(block: StreamBlock, row: Any) -> Any:
    """A row that names its `kind` among its parts."""
    child = block.child_blocks.get(str(row.get("kind"))) if isinstance(row, dict) else None
    return to_block(child, row) if child else row


def from_block(value: Any) -> Any:
    """The reverse of `to_block`."""
    if isinstance(value, RichText):
        return plain_markdown(value.source)
    if isinstance(value, StreamValue):
        return [{"kind": row.block_type, **from_block(row.value)} for row in value]
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


class StimulusSection:
    """Stories that several questions share."""

    kind = "stimulus"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All stories."""
        return {
            row.code: {
                "code": row.code,
                "bank": row.bank.code,
                "title": row.title,
                "text": plain_markdown(row.text),
            }
            for row in Stimulus.objects.select_related("bank").order_by("code")
        }

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update. Its questions learn of a new text by `QUESTION.freeze_again`."""
        Stimulus.objects.update_or_create(
            code=entry["code"],
            defaults={
                "bank": Bank.objects.get(code=entry["bank"]),
                "title": entry["title"],
                "text": rich(entry["text"]),
            },
        )

    def retire(self, code: str) -> None:
        """The row stays: published questions were asked with it."""


class QuestionSection:
    """Questions."""

    kind = "question"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All questions that are not retired, as last edited."""
        rows = (
            Question.objects.exclude(life_cycle="retired")
            .select_related("bank", "objective", "domain", "picture", "stimulus")
            .prefetch_related("claims", "safety_notes", "enemies")
            .order_by("code")
        )
        return {row.code: self._dump(row) for row in rows}

    def _dump(self, row: Question) -> dict[str, Any]:
        # A key only where there is one: digests of questions without a picture or a story stay what they are.
        picture = {"picture": dump_picture(row.picture)} if row.picture else {}
        stimulus = {"stimulus": row.stimulus.code} if row.stimulus else {}
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
            **stimulus,
            "stem": plain_markdown(row.stem),
            **picture,
            "interaction": from_block(row.interaction[0].value) if len(row.interaction) else {},
            "rationale": plain_markdown(row.rationale),
            "provenance": provenance_of(row),
        }

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update, and publish: that freezes a version. A picture comes as its row."""
        row = Question.objects.filter(code=entry["code"]).first() or Question(code=entry["code"], live=False)
        row.bank = Bank.objects.get(code=entry["bank"])
        row.domain = Domain.objects.get(code=entry["domain"])
        row.objective = Objective.objects.get(code=entry["objective"])
        row.stem, row.rationale = rich(entry["stem"]), rich(entry["rationale"])
        row.stimulus = Stimulus.objects.get(code=entry["stimulus"]) if "stimulus" in entry else None
        row.picture = entry.get("picture")
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

    def freeze_again(self, stimuli: Iterable[str], user: Any) -> None:
        """New versions of the published questions that tell one of these stories, where that shows."""
        told = Question.objects.filter(stimulus__code__in=list(stimuli), live=True).select_related("stimulus")
        for row in told.order_by("code"):
            freeze_question(question=row, by=user, at=timezone.now())

    def retire(self, code: str) -> None:
        """Drawn no more; attempts keep their versions."""
        Question.objects.filter(code=code).update(life_cycle="retired")


BANK = BankSection()
STIMULUS = StimulusSection()
QUESTION = QuestionSection()
