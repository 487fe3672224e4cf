"""The safety notes of a lesson, gathered by what has to be done, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.knowledge.api import SafetyDecision, SafetyNote

READ_AT_ONCE = 6  # More notes than these are folded by decision, so that the end of a lesson is not a wall.


@dataclass(frozen=True)
class DecisionWord:
    """A word of the lessons on safety, what it asks for, and how it looks."""

    word: str | Promise
    meaning: str | Promise
    tone: str
    icon: str


# In the order of urgency: where two notes fit, the earlier word wins.
WORDS: dict[str, DecisionWord] = {
    SafetyDecision.EMERGENCY: DecisionWord(_("EMERGENCY"), _("Stop. Call the emergency number."), "brick", "alert"),
    SafetyDecision.SAME_DAY: DecisionWord(_("SAME DAY"), _("Stop. Urgent contact today."), "amber", "clock"),
    SafetyDecision.REFER: DecisionWord(
        _("REFER"), _("No hands-on work for this until a clinician has cleared it."), "slate", "arrow-right"
    ),
    SafetyDecision.CLEAR: DecisionWord(_("CLEAR"), _("Medical clearance first."), "slate", "file"),
    SafetyDecision.DEFER: DecisionWord(_("DEFER"), _("The session waits for another day."), "slate", "calendar"),
    SafetyDecision.AVOID: DecisionWord(_("AVOID"), _("Do not touch."), "brick", "x"),
    SafetyDecision.TRAINED: DecisionWord(_("TRAINED"), _("Only when trained for it."), "amber", "award"),
    SafetyDecision.LIGHT: DecisionWord(_("LIGHT"), _("Light touch only."), "amber", "hand"),
    SafetyDecision.LOCAL: DecisionWord(_("LOCAL"), _("Keep off the area."), "accent", "target"),
    SafetyDecision.ADAPT: DecisionWord(_("ADAPT"), _("Treat, with changes."), "accent", "edit"),
}


@dataclass(frozen=True)
class DecisionGroup:
    """The notes of one decision."""

    decision: DecisionWord
    notes: list[SafetyNote]
    is_open: bool


def by_decision(notes: Iterable[SafetyNote]) -> list[DecisionGroup]:
    """Groups in order of urgency, each in order of codes; open when all notes together are few."""
    rows = sorted(notes, key=lambda note: (len(note.code), note.code))
    gathered = [(word, [note for note in rows if note.decision == value]) for value, word in WORDS.items()]
    return [DecisionGroup(word, found, len(rows) <= READ_AT_ONCE) for word, found in gathered if found]
