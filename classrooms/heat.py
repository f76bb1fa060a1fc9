"""Learners x lessons: what each would recall of each lesson now, in three queries.

The figure is K of `quizzes.mastery`, the same that the learner's own page shows; it appears from five answers on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import add, mul
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet

from curriculum.models import Course, Fact, Lesson
from quizzes.mastery import FEWEST_ANSWERS
from quizzes.models import Question
from quizzes.packed import Packed
from quizzes.packing import remembered
from quizzes.standings import PRODUCTIVE

STEPS = (0.25, 0.5, 0.7, 0.85)
"""From which recall on a cell is weak, fair, good, strong; below the first it is new."""


class Cell(NamedTuple):
    """One learner and one lesson: the share that would be recalled, from so many answers; `met`: facts ever asked."""

    share: float
    answers: int
    met: int

    @property
    def recall(self) -> float | None:
        """The share, 0 to 1; None with fewer than five answers."""
        return self.share if self.answers >= FEWEST_ANSWERS else None

    @property
    def step(self) -> int:
        """0 not begun, 1 new, 2 weak, 3 fair, 4 good, 5 strong."""
        if not self.met:
            return 0
        return 1 + sum((self.recall or 0) >= least for least in STEPS)


@dataclass(frozen=True, slots=True)
class Column:
    """A lesson and its facts that can be asked (row ids): what each weighs, 0 where it does not count for recall;
    whether it can be asked without options; in which sentence (row id) it stands. `weight` is that of all together."""

    lesson: Lesson
    weight: float
    weights: Mapping[int, float]
    has_productive: Mapping[int, bool]
    sentences: Mapping[int, int]

    def share(self, facts: Iterable[int], recalls: Iterable[float]) -> float:
        """The share of the weight that would be recalled, where each of `facts` is with this probability."""
        return sum(map(mul, map(self.weights.__getitem__, facts), recalls)) / self.weight if self.weight else 0.0


@dataclass(slots=True)
class Recalled:
    """What learners would recall fact by fact: by the facts (row ids) that the same learners were asked, how many these
    are and the sums of their recall of each."""

    learners: Counter[tuple[int, ...]] = field(default_factory=Counter)
    sums: dict[tuple[int, ...], list[float]] = field(default_factory=dict)

    def add(self, facts: tuple[int, ...], recalls: list[float]) -> None:
        """One learner more."""
        self.learners[facts] += 1
        self.sums[facts] = [*map(add, self.sums[facts], recalls)] if facts in self.sums else recalls


ACTIVE = Question.objects.active().filter(facts=OuterRef("pk"))
HAS_QUESTION = Exists(ACTIVE)
"""Of a fact: whether it can be asked."""
HAS_PRODUCTIVE = Exists(ACTIVE.filter(PRODUCTIVE))
"""Of a fact: whether it can be asked without options."""


def columns(course: Course) -> tuple[Column, ...]:
    """The lessons of a course in order. Two queries."""
    return columns_of(course.lessons.order_by("order"))


def columns_of(lessons: QuerySet[Lesson]) -> tuple[Column, ...]:
    """The same of some lessons."""
    facts = Fact.objects.filter(HAS_QUESTION, sentence__passage__lesson__in=lessons.order_by().values("pk"))
    shown = facts.annotate(lesson=F("sentence__passage__lesson"), has_productive=HAS_PRODUCTIVE).order_by("pk")
    by_lesson: dict[int, list[Any]] = defaultdict(list)
    for fact in shown.values_list("lesson", "pk", "weight", "core", "has_productive", "sentence_id", named=True):
        by_lesson[fact.lesson].append(fact)
    return tuple(_column(lesson, by_lesson[lesson.pk]) for lesson in lessons)


def _column(lesson: Lesson, facts: Sequence[Any]) -> Column:
    has_core = any(fact.core for fact in facts)
    weights = {fact.pk: fact.weight if fact.core or not has_core else 0.0 for fact in facts}
    return Column(
        lesson=lesson,
        weight=sum(weights.values()),
        weights=weights,
        has_productive={fact.pk: fact.has_productive for fact in facts},
        sentences={fact.pk: fact.sentence_id for fact in facts},
    )


def begun(
    askable: Mapping[int, Collection[int]], learners: Collection[int] | QuerySet[Any, Any]
) -> Iterator[tuple[int, int, Packed]]:
    """(person, lesson, what is remembered) where a person was asked anything of the `askable` facts of each lesson (row
    ids); other facts are left out. Two queries."""
    whole = {lesson: frozenset(facts) for lesson, facts in askable.items()}
    for learner, lesson, packed in remembered(learners, list(askable)):
        if not whole[lesson].issuperset(packed.facts):
            packed = packed.only(whole[lesson])
        if packed.facts:
            yield learner, lesson, packed


def cells(lessons: Collection[Column], learners: Collection[int], now: datetime) -> Mapping[int, Mapping[int, Cell]]:
    """The begun cells by person and lesson (row ids). Two queries."""
    by_lesson = {column.lesson.pk: column for column in lessons}
    found: dict[int, dict[int, Cell]] = defaultdict(dict)
    for learner, lesson, known in begun({pk: column.weights for pk, column in by_lesson.items()}, learners):
        share = by_lesson[lesson].share(known.facts, known.recall(now))
        found[learner][lesson] = Cell(share, known.answers(), len(known.facts))
    return found
