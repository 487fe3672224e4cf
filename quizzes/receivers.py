"""What follows from news: publishing freezes, and newly approved conditions reach whoever is writing."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import published

from lms.accounts.api import accommodation_granted

from .assembly.commands import freeze_assessment
from .assembly.models import Assessment
from .attempts.commands import apply_accommodation
from .bank.commands import freeze_question
from .bank.models import Question


def _publisher(instance: Any) -> Any:
    revision = instance.latest_revision
    return revision.user if revision else None


@receiver(published, sender=Question, dispatch_uid="quizzes.freeze_question")
def question_published(sender: Any, instance: Question, **kwargs: Any) -> None:
    """A published question becomes a version."""
    freeze_question(question=instance, by=_publisher(instance), at=timezone.now())


@receiver(published, sender=Assessment, dispatch_uid="quizzes.freeze_assessment")
def assessment_published(sender: Any, instance: Assessment, **kwargs: Any) -> None:
    """A published assessment becomes a version with its forms."""
    freeze_assessment(assessment=instance, by=_publisher(instance), at=timezone.now())


@receiver(accommodation_granted, dispatch_uid="quizzes.apply_accommodation")
def accommodation_reaches_open_attempts(sender: Any, profile: Any, **kwargs: Any) -> None:
    """Extra time that is approved while somebody writes holds at once."""
    apply_accommodation(candidate=profile.user, by=profile.approved_by, at=profile.approved_at)
