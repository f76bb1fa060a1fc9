"""The one definition of "needs help": a table of cases, and what can never happen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classrooms.needs import Answer, Need, Untouched, is_stuck, needs_help

NOW = datetime(2026, 3, 16, 10, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def answers(marks: str, *, lesson: int = 1, newest: timedelta = MINUTE) -> list[Answer]:
    """One answer a minute, oldest first, the newest so long ago: "x" wrong, "o" right."""
    ages = [newest + (len(marks) - 1 - at) * MINUTE for at in range(len(marks))]
    return [Answer(lesson, NOW - age, mark == "o") for mark, age in zip(marks, ages, strict=True)]


@pytest.mark.parametrize(
    ("marks", "needs"),
    [
        ("", False),
        ("x", False),
        ("xxxxx", False),  # fewer than six
        ("xxxxxx", True),
        ("xxxxoo", True),
        ("xxxooo", False),  # half is not under half
        ("xxxxxxooo", False),  # three of the last four: it has cleared
        ("xxxxxxxoox", True),  # two of the last four
        ("xxxxxxxxoxoo", False),
        ("ooooooooooooooox", False),  # one wrong answer never
        ("ooooooooxxxx", False),  # four wrong in a row after eight right: still not under half
        ("xxxxxxooox", False),  # one more miss after clearing does not bring it back at once
        ("xxxxxxoooxx", True),
    ],
)
def test_a_lesson_needs_help(marks: str, needs: bool) -> None:
    assert bool(needs_help(answers(marks), now=NOW)) == needs


def test_the_reason_names_the_lesson_and_how_many_were_right() -> None:
    (need,) = needs_help(answers("xoxxxx", lesson=7), now=NOW)
    assert (need.reason, need.subject, need.right, need.answers) == ("lesson", 7, 1, 6)
    assert need.at == NOW - MINUTE


def test_answers_in_several_lessons_are_not_added_up() -> None:
    assert needs_help(answers("xxxxx", lesson=1) + answers("xxxxx", lesson=2), now=NOW) == ()


def test_the_lesson_with_most_wrong_answers_stands_first() -> None:
    found = needs_help(answers("xxxxxx", lesson=1) + answers("xxxxxxx", lesson=2), now=NOW)
    assert [need.subject for need in found] == [2, 1]


@pytest.mark.parametrize(("age", "needs"), [(DAY, True), (13 * DAY, True), (14 * DAY, False), (30 * DAY, False)])
def test_a_need_expires_with_its_answers(age: timedelta, needs: bool) -> None:
    assert bool(needs_help(answers("xxxxxx", newest=age), now=NOW)) == needs


def test_a_need_says_until_when_it_can_last() -> None:
    (need,) = needs_help(answers("xxxxxxx", newest=DAY), now=NOW)
    assert needs_help(answers("xxxxxxx", newest=DAY), now=need.until) != ()
    assert needs_help(answers("xxxxxxx", newest=DAY), now=need.until + timedelta(seconds=1)) == ()


@pytest.mark.parametrize(
    ("overdue", "needs"), [(-DAY, False), (DAY, False), (2 * DAY, True), (13 * DAY, True), (14 * DAY, False)]
)
def test_work_needs_help_two_days_after_its_due_time_and_not_for_ever(overdue: timedelta, needs: bool) -> None:
    found = needs_help([], [Untouched(3, NOW - overdue)], now=NOW)
    due_at = NOW - overdue
    assert found == ((Need("overdue", 3, due_at, due_at + 14 * DAY),) if needs else ())


@pytest.mark.parametrize(
    ("open_for", "misses", "answered", "stuck"),
    [
        (None, 0, None, False),
        (2 * MINUTE, 0, None, False),
        (3 * MINUTE, 0, None, True),
        (15 * MINUTE, 0, None, False),  # went away
        (None, 1, MINUTE, False),  # one wrong answer never
        (None, 2, MINUTE, True),
        (None, 2, 20 * MINUTE, False),
    ],
)
def test_who_is_stuck(open_for: timedelta | None, misses: int, answered: timedelta | None, stuck: bool) -> None:
    since = None if open_for is None else NOW - open_for
    at = None if answered is None else NOW - answered
    assert is_stuck(open_since=since, misses=misses, answered_at=at, now=NOW) == stuck


MARKS = st.text("xo", max_size=30)


@given(MARKS)
def test_four_right_answers_clear_every_need(marks: str) -> None:
    assert needs_help(answers(marks + "oooo"), now=NOW) == ()


@given(MARKS)
def test_one_wrong_answer_alone_never_makes_somebody_need_help(marks: str) -> None:
    if marks.count("x") <= 1:
        assert needs_help(answers(marks), now=NOW) == ()


@given(MARKS, st.randoms())
def test_the_order_in_which_answers_are_given_does_not_matter(marks: str, dice: object) -> None:
    rows = answers(marks)
    shuffled = list(rows)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert needs_help(shuffled, now=NOW) == needs_help(rows, now=NOW)
