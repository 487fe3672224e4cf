"""Answers: each one a further row, acknowledged only once it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import BigAutoField, CharField, Q, QuerySet, SmallIntegerField, UUIDField
from django.utils.translation import gettext as _

from lms.core.digest import digest_of
from lms.core.prepared import Param, Prepared
from quizzes.assembly.enums import FeedbackRule, Navigation
from quizzes.bank.held import versions_by_id
from quizzes.types import registry
from quizzes.types.base import AnswerProblem

from .. import policy as rules
from ..enums import EventType, InputMode, SubmittedHow
from ..exceptions import (
    AttemptClosed,
    AttemptPaused,
    IdempotencyKeyReused,
    InvalidAnswer,
    NewerResponse,
    ResponseLocked,
)
from ..models import Attempt, AttemptEvent, AttemptItem, Response
from .sealing import grace, seal_if_overdue

UNCHANGED: Any = object()
LATE_WINDOW = timedelta(hours=24)


def _item_to_answer() -> QuerySet[AttemptItem]:
    # NO KEY: grading holds the attempt and writes rows that point at the item. A full lock on the item, with the
    # attempt still to come, would be the other half of a deadlock.
    rows = AttemptItem.objects.select_related("attempt").select_for_update(of=("self", "attempt"), no_key=True)
    return rows.filter(
        attempt__uuid=Param(0, UUIDField()),
        attempt__candidate=Param(1, BigAutoField()),
        slot=Param(2, SmallIntegerField()),
    ).order_by()


def _last_or_sent_before() -> QuerySet[Response]:
    item = Param(0, BigAutoField())
    newest = Response.objects.filter(item=item).order_by("-sequence").values("pk")[:1]
    rows = Response.objects.filter(Q(pk=newest) | Q(client_key=Param(1, CharField())), item=item)
    return rows.order_by("sequence")


def _last() -> QuerySet[Response]:
    return Response.objects.filter(item=Param(0, BigAutoField())).order_by("-sequence")[:1]


ITEM_TO_ANSWER = Prepared(_item_to_answer)
LAST_OR_SENT_BEFORE = Prepared(_last_or_sent_before)
LAST = Prepared(_last)


@dataclass(frozen=True)
class Saved:
    """An acknowledged answer: its revision, when it was received, and whether this call stored it."""

    response: Response
    item: AttemptItem
    is_new: bool

    @property
    def revision(self) -> int:
        """Number of the answer at its slot, from 1."""
        return self.response.sequence


def record_response(
    *,
    attempt_uuid: Any,
    slot: int,
    answer: Any = UNCHANGED,
    flagged: bool | None = None,
    confidence: Any = UNCHANGED,
    client_key: str = "",
    expected_revision: int | None = None,
    elapsed_ms: int | None = None,
    input_mode: str = InputMode.API,
    by: Any,
    at: datetime,
) -> Saved:
    """Store an answer as a further row; three statements. `answer=None` clears, leaving it out keeps the last one.

    The row of the item is locked, so that two pages cannot get the same sequence number and an answer cannot slip in
    behind the submission. Raises `AttemptClosed` (an answer that came too late is kept, uncounted), `AttemptPaused`
    (nothing is stored: the page keeps the answer and sends it again), `NewerResponse`, `IdempotencyKeyReused`,
    `ResponseLocked`, `InvalidAnswer`, or `AttemptItem.DoesNotExist`.
    """
    request_digest = digest_of(
        [None if answer is UNCHANGED else {"answer": answer}, flagged, None if confidence is UNCHANGED else confidence]
    )
    stale: NewerResponse | None = None
    with transaction.atomic():
        item = ITEM_TO_ANSWER.one(attempt_uuid, by.pk, slot)
        if item is None:
            raise AttemptItem.DoesNotExist
        item.version = versions_by_id([item.version_id])[item.version_id]
        attempt = item.attempt
        # What is wrong in itself is refused first; only then does the state of the attempt come in.
        sent = answer if answer is UNCHANGED or answer is None else canonical_answer(item, answer)
        last, replay = _last_and_replay(item, client_key)
        if replay is not None:
            if replay.request_digest != request_digest:
                raise IdempotencyKeyReused(revision=replay.sequence)
            if not replay.counted:
                raise AttemptClosed(kept=True)
            return Saved(replay, item, False)
        if attempt.is_open and attempt.paused_at and at > attempt.paused_at + grace():
            raise AttemptPaused
        closed = _closed_reason(attempt, is_answer=answer is not UNCHANGED, at=at)
        current = last if last is None or last.counted else _last_counted(item)
        if closed is None:
            if current is not None and (reason := _final_because(attempt, current)):
                raise ResponseLocked(reason, revision=current.sequence)
            if expected_revision is not None and expected_revision != (current.sequence if current else 0):
                stale = NewerResponse(revision=current.sequence if current else 0, response=shown(item, current))
        if stale is None and (closed is None or closed.extra["kept"]):
            data = (current.data if current else None) if sent is UNCHANGED else sent
            response = Response.objects.create(
                item=item,
                sequence=(last.sequence if last else 0) + 1,
                data=data,
                flagged=flagged if flagged is not None else bool(current and current.flagged),
                confidence=(current.confidence if current else None) if confidence is UNCHANGED else confidence,
                client_key=client_key,
                request_digest=request_digest,
                received_at=at,
                elapsed_ms=elapsed_ms,
                input_mode=input_mode,
                counted=closed is None,
                feedback_shown=closed is None and data is not None and _feedback_is_due(item, data),
            )
            if closed is None:
                return Saved(response, item, True)
            AttemptEvent.objects.create(
                attempt=attempt, type=EventType.LATE_ANSWER, at=at, by=by,
                data={"slot": slot, "sequence": response.sequence},
            )  # fmt: skip
    if stale is not None:
        # Told in disputes ("it was not me in the other tab"); the refusal itself has stored nothing.
        AttemptEvent.objects.create(
            attempt=attempt, type=EventType.STALE_ANSWER, at=at, by=by,
            data={"slot": slot, "expected": expected_revision, "have": stale.extra["revision"]},
        )  # fmt: skip
        raise stale
    # What was kept above is committed; the seal is a transaction of its own, and only then comes the error.
    seal_if_overdue(attempt=attempt, at=at)
    assert closed is not None  # noqa: S101 - an answer that counts has been returned above
    raise closed


def _final_because(attempt: Attempt, current: Response) -> str:
    """Why an answer can no longer be changed although the attempt runs; empty when it can."""
    if current.feedback_shown:
        return _("Its feedback was shown, so it cannot be changed.")
    # On the pages a question is left by its form; what the page saves by itself is an answer in the making.
    if attempt.policy["navigation"] == Navigation.ONE_WAY and current.input_mode == InputMode.FORM:
        return _("You have gone on from this question, and cannot come back to it.")
    return ""


def _closed_reason(attempt: Attempt, *, is_answer: bool, at: datetime) -> AttemptClosed | None:
    """Why the attempt takes nothing more, if so; `kept` for an answer that missed the deadline by less than a day."""
    if attempt.voided_at or (attempt.submitted_at and attempt.submitted_how != SubmittedHow.DEADLINE):
        return AttemptClosed(kept=False)
    if attempt.submitted_at is None and not rules.is_overdue(attempt.deadline_at, attempt.paused_at, at, grace()):
        return None
    in_time = attempt.deadline_at is not None and at - attempt.deadline_at < LATE_WINDOW
    return AttemptClosed(kept=is_answer and in_time)


def _last_and_replay(item: AttemptItem, client_key: str) -> tuple[Response | None, Response | None]:
    """The item's last response, and the one that this idempotency key stored; one query."""
    rows = LAST_OR_SENT_BEFORE(item.pk, client_key) if client_key else LAST(item.pk)
    replay = next((row for row in rows if client_key and row.client_key == client_key), None)
    return (rows[-1] if rows else None), replay


def _last_counted(item: AttemptItem) -> Response | None:
    return Response.objects.filter(item=item, counted=True).order_by("-sequence").first()


def canonical_answer(item: AttemptItem, answer: Any) -> Any:
    """An answer from outside in canonical ids, or `InvalidAnswer`."""
    kind = registry.get(item.version.type)
    presentation = kind.Presentation.model_validate(item.version.presentation)
    try:
        return kind.parse(presentation, item.arrangement, answer).model_dump(mode="json")
    except AnswerProblem as problem:
        message = problem.translated(_)
        raise InvalidAnswer(message, errors={problem.field or "answer": [message]}) from problem


def shown(item: AttemptItem, response: Response | None) -> dict[str, Any] | None:
    """A stored response as its candidate sees it, in the attempt's aliases."""
    if response is None:
        return None
    answer = None
    if response.data is not None:
        kind = registry.get(item.version.type)
        answer = kind.serialise(item.arrangement, kind.Answer.model_validate(response.data))
    return {
        "answer": answer,
        "revision": response.sequence,
        "flagged": response.flagged,
        "confidence": response.confidence,
    }


def _feedback_is_due(item: AttemptItem, data: Any) -> bool:
    """With feedback after each answer, a complete answer is final and gets it at once."""
    if item.attempt.policy["feedback"] != FeedbackRule.IMMEDIATE:
        return False
    kind = registry.get(item.version.type)
    return kind.is_complete(
        kind.Presentation.model_validate(item.version.presentation), kind.Answer.model_validate(data)
    )
