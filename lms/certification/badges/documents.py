"""The JSON-LD contexts that ship with the platform. Nothing else is ever loaded, least of all from the network."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from .exceptions import BadgeError

FOLDER = Path(__file__).parent / "contexts"
CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
MULTIKEY = "https://w3id.org/security/multikey/v1"
BUNDLED = {
    CREDENTIALS: "credentials-v2.json",
    OPEN_BADGES: "ob-3.0.3.json",
    DATA_INTEGRITY: "data-integrity-v2.json",
    MULTIKEY: "multikey-v1.json",
}
#: Gives the context document of an address, or raises `BadgeError` `context`.
Contexts = Callable[[str], dict[str, Any]]


def bundled(url: str) -> dict[str, Any]:
    """The shipped context of that address; `BadgeError` `context` for any other."""
    if url not in BUNDLED:
        raise BadgeError("context", f"The vocabulary {url} is not one that is known here.")
    return _read(BUNDLED[url])


def loader(contexts: Contexts) -> Callable[[str, dict[str, Any]], dict[str, Any]]:
    """A document loader for pyld that knows these contexts only."""

    def load(url: str, _options: dict[str, Any]) -> dict[str, Any]:
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": contexts(url),
        }

    return load


@lru_cache(maxsize=len(BUNDLED))
def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return document
