"""Domain errors: each has a stable `code`, a sentence for people, and facts that a client can act on.

Commands raise them; the edges (REST, pages, command line) translate them once. `status` is the HTTP status of
RFC 9110 that fits best, so that the translation needs no table.
"""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """Something the rules of the school do not allow, with the reason."""

    code: ClassVar[str] = "conflict"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "This is not possible now"

    def __init__(self, message: str = "", **extra: Any) -> None:
        super().__init__(message or self.title)
        self.message = message or self.title
        self.extra = extra


class RecordIsFixed(DomainError):
    """An attempt to change or delete a row of the record."""

    code = "record_is_fixed"
    title = "This is part of the record and cannot be changed"


class NotAllowed(DomainError):
    """The person's role lacks this right."""

    code = "not_allowed"
    status = 403
    title = "Your role does not allow this"


class InvalidInput(DomainError):
    """Input of the wrong shape; `errors` maps fields to messages."""

    code = "invalid_input"
    status = 400
    title = "Something in the input is not right"
