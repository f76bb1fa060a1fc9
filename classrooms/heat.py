"""Learners x lessons: what each would recall of each lesson now, worked out in the database in two queries.

The figure is K of `quizzes.mastery`, the same that the learner's own page shows; it appears from five answers on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    Aggregate,
    Count,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Greatest, Power
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.datastructures import Join

from curriculum.models import Course, Fact, Lesson
from quizzes.mastery import FEWEST_ANSWERS
from quizzes.models import MemoryState, Question
from quizzes.scheduling import (
    CONSOLIDATING_DAYS,
    DECAY,
    FACTOR,
    SECURE_DAYS,
    SECURE_KINDS,
    SECURE_SUCCESS_DAYS,
)

STEPS = (0.25, 0.5, 0.7, 0.85)
"""From which recall on a cell is weak, fair, good, strong; below the first it is new."""


class NativePower(Power):
    """A power by SQLite's own function where it has one: Django's is Python, called for every row of memory."""

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        own = {"function": "POW"} if sqlite_has_power() else {}
        return self.as_sql(compiler, connection, **own, **context)


@cache
def sqlite_has_power() -> bool:
    """Whether this SQLite was built with the functions of mathematics; most are."""
    with closing(sqlite3.connect(":memory:")) as memory:
        return bool(memory.execute("SELECT sqlite_compileoption_used('ENABLE_MATH_FUNCTIONS')").fetchone()[0])


class DaysBetween(Func):
    """Days and parts of days from the first moment to the second."""

    arity = 2
    output_field = FloatField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        template = "((SELECT julianday(%(second)s)) - julianday(%(first)s))"
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

    def share(self, recalled: float | None) -> float:
        """The share of the weight that would be recalled."""
        return (recalled or 0.0) / self.weight if self.weight else 0.0


HAS_QUESTION = Exists(Question.objects.active().filter(facts=OuterRef("pk")))
"""Of a fact: whether it can be asked."""


def columns(course: Course) -> tuple[Column, ...]:
    """The lessons of a course in order. One query."""
    facts = Fact.objects.filter(HAS_QUESTION, sentence__passage__lesson=OuterRef("pk")).order_by()
    sums = facts.values("sentence__passage__lesson").annotate(
        w=Sum("weight"), core_w=Sum("weight", filter=Q(core=True))
    )
    rows = course.lessons.order_by("order")
    return tuple(
        Column(lesson, lesson.core_weight or lesson.all_weight or 0.0, lesson.core_weight is not None)
        for lesson in rows.annotate(all_weight=Subquery(sums.values("w")), core_weight=Subquery(sums.values("core_w")))
    )


def consolidating() -> Q:
    """Of a `MemoryState`: whether `quizzes.scheduling.fact_state` calls it consolidating or secure."""
    return Q(stability__gte=CONSOLIDATING_DAYS)


def secure(is_productive: Mapping[int, bool]) -> Q:
    """Of a `MemoryState`: whether `quizzes.scheduling.fact_state` calls it secure. `is_productive`: of each fact (row
    id) whether it has a question that must be answered from memory."""
    easy = [fact for fact, has_productive in is_productive.items() if not has_productive]
    many_kinds = {f"kinds__{SECURE_KINDS - 1}__isnull": False}
    proven = Q(stability__gte=SECURE_DAYS) & Q(success_days__gte=SECURE_SUCCESS_DAYS) & Q(**many_kinds)  # JSON last
    return proven & (Q(has_productive_success=True) | Q(fact__in=easy))


EVER_RIGHT = Q(lapses__lt=F("reviews"))
"""What was only ever missed counts as unknown, as in `KnownFact.recall`."""


def recall_at(now: datetime) -> NativePower:
    """Predicted recall of a `MemoryState`, as `quizzes.scheduling.retrievability` has it."""
    days = Greatest(DaysBetween(F("last_review_at"), Value(now)), Value(0.0))
    return NativePower(Value(1.0) + Value(FACTOR) * days / F("stability"), Value(-DECAY), output_field=FloatField())


def begun(
    facts: Collection[int] | QuerySet[Any, Any], learners: Collection[int] | QuerySet[Any, Any], **figures: Aggregate
) -> Iterable[tuple[Any, ...]]:
    """(person, lesson, *figures) of what these learners remember of these facts. One query."""
    states = MemoryState.objects.filter(fact__in=facts, learner__in=learners).order_by()
    rows = states.values("learner_id", lesson=F("fact__sentence__passage__lesson_id")).annotate(**figures)
    return learner_by_learner(rows.values_list("learner_id", "lesson", *figures))


def learner_by_learner(states: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """The same rows of `MemoryState`, found by going through each learner's once.

    The joins are made outer ones, which changes nothing as each fact has its lesson; with inner ones SQLite begins at
    the facts and looks up each learner with each of them, two or three times as slow for a whole class.
    """
    joins = states.query.alias_map
    joins |= {alias: join.promote() for alias, join in joins.items() if isinstance(join, Join)}
    return states


def recalled(lessons: Collection[Column], now: datetime) -> Sum:
    """For `begun`: the weights of what would be recalled, of the facts that count."""
    coreless = [column.lesson.pk for column in lessons if not column.has_core]
    counts = Q(fact__core=True) | Q(fact__sentence__passage__lesson__in=coreless) if coreless else Q(fact__core=True)
    return Sum(F("fact__weight") * recall_at(now), filter=EVER_RIGHT & counts)


def cells(lessons: Collection[Column], learners: Collection[int], now: datetime) -> Mapping[int, Mapping[int, Cell]]:
    """The begun cells by person and lesson (row ids). One query."""
    if not learners:
        return {}
    facts = Fact.objects.filter(HAS_QUESTION, sentence__passage__lesson__in=[column.lesson.pk for column in lessons])
    figures = {"met": Count("pk"), "answers": Sum("reviews"), "known": recalled(lessons, now)}
    by_lesson = {column.lesson.pk: column for column in lessons}
    found: dict[int, dict[int, Cell]] = {}
    for learner, lesson, met, answers, known in begun(facts.order_by().values("pk"), learners, **figures):
        found.setdefault(learner, {})[lesson] = Cell(by_lesson[lesson].share(known), answers, met)
    return found
