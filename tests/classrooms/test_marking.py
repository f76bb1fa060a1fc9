"""What a mark is worth, against a slow recomputation in exact fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classrooms.marking import (
    Handed,
    Mark,
    State,
    counted,
    earned,
    excused,
    hundredths,
    mean,
    missing,
    overridden,
    part,
    percent,
    tenths,
    total,
)

HALF = [Handed(0.5, 10), Handed(0.9, 10, penalty=50, is_late=True), Handed(0.4, 10)]


@pytest.mark.parametrize(("rule", "points"), [("best", 5.0), ("first", 5.0), ("last", 4.0), ("mean", 4.5)])
def test_the_attempt_that_counts_is_the_one_that_was_set(rule: str, points: float) -> None:
    assert earned(counted(HALF, rule)).points == points


def test_best_is_best_after_the_penalty_and_of_equals_the_first() -> None:
    late, in_time = Handed(1.0, 10, penalty=50, is_late=True), Handed(0.5, 10)
    assert counted([late, in_time], "best") is late
    assert counted([in_time, late], "best") is in_time


def test_a_mean_is_late_when_one_of_them_was() -> None:
    assert counted(HALF, "mean").is_late
    assert not counted(HALF[:1], "mean").is_late


@pytest.mark.parametrize(
    ("value", "rounded"), [(0.285 * 100, 28.5), (2.675, 2.68), (1.005, 1.01), (66.66666666666667, 66.67), (0.0, 0.0)]
)
def test_points_are_rounded_as_people_round(value: float, rounded: float) -> None:
    assert hundredths(value) == rounded


def test_excused_work_counts_nowhere_and_missing_work_counts_as_nothing() -> None:
    full = earned(Handed(1.0, 10))
    assert total([full, excused(full), Mark(State.NOTHING, 10), Mark(State.NOT_SET, 10)]).percent == 100.0
    assert total([full, missing(10)]).percent == 50.0
    assert total([full, missing(10)]).n == 2
    assert total([excused(full)]).percent is None


def test_a_mark_by_hand_stands_in_place_of_the_computed_one_which_stays_known() -> None:
    mark = overridden(missing(10), 7)
    assert (mark.points, mark.computed, mark.is_missing, mark.is_override) == (7.0, 0.0, False, True)


def test_unfinished_practice_earns_its_share_less_what_being_late_takes_off() -> None:
    assert part(0.5, 10).points == 5.0
    assert part(0.5, 10, penalty=20).points == 4.0
    assert part(0.0, 10).is_missing


# Against exact fractions.

handed = st.builds(
    Handed,
    score=st.integers(0, 24).map(lambda n: n / 24),
    out_of=st.integers(1, 1000),
    penalty=st.integers(0, 100),
    is_late=st.booleans(),
)
rules = st.sampled_from(["best", "last", "first", "mean"])


def exact(one: Handed) -> Fraction:
    return Fraction(round(one.score * 24), 24) * (100 - one.penalty) / 100


def rounded(value: Fraction, places: int) -> float:
    """Halves up, in whole numbers."""
    return int(value * 10**places + Fraction(1, 2)) / 10**places


def slow_points(attempts: list[Handed], rule: str) -> tuple[float, int]:
    shares = [exact(one) for one in attempts]
    if rule == "mean":
        return rounded(sum(shares) / len(shares) * int(attempts[-1].out_of), 2), int(attempts[-1].out_of)
    at = {"first": 0, "last": len(shares) - 1, "best": shares.index(max(shares))}[rule]
    return rounded(shares[at] * int(attempts[at].out_of), 2), int(attempts[at].out_of)


@given(st.lists(st.tuples(st.lists(handed, max_size=4), rules, st.sampled_from(["", "excuse", "due"])), max_size=12))
def test_marks_and_totals_equal_a_slow_recomputation(work: list[tuple[list[Handed], str, str]]) -> None:
    marks, points, out_of, n = [], Fraction(0), 0, 0
    for attempts, rule, fate in work:
        if not attempts:
            mark = missing(10) if fate == "due" else Mark(State.NOTHING, 10)
            expected, full = (0.0, 10) if fate == "due" else (None, 10)
        else:
            mark = earned(counted(attempts, rule))
            expected, full = slow_points(attempts, rule)
        if fate == "excuse":
            mark, expected = excused(mark), None
        marks.append(mark)
        assert mark.points == expected
        if expected is not None:
            points, out_of, n = points + Fraction(str(expected)), out_of + full, n + 1
    found = total(marks)
    assert (found.points, found.out_of, found.n) == (float(points), out_of, n)
    assert found.percent == (rounded(100 * points / out_of, 1) if n else None)


@given(st.lists(st.one_of(st.none(), st.integers(0, 1000).map(lambda n: n / 10))))
def test_a_mean_is_over_those_that_there_are(percents: list[float | None]) -> None:
    known = [Fraction(str(one)) for one in percents if one is not None]
    found = mean(percents)
    assert found.n == len(known)
    assert found.percent == (rounded(sum(known) / len(known), 1) if known else None)


def test_a_percent_is_of_the_points_that_could_be_earned() -> None:
    assert percent(earned(Handed(0.25, 40))) == 25.0
    assert percent(Mark(State.NOTHING, 40)) is None
    assert tenths(33.35) == 33.4
