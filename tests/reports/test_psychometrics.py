"""Item statistics against numpy and scipy, on random answers and on degenerate ones."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from reports.psychometrics import (
    FEWEST_FOR_GROUPS,
    Cell,
    Figure,
    deviation,
    discrimination,
    efficiency,
    facility,
    guess_corrected,
    median,
    options,
    point_biserial,
    share,
    shrunk,
    thirds,
    upper_lower,
)
from reports.reliability import effective_weights, reliability, rest_cells

SCORES = st.sampled_from([0.0, 0.2, 0.25, 0.5, 2 / 3, 1.0])
LEARNERS = st.lists(st.tuples(SCORES, st.integers(0, 20)), min_size=100, max_size=160)


def counted(pairs: list[tuple[float, int]]) -> list[Cell]:
    """Learners as the tallies keep them: one cell for equal ones, rests in steps of 5 %."""
    return [Cell(x, step / 20, n) for (x, step), n in Counter(pairs).items()]


def arrays(pairs: list[tuple[float, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([x for x, _ in pairs]), np.array([step / 20 for _, step in pairs])


def value(figure: Figure) -> float:
    assert figure.value is not None
    return figure.value


def cells(n: int, *, right: int = 0, rest: float = 0.5) -> list[Cell]:
    return [Cell(1.0, rest, right), Cell(0.0, rest, n - right)]


@settings(max_examples=150, deadline=None)
@given(pairs=LEARNERS)
def test_moments_agree_with_numpy(pairs: list[tuple[float, int]]) -> None:
    x, r = arrays(pairs)
    assume(len(set(x)) > 1 and len(set(r)) > 1)
    found = discrimination(counted(pairs))
    assert value(facility(counted(pairs))) == pytest.approx(x.mean())
    assert value(deviation(counted(pairs))) == pytest.approx(x.std(ddof=1))
    assert value(found) == pytest.approx(np.corrcoef(x, r)[0, 1], abs=1e-9)
    best = np.cov(np.sort(x), np.sort(r))[0, 1]
    assert value(efficiency(counted(pairs))) == pytest.approx(np.cov(x, r)[0, 1] / best, abs=1e-9)
    if abs(value(found)) < 0.999:
        interval = stats.pearsonr(x, r).confidence_interval(0.95)
        assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(pairs=st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.integers(0, 20)), min_size=30, max_size=60))
def test_the_point_biserial_is_scipys_and_equals_item_rest(pairs: list[tuple[float, int]]) -> None:
    x, r = arrays(pairs)
    assume(len(set(x)) > 1 and len(set(r)) > 1)
    found = value(point_biserial(counted(pairs)))
    assert found == pytest.approx(stats.pointbiserialr(x, r).statistic, abs=1e-9)
    assert found == pytest.approx(value(discrimination(counted(pairs))), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(pairs=LEARNERS)
def test_groups_agree_with_learners_in_a_row_each_cut_into_a_hundred(pairs: list[tuple[float, int]]) -> None:
    """Equal rests share their mean; each learner counts as 300 parts, so that every cut falls between parts."""
    x, r = arrays(pairs)
    assume(len(set(x)) > 1 and len(set(r)) > 1)
    level = {rest: x[r == rest].mean() for rest in set(r)}
    row = np.repeat(np.array([level[rest] for rest in np.sort(r)]), 300)
    tail = len(pairs) * 81
    assert value(upper_lower(counted(pairs))) == pytest.approx(row[-tail:].mean() - row[:tail].mean(), abs=1e-9)
    low, middle, high = (part.mean() for part in np.split(row, 3))
    assert thirds(counted(pairs)) == pytest.approx((low, middle, high), abs=1e-9)


@pytest.mark.parametrize(("right", "n"), [(0, 5), (5, 5), (7, 10), (21, 30), (70, 100), (1, 1000)])
def test_the_interval_is_wilsons_as_scipy_has_it(right: int, n: int) -> None:
    found = share(right, n)
    expected = stats.binomtest(right, n).proportion_ci(0.95, method="wilson")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.integers(2, 6).flatmap(
        lambda k: st.lists(st.lists(SCORES, min_size=k, max_size=k), min_size=30, max_size=50)
    )
)
def test_reliability_and_weights_agree_with_the_covariance_matrix(rows: list[list[float]]) -> None:
    scores = np.array(rows)
    totals, k = scores.sum(axis=1), scores.shape[1]
    assume(totals.max() - totals.min() > 1e-6)
    found = reliability(rows)
    matrix = np.cov(scores, rowvar=False)
    alpha = k / (k - 1) * (1 - np.trace(matrix) / matrix.sum())
    assert value(found.alpha) == pytest.approx(alpha, abs=1e-8)
    assert value(found.standard_error) == pytest.approx(math.sqrt(max(0, 1 - alpha)) * totals.std(ddof=1) / k, abs=1e-7)
    with_total = matrix.sum(axis=1)
    assume(all(abs(part) > 1e-9 for part in with_total))
    whole = np.sqrt(with_total[with_total > 0]).sum()
    weights = [figure.value for figure in effective_weights(rows)]
    expected = [math.sqrt(part) / whole if part > 0 else None for part in with_total]
    assert [weight is None for weight in weights] == [part is None for part in expected]
    assert [w for w in weights if w is not None] == pytest.approx([w for w in expected if w is not None])


def test_the_rest_of_a_quiz_is_everything_but_the_item() -> None:
    assert rest_cells([[1.0, 0.5, 0.0], [0.0, 1.0, 1.0]], 0) == [Cell(1.0, 0.25, 1), Cell(0.0, 1.0, 1)]


# Not enough answers yet, and answers that say nothing.


@pytest.mark.parametrize(
    ("statistic", "needed"),
    [(facility, 5), (deviation, 5), (discrimination, 30), (point_biserial, 30), (efficiency, 50), (upper_lower, 100)],
)
def test_below_its_fewest_answers_a_figure_has_no_value(statistic: object, needed: int) -> None:
    def some(n: int) -> list[Cell]:
        return [Cell(1.0, 0.9, n // 2), Cell(0.0, 0.1, n - n // 2)]

    assert callable(statistic)
    few, enough = statistic(some(needed - 1)), statistic(some(needed))
    assert (few.value, few.low, few.high, few.is_enough) == (None, None, None, False)
    assert (enough.is_known, enough.is_enough) == (True, True)


def test_thirds_wait_for_a_hundred_answers() -> None:
    assert thirds(cells(FEWEST_FOR_GROUPS - 1, right=50)) is None


@pytest.mark.parametrize("right", [0, 200], ids=["all wrong", "all right"])
def test_where_all_did_the_same_nothing_separates(right: int) -> None:
    rows = [Cell(float(bool(right)), rest / 20, 20) for rest in range(10)]
    for statistic in (discrimination, point_biserial, efficiency, upper_lower):
        found = statistic(rows)
        assert (found.is_enough, found.is_known) == (True, False)
    assert value(facility(rows)) == float(bool(right))


def test_where_all_are_equally_strong_nothing_separates() -> None:
    for statistic in (discrimination, point_biserial, efficiency, upper_lower):
        assert not statistic(cells(200, right=100)).is_known
    assert thirds(cells(300, right=100)) == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_one_learner_is_no_statistic() -> None:
    one = [Cell(1.0, 1.0, 1)]
    assert not any(f(one).is_known for f in (facility, deviation, discrimination, efficiency, upper_lower))
    assert not reliability([[1.0, 0.0]]).alpha.is_known
    assert [weight.is_known for weight in effective_weights([[1.0, 0.0]])] == [False, False]
    assert not reliability([]).alpha.is_known


def test_a_perfect_item_has_an_interval_without_width() -> None:
    found = discrimination([Cell(1.0, 1.0, 20), Cell(0.0, 0.0, 20)])
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)


def test_a_quiz_in_which_all_have_the_same_total_has_no_alpha() -> None:
    found = reliability([[1.0, 0.0], [0.0, 1.0]] * 20)
    assert (found.mean.value, found.alpha.value, found.level) == (0.5, None, "")


def test_guessing_is_taken_off() -> None:
    found = guess_corrected(share(10, 40), 0.25)
    assert found.value == 0
    assert found.low is not None
    assert found.low < 0
    assert not guess_corrected(share(1, 2), 0.25).is_known


def test_ranking_leans_towards_what_is_usual_for_the_kind() -> None:
    assert shrunk(1, 1, usual=0.5) == pytest.approx(3 / 5)


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.integers(0, 30), min_size=5, max_size=60))
def test_the_median_is_numpys(values: list[int]) -> None:
    assert value(median(Counter(map(float, values)))) == np.median(values)


def test_too_few_times_have_no_median() -> None:
    assert not median({3.0: 4}).is_known


# Options.


def chosen_by(weak: dict[str, int], strong: dict[str, int]) -> tuple[dict[str, dict[float, int]], dict[str, int]]:
    codes = [*weak]
    rests = {code: {0.2: weak[code], 0.8: strong[code]} for code in codes}
    return rests, {code: weak[code] + strong[code] for code in codes}


def test_a_distractor_works_if_enough_and_rather_the_weak_choose_it() -> None:
    weak, strong = {"0": 20, "1": 15, "2": 1, "3": 4}, {"0": 30, "1": 1, "2": 0, "3": 9}
    rests, counts = chosen_by(weak, strong)
    found = {row.code: row for row in options(rests, counts=counts, key="0", p=share(50, 80))}
    assert {code: row.is_functioning for code, row in found.items()} == {"0": None, "1": True, "2": False, "3": False}
    assert found["1"].share.value == pytest.approx(16 / 80)
    assert found["1"].of_wrong == pytest.approx(16 / 30)
    x = np.array([1] * 15 + [0] * 25 + [1] * 1 + [0] * 39)
    assert value(found["1"].r) == pytest.approx(stats.pointbiserialr(x, [0.2] * 40 + [0.8] * 40).statistic)


def test_of_an_easy_item_a_distractor_needs_a_share_of_the_wrong_answers() -> None:
    rests, counts = chosen_by({"0": 44, "1": 3, "2": 1, "3": 2}, {"0": 50, "1": 0, "2": 0, "3": 0})
    found = options(rests, counts=counts, key="0", p=share(94, 100))
    assert [row.is_functioning for row in found] == [None, True, True, True]


def test_from_too_few_answers_no_option_is_judged() -> None:
    rests, counts = chosen_by({"0": 5, "1": 4}, {"0": 9, "1": 1})
    assert [row.is_functioning for row in options(rests, counts=counts, key="0", p=share(14, 19))] == [None, None]
