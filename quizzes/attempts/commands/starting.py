"""Starting an attempt: what must be true, which items it has, and in which order they are shown."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import BigAutoField, QuerySet
from django.utils.translation import gettext as _

from lms.accounts.api import accommodation_for
from lms.core.ports import Deny, gate
from lms.core.ports import conditions as conditions_port
from lms.core.prepared import Param, Prepared
from quizzes.assembly.commands import DrawnItem, select_items
from quizzes.assembly.enums import HIGH_STAKES, AssessmentKind, FormPolicy
from quizzes.assembly.models import Assessment, AssessmentVersion, Form
from quizzes.assembly.policy import Policy
from quizzes.bank.held import versions_by_id
from quizzes.bank.models import QuestionVersion
from quizzes.types import registry

from .. import policy as rules
from ..entry import Entry, entries_for, grants_for
from ..enums import AttemptKind, EventType
from ..exceptions import Cooldown, Locked, NoAttemptsLeft, NotOpen
from ..models import Attempt, AttemptEvent, AttemptItem
from .sealing import seal_if_overdue

START_ERRORS = {"not_open": NotOpen, "no_attempts_left": NoAttemptsLeft, "cooldown": Cooldown}


def start_attempt(
    *,
    assessment: Assessment,
    start_code: str = "",
    seed: str | None = None,
    language: str = "en-gb",
    by: Any,
    at: datetime,
) -> tuple[Attempt, bool]:
    """Begin an attempt, or get the open one back. Returns (attempt, is new).

    An overdue open attempt is sealed first, in its own transaction. Of two starts that race, the loser gets the
    winner's attempt. Raises `Locked`, `NotOpen`, `NoAttemptsLeft` or `Cooldown`.
    """
    past = _attempts(by, assessment)
    for attempt in past:
        seal_if_overdue(attempt=attempt, at=at)
    if open_ones := [attempt for attempt in past if attempt.is_open]:
        return open_ones[0], False
    planned = _plan(assessment, past, start_code, by, at)
    try:
        with transaction.atomic():
            attempt = _create(assessment, planned, past=past, seed=seed, language=language, by=by, at=at)
            return attempt, True
    except IntegrityError:
        # The constraint on ordinals decides between two starts that saw the same past.
        existing = next((attempt for attempt in _attempts(by, assessment) if attempt.is_open), None)
        if existing is None:
            raise
        return existing, False


def start_preview(*, assessment: Assessment, form: Form | None = None, by: Any, at: datetime) -> Attempt:
    """An attempt by staff to see what candidates see. It counts for nothing; the caller has checked the right to it."""
    version = assessment.current_version
    if version is None:
        raise NotOpen(_("This assessment is not published."))
    policy = Policy(**version.policy)
    if form is None and policy.form_policy == FormPolicy.FIXED:
        form = version.forms.order_by("label").first()
    planned = Planned(version, policy, rules.schedule(policy, at, rules.TimeAllowance()), Entry(), form)
    with transaction.atomic():
        # An older preview makes room: nobody waits for its result.
        for attempt in Attempt.objects.open().filter(candidate=by, assessment=assessment, kind=AttemptKind.PREVIEW):
            Attempt.objects.filter(pk=attempt.pk).update(voided_at=at, voided_by=by, void_reason="Preview left")
        return _create(
            assessment, planned, past=(), seed=None, language=by.language, by=by, at=at, kind=AttemptKind.PREVIEW
        )


@dataclass(frozen=True)
class Planned:
    """A start that the rules allow."""

    version: AssessmentVersion
    policy: Policy
    schedule: rules.Schedule
    entry: Entry
    form: Form | None = None


def _past() -> QuerySet[Attempt]:
    rows = Attempt.objects.filter(
        candidate=Param(0, BigAutoField()), assessment=Param(1, BigAutoField()), kind=AttemptKind.CANDIDATE
    )
    return rows.order_by("ordinal")


PAST = Prepared(_past)


def _attempts(user: Any, assessment: Assessment) -> list[Attempt]:
    return PAST(user.pk, assessment.pk)


def _plan(assessment: Assessment, past: Sequence[Attempt], start_code: str, by: Any, at: datetime) -> Planned:
    """Everything that can refuse a start, before anything is written."""
    verdict = gate(by, assessment)
    if isinstance(verdict, Deny):
        raise Locked(verdict.message, missing=[missing.as_dict() for missing in verdict.missing])
    version = assessment.current_version
    if version is None or assessment.is_retired or not assessment.live:
        raise NotOpen(_("This assessment is not published."))
    policy = effective_policy(version, by, assessment)
    history = [rules.Past(attempt.started_at, attempt.finished_at) for attempt in past if attempt.voided_at is None]
    start = rules.may_start(policy, history, at)
    if not start.allowed and history:
        start = rules.may_start(policy, history, at, grants_for(by, [assessment]).get(assessment.pk, ()))
    if not start.allowed:
        extra = {"retry_at": start.retry_at.isoformat()} if start.retry_at else {}
        raise START_ERRORS[start.code](**extra)
    entry = entries_for(by, [(assessment, policy, bool(history))], at)[assessment.pk]
    # The code is read out in the room, so it is nobody's concern before everything else is there.
    missing = entry.missing or entry.refused_code(start_code)
    if missing:
        raise Locked(missing[0].title, missing=[row.as_dict() for row in missing])
    schedule = rules.schedule(policy, at, allowance_for(by, at), hard_stop_at=entry.hard_stop_at)
    return Planned(version, policy, schedule, entry)


def _create(
    assessment: Assessment,
    planned: Planned,
    *,
    past: Sequence[Attempt],
    seed: str | None,
    language: str,
    by: Any,
    at: datetime,
    kind: AttemptKind = AttemptKind.CANDIDATE,
) -> Attempt:
    seed = seed or secrets.token_hex(16)
    # Not for secrets: the order only has to be fair and repeatable, and its result is stored.
    rng = random.Random(seed)  # noqa: S311
    policy = planned.policy
    form, items = _items_for(planned, past, rng)
    if form:
        policy = policy.model_copy(update={"cut_percent": form.cut_percent, "cut_basis": form.cut_basis})
    attempt = Attempt.objects.create(
        candidate=by,
        assessment=assessment,
        version=planned.version,
        form=form,
        kind=kind,
        ordinal=(past[-1].ordinal if past else 0) + 1,
        policy=policy.model_dump(mode="json"),
        conditions=planned.schedule.conditions,
        language=language,
        seed=seed,
        sitting_id=planned.entry.sitting_id,
        authorisation_id=planned.entry.authorisation_id,
        started_at=at,
        deadline_at=planned.schedule.deadline_at,
    )
    _lay_out(attempt, items, policy, rng)
    AttemptEvent.objects.create(attempt=attempt, type=EventType.STARTED, at=at, by=by)
    return attempt


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


def _items_for(planned: Planned, past: Sequence[Attempt], rng: random.Random) -> tuple[Form | None, list[DrawnItem]]:
    version, policy = planned.version, planned.policy
    if policy.form_policy == FormPolicy.FIXED:
        form = planned.form or _another_form(version, policy, past, rng)
        return form, [DrawnItem(item.version_id, item.marks, item.counts, 0) for item in form.items.all()]
    seen = (
        frozenset(
            AttemptItem.objects.filter(attempt__in=[attempt.pk for attempt in past]).values_list(
                "version__question_id", flat=True
            )
        )
        if past
        else frozenset()
    )
    only_unseen = policy.kind == AssessmentKind.EXAM
    return None, select_items(version.blueprint, rng=rng, seen=seen, only_unseen=only_unseen)


def _another_form(version: AssessmentVersion, policy: Policy, past: Sequence[Attempt], rng: random.Random) -> Form:
    """A reviewed form at random among those not sat yet; when all were, the one sat longest ago."""
    forms = list(version.forms.prefetch_related("items").order_by("label"))
    if policy.kind in HIGH_STAKES:
        forms = [form for form in forms if form.reviewed_at]
    if not forms:
        raise NotOpen(_("No form of this exam has been reviewed yet."))
    # A form keeps its label and items from version to version as long as its digest says so.
    last_sat = {attempt.form.items_digest: attempt.ordinal for attempt in past if attempt.form}
    fresh = [form for form in forms if form.items_digest not in last_sat]
    return rng.choice(fresh) if fresh else min(forms, key=lambda form: last_sat[form.items_digest])


def _lay_out(attempt: Attempt, items: Sequence[DrawnItem], policy: Policy, rng: random.Random) -> None:
    """Put the items in order and arrange each one. What is stored here is what the candidate sees, for good."""
    versions = versions_by_id({item.version for item in items})
    rows = []
    for slot, item in enumerate(in_order(items, versions, policy, rng), start=1):
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


def in_order(
    items: Sequence[DrawnItem], versions: dict[int, QuestionVersion], policy: Policy, rng: random.Random
) -> list[DrawnItem]:
    """The order of the items: as assembled, or shuffled. Items that share a stimulus stay together, in their order."""
    groups: dict[str, list[DrawnItem]] = {}
    for place, item in enumerate(items):
        groups.setdefault(versions[item.version].stimulus_html or str(place), []).append(item)
    keys = list(groups)
    if policy.shuffle_items:
        keys = rng.sample(keys, len(keys))
    return [item for key in keys for item in groups[key]]
