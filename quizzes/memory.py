"""Writes what the history says about each fact. `MemoryState` is a cache: everything here can be replayed.

A recorded answer replays the history of just the facts it is about, so that the row written at once and the row that
`rebuild_progress` arrives at are the same by construction, to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from quizzes.models import Grading, MemoryState
from quizzes.scheduling import Memory, review

BATCH = 1_000
NAMES = tuple(field.name for field in fields(Memory))


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact (row id) whose kept memory is not what its history says; None: there is none."""

    fact: int
    kept: Memory | None
    replayed: Memory | None


def replay(gradings: Iterable[Grading]) -> dict[int, Memory]:
    """The memory of each fact (row id) after gradings of one learner in history order. Reads nothing else."""
    memories: dict[int, Memory] = {}
    for grading in gradings:
        memory = memories.get(grading.fact_id)
        if grading.rating is not None:
            memories[grading.fact_id] = review(
                memory,
                rating=grading.rating,
                at=grading.answered_at,
                day=grading.study_day,
                kind=grading.kind,
                is_productive=grading.is_productive,
                question_id=grading.question_id,
            )
        elif memory is not None:
            memories[grading.fact_id] = replace(memory, last_question=grading.question_id)
    return memories


def as_value(row: MemoryState) -> Memory:
    """The kept row as a value."""
    values = {name: getattr(row, name) for name in NAMES if name not in ("last_question", "kinds")}
    return Memory(last_question=row.last_question_id, kinds=tuple(row.kinds), **values)


def record(gradings: Sequence[Grading]) -> None:
    """Bring the memory of these facts up to date with freshly saved gradings of one learner, in three queries.

    Must run in the transaction that saved them. The learner's row is locked first, so that two answers at the same
    moment are counted one after the other.
    """
    learners = {grading.learner_id for grading in gradings}
    if not learners:
        return
    (learner_id,) = learners
    facts = {grading.fact_id for grading in gradings}
    _lock(learner_id)
    history = Grading.objects.standing().filter(learner_id=learner_id, fact_id__in=facts).in_history_order()
    memories = replay(history)
    _save(learner_id, memories)
    if any(grading.supersedes_id for grading in gradings):
        _forget(learner_id, facts - memories.keys())


@transaction.atomic
def rebuild(learner: User) -> None:
    """Make everything kept about the learner's memory equal to what the whole history says."""
    _lock(learner.pk)
    MemoryState.objects.filter(learner=learner).delete()
    _save(learner.pk, _replayed(learner))


def differences(learner: User) -> list[Difference]:
    """Where the kept memory and the replayed history disagree, exactly, in order of fact. Two queries."""
    kept = {row.fact_id: as_value(row) for row in MemoryState.objects.filter(learner=learner)}
    replayed = _replayed(learner)
    return [
        Difference(fact, kept.get(fact), replayed.get(fact))
        for fact in sorted(kept.keys() | replayed.keys())
        if kept.get(fact) != replayed.get(fact)
    ]


def with_history() -> Iterator[User]:
    """Everybody of whom there is something to replay or to forget, a batch at a time."""
    people: QuerySet[User] = User.objects.filter(Q(gradings__isnull=False) | Q(memory__isnull=False))
    return people.distinct().order_by("pk").iterator(chunk_size=BATCH)


def _replayed(learner: User) -> dict[int, Memory]:
    history = Grading.objects.standing().filter(learner=learner).in_history_order()
    return replay(history.iterator(chunk_size=BATCH))


def _lock(learner_id: int) -> None:
    """Hold the learner's row until the transaction ends; gradings may still refer to it meanwhile."""
    list(User.objects.select_for_update(no_key=True).filter(pk=learner_id).values_list("pk"))


def _save(learner_id: int, memories: Mapping[int, Memory]) -> None:
    MemoryState.objects.bulk_create(
        [_row(learner_id, fact, memory) for fact, memory in sorted(memories.items())],
        update_conflicts=True,
        unique_fields=["learner", "fact"],
        update_fields=list(NAMES),
    )


def _row(learner_id: int, fact_id: int, memory: Memory) -> MemoryState:
    values = {name: getattr(memory, name) for name in NAMES if name not in ("last_question", "kinds")}
    return MemoryState(
        learner_id=learner_id,
        fact_id=fact_id,
        last_question_id=memory.last_question,
        kinds=list(memory.kinds),
        **values,
    )


def _forget(learner_id: int, facts: Iterable[int]) -> None:
    MemoryState.objects.filter(learner_id=learner_id, fact_id__in=list(facts)).delete()
