"""What can go wrong in an attempt. Codes are part of the API."""

from lms.core.exceptions import DomainError


class CannotStart(DomainError):
    """Base of the reasons why no attempt can begin now."""


class NoAttemptsLeft(CannotStart):
    code = "no_attempts_left"
    title = "You have no attempts left"


class Cooldown(CannotStart):
    code = "cooldown"
    title = "The next attempt opens later"


class NotOpen(CannotStart):
    code = "not_open"
    title = "This is not open now"


class Locked(CannotStart):
    code = "locked"
    title = "Something else comes first"


class AttemptClosed(DomainError):
    """The attempt takes no more answers. `kept` says that this one was put aside, uncounted."""

    code = "attempt_closed"
    title = "This attempt is closed"


class NewerResponse(DomainError):
    """Another page saved a newer answer since this one was loaded."""

    code = "newer_response_exists"
    status = 412
    title = "A newer answer was saved from another page"


class IdempotencyKeyReused(DomainError):
    code = "idempotency_key_reused"
    title = "This key was used for another answer"


class ResponseLocked(DomainError):
    code = "response_locked"
    title = "This answer is final"


class InvalidAnswer(DomainError):
    """The answer has the wrong shape for this question."""

    code = "invalid_answer"
    status = 400
    title = "This answer does not fit the question"
