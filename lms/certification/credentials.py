"""Open Badges of certificates: whose keys sign, what is signed, and the published lists of what holds no longer.

The secret keys come from the settings; only their public halves are in the database, so that credentials signed with
an older key go on verifying after it was exchanged.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.api import SchoolSettings
from lms.core.exceptions import InvalidInput

from . import queries
from .badges import credential as badge
from .badges import keys, proof, status_list
from .enums import CertificateEventKind as Kind
from .enums import CredentialKind, StatusForm
from .issuing import take_position
from .models import Certificate, CertificateEvent, PathVersion, SignedCredential, SigningKey, StatusPosition

Purpose = Literal["revocation", "suspension"]
PURPOSES: dict[StatusForm, tuple[Purpose, ...]] = {
    StatusForm.BADGE: ("revocation",),
    StatusForm.FULL: ("revocation", "suspension"),
}
#: A verifier fetches a list again after so long, at the latest.
LIST_LIFE = timedelta(days=1)
#: A list is signed anew when its bits change, and before it runs out.
LIST_CACHE_SECONDS = 6 * 3600


def absolute(path: str) -> str:
    """An address of this school that stays the same whichever host it is asked by."""
    return settings.BASE_URL.rstrip("/") + path


def secret_keys() -> list[keys.SigningKey]:
    """The school's secret keys; the first one signs. Without any, one that follows from the secret of the instance."""
    if settings.CREDENTIAL_KEYS:
        return [keys.kept_key(text) for text in settings.CREDENTIAL_KEYS]
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"nmt credential signing key 1")
    return [keys.SigningKey(derive.derive(settings.SECRET_KEY.encode()))]


def signing_key(at: datetime) -> tuple[keys.SigningKey, SigningKey]:
    """The key that signs now, the first that is not revoked, with its public row. All keys are published.

    Raises `ImproperlyConfigured` when all are revoked.
    """
    published = {row.public_key_multibase: row for row in SigningKey.objects.all()}
    secret = secret_keys()
    for key in secret:
        if key.public_multibase not in published:
            try:
                with transaction.atomic():
                    published[key.public_multibase] = SigningKey.objects.create(
                        code=f"key-{hashlib.sha256(key.public).hexdigest()[:12]}",
                        public_key_multibase=key.public_multibase,
                        created_at=at,
                    )
            except IntegrityError:
                published[key.public_multibase] = SigningKey.objects.get(public_key_multibase=key.public_multibase)
    for key in secret:
        row = published[key.public_multibase]
        if row.revoked_at is None:
            return key, row
    raise ImproperlyConfigured("Every key of CREDENTIAL_KEYS is revoked: put a new one first (make_signing_key).")


def revoke_key(*, code: str, at: datetime) -> SigningKey:
    """A secret key became known to others: what it signed is believed no more, and a new key must sign.

    Holders download their credential anew; it is signed with the key that stands first then. Raises `InvalidInput`.
    """
    row = SigningKey.objects.filter(Q(code=code) | Q(public_key_multibase=code)).first()
    if row is None:
        raise InvalidInput(_("No key of this school is called %(code)s.") % {"code": code})
    mine = {key.public_multibase for key in secret_keys()}
    others = SigningKey.objects.exclude(pk=row.pk).filter(public_key_multibase__in=mine, revoked_at=None)
    if row.public_key_multibase in mine and not others.exists():
        raise InvalidInput(_("It is the only key that signs. Put a new one first in CREDENTIAL_KEYS, then revoke it."))
    SigningKey.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=at)
    row.refresh_from_db()
    return row


def issuer() -> keys.Issuer:
    """The school as it stands in its credentials."""
    school = SchoolSettings.load()
    return keys.Issuer(
        id=absolute(reverse("credentials:issuer")), name=school.name, url=absolute("/"), email=school.email
    )


def controller_document(at: datetime) -> dict[str, Any]:
    """The issuer's profile with every key that has signed for it."""
    signing_key(at)
    rows = SigningKey.objects.order_by("-id")
    return keys.controller_document(
        issuer(), [keys.PublishedKey(row.public_key_multibase, row.revoked_at) for row in rows]
    )


def achievement_of(version: PathVersion) -> badge.Achievement:
    """What all certificates of a path version say."""
    facts = version.facts
    lines = [line["text"] for line in queries.asked_of(version.requirements)]
    is_certification = facts["credential_kind"] == CredentialKind.CERTIFICATION
    return badge.Achievement(
        id=absolute(reverse("credentials:achievement", args=[version.path.code, version.number])),
        name=facts["credential_title"],
        description=facts["scope_note"] or facts["title"],
        criteria="\n".join(f"- {line}" for line in lines),
        kind="Certification" if is_certification else "Certificate",
    )


def credential_of(certificate: Certificate, at: datetime, form: StatusForm = StatusForm.BADGE) -> dict[str, Any]:
    """The signed credential of a certificate in one of its forms: made once for each key, and ever after the same."""
    secret, row = signing_key(at)
    known = SignedCredential.objects.filter(certificate=certificate, key=row, form=form).first()
    if known:
        return known.document
    document = badge.signed(_unsigned(certificate, form), issuer=issuer(), key=secret, at=at)
    try:
        with transaction.atomic():
            SignedCredential.objects.create(
                certificate=certificate, key=row, form=form, document=document, signed_at=at
            )
    except IntegrityError:
        # Another request signed it in the same moment; what was handed out first counts.
        return SignedCredential.objects.get(certificate=certificate, key=row, form=form).document
    return document


def _unsigned(certificate: Certificate, form: StatusForm) -> dict[str, Any]:
    position = StatusPosition.objects.filter(certificate=certificate).first() or take_position(certificate)
    # Valid through the last day.
    last = certificate.expires_on
    until = datetime.combine(last + timedelta(days=1), time(), UTC) if last else None
    return badge.open_badge(
        badge.Award(
            id=absolute(reverse("certification:verify", args=[certificate.number])),
            achievement=achievement_of(certificate.path_version),
            holder=badge.Holder(
                name=certificate.holder_name, email=certificate.holder.email, salt=secrets.token_hex(16)
            ),
            valid_from=certificate.issued_at,
            valid_until=until,
            awarded_at=datetime.combine(certificate.awarded_on, time(), UTC),
        ),
        issuer=issuer(),
        status=[
            status_list.status_entry(list_address(purpose, position.list_number), position.index, purpose)
            for purpose in PURPOSES[form]
        ],
    )


# Status lists -------------------------------------------------------------------------------------------------------


def list_address(purpose: str, number: int) -> str:
    """Where a status list is published."""
    return absolute(reverse("credentials:status", args=[purpose, number]))


def list_exists(number: int) -> bool:
    """The first list is always there, a further one once a certificate has its place in it."""
    return number == 1 or StatusPosition.objects.filter(list_number=number).exists()


def places(purpose: Purpose, number: int) -> list[int]:
    """The places whose bit is set: certificates suspended now, or revoked or superseded for good."""
    here = CertificateEvent.objects.filter(certificate__status_position__list_number=number)
    index = "certificate__status_position__index"
    if purpose == "revocation":
        rows = here.filter(kind__in=[Kind.REVOKED, Kind.SUPERSEDED])
        return sorted(set(rows.values_list(index, flat=True)))
    last: dict[int, str] = {}
    rows = here.filter(kind__in=[Kind.SUSPENDED, Kind.REINSTATED]).order_by("id")
    for place, kind in rows.values_list(index, "kind"):
        last[place] = kind
    return sorted(place for place, kind in last.items() if kind == Kind.SUSPENDED)


def status_list_of(purpose: Purpose, number: int, at: datetime) -> dict[str, Any]:
    """The signed list. It is signed again when its bits change, and every `LIST_CACHE_SECONDS`."""
    set_places = places(purpose, number)
    secret, row = signing_key(at)
    digest = hashlib.sha256(json.dumps([set_places, row.code, settings.BASE_URL]).encode()).hexdigest()
    key = f"status-list:{purpose}:{number}:{digest}"
    if found := cache.get(key):
        return dict(found)
    document = status_list.status_list_credential(
        list_address(purpose, number),
        issuer=issuer().id,
        purpose=purpose,
        places=set_places,
        valid_from=at,
        valid_until=at + LIST_LIFE,
    )
    signed = proof.sign(document, key=secret, method=keys.method_id(issuer().id, row.public_key_multibase), at=at)
    cache.set(key, signed, LIST_CACHE_SECONDS)
    return signed
