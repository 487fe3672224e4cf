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
