"""Publishing a practical examination freezes it."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import published

from .commands import freeze_practical
from .models import Practical


@receiver(published, sender=Practical, dispatch_uid="lms.practicals.freeze_practical")
def practical_published(sender: Any, instance: Practical, **kwargs: Any) -> None:
    """A published practical becomes a version."""
    revision = instance.latest_revision
    freeze_practical(practical=instance, by=revision.user if revision else None, at=timezone.now())
