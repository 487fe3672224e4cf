"""Whether somebody may put hands on people yet: a path may want an exam passed before it."""

from __future__ import annotations

from datetime import date
from typing import Any

from lms.core.ports import Missing, practice_blocks


def exams_missing(user: Any, kind: str, on: date, reference: str | None = None) -> list[Missing]:
    """What the person had not passed by the end of a day and must have before practice of a kind.

    `kind` is `practical` or `sessions`, `reference` the code of a practical; without it, whatever their paths name.
    """
    rows = [row for row in practice_blocks([user.pk], kind, on) if reference in (None, row["reference"])]
    found = {row["code"]: Missing(row["code"], row["title"], row["url"]) for row in rows}
    return list(found.values())
