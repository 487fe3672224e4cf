"""Signing and verifying with the suite eddsa-rdfc-2022, the one that Open Badges 3.0 names for embedded proofs.

Signed are the SHA-256 of the canonical proof options followed by the SHA-256 of the canonical document.
Source: W3C Data Integrity EdDSA Cryptosuites 1.0, section 3.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .canonical import canonical
from .documents import Contexts, bundled
from .exceptions import BadgeError
from .keys import SigningKey
from .moments import written
from .multibase import base58, from_base58

SUITE = "eddsa-rdfc-2022"
PURPOSE = "assertionMethod"
_NEEDED = {"type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"}
#: Anything else (an expiry, a challenge, a chain of proofs) asks for checks that are not made here.
_ALLOWED = {*_NEEDED, "created", "id", "@context"}


def sign(
    document: dict[str, Any], *, key: SigningKey, method: str, at: datetime, contexts: Contexts = bundled
) -> dict[str, Any]:
    """The document with its proof; `method` is the address under which the key is published."""
    if "proof" in document:
        raise BadgeError("proof_form", "The document is signed already.")
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": written(at),
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
    }
    value = base58(key.signature(_signed_bytes(document, options, contexts)))
    return {**document, "proof": {**options, "proofValue": value}}


def verify(document: dict[str, Any], *, keys: Mapping[str, bytes], contexts: Contexts = bundled) -> None:
    """Raise `BadgeError` unless the document is, statement by statement, what the holder of one of `keys` signed.

    `keys` are public keys by address (see `keys.keys_of`). Of several proofs those by known keys must hold, and there
    must be one. Neither dates nor status are looked at.
    """
    bare = {name: value for name, value in document.items() if name != "proof"}
    proofs = document.get("proof", [])
    proofs = proofs if isinstance(proofs, list) else [proofs]
    if not proofs:
        raise BadgeError("unsigned", "The document carries no proof.")
    for proof in proofs:
        _check_proof(proof, bare)
    known = [proof for proof in proofs if proof["verificationMethod"] in keys]
    if not known:
        raise BadgeError("unknown_key", "The document was not signed with a key of this issuer.")
    for proof in known:
        _verify_one(bare, proof, keys[proof["verificationMethod"]], contexts)


def _check_proof(proof: Any, document: dict[str, Any]) -> None:
    if not isinstance(proof, dict) or not _NEEDED <= proof.keys() <= _ALLOWED:
        raise BadgeError("proof_form", "The proof is not of a form that is known here.")
    if not all(isinstance(value, str) for name, value in proof.items() if name != "@context"):
        raise BadgeError("proof_form", "The proof is not of a form that is known here.")
    if (proof["type"], proof["cryptosuite"], proof["proofPurpose"]) != ("DataIntegrityProof", SUITE, PURPOSE):
        raise BadgeError("proof_form", "The proof is of another kind or for another purpose.")
    if "@context" in proof and proof["@context"] != document.get("@context"):
        raise BadgeError("proof_form", "The proof has vocabularies of its own.")


def _verify_one(document: dict[str, Any], proof: dict[str, Any], public: bytes, contexts: Contexts) -> None:
    options = {name: value for name, value in proof.items() if name not in {"proofValue", "@context"}}
    try:
        signature = from_base58(proof["proofValue"])
    except BadgeError as cause:
        raise BadgeError("signature", "The signature cannot be read.") from cause
    message = _signed_bytes(document, options, contexts)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature as cause:
        raise BadgeError("signature", "The document is not what was signed.") from cause


def _signed_bytes(document: dict[str, Any], options: dict[str, Any], contexts: Contexts) -> bytes:
    spoken = {"@context": document.get("@context"), **options}
    return _digest(spoken, contexts) + _digest(document, contexts)


def _digest(document: dict[str, Any], contexts: Contexts) -> bytes:
    return hashlib.sha256(canonical(document, contexts).encode("utf-8")).digest()
