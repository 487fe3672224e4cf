"""Ed25519 keys of an issuer: made, kept as a seed, published as a Multikey.

The seed (32 bytes) is the secret. It is kept as base 64 of URLs or as a multibase secret key; only the public half is
ever published. A key that was exchanged stays in the issuer's document, so that what it signed goes on verifying.
Source: W3C Controlled Identifiers 1.0, section 2.2.2 "Multikey".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .documents import MULTIKEY, OPEN_BADGES
from .exceptions import BadgeError
from .moments import written
from .multibase import base58, base64url, from_base58, from_base64url

#: Multicodec headers of a public and of a secret Ed25519 key.
PUBLIC_HEADER = b"\xed\x01"
SECRET_HEADER = b"\x80\x26"
LENGTH = 32


@dataclass(frozen=True)
class SigningKey:
    """The secret of an issuer. It is never shown by `repr`."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != LENGTH:
            raise BadgeError("key", "An Ed25519 seed has 32 bytes.")

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._private().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def public_multibase(self) -> str:
        """The public key as it is published (`z6Mk…`)."""
        return public_multibase(self.public)

    def signature(self, message: bytes) -> bytes:
        """The 64 bytes of the signature over `message`."""
        return self._private().sign(message)

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True)
class PublishedKey:
    """A public key in the issuer's document. With `revoked_at` nothing it signed is believed any more."""

    multibase: str
    revoked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """The school as an issuer. `id` is the address at which its controller document is served."""

    id: str
    name: str
    url: str = ""
    email: str = ""


def new_key() -> SigningKey:
    """A fresh key from the system's randomness."""
    return SigningKey(Ed25519PrivateKey.generate().private_bytes_raw())


def key_to_keep(key: SigningKey) -> str:
    """The seed as base 64 of URLs (43 letters), for a secret store."""
    return base64url(key.seed)


def secret_multibase(key: SigningKey) -> str:
    """The seed as a multibase secret key (`z3u2…`), the form other tools read."""
    return base58(SECRET_HEADER + key.seed)


def kept_key(text: str) -> SigningKey:
    """The key of a seed in either form; `BadgeError` (`key`, `unreadable`) when it is neither."""
    text = text.strip()
    # A seed in base 64 has 43 letters, a multibase secret 48: a seed that happens to begin with z is no doubt.
    if len(text) == 43:
        return SigningKey(from_base64url(text))
    data = from_base58(text)
    if not data.startswith(SECRET_HEADER):
        raise BadgeError("key", "This is not an Ed25519 secret key.")
    return SigningKey(data.removeprefix(SECRET_HEADER))


def public_multibase(public: bytes) -> str:
    """A public key as `publicKeyMultibase`."""
    return base58(PUBLIC_HEADER + public)


def public_key(multibase: str) -> bytes:
    """The 32 bytes of a `publicKeyMultibase`; `BadgeError` `key` when it is another kind of key."""
    data = from_base58(multibase)
    if not data.startswith(PUBLIC_HEADER) or len(data) != LENGTH + len(PUBLIC_HEADER):
        raise BadgeError("key", "This is not an Ed25519 public key.")
    return data.removeprefix(PUBLIC_HEADER)


def method_id(issuer: str, multibase: str) -> str:
    """The address of a key inside the issuer's document."""
    return f"{issuer}#{multibase}"


def verification_method(issuer: str, key: PublishedKey) -> dict[str, str]:
    """A key as the verification method of its issuer."""
    method = {
        "id": method_id(issuer, key.multibase),
        "type": "Multikey",
        "controller": issuer,
        "publicKeyMultibase": key.multibase,
    }
    if key.revoked_at:
        method["revoked"] = written(key.revoked_at)
    return method


def profile(issuer: Issuer) -> dict[str, Any]:
    """The issuer as it stands inside a credential; what is not known is left out."""
    optional = {"url": issuer.url, "email": issuer.email}
    return {
        "id": issuer.id,
        "type": ["Profile"],
        "name": issuer.name,
        **{name: value for name, value in optional.items() if value},
    }


def controller_document(issuer: Issuer, keys: Sequence[PublishedKey]) -> dict[str, Any]:
    """What is served at the issuer's address: its profile and every key that may have signed for it."""
    # The DID context comes first because verifiers in use know its terms without fetching it; those of W3C
    # Controlled Identifiers are the same.
    contexts = [
        "https://www.w3.org/ns/did/v1",
        MULTIKEY,
        OPEN_BADGES,
    ]
    methods = [verification_method(issuer.id, key) for key in keys]
    good = [method["id"] for method in methods if "revoked" not in method]
    return {"@context": contexts, **profile(issuer), "verificationMethod": methods, "assertionMethod": good}


def keys_of(controller: dict[str, Any]) -> dict[str, bytes]:
    """The public keys, by address, with which a controller says that its credentials may be verified."""
    issuer = controller.get("id")
    allowed = set(controller.get("assertionMethod", []))
    return {
        method["id"]: public_key(method["publicKeyMultibase"])
        for method in controller.get("verificationMethod", [])
        if method["id"] in allowed
        and method.get("type") == "Multikey"
        and method.get("controller") == issuer
        and "revoked" not in method
    }
