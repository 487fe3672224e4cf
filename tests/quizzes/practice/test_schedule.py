"""The schedule: what an answer was worth decides, the same reviews give the same schedule, and knowing pays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.practice.schedule import (
    MOST_DAYS,
    STEP,
    Rating,
    in_force,
    is_learned,
    last_review,
    new_memory,
    rating_for,
    ratings_for,
    replay,
    review,
)

BEGIN = datetime(2026, 11, 2, 10, tzinfo=UTC)
FRACTIONS = st.decimals(0, 1, places=8)
HISTORIES = st.lists(st.tuples(st.sampled_from(Rating), st.integers(0, 60 * 24 * 90)), min_size=1, max_size=12)


def with_times(history: list[tuple[Rating, int]]) -> list[tuple[int, datetime]]:
    at, rows = BEGIN, []
    for rating, minutes in history:
        at += timedelta(minutes=minutes, seconds=1)
        rows.append((int(rating), at))
    return rows


@pytest.mark.parametrize(
    ("fraction", "usual", "possible"),
    [("0", 1, {1}), ("0.00000001", 2, {1, 2}), ("0.5", 2, {1, 2}), ("0.99999999", 3, {2, 3, 4}), ("1", 3, {2, 3, 4})],
)
def test_what_an_answer_was_worth_is_its_rating(fraction: str, usual: int, possible: set[int]) -> None:
    assert rating_for(Decimal(fraction)) == usual
    assert set(ratings_for(Decimal(fraction))) == possible


@given(fraction=FRACTIONS, own=st.integers(1, 4))
def test_ones_own_rating_chooses_only_among_those_that_fit(fraction: Decimal, own: int) -> None:
    given_ = rating_for(fraction, own)
    assert given_ in ratings_for(fraction)
    assert given_ == own or own not in ratings_for(fraction)
    if fraction == 0:
        assert given_ == Rating.AGAIN


@given(history=HISTORIES)
def test_a_card_always_comes_back_and_never_later_than_the_most(history: list[tuple[Rating, int]]) -> None:
    memory = new_memory()
    for rating, at in with_times(history):
        done = review(memory, rating, at)
        assert at < done.due_at <= at + timedelta(days=MOST_DAYS)
        assert last_review(done.memory) == at
        if rating == Rating.AGAIN:
            assert done.due_at == at + STEP
            assert not is_learned(done.memory)
        memory = done.memory


@given(history=HISTORIES)
def test_the_schedule_can_be_worked_out_again(history: list[tuple[Rating, int]]) -> None:
    memory = new_memory()
    for rating, at in with_times(history):
        memory = review(memory, rating, at).memory
    assert replay(with_times(history)) == memory == replay(in_force(with_times(history)))


@given(history=HISTORIES, minutes=st.integers(1, 60 * 24 * 90))
def test_the_better_it_was_known_the_later_it_comes_back(history: list[tuple[Rating, int]], minutes: int) -> None:
    rows = with_times(history)
    at = rows[-1][1] + timedelta(minutes=minutes)
    due = [review(replay(rows), rating, at).due_at for rating in Rating]
    assert due == sorted(due)


@given(history=HISTORIES)
def test_rating_an_answer_anew_is_as_if_it_had_been_rated_so_at_once(history: list[tuple[Rating, int]]) -> None:
    rows = with_times(history)
    again = [(1, rows[-1][1])]
    assert in_force(rows + again) == rows[:-1] + again
    assert in_force(rows + rows[-1:]) == rows


def test_known_twice_it_stays_away_for_days() -> None:
    first = review(new_memory(), Rating.GOOD, BEGIN)
    second = review(first.memory, Rating.GOOD, first.due_at)
    assert is_learned(first.memory)
    assert first.due_at - BEGIN >= timedelta(days=1)
    assert second.due_at - first.due_at > first.due_at - BEGIN


def test_the_zone_of_the_moment_makes_no_difference() -> None:
    from datetime import timezone

    elsewhere = BEGIN.astimezone(timezone(timedelta(hours=5)))
    assert review(new_memory(), Rating.GOOD, elsewhere) == review(new_memory(), Rating.GOOD, BEGIN)
