"""One of several options, and the cloze that has options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.content import Content
from quizzes.kinds import KINDS, InvalidAnswer
from tests.quizzes.contents import became, picked_cloze

both = pytest.mark.parametrize("make", [became, picked_cloze])


@both
def test_only_the_key_is_right(make: Callable[[], Content]) -> None:
    content = make()
    for index, text in enumerate(content.options or ()):
        outcome = KINDS[content.kind].grade(content, index)
        is_key = text == content.key
        assert (outcome.verdict, outcome.score) == (("correct", 1.0) if is_key else ("wrong", 0.0))
        assert outcome.parts[0].confused_with == ("" if is_key else text)
        assert not outcome.may_retry


def test_a_wrong_option_tells_where_it_is_true() -> None:
    outcome = KINDS["choice"].grade(became(), 0)
    assert outcome.details == {"chosen": "人類共同的新家園", "fact": "F9"}
    assert outcome.rule == "other_option"


@both
def test_no_option_is_blank(make: Callable[[], Content]) -> None:
    kind = KINDS[make().kind]
    outcome = kind.grade(make(), kind.read(make(), {"choice": ""}))
    assert (outcome.verdict, outcome.may_retry) == ("blank", True)


@both
def test_recognition_is_not_productive(make: Callable[[], Content]) -> None:
    assert not KINDS[make().kind].is_productive(make())


@pytest.mark.parametrize(("posted", "index"), [({"choice": "2"}, 2), ({"choice": ["0"]}, 0), ({}, None)])
def test_read(posted: dict[str, Any], index: int | None) -> None:
    assert KINDS["choice"].read(became(), posted) == index


@pytest.mark.parametrize(
    ("value", "code"),
    [
        *((value, "unknown_option") for value in ("4", "-1", "²", "x", "9" * 400)),
        (["0", "1"], "two_values"),
        (1, "type"),
        (["0", 1], "type"),
    ],
)
def test_malformed_choices_are_refused(value: Any, code: str) -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        KINDS["choice"].read(became(), {"choice": value})
    assert refusal.value.code == code


@given(st.integers())
def test_shown_order_is_the_frozen_one_and_indices_stay_stored(seed: int) -> None:
    kind, content = KINDS["choice"], became()
    order = kind.shuffle(content, seed)
    shown = kind.present(content, order=order, hints=0)["options"]
    assert order == kind.shuffle(content, seed)
    assert [row["index"] for row in shown] == order["options"]
    assert sorted(order["options"]) == [0, 1, 2, 3]
    assert [row["letter"] for row in shown] == ["A", "B", "C", "D"]
    assert all(row["text"] == (content.options or ())[row["index"]] for row in shown)


def test_years_stay_in_their_natural_order() -> None:
    content = became(options=("2015年", "2016年", "2019年"), key="2015年")
    assert {tuple(KINDS["choice"].shuffle(content, seed)["options"]) for seed in range(20)} == {(0, 1, 2)}


def test_orders_differ_between_seeds() -> None:
    assert len({tuple(KINDS["choice"].shuffle(became(), seed)["options"]) for seed in range(40)}) > 5


@pytest.mark.parametrize("seed", range(12))
def test_fifty_fifty_leaves_the_key_and_one_other(seed: int) -> None:
    kind, content = KINDS["choice"], became(seed=str(seed))
    hint = kind.hint(content, 1)
    shown = kind.present(content, order={}, hints=1)
    left = [row["text"] for row in shown["options"] if not row["is_removed"]]
    assert hint["code"] == "fifty_fifty"
    assert len(left) == 2
    assert content.key in left
    assert hint == kind.hint(content, 1)
    assert shown["next_hint"] == ""


def test_fifty_fifty_needs_four_options() -> None:
    assert KINDS["cloze"].hint(picked_cloze(), 1) == {}


def test_a_cloze_with_options_shows_both_the_gap_and_the_options() -> None:
    shown = KINDS["cloze"].present(picked_cloze(), order={}, hints=0)
    assert (shown["kind"], shown["widget"], shown["after"], len(shown["options"])) == ("cloze", "options", "。", 3)
    assert not any(row["is_removed"] for row in shown["options"])
