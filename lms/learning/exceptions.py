"""What can go wrong while learning. Codes are part of the API."""

from lms.core.exceptions import DomainError


class PrerequisiteMissing(DomainError):
    code = "prerequisite_missing"
    title = "Another course comes first"


class LessonLocked(DomainError):
    code = "lesson_locked"
    title = "This lesson is not open to you yet"


class KnowledgeCheckOpen(DomainError):
    code = "knowledge_check_open"
    title = "The lesson's questions come first"


class SessionNotBegun(DomainError):
    code = "session_not_begun"
    title = "Attendance is noted once the session has begun"


class OwnAttendance(DomainError):
    code = "own_attendance"
    status = 403
    title = "Nobody notes their own attendance"


class AttendanceNoted(DomainError):
    code = "attendance_noted"
    title = "Attendance has been noted, so only title and place can change"


class SessionRemoved(DomainError):
    code = "session_removed"
    title = "This session has been removed meanwhile"


class CourseNotCompleted(DomainError):
    code = "course_not_completed"
    title = "A course can be evaluated once you have completed it"


class AlreadyEvaluated(DomainError):
    code = "already_evaluated"
    title = "You have evaluated this course already"


class CohortInUse(DomainError):
    code = "cohort_in_use"
    title = "This cohort has or had members or sessions, so it stays and ends by its date"


class CohortOver(DomainError):
    code = "cohort_over"
    title = "This cohort is over: change its last day before anybody is added"


class CohortRemoved(DomainError):
    code = "cohort_removed"
    title = "This cohort has been removed meanwhile"


class MembersChanged(DomainError):
    code = "members_changed"
    title = "Something has changed meanwhile, so nobody was added: look again"


class NotAMember(DomainError):
    code = "not_a_member"
    title = "This person is not in the cohort any more"
