"""What is JSON to some writers and an answer to nobody, refused before any type looks at it."""

from __future__ import annotations

import math
import re
from typing import Any

from .exceptions import InvalidAnswer

MAX_DEPTH = 6
# No database keeps the one, no UTF-8 the others.
NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


def refuse_odd_values(value: Any, depth: int = 0) -> None:
    """NaN, half characters and bottomless nesting are JSON to some writers and answers to nobody."""
    if depth > MAX_DEPTH:
        raise _invalid("The answer is nested too deeply.")
    if isinstance(value, float) and not math.isfinite(value):
        raise _invalid("The answer holds a number that is not finite.")
    if isinstance(value, str) and NOT_TEXT.search(value):
        raise _invalid("The answer holds a character that is none.")
    if isinstance(value, dict):
        for name, part in value.items():
            refuse_odd_values(name, depth + 1)
            refuse_odd_values(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            refuse_odd_values(part, depth + 1)


def _invalid(message: str) -> InvalidAnswer:
    return InvalidAnswer(message, errors={"answer": [message]})
