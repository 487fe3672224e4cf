"""A school that issues badges, for the tests of badges."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lms.certification.badges.credential import Achievement, Award, Holder, open_badge, signed
from lms.certification.badges.keys import Issuer, PublishedKey, SigningKey, controller_document
from lms.certification.badges.status_list import status_entry

BASE = "https://school.example"
AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
ISSUER = Issuer(id=f"{BASE}/badges/issuer/", name="School of Neuromuscular Therapy", url=BASE, email="r@school.example")
KEY = SigningKey(bytes(range(32)))
NEXT_KEY = SigningKey(bytes(range(32, 64)))
CONTROLLER = controller_document(ISSUER, [PublishedKey(KEY.public_multibase), PublishedKey(NEXT_KEY.public_multibase)])
REVOCATION = f"{BASE}/badges/status/revocation/1/"
SUSPENSION = f"{BASE}/badges/status/suspension/1/"
PLACE = 94_567
VECTORS = Path(__file__).parent / "vectors"


def award(**changes: Any) -> Award:
    facts: dict[str, Any] = {
        "id": f"{BASE}/verify/NMT-7K3F9-QXM4C/",
        "achievement": Achievement(
            id=f"{BASE}/badges/achievements/practitioner/",
            name="Neuromuscular Therapy Certificate",
            description="Examined in writing and at the table.",
            criteria="Every course with full attendance,\nthe written and the practical examination.",
            kind="Certification",
            image=f"{BASE}/badges/achievements/practitioner.svg",
        ),
        "holder": Holder(name="Eleanor Ó Sé", email="Eleanor@Example.org", salt="b7f3c1"),
        "valid_from": AT,
        "valid_until": AT + timedelta(days=730),
        "awarded_at": AT - timedelta(days=3),
        "image": f"{BASE}/badges/NMT-7K3F9-QXM4C.png",
        "evidence": 'Written examination 84 %; practical "passed" \\ all stations.',
    }
    return Award(**{**facts, **changes})


def entries() -> list[dict[str, str]]:
    return [status_entry(REVOCATION, PLACE, "revocation"), status_entry(SUSPENSION, PLACE, "suspension")]


def badge(**changes: Any) -> dict[str, Any]:
    return open_badge(award(**changes), issuer=ISSUER, status=entries())


def signed_badge(**changes: Any) -> dict[str, Any]:
    return signed(badge(**changes), issuer=ISSUER, key=KEY, at=AT)


def vector(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return read


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], bool]]:
    """Every piece of text in a JSON value: the path to it, and whether it is a key."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), True
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from places(item, (*path, at))
    elif isinstance(value, str):
        yield path, False


def changed(document: dict[str, Any], path: tuple[Any, ...], at: int, *, is_key: bool) -> dict[str, Any]:
    """The document with one letter exchanged in the text or key at `path`."""
    copied = copy.deepcopy(document)
    parent = copied
    for step in path[:-1]:
        parent = parent[step]
    text = path[-1] if is_key else parent[path[-1]]
    letter = "b" if text[at % len(text)] != "b" else "c"
    other = text[: at % len(text)] + letter + text[at % len(text) + 1 :]
    if is_key:
        parent[other] = parent.pop(path[-1])
    else:
        parent[path[-1]] = other
    return copied
