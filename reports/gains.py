"""What a class learned between two tests: the normalised gain with its interval. Pure.

Normalised gain of a class <g> = (mean post - mean pre) / (1 - mean pre), of what could still be gained (Hake 1998).
Its 95 % interval is a percentile bootstrap over the learners who took both (Efron & Tibshirani 1993), with fixed dice,
so that the same marks give the same interval.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

FEWEST = 5
RESAMPLES = 2_000
TAIL = 0.025
NOTHING_LEFT = 1e-9


@dataclass(frozen=True, slots=True)
class Gain:
    """Over `n` learners with both tests: mean shares before and after, the gain and its interval.

    `pre` and `post` are None below five learners; `gain` too, and where nothing was left to gain.
    """

    n: int
    pre: float | None
    post: float | None
    gain: float | None
    interval: tuple[float, float] | None

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves no gain out."""
        return self.interval is not None and self.interval[0] > 0


def normalised(pre: Sequence[float], post: Sequence[float]) -> float | None:
    """<g> of paired shares of 0 to 1; None where everybody had everything before."""
    left = 1 - mean(pre)
    return None if left < NOTHING_LEFT else (mean(post) - mean(pre)) / left


def gain(pairs: Sequence[tuple[float, float]], *, seed: int = 2019) -> Gain:
    """Of (pre, post) shares, one pair a learner."""
    n = len(pairs)
    if n < FEWEST:
        return Gain(n, None, None, None, None)
    pre, post = [row[0] for row in pairs], [row[1] for row in pairs]
    found = normalised(pre, post)
    return Gain(n, mean(pre), mean(post), found, None if found is None else _interval(pairs, seed))


def _interval(pairs: Sequence[tuple[float, float]], seed: int) -> tuple[float, float] | None:
    dice = random.Random(seed)
    drawn = []
    for _resample in range(RESAMPLES):
        sample = dice.choices(pairs, k=len(pairs))
        value = normalised([row[0] for row in sample], [row[1] for row in sample])
        if value is not None:
            drawn.append(value)
    drawn.sort()
    if len(drawn) < RESAMPLES / 2:
        return None
    return drawn[int(TAIL * len(drawn))], drawn[min(len(drawn) - 1, int((1 - TAIL) * len(drawn)))]
