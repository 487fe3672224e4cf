"""How a station and an attempt stand, from the sign-offs that still count. Pure: no database, no clock.

A *round* at a station is complete once enough different examiners have judged it and at least one of them has not
taught the candidate. The last complete round counts. A station that was not passed may be shown again in a further
round; a critical fail ends the attempt, and a new one begins with the first station.

Examiners of a round *disagree* where some pass the station and some do not, and where only some saw a critical fail:
one fails a station, the other all of them. A third person then upholds one of the sign-offs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .enums import AttemptState, StationState


@dataclass(frozen=True)
class Judged:
    """A sign-off as the rules see it.

    `ruling` is the word of a third person who upheld it, passed or not; `ruled_upto` is the key of the last sign-off
    that was there then.
    """

    key: int
    examiner: int
    has_taught: bool
    passed: bool
    is_critical: bool = False
    ruling: bool | None = None
    ruled_upto: int = 0


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


def sides(judged: Iterable[Judged]) -> set[tuple[bool, bool]]:
    """What examiners say of a station, each as (passed, whether a critical fail was seen); two are a disagreement."""
    return {(row.passed, row.is_critical) for row in judged}


def ruled(judged: Sequence[Judged]) -> Judged | None:
    """Where examiners of a round disagree, the sign-off on which a third person ruled who had all of them at hand."""
    if len(sides(judged)) < 2:
        return None
    found = [row for row in judged if row.ruling is not None and max(row.key, row.ruled_upto) >= judged[-1].key]
    return found[-1] if found else None


def verdict(judged: Sequence[Judged]) -> bool | None:
    """Whether a complete round is a pass: what all say, or the ruling; None while examiners disagree."""
    if len(sides(judged)) < 2:
        return judged[-1].passed
    row = ruled(judged)
    return row.ruling if row else None


def is_critical(judged: Sequence[Judged]) -> bool:
    """Whether a round that is decided fails the whole practical: by what all say, or by the sign-off that was upheld.

    A ruling may stand on a sign-off and not agree with it; then those count that it agrees with.
    """
    row = ruled(judged)
    if row and row.passed is row.ruling:
        return row.is_critical
    return any(one.is_critical for one in judged if row is None or one.passed is row.ruling)


def upheld(judged: Sequence[Judged], *, passed: bool, critical_fail: bool | None) -> list[Judged]:
    """The sign-offs of a round that say what a third person says; of one without a word on it, whatever they noted."""
    return [row for row in judged if row.passed is passed and critical_fail in {None, row.is_critical}]


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
    return StationStanding(StationState.FAILED, last, is_critical(last))


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
