"""Work of certification that nobody waits for at a page."""

from __future__ import annotations

from django_tasks import task

from lms.accounts.api import User

from .batches import run_batch
from .models import AwardBatch


@task()
def award_batch(batch_id: str, by_id: str) -> int:
    """Decide on what is left of a batch, in the name of whoever asked for it."""
    return run_batch(batch=AwardBatch.objects.get(uuid=batch_id), by=User.objects.get(uuid=by_id))
