"""What can go wrong in practice. Codes are part of the API."""

from lms.core.exceptions import DomainError


class CardNotShown(DomainError):
    """The card waits for no answer: it was answered already, was never asked, or may not be asked now."""

    code = "card_not_shown"
    title = "This card is not being asked now"


class RatingIsFinal(DomainError):
    """An answer is rated right after it, before the card is asked again."""

    code = "rating_is_final"
    title = "This answer can no longer be rated"


class RatingDoesNotFit(DomainError):
    """The rating contradicts what the answer was worth."""

    code = "rating_does_not_fit"
    status = 400
    title = "This rating does not fit the answer"
