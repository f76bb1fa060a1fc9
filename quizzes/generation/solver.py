"""The adversary of matching questions: pairs texts by shared characters, knowing nothing of the document."""

from __future__ import annotations

from collections.abc import Sequence

GRAIN = 10**6
"""Weights are compared as whole numbers of this grain, so that equal cues tie on every machine."""


def expected_correct(weights: Sequence[Sequence[float]], key: Sequence[int]) -> float:
    """Pairs a solver gets right on average that takes a maximum-weight assignment, ties broken at random.

    `weights[i][j]` is the cue between premise i and response j, `key[i]` the right response of premise i; there are
    at least as many responses as premises and each is used at most once. Dynamic programming over sets of used
    responses counts all optimal assignments: n * m * 2**m steps.
    """
    columns = len(weights[0]) if weights else 0
    grains = [[round(weight * GRAIN) for weight in row] for row in weights]
    telling = [i for i, row in enumerate(grains) if any(row)]
    states: dict[int, tuple[int, int, int]] = {0: (0, 1, 0)}
    for i in telling:
        states = _with_row(states, grains[i], key[i])
    best = max((total for total, _, _ in states.values()), default=0)
    left, silent = columns - len(telling), [key[i] for i, row in enumerate(grains) if not any(row)]
    all_ways = all_correct = 0
    for used, (total, ways, correct) in states.items():
        if total == best:
            all_ways += ways
            all_correct += correct * max(left, 1) + ways * sum(not used >> right & 1 for right in silent)
    return all_correct / (all_ways * max(left, 1)) if all_ways else 0.0


def _with_row(
    states: dict[int, tuple[int, int, int]], row: Sequence[int], right: int
) -> dict[int, tuple[int, int, int]]:
    """The states after one more premise, whose cues with the responses are `row`."""
    following: dict[int, tuple[int, int, int]] = {}
    for used, (total, ways, correct) in states.items():
        for j, weight in enumerate(row):
            if not used >> j & 1:
                entry = (total + weight, ways, correct + ways if j == right else correct)
                following[used | 1 << j] = _better(following.get(used | 1 << j), entry)
    return following


def _better(known: tuple[int, int, int] | None, new: tuple[int, int, int]) -> tuple[int, int, int]:
    if known is None or new[0] > known[0]:
        return new
    if new[0] < known[0]:
        return known
    return (known[0], known[1] + new[1], known[2] + new[2])


def is_guess_proof(strict: Sequence[Sequence[float]], loose: Sequence[Sequence[float]], key: Sequence[int]) -> bool:
    """Whether characters alone help no more than chance (n premises / m responses), nor mislead.

    `strict` leaves out every frequent bigram and may exceed chance by a quarter of a pair; `loose` leaves out only the
    most general ones and may lie half a pair above or 0.4 below: below chance the set would be a trick.
    """
    chance = len(key) / len(strict[0])
    return expected_correct(strict, key) <= chance + 0.25 and -0.4 <= expected_correct(loose, key) - chance <= 0.5
