"""Lessons as text: front matter, Markdown, and blocks between `:::name {options}` and `:::`.

`parse_body` and `write_body` are each other's reverse for everything that a lesson may hold.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from courses.api import BLOCK_SHAPES
from lms.core.markup import html_to_markdown, markdown_inline_to_html, markdown_to_html

from . import located_yaml
from .block_rows import TextFault, read_interactive, read_list, sparse

__all__ = [
    "BLOCKS", "CALLOUT_KINDS", "TextFault", "inline", "parse_body", "plain_markdown", "rich", "split_front_matter",
    "write_body",
]  # fmt: skip

OPENING = re.compile(r"^:::([a-z_]+)(?:\s+(\{.*\}))?\s*$")
CLOSING = ":::"
#: Options that each block takes, and what its body is.
BLOCKS: dict[str, tuple[set[str], str]] = {
    **{name: (set(shape.options), "interactive") for name, shape in BLOCK_SHAPES.items()},
    "callout": ({"kind", "title"}, "markdown"),
    "claim": ({"code"}, "empty"),
    "figure": ({"code"}, "empty"),
    "term": ({"code"}, "empty"),
    "say_instead": ({"title"}, "rows"),
    "timeline": ({"title"}, "rows"),
    "table": ({"caption"}, "table"),
    "video": ({"title", "url", "duration_minutes"}, "markdown"),
    "check": ({"assessment"}, "empty"),
}
ROW_KEYS = {"say_instead": {"avoid", "instead", "because"}, "timeline": {"date", "title", "text"}}
CALLOUT_KINDS = {"key_point", "treatment_room", "caution", "evidence"}
OPTIONAL = {
    "title", "duration_minutes",
    *(name for shape in BLOCK_SHAPES.values() for name, part in shape.options.items() if not part.needed),
}  # fmt: skip


def split_front_matter(text: str) -> tuple[str, str, int]:
    """(front matter, body, line of the body's first line). Raises `TextFault`."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        raise TextFault(1, "a lesson begins with front matter between two lines of ---")
    for place, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            return "\n".join(lines[1:place]), "\n".join(lines[place + 1 :]), place + 2
    raise TextFault(1, "the front matter is not closed with ---")


def parse_body(text: str, first_line: int = 1) -> list[dict[str, Any]]:
    """The blocks of a lesson in order, each with `type`, its options and its `line`."""
    blocks: list[dict[str, Any]] = []
    prose: list[str] = []
    prose_line = first_line
    lines = text.splitlines()
    place = 0

    def end_prose() -> None:
        if words := "\n".join(prose).strip():
            blocks.append({"type": "prose", "text": words, "line": prose_line})
        prose.clear()

    while place < len(lines):
        line = lines[place]
        if not line.startswith(CLOSING):
            if not prose:
                prose_line = first_line + place
            if prose or line.strip():
                prose.append(line)
            place += 1
            continue
        opening = OPENING.match(line)
        if opening is None:
            raise TextFault(first_line + place, f"this is no block opening: {line.strip()[:60]}")
        end_prose()
        close = next((at for at in range(place + 1, len(lines)) if lines[at].strip() == CLOSING), None)
        if close is None:
            raise TextFault(first_line + place, "the block is not closed with :::")
        body = "\n".join(lines[place + 1 : close])
        blocks.append(_block(opening[1], opening[2] or "{}", body, first_line + place))
        place = close + 1
    end_prose()
    return blocks


def _block(name: str, options_text: str, body: str, line: int) -> dict[str, Any]:
    if name not in BLOCKS:
        raise TextFault(line, f"there is no block “{name}”; there are {', '.join(sorted(BLOCKS))}")
    known, kind = BLOCKS[name]
    try:
        options = located_yaml.load(options_text).data or {}
    except yaml.YAMLError as error:
        raise TextFault(line, f"the options are not readable: {error}") from error
    if not isinstance(options, dict):
        raise TextFault(line, "the options must stand in braces")
    if stray := sorted(set(map(str, options)) - known):
        raise TextFault(line, f"the block {name} has no option “{stray[0]}”")
    if missing := sorted(known - set(options) - OPTIONAL):
        raise TextFault(line, f"the block {name} needs the option “{missing[0]}”")
    if kind == "interactive":
        return {"type": name, **read_interactive(name, options, body, line), "line": line}
    block: dict[str, Any] = {"type": name, **options, "line": line}
    if name == "callout" and block["kind"] not in CALLOUT_KINDS:
        raise TextFault(line, f"a callout is one of {', '.join(sorted(CALLOUT_KINDS))}")
    if kind == "markdown":
        if not body.strip():
            raise TextFault(line, f"the block {name} is empty")
        block["text"] = body.strip()
    elif kind == "rows":
        block["rows"] = _rows(name, body, line + 1)
    elif kind == "table":
        block["rows"] = _table(body, line + 1)
    elif body.strip():
        raise TextFault(line + 1, f"the block {name} has no text of its own")
    return block


def _rows(name: str, body: str, line: int) -> list[dict[str, str]]:
    found = read_list(name, body, line)
    rows = []
    for place, row in enumerate(found.data):
        at = found.line((place,))
        if not isinstance(row, dict):
            raise TextFault(at, "each entry needs named parts")
        if stray := sorted(set(map(str, row)) - ROW_KEYS[name]):
            raise TextFault(at, f"there is no part “{stray[0]}”")
        rows.append({key: str(row.get(key, "") or "") for key in sorted(ROW_KEYS[name])})
    return rows


def _table(body: str, line: int) -> list[list[str]]:
    lines = [row.strip() for row in body.strip().splitlines() if row.strip()]
    if len(lines) < 3 or not re.fullmatch(r"[|:\- ]+", lines[1]):
        raise TextFault(line, "a table needs a header, a line of dashes and at least one row")
    rows = [_cells(row) for place, row in enumerate(lines) if place != 1]
    for place, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise TextFault(line + place + (place > 0), f"this row has {len(row)} cells and the header {len(rows[0])}")
    return rows


def _cells(row: str) -> list[str]:
    parts = re.split(r"(?<!\\)\|", row.strip().removeprefix("|").removesuffix("|"))
    return [part.strip().replace("\\|", "|") for part in parts]


# Markdown and the CMS ----------------------------------------------------------------------------------------------


def rich(text: str) -> str:
    """Markdown as the CMS stores it."""
    return markdown_to_html(text)


def inline(text: str) -> str:
    """One paragraph of Markdown as the CMS stores it, without the paragraph."""
    return markdown_inline_to_html(text)


def plain_markdown(html: str) -> str:
    """What the CMS stores, as Markdown."""
    return html_to_markdown(html)


def write_body(blocks: list[dict[str, Any]]) -> str:
    """The reverse of `parse_body`."""
    parts = []
    for block in blocks:
        name = block["type"]
        if name == "prose":
            parts.append(block["text"])
            continue
        known, kind = BLOCKS[name]
        order = BLOCK_SHAPES[name].options if kind == "interactive" else sorted(known)
        options = {key: block[key] for key in order if block.get(key) not in (None, "")}
        head = f":::{name} {_flow(options)}" if options else f":::{name}"
        body = ""
        if kind == "markdown":
            body = block["text"]
        elif kind == "rows":
            body = located_yaml.dump(block["rows"]).rstrip()
        elif kind == "interactive":
            body = located_yaml.dump(sparse(block["rows"])).rstrip()
        elif kind == "table":
            body = _write_table(block["rows"])
        parts.append("\n".join(part for part in (head, body, CLOSING) if part))
    return "\n\n".join(parts) + "\n"


def _flow(options: dict[str, Any]) -> str:
    text = yaml.safe_dump(options, default_flow_style=True, allow_unicode=True, width=100_000, sort_keys=False)
    return text.strip()


def _write_table(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])
