"""What can go wrong in the bank."""

from lms.core.exceptions import DomainError


class FreezeRefused(DomainError):
    """A question that cannot be published as it stands. Nothing was changed."""

    code = "cannot_be_published"
    title = "This cannot be published as it stands"
