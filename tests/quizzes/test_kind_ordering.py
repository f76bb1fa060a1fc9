"""Items put in order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.kinds import KINDS, InvalidAnswer, Outcome
from quizzes.kinds.ordering import kendall, longest_run
from tests.quizzes.contents import principles

KIND = KINDS["ordering"]


def graded(*texts: str) -> Outcome:
    """The outcome when the items are placed in the order given, through the form."""
    content = principles()
    posted = {f"place_{index}": str(texts.index(item) + 1) for index, item in enumerate(content.items)}
    return KIND.grade(content, KIND.read(content, posted))


SOVEREIGNTY, PEACE, OPEN, ORDER = principles().key


@pytest.mark.parametrize(
    ("placed", "verdict", "tau", "positions", "run"),
    [
        ((SOVEREIGNTY, PEACE, OPEN, ORDER), "correct", 1.0, 4, 4),
        ((PEACE, SOVEREIGNTY, OPEN, ORDER), "partial", 4 / 6, 2, 2),
        ((PEACE, OPEN, ORDER, SOVEREIGNTY), "wrong", 0.0, 0, 3),
        ((PEACE, SOVEREIGNTY, ORDER, OPEN), "wrong", 2 / 6, 0, 1),
        ((ORDER, OPEN, PEACE, SOVEREIGNTY), "wrong", -1.0, 0, 1),
    ],
)
def test_grading(placed: tuple[str, ...], verdict: str, tau: float, positions: int, run: int) -> None:
    outcome = graded(*placed)
    assert outcome.verdict == verdict
    assert outcome.score == pytest.approx(max(0.0, tau))
    assert outcome.details["tau"] == pytest.approx(tau)
    assert (outcome.details["positions_right"], outcome.details["longest_run"]) == (positions, run)
    assert outcome.details["order"] == list(placed)
    assert [part.is_correct for part in outcome.parts] == [verdict == "correct"]


@given(st.permutations(range(6)))
def test_tau_lies_between_its_bounds_and_is_one_only_in_order(ranks: list[int]) -> None:
    tau = kendall(ranks)
    assert -1.0 <= tau <= 1.0
    assert (tau == 1.0) == (ranks == sorted(ranks))
    assert kendall(ranks[::-1]) == pytest.approx(-tau)
    assert 1 <= longest_run(ranks) <= 6


def test_short_lists() -> None:
    assert (kendall([0]), kendall([]), longest_run([]), longest_run([0])) == (1.0, 1.0, 0, 1)


def test_empty_is_blank() -> None:
    content = principles()
    outcome = KIND.grade(content, KIND.read(content, {"place_0": "", "place_1": " "}))
    assert (outcome.verdict, outcome.may_retry) == ("blank", True)


@pytest.mark.parametrize(
    ("places", "code"),
    [
        (["1", "2", "3", "3"], "duplicate_place"),
        (["1", "2", "3", ""], "missing_place"),
        (["1", "2", "3", "5"], "unknown_option"),
        (["0", "2", "3", "1"], "unknown_option"),
        (["1", "2", "3", "x"], "unknown_option"),
        (["1", "2", "3", ["4", "4"]], "two_values"),
        (["1", "2", "3", 4], "type"),
    ],
)
def test_places_must_be_a_permutation(places: list[Any], code: str) -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        KIND.read(principles(), {f"place_{index}": place for index, place in enumerate(places)})
    assert refusal.value.code == code


@given(st.integers())
def test_the_first_order_shown_is_not_the_solution(seed: int) -> None:
    content = principles()
    order = KIND.shuffle(content, seed)
    shown = KIND.present(content, order=order, hints=0)
    assert [row["index"] for row in shown["items"]] == order["items"]
    assert [row["text"] for row in shown["items"]] != content.key
    assert [row["field"] for row in shown["items"]] == [f"place_{index}" for index in order["items"]]
    assert shown["places"] == [1, 2, 3, 4]


def test_no_hints_and_not_productive() -> None:
    assert KIND.hint(principles(), 1) == {}
    assert not KIND.is_productive(principles())
