"""The figures of a test in plain words: what each one is, and whether it is as it should be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from quizzes.statistics.flags import GOOD_ALPHA, POOR_ALPHA

#: Bands of the usual guides to classroom and certification tests.
MEAN_BAND = (50.0, 75.0)
SPREAD_BAND = (12.0, 18.0)
LOPSIDED = 1.5
HIGH_ALPHA = 0.90

Scores = Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """One figure of a test in every column of the table, and what it says of the first that has it."""

    name: str
    values: tuple[str, ...]
    said: str


def shown(value: float | None, places: int = 1, unit: str = "") -> str:
    """A number as the person's language writes it; a dash for what is not known."""
    if value is None:
        return "–"
    text = number_format(round(value, places) + 0.0, places)
    return f"{text}\u00a0{unit}" if unit else text


def share(scores: Scores, name: str) -> float | None:
    """A figure on the scale of the scores as a percentage of the maximum."""
    value, maximum = scores[name], scores["maximum"]
    return None if value is None or not maximum else 100 * value / maximum


def readings(columns: Sequence[Scores]) -> list[Reading]:
    """The rows of the table, for the whole quiz and its forms."""
    rows: list[tuple[str, Callable[[Scores], str], Callable[[Scores], str]]] = [
        (_("Attempts"), lambda row: str(row["attempts"]), lambda _row: ""),
        (_("Passed"), _passed, _passed_words),
        (_("Mean"), lambda row: _mark(row, "mean"), _mean_words),
        (_("Median"), lambda row: _mark(row, "median"), lambda _row: _("Half of the candidates lie below.")),
        (_("Standard deviation"), lambda row: _mark(row, "sd"), _spread_words),
        (_("Skewness"), lambda row: shown(row["skewness"], 2), _skew_words),
        (_("Kurtosis"), lambda row: shown(row["kurtosis"], 2), _kurtosis_words),
        (_("Internal consistency"), _alpha, _alpha_words),
        (_("Standard error of measurement"), lambda row: _mark(row, "sem"), _sem_words),
        (_("Standard error at the cut"), lambda row: _mark(row, "sem_at_cut"), _sem_at_cut_words),
        (_("Decided alike by a second form"), lambda row: _decision(row, "consistency"), _consistency_words),
        (_("Decided rightly"), lambda row: _decision(row, "accuracy"), _accuracy_words),
    ]
    found = []
    for name, value, words in rows:
        values = tuple(value(column) for column in columns)
        said = next((words(column) for column, text in zip(columns, values, strict=True) if text != "–"), "")
        found.append(Reading(name, values, said))
    return found


def _mark(row: Scores, name: str) -> str:
    value, percent = row[name], share(row, name)
    if value is None or percent is None:
        return "–"
    if row["in_percent"]:
        return shown(value, 1, "%")
    return f"{shown(value, 2)} ({shown(percent, 1, '%')})"


def _passed(row: Scores) -> str:
    return shown(row["pass_rate"], 1, "%")


def _passed_words(row: Scores) -> str:
    low, high = row["pass_rate_interval"]
    return _("%(passed)d of %(attempts)d. By chance alone it might be between %(low)s and %(high)s.") % {
        "passed": row["passed"],
        "attempts": row["attempts"],
        "low": shown(low, 0, "%"),
        "high": shown(high, 0, "%"),
    }


def _mean_words(row: Scores) -> str:
    percent = share(row, "mean") or 0.0
    if percent < MEAN_BAND[0]:
        return _("A hard test: on average less than half of the marks were earned.")
    if percent > MEAN_BAND[1]:
        return _("Most candidates earn most of the marks, as in a test of what everybody must know.")
    return _("In the usual range of a test that tells candidates apart.")


def _spread_words(row: Scores) -> str:
    percent = share(row, "sd") or 0.0
    if percent < SPREAD_BAND[0]:
        return _("Scores lie close together, so that a few marks decide.")
    if percent > SPREAD_BAND[1]:
        return _("Scores lie far apart.")
    return _("A usual spread.")


def _skew_words(row: Scores) -> str:
    if row["skewness"] > 0:
        return _("More candidates stand below the mean than above it.")
    if row["skewness"] < -LOPSIDED:
        return _("A few very low scores pull the mean down.")
    return _("Somewhat more candidates stand above the mean, as is usual.")


def _kurtosis_words(row: Scores) -> str:
    if row["kurtosis"] > 1:
        return _("Most scores are alike, and a few are far away.")
    if row["kurtosis"] < 0:
        return _("Scores are spread evenly rather than heaped in the middle.")
    return _("Heaped in the middle as usual.")


def _alpha(row: Scores) -> str:
    name = "KR-20" if row["is_kr20"] else _("alpha")
    return f"{shown(row['alpha'], 2)} ({name})" if row["alpha"] is not None else "–"


def _alpha_words(row: Scores) -> str:
    if row["alpha"] >= HIGH_ALPHA:
        return _("As high as tests get in practice.")
    if row["alpha"] >= GOOD_ALPHA:
        return _("Satisfactory: the questions hang together.")
    if row["alpha"] >= POOR_ALPHA:
        return _("Modest: do not let small differences of score decide.")
    return _("Too low to rest a decision on this test alone.")


def _sem_words(row: Scores) -> str:
    return _("In two of three cases the score that a candidate deserves is no farther from the score seen.")


def _sem_at_cut_words(row: Scores) -> str:
    return _("The same for candidates at the pass mark of %(cut)s, where it decides.") % {
        "cut": shown(row["cut_percent"], 2, "%")
    }


def _decision(row: Scores, name: str) -> str:
    return shown(row["decision"][name], 1, "%") if row["decision"] else "–"


def _consistency_words(row: Scores) -> str:
    return _("%(n)s of 100 candidates would pass one form and fail another like it.") % {
        "n": shown(100 - row["decision"]["consistency"], 0)
    }


def _accuracy_words(row: Scores) -> str:
    return _("Of 100 candidates, %(pass)s pass who should not, and %(fail)s fail who should pass.") % {
        "pass": shown(row["decision"]["false_pass"], 0),
        "fail": shown(row["decision"]["false_fail"], 0),
    }
