"""News from attempts, sent after commit. Hints only: what follows from them can be derived again."""

from django.dispatch import Signal

#: `attempt`: it has just been sealed.
attempt_submitted = Signal()
