"""Sums of first answers: exact whatever the order, and empty again when all is taken away."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.tallies import FirstTry, Tally, pace, rests, seconds

FIRST_TRIES = st.builds(
    FirstTry,
    version=st.just(1),
    standing=st.sampled_from(["used", "used", "hint", "rapid", "review"]),
    score=st.sampled_from([0, 3333, 10_000]),
    code=st.sampled_from(["", "0", "1", "blank"]),
    rest=st.none() | st.integers(0, 20),
    pace=st.none() | st.integers(0, 56),
    wrong=st.lists(st.sampled_from(["自然延長", "自然 延長", "体现"]), max_size=2, unique=True).map(tuple),
    pairs=st.lists(st.none() | st.integers(0, 3), max_size=3).map(tuple),
)


@settings(deadline=None)
@given(firsts=st.lists(FIRST_TRIES, max_size=12), seed=st.randoms())
def test_what_is_added_and_taken_away_leaves_what_was_only_added(firsts: list[FirstTry], seed: object) -> None:
    kept = firsts[::2]
    tally, other = Tally(), Tally()
    for first in firsts:
        tally.add(first)
    for first in firsts[1::2]:
        tally.add(first, -1)
    seed.shuffle(kept)  # type: ignore[attr-defined]
    for first in kept:
        other.add(first)
    assert tally == other
    assert Tally.from_json(tally.sums(), tally.wrong) == tally
    assert tally.is_empty == (not kept)


def test_only_used_answers_are_counted_the_others_only_by_why_not() -> None:
    tally = Tally()
    tally.add(FirstTry(1, "rapid", 10_000, "1", 4, 3))
    tally.add(FirstTry(1, "review", 10_000, "1", 4, 3))
    assert tally.sums() == {"left": {"rapid": 1, "review": 1}, "reviews": {"10000": 1}}


def test_equal_wrong_answers_are_one_form_with_the_texts_as_written() -> None:
    tally = Tally()
    for text in ("自然延長", "自然 延長", "自然延長"):
        tally.add(FirstTry(1, "used", 0, wrong=(text,)))
    assert tally.wrong == {"自然延长": {"自然延長": 2, "自然 延長": 1}}


def test_a_rest_looks_back_over_five_answers_or_more() -> None:
    full = 10_000
    assert rests([full, 0, full, full, None, full, 0, 5_000]) == [None, None, None, None, None, None, 16, 13]


@pytest.mark.parametrize("ms", [1_000, 1_900, 7_350, 33_000, 119_999])
def test_a_step_of_time_is_within_five_percent(ms: int) -> None:
    step = pace(ms)
    assert step is not None
    assert seconds(step) == pytest.approx(ms / 1000, rel=0.05)


def test_times_below_a_second_are_one_step() -> None:
    assert (pace(0), pace(400), pace(None)) == (0, 0, None)
