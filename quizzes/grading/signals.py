"""News from grading, sent after commit. Hints only: what follows from them can be derived again."""

from django.dispatch import Signal

#: `result`: an attempt has a (new) result; `attempt`: the attempt.
result_recorded = Signal()
