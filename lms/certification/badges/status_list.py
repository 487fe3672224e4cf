"""Which credentials are revoked or suspended, as a signed list of bits.

Every list has room for at least 131,072 credentials, so that fetching it does not tell whose status is asked for; for
the same reason places in it are given out at random.
Source: W3C Bitstring Status List 1.0.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from .documents import CREDENTIALS
from .exceptions import BadgeError
from .moments import written
from .multibase import base64url, from_base64url

Purpose = Literal["revocation", "suspension"]
#: The least length a list may have (16 KB), and the most that is ever unpacked, in bits.
LEAST = 131_072
MOST = LEAST * 64


def encoded(places: Iterable[int], *, length: int = LEAST) -> str:
    """A list of `length` bits with these places set; place 0 is the left-most bit. Equal lists are equal text."""
    if length % 8 or not LEAST <= length <= MOST:
        raise BadgeError("status_list", f"A list has {LEAST} to {MOST} bits, in whole bytes.")
    bits = bytearray(length // 8)
    for place in places:
        if not 0 <= place < length:
            raise BadgeError("status_list", f"The list has no place {place}.")
        bits[place // 8] |= 0x80 >> place % 8
    return "u" + base64url(gzip.compress(bytes(bits), mtime=0))


def decoded(text: str) -> bytes:
    """The bits of an encoded list; `BadgeError` `status_list` when it cannot be read, is too short or too long."""
    if not text.startswith("u"):
        raise BadgeError("status_list", "The list is not in base 64 of URLs with its prefix u.")
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        bits = unpacking.decompress(from_base64url(text[1:]), MOST // 8 + 1)
    except (BadgeError, zlib.error) as cause:
        raise BadgeError("status_list", "The list cannot be unpacked.") from cause
    if not unpacking.eof or unpacking.unused_data or not LEAST <= len(bits) * 8 <= MOST:
        raise BadgeError("status_list", "The list is cut off or not of a permitted length.")
    return bits


def is_set(bits: bytes, place: int) -> bool:
    """Whether the bit at a place is set; `BadgeError` `status_list` when there is no such place."""
    if not 0 <= place < len(bits) * 8:
        raise BadgeError("status_list", f"The list has no place {place}.")
    return bool(bits[place // 8] & 0x80 >> place % 8)


def status_entry(list_id: str, place: int, purpose: Purpose) -> dict[str, str]:
    """Where a credential's status stands, for its `credentialStatus`."""
    return {
        "id": f"{list_id}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(place),
        "statusListCredential": list_id,
    }


def status_list_credential(
    list_id: str,
    *,
    issuer: str,
    purpose: Purpose,
    places: Iterable[int],
    valid_from: datetime,
    valid_until: datetime | None = None,
    length: int = LEAST,
) -> dict[str, Any]:
    """The unsigned list as it is served at `list_id`; `valid_until` says when to fetch it again at the latest."""
    credential: dict[str, Any] = {
        "@context": [CREDENTIALS],
        "id": list_id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": written(valid_from),
    }
    if valid_until:
        credential["validUntil"] = written(valid_until)
    credential["credentialSubject"] = {
        "id": f"{list_id}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose,
        "encodedList": encoded(places, length=length),
    }
    return credential


def statuses(credential: dict[str, Any], lists: Iterable[dict[str, Any]]) -> dict[str, bool]:
    """For each purpose that the credential names, whether its bit is set in the one of `lists` it points to.

    The signatures of the lists are verified elsewhere (`credential.verify`). `BadgeError` `status_list` when a list is
    missing or serves another purpose: a status that cannot be read is not a good one.
    """
    entries = credential.get("credentialStatus", [])
    served = {found["id"]: found["credentialSubject"] for found in lists}
    state: dict[str, bool] = {}
    for entry in entries if isinstance(entries, list) else [entries]:
        subject = served.get(entry.get("statusListCredential"), {})
        if entry.get("statusPurpose") is None or subject.get("statusPurpose") != entry["statusPurpose"]:
            raise BadgeError("status_list", "The list of that status is not at hand.")
        if not str(entry.get("statusListIndex", "")).isdecimal():
            raise BadgeError("status_list", "The status has no place in its list.")
        bits = decoded(subject["encodedList"])
        state[entry["statusPurpose"]] = is_set(bits, int(entry["statusListIndex"]))
    return state
