"""Why a marking, a regrade, a decision on a late answer or a release is refused. Codes are part of the API."""

from lms.core.exceptions import DomainError


class OwnAttempt(DomainError):
    """Nobody decides on their own attempt."""

    code = "own_attempt"
    title = "This concerns an attempt of your own; somebody else must do it"


class PresentationDiffers(DomainError):
    """The corrected version shows something else than the candidates saw."""

    code = "presentation_differs"
    title = (
        "This version shows candidates something else than the one they answered. Scores can only follow a version "
        "that differs in nothing but key, rationale and scoring."
    )


class NothingToRegrade(DomainError):
    code = "nothing_to_regrade"
    title = "No graded attempt of this assessment has this question"


class OwnProposal(DomainError):
    code = "own_proposal"
    title = "Whoever proposed a regrade does not approve it; somebody else must look at it"


class RegradeClosed(DomainError):
    """The regrade was approved, declined or undone already."""

    code = "regrade_closed"
    title = "This regrade was decided already"


class PreviewOutdated(DomainError):
    code = "preview_outdated"
    title = "Scores have changed since this preview was made. Decline it and propose the regrade again."


class ChangedSince(DomainError):
    """An item was marked or regraded again after the regrade that shall be undone."""

    code = "changed_since"
    title = "Grades of this question changed again after the regrade, so it cannot be taken back as a whole"


class UndoLeavesNoResult(DomainError):
    code = "undo_leaves_no_result"
    title = "Attempts got their result by this regrade; without it they would have none"


class LateAnswerRefused(DomainError):
    """The answer is not one that can be let count."""

    code = "not_a_late_answer"
    title = "This answer did not come too late, or its attempt is void or still open"


class DecidedAlready(DomainError):
    code = "decided_already"
    title = "This late answer was decided on already"


class NewerLateAnswer(DomainError):
    code = "newer_late_answer"
    title = "A newer answer to this question came after it; only the newest can be let count"


class ResultReleased(DomainError):
    """The candidate knows the result, and a new answer would need a person's mark."""

    code = "result_released"
    title = "The result is released already, and this answer would need a marker. Void the attempt or grant another."


class CannotMark(DomainError):
    """The answer is none that a person marks now: not handed in, void, or nothing to judge."""

    code = "cannot_mark"
    title = "This answer cannot be marked"


class OwnMarking(DomainError):
    """A moderator is somebody other than the markers."""

    code = "own_marking"
    title = "You marked this answer, so somebody else decides"


class ResponseChanged(DomainError):
    """Another answer counts than the one the marker read."""

    code = "response_changed"
    title = "Another answer counts now: read it before you mark"


class AlreadyMarked(DomainError):
    """It is decided, or enough people have marked it."""

    code = "already_marked"
    title = "This answer was marked meanwhile"
