"""Publishing freezes: the one signal that the admin, workflows and scripts all pass through."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import published

from .assembly.commands import freeze_assessment
from .assembly.models import Assessment
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
