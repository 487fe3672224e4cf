"""News from learning, sent after commit. Hints only: what follows from them can be derived again."""

from django.dispatch import Signal

#: `enrolment`: a person has just been enrolled in a course.
enrolled = Signal()
