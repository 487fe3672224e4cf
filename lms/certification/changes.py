"""What changed since a person studied it: lessons that were published anew, and claims that stand otherwise now."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Revision

from courses.api import LessonPage
from courses.api import outline as read_outline
from lms.core.digest import digest_of
from lms.knowledge.api import Claim, Standing, standings_before
from lms.learning.api import LessonCompletion

from .models import ChangeAcknowledgement

LESSON, CLAIM = "lesson", "claim"
#: So many passages of a lesson are shown; whoever wants more reads the lesson.
PASSAGES = 8
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Change:
    """Something changed since it was studied. `before` and `now` are passages of a lesson, or words for a standing."""

    kind: str
    code: str
    title: str
    url: str
    digest: str
    studied_at: datetime
    before: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    standings: tuple[str, str] = ("", "")
    lessons: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What happened, in a line."""
        if self.kind == CLAIM:
            return _("It stood as “%(before)s” and stands as “%(now)s” now.") % {
                "before": Standing(self.standings[0]).label, "now": Standing(self.standings[1]).label,
            }  # fmt: skip
        if self.before or self.now:
            return _("Its text has changed.")
        return _("It was published anew; the text that you read stands.")


def passages(blocks: Any) -> list[str]:
    """The texts of a lesson's stored blocks in order, without marks; identifiers and single words are left out."""
    return [text for block in blocks for text in _texts(block.get("value")) if " " in text]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        # A paragraph of rich text is a passage of its own.
        for part in re.split(r"</(?:p|li|h\d)>", value):
            if text := " ".join(html.unescape(_TAG.sub(" ", part)).split()):
                yield text
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if key not in {"id", "type"}:
                yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def compared(before: Sequence[str], now: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Passages that are gone, and those that are new, in their order. What only moved is neither."""
    old, new = set(before), set(now)
    return tuple(text for text in before if text not in new), tuple(text for text in now if text not in old)


def has_changes(user: Any) -> bool:
    """Whether there is something that the person has not seen: at most five queries, mostly two."""
    studied = _studied(user)
    if not studied:
        return False
    seen = _seen(user)
    return any(True for _change in (*_lesson_changes(studied, seen), *_claim_changes(studied, seen)))


def changes_for(user: Any) -> list[Change]:
    """What changed since the person studied it and was not seen yet: lessons in their order, then claims by code."""
    studied = _studied(user)
    if not studied:
        return []
    seen = _seen(user)
    lessons = list(_lesson_changes(studied, seen))
    return [*_with_passages(lessons, studied), *_claim_changes(studied, seen)]


def find_change(user: Any, kind: str, code: str, digest: str) -> Change | None:
    """A change that the person has not acknowledged, if it is still the one that they were shown."""
    studied = _studied(user)
    found = {LESSON: _lesson_changes, CLAIM: _claim_changes}
    if kind not in found:
        return None
    rows = found[kind](studied, _seen(user))
    return next((row for row in rows if row.code == code and row.digest == digest), None)


def _studied(user: Any) -> dict[str, LessonCompletion]:
    return {row.lesson_code: row for row in LessonCompletion.objects.filter(user=user)}


def _seen(user: Any) -> set[tuple[str, str, str]]:
    return set(ChangeAcknowledgement.objects.filter(user=user).values_list("kind", "code", "digest"))


def _lesson_changes(studied: Mapping[str, LessonCompletion], seen: set[tuple[str, str, str]]) -> Iterator[Change]:
    for _course, _module, lesson in read_outline().lessons():
        done = studied.get(lesson.code)
        if done and done.content_digest != lesson.digest and (LESSON, lesson.code, lesson.digest) not in seen:
            yield Change(LESSON, lesson.code, lesson.title, lesson.url, lesson.digest, done.completed_at)


def _with_passages(changes: Iterable[Change], studied: Mapping[str, LessonCompletion]) -> list[Change]:
    rows = list(changes)
    now = {lesson.code: lesson.revision_id for _course, _module, lesson in read_outline().lessons()}
    keys = {studied[row.code].revision_id for row in rows} | {now[row.code] for row in rows}
    bodies = dict(Revision.objects.filter(pk__in=keys - {None}).values_list("pk", "content__body")) if rows else {}
    found = []
    for row in rows:
        old, new = bodies.get(studied[row.code].revision_id), bodies.get(now[row.code])
        before, after = compared(_read(old), _read(new)) if old and new else ((), ())
        found.append(replace(row, before=before[:PASSAGES], now=after[:PASSAGES]))
    return found


def _read(body: Any) -> list[str]:
    return passages(json.loads(body) if isinstance(body, str) else body)


def _claim_changes(studied: Mapping[str, LessonCompletion], seen: set[tuple[str, str, str]]) -> Iterator[Change]:
    """Claims of completed lessons whose standing is another one than when the person last met them."""
    first = min((row.completed_at for row in studied.values()), default=None)
    if first is None:
        return
    touched = standings_before(first)
    if not touched:
        return
    met: dict[int, list[tuple[datetime, str]]] = {}
    for page in LessonPage.objects.live().filter(code__in=list(studied)).only("code", "title", "body"):
        keys = {block["value"].get("claim") for block in page.body.raw_data if block["type"] == "claim"}
        for key in keys & touched.keys():
            met.setdefault(key, []).append((studied[page.code].completed_at, page.title))
    for claim in Claim.objects.filter(pk__in=list(met), is_retired=False).order_by("code"):
        last = max(at for at, _title in met[claim.pk])
        was = next((standing for at, standing in touched[claim.pk] if at > last), claim.standing)
        digest = digest_of([claim.code, was, claim.standing])
        if was != claim.standing and (CLAIM, claim.code, digest) not in seen:
            yield Change(
                CLAIM,
                claim.code,
                claim.statement,
                claim.get_absolute_url(),
                digest,
                last,
                now=(" ".join(_texts(claim.teaching)),),
                standings=(was, claim.standing),
                lessons=tuple(title for _at, title in met[claim.pk]),
            )
