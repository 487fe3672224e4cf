"""What can go wrong in a standard-setting study."""

from lms.core.exceptions import DomainError


class StudyClosed(DomainError):
    """A closed study takes no further judges and ratings."""

    code = "study_closed"
    title = "This study is closed"


class NotAJudge(DomainError):
    """Only the judges of a study rate, and only staff become judges."""

    code = "not_a_judge"
    status = 403
    title = "This person is no judge of this study"


class CannotRate(DomainError):
    """The rating does not fit the study: another form's item, a round that is not open, no probability."""

    code = "cannot_rate"
    title = "This rating does not fit the study"


class CannotClose(DomainError):
    """Too few judges have rated everything."""

    code = "study_incomplete"
    title = "This study cannot be closed yet"


class CannotAdopt(DomainError):
    """The cut of this study cannot become the cut of the assessment."""

    code = "cannot_adopt"
    title = "This cut score cannot be adopted"
