"""What may be seen of an attempt at a practical, and by whom.

Examiners judge alone: who may still judge a station does not see what others gave there before. A candidate sees which
stations were shown, and what was judged once it is settled. When an attempt is over, both see all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lms.learning.api import teachers_of

from . import queries, rules
from .enums import AttemptState, StationState
from .models import CriterionJudgement, CriticalFail, PracticalAttempt, SignOff, StationRuling

#: Where the word of an examiner alone decides nothing yet.
UNSETTLED = frozenset({StationState.NOT_STARTED, StationState.WAITING})
#: Where it is decided.
SETTLED = frozenset({StationState.PASSED, StationState.FAILED})


def paragraphs(text: str) -> list[str]:
    """The lines of a plain text that hold words."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@dataclass(frozen=True)
class Sheet:
    """A sign-off as somebody may see it: its lines only where `is_open`."""

    sign_off: SignOff
    is_open: bool
    is_mine: bool = False
    may_withdraw: bool = False

    @property
    def judgements(self) -> dict[int, CriterionJudgement]:
        """What was given for each criterion, by its place."""
        return {row.position: row for row in self.sign_off.judgements.all()} if self.is_open else {}

    @property
    def critical_fails(self) -> list[CriticalFail]:
        """What happened that fails the whole practical."""
        return list(self.sign_off.critical_fails.all()) if self.is_open else []

    @property
    def alone(self) -> list[Sheet]:
        """Itself, where sign-offs are shown side by side."""
        return [self]

    @property
    def clock(self) -> str:
        """What the examiner's clock showed, such as 12:05; empty when it was not started."""
        seconds = self.sign_off.seconds
        return f"{seconds // 60}:{seconds % 60:02}" if seconds else ""

    @property
    def withdrawal(self) -> Any:
        """Why it no longer counts; None while it does."""
        return getattr(self.sign_off, "withdrawal", None)


@dataclass(frozen=True)
class Line:
    """A criterion with what each examiner of the round gave."""

    text: str
    given: tuple[CriterionJudgement | None, ...]

    @property
    def differs(self) -> bool:
        """The examiners disagree here."""
        return len({row.points for row in self.given if row}) > 1


@dataclass(frozen=True)
class StationView:
    """A station of an attempt. `round` decides or waits; `before` are earlier rounds and what was withdrawn."""

    place: dict[str, Any]
    state: StationState
    needs_independent: bool
    round: tuple[Sheet, ...]
    before: tuple[Sheet, ...]
    against: str = ""
    ruling: StationRuling | None = None
    is_ruled_by_teacher: bool = False
    is_critical: bool = False
    #: What a third person who is looking may uphold, as in `rules.sides`; nothing where it is not theirs to decide.
    may_rule: frozenset[tuple[bool, bool]] = frozenset()

    @property
    def code(self) -> str:
        """Its code in the version."""
        return str(self.place["code"])

    @property
    def briefing(self) -> list[str]:
        """What the examiner sets up and says, by paragraphs."""
        return paragraphs(self.place.get("briefing", ""))

    @property
    def lines(self) -> list[Line]:
        """The criteria with what was given in this round, side by side; none while it may not be seen."""
        return self._lines(self.round) if self.round and all(sheet.is_open for sheet in self.round) else []

    def _lines(self, sheets: Sequence[Sheet]) -> list[Line]:
        given = [sheet.judgements for sheet in sheets]
        return [
            Line(text, tuple(rows.get(position) for rows in given))
            for position, text in enumerate(self.place["criteria"])
        ]

    @property
    def earlier(self) -> list[tuple[Sheet, list[Line]]]:
        """What does not decide any more, each sign-off with its own lines."""
        return [(sheet, self._lines([sheet]) if sheet.is_open else []) for sheet in self.before]

    @property
    def differences(self) -> int:
        """On how many lines the examiners disagree."""
        return sum(line.differs for line in self.lines)

    @property
    def has_critical_fail(self) -> bool:
        """Some examiner of this round noted one, whether it stands or not."""
        return any(sheet.critical_fails for sheet in self.round)

    @property
    def differs_on_fail(self) -> bool:
        """Only some of the examiners of this round noted a critical fail."""
        return self.has_critical_fail and not all(sheet.critical_fails for sheet in self.round)


@dataclass(frozen=True)
class AttemptView:
    """An attempt with its stations in their order."""

    attempt: PracticalAttempt
    state: AttemptState
    stations: tuple[StationView, ...]
    #: Of the examiner or registrar who is looking.
    may_judge: bool = False
    has_taught: bool = False

    @property
    def is_over(self) -> bool:
        """Passed or failed."""
        return self.state is not AttemptState.RUNNING

    @property
    def passed_count(self) -> int:
        """How many stations are passed."""
        return sum(row.state is StationState.PASSED for row in self.stations)

    @property
    def critical_fails(self) -> list[tuple[StationView, CriticalFail]]:
        """What ended the attempt, with the station where it was seen."""
        return [
            (station, fail)
            for station in self.stations
            if self.is_over and station.is_critical
            for sheet in station.round
            for fail in sheet.critical_fails
        ]

    @property
    def signature(self) -> Any:
        """The candidate's, None while there is none."""
        return getattr(self.attempt, "signature", None)

    def station(self, code: str) -> StationView | None:
        """The station of this code."""
        return next((row for row in self.stations if row.code == code), None)


def for_examiner(attempt: PracticalAttempt, viewer: Any) -> AttemptView:
    """The attempt as this examiner or registrar may see it; `attempt` comes with its judgements."""
    standing = queries.standing_of_attempt(attempt)
    teachers = teachers_of(attempt.candidate)
    may_judge = queries.may_examine(viewer)
    may_withdraw_all = viewer.has_role("registrar", "admin")
    found = []
    for place in attempt.version.content["stations"]:
        station, complete, current = _rounds(attempt, standing, place["code"])
        is_blind = (
            may_judge
            and standing.state is AttemptState.RUNNING
            and station.state in UNSETTLED
            and viewer.pk not in {row.examiner for row in current}
        )
        settled = {row.key for judged in complete for row in judged}

        def sheet(row: SignOff, settled: set[int] = settled, is_blind: bool = is_blind) -> Sheet:
            is_mine = row.examiner_id == viewer.pk
            return Sheet(
                row,
                is_open=is_mine or not is_blind or row.pk in settled,
                is_mine=is_mine,
                may_withdraw=(is_mine or may_withdraw_all) and getattr(row, "withdrawal", None) is None,
            )

        in_round, before = _split(standing, place["code"], station)
        ruling = _ruling(standing, station)
        is_third = viewer.pk not in teachers | {row.examiner for row in station.round}
        found.append(
            StationView(
                place=place,
                state=station.state,
                needs_independent=station.needs_independent,
                round=tuple(map(sheet, in_round)),
                before=tuple(map(sheet, before)),
                against=rules.may_judge(station, standing.state, viewer.pk),
                ruling=ruling,
                is_ruled_by_teacher=ruling is not None and ruling.by_id in teachers,
                is_critical=station.is_critical,
                may_rule=frozenset(rules.sides(station.round))
                if is_third and station.state is StationState.DISAGREEMENT
                else frozenset(),
            )
        )
    return AttemptView(attempt, standing.state, tuple(found), may_judge, viewer.pk in teachers)


def for_candidate(attempt: PracticalAttempt) -> AttemptView:
    """The attempt as its candidate may see it; `attempt` comes with its judgements."""
    standing = queries.standing_of_attempt(attempt)
    is_over = standing.state is not AttemptState.RUNNING
    found = []
    for place in attempt.version.content["stations"]:
        station, complete, _current = _rounds(attempt, standing, place["code"])
        decided = {row.key for judged in complete if rules.verdict(judged) is not None for row in judged}
        in_round, before = _split(standing, place["code"], station)
        # That examiners disagree would tell what one of them gave.
        state = station.state
        if state is StationState.DISAGREEMENT and not is_over:
            state = StationState.WAITING
        found.append(
            StationView(
                place=place,
                state=state,
                needs_independent=False,
                round=tuple(Sheet(row, is_open=is_over or row.pk in decided) for row in in_round),
                before=tuple(Sheet(row, is_open=is_over or row.pk in decided) for row in before),
                ruling=_ruling(standing, station),
                is_critical=station.is_critical,
            )
        )
    return AttemptView(attempt, standing.state, tuple(found))


def _rounds(
    attempt: PracticalAttempt, standing: queries.AttemptStanding, code: str
) -> tuple[rules.StationStanding, list[tuple[rules.Judged, ...]], tuple[rules.Judged, ...]]:
    complete, current = rules.rounds(standing.counting.get(code, []), attempt.version.content["examiners_needed"])
    return standing.stations[code], complete, current


def _ruling(standing: queries.AttemptStanding, station: rules.StationStanding) -> StationRuling | None:
    """The third person's word on the round that decides, where its examiners disagreed."""
    judged = rules.ruled(station.round) if station.state in SETTLED else None
    return next((row.ruling for row in standing.sign_offs if judged and row.pk == judged.key), None)


def _split(
    standing: queries.AttemptStanding, code: str, station: rules.StationStanding
) -> tuple[list[SignOff], list[SignOff]]:
    """The sign-offs of the round that decides or waits, and the others at the station, as they were recorded."""
    keys = {row.key for row in station.round}
    here = [row for row in standing.sign_offs if row.station == code]
    return [row for row in here if row.pk in keys], [row for row in here if row.pk not in keys]
