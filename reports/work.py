"""What became of the work that was set: who did it, how well, how long it took; two compared; a test before and after.

The marks are those of the gradebook (`classrooms.marks`), so that no two pages differ.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from statistics import fmean, mean, median, stdev

from classrooms import marking
from classrooms.marking import State
from classrooms.marks import Gradebook, gradebook
from classrooms.models import Assignment, Classroom, Sitting
from reports.gains import RESAMPLES, TAIL, Gain, gain

KEPT = 200
"""Intervals of so many sets of marks are kept."""
FEWEST = 5
"""Below so many marks no mean is shown."""


@dataclass(frozen=True)
class WorkRow:
    """One assignment: set for `n_set` learners: `done` through, of these `late` late; `missing`: due, not done.

    `percents`: the marks that count, 0 to 100; `minutes`: the median time of an attempt, None for what is no quiz or
    was taken by fewer than five.
    """

    assignment: Assignment
    n_set: int
    done: int
    late: int
    missing: int
    excused: int
    percents: tuple[float, ...]
    minutes: float | None

    @property
    def n(self) -> int:
        return len(self.percents)

    @property
    def mean(self) -> float | None:
        return mean(self.percents) if self.n >= FEWEST else None

    @property
    def spread(self) -> float | None:
        """The standard deviation (n - 1)."""
        return stdev(self.percents) if self.n >= FEWEST else None

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """95 % percentile bootstrap of the mean (Efron & Tibshirani 1993), with fixed dice."""
        return bootstrap(self.percents) if self.n >= FEWEST else None


@dataclass(frozen=True, slots=True)
class BeforeAndAfter:
    """A pre-test with its post-test: the gain of all who took both, and of each half by the form it began with."""

    pretest: Assignment
    posttest: Assignment
    gain: Gain
    halves: tuple[tuple[str, Gain], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Second mean less first, in points of percent, with the interval of the difference; None with too few marks."""

    points: float | None
    interval: tuple[float, float] | None

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves no difference out."""
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]


@lru_cache(maxsize=KEPT)
def bootstrap(values: tuple[float, ...], *, seed: int = 2019) -> tuple[float, float]:
    """95 % interval of the mean of `values`. Kept while the process runs: of a thousand marks it takes 0.2 s."""
    dice = random.Random(seed)
    means = sorted(fmean(dice.choices(values, k=len(values))) for _resample in range(RESAMPLES))
    return means[int(TAIL * RESAMPLES)], means[int((1 - TAIL) * RESAMPLES) - 1]


def difference(first: WorkRow, second: WorkRow, *, seed: int = 2019) -> Difference:
    """How far the means of two assignments lie apart; the learners need not be the same."""
    if first.mean is None or second.mean is None:
        return Difference(None, None)
    dice = random.Random(seed)
    a, b = first.percents, second.percents
    drawn = sorted(
        fmean(dice.choices(b, k=len(b))) - fmean(dice.choices(a, k=len(a))) for _resample in range(RESAMPLES)
    )
    bounds = drawn[int(TAIL * RESAMPLES)], drawn[int((1 - TAIL) * RESAMPLES) - 1]
    return Difference(second.mean - first.mean, bounds)


def class_work(classroom: Classroom, now: datetime) -> tuple[WorkRow, ...]:
    """Every published assignment of the class, as in its gradebook. As many queries as the gradebook, and one."""
    book = gradebook(classroom, now)
    minutes = _minutes([column.assignment for column in book.columns])
    return tuple(_row(book, at, minutes) for at in range(len(book.columns)))


def work_row(assignment: Assignment, now: datetime) -> WorkRow:
    """One published assignment, as in `class_work`; it needs `classroom`."""
    return next(row for row in class_work(assignment.classroom, now) if row.assignment.pk == assignment.pk)


def _row(book: Gradebook, at: int, minutes: dict[int, float]) -> WorkRow:
    assignment = book.columns[at].assignment
    marks = [row.cells[at].mark for row in book.rows]
    states = Counter(mark.state for mark in marks)
    percents = (marking.percent(mark) for mark in marks if mark.counts and not mark.is_missing)
    return WorkRow(
        assignment=assignment,
        n_set=len(marks) - states[State.NOT_SET],
        done=states[State.DONE] + states[State.WAITING],
        late=sum(mark.is_late for mark in marks if mark.state == State.DONE),
        missing=states[State.MISSING],
        excused=states[State.EXCUSED],
        percents=tuple(percent for percent in percents if percent is not None),
        minutes=minutes.get(assignment.pk),
    )


def _minutes(assignments: Collection[Assignment]) -> dict[int, float]:
    """The median time of an attempt by assignment (row id). One query."""
    rows = Sitting.objects.submitted().filter(assignment__in=assignments, member__status="active")
    spent: dict[int, list[float]] = defaultdict(list)
    for assignment, began, ended in rows.values_list("assignment", "started_at", "submitted_at"):
        if ended is not None:
            spent[assignment].append(max(0.0, (ended - began).total_seconds() / 60))
    return {assignment: median(row) for assignment, row in spent.items() if len(row) >= FEWEST}


def gains(classroom: Classroom) -> tuple[BeforeAndAfter, ...]:
    """Each post-test of the class with its pre-test: first attempts of those who took both. Two queries."""
    after = list(classroom.assignments.published().exclude(pretest=None).select_related("pretest"))
    tests = [test for row in after for test in (row, row.pretest)]
    scores: dict[tuple[int, int], tuple[str, float]] = {}
    taken = Sitting.objects.submitted().filter(assignment__in=tests, member__status="active").exclude(score=None)
    for sitting in taken.order_by("number").only("assignment", "member", "form", "score"):
        scores.setdefault((sitting.assignment_id, sitting.member_id), (sitting.form, sitting.score or 0.0))
    return tuple(_before_and_after(row, scores) for row in after)


def _before_and_after(posttest: Assignment, scores: dict[tuple[int, int], tuple[str, float]]) -> BeforeAndAfter:
    pretest = posttest.pretest
    assert pretest is not None
    both = [
        (form, score, scores[posttest.pk, member][1])
        for (assignment, member), (form, score) in scores.items()
        if assignment == pretest.pk and (posttest.pk, member) in scores
    ]
    forms = sorted({form for form, *_scores in both if form})
    halves = tuple((form, gain(pairs(row for row in both if row[0] == form))) for form in forms)
    return BeforeAndAfter(pretest, posttest, gain(pairs(both)), halves)


def pairs(rows: Iterable[tuple[str, float, float]]) -> list[tuple[float, float]]:
    return [(pre, post) for _form, pre, post in rows]
