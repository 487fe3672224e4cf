"""Hooks of the OpenAPI document: our addresses only, and the problems that any of them may answer with."""

from __future__ import annotations

from typing import Any

from .problem import PROBLEM_JSON

METHODS = frozenset({"get", "post", "put", "patch", "delete"})
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An error as RFC 9457 has it. More members tell what a client can act on, as the code needs it.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "minLength": 1},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "minLength": 1},
        "code": {"type": "string", "minLength": 1, "description": "Names the kind of problem and never changes."},
        "errors": {
            "type": "object",
            "description": "What is wrong with each field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
    "additionalProperties": {},
}
#: Status, name in the document, and what it means.
PROBLEMS = (
    (400, "InvalidInput", "The input is not right, or cannot be read."),
    (401, "NotSignedIn", "Nobody is signed in, or the key is not valid."),
    (403, "NotAllowed", "The role lacks this, a second factor is missing, or the CSRF check failed."),
    (404, "NotFound", "There is no such thing for this person."),
    (406, "NotAcceptable", "The answer is not to be had in the form that was asked for."),
    (409, "Conflict", "This is not possible now; the code says why."),
    (412, "NewerExists", "There is a newer one than the client knows."),
    (413, "TooLarge", "The request is too large."),
    (415, "UnsupportedMediaType", "The body is no JSON."),
    (429, "TooManyRequests", "Too many requests; the header says how many seconds to wait."),
)
HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
    429: {"Retry-After": {"schema": {"type": "integer"}}},
}


def only_our_api(endpoints: list[Any], **kwargs: Any) -> list[Any]:
    """Leave out the views of the CMS, which are DRF views too."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


def with_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Say on every operation which problems it may answer with; each is described once."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {
        name: {
            "description": description,
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            **({"headers": HEADERS[status]} if status in HEADERS else {}),
        }
        for status, name, description in PROBLEMS
    }
    for operations in result["paths"].values():
        for operation in (operations[method] for method in METHODS & operations.keys()):
            for status, name, _description in PROBLEMS:
                if status != 415 or "requestBody" in operation:
                    # What an operation says itself is more exact.
                    operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/{name}"})
    return result
