"""What is odd about a log, and how far it has come: every rule against a plain way of working it out."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.practicals.log_rules import (
    LATE,
    LATE_DAYS,
    LONG,
    LONG_DAY,
    OVERLAP,
    Entry,
    counting,
    flags,
    log_progress,
)

DAY = date(2026, 3, 2)
TERMS: dict[str, Any] = {
    "count": 3,
    "clients": 2,
    "min_minutes": 60,
    "max_minutes": 90,
    "minima": [
        {"categories": ["head_neck"], "count": 2},
        {"categories": ["widespread_pain", "older_adult"], "count": 1},
    ],
}


def entry(key: int, starts: str, minutes: int, on: date = DAY, late: int = 0) -> Entry:
    return Entry(key, on, time.fromisoformat(starts), minutes, on + timedelta(days=late))


def session(client: str, minutes: int = 60, *categories: str) -> dict[str, Any]:
    return {"client": client, "minutes": minutes, "categories": list(categories or ("shoulder",))}


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    count = draw(st.integers(0, 12))
    return [
        Entry(
            key,
            on := DAY + timedelta(days=draw(st.integers(0, 2))),
            time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 15, 30, 45]))),
            draw(st.integers(1, 720)),
            on + timedelta(days=draw(st.integers(0, 60))),
        )
        for key in range(count)
    ]


@given(logs())
def test_an_overlap_is_any_two_sessions_that_share_a_minute(log: list[Entry]) -> None:
    shared = {
        row.key
        for one, other in combinations(log, 2)
        if one.begins < other.ends and other.begins < one.ends
        for row in (one, other)
    }
    assert {key for key, found in flags(log).items() if OVERLAP in found} == shared


@given(logs())
def test_a_long_day_is_one_of_more_than_twelve_hours_in_sum(log: list[Entry]) -> None:
    sums = {row.held_on: sum(other.minutes for other in log if other.held_on == row.held_on) for row in log}
    long = {row.key for row in log if sums[row.held_on] > LONG_DAY}
    assert {key for key, found in flags(log).items() if LONG in found} == long


@given(logs(), st.randoms(use_true_random=False))
def test_the_order_in_which_a_log_was_written_does_not_matter(log: list[Entry], rng: Any) -> None:
    mixed = log.copy()
    rng.shuffle(mixed)
    assert flags(mixed) == flags(log)


def test_sessions_that_follow_each_other_to_the_minute_do_not_overlap() -> None:
    assert flags([entry(1, "09:00", 60), entry(2, "10:00", 60)]) == {}


def test_a_session_past_midnight_overlaps_with_the_next_morning() -> None:
    found = flags([entry(1, "23:30", 90), entry(2, "00:30", 60, DAY + timedelta(days=1))])
    assert found == {1: {OVERLAP}, 2: {OVERLAP}}


@pytest.mark.parametrize(("days", "expected"), [(0, False), (LATE_DAYS, False), (LATE_DAYS + 1, True)])
def test_an_entry_is_late_after_thirty_days(days: int, expected: bool) -> None:
    assert (LATE in flags([entry(1, "09:00", 60, late=days)]).get(1, frozenset())) is expected


def test_exactly_twelve_hours_are_possible() -> None:
    assert flags([entry(1, "06:00", 360), entry(2, "12:00", 360)]) == {}
    assert flags([entry(1, "06:00", 360), entry(2, "12:00", 361)]) == {1: {LONG}, 2: {LONG}}


def test_only_sessions_that_are_long_enough_count_and_a_longer_one_counts_once() -> None:
    rows = [session("C-01", 59), session("C-01", 60), session("C-02", 200)]
    assert counting(TERMS, rows) == rows[1:]
    assert log_progress(TERMS, rows).sessions.have == 2


def test_clients_are_counted_once_and_only_where_the_session_counts() -> None:
    found = log_progress(TERMS, [session("C-01"), session("C-01"), session("C-02", 30)])
    assert (found.clients.have, found.clients.need) == (1, 2)


def test_one_session_may_count_in_several_minima_and_once_in_each() -> None:
    found = log_progress(TERMS, [session("C-01", 60, "head_neck", "widespread_pain", "older_adult")])
    assert [(share.have, share.need) for share in found.minima] == [(1, 2), (1, 1)]


@pytest.mark.parametrize(
    ("rows", "is_met"),
    [
        ([], False),
        (
            [session("C-01", 60, "head_neck"), session("C-02", 60, "head_neck"), session("C-02", 60, "older_adult")],
            True,
        ),
        (
            [session("C-01", 60, "head_neck"), session("C-01", 60, "head_neck"), session("C-01", 60, "older_adult")],
            False,
        ),
        (
            [session("C-01", 60, "head_neck"), session("C-02", 60, "shoulder"), session("C-02", 60, "older_adult")],
            False,
        ),
        ([session("C-01", 60, "head_neck", "older_adult"), session("C-02", 60, "head_neck")], False),
    ],
)
def test_nothing_may_be_missing(rows: list[dict[str, Any]], is_met: bool) -> None:
    assert log_progress(TERMS, rows).is_met is is_met


@given(
    st.lists(
        st.builds(
            session,
            st.sampled_from(["C-01", "C-02", "C-03"]),
            st.integers(1, 120),
            st.sampled_from(["head_neck", "shoulder", "older_adult"]),
        )
    ),
    st.integers(0, 20),
)
def test_a_further_session_never_makes_less_of_a_log(rows: list[dict[str, Any]], cut: int) -> None:
    fewer, all_ = log_progress(TERMS, rows[:cut]), log_progress(TERMS, rows)
    assert fewer.sessions.have <= all_.sessions.have
    assert fewer.clients.have <= all_.clients.have
    assert all(one.have <= other.have for one, other in zip(fewer.minima, all_.minima, strict=True))
    assert all_.is_met or not fewer.is_met
    assert all(0 <= share.percent <= 100 for share in (all_.sessions, all_.clients, *all_.minima))
