"""Published versions, held in memory by each process: they never change, so that nothing goes stale."""

from __future__ import annotations

from collections.abc import Collection

from .models import QuestionVersion

MOST = 5000
_held: dict[int, QuestionVersion] = {}


def versions_by_id(ids: Collection[int]) -> dict[int, QuestionVersion]:
    """The versions with these primary keys; asks the database for those it has not met yet."""
    found = {pk: _held[pk] for pk in ids if pk in _held}
    if missing := [pk for pk in ids if pk not in found]:
        read = QuestionVersion.objects.in_bulk(missing)
        if len(_held) + len(read) > MOST:
            _held.clear()
        _held.update(read)
        found |= read
    return found


def forget_versions() -> None:
    """For a database that was emptied under a running process, as tests do."""
    _held.clear()
