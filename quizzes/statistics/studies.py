"""Reads of standard-setting studies: who has rated what, which round is open, what the panel came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from quizzes.assembly.models import FormItem

from .angoff import PanelFigures, Round, panel_figures, rounds
from .groups import Floats
from .models import AngoffRating, StandardSettingStudy, StudyJudge

LAST_ROUND = 3
#: A cut that rests on fewer judges is thin.
ENOUGH_JUDGES = 5
LEAST_JUDGES = 2


@dataclass(frozen=True)
class Standing:
    """A study as it stands (three statements). Pilot items are not rated: they do not count toward the score."""

    study: StandardSettingStudy
    judges: Sequence[StudyJudge]
    items: Sequence[FormItem]
    ratings: dict[tuple[int, int, int], float]

    def table(self, number: int) -> Floats:
        """Judges x items of a round, NaN where nothing was said in it."""
        rows = [[self.ratings.get((judge.pk, item.pk, number), np.nan) for item in self.items] for judge in self.judges]
        return np.array(rows, dtype=np.float64).reshape(len(self.judges), len(self.items))

    def rated(self, judge: StudyJudge, number: int) -> int:
        """How many items a judge has rated in a round."""
        return sum((judge.pk, item.pk, number) in self.ratings for item in self.items)

    def has_finished(self, judge: StudyJudge, number: int) -> bool:
        """Has the judge rated every item in this round?"""
        return self.rated(judge, number) == len(self.items)

    @cached_property
    def open_round(self) -> int:
        """The round in which judges rate now: one after the last that all of them finished, at most the third.

        Nobody sees what the group thinks before all have spoken for themselves.
        """
        finished = 0
        while (
            finished < LAST_ROUND - 1
            and self.judges
            and all(self.has_finished(judge, finished + 1) for judge in self.judges)
        ):
            finished += 1
        return finished + 1

    @cached_property
    def last_round(self) -> int:
        """The last round in which anybody rated; 0 before the first rating."""
        return max((number for _judge, _item, number in self.ratings), default=0)

    @cached_property
    def counted(self) -> list[StudyJudge]:
        """Judges who have rated everything in the last round: the cut rests on them."""
        return [judge for judge in self.judges if self.last_round and self.has_finished(judge, self.last_round)]

    @cached_property
    def marks(self) -> list[float]:
        """What each item is worth."""
        return [float(item.marks) for item in self.items]

    def panel(self) -> PanelFigures | None:
        """What the panel came to in the last round; None before anybody has rated."""
        if not self.last_round or not self.items:
            return None
        return panel_figures(self.table(self.last_round), self.marks)

    def rounds(self) -> tuple[Round, ...]:
        """The panel after each round."""
        if not self.items or not self.judges:
            return ()
        return rounds([self.table(number) for number in range(1, self.last_round + 1)], self.marks)

    def group_means(self, number: int) -> dict[int, float]:
        """Item -> mean rating of a round; empty while the round is open to somebody who has not spoken yet."""
        if number >= self.open_round and not all(self.has_finished(judge, number) for judge in self.judges):
            return {}
        means = self.table(number).mean(axis=0) if self.judges else []
        return {item.pk: float(mean) for item, mean in zip(self.items, means, strict=True)}


def standing_of(study: StandardSettingStudy) -> Standing:
    """Everything about a study."""
    judges = list(StudyJudge.objects.filter(study=study).select_related("judge").order_by("id"))
    items = list(
        FormItem.objects.filter(form=study.form_id, counts=True)
        .select_related("version__question__bank", "version__answer_key", "version__picture")
        .order_by("slot")
    )
    rows = AngoffRating.objects.filter(judge__study=study).order_by("id")
    # The last rating of an item in a round counts.
    ratings = {
        (judge, item, number): float(probability)
        for judge, item, number, probability in rows.values_list("judge_id", "item_id", "round", "probability")
    }
    return Standing(study, judges, items, ratings)


def figures_of(standing: Standing) -> dict[str, Any]:
    """What a closed study keeps. People are named by their place among the judges of the study, not by name."""
    panel = standing.panel()
    if panel is None:
        return {}
    return {
        "round": standing.last_round,
        "judges_counted": panel.counted_judges,
        "cut": panel.cut,
        "maximum": sum(standing.marks),
        "cut_percent": panel.cut_percent,
        "sd": panel.sd,
        "standard_error": panel.standard_error,
        "icc_single": panel.agreement.single if panel.agreement else None,
        "icc_average": panel.agreement.average if panel.agreement else None,
        "rounds": [
            {
                "cut": row.panel.cut,
                "cut_percent": row.panel.cut_percent,
                "standard_error": row.panel.standard_error,
                "cut_change": row.cut_change,
                "rating_change": row.rating_change,
            }
            for row in standing.rounds()
        ],
        "judges": [
            {
                "judge": judge.pk,
                "cut": found.cut,
                "apart": found.apart,
                "follows": found.follows,
                "is_outlier": found.is_outlier,
            }
            for judge, found in zip(standing.judges, panel.judges, strict=True)
            if found is not None
        ],
        "items": [
            {
                "slot": item.slot,
                "mean": found.mean,
                "sd": found.sd,
                "low": found.low,
                "high": found.high,
                "is_disputed": found.is_disputed,
            }
            for item, found in zip(standing.items, panel.items, strict=False)
        ],
    }
