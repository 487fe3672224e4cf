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
