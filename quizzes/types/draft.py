"""Reading what an author wrote: a Wagtail StructValue, or the same keys in a plain dictionary.

Drafts arrive half-filled from the editor and from foreign files, so nothing here trusts a type.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from quizzes.types.base import CompileProblem, ScoringRule, gettext_noop


def open_draft(value: Any, known: set[str]) -> Mapping[str, Any]:
    """The draft as a mapping. A misspelt key is refused, or it would silently be a missing one."""
    if not isinstance(value, Mapping):
        raise CompileProblem(gettext_noop("This part of the question is empty."))
    if stray := sorted(str(name) for name in set(value) - known):
        raise CompileProblem(gettext_noop("Unknown entry “%(name)s”."), stray[0], name=stray[0])
    return value


def rows(draft: Mapping[str, Any], name: str, least: int, most: int) -> list[Any]:
    """A list of the draft within its bounds."""
    value = draft.get(name)
    if value is not None and (isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable)):
        raise CompileProblem(gettext_noop("This must be a list."), name)
    entries = list(value or [])
    if len(entries) < least:
        raise CompileProblem(gettext_noop("At least %(least)s entries are needed."), name, least=least)
    if len(entries) > most:
        raise CompileProblem(gettext_noop("At most %(most)s entries are possible."), name, most=most)
    return entries


def row(entry: Any, field: str, known: set[str]) -> Mapping[str, Any]:
    """One entry of a list that consists of named parts."""
    if not isinstance(entry, Mapping):
        raise CompileProblem(gettext_noop("This entry is empty."), field)
    if stray := sorted(str(name) for name in set(entry) - known):
        raise CompileProblem(gettext_noop("Unknown entry “%(name)s”."), field, name=stray[0])
    return entry


def flag(draft: Mapping[str, Any], name: str, field: str, default: bool) -> bool:
    """A tick box. A word is refused: the text "false" is a true value, and a key depends on it."""
    value = draft.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise CompileProblem(gettext_noop("This must be yes or no."), field)
    return value


def count(draft: Mapping[str, Any], name: str, default: int) -> int:
    """A whole number."""
    value = draft.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int):
        raise CompileProblem(gettext_noop("This must be a whole number."), name)
    return value


def check_rule(scoring: ScoringRule | str, offered: tuple[ScoringRule, ...]) -> ScoringRule:
    """The author's scoring rule, if this type has it."""
    if scoring not in offered:
        raise CompileProblem(gettext_noop("This kind of question cannot be scored that way."), "scoring")
    return ScoringRule(scoring)
