"""Pairs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.kinds import KINDS, InvalidAnswer
from quizzes.kinds.matching import corrected
from tests.quizzes.contents import roles

KIND = KINDS["matching"]
RIGHT = [2, 4, 0, 3]


@pytest.mark.parametrize(
    ("answer", "verdict", "raw"),
    [
        (RIGHT, "correct", "4/4"),
        ([2, 4, 0, 1], "partial", "3/4"),
        ([2, None, None, None], "partial", "1/4"),
        ([4, 2, 3, 0], "wrong", "0/4"),
        ([None] * 4, "blank", "0/4"),
        ([], "blank", "0/4"),
    ],
)
def test_grading(answer: list[int | None], verdict: str, raw: str) -> None:
    outcome = KIND.grade(roles(), answer)
    assert (outcome.verdict, outcome.details["raw"]) == (verdict, raw)
    assert outcome.score == int(raw[0]) / 4
    assert outcome.may_retry == (verdict == "blank")


def test_each_pair_is_graded_on_its_own_fact() -> None:
    content = roles()
    parts = KIND.grade(content, [2, 4, 3, None]).parts
    assert [(part.fact, part.is_correct) for part in parts] == [
        ("F183", True),
        ("F185", True),
        ("F190", False),
        ("F197", False),
    ]
    assert [part.confused_with for part in parts] == ["", "", "網絡行為的主體", ""]
    assert [part.key for part in parts] == [response for _, response in content.key]
    assert [part.note for part in parts] == list(content.premises)


@given(st.permutations([0, 1, 2, 3, 4, None, None]))
def test_score_is_the_share_of_right_pairs(order: list[int | None]) -> None:
    answer = order[:4]
    outcome = KIND.grade(roles(), answer)
    share = sum(a == b for a, b in zip(answer, RIGHT, strict=True)) / 4
    assert outcome.score == share == sum(part.is_correct for part in outcome.parts) / 4
    assert 0.0 <= outcome.details["corrected"] <= outcome.score


def test_corrected_for_guessing() -> None:
    assert [round(corrected(right, 5, 6), 2) for right in range(6)] == [0, 0.04, 0.28, 0.52, 0.76, 1]
    assert corrected(1, 1, 1) == 1.0


@pytest.mark.parametrize(
    ("posted", "answer"),
    [
        ({"pair_0": "2", "pair_1": "4", "pair_2": "0", "pair_3": "3"}, RIGHT),
        ({"pair_0": "2", "pair_1": "", "pair_9": "x"}, [2, None, None, None]),
        ({}, [None] * 4),
    ],
)
def test_read(posted: dict[str, str], answer: list[int | None]) -> None:
    assert KIND.read(roles(), posted) == answer


@pytest.mark.parametrize(
    ("posted", "code"),
    [
        ({"pair_0": "2", "pair_1": "2"}, "used_twice"),
        ({"pair_0": "5"}, "unknown_option"),
        ({"pair_0": "-1"}, "unknown_option"),
        ({"pair_0": ["1", "2"]}, "two_values"),
        ({"pair_0": {}}, "type"),
    ],
)
def test_malformed_pairs_are_refused(posted: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        KIND.read(roles(), posted)
    assert refusal.value.code == code


@given(st.integers())
def test_shown_order_has_at_most_one_response_opposite_its_premise(seed: int) -> None:
    content = roles()
    shown = KIND.present(content, order=KIND.shuffle(content, seed), hints=0)
    texts = [row["text"] for row in shown["responses"]]
    assert sorted(texts) == sorted(content.responses)
    assert sum(text == pair[1] for text, pair in zip(texts, content.key, strict=False)) <= 1
    assert [row["field"] for row in shown["premises"]] == ["pair_0", "pair_1", "pair_2", "pair_3"]
    assert shown["unused"] == 1


def test_no_hints_and_not_productive() -> None:
    assert KIND.hint(roles(), 1) == {}
    assert not KIND.is_productive(roles())
