"""What can go wrong in the bank."""

from lms.core.exceptions import DomainError, InvalidInput


class FreezeRefused(DomainError):
    """A question that cannot be published as it stands. Nothing was changed."""

    code = "cannot_be_published"
    title = "This cannot be published as it stands"


class PictureRefused(InvalidInput):
    """An upload that is no picture, or none that can be used."""

    code = "picture_refused"
    title = "This picture cannot be used"
