"""What the interactive blocks share in the CMS: fields as long as the rules say, and the rules' problems in place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError

from .interactive_rules import SHAPES, Path, Problem, problems

GROUP = _("To do")


def line_field(kind: str, name: str, label: Any, **more: Any) -> blocks.CharBlock:
    """A field of one line in a row, as long and as needed as the rules say."""
    part = SHAPES[kind].row[name]
    return blocks.CharBlock(max_length=part.most, required=part.needed, label=label, **more)


def option_field(kind: str, name: str, label: Any, **more: Any) -> blocks.CharBlock:
    """The same for an option of the whole block."""
    part = SHAPES[kind].options[name]
    return blocks.CharBlock(max_length=part.most, required=part.needed, label=label, **more)


def title_field() -> blocks.CharBlock:
    """Its heading."""
    return blocks.CharBlock(max_length=120, required=False, label=_("Title"))


def prompt_field() -> blocks.CharBlock:
    """What the learner is asked to do."""
    return blocks.CharBlock(max_length=400, required=False, label=_("What to do"))


def because_field() -> blocks.CharBlock:
    """The reason, which is shown with the answer."""
    return blocks.CharBlock(max_length=400, required=False, label=_("Because"))


def rows_field(kind: str, row: blocks.Block, label: Any) -> blocks.ListBlock:
    """As many rows as the rules say."""
    return blocks.ListBlock(row, min_num=SHAPES[kind].fewest, max_num=SHAPES[kind].most, label=label)


def mixed(texts: Iterable[str]) -> list[int]:
    """Places of these texts in an order that is always the same and never the given one."""
    given = list(texts)
    places = sorted(range(len(given)), key=lambda place: hashlib.sha256(given[place].encode()).hexdigest())
    return places if places != sorted(places) else places[1:] + places[:1]


def name_of(kind: str, texts: Iterable[str]) -> str:
    """The beginning of ids within a block: the same for the same texts, another for others on the page."""
    return f"{kind}-{hashlib.sha256('|'.join(texts).encode()).hexdigest()[:8]}"


def _plain(value: Any) -> Any:
    """Values of blocks as the rules read them."""
    if isinstance(value, blocks.StructValue):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, blocks.list_block.ListValue):
        return [_plain(part) for part in value]
    return "" if value is None else value


def _nested(block: blocks.Block, found: list[Problem]) -> ValidationError:
    """Problems as the CMS shows them: each at the field where it stands."""
    here = [ValidationError(message) for path, message in found if not path]
    inner: dict[Any, list[Problem]] = {}
    for path, message in found:
        if path:
            rest: Path = path[1:]
            inner.setdefault(path[0], []).append((rest, message))
    if isinstance(block, blocks.StructBlock):
        errors = {name: _nested(block.child_blocks[name], rows) for name, rows in inner.items()}
        return blocks.StructBlockValidationError(block_errors=errors, non_block_errors=here)
    if isinstance(block, blocks.ListBlock):
        errors = {place: _nested(block.child_block, rows) for place, rows in inner.items()}
        return ListBlockValidationError(block_errors=errors, non_block_errors=here)
    return ValidationError([message for _path, message in found])


class InteractiveBlock(blocks.StructBlock):
    """A block whose name in the lesson is the name of its rules."""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if found := list(problems(self.meta.kind, _plain(cleaned))):
            raise _nested(self, found)
        return cleaned

    class Meta:
        kind = ""
        group = GROUP
        help_text = _("Texts take **bold** and *italic*. Nothing that a learner does here is scored or kept.")
