"""Awarding many applications together: each in a transaction of its own, so that an interruption loses nothing.

A batch may be run again at any time, and by several runners at once: each takes an application that no other holds,
and what is done is never done again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.exceptions import DomainError, InvalidInput, NotAllowed

from . import commands
from .enums import DecisionOutcome
from .models import Application, AwardBatch, AwardBatchItem

logger = logging.getLogger(__name__)

#: Rows written by one statement when a batch is opened.
CHUNK = 500
PROBLEM_LENGTH = 500


@transaction.atomic
def open_batch(*, applications: Iterable[Any], title: str, by: Any, at: datetime) -> AwardBatch:
    """A batch of open applications, given by their public ids. Nothing is decided before it is run."""
    ids = list(dict.fromkeys(applications))
    found = list(
        Application.objects.filter(uuid__in=ids, closed_at=None).order_by("submitted_at", "id").values_list("pk")
    )
    errors: dict[str, list[str]] = {}
    if not title.strip():
        errors["title"] = [_("Give the batch a name.")]
    if not ids:
        errors["applications"] = [_("Tick at least one application.")]
    elif len(found) < len(ids):
        errors["applications"] = [_("Some of these were decided meanwhile. Look at what is ticked now.")]
    if errors:
        raise InvalidInput(errors=errors)
    batch = AwardBatch.objects.create(title=title.strip()[:200], opened_by=by, opened_at=at)
    items = (AwardBatchItem(batch=batch, application_id=pk) for (pk,) in found)
    AwardBatchItem.objects.bulk_create(items, batch_size=CHUNK)
    return batch


def run_batch(*, batch: AwardBatch, by: Any) -> int:
    """Decide on what is not decided yet, one by one; gives how many were done now.

    What the rules do not allow is noted with the item in words, and the rest goes on. What fails for another reason
    is left for the next run. `by` is who decides, and must be independent of each candidate.
    """
    if not by.has_role("registrar", "admin"):
        raise NotAllowed(_("Only a registrar awards certificates."))
    done, last = 0, 0
    while (item := _next_item(batch, after=last)) is not None:
        last = item
        try:
            done += _award(item, by)
        except Exception:
            logger.exception("Item %s of batch %s could not be decided", item, batch.uuid)
    if not batch.items.filter(done_at=None).exists():
        AwardBatch.objects.filter(pk=batch.pk, finished_at=None).update(finished_at=timezone.now())
    return done


def _next_item(batch: AwardBatch, after: int) -> int | None:
    waiting = AwardBatchItem.objects.filter(batch=batch, done_at=None, pk__gt=after)
    return waiting.order_by("pk").values_list("pk", flat=True).first()


@transaction.atomic
def _award(key: int, by: Any) -> bool:
    """Decide on one item; False when another runner has it or did it."""
    # By its key, as the order of the model would join the batch, and lock it for all runners.
    rows = AwardBatchItem.objects.select_for_update(skip_locked=True).order_by("pk")
    item = rows.filter(pk=key, done_at=None).first()
    if item is None:
        return False
    at = timezone.now()
    result: dict[str, Any] = {"done_at": at}
    try:
        _decision, result["certificate"] = commands.decide(
            application=item.application, outcome=DecisionOutcome.AWARD, by=by, at=at
        )
    except DomainError as error:
        result["problem"] = in_words(error)[:PROBLEM_LENGTH]
    AwardBatchItem.objects.filter(pk=key).update(**result)
    return True


def in_words(error: DomainError) -> str:
    """A refusal with what is missing, for the list of a batch."""
    missing = [str(row["title"]) for row in error.extra.get("missing", ())]
    return f"{error.message}: {', '.join(missing)}" if missing else error.message


def unfinished_batches() -> list[AwardBatch]:
    """Batches with something left to decide, oldest first."""
    return list(AwardBatch.objects.filter(finished_at=None).select_related("opened_by").order_by("id"))
