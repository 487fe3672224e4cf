"""What can be wrong with a badge."""

from __future__ import annotations


class BadgeError(ValueError):
    """A badge, key, list or picture that cannot be made or must not be believed.

    `code` is stable: `unreadable`, `form`, `context`, `unsigned`, `proof_form`, `unknown_key`, `signature`, `issuer`,
    `key`, `status_list`, `picture`, `already_baked`, `not_baked`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
