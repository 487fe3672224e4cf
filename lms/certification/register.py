"""The public register: active certificates whose holders agreed to be in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from lms.core.clock import school_day
from lms.core.exceptions import NotAllowed

from .enums import CertificateEventKind
from .exceptions import NotPossibleNow
from .models import Certificate, CertificateEvent, RegisterListing
from .queries import saying, standing_of_certificate


@transaction.atomic
def list_publicly(*, certificate: Certificate, is_listed: bool, by: Any, at: datetime) -> bool:
    """The holder wants a certificate in the public register, or no longer. True when that changed something."""
    if certificate.holder_id != by.pk:
        raise NotAllowed(_("Only its holder puts a certificate into the public register."))
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if is_listed == is_publicly_listed(locked):
        return False
    if is_listed and not standing_of_certificate(locked, school_day(at)).is_valid:
        raise NotPossibleNow(_("Only a certificate that holds is in the public register."))
    RegisterListing.objects.create(certificate=locked, is_listed=is_listed, by=by, at=at)
    return True


def is_publicly_listed(certificate: Certificate) -> bool:
    """What the holder said last; until then it is not listed."""
    last = certificate.listings.order_by("-id").values_list("is_listed", flat=True).first()
    return bool(last)


def public_register(today: date, words: str = "") -> QuerySet[Certificate]:
    """Certificates that hold today and whose holders agreed, by name; with words, those whose name or title has them.

    Says in the database what `status.standing` says of one certificate.
    """
    events = CertificateEvent.objects.filter(certificate=OuterRef("pk"))
    ended = events.filter(kind__in=[CertificateEventKind.REVOKED, CertificateEventKind.SUPERSEDED])
    pauses = events.filter(kind__in=[CertificateEventKind.SUSPENDED, CertificateEventKind.REINSTATED])
    agreed = RegisterListing.objects.filter(certificate=OuterRef("pk")).order_by("-id").values("is_listed")[:1]
    rows = Certificate.objects.annotate(
        agreed=Subquery(agreed), last_pause=Subquery(pauses.order_by("-id").values("kind")[:1])
    ).filter(
        ~Exists(ended),
        Q(expires_on=None) | Q(expires_on__gte=today),
        Q(last_pause=None) | Q(last_pause=CertificateEventKind.REINSTATED),
        agreed=True,
        holder__is_active=True,
    )
    if words:
        rows = rows.filter(saying(words))
    return rows.order_by("holder_name", "-awarded_on", "-id")
