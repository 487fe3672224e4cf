"""A JSON-LD document in canonical form (RDFC-1.0), refusing everything that its form would leave out.

A signature covers the statements that a document makes, not its text. A term no context knows makes no statement: it
could be added to a signed credential without breaking the seal. So such documents are refused here, both when they
are signed and when they are verified.
Source: W3C RDF Dataset Canonicalization 1.0; JSON-LD 1.1 API.
"""

from __future__ import annotations

import re
from typing import Any

from cachetools import LRUCache
from pyld import jsonld
from pyld.canon import URDNA2015
from pyld.context_resolver import ContextResolver

from .documents import Contexts, loader
from .exceptions import BadgeError

#: Bounds for documents that strangers hand in; a credential of ours stays far below each.
DEEPEST = 24
MOST_VALUES = 2_000
MOST_LIKE_NODES = 4
MOST_COMPARISONS = 200
#: What an address that is no full one is completed with, to be recognised by; no such host can exist (RFC 6761).
_BASE = "https://relative.invalid/"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
# Libraries differ in how they write these in canonical form, and no text needs them.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]+")


class _Bounded(URDNA2015):
    """The algorithm with an end: it takes factorial time for documents made to be ambiguous."""

    def __init__(self) -> None:
        super().__init__()
        self.comparisons = 0

    def create_hash_to_related(self, id_: str, issuer: Any) -> Any:
        self.comparisons += 1
        related = super().create_hash_to_related(id_, issuer)
        if self.comparisons > MOST_COMPARISONS or any(len(nodes) > MOST_LIKE_NODES for nodes in related.values()):
            raise BadgeError("form", "The document repeats itself too often to be told apart.")
        return related


def canonical(document: dict[str, Any], contexts: Contexts) -> str:
    """The statements of a document as sorted N-Quads; `BadgeError` (`form`, `context`) when it holds anything else."""
    _check_form(document)
    for url in _context_urls(document):
        contexts(url)
    load = loader(contexts)
    # A resolver of its own: pyld's shared one would remember contexts that this caller does not allow.
    resolver = ContextResolver(LRUCache(maxsize=16), load)
    options: dict[str, Any] = {
        "documentLoader": load,
        "contextResolver": resolver,
        "base": _BASE,
        "processingMode": "json-ld-1.1",
        "extractAllScripts": True,
    }
    try:
        expanded = jsonld.expand(document, options, on_property_dropped=_refuse_term)
        _check_statements(expanded)
        dataset = jsonld.to_rdf(expanded, {**options, "produceGeneralizedRdf": False})
        return str(_Bounded().main(dataset, {"format": "application/n-quads"}))
    except BadgeError:
        raise
    # Whatever odd form a stranger finds that breaks the library is a document that cannot be read.
    except (jsonld.JsonLdError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as cause:
        raise BadgeError("form", "The document is not valid JSON-LD.") from cause


def _refuse_term(term: str | None) -> None:
    raise BadgeError("form", f"The document uses a term that its vocabularies do not define: {term}.")


def _context_urls(document: dict[str, Any]) -> list[str]:
    contexts = document.get("@context")
    if isinstance(contexts, str):
        return [contexts]
    if not isinstance(contexts, list) or not contexts or not all(isinstance(url, str) for url in contexts):
        raise BadgeError("context", "The document must name its vocabularies by address.")
    return contexts


def _check_form(document: dict[str, Any]) -> None:
    """Plain JSON of bounded size; no keywords of JSON-LD but the one `@context`, which could hide or rename terms."""
    rest: list[tuple[Any, int]] = [(value, 1) for key, value in document.items() if key != "@context"]
    rest += [(key, 1) for key in document if key != "@context"]
    seen = 0
    while rest:
        value, depth = rest.pop()
        seen += 1
        if depth > DEEPEST or seen > MOST_VALUES:
            raise BadgeError("form", "The document is too large.")
        if isinstance(value, dict):
            rest += [(item, depth + 1) for pair in value.items() for item in pair]
            if any(not isinstance(key, str) or key.startswith("@") for key in value):
                raise BadgeError("form", "The document uses keywords where none belong.")
        elif isinstance(value, list):
            rest += [(item, depth + 1) for item in value]
        elif isinstance(value, str) and CONTROLS.search(value):
            raise BadgeError("form", "The document holds control characters.")
    if any(key.startswith("@") and key != "@context" for key in document):
        raise BadgeError("form", "The document uses keywords where none belong.")


def _check_statements(expanded: Any) -> None:
    """Names that are no full addresses would be left out of the statements."""
    rest = [expanded]
    while rest:
        value = rest.pop()
        if isinstance(value, list):
            rest += value
        elif isinstance(value, dict):
            for key, item in value.items():
                if key == "@id" and not _is_full(item):
                    raise BadgeError("form", "The document uses an address that is no full one.")
                if key == "@type" and not all(map(_is_full, _listed(item))):
                    raise BadgeError("form", "The document uses a type that its vocabularies do not define.")
                rest.append(item)


def _is_full(address: Any) -> bool:
    return isinstance(address, str) and bool(_ABSOLUTE.fullmatch(address)) and not address.startswith(_BASE)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
