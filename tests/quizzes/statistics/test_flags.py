"""Remarks on items and tests: each at its threshold, in plain words, and silence where answers are few."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quizzes.statistics.classical import ItemFigures, ScoreFigures
from quizzes.statistics.flags import ENOUGH, Weight, item_flags, score_flags
from quizzes.statistics.groups import OptionFigures
from quizzes.statistics.intervals import Interval

SOUND = ItemFigures(
    answers=200,
    maximum=1,
    mean=0.7,
    facility=70,
    facility_interval=Interval(63, 76),
    sd=0.46,
    intended_weight=5,
    effective_weight=5,
    negative_covariance=False,
    discrimination=40,
    efficiency=60,
    upper_lower=50,
    is_binary=True,
)
TEST = ScoreFigures(
    attempts=200,
    items=20,
    maximum=20,
    in_percent=False,
    mean=14,
    median=14,
    sd=3,
    skewness=-0.5,
    kurtosis=0.1,
    cic=82,
    is_kr20=True,
    error_ratio=42,
    sem=1.3,
)


def option(name: str, share: float, upper: float, correlation: float = -0.2) -> OptionFigures:
    return OptionFigures(name, int(2 * share), share, upper, share, correlation, ())


KEY = option("a", 70, 90, 0.4)


def codes(*args: object, **kwargs: object) -> list[str]:
    return [flag.code for flag in item_flags(*args, **kwargs)]  # type: ignore[arg-type]


def test_a_sound_item_gets_no_remark() -> None:
    assert codes(SOUND, [KEY, option("b", 20, 8), option("c", 10, 2)], keys={"a"}, chance=0.25, blank_share=1) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"facility": 24.9}, "too_hard"),
        ({"facility": 25.0}, None),
        ({"facility": 95.0}, None),
        ({"facility": 95.1}, "too_easy"),
        ({"discrimination": -0.1}, "negative_discrimination"),
        ({"discrimination": 9.9}, "low_discrimination"),
        ({"discrimination": 10.0}, None),
        ({"discrimination": None, "efficiency": None}, "no_spread"),
        ({"efficiency": 19.9}, "low_efficiency"),
    ],
)
def test_thresholds(changes: dict[str, float | None], code: str | None) -> None:
    assert codes(replace(SOUND, **changes)) == ([code] if code else [])


def test_too_few_answers_replace_every_other_remark() -> None:
    poor = replace(SOUND, facility=2, discrimination=-60)
    assert codes(replace(poor, answers=ENOUGH - 1)) == ["too_few_answers"]
    assert "too_few_answers" not in codes(replace(poor, answers=ENOUGH))
    [flag] = item_flags(replace(poor, answers=3))
    assert flag.says() == "Too few answers: 3 so far, and figures begin to mean something at 20."


def test_a_key_that_the_best_do_not_choose_is_doubted_in_plain_words() -> None:
    options = [option("c1", 30, 31, 0.0), option("c3", 50, 61.8, 0.3)]
    first, *_rest = item_flags(SOUND, options, keys={"c1"}, labels={"c3": "C"})
    assert first.code == "key_doubtful"
    assert first.weight is Weight.ALARM
    assert first.says() == "62 % of your best candidates chose C: the key may be wrong."
    assert first.advises()
    assert codes(SOUND, options, keys={"c1"}) == ["key_doubtful"]


def test_distractors_that_nobody_believes_are_named_together() -> None:
    options = [KEY, option("b", 4.9, 1), option("c", 2, 0), option("d", 5.0, 3)]
    [flag] = item_flags(SOUND, options, keys={"a"}, labels={"b": "B", "c": "C"})
    assert flag.code == "dead_distractor"
    assert flag.says() == "Fewer than 5 % chose B, C."


def test_a_wrong_option_of_the_stronger_is_a_rival() -> None:
    assert codes(SOUND, [KEY, option("b", 20, 25, 0.15)], keys={"a"}) == ["rival_option"]
    assert codes(SOUND, [KEY, option("b", 20, 25, 0.05)], keys={"a"}) == []


def test_without_a_key_options_are_not_judged() -> None:
    assert codes(SOUND, [option("a", 1, 1), option("b", 99, 99, 0.5)]) == []


def test_worse_than_guessing_is_an_alarm_only_when_it_is_clear() -> None:
    low = replace(SOUND, facility=18, facility_interval=Interval(13, 24))
    assert codes(low, chance=0.25) == ["below_chance"]
    assert codes(replace(low, facility_interval=Interval(13, 26)), chance=0.25) == ["too_hard"]
    assert codes(low) == ["too_hard"]


def test_blanks_are_mentioned() -> None:
    [flag] = item_flags(SOUND, blank_share=12.4)
    assert flag.says() == "12 % left it blank."


def test_the_most_urgent_comes_first() -> None:
    bad = replace(SOUND, facility=97, discrimination=-5)
    assert codes(bad, blank_share=50) == ["negative_discrimination", "too_easy", "often_blank"]


def test_remarks_can_be_said_in_another_language() -> None:
    [flag] = item_flags(replace(SOUND, facility=97))
    assert flag.says(lambda text: "Sehr leicht: %(facility)d %%.") == "Sehr leicht: 97 %."


def test_remarks_on_a_whole_test() -> None:
    assert score_flags(TEST, consistency=92) == ()
    assert [flag.code for flag in score_flags(replace(TEST, cic=70))] == ["modest_reliability"]
    assert [flag.code for flag in score_flags(replace(TEST, cic=40))] == ["poor_reliability"]
    assert score_flags(replace(TEST, cic=None)) == ()
    [shaky] = score_flags(TEST, consistency=78)
    assert shaky.says() == "A second form would decide 22 of 100 candidates differently."
    assert [flag.code for flag in score_flags(replace(TEST, attempts=19, cic=10))] == ["too_few_answers"]
