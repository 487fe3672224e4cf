"""What can go wrong on the way to a certificate. Codes are part of the API."""

from lms.core.exceptions import DomainError


class RequirementsMissing(DomainError):
    code = "requirements_missing"
    title = "Some requirements are not met yet"


class AlreadyDecided(DomainError):
    code = "already_decided"
    title = "This application was decided before"


class OwnApplication(DomainError):
    code = "own_application"
    status = 403
    title = "Nobody decides their own application"


class NotPossibleNow(DomainError):
    code = "not_possible_for_this_status"
    title = "This cannot happen to a certificate of this status"


class NameMissing(DomainError):
    code = "legal_name_missing"
    status = 400
    title = "The name for the certificate is missing"


class AlreadyCertified(DomainError):
    code = "already_certified"
    title = "You hold this certificate"


class PathIncomplete(DomainError):
    code = "cannot_be_published"
    title = "This path cannot be published as it stands"
