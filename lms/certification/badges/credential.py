"""A certificate as an `OpenBadgeCredential`, from plain facts.

The holder is named twice: by the salted hash of an e-mail address, so that whoever knows the address can check that
the badge is this person's while nobody can read it there; and by name as printed, which a certificate shows anyway.
Source: 1EdTech Open Badges 3.0, appendices B.1 "Credential Data Models" and 8.4 "Verify the Recipient".
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from . import proof
from .canonical import CONTROLS
from .documents import CREDENTIALS, OPEN_BADGES, Contexts, bundled
from .exceptions import BadgeError
from .keys import Issuer, SigningKey, keys_of, method_id, profile
from .moments import written

TYPES = ["VerifiableCredential", "OpenBadgeCredential"]


@dataclass(frozen=True, kw_only=True)
class Achievement:
    """What certificates of one kind have in common. `Certification` is time-limited, renewable and revocable."""

    id: str
    name: str
    description: str
    criteria: str
    kind: Literal["Certificate", "Certification"]
    image: str = ""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who holds it: the name as printed, and an e-mail address with the salt for its hash (neither is required)."""

    name: str = ""
    email: str = ""
    salt: str = ""


@dataclass(frozen=True, kw_only=True)
class Award:
    """One certificate. `id` is the address of its number; a later `valid_from` replaces an earlier badge of that id."""

    id: str
    achievement: Achievement
    holder: Holder
    valid_from: datetime
    valid_until: datetime | None = None
    awarded_at: datetime | None = None
    image: str = ""
    evidence: str = ""


def open_badge(award: Award, *, issuer: Issuer, status: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """The unsigned credential.

    `status` are entries of `status_list.status_entry`. One is written as an object, as the JSON schema of Open Badges
    3.0 demands; several as an array, which Verifiable Credentials 2.0 allows but that schema refuses.
    """
    if award.valid_until and award.valid_until <= award.valid_from:
        raise BadgeError("form", "The credential would end before it begins.")
    achievement = award.achievement
    badge: dict[str, Any] = {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": award.id,
        "type": TYPES,
        "name": _clean(achievement.name),
        "issuer": {name: _cleaned(value) for name, value in profile(issuer).items()},
        "validFrom": written(award.valid_from),
    }
    if award.valid_until:
        badge["validUntil"] = written(award.valid_until)
    if award.awarded_at:
        badge["awardedDate"] = written(award.awarded_at)
    if award.image:
        badge["image"] = _image(award.image, f"{achievement.name}, {issuer.name}")
    badge["credentialSubject"] = {
        "type": ["AchievementSubject"],
        "identifier": identifiers(award.holder),
        "achievement": _achievement(achievement),
    }
    if award.evidence:
        badge["evidence"] = [{"type": ["Evidence"], "narrative": _clean(award.evidence)}]
    if status:
        badge["credentialStatus"] = status[0] if len(status) == 1 else list(status)
    return badge


def signed(badge: dict[str, Any], *, issuer: Issuer, key: SigningKey, at: datetime) -> dict[str, Any]:
    """The credential with its proof, in an array of one as the JSON schema of Open Badges 3.0 demands."""
    done = proof.sign(badge, key=key, method=method_id(issuer.id, key.public_multibase), at=at)
    return {**done, "proof": [done["proof"]]}


def identifiers(holder: Holder) -> list[dict[str, Any]]:
    """The holder as identity objects; `BadgeError` `form` when nothing is known or an address has no salt."""
    found: list[dict[str, Any]] = []
    if holder.email:
        if not holder.salt:
            raise BadgeError("form", "The hash of an e-mail address without a salt is as good as the address.")
        found.append(
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": identity_hash(holder.email, holder.salt),
                "identityType": "emailAddress",
                "salt": holder.salt,
            }
        )
    if _clean(holder.name):
        found.append(
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": _clean(holder.name),
                "identityType": "name",
            }
        )
    if not found:
        raise BadgeError("form", "A credential must say whose it is.")
    return found


def identity_hash(identity: str, salt: str) -> str:
    """The salted SHA-256 as Open Badges 3.0 writes it ("IdentityHash"); addresses count in small letters."""
    return "sha256$" + hashlib.sha256((identity.strip().lower() + salt).encode("utf-8")).hexdigest()


def belongs_to(credential: dict[str, Any], email: str) -> bool:
    """Whether the credential names this e-mail address, hashed or in the open."""
    subject = credential.get("credentialSubject", {})
    entries = [entry for entry in subject.get("identifier", []) if entry.get("identityType") == "emailAddress"]
    known = email.strip().lower()
    return any(
        hmac.compare_digest(
            str(entry.get("identityHash", "")).lower().encode(),
            (identity_hash(known, entry.get("salt", "")) if entry.get("hashed") else known).encode(),
        )
        for entry in entries
    )


def verify(credential: dict[str, Any], *, controller: dict[str, Any], contexts: Contexts = bundled) -> None:
    """Raise `BadgeError` unless this issuer, as its controller document has it, signed the credential as it stands."""
    issuer = credential.get("issuer")
    named = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not named or named != controller.get("id"):
        raise BadgeError("issuer", "The credential names another issuer.")
    proof.verify(credential, keys=keys_of(controller), contexts=contexts)


def _achievement(achievement: Achievement) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": achievement.id,
        "type": ["Achievement"],
        "achievementType": achievement.kind,
        "name": _clean(achievement.name),
        "description": _clean(achievement.description),
        "criteria": {"narrative": _clean(achievement.criteria)},
    }
    if achievement.image:
        said["image"] = _image(achievement.image, achievement.name)
    return said


def _image(address: str, caption: str) -> dict[str, str]:
    return {"id": address, "type": "Image", "caption": _clean(caption)}


def _cleaned(value: Any) -> Any:
    return _clean(value) if isinstance(value, str) else value


def _clean(text: str) -> str:
    """The text without control characters, which no canonical form writes like the next."""
    return CONTROLS.sub(" ", text).strip()
