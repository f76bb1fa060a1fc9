"""What a mark is worth: which attempt counts, what being late takes off, and what totals say. Pure: no database.

Points are rounded to hundredths once, where a mark is made, and totals add what was rounded: whoever adds up what
stands on the page arrives at the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class State(StrEnum):
    """How one learner stands with one assignment."""

    NOT_SET = "not_set"
    NOTHING = "nothing"
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"
    MISSING = "missing"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class Handed:
    """One attempt that was handed in: its score 0 to 1 before any penalty, the points that it could earn, the percent
    that is taken off."""

    score: float
    out_of: float
    penalty: int = 0
    is_late: bool = False

    @property
    def share(self) -> float:
        """The share of the points that is earned, 0 to 1."""
        return self.score * (100 - self.penalty) / 100


@dataclass(frozen=True, slots=True)
class Mark:
    """`points` is None as long as there is nothing to count; `computed` is what it is without a decision by hand.

    `share` (0 to 1) tells how far work under way has come; it is no mark.
    """

    state: State
    out_of: float
    points: float | None = None
    computed: float | None = None
    share: float | None = None
    is_late: bool = False
    is_override: bool = False

    @property
    def is_missing(self) -> bool:
        return self.state == State.MISSING

    @property
    def is_excused(self) -> bool:
        return self.state == State.EXCUSED

    @property
    def counts(self) -> bool:
        """Whether totals and means reckon with it."""
        return self.points is not None and self.state not in (State.EXCUSED, State.NOT_SET)


@dataclass(frozen=True, slots=True)
class Total:
    """Points over what counts, for one learner: `n` marks of together `out_of` points."""

    points: float
    out_of: float
    n: int

    @property
    def percent(self) -> float | None:
        """0 to 100 in tenths; None where nothing counts."""
        return tenths(100 * self.points / self.out_of) if self.n and self.out_of else None


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `n` percents, each 0 to 100, in tenths; None of none."""

    percent: float | None
    n: int


def hundredths(value: float) -> float:
    """Rounded to two places, halves up, as people round."""
    return _rounded(value, "0.01")


def tenths(value: float) -> float:
    return _rounded(value, "0.1")


def _rounded(value: float, step: str) -> float:
    """`value` first to nine places, so that 0.285 * 100 = 28.499999999999996 is 28.5 before it is rounded."""
    return float(Decimal(repr(round(value, 9))).quantize(Decimal(step), rounding=ROUND_HALF_UP))


def counted(handed: Sequence[Handed], rule: str) -> Handed:
    """The attempt that counts of at least one, in the order of their numbers, by a value of `Assignment.Counts`.

    Of equally good ones the first. A mean is made of what each earned, and is late if one of them was.
    """
    if rule == "first":
        return handed[0]
    if rule == "last":
        return handed[-1]
    if rule == "best":
        return max(handed, key=lambda one: round(one.share, 9))
    mean = sum(one.share for one in handed) / len(handed)
    return Handed(mean, handed[-1].out_of, is_late=any(one.is_late for one in handed))


def earned(handed: Handed) -> Mark:
    """The mark of the attempt that counts."""
    points = hundredths(handed.share * handed.out_of)
    return Mark(State.DONE, handed.out_of, points, points, is_late=handed.is_late)


def missing(out_of: float) -> Mark:
    """Nothing was handed in by the due time: no points of all."""
    return Mark(State.MISSING, out_of, 0.0, 0.0)


def part(share: float, out_of: float, *, penalty: int = 0) -> Mark:
    """Practice that is not finished at its due time: the share that was reached, less what being late takes off."""
    if share <= 0:
        return missing(out_of)
    points = hundredths(share * (100 - penalty) / 100 * out_of)
    return Mark(State.WORKING, out_of, points, points, share=share, is_late=True)


def overridden(mark: Mark, points: float) -> Mark:
    """The mark that an instructor set in place of `mark`."""
    state = mark.state if mark.state in (State.WORKING, State.WAITING) else State.DONE
    return Mark(state, mark.out_of, hundredths(points), mark.computed, mark.share, mark.is_late, is_override=True)


def excused(mark: Mark) -> Mark:
    """No mark, and nothing that counts, whatever was handed in."""
    return Mark(State.EXCUSED, mark.out_of, None, mark.computed, mark.share, mark.is_late)


def total(marks: Iterable[Mark]) -> Total:
    """What one learner has of all that counts."""
    counting = [mark for mark in marks if mark.counts]
    points = hundredths(sum(mark.points or 0.0 for mark in counting))
    return Total(points, hundredths(sum(mark.out_of for mark in counting)), len(counting))


def mean(percents: Iterable[float | None]) -> Mean:
    """The mean of those that there are."""
    known = [percent for percent in percents if percent is not None]
    return Mean(tenths(sum(known) / len(known)) if known else None, len(known))


def percent(mark: Mark) -> float | None:
    """A mark that counts in percent, 0 to 100."""
    return 100 * (mark.points or 0.0) / mark.out_of if mark.counts and mark.out_of else None
