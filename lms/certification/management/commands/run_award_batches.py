"""`manage.py run_award_batches`: go on with batches of awards that were interrupted."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from lms.certification.batches import run_batch, unfinished_batches
from lms.core.exceptions import DomainError


class Command(BaseCommand):
    """Safe at any time, any number of times, on several machines at once."""

    help = "Decides on what is left in every unfinished batch of awards, in the name of whoever opened it."

    def handle(self, *args: Any, **options: Any) -> None:
        for batch in unfinished_batches():
            try:
                done = run_batch(batch=batch, by=batch.opened_by)
            except DomainError as error:
                self.stderr.write(f"{batch.uuid}: {error.message}")
                continue
            left = batch.items.filter(done_at=None).count()
            self.stdout.write(f"{batch.title}: {done} decided, {left} left")
