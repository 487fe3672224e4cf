"""What the figures mean for the people who look after the questions: codes, plain sentences, and what to do next.

Thresholds are the school's policy. The sentences are templates: the edge that shows them translates them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from quizzes.types.base import gettext_noop

from .classical import ItemFigures, ScoreFigures
from .groups import OptionFigures

#: Below this many answers a figure means nothing, and is not shown.
ENOUGH = 20
#: Percentages.
HARD, EASY = 25.0, 95.0
WEAK_DISCRIMINATION = 10.0
WEAK_EFFICIENCY = 20.0
DEAD_SHARE = 5.0
OFTEN_BLANK = 10.0
#: A wrong option that draws the stronger candidates this much (correlation with the rest) is worth a look.
RIVAL_CORRELATION = 0.10
#: Cronbach's alpha.
POOR_ALPHA, GOOD_ALPHA = 0.64, 0.75
#: Percent of candidates whom a second form would decide alike.
GOOD_CONSISTENCY = 85.0


class Weight(StrEnum):
    """How urgent a flag is."""

    ALARM = "alarm"  # scores may be wrong
    WARNING = "warning"  # the question measures little
    NOTE = "note"  # worth knowing


@dataclass(frozen=True)
class Flag:
    """One remark. `sentence` says what was seen, `advice` what to do; both are templates for `params`."""

    code: str
    weight: Weight
    sentence: str
    advice: str
    params: dict[str, str | int] = field(default_factory=dict)

    def says(self, gettext: Callable[[str], str] = str) -> str:
        """The sentence, in another language with Django's `gettext`."""
        return gettext(self.sentence) % self.params

    def advises(self, gettext: Callable[[str], str] = str) -> str:
        """What to do, likewise."""
        return gettext(self.advice) % self.params


def is_enough(answers: int) -> bool:
    """Are there answers enough for figures to be shown?"""
    return answers >= ENOUGH


def whole(percent: float) -> int:
    """A percentage for a sentence, half up."""
    return int(percent + 0.5) if percent >= 0 else -int(-percent + 0.5)


def too_few(answers: int) -> Flag:
    """What stands in the place of every figure below `ENOUGH`."""
    return Flag(
        "too_few_answers",
        Weight.NOTE,
        gettext_noop("Too few answers: %(answers)d so far, and figures begin to mean something at %(enough)d."),
        gettext_noop("Wait for more answers before judging."),
        {"answers": answers, "enough": ENOUGH},
    )


def item_flags(
    item: ItemFigures,
    options: Sequence[OptionFigures] = (),
    *,
    keys: Collection[str] = (),
    labels: dict[str, str] | None = None,
    chance: float | None = None,
    blank_share: float | None = None,
    has_list: bool = True,
) -> tuple[Flag, ...]:
    """Every remark on an item, the most urgent first; one only, if it had too few answers.

    Args:
        item: its figures.
        options: figures of its options, where it has options.
        keys: the options that are right.
        labels: how options are called on the page (such as C); their ids by default.
        chance: mean share of the marks that blind guessing earns, 0 to 1.
        blank_share: percent of those who met it and left it blank.
        has_list: candidates picked from options that an author wrote; else a rare answer is nobody's fault.
    """
    if not is_enough(item.answers):
        return (too_few(item.answers),)
    doubtful = _doubtful(options, keys)
    found = [
        *_key_flags(doubtful, labels or {}),
        *_difficulty_flags(item, chance),
        *_discrimination_flags(item),
        *_distractor_flags([row for row in options if row not in doubtful], keys, labels or {}, has_list=has_list),
    ]
    if blank_share is not None and blank_share >= OFTEN_BLANK:
        found.append(
            Flag(
                "often_blank",
                Weight.NOTE,
                gettext_noop("%(share)d %% left it blank."),
                gettext_noop("Look whether the question is clear, and whether time runs out before it is reached."),
                {"share": whole(blank_share)},
            )
        )
    return tuple(sorted(found, key=lambda flag: list(Weight).index(flag.weight)))


def _difficulty_flags(item: ItemFigures, chance: float | None) -> list[Flag]:
    if item.facility is None:
        return []
    params: dict[str, str | int] = {"facility": whole(item.facility)}
    if chance and item.facility_interval and item.facility_interval.high < 100 * chance:
        return [
            Flag(
                "below_chance",
                Weight.ALARM,
                gettext_noop("Only %(facility)d %% of the marks were earned; blind guessing would earn %(chance)d %%."),
                gettext_noop("Check the key first, then look for words that mislead."),
                params | {"chance": whole(100 * chance)},
            )
        ]
    if item.facility < HARD:
        return [
            Flag(
                "too_hard",
                Weight.WARNING,
                gettext_noop("Very hard: only %(facility)d %% of the marks were earned."),
                gettext_noop("Check the key, whether the lesson teaches it, and whether the stem is clear."),
                params,
            )
        ]
    if item.facility > EASY:
        return [
            Flag(
                "too_easy",
                Weight.NOTE,
                gettext_noop("Very easy: %(facility)d %% of the marks were earned."),
                gettext_noop("Keep it if everybody must know this; else sharpen the distractors."),
                params,
            )
        ]
    return []


def _discrimination_flags(item: ItemFigures) -> list[Flag]:
    if item.discrimination is None:
        return [
            Flag(
                "no_spread",
                Weight.NOTE,
                gettext_noop("Everybody got the same, so it says nothing about who knows more."),
                gettext_noop("Keep it only if everybody must know this."),
            )
        ]
    if item.discrimination < 0:
        return [
            Flag(
                "negative_discrimination",
                Weight.ALARM,
                gettext_noop("Candidates who do well on the rest of the test do worse on this question."),
                gettext_noop("Check the key and look for a second right answer; do not use it again before."),
            )
        ]
    if item.discrimination < WEAK_DISCRIMINATION:
        return [
            Flag(
                "low_discrimination",
                Weight.WARNING,
                gettext_noop("It hardly tells candidates who know more from those who know less."),
                gettext_noop("Look for an ambiguous stem, or for distractors that nobody believes."),
            )
        ]
    if item.efficiency is not None and item.efficiency < WEAK_EFFICIENCY:
        return [
            Flag(
                "low_efficiency",
                Weight.NOTE,
                gettext_noop("It separates candidates far less than a question of this difficulty could."),
                gettext_noop("Look for a distractor that is nearly right, or a stem that only some read as meant."),
            )
        ]
    return []


def _doubtful(options: Sequence[OptionFigures], keys: Collection[str]) -> list[OptionFigures]:
    """Wrong options that the best candidates choose more often than a key."""
    right = [option.upper_share for option in options if option.option in keys and option.upper_share is not None]
    return [
        option
        for option in options
        if right and option.option not in keys and option.upper_share is not None and option.upper_share > min(right)
    ]


def _key_flags(doubtful: Sequence[OptionFigures], labels: dict[str, str]) -> list[Flag]:
    return [
        Flag(
            "key_doubtful",
            Weight.ALARM,
            gettext_noop("%(share)d %% of your best candidates chose %(option)s: the key may be wrong."),
            gettext_noop("Let a second expert answer the question without seeing the key."),
            {"share": whole(option.upper_share or 0.0), "option": labels.get(option.option, option.option)},
        )
        for option in doubtful
    ]


def _distractor_flags(
    options: Sequence[OptionFigures], keys: Collection[str], labels: dict[str, str], *, has_list: bool
) -> list[Flag]:
    wrong = [option for option in options if option.option not in keys] if keys else []
    found = []
    dead = [option for option in wrong if option.share is not None and option.share < DEAD_SHARE]
    if dead and has_list:
        found.append(
            Flag(
                "dead_distractor",
                Weight.NOTE,
                gettext_noop("Fewer than %(least)d %% chose %(options)s."),
                gettext_noop("Write a wrong answer that a candidate might really believe, or leave it out."),
                {
                    "least": whole(DEAD_SHARE),
                    "options": ", ".join(labels.get(option.option, option.option) for option in dead),
                },
            )
        )
    found += [
        Flag(
            "rival_option",
            Weight.WARNING,
            gettext_noop("%(option)s is wrong, and yet it is the stronger candidates who choose it."),
            gettext_noop("Ask whether it can be defended; if so, make the stem rule it out."),
            {"option": labels.get(option.option, option.option)},
        )
        for option in wrong
        if option.point_biserial is not None and option.point_biserial > RIVAL_CORRELATION and option not in dead
    ]
    return found


def score_flags(test: ScoreFigures, *, consistency: float | None = None) -> tuple[Flag, ...]:
    """Remarks on the whole test; one only, if it had too few attempts.

    Args:
        test: its figures.
        consistency: percent of candidates whom a parallel form would decide alike, where a decision is made.
    """
    if not is_enough(test.attempts):
        return (too_few(test.attempts),)
    found = []
    if test.alpha is not None and test.alpha < GOOD_ALPHA:
        is_poor = test.alpha < POOR_ALPHA
        found.append(
            Flag(
                "poor_reliability" if is_poor else "modest_reliability",
                Weight.WARNING if is_poor else Weight.NOTE,
                gettext_noop("The questions do not hang together well: internal consistency is %(alpha)s."),
                gettext_noop("Repair the flagged questions first; then more questions make the test more reliable."),
                {"alpha": f"{test.alpha:.2f}"},
            )
        )
    if consistency is not None and consistency < GOOD_CONSISTENCY:
        found.append(
            Flag(
                "shaky_decision",
                Weight.WARNING,
                gettext_noop("A second form would decide %(changed)d of 100 candidates differently."),
                gettext_noop("Do not let this test alone decide; lengthen it or repair the flagged questions."),
                {"changed": whole(100 - consistency)},
            )
        )
    return tuple(found)
