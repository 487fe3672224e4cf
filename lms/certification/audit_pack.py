"""The audit pack: roster, attendance, certificates with their evidence, decisions and what was taught, in one ZIP.

It is written while it is read: a table is walked row by row, as CSV and again as JSON, so that memory does not grow
with the school. The README inside says what it is, and gives the number of rows and the SHA-256 of each file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from courses.api import SchoolSettings
from lms.core.clock import school_day
from lms.core.spreadsheet import as_csv
from lms.core.zipped import zipped

from .audit_tables import Rows, Selection, Table, tables


@dataclass
class _Measure:
    """Counts what passes by."""

    rows: int = 0

    def counted(self, rows: Rows) -> Rows:
        for row in rows:
            self.rows += 1
            yield row


def _as_json(rows: Rows) -> Iterator[str]:
    yield "["
    separator = "\n"
    for row in rows:
        yield separator + json.dumps(row, ensure_ascii=False)
        separator = ",\n"
    yield "\n]\n"


def stream(chosen: Selection, *, by: str, at: datetime) -> Iterator[bytes]:
    """The ZIP, piece by piece. `by` says in the README who took it."""
    return zipped(_files(chosen, by, at), at)


def _files(chosen: Selection, by: str, at: datetime) -> Iterator[tuple[str, Iterator[bytes]]]:
    lines: list[str] = []
    found = tables(chosen, school_day(at))
    for table in found:
        for ending in ("csv", "json"):
            measure, digest = _Measure(), hashlib.sha256()
            rows = measure.counted(table.rows())
            pieces = as_csv(table.columns, rows) if ending == "csv" else _as_json(rows)
            name = f"{table.name}.{ending}"
            yield name, _digested(pieces, digest)
            lines.append(f"{name:<26}{measure.rows:>9}  {digest.hexdigest()}")
    yield "README.txt", iter([_readme(chosen, found, lines, by=by, at=at).encode()])


def _digested(pieces: Iterator[str], digest: Any) -> Iterator[bytes]:
    for piece in pieces:
        data = piece.encode()
        digest.update(data)
        yield data


def _readme(chosen: Selection, found: list[Table], lines: list[str], *, by: str, at: datetime) -> str:
    school = SchoolSettings.load()
    parts = [
        "AUDIT PACK",
        "",
        f"{school.name}",
        f"{chosen.words}",
        f"Taken on {at.isoformat(timespec='seconds')} by {by}",
        *(["This is a demonstration: nothing in it is real."] if settings.INSTANCE != "live" else []),
        "",
        "What it is",
        "  The record of the school for those who audit it: each table as CSV for spreadsheets and as JSON for",
        "  programs. Times are in ISO 8601 with their zone. In the CSV files a cell that a spreadsheet would take for",
        "  a formula has an apostrophe before it.",
        "  It names people. Keep it where only those who need it read it, and delete it when it has served.",
        "",
        "Files",
        *(f"  {table.name}: {table.says}" for table in found),
        "",
        "Not in it",
        "  Examination questions and answers, requests for accommodations, appeals and complaints, and the school's",
        "  internal reasons for what happened to a certificate. Who said what in an evaluation is not kept.",
        "",
        "Rows and SHA-256 of each file",
        *(f"  {line}" for line in lines),
        "",
    ]
    return "\n".join(parts)
