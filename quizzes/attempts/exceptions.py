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


class AttemptPaused(DomainError):
    """The clock stands still. What was on its way when it stopped is taken; after that, nothing until it goes on."""

    code = "attempt_paused"
    title = "This attempt is paused"


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


class CannotAdjust(DomainError):
    """The time of this attempt cannot be changed, or not by so much."""

    code = "cannot_adjust"
    title = "The time cannot be changed"


class CannotVoid(DomainError):
    code = "cannot_void"
    title = "This attempt cannot be voided"


class CannotContinue(DomainError):
    """There is nothing to continue: the attempt runs, was never sealed, or counts for nothing."""

    code = "cannot_continue"
    title = "This attempt cannot be continued"


class NotEligible(DomainError):
    """The person may not be authorised, with what is missing."""

    code = "not_eligible"
    title = "Something is missing before an authorisation"


class SeatRefused(DomainError):
    """The seat cannot be booked."""

    code = "seat_refused"
    title = "This seat cannot be booked"
