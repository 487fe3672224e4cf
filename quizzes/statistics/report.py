"""An item analysis as plain data: what pages, the API and the command line show, and what a snapshot keeps.

Percentages are from 0 to 100 and unrounded. Where answers are too few, figures are None and a flag says so; counts
stay. Flags hold their sentences as templates with parameters, so that one analysis can be read in any language
(`in_words`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np

from quizzes.assembly.models import Assessment
from quizzes.assembly.policy import Policy

from .answers import Choices, choices_of, key_of
from .classical import ItemFigures, Responses, ScoreFigures, item_figures, responses, score_figures
from .decision import Decision, conditional_sem, decision_figures, hurdle_misclassification, whole_items
from .flags import Flag, is_enough, item_flags, score_flags
from .groups import Bools
from .intervals import Interval, rate
from .queries import Item, Sample, answer_data, forms_of, load

#: Bounds above which a scale is not worth a table of chances.
LONGEST_HURDLE = 400


def analyse(assessment: Assessment, *, includes_retakes: bool = False, as_of: datetime) -> dict[str, Any]:
    """The whole analysis of an assessment as of a moment."""
    return report_of(load(assessment, includes_retakes=includes_retakes, as_of=as_of), includes_retakes)


def report_of(sample: Sample, includes_retakes: bool) -> dict[str, Any]:
    """The whole analysis of what was loaded."""
    version = sample.assessment.versions.filter(published_at__lte=sample.as_of).order_by("-number").first()
    policy = Policy(**version.policy) if version else None
    cut = float(policy.cut_percent) if policy else None
    return {
        "quiz": sample.assessment.code,
        "title": sample.assessment.title,
        "kind": sample.assessment.kind,
        "attempts": "all" if includes_retakes else "first",
        "input_digest": sample.digest,
        "overall": _scores(sample.data, sample.passed, cut),
        "forms": [
            {
                "label": form.label,
                "form": str(form.uuid),
                **_scores(_part(sample.data, sat), sample.passed[sat], float(form.cut_percent)),
            }
            for form, sat in forms_of(sample)
        ],
        "items": _items(sample),
        "hurdles": _hurdles(sample, policy) if policy else [],
    }


def item_report(report: Mapping[str, Any], code: str) -> list[dict[str, Any]]:
    """The items of a report that belong to one question: one for each way it was shown and scored."""
    return [item for item in report["items"] if item["question"] == code]


def in_words(report: Any, gettext: Callable[[str], str] = str) -> Any:
    """The same data with every flag's sentences said in one language."""
    if isinstance(report, dict):
        if "advice" in report and "params" in report:
            return {
                "code": report["code"],
                "weight": report["weight"],
                "sentence": gettext(report["sentence"]) % report["params"],
                "advice": gettext(report["advice"]) % report["params"],
            }
        return {name: in_words(value, gettext) for name, value in report.items()}
    if isinstance(report, list):
        return [in_words(value, gettext) for value in report]
    return report


def _part(data: Responses, rows: Bools) -> Responses:
    """The marks of some attempts, without the items that none of them met."""
    marks = data.marks[rows]
    met = ~np.isnan(marks).all(axis=0) if len(marks) else np.zeros(marks.shape[1], dtype=np.bool_)
    return responses(marks[:, met], data.maxima[met], data.counted[met].tolist())


def _scores(data: Responses, passed: Bools, cut_percent: float | None) -> dict[str, Any]:
    figures = score_figures(data)
    passing = rate(int(passed.sum()), len(passed))
    enough = is_enough(figures.attempts)
    decision = _decision(figures, cut_percent) if enough else None
    found: dict[str, Any] = asdict(figures) | {"alpha": figures.alpha}
    if not enough:
        kept = {"attempts", "items", "maximum", "in_percent"}
        found = {name: value if name in kept else None for name, value in found.items()}
    return found | {
        "cut_percent": cut_percent,
        "passed": passing.count,
        "pass_rate": passing.percent if enough else None,
        "pass_rate_interval": _interval(passing.interval) if enough else None,
        "decision": asdict(decision) if decision else None,
        "sem_at_cut": _sem_at_cut(data, figures, decision, cut_percent) if enough else None,
        "flags": [_flag(flag) for flag in score_flags(figures, consistency=decision.consistency if decision else None)],
    }


def _decision(figures: ScoreFigures, cut_percent: float | None) -> Decision | None:
    if cut_percent is None or figures.mean is None or figures.sd is None or not figures.maximum:
        return None
    return decision_figures(
        mean=figures.mean,
        sd=figures.sd,
        reliability=figures.alpha,
        maximum=figures.maximum,
        cut=figures.maximum * cut_percent / 100,
    )


def _sem_at_cut(
    data: Responses, figures: ScoreFigures, decision: Decision | None, cut_percent: float | None
) -> float | None:
    """The error of a score at the cut, in marks: by items that are right or wrong, else by effective length."""
    if cut_percent is None or not figures.maximum:
        return None
    items = figures.items if figures.is_kr20 else decision.effective_length if decision else None
    if items is None:
        return None
    return conditional_sem(figures.maximum * cut_percent / 100, items, figures.maximum / items)


def _items(sample: Sample) -> list[dict[str, Any]]:
    found = item_figures(sample.data)
    given = answer_data(sorted({pk for pk in sample.samples.values() if pk}))
    by_code = {code: given.get(pk) for code, pk in sample.samples.items()}
    return [_item(sample, place, item, found[place], by_code) for place, item in enumerate(sample.items)]


def _item(sample: Sample, place: int, item: Item, figures: ItemFigures, by_code: Mapping[int, Any]) -> dict[str, Any]:
    version = item.newest
    met = sample.data.met[:, place]
    key, chance = key_of(version)
    choices = choices_of(
        version,
        sample.answers[met, place],
        by_code,
        scores=sample.data.scores[met],
        rest=sample.data.rest(place)[met],
    )
    enough = is_enough(figures.answers)
    seconds = sample.seconds[met, place]
    seconds = seconds[~np.isnan(seconds)]
    listed = [option.is_listed for option in choices.options]
    # Rare open answers are no dead distractors: nobody wrote them to be chosen.
    judged = [
        figure
        for figure, is_listed in zip(choices.figures, listed, strict=True)
        if is_listed or not any(":" in option.id for option in choices.options)
    ]
    flags = item_flags(
        figures,
        judged,
        keys={option.id for option in choices.options if option.is_key},
        labels={option.id: option.label for option in choices.options},
        chance=chance,
        blank_share=choices.blank_share,
        has_list=any(listed),
    )
    shown = {name: value if enough or name in _COUNTS else None for name, value in asdict(figures).items()}
    return {
        "question": version.question.code,
        "versions": [row.number for row in item.versions],
        "version": str(version.uuid),
        "summary": version.summary,
        "type": version.type,
        "domain": version.domain_code,
        "objective": version.objective_code,
        "counts": item.counts,
        **shown,
        "facility_interval": _interval(figures.facility_interval) if enough else None,
        "chance": chance,
        "key": key,
        "options": _options(choices, enough),
        "blank_share": choices.blank_share if enough else None,
        "mean_seconds": float(seconds.mean()) if enough and len(seconds) else None,
        "median_seconds": float(np.median(seconds)) if enough and len(seconds) else None,
        "flags": [_flag(flag) for flag in flags],
    }


_COUNTS = frozenset({"answers", "maximum"})


def _options(choices: Choices, enough: bool) -> list[dict[str, Any]]:
    rows = []
    for option, figures in zip(choices.options, choices.figures, strict=True):
        row: dict[str, Any] = {
            "id": option.id,
            "label": option.label,
            "text": option.text,
            "is_key": option.is_key,
            "count": figures.count,
        }
        for name in ("share", "upper_share", "lower_share", "point_biserial"):
            row[name] = getattr(figures, name) if enough else None
        row["shares_by_group"] = list(figures.shares_by_group) if enough else []
        rows.append(row)
    return rows


def _hurdles(sample: Sample, policy: Policy) -> list[dict[str, Any]]:
    """What each hurdle does to candidates near it, for the number of items that attempts had in its domain."""
    found = []
    for hurdle in policy.hurdles:
        inside = np.array(
            [item.counts and item.newest.domain_code == hurdle.domain for item in sample.items], dtype=bool
        )
        lengths = sample.data.met[:, inside].sum(axis=1) if len(sample.attempts) else np.zeros(0, dtype=np.int64)
        # Attempts of one assessment have the same number; where a blueprint changed, the usual one is shown.
        items = int(np.bincount(lengths).argmax()) if len(lengths) else 0
        cut = whole_items(float(hurdle.percent) / 100, items)
        possible = 0 < items <= LONGEST_HURDLE
        found.append(
            {
                "domain": hurdle.domain,
                "percent": float(hurdle.percent),
                "items": items,
                "cut_items": cut,
                "chances": [asdict(row) for row in hurdle_misclassification(items, cut)] if possible else [],
            }
        )
    return found


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]


def _flag(flag: Flag) -> dict[str, Any]:
    return {
        "code": flag.code,
        "weight": flag.weight.value,
        "sentence": flag.sentence,
        "advice": flag.advice,
        "params": dict(flag.params),
    }


def flagged_first(items: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Items with the most urgent remarks before the others."""
    weights = {"alarm": 0, "warning": 1, "note": 2}

    def urgency(item: Mapping[str, Any]) -> tuple[int, int, str]:
        worst = min((weights[flag["weight"]] for flag in item["flags"]), default=3)
        if any(flag["code"] == "too_few_answers" for flag in item["flags"]):
            worst = 3
        return worst, -len(item["flags"]), item["question"]

    return sorted(items, key=urgency)
