"""Learners x lessons: what each would recall of each lesson now, worked out in the database in two queries.

The figure is K of `quizzes.mastery`, the same that the learner's own page shows; it appears from five answers on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, Exists, F, FloatField, Func, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Greatest, Power
from django.db.models.sql.compiler import SQLCompiler

from curriculum.models import Course, Fact, Lesson
from quizzes.mastery import FEWEST_ANSWERS
from quizzes.models import MemoryState, Question
from quizzes.scheduling import DECAY, FACTOR

STEPS = (0.25, 0.5, 0.7, 0.85)
"""From which recall on a cell is weak, fair, good, strong; below the first it is new."""


class DaysBetween(Func):
    """Days and parts of days from the first moment to the second."""

    arity = 2
    output_field = FloatField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        template = "(julianday(%(second)s) - julianday(%(first)s))"
        return self._filled(compiler, template)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        template = "(EXTRACT(EPOCH FROM (%(second)s::timestamptz - %(first)s::timestamptz)) / 86400.0)::float8"
        return self._filled(compiler, template)

    def _filled(self, compiler: SQLCompiler, template: str) -> tuple[str, list[Any]]:
        first, second = (compiler.compile(part) for part in self.get_source_expressions())
        sql = template % {"first": first[0], "second": second[0]}
        return sql, [*second[1], *first[1]]


@dataclass(frozen=True, slots=True)
class Cell:
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
    """A lesson with what its facts that can be asked weigh: those that count for recall."""

    lesson: Lesson
    weight: float
    has_core: bool


def columns(course: Course) -> tuple[Column, ...]:
    """The lessons of a course in order. One query."""
    facts = _askable().filter(sentence__passage__lesson=OuterRef("pk")).order_by().values("sentence__passage__lesson")
    sums = facts.annotate(w=Sum("weight"), core_w=Sum("weight", filter=Q(core=True)))
    rows = course.lessons.order_by("order")
    return tuple(
        Column(lesson, lesson.core_weight or lesson.all_weight or 0.0, lesson.core_weight is not None)
        for lesson in rows.annotate(all_weight=Subquery(sums.values("w")), core_weight=Subquery(sums.values("core_w")))
    )


def _askable() -> QuerySet[Fact, Fact]:
    return Fact.objects.filter(Exists(Question.objects.active().filter(facts=OuterRef("pk"))))


EVER_RIGHT = Q(lapses__lt=F("reviews"))
"""What was only ever missed counts as unknown, as in `KnownFact.recall`."""


def recall_at(now: datetime) -> Power:
    """Predicted recall of a `MemoryState`, as `quizzes.scheduling.retrievability` has it."""
    days = Greatest(DaysBetween(F("last_review_at"), Value(now)), Value(0.0))
    return Power(Value(1.0) + Value(FACTOR) * days / F("stability"), Value(-DECAY), output_field=FloatField())


def cells(lessons: Collection[Column], learners: Collection[int], now: datetime) -> Mapping[int, Mapping[int, Cell]]:
    """The begun cells by person and lesson (row ids). One query."""
    if not learners:
        return {}
    weighed = F("fact__weight") * recall_at(now)
    askable = Question.objects.active().filter(facts=OuterRef("fact"))
    states = MemoryState.objects.filter(Exists(askable), learner__in=learners)
    own = states.filter(fact__sentence__passage__lesson__in=[column.lesson.pk for column in lessons]).order_by()
    rows = own.values_list("learner_id", "fact__sentence__passage__lesson_id").annotate(
        met=Count("pk"),
        answers=Sum("reviews"),
        core=Sum(weighed, filter=EVER_RIGHT & Q(fact__core=True)),
        everything=Sum(weighed, filter=EVER_RIGHT),
    )
    by_lesson = {column.lesson.pk: column for column in lessons}
    found: dict[int, dict[int, Cell]] = {}
    for learner, lesson, met, answers, core, everything in rows:
        column = by_lesson[lesson]
        recalled = (core if column.has_core else everything) or 0.0
        share = recalled / column.weight if column.weight else 0.0
        found.setdefault(learner, {})[lesson] = Cell(share, answers, met)
    return found
