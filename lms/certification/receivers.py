"""Publishing a path freezes it; enrolling in a course of a path puts a person on it."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import published

from lms.learning.api import enrolled

from .commands import admit, freeze_path
from .eligibility import leaf_nodes
from .models import Path
from .queries import published_paths


@receiver(published, sender=Path, dispatch_uid="lms.certification.freeze_path")
def path_published(sender: Any, instance: Path, **kwargs: Any) -> None:
    """A published path becomes a version."""
    revision = instance.latest_revision
    freeze_path(path=instance, by=revision.user if revision else None, at=timezone.now())


def admit_by_enrolment(enrolment: Any) -> int:
    """Put a person on the paths that their course leads into; how many of them were new."""
    admitted = 0
    for path in published_paths().filter(admits_on_enrolment=True):
        courses = {leaf["reference"] for leaf in leaf_nodes(path.current_version.requirements, "course")}
        if enrolment.course_code in courses:
            _admission, is_new = admit(
                user=enrolment.user, path=path, by=enrolment.enrolled_by, at=enrolment.enrolled_at
            )
            admitted += is_new
    return admitted


@receiver(enrolled, dispatch_uid="lms.certification.enrolled")
def person_enrolled(sender: Any, enrolment: Any, **kwargs: Any) -> None:
    """Whoever takes a course of a path that admits on enrolment follows it, from that moment's requirements on."""
    admit_by_enrolment(enrolment)
