"""From counts to the figures of an item, and the reasons to look at it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from quizzes.tallies import FirstTry, Tally, pace
from reports import flags as flagging
from reports.flags import Flag, flags
from reports.item_figures import Asked, detail, ordering_guess, summary
from reports.psychometrics import Figure

FOUR = Asked("choice", ("甲", "乙", "丙", "丁"), "1", (), (), (), 0.25)
TYPED = Asked("short_answer", (), "", (), (), (), 0.0)
PAIRED = Asked("matching", (), "", ("政府", "聯合國"), ("引擎", "渠道", "橋梁"), (1, 0), 1 / 3)


def tally(*firsts: FirstTry) -> Tally:
    counted = Tally()
    for first in firsts:
        counted.add(first)
    return counted


def chosen(code: int | str, rest: int | None = 10, *, times: int = 1, seconds: float = 10) -> list[FirstTry]:
    score = 10_000 if str(code) == FOUR.key else 0
    return [FirstTry(1, "used", score, str(code), rest, pace(round(seconds * 1000)))] * times


def typed(text: str = "", rest: int | None = 10, *, times: int = 1) -> list[FirstTry]:
    return [FirstTry(1, "used", 0 if text else 10_000, "", rest, 20, (text,) if text else ())] * times


def codes(found: Sequence[Flag]) -> list[str]:
    return [flag.code for flag in found]


def raised(firsts: Sequence[FirstTry], asked: Asked = FOUR, **more: Any) -> tuple[Flag, ...]:
    return flags(summary(tally(*firsts), asked), asked, **{"appeals": 0, "usual_seconds": None} | more)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(0, 3), st.none() | st.integers(0, 20)), min_size=100, max_size=160))
def test_figures_from_counts_equal_those_from_single_answers(rows: list[tuple[int, int | None]]) -> None:
    found = detail(tally(*(first for code, rest in rows for first in chosen(code, rest))), FOUR)
    x = np.array([float(code == 1) for code, _rest in rows])
    assert found.summary.p.value == pytest.approx(x.mean())
    assert dict(found.summary.options) == {str(code): sum(c == code for c, _r in rows) for code in range(4)}
    pairs = [(float(code == 1), rest / 20) for code, rest in rows if rest is not None]
    ones, rests = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
    if len(pairs) >= 30 and len(set(ones)) > 1 and len(set(rests)) > 1:
        assert found.summary.r.value == pytest.approx(stats.pearsonr(ones, rests).statistic, abs=1e-9)
        key = next(option for option in found.options if option.is_key)
        assert key.r.value == pytest.approx(found.summary.r.value, abs=1e-9)
    if len(pairs) >= 100:
        assert sum(option.thirds[2] for option in found.options if option.thirds) == pytest.approx(1)
        assert found.summary.strong is not None
        for option in found.options:
            assert option.thirds is not None
            assert found.summary.strong.get(option.code, 0.0) == pytest.approx(option.thirds[2])


@pytest.mark.parametrize("items", [2, 3, 4, 5, 6])
def test_what_guessing_an_order_earns_is_the_mean_over_all_orders(items: int) -> None:
    taus = [stats.kendalltau(order, range(items)).statistic for order in itertools.permutations(range(items))]
    assert ordering_guess(items) == pytest.approx(np.mean([max(0, tau) for tau in taus]))


def test_what_is_asked_is_read_from_the_stored_content() -> None:
    body = {"kind": "matching", "key": [["a", "y"], ["b", "x"]], "premises": ["a", "b"], "responses": ["x", "y", "z"]}
    found = Asked.from_body(body | {"options": None})
    assert (found.partners, found.guess, found.key) == ((1, 0), pytest.approx(1 / 3), "")
    assert Asked.from_body({"kind": "choice", "key": "b", "options": ["a", "b"]}).key == "1"
    assert Asked.from_body({"kind": "ordering", "key": ["a", "b"], "items": ["b", "a"]}).guess == 0.5
    assert Asked.from_body({"kind": "enumeration", "key": ["a", "b"], "options": None}).guess == 0


def test_blanks_are_told_apart_from_wrong_answers() -> None:
    found = summary(tally(*chosen(1, times=12), *chosen(0, times=4), *chosen("blank", times=4)), FOUR)
    assert (found.n, found.blank, found.right, found.p.value) == (20, 4, 12, 0.6)
    assert found.wrong is not None
    assert (found.wrong.text, found.wrong.times, found.wrong.share.value) == ("甲", 4, 0.2)


def test_a_few_answers_are_no_figures() -> None:
    found = detail(tally(*chosen(1, times=3), *chosen(0)), FOUR)
    known = [found.summary.p, found.summary.r, found.summary.seconds, found.efficiency, found.d, found.deviation]
    assert [figure.is_known for figure in known] == [False] * 6
    assert (found.summary.wrong, found.wrong, found.times, found.thirds) == (None, (), (), None)
    assert [option.share.is_known for option in found.options] == [False] * 4


def test_typed_wrong_answers_are_grouped_by_what_they_say() -> None:
    found = detail(
        tally(*typed("自然延長", times=3), *typed("自然 延長"), *typed("體現", times=2), *typed(times=14)), TYPED
    )
    assert [(row.text, row.times) for row in found.wrong] == [("自然延長", 4), ("體現", 2)]


def test_pairs_say_what_was_taken_for_what() -> None:
    mixed = FirstTry(1, "used", 0, pairs=(0, 1))
    right = FirstTry(1, "used", 10_000, pairs=(1, 0))
    half = FirstTry(1, "used", 5_000, pairs=(None, 0))
    found = detail(tally(*[mixed] * 6, *[right] * 12, *[half] * 2), PAIRED)
    assert found.pairs == ((6, 12, 0, 2), (14, 6, 0, 0))
    assert found.summary.wrong is not None
    assert (found.summary.wrong.text, found.summary.wrong.times) == ("政府 → 引擎", 6)


def test_times_stand_in_columns_from_the_quickest_to_the_slowest() -> None:
    found = detail(tally(*chosen(1, seconds=5, times=3), *chosen(1, seconds=40, times=2)), FOUR)
    assert sum(n for _low, _high, n in found.times) == 5
    assert found.times[0][0] <= 5 <= found.times[0][1]
    assert found.summary.seconds.value == pytest.approx(5, rel=0.05)


def test_practice_and_guesses_are_told_apart() -> None:
    others = [FirstTry(1, "review", 10_000)] * 6 + [FirstTry(1, "rapid", 0)] * 5
    found = detail(tally(*chosen(1, times=5), *others), FOUR)
    assert (found.summary.n, found.reviews.value, found.left) == (5, 1.0, {"rapid": 5})
    assert found.summary.rapid.value == pytest.approx(5 / 16)


# Reasons to look at a question.


def weak_and_strong(weak: dict[int, int], strong: dict[int, int]) -> list[FirstTry]:
    return [
        first
        for rest, row in ((4, weak), (16, strong))
        for code, times in row.items()
        for first in chosen(code, rest, times=times)
    ]


def test_a_good_question_has_no_reason() -> None:
    assert raised(weak_and_strong({0: 12, 1: 20, 2: 10, 3: 8}, {0: 4, 1: 40, 2: 3, 3: 3})) == ()


def test_a_wrong_option_that_the_strong_prefer_makes_the_key_suspect() -> None:
    (flag, *_) = raised(weak_and_strong({0: 12, 1: 30, 2: 4, 3: 4}, {0: 33, 1: 10, 2: 4, 3: 3}))
    assert (flag.code, flag.text, flag.value, flag.is_preliminary) == ("key", "甲", pytest.approx(0.66), False)
    assert "甲" in flag.words
    assert "66%" in flag.words
    assert flag.parts[1] == "甲"


def test_strong_learners_missing_it_make_the_key_suspect_too() -> None:
    found = raised(weak_and_strong({0: 2, 1: 14, 2: 2, 3: 2}, {0: 6, 1: 3, 2: 6, 3: 5}))
    assert codes(found)[0] == "strong"
    assert found[0].is_preliminary


def test_below_twenty_answers_only_learners_say_so() -> None:
    few = weak_and_strong({0: 2, 1: 7}, {0: 9, 1: 1})
    assert raised(few) == ()
    (flag,) = raised(few, appeals=3)
    assert (flag.code, flag.value, flag.is_preliminary) == ("contested", 3, False)
    assert raised(few, appeals=2) == ()


def test_no_better_than_guessing() -> None:
    assert codes(raised([first for code in range(4) for first in chosen(code, times=10)])) == ["guess"]
    assert codes(raised([*typed("x", times=30)], TYPED)) == []


def test_what_everybody_knows_is_too_easy() -> None:
    assert codes(raised([*typed(times=80)], TYPED)) == ["easy"]
    assert codes(raised([*typed(times=60)], TYPED)) == []


def test_an_option_that_nobody_chooses_is_dead_from_fifty_answers_on() -> None:
    half = [*chosen(0, times=8), *chosen(1, times=14), *chosen(2, times=3)]
    assert codes(raised(half)) == []
    found = raised([*half, *half])
    assert [(flag.code, flag.text) for flag in found] == [("dead", "丁")]


def test_of_an_easy_question_few_choose_any_wrong_option_and_none_is_called_dead() -> None:
    easy = [*chosen(0, times=4), *chosen(1, times=52), *chosen(2, times=4)]
    assert "dead" not in codes(raised(easy))


def test_twice_as_long_as_others_of_its_kind_is_slow() -> None:
    firsts = [*chosen(0, times=6, seconds=60), *chosen(1, times=14, seconds=60)]
    assert codes(raised(firsts, usual_seconds=20.0)) == ["slow"]
    assert codes(raised(firsts, usual_seconds=40.0)) == []


def test_the_gravest_comes_first_and_preliminary_ones_last() -> None:
    ranks = [Flag(code, 60) for code in random.Random(1).sample(flagging.ORDER, len(flagging.ORDER))]
    assert codes(sorted(ranks, key=lambda flag: flag.rank)) == list(flagging.ORDER)
    assert Flag("key", 30).rank > Flag("slow", 60).rank


def test_separation_in_words() -> None:
    short = summary(Tally(), FOUR)
    words = [replace(short, r=Figure(60, 30, value, -1.0, 1.0)).separates for value in (0.3, 0.1, 0.09, -0.4)]
    assert [short.separates, *words] == ["", "well", "weakly", "no", "no"]
