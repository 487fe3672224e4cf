"""How a station and an attempt stand, from the sign-offs that still count. Pure: no database, no clock.

A *round* at a station is complete once enough different examiners have judged it and at least one of them has not
taught the candidate. The last complete round counts. A station that was not passed may be shown again in a further
round; a critical fail ends the attempt, and a new one begins with the first station.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .enums import AttemptState, StationState


@dataclass(frozen=True)
class Judged:
    """A sign-off as the rules see it; `ruling` is the third person's word where examiners disagreed."""

    key: int
    examiner: int
    has_taught: bool
    passed: bool
    is_critical: bool = False
    ruling: bool | None = None


@dataclass(frozen=True)
class StationStanding:
    """Where a candidate stands at a station. `round` are the sign-offs that decide, or that wait for another."""

    state: StationState
    round: tuple[Judged, ...] = ()
    is_critical: bool = False

    @property
    def needs_independent(self) -> bool:
        """Only examiners who have taught the candidate have judged so far."""
        return self.state is StationState.WAITING and all(row.has_taught for row in self.round)


def is_complete(judged: Sequence[Judged], examiners_needed: int) -> bool:
    """Enough different examiners, one of them independent."""
    return len({row.examiner for row in judged}) >= examiners_needed and not all(row.has_taught for row in judged)


def rounds(judged: Sequence[Judged], examiners_needed: int) -> tuple[list[tuple[Judged, ...]], tuple[Judged, ...]]:
    """The complete rounds at a station in their order, and the sign-offs of the one that is not complete yet."""
    complete: list[tuple[Judged, ...]] = []
    current: list[Judged] = []
    for row in judged:
        current.append(row)
        if is_complete(current, examiners_needed):
            complete.append(tuple(current))
            current = []
    return complete, tuple(current)


def verdict(judged: Sequence[Judged]) -> bool | None:
    """Whether a complete round is a pass: what all say, or the ruling; None while examiners disagree."""
    verdicts = {row.passed for row in judged}
    return judged[-1].ruling if len(verdicts) > 1 else verdicts.pop()


def station_standing(judged: Sequence[Judged], examiners_needed: int) -> StationStanding:
    """The standing at one station from its sign-offs in the order in which they were recorded."""
    complete, current = rounds(judged, examiners_needed)
    if current:
        return StationStanding(StationState.WAITING, current)
    if not complete:
        return StationStanding(StationState.NOT_STARTED)
    last = complete[-1]
    passed = verdict(last)
    if passed is None:
        return StationStanding(StationState.DISAGREEMENT, last)
    if passed:
        return StationStanding(StationState.PASSED, last)
    return StationStanding(StationState.FAILED, last, any(row.is_critical for row in last))


def attempt_state(stations: Mapping[str, StationStanding]) -> AttemptState:
    """An attempt fails with a critical fail, passes when every station is passed, and runs until then."""
    standings = stations.values()
    if any(row.is_critical for row in standings):
        return AttemptState.FAILED
    if stations and all(row.state is StationState.PASSED for row in standings):
        return AttemptState.PASSED
    return AttemptState.RUNNING


def passes(points: int, max_points: int, pass_percent: int, critical_fails: int) -> bool:
    """A station passes at so many percent of its points, without a critical fail."""
    return not critical_fails and points * 100 >= pass_percent * max_points


def may_judge(station: StationStanding, attempt: AttemptState, examiner: int) -> str:
    """An empty text, or the code of what speaks against a further sign-off by this examiner."""
    if attempt is not AttemptState.RUNNING:
        return "attempt_over"
    if station.state is StationState.PASSED:
        return "station_passed"
    if station.state is StationState.DISAGREEMENT:
        return "ruling_missing"
    if station.state is StationState.WAITING and any(row.examiner == examiner for row in station.round):
        return "judged_already"
    return ""
