"""Classical item statistics from counted answers. Pure: no database, no clock.

An item is given as cells (x, r, n): n learners had score x (0 to 1) on it and rest score r. For answers to a fixed
quiz each learner is a cell of its own. Formulas as in Moodle's quiz statistics (`calculator.php`); where another source
is meant, the function names it. Below its fewest answers a figure has no value at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from quizzes.validity.solvers import wilson

FEWEST_FOR_SHARE, FEWEST_FOR_OPTIONS, FEWEST_FOR_CORRELATION, FEWEST_FOR_RANKING, FEWEST_FOR_GROUPS = 5, 20, 30, 50, 100
Z_95 = 1.959963984540054
TAIL = 0.27
"""Share of learners in the upper and in the lower group (Kelley 1939)."""
PRIOR_WEIGHT = 4
FUNCTIONING_SHARE, EASY, FUNCTIONING_SHARE_OF_WRONG = 0.05, 0.85, 0.15


class Cell(NamedTuple):
    """`n` learners with score `x` on the item and rest score `r`."""

    x: float
    r: float
    n: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic from `n` answers: a value with its 95 % interval, or a reason for none.

    Without `is_enough` there are not enough answers yet. With it, but without `is_known`, the figure is not defined for
    these answers: everybody did the same.
    """

    n: int
    needed: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_enough(self) -> bool:
        return self.n >= self.needed

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def is_preliminary(self) -> bool:
        """Known, but from fewer answers than a ranking needs."""
        return self.is_known and self.n < FEWEST_FOR_RANKING


def share(count: float, n: int, *, needed: int = FEWEST_FOR_SHARE) -> Figure:
    """count/n with the interval of Wilson (1927). For scores between 0 and 1 the interval is a little too wide."""
    if n < needed:
        return Figure(n, needed)
    low, high = wilson(count, n, z=Z_95)
    return Figure(n, needed, count / n, low, high)


def facility(cells: Iterable[Cell]) -> Figure:
    """The mean score p = Σx/n of all answers, blank ones as 0."""
    points, n = 0.0, 0
    for cell in cells:
        points += cell.x * cell.n
        n += cell.n
    return share(points, n)


def shrunk(points: float, n: int, *, usual: float) -> float:
    """(Σx + a)/(n + a + b), a and b as if four answers had come out as `usual` for the kind: for ranking only."""
    return (points + PRIOR_WEIGHT * usual) / (n + PRIOR_WEIGHT)


def guess_corrected(p: Figure, guess: float) -> Figure:
    """p* = (p - g)/(1 - g) of a facility and its interval, where a blind guess gets g; below 0 if people do worse."""
    if p.value is None or p.low is None or p.high is None or guess >= 1:
        return Figure(p.n, p.needed)
    value, low, high = ((part - guess) / (1 - guess) for part in (p.value, p.low, p.high))
    return Figure(p.n, p.needed, value, low, high)


def deviation(cells: Sequence[Cell]) -> Figure:
    """Standard deviation of the scores, √(Σ(x-p)²/(n-1))."""
    n = _count(cells)
    if n < FEWEST_FOR_SHARE:
        return Figure(n, FEWEST_FOR_SHARE)
    return Figure(n, FEWEST_FOR_SHARE, math.sqrt(_covariance([(cell.x, cell.x, cell.n) for cell in cells])))


def discrimination(cells: Sequence[Cell]) -> Figure:
    """Correlation of item and rest, C(x,r)/√(V(x)V(r)), -1 to 1, with Fisher's interval tanh(atanh r ± 1.96/√(n-3)).

    Moodle's discrimination index is 100 times this. Undefined where all have the same score or the same rest.
    """
    n = _count(cells)
    if n < FEWEST_FOR_CORRELATION or not _varies(cells):
        return Figure(n, FEWEST_FOR_CORRELATION)
    together = _covariance([(cell.x, cell.r, cell.n) for cell in cells])
    apart = _covariance([(c.x, c.x, c.n) for c in cells]) * _covariance([(c.r, c.r, c.n) for c in cells])
    return _with_interval(n, max(-1.0, min(1.0, together / math.sqrt(apart))))


def _with_interval(n: int, r: float) -> Figure:
    if abs(r) > 1 - 1e-12:
        return Figure(n, FEWEST_FOR_CORRELATION, r, r, r)
    spread = Z_95 / math.sqrt(n - 3)
    middle = math.atanh(r)
    return Figure(n, FEWEST_FOR_CORRELATION, r, math.tanh(middle - spread), math.tanh(middle + spread))


def point_biserial(cells: Sequence[Cell]) -> Figure:
    """(M1 - M0)/s·√(p(1-p)) for cells with x 0 or 1 (chose an option or not): M1 and M0 the mean rests of those with 1
    and 0, s the population's SD of the rests, p the share with 1 (Lord & Novick 1968). Equals `discrimination`."""
    n = _count(cells)
    if n < FEWEST_FOR_CORRELATION or not _varies(cells):
        return Figure(n, FEWEST_FOR_CORRELATION)
    ones, zeros = [c for c in cells if c.x == 1], [c for c in cells if c.x != 1]
    p = _count(ones) / n
    spread = math.sqrt(_covariance([(cell.r, cell.r, cell.n) for cell in cells]) * (n - 1) / n)
    apart = _mean_rest(ones) - _mean_rest(zeros)
    return _with_interval(n, max(-1.0, min(1.0, apart / spread * math.sqrt(p * (1 - p)))))


def efficiency(cells: Sequence[Cell]) -> Figure:
    """Discriminative efficiency C(x,r)/C_max: C_max is the covariance after sorting scores and rests each for itself,
    the highest that these scores could reach. Moodle calls below 0.15 dubious."""
    n = _count(cells)
    if n < FEWEST_FOR_RANKING or not _varies(cells):
        return Figure(n, FEWEST_FOR_RANKING)
    best = _covariance(list(_both_sorted(cells)))
    return Figure(n, FEWEST_FOR_RANKING, _covariance([(cell.x, cell.r, cell.n) for cell in cells]) / best)


def _both_sorted(cells: Sequence[Cell]) -> Iterator[tuple[float, float, int]]:
    """The scores and the rests, each in ascending order, side by side."""
    xs = sorted((cell.x, cell.n) for cell in cells if cell.n)
    rests = sorted((cell.r, cell.n) for cell in cells if cell.n)
    i = j = 0
    left, right = xs[0][1], rests[0][1]
    while True:
        step = min(left, right)
        yield xs[i][0], rests[j][0], step
        left, right = left - step, right - step
        if not left:
            i += 1
            if i == len(xs):
                return
            left = xs[i][1]
        if not right:
            j += 1
            right = rests[j][1]


def upper_lower(cells: Sequence[Cell]) -> Figure:
    """D = p_U - p_L over the upper and lower 27 % by rest (Kelley 1939; bands by Ebel & Frisbie 1991).

    Learners with equal rests are taken into a group in equal parts, so that no order among them matters.
    """
    n = _count(cells)
    if n < FEWEST_FOR_GROUPS or not _varies(cells):
        return Figure(n, FEWEST_FOR_GROUPS)
    levels = _levels(cells)
    return Figure(n, FEWEST_FOR_GROUPS, _mean_of(reversed(levels), TAIL * n) - _mean_of(levels, TAIL * n))


def thirds(cells: Sequence[Cell]) -> tuple[float, float, float] | None:
    """The mean score in the low, middle and high third by rest; ties as in `upper_lower`. None: not enough answers."""
    n = _count(cells)
    if n < FEWEST_FOR_GROUPS:
        return None
    levels = _levels(cells)
    low, high = _mean_of(levels, n / 3), _mean_of(reversed(levels), n / 3)
    mean = sum(points for _size, points in levels) / n
    return low, max(0.0, 3 * mean - low - high), high


def _levels(cells: Sequence[Cell]) -> list[tuple[int, float]]:
    """(learners, points) for each rest, ascending."""
    rows = groupby(sorted(cells, key=lambda cell: cell.r), key=lambda cell: cell.r)
    groups = [list(group) for _rest, group in rows]
    return [(sum(cell.n for cell in group), sum(cell.x * cell.n for cell in group)) for group in groups]


def _mean_of(levels: Iterable[tuple[int, float]], size: float) -> float:
    """Mean score of the first `size` learners."""
    points, left = 0.0, size
    for learners, sum_of_points in levels:
        if left <= 0:
            break
        taken = min(left, learners)
        points += sum_of_points * taken / learners if learners else 0.0
        left -= taken
    return points / size


@dataclass(frozen=True, slots=True)
class Option:
    """One option: how many chose it, and whether it does its work.

    `share`: among all; `of_wrong`: among those who did not choose the key; `r`: its point-biserial; `thirds`: its
    shares in the low, middle and high third. `is_functioning`: None while that cannot be told, and for the key.
    """

    code: str
    count: int
    is_key: bool
    share: Figure
    of_wrong: float | None
    r: Figure
    thirds: tuple[float, float, float] | None
    is_functioning: bool | None


def options(
    chosen: Mapping[str, Mapping[float, int]], *, counts: Mapping[str, int], key: str, p: Figure
) -> list[Option]:
    """What each option does. `chosen`: code -> rest -> learners (those with a rest); `counts`: code -> all learners.

    A distractor functions where at least 5 % choose it and they are rather the weak (Tarrant, Ware & Mohammed 2009). Of
    an easy item (p ≥ 0.85), which leaves few to choose one, it is asked for 15 % of the wrong answers instead (after
    Raymond et al. 2019).
    """
    everybody = sum(counts.values())
    wrong = everybody - counts.get(key, 0)
    found = []
    for code, count in counts.items():
        cells = [Cell(float(code == other), rest, n) for other, row in chosen.items() for rest, n in row.items()]
        of_wrong = count / wrong if wrong and code != key and everybody >= FEWEST_FOR_OPTIONS else None
        row = share(count, everybody, needed=FEWEST_FOR_OPTIONS)
        r = point_biserial(cells)
        works = None if code == key else _functions(row, of_wrong, r, p)
        found.append(Option(code, count, code == key, row, of_wrong, r, thirds(cells), works))
    return found


def _functions(chosen: Figure, of_wrong: float | None, r: Figure, p: Figure) -> bool | None:
    if chosen.value is None or p.value is None:
        return None
    if p.value >= EASY:
        is_chosen = (of_wrong or 0.0) >= FUNCTIONING_SHARE_OF_WRONG
    else:
        is_chosen = chosen.value >= FUNCTIONING_SHARE
    if not is_chosen:
        return False
    return None if r.value is None else r.value < 0


def median(counts: Mapping[float, int], *, needed: int = FEWEST_FOR_SHARE) -> Figure:
    """The middle of counted values; between two, their mean."""
    n = sum(counts.values())
    if n < needed:
        return Figure(n, needed)
    middle = [_at(counts, place) for place in ((n - 1) // 2, n // 2)]
    return Figure(n, needed, sum(middle) / 2)


def _at(counts: Mapping[float, int], place: int) -> float:
    for value in sorted(counts):
        place -= counts[value]
        if place < 0:
            return value
    raise ValueError("fewer values than that")


def _count(cells: Iterable[Cell]) -> int:
    return sum(cell.n for cell in cells)


def _varies(cells: Sequence[Cell]) -> bool:
    """Whether there are two different scores and two different rests."""
    return len({cell.x for cell in cells if cell.n}) > 1 and len({cell.r for cell in cells if cell.n}) > 1


def _mean_rest(cells: Sequence[Cell]) -> float:
    return sum(cell.r * cell.n for cell in cells) / _count(cells)


def _covariance(rows: Iterable[tuple[float, float, int]]) -> float:
    """Of (a, b, how often), with n - 1; in one pass, with values counted from the first, so that little cancels out."""
    first_a = first_b = None
    n = 0
    sum_a = sum_b = together = 0.0
    for a, b, weight in rows:
        if first_a is None or first_b is None:
            first_a, first_b = a, b
        a, b = a - first_a, b - first_b
        n += weight
        sum_a += weight * a
        sum_b += weight * b
        together += weight * a * b
    return (together - sum_a * sum_b / n) / (n - 1)
