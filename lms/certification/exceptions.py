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


class NotIndependent(DomainError):
    code = "not_independent"
    status = 403
    title = "Somebody else decides: you examined or taught this candidate"


class ReasonMissing(DomainError):
    code = "reason_missing"
    status = 400
    title = "Say why; the candidate reads it"


class NameNotPrintable(DomainError):
    code = "name_not_printable"
    status = 400
    title = "The certificate's typefaces lack some letters of this name"


class AlreadyReviewed(DomainError):
    code = "already_reviewed"
    title = "Somebody looked at this before"


class AlreadyReversed(DomainError):
    code = "already_reversed"
    title = "This was taken back before"


class AlreadyWaived(DomainError):
    code = "already_waived"
    title = "This requirement was waived before"


class AdmissionEnded(DomainError):
    code = "admission_ended"
    title = "This person no longer follows the path"


class CaseClosed(DomainError):
    code = "case_closed"
    title = "This case is closed; nothing follows"


class NotPossibleForCase(DomainError):
    code = "not_possible_for_this_case"
    title = "This cannot happen to the case as it stands"


class CaseNotYours(DomainError):
    code = "case_not_yours"
    status = 403
    title = "Only the person to whom the case is given decides it"


class NotAThirdPerson(DomainError):
    code = "not_a_third_person"
    title = "This person is part of what the case is about; give it to somebody else"


class AppealTooLate(DomainError):
    code = "appeal_too_late"
    title = "The time for an appeal is over"


class AppealedAlready(DomainError):
    code = "appealed_already"
    title = "You have appealed against this before"


class RenewalNotOpen(DomainError):
    code = "renewal_not_open"
    title = "This certificate cannot be renewed now"


class NotRenewed(DomainError):
    code = "not_renewed"
    title = "This certificate is not renewed"


class StatementsChanged(DomainError):
    code = "statements_changed"
    title = "A statement has new words; please read it again"


class AlreadyUsed(DomainError):
    code = "already_used"
    title = "This was used for a renewal before"
