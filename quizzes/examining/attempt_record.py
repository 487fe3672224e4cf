"""Everything the record holds about one attempt, so that a score can be explained. Reads only, few statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from quizzes.attempts.commands import grace
from quizzes.attempts.enums import InputMode
from quizzes.attempts.models import Attempt, AttemptEvent, AttemptItem, LateDecision, Response, TimeAdjustment
from quizzes.attempts.policy import state_of
from quizzes.grading.models import Grade, Result
from quizzes.types import registry

from .exports import in_words


@dataclass(frozen=True)
class ResponseLine:
    """One answer that reached us, and what was decided about it if it came too late."""

    response: Response
    answer: str | None
    is_current: bool
    is_late: bool
    decision: LateDecision | None
    may_accept: bool

    @property
    def waits(self) -> bool:
        """Somebody must still decide."""
        return self.is_late and self.decision is None


@dataclass(frozen=True)
class ItemRecord:
    """One item with all its answers and all its grades, oldest first."""

    item: AttemptItem
    type_label: str
    responses: list[ResponseLine]
    grades: list[Grade]

    @property
    def grade(self) -> Grade | None:
        """The grade in force."""
        return self.grades[-1] if self.grades else None

    @property
    def late_waiting(self) -> int:
        """Late answers that nobody has decided on."""
        return sum(line.waits for line in self.responses)


@dataclass(frozen=True)
class AttemptRecord:
    """One attempt."""

    attempt: Attempt
    state: str
    items: list[ItemRecord]
    results: list[Result]
    events: list[AttemptEvent]
    adjustments: list[TimeAdjustment]
    deadline_parts: list[tuple[str, str]]
    continued_by: Attempt | None

    @property
    def result(self) -> Result | None:
        """The result in force, released or not."""
        return self.results[-1] if self.results else None

    @property
    def late_waiting(self) -> int:
        """Late answers that nobody has decided on."""
        return sum(item.late_waiting for item in self.items)

    @property
    def grace_seconds(self) -> int:
        """How long after the deadline an answer still counted."""
        return int(grace().total_seconds())


def record_of(attempt: Attempt) -> AttemptRecord:
    """Read it; the number of statements does not depend on how much there is."""
    results = list(Result.objects.filter(attempt=attempt).select_related("by", "released_by", "regrade").order_by("id"))
    adjustments = list(TimeAdjustment.objects.filter(attempt=attempt).select_related("by").order_by("id"))
    last = results[-1] if results else None
    return AttemptRecord(
        attempt=attempt,
        state=state_of(
            is_void=attempt.voided_at is not None,
            is_submitted=attempt.submitted_at is not None,
            is_released=last is not None and last.released_at is not None,
        ),
        items=items_of(attempt),
        results=results,
        events=list(AttemptEvent.objects.filter(attempt=attempt).select_related("by").order_by("id")),
        adjustments=adjustments,
        deadline_parts=deadline_parts(attempt, adjustments),
        continued_by=Attempt.objects.filter(continues=attempt).first(),
    )


def items_of(attempt: Attempt) -> list[ItemRecord]:
    """The items with their histories; four statements."""
    items = AttemptItem.objects.filter(attempt=attempt).select_related("version__question__bank").order_by("slot")
    responses: dict[int, list[Response]] = {}
    rows = Response.objects.filter(item__attempt=attempt).order_by("item_id", "sequence")
    for row in rows.select_related("late_decision__by"):
        responses.setdefault(row.item_id, []).append(row)
    grades: dict[int, list[Grade]] = {}
    history = Grade.objects.filter(item__attempt=attempt).order_by("id")
    for grade in history.select_related("by", "answer_key__version", "regrade", "response", "marking"):
        grades.setdefault(grade.item_id, []).append(grade)
    return [
        ItemRecord(
            item,
            _(registry.get(item.version.type).label),
            _lines(item, responses.get(item.pk, []), is_closed=attempt.submitted_at is not None),
            grades.get(item.pk, []),
        )
        for item in items
    ]


def _lines(item: AttemptItem, responses: list[Response], *, is_closed: bool) -> list[ResponseLine]:
    presentations: dict[int, Any] = {}
    current = next((row for row in reversed(responses) if row.counted), None)
    newest = next((row for row in reversed(responses) if not row.counted or row.input_mode == InputMode.LATE), None)
    return [
        ResponseLine(
            row,
            in_words(item, row.data, presentations),
            row is current,
            not row.counted,
            getattr(row, "late_decision", None),
            is_closed and row is newest and not row.counted,
        )
        for row in responses
    ]


def duration(seconds: int) -> str:
    """A length of time in words, as `1 h 30 min` or `45 s`."""
    hours, rest = divmod(abs(seconds), 3600)
    minutes, left = divmod(rest, 60)
    parts = [
        text
        for amount, text in (
            (hours, _("%(n)s h") % {"n": hours}),
            (minutes, _("%(n)s min") % {"n": minutes}),
            (left, _("%(n)s s") % {"n": left}),
        )
        if amount
    ]
    return ("−" if seconds < 0 else "") + (" ".join(parts) or _("%(n)s s") % {"n": 0})


def deadline_parts(attempt: Attempt, adjustments: list[TimeAdjustment]) -> list[tuple[str, str]]:
    """What the deadline is made of, in the order in which it was worked out: (what, how much)."""
    held = attempt.conditions
    parts: list[tuple[str, str]] = []
    limit = held.get("time_limit_seconds")
    if held.get("continues"):
        parts.append((_("Minutes given to go on"), str(held.get("minutes", ""))))
    elif limit is None:
        parts.append((_("Time limit"), _("none")))
    else:
        parts.append((_("Time limit"), duration(limit)))
        if float(held.get("time_factor", 1)) != 1:
            parts.append((_("Longer by the factor"), str(held["time_factor"])))
        for name, label in (("extra_minutes", _("Extra minutes")), ("break_minutes", _("Minutes for breaks"))):
            if held.get(name):
                parts.append((label, str(held[name])))
    for name, label in (
        ("closes_at", _("Hard stop of the assessment")),
        ("hard_stop_at", _("Hard stop of the sitting")),
    ):
        if held.get(name):
            parts.append((label, moment_in_words(parse_datetime(held[name]))))
    if adjustments:
        parts.append((_("Given or taken since"), duration(sum(row.seconds for row in adjustments))))
    return parts


def moment_in_words(at: datetime | None) -> str:
    """A moment in the time zone of the reader."""
    return date_format(localtime(at), "j M Y, H:i") if at else ""
