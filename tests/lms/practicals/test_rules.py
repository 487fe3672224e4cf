"""How a station and an attempt stand, from the sign-offs that count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.practicals.enums import AttemptState, StationState
from lms.practicals.rules import (
    Judged,
    StationStanding,
    attempt_state,
    is_complete,
    may_judge,
    passes,
    rounds,
    sides,
    station_standing,
    verdict,
)

ANA, BEN, CLEO = 1, 2, 3
NEEDED = st.integers(1, 2)


def by(examiner: int, passed: bool = True, **more: object) -> Judged:
    return Judged(**{"key": 0, "examiner": examiner, "has_taught": False, "passed": passed, **more})  # type: ignore[arg-type]


def taught(examiner: int, passed: bool = True, **more: object) -> Judged:
    return by(examiner, passed, has_taught=True, **more)


def critical(examiner: int, **more: object) -> Judged:
    return by(examiner, False, is_critical=True, **more)


@st.composite
def histories(draw: st.DrawFn) -> list[Judged]:
    """Sign-offs as they may be recorded: whether an examiner has taught the candidate does not change."""
    teachers = draw(st.sets(st.sampled_from([ANA, BEN, CLEO])))
    rows = draw(st.lists(st.tuples(st.sampled_from([ANA, BEN, CLEO]), st.booleans(), st.booleans()), max_size=8))
    return [
        Judged(key, examiner, examiner in teachers, passed and not critical, critical)
        for key, (examiner, passed, critical) in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("judged", "needed", "state"),
    [
        ([], 1, "not_started"),
        ([by(ANA)], 1, "passed"),
        ([by(ANA, False)], 1, "failed"),
        ([by(ANA)], 2, "waiting"),
        ([by(ANA), by(BEN)], 2, "passed"),
        ([by(ANA, False), by(BEN, False)], 2, "failed"),
        ([by(ANA), by(BEN, False)], 2, "disagreement"),
        ([by(ANA), by(BEN, False, ruling=True)], 2, "passed"),
        ([by(ANA), by(BEN, False, ruling=False)], 2, "failed"),
        ([by(ANA, False), critical(BEN)], 2, "disagreement"),
        ([critical(ANA), critical(BEN)], 2, "failed"),
        ([by(ANA, False, ruling=False), critical(BEN)], 2, "failed"),
        ([by(ANA, False, ruling=False), critical(BEN, key=1)], 2, "disagreement"),
        ([by(ANA, False, ruling=False, ruled_upto=1), critical(BEN, key=1)], 2, "failed"),
        ([by(ANA, False), by(ANA)], 1, "passed"),
        ([by(ANA, False), by(BEN, False), by(ANA)], 2, "waiting"),
        ([taught(ANA)], 1, "waiting"),
        ([taught(ANA), by(BEN)], 1, "passed"),
        ([taught(ANA), by(BEN, False)], 1, "disagreement"),
        ([taught(ANA), taught(BEN)], 2, "waiting"),
        ([taught(ANA), taught(BEN), by(CLEO)], 2, "passed"),
    ],
)
def test_a_station_stands_by_its_last_complete_round(judged: Sequence[Judged], needed: int, state: str) -> None:
    assert station_standing(judged, needed).state == state


def test_whoever_has_taught_is_not_enough_and_it_is_said() -> None:
    assert station_standing([taught(ANA)], 1).needs_independent
    assert not station_standing([by(ANA)], 2).needs_independent
    assert not station_standing([taught(ANA), by(BEN)], 1).needs_independent


@given(histories(), NEEDED)
def test_rounds_hold_every_sign_off_once_and_in_order(judged: list[Judged], needed: int) -> None:
    complete, current = rounds(judged, needed)
    assert [row for one in complete for row in one] + list(current) == judged
    assert all(is_complete(one, needed) for one in complete)
    assert not is_complete(current, needed)


@given(histories(), NEEDED)
def test_no_station_is_decided_by_teachers_alone_or_by_too_few(judged: list[Judged], needed: int) -> None:
    standing = station_standing(judged, needed)
    if standing.state in {StationState.PASSED, StationState.FAILED, StationState.DISAGREEMENT}:
        assert any(not row.has_taught for row in standing.round)
        assert len({row.examiner for row in standing.round}) >= needed


@given(histories(), NEEDED)
def test_nobody_judges_twice_in_a_round(judged: list[Judged], needed: int) -> None:
    standing = station_standing(judged, needed)
    if standing.state is StationState.WAITING:
        for row in standing.round:
            assert may_judge(standing, AttemptState.RUNNING, row.examiner) == "judged_already"


@given(histories(), NEEDED)
def test_a_pass_means_that_all_say_so_or_that_a_third_person_does(judged: list[Judged], needed: int) -> None:
    standing = station_standing(judged, needed)
    assert (standing.state is StationState.PASSED) == (
        standing.state not in {StationState.WAITING, StationState.NOT_STARTED} and verdict(standing.round) is True
    )


@pytest.mark.parametrize(
    ("judged", "expected"),
    [
        ([by(ANA, False), critical(BEN, ruling=False)], True),
        ([by(ANA, False, ruling=False), critical(BEN)], False),
        ([critical(ANA), by(BEN, ruling=False)], True),
        ([critical(ANA), by(BEN, ruling=True)], False),
        ([critical(ANA), critical(BEN)], True),
        ([by(ANA, False), by(BEN, ruling=False)], False),
    ],
)
def test_a_critical_fail_stands_where_all_saw_it_or_a_third_person_says_so(
    judged: Sequence[Judged], expected: bool
) -> None:
    assert station_standing(judged, 2).is_critical is expected


@given(histories(), NEEDED)
def test_only_some_saw_it_is_a_disagreement_too(judged: list[Judged], needed: int) -> None:
    for one in rounds(judged, needed)[0]:
        assert (station_standing(one, needed).state is StationState.DISAGREEMENT) == (len(sides(one)) > 1)


@given(histories(), NEEDED, st.data())
def test_a_ruling_decides_as_the_sign_off_that_it_upholds(
    judged: list[Judged], needed: int, data: st.DataObject
) -> None:
    standing = station_standing(judged, needed)
    if standing.state is StationState.DISAGREEMENT:
        chosen = data.draw(st.sampled_from(standing.round))
        ruling = {"ruling": chosen.passed, "ruled_upto": standing.round[-1].key}
        decided = station_standing([replace(row, **ruling) if row is chosen else row for row in judged], needed)
        assert (decided.state is StationState.PASSED, decided.is_critical) == (chosen.passed, chosen.is_critical)


@given(histories(), NEEDED)
def test_a_critical_fail_fails_the_attempt_once_its_station_is_decided(judged: list[Judged], needed: int) -> None:
    standing = station_standing(judged, needed)
    passed = StationStanding(StationState.PASSED)
    state = attempt_state({"P1": passed, "P2": standing})
    is_critical = standing.state is StationState.FAILED and any(row.is_critical for row in standing.round)
    assert (state is AttemptState.FAILED) == is_critical
    assert (state is AttemptState.PASSED) == (standing.state is StationState.PASSED)


def test_a_practical_without_stations_is_not_passed() -> None:
    assert attempt_state({}) is AttemptState.RUNNING


@pytest.mark.parametrize(
    ("points", "most", "percent", "fails", "expected"),
    [
        (7, 10, 70, 0, True),
        (6, 10, 70, 0, False),
        (39, 56, 70, 0, False),
        (40, 56, 70, 0, True),
        (10, 10, 100, 0, True),
        (10, 10, 1, 1, False),
    ],
)
def test_a_station_passes_at_its_percentage(points: int, most: int, percent: int, fails: int, expected: bool) -> None:
    assert passes(points, most, percent, fails) is expected


@given(st.integers(1, 60), st.integers(1, 100), st.data())
def test_more_points_never_make_it_worse(most: int, percent: int, data: st.DataObject) -> None:
    points = data.draw(st.integers(0, most))
    less = data.draw(st.integers(0, points))
    assert passes(points, most, percent, 0) >= passes(less, most, percent, 0)
    assert not passes(points, most, percent, 1)


@pytest.mark.parametrize(
    ("station", "attempt", "reason"),
    [
        (station_standing([], 1), AttemptState.RUNNING, ""),
        (station_standing([by(ANA, False)], 1), AttemptState.RUNNING, ""),
        (station_standing([by(BEN)], 2), AttemptState.RUNNING, ""),
        (station_standing([by(ANA)], 2), AttemptState.RUNNING, "judged_already"),
        (station_standing([by(BEN)], 1), AttemptState.RUNNING, "station_passed"),
        (station_standing([by(BEN), by(CLEO, False)], 2), AttemptState.RUNNING, "ruling_missing"),
        (station_standing([], 1), AttemptState.FAILED, "attempt_over"),
        (station_standing([], 1), AttemptState.PASSED, "attempt_over"),
    ],
)
def test_why_an_examiner_may_not_judge(station: StationStanding, attempt: AttemptState, reason: str) -> None:
    assert may_judge(station, attempt, ANA) == reason
