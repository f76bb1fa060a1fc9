"""Keeps and reads the packed copy of what learners remember.

Answering only leaves a row of `MemoryState` of which `is_packed` is not true: no further statement. A reader lays what
waits over what is packed, so that nothing is missing; whoever finds much waiting packs it, and so does `manage.py
count_answers`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import F, QuerySet

from accounts.models import User
from curriculum.models import Fact
from quizzes.models import LessonMemory, MemoryState
from quizzes.packed import Packed, Record, merged, pack, records, without

MUCH = 1_000
"""So many rows are laid over what is packed before a reader packs them."""
AT_ONCE = 2_000
"""Rows packed in one transaction."""
TIMES = 10
"""So often a reader does that before the page is shown."""
BATCH = 500
REMEMBERED = (
    "pk",
    "learner_id",
    "lesson",
    "fact_id",
    "stability",
    "due_at",
    "last_review_at",
    "reviews",
    "lapses",
    "success_days",
    "kinds",
    "has_productive_success",
)

Waiting = dict[tuple[int, int], list[Record]]
"""By person and lesson (row ids)."""


def remembered(
    learners: Collection[int] | QuerySet[Any, Any], lessons: Collection[int]
) -> Iterator[tuple[int, int, Packed]]:
    """(person, lesson, what is remembered of its facts), by row ids, where there is anything. Two queries, and a few
    more where much waits; one for one person, whose rows are few."""
    is_one = not isinstance(learners, QuerySet) and len(set(learners)) == 1
    rows = _rows() if is_one else _waiting()
    waiting = _found(rows.filter(learner__in=learners, lesson__in=lessons).order_by())
    if is_one:
        yield from ((*pair, Packed(pack(own))) for pair, own in waiting.items())
        return
    if sum(map(len, waiting.values())) > MUCH:
        _pack_if_possible(learners, lessons)
    copies = LessonMemory.objects.filter(learner__in=learners, lesson__in=lessons).order_by()
    for learner, lesson, facts in copies.values_list("learner", "lesson", "facts"):
        newer = waiting.pop((learner, lesson), None)
        yield learner, lesson, Packed(merged(bytes(facts), newer) if newer else bytes(facts))
    for (learner, lesson), newer in waiting.items():
        yield learner, lesson, Packed(pack(newer))


def pack_up(learner: User) -> None:
    """Pack all that waits of one person."""
    _pack(_waiting().filter(learner=learner))


def pack_all() -> int:
    """Pack all that waits of everybody, so many rows at a time; how many there were."""
    done = 0
    while count := _pack(_waiting()[:AT_ONCE]):
        done += count
    return done


def take_out(learner_id: int, facts: Collection[int]) -> None:
    """Take facts (row ids) of which nothing is remembered any more out of the copy. Run inside a transaction."""
    lessons = Fact.objects.filter(pk__in=facts).order_by().values("sentence__passage__lesson")
    rows = LessonMemory.objects.filter(learner=learner_id, lesson__in=lessons)
    for row in rows.select_for_update(of=("self",), no_key=True).order_by("lesson_id"):
        row.facts = without(bytes(row.facts), facts)
        row.save(update_fields=["facts"])


def outdated(learner: User, rows: Iterable[MemoryState]) -> set[int]:
    """Facts (row ids) of which the copy says something else than `rows`, all memory of the person. One query."""
    waiting = {row.fact_id for row in rows if not row.is_packed}
    wanted = {Record.of(row.fact_id, row) for row in rows if row.is_packed}
    kept = LessonMemory.objects.filter(learner=learner).values_list("facts", flat=True)
    copied = {record for facts in kept for record in records(bytes(facts))}
    return {record.fact for record in copied ^ wanted} - waiting


def _pack_if_possible(learners: Collection[int] | QuerySet[Any, Any], lessons: Collection[int]) -> None:
    """Where it cannot be written just now, the disk is full or the database is busy, a reader goes on without."""
    rows = _waiting().filter(learner__in=learners, lesson__in=lessons)
    try:
        for _time in range(TIMES):
            if _pack(rows[:AT_ONCE]) < AT_ONCE:
                return
    except OperationalError:
        return


@transaction.atomic
def _pack(rows: QuerySet[Any, Any]) -> int:
    """Pack these rows; how many. Two who do this at the same moment go one after the other, as each begins with the
    first row that waits; so does an answer that changes one of them."""
    held = list(rows.select_for_update(of=("self",), no_key=True))
    waiting = _found(held)
    people, lessons = {learner for learner, _lesson in waiting}, {lesson for _learner, lesson in waiting}
    before = LessonMemory.objects.filter(learner__in=people, lesson__in=lessons)
    locked = before.select_for_update(of=("self",), no_key=True).order_by("learner_id", "lesson_id")
    kept = {(row.learner_id, row.lesson_id): bytes(row.facts) for row in locked}
    changed = [
        LessonMemory(learner_id=pair[0], lesson_id=pair[1], facts=merged(kept.get(pair, b""), newer))
        for pair, newer in waiting.items()
    ]
    LessonMemory.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["learner", "lesson"],
        update_fields=["facts"],
    )
    MemoryState.objects.filter(pk__in=[row.pk for row in held]).update(is_packed=True)
    return len(held)


def _waiting() -> QuerySet[Any, Any]:
    """What is not packed, person by person."""
    return _rows().filter(is_packed=False)


def _rows() -> QuerySet[Any, Any]:
    """Those of `MemoryState` with what the copy has of them, person by person.

    Lesson and fact stand in expressions so that SQLite begins at the small index of what waits, or at a person, and not
    at a lesson's facts or at everybody's memory in order. An answer holds a person's facts in the same order.
    """
    rows = MemoryState.objects.annotate(lesson=F("fact__sentence__passage__lesson") + 0)
    return rows.order_by("learner_id", F("fact_id") + 0).values_list(*REMEMBERED, named=True)


def _found(rows: Iterable[Any]) -> Waiting:
    found: Waiting = defaultdict(list)
    for row in rows:
        found[row.learner_id, row.lesson].append(Record.of(row.fact_id, row))
    return found
