"""Starting, answering, sealing and voiding attempts."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lms.accounts.api import accommodation_for
from lms.core.digest import digest_of
from lms.core.ports import Deny, gate
from lms.core.ports import conditions as conditions_port
from quizzes.assembly.commands import DrawnItem, select_items
from quizzes.assembly.enums import FeedbackRule, FormPolicy, Navigation
from quizzes.assembly.models import Assessment, AssessmentVersion, Form
from quizzes.assembly.policy import Policy
from quizzes.bank.models import QuestionVersion
from quizzes.types import registry
from quizzes.types.base import AnswerProblem

from . import policy as rules
from .enums import AttemptKind, EventType, InputMode, SubmittedHow
from .exceptions import (
    AttemptClosed,
    Cooldown,
    IdempotencyKeyReused,
    InvalidAnswer,
    Locked,
    NewerResponse,
    NoAttemptsLeft,
    NotOpen,
    ResponseLocked,
)
from .models import Attempt, AttemptEvent, AttemptItem, Response
from .signals import attempt_submitted

UNCHANGED: Any = object()
START_ERRORS = {"not_open": NotOpen, "no_attempts_left": NoAttemptsLeft, "cooldown": Cooldown}
LATE_WINDOW = timedelta(hours=24)


def grace() -> timedelta:
    """How long after the deadline an answer still counts: for the network, not for the candidate."""
    return timedelta(seconds=settings.ATTEMPT_GRACE_SECONDS)


# Starting ----------------------------------------------------------------------------------------------------------


def start_attempt(
    *,
    assessment: Assessment,
    seed: str | None = None,
    language: str = "en-gb",
    by: Any,
    at: datetime,
) -> tuple[Attempt, bool]:
    """Begin an attempt, or get the open one back. Returns (attempt, is new).

    An overdue open attempt is sealed first, in its own transaction. Of two starts that race, the loser gets the
    winner's attempt. Raises `Locked`, `NotOpen`, `NoAttemptsLeft` or `Cooldown`.
    """
    seal_if_overdue(attempt=_open_attempt(by, assessment), at=at)
    try:
        with transaction.atomic():
            return _start(assessment=assessment, seed=seed, language=language, by=by, at=at)
    except IntegrityError:
        existing = _open_attempt(by, assessment)
        if existing is None:
            raise
        return existing, False


def _open_attempt(user: Any, assessment: Assessment) -> Attempt | None:
    return Attempt.objects.open().filter(candidate=user, assessment=assessment, kind=AttemptKind.CANDIDATE).first()


def _start(*, assessment: Assessment, seed: str | None, language: str, by: Any, at: datetime) -> tuple[Attempt, bool]:
    past = list(
        Attempt.objects.filter(candidate=by, assessment=assessment, kind=AttemptKind.CANDIDATE).order_by("ordinal")
    )
    if open_ones := [attempt for attempt in past if attempt.is_open]:
        return open_ones[0], False
    verdict = gate(by, assessment)
    if isinstance(verdict, Deny):
        raise Locked(verdict.message, missing=[missing.as_dict() for missing in verdict.missing])
    version = assessment.current_version
    if version is None or assessment.is_retired or not assessment.live:
        raise NotOpen(_("This assessment is not published."))
    policy = effective_policy(version, by, assessment)
    history = [rules.Past(attempt.started_at, attempt.finished_at) for attempt in past if attempt.voided_at is None]
    start = rules.may_start(policy, history, at)
    if not start.allowed:
        extra = {"retry_at": start.retry_at.isoformat()} if start.retry_at else {}
        raise START_ERRORS[start.code](**extra)
    seed = seed or secrets.token_hex(16)
    # Not for secrets: the order only has to be fair and repeatable, and its result is stored.
    rng = random.Random(seed)  # noqa: S311
    form, items = _items_for(version, policy, past, rng)
    if form:
        policy = policy.model_copy(update={"cut_percent": form.cut_percent, "cut_basis": form.cut_basis})
    schedule = rules.schedule(policy, at, allowance_for(by, at))
    attempt = Attempt.objects.create(
        candidate=by,
        assessment=assessment,
        version=version,
        form=form,
        ordinal=(past[-1].ordinal if past else 0) + 1,
        policy=policy.model_dump(mode="json"),
        conditions=schedule.conditions,
        language=language,
        seed=seed,
        started_at=at,
        deadline_at=schedule.deadline_at,
    )
    _lay_out(attempt, items, policy, rng)
    AttemptEvent.objects.create(attempt=attempt, type=EventType.STARTED, at=at, by=by)
    return attempt, True


def effective_policy(version: AssessmentVersion, user: Any, assessment: Assessment) -> Policy:
    """The published rules with what a cohort or sitting overrides for this person."""
    policy = Policy(**version.policy)
    for override in conditions_port(user, assessment):
        policy = policy.model_copy(update=override)
    return policy


def allowance_for(user: Any, at: datetime) -> rules.TimeAllowance:
    """The person's standing accommodation as the schedule needs it."""
    profile = accommodation_for(user, at)
    if profile is None:
        return rules.TimeAllowance()
    return rules.TimeAllowance(profile.time_factor, profile.extra_minutes, profile.break_minutes)


def _items_for(
    version: AssessmentVersion, policy: Policy, past: Sequence[Attempt], rng: random.Random
) -> tuple[Form | None, list[DrawnItem]]:
    if policy.form_policy == FormPolicy.FIXED:
        forms = list(version.forms.prefetch_related("items").order_by("label"))
        sat = {attempt.form_id for attempt in past}
        form = rng.choice([form for form in forms if form.pk not in sat] or forms)
        return form, [DrawnItem(item.version_id, item.marks, item.counts, 0) for item in form.items.all()]
    seen = frozenset(
        AttemptItem.objects.filter(attempt__in=[attempt.pk for attempt in past]).values_list(
            "version__question_id", flat=True
        )
    )
    return None, select_items(version.blueprint, rng=rng, seen=seen)


def _lay_out(attempt: Attempt, items: Sequence[DrawnItem], policy: Policy, rng: random.Random) -> None:
    """Put the items in order and arrange each one. What is stored here is what the candidate sees, for good."""
    ordered = rng.sample(list(items), len(items)) if policy.shuffle_items else list(items)
    versions = QuestionVersion.objects.in_bulk([item.version for item in ordered])
    rows = []
    for slot, item in enumerate(ordered, start=1):
        version = versions[item.version]
        kind = registry.get(version.type)
        # Each item has its own generator: what one item consumes must not show in the order of the next.
        own = random.Random(f"{attempt.seed}/{slot}")  # noqa: S311
        arrangement = kind.arrange(kind.Presentation.model_validate(version.presentation), own)
        rows.append(
            AttemptItem(
                attempt=attempt,
                slot=slot,
                version=version,
                marks=item.marks,
                counts=item.counts,
                arrangement=arrangement,
            )
        )
    AttemptItem.objects.bulk_create(rows)


# Answering ---------------------------------------------------------------------------------------------------------


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
    behind the submission. Raises `AttemptClosed` (an answer that came too late is kept, uncounted), `NewerResponse`,
    `IdempotencyKeyReused`, `ResponseLocked`, `InvalidAnswer`, or `AttemptItem.DoesNotExist`.
    """
    request_digest = digest_of(
        [None if answer is UNCHANGED else {"answer": answer}, flagged, None if confidence is UNCHANGED else confidence]
    )
    with transaction.atomic():
        # NO KEY: grading holds the attempt and writes rows that point at the item. A full lock on the item, with the
        # attempt still to come, would be the other half of a deadlock.
        item = (
            AttemptItem.objects.select_related("attempt", "version")
            .select_for_update(of=("self", "attempt"), no_key=True)
            .get(attempt__uuid=attempt_uuid, attempt__candidate=by, slot=slot)
        )
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
        closed = _closed_reason(attempt, is_answer=answer is not UNCHANGED, at=at)
        current = last if last is None or last.counted else _last_counted(item)
        if closed is None:
            if current is not None and (reason := _final_because(attempt, current)):
                raise ResponseLocked(reason, revision=current.sequence)
            if expected_revision is not None and expected_revision != (current.sequence if current else 0):
                raise NewerResponse(revision=current.sequence if current else 0, response=shown(item, current))
        if closed is None or closed.extra["kept"]:
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
    # What was kept above is committed; the seal is a transaction of its own, and only then comes the error.
    seal_if_overdue(attempt=attempt, at=at)
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
    newest = Response.objects.filter(item=item).order_by("-sequence").values("pk")[:1]
    wanted = Q(pk=newest)
    if client_key:
        wanted |= Q(client_key=client_key)
    rows = sorted(Response.objects.filter(wanted, item=item), key=lambda row: row.sequence)
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


# Sealing -----------------------------------------------------------------------------------------------------------


def submit_attempt(*, attempt: Attempt, by: Any, at: datetime) -> bool:
    """Seal at the candidate's wish; one conditional UPDATE decides a race. True when this call sealed it.

    Sealing commits before anything is graded, and depends on nothing but the attempt's own row.
    """
    if seal_if_overdue(attempt=attempt, at=at):
        return True
    finished_at = min(at, attempt.deadline_at) if attempt.deadline_at else at
    return _seal(attempt, how=SubmittedHow.CANDIDATE, finished_at=finished_at, by=by, at=at)


def seal_if_overdue(*, attempt: Attempt | None, at: datetime) -> bool:
    """Seal an open attempt whose deadline and grace have passed. Safe any number of times."""
    if attempt is None or not attempt.is_open:
        return False
    if not rules.is_overdue(attempt.deadline_at, attempt.paused_at, at, grace()):
        return False
    assert attempt.deadline_at is not None  # noqa: S101 - is_overdue says so
    return _seal(attempt, how=SubmittedHow.DEADLINE, finished_at=attempt.deadline_at, by=None, at=at)


def _seal(attempt: Attempt, *, how: SubmittedHow, finished_at: datetime, by: Any, at: datetime) -> bool:
    with transaction.atomic():
        won = (
            Attempt.objects.open()
            .filter(pk=attempt.pk)
            .update(submitted_at=at, finished_at=finished_at, submitted_how=how)
        )
        if won:
            AttemptEvent.objects.create(
                attempt=attempt, type=EventType.SUBMITTED, at=at, by=by, data={"how": how.value}
            )
            transaction.on_commit(lambda: attempt_submitted.send(sender=Attempt, attempt=attempt))
    attempt.refresh_from_db(fields=["submitted_at", "finished_at", "submitted_how", "voided_at"])
    return bool(won)


def void_attempt(*, attempt: Attempt, reason: str, by: Any, at: datetime) -> None:
    """An attempt that shall not count: it uses up no try and its result is nobody's. It stays in the record."""
    with transaction.atomic():
        if Attempt.objects.filter(pk=attempt.pk, voided_at=None).update(voided_at=at, voided_by=by, void_reason=reason):
            AttemptEvent.objects.create(attempt=attempt, type=EventType.VOIDED, at=at, by=by)
    attempt.refresh_from_db()


def overdue_attempts(at: datetime) -> list[Attempt]:
    """Open attempts that nobody will submit any more."""
    return list(Attempt.objects.overdue(at - grace()).order_by("deadline_at"))
