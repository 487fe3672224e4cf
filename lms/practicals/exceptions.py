"""What can go wrong at the table and in the log. Codes are part of the API."""

from lms.core.exceptions import DomainError


class PracticalIncomplete(DomainError):
    code = "cannot_be_published"
    title = "This practical examination cannot be published as it stands"


class OwnSkill(DomainError):
    code = "own_skill"
    status = 403
    title = "Nobody judges their own skill"


class NotAnExaminer(DomainError):
    code = "not_an_examiner"
    status = 403
    title = "Only examiners sign off"


class InvalidSignOff(DomainError):
    code = "invalid_sign_off"
    status = 400
    title = "This checklist is not complete"


class CannotJudge(DomainError):
    code = "cannot_judge"
    title = "This station takes no sign-off from you now"


class AlreadyPassed(DomainError):
    code = "practical_passed"
    title = "This practical examination is passed"


class ExamFirst(DomainError):
    code = "exam_first"
    title = "An examination comes before any hands-on work"


class NotThirdPerson(DomainError):
    code = "third_person_needed"
    status = 403
    title = "A third person decides"


class NothingToRule(DomainError):
    code = "nothing_to_rule"
    title = "The examiners do not disagree here"


class AlreadyDone(DomainError):
    code = "already_done"
    title = "This was done before"


class NotReady(DomainError):
    code = "not_ready"
    title = "It is too early for that"


class InvalidEntry(DomainError):
    code = "invalid_entry"
    status = 400
    title = "This entry cannot be taken"


class NotYours(DomainError):
    code = "not_yours"
    status = 403
    title = "That is for somebody else to decide"
