"""Bodies of blocks that are lists: rows of interactive blocks with their types, and back to text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from courses.api import BLOCK_SHAPES, BlockPart, block_problems

from . import located_yaml

ONLY = ""


class TextFault(Exception):
    """Something in a lesson's text is wrong, at a line."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(reason)


def read_list(name: str, body: str, line: int) -> located_yaml.Located:
    """The list that a block's body is. Raises `TextFault`."""
    try:
        found = located_yaml.load(body, line)
    except located_yaml.DuplicateKey as error:
        raise TextFault(error.line, str(error)) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise TextFault(
            line + (mark.line if mark else 0), f"not readable: {getattr(error, 'problem', error)}"
        ) from error
    if not isinstance(found.data, list) or not found.data:
        raise TextFault(line, f"the block {name} needs a list")
    return found


def read_interactive(name: str, options: Mapping[str, Any], body: str, line: int) -> dict[str, Any]:
    """Options and rows of an interactive block, each part of its type, missing ones empty. Raises `TextFault`."""
    shape = BLOCK_SHAPES[name]
    found = read_list(name, body, line + 1)
    block = {key: _value(part, options.get(key), key, line) for key, part in shape.options.items()}
    block["rows"] = [
        _value(shape.row[ONLY], row, ONLY, found.line((place,)))
        if ONLY in shape.row
        else _row(shape.row, row, found, (place,))
        for place, row in enumerate(found.data)
    ]
    for path, reason in block_problems(name, block):
        at = found.line(path[1:]) if path[:1] == ("rows",) else line
        named = next((str(step) for step in reversed(path) if isinstance(step, str) and step != "rows"), name)
        raise TextFault(at, f"{named}: {reason}")
    return block


def _row(parts: Mapping[str, BlockPart], row: Any, found: located_yaml.Located, path: tuple[Any, ...]) -> Any:
    if not isinstance(row, dict):
        raise TextFault(found.line(path), "each entry needs named parts")
    if stray := sorted(set(map(str, row)) - set(parts)):
        raise TextFault(found.line(path), f"there is no part “{stray[0]}”")
    result: dict[str, Any] = {}
    for name, part in parts.items():
        here, value = (*path, name), row.get(name)
        if part.kind != "rows":
            result[name] = _value(part, value, name, found.line(here))
        elif value is not None and not isinstance(value, list):
            raise TextFault(found.line(here), f"{name}: this needs a list")
        else:
            result[name] = [_row(part.row, one, found, (*here, place)) for place, one in enumerate(value or [])]
    return result


def _value(part: BlockPart, value: Any, name: str, line: int) -> Any:
    """A value of its part's type."""
    words = f"{name}: " if name else ""
    if part.kind == "flag":
        if not isinstance(value, bool):
            raise TextFault(line, f"{words}true or false")
        return value
    if part.kind in {"whole", "number"}:
        wanted = (int,) if part.kind == "whole" else (int, float)
        if isinstance(value, bool) or not isinstance(value, wanted):
            raise TextFault(line, f"{words}a {part.kind} number is needed here")
        return whole_if_it_is(value)
    if part.kind == "lines":
        if not isinstance(value, list):
            raise TextFault(line, f"{words}this needs a list in brackets")
        return [_words(part, entry, words, line) for entry in value]
    return _words(part, value, words, line)


def _words(part: BlockPart, value: Any, words: str, line: int) -> str:
    if isinstance(value, dict):
        raise TextFault(line, f"{words}a text that holds “: ” must stand in quotes")
    if isinstance(value, bool):
        raise TextFault(line, f"{words}yes, no, on, off, true and false must stand in quotes where they are words")
    if value is not None and not isinstance(value, (str, int)):
        raise TextFault(line, f"{words}this must be a text; put it in quotes")
    text = "" if value is None else str(value)
    return text.strip() if part.kind == "text" else " ".join(text.split())


def whole_if_it_is(value: float) -> float:
    """41 for 41.0, so that a number is written as its author wrote it."""
    return int(value) if value == int(value) else value


def from_value(name: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Options and rows of an interactive block as `read_interactive` gives them, from what the CMS stores."""
    shape = BLOCK_SHAPES[name]
    return {
        **{key: _plain(part, value[key]) for key, part in shape.options.items()},
        "rows": [
            _plain(shape.row[ONLY], row) if ONLY in shape.row else _plain_row(shape.row, row) for row in value["rows"]
        ],
    }


def _plain_row(parts: Mapping[str, BlockPart], row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(part, row[name]) for name, part in parts.items()}


def _plain(part: BlockPart, value: Any) -> Any:
    if part.kind == "rows":
        return [_plain_row(part.row, row) for row in value]
    if part.kind == "lines":
        return [str(entry) for entry in value]
    if part.kind == "code":
        return value.code if value else ""
    if part.kind == "flag":
        return bool(value)
    if part.kind in {"whole", "number"}:
        return whole_if_it_is(value)
    # A form of a browser sends lines with a carriage return.
    return str(value or "").replace("\r\n", "\n")


def sparse(rows: list[Any]) -> list[Any]:
    """Rows without the parts that are empty, as they are written."""
    return [
        {
            name: sparse(value) if isinstance(value, list) else value
            for name, value in row.items()
            if value not in ("", None) and value != []
        }
        if isinstance(row, dict)
        else row
        for row in rows
    ]
