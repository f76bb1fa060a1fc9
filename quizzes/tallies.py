"""Sums of first answers from which every item statistic follows. Pure: no database, no clock.

A sum is a table of counts, whole numbers only, so that adding and taking away are exact in any order: sums brought up
to date answer by answer are equal to sums made anew, to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quizzes.chinese import normal

FULL = 10_000
"""A score of 1."""
REST_STEPS = 20
FEWEST_BEFORE = 5
"""So many earlier first answers make a rest score."""
PACES_PER_OCTAVE = 8
LONGEST_TEXT = 60
USED, HINT, RAPID, REVIEW = "used", "hint", "rapid", "review"
BLANK = "blank"


@dataclass(frozen=True, slots=True)
class FirstTry:
    """A learner's first answer to a question.

    `standing`: "used" in the statistics; else why not: "hint" taken, "rapid" (too soon to have been read), "review" (a
    fact of the question had been asked before, so that the answer tells of the learning rather than of the question).
    `score`: ten-thousandths; `code`: the stored index of the option chosen, "blank" for no answer or "I don't know",
    else "". `rest`: the mean score on the learner's earlier used first answers in the course, in twentieths; None for
    the first five. `pace`: the time in steps, see `seconds`. `wrong`: what was wrong in a typed answer; `pairs`: of a
    matching set, the index chosen for each premise, or None.
    """

    version: int
    standing: str
    score: int
    code: str = ""
    rest: int | None = None
    pace: int | None = None
    wrong: tuple[str, ...] = ()
    pairs: tuple[int | None, ...] = ()

    @property
    def is_used(self) -> bool:
        return self.standing == USED


@dataclass(slots=True)
class Tally:
    """Counts of first answers to one version. Every key is a text, so that the whole is JSON.

    `answers`: "code:score" -> rest ("" without one) -> n. `paces`: pace -> n. `pairs`: "premise:response" -> n, "" for
    no response. `left`: standing -> n of those not used. `reviews`: score -> n. `wrong`: normal form -> text -> n.
    """

    answers: dict[str, dict[str, int]] = field(default_factory=dict)
    paces: dict[str, int] = field(default_factory=dict)
    pairs: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    reviews: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, dict[str, int]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, sums: Mapping[str, Any], wrong: Mapping[str, Any]) -> Tally:
        return cls(**{name: {} for name in SUMS} | dict(sums), wrong=dict(wrong))

    def sums(self) -> dict[str, Any]:
        """All but `wrong`, empty tables left out."""
        return {name: table for name in SUMS if (table := getattr(self, name))}

    @property
    def is_empty(self) -> bool:
        return not (self.answers or self.left)

    def add(self, first: FirstTry, times: int = 1) -> None:
        """Count `first`; with `times` -1 take it away again."""
        if not first.is_used:
            _count(self.left, first.standing, times)
            if first.standing == REVIEW:
                _count(self.reviews, str(first.score), times)
            return
        _count_in(self.answers, f"{first.code}:{first.score}", "" if first.rest is None else str(first.rest), times)
        if first.pace is not None:
            _count(self.paces, str(first.pace), times)
        for premise, response in enumerate(first.pairs):
            _count(self.pairs, f"{premise}:{'' if response is None else response}", times)
        for text in first.wrong:
            _count_in(self.wrong, normal(text), text, times)


SUMS = ("answers", "paces", "pairs", "left", "reviews")


def _count(table: dict[str, int], key: str, times: int) -> None:
    found = table.get(key, 0) + times
    if found:
        table[key] = found
    else:
        del table[key]


def _count_in(table: dict[str, dict[str, int]], key: str, inner: str, times: int) -> None:
    row = table.setdefault(key, {})
    _count(row, inner, times)
    if not row:
        del table[key]


def in_ten_thousandths(score: float) -> int:
    return round(score * FULL)


def pace(elapsed_ms: int | None) -> int | None:
    """The time as a step: eight to each doubling, from one second on, so that a step is at most 5 % off."""
    return None if elapsed_ms is None else max(0, round(PACES_PER_OCTAVE * math.log2(max(1, elapsed_ms) / 1000)))


def seconds(pace: int) -> float:
    """The middle of a step of time."""
    return float(2 ** (pace / PACES_PER_OCTAVE))


def rests(scores: Sequence[int | None]) -> list[int | None]:
    """The rest for each first answer of one learner in a course, in the order in which they came; None: not used.

    It looks back only: what a learner answers later never changes it, so that sums need not be undone, and what was
    learned from the item's own feedback does not count.
    """
    found: list[int | None] = []
    points = n = 0
    for score in scores:
        found.append(round(REST_STEPS * points / (n * FULL)) if n >= FEWEST_BEFORE else None)
        if score is not None:
            points, n = points + score, n + 1
    return found


def cut(text: str) -> str:
    """A wrong answer as it is kept."""
    return text.strip()[:LONGEST_TEXT]
