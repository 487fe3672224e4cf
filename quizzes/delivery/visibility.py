"""What a candidate may see of an attempt, and when. Pure: no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quizzes.assembly.enums import FeedbackRule
from quizzes.assembly.policy import Policy


@dataclass(frozen=True)
class Visibility:
    """Two separate permissions: the score of the whole, and the key with its rationale."""

    score: bool
    key: bool


def visibility(policy: Policy, *, is_submitted: bool, is_void: bool, is_released: bool, now: datetime) -> Visibility:
    """The rule of an attempt at a moment.

    Nothing before submission (feedback after each answer is given with the answer, not here), nothing of a void
    attempt, no score before the result is released. Keys follow the feedback rule, and a held result holds them too.
    """
    if is_void or not is_submitted:
        return Visibility(False, False)
    rule = policy.feedback
    if rule == FeedbackRule.NEVER:
        key = False
    elif rule == FeedbackRule.AFTER_CLOSE:
        key = policy.closes_at is not None and now >= policy.closes_at
    else:
        key = True
    return Visibility(score=is_released, key=key and is_released)
