"""What can go wrong when an assessment is put together."""

from lms.core.exceptions import DomainError


class CannotAssemble(DomainError):
    """The bank cannot fill the blueprint, or the structure breaks a rule. Nothing was changed."""

    code = "cannot_be_assembled"
    title = "This assessment cannot be put together"
