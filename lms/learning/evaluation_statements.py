"""What people are asked about a course. Pure.

A response keeps the version that it answered. New wording is a new version below; a statement that means something else
gets a code of its own, because answers are counted by code.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: From “I disagree” to “I agree”.
SCALE = (1, 2, 3, 4, 5)
#: Answers from here on agree.
AGREES = 4
#: Characters of one text.
LONGEST_TEXT = 1000


@dataclass(frozen=True)
class Statement:
    """Something to agree or disagree with."""

    code: str
    text: str | Promise


WORDINGS: dict[int, tuple[Statement, ...]] = {
    1: (
        Statement("objectives", _("The course did what its objectives said.")),
        Statement("clarity", _("The material was clear.")),
        Statement("teaching", _("The teaching and the feedback helped me.")),
        Statement("use", _("I can use what I learnt with clients, within my scope of practice.")),
        Statement("claims", _("The course was free of advertising and of claims without support.")),
    ),
}
VERSION = max(WORDINGS)


def statement_texts() -> dict[str, str | Promise]:
    """Every statement that was ever asked, in its newest wording, those of today first."""
    texts: dict[str, str | Promise] = {}
    for version in sorted(WORDINGS, reverse=True):
        for statement in WORDINGS[version]:
            texts.setdefault(statement.code, statement.text)
    return texts
