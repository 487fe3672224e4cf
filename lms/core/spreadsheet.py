"""Tables as CSV, written while they are read, in which no spreadsheet finds a formula.

A cell that a spreadsheet would take for a formula is written with an apostrophe before it; one that is not known is
empty.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

#: What makes a spreadsheet run a cell instead of showing it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: Any) -> Any:
    """A value as a cell that no spreadsheet runs."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


class _Line:
    """Where `csv` writes to; what it wrote is what one row looks like."""

    def write(self, text: str) -> str:
        return text


def as_csv(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A header and a line for each row. Begins with a byte order mark, without which Excel misreads accents."""
    names = list(columns)
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(names)  # type: ignore[operator]
    for row in rows:
        yield writer.writerow([safe_cell(row[name]) for name in names])  # type: ignore[misc]
