"""How claims stood before: a change of standing keeps a revision of what it replaces.

The CMS keeps a revision of what was saved, the loader of a package keeps none. So, wherever a change comes from, the
row as it was is kept first. What a claim stood on at a moment is then what its first revision after that moment says;
where there is none, it stands as it stood.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import pre_save
from django.dispatch import receiver
from wagtail.models import Revision

from .models import Claim


@receiver(pre_save, sender=Claim, dispatch_uid="lms.knowledge.keep_standing")
def keep_standing(sender: Any, instance: Claim, raw: bool = False, **kwargs: Any) -> None:
    """Keep what a claim was before its standing changes."""
    if raw or instance.pk is None:
        return
    before = Claim.objects.filter(pk=instance.pk).exclude(standing=instance.standing).first()
    if before is not None:
        before.save_revision(clean=False, log_action=False)


def standings_before(since: datetime) -> dict[int, list[tuple[datetime, str]]]:
    """What revisions later than `since` say that claims (primary keys) stood on, oldest first; one query.

    Claims that nobody touched are not named.
    """
    rows = Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(Claim), created_at__gt=since
    ).order_by("created_at", "pk")
    found: dict[int, list[tuple[datetime, str]]] = {}
    for key, at, standing in rows.values_list("object_id", "created_at", "content__standing"):
        found.setdefault(int(key), []).append((at, standing))
    return found
