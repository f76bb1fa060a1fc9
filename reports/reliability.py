"""How far the marks of one fixed quiz can be trusted, and what each of its items adds. Pure: no database, no clock.

Formulas as in Moodle's quiz statistics (`calculator.php`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev, variance

from reports.psychometrics import FEWEST_FOR_CORRELATION, Cell, Figure

SATISFACTORY, UNSATISFACTORY = 0.75, 0.64


@dataclass(frozen=True, slots=True)
class Reliability:
    """Of a quiz with `items` items. Scores are shares of all points, 0 to 1.

    `alpha`: Cronbach's alpha (1951), Moodle's coefficient of internal consistency over 100; `error_ratio`: √(1-alpha);
    `standard_error`: the error ratio times the deviation of the totals, as a share of all points.
    """

    n: int
    items: int
    mean: Figure
    deviation: Figure
    alpha: Figure
    error_ratio: Figure
    standard_error: Figure

    @property
    def level(self) -> str:
        """ "good" from 0.75, "poor" below 0.64, "fair" between; "" where alpha is not known."""
        if self.alpha.value is None:
            return ""
        if self.alpha.value >= SATISFACTORY:
            return "good"
        return "fair" if self.alpha.value >= UNSATISFACTORY else "poor"


def reliability(scores: Sequence[Sequence[float]]) -> Reliability:
    """From one row of item scores (0 to 1) per learner: alpha = k/(k-1)·(1 - ΣV(x)/V(T)).

    Undefined for fewer than two items and where all totals are equal.
    """
    n, k = len(scores), len(scores[0]) if scores else 0
    needed = FEWEST_FOR_CORRELATION
    few = Figure(n, needed)
    if n < needed or not k:
        return Reliability(n, k, few, few, few, few, few)
    totals = [math.fsum(row) for row in scores]
    mean, spread = Figure(n, needed, fmean(totals) / k), Figure(n, needed, stdev(totals) / k)
    if k < 2 or max(totals) - min(totals) < 1e-9:
        return Reliability(n, k, mean, spread, few, few, few)
    parts = math.fsum(variance(column) for column in zip(*scores, strict=True))
    alpha = k / (k - 1) * (1 - parts / variance(totals))
    ratio = math.sqrt(max(0.0, 1 - alpha))
    error = Figure(n, needed, ratio * stdev(totals) / k)
    return Reliability(n, k, mean, spread, Figure(n, needed, alpha), Figure(n, needed, ratio), error)


def rest_cells(scores: Sequence[Sequence[float]], item: int) -> list[Cell]:
    """One cell per learner: the score on an item, and the mean score on all others of the quiz."""
    others = max(1, len(scores[0]) - 1) if scores else 1
    return [Cell(row[item], math.fsum([*row[:item], *row[item + 1 :]]) / others, 1) for row in scores]


def effective_weights(scores: Sequence[Sequence[float]]) -> list[Figure]:
    """How much of the differences between learners each item makes: √C(x,T)/Σ√C(x,T), 0 to 1.

    Not defined for an item whose covariance with the total is negative; it is left out of the sum, as in Moodle.
    """
    n, k = len(scores), len(scores[0]) if scores else 0
    few = Figure(n, FEWEST_FOR_CORRELATION)
    if n < FEWEST_FOR_CORRELATION:
        return [few] * k
    totals = [math.fsum(row) for row in scores]
    with_total = [_covariance(column, totals) for column in zip(*scores, strict=True)]
    whole = math.fsum(math.sqrt(part) for part in with_total if part > 0)
    if not whole:
        return [few] * k
    return [few if part < 0 else Figure(n, FEWEST_FOR_CORRELATION, math.sqrt(part) / whole) for part in with_total]


def _covariance(a: Sequence[float], b: Sequence[float]) -> float:
    mean_a, mean_b = fmean(a), fmean(b)
    found = math.fsum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True)) / (len(a) - 1)
    return 0.0 if abs(found) < 1e-12 else found
