"""Writes what the history says about each fact, and plans what to ask next. `MemoryState` is a cache of the history.

A recorded answer replays the history of just the facts it is about, so that the row written at once and the row that
`rebuild_progress` arrives at are the same by construction, to the last bit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, IntegerField, Q, QuerySet

from accounts.models import User
from accounts.statements import Insertion, Slot, Statement
from curriculum.models import Course, Fact, Lesson
from quizzes import packing, setters
from quizzes.composer import FEWEST, MOST, Place, Situation, compose
from quizzes.counting import recount_regraded
from quizzes.kinds import KINDS
from quizzes.lineage import counts_for, history, history_of, outdated_in
from quizzes.models import Attempt, AttemptItem, Grading, LessonMemory, MemoryState, QuestionVersion
from quizzes.scheduling import Memory, day_begins, review, study_day
from quizzes.sequence import Candidate
from quizzes.validity.leaks import leak_edges

BATCH = 1_000
RECENT = 200
MOST_BANKS = 16
NAMES = tuple(field.name for field in fields(Memory))


_known_edges: dict[tuple[tuple[int, str, str], ...], dict[str, frozenset[str]]] = {}


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact (row id) whose kept memory, or its packed copy, is not what its history says; None: there is none."""

    fact: int
    kept: Memory | None
    replayed: Memory | None


def replay(gradings: Iterable[Grading], before: Mapping[int, Memory] | None = None) -> dict[int, Memory]:
    """The memory of each fact (row id) after gradings of one learner in history order, going on from `before`.
    Reads nothing else.

    A grading from `lineage.history` counts for the fact that it names, else for its own.
    """
    memories = dict(before or {})
    for grading in gradings:
        fact = counts_for(grading)
        memory = memories.get(fact)
        if grading.rating is not None:
            memories[fact] = review(
                memory,
                rating=grading.rating,
                at=grading.answered_at,
                day=grading.study_day,
                kind=grading.kind,
                is_productive=grading.is_productive,
                question_id=grading.question_id,
            )
        elif memory is not None:
            memories[fact] = replace(memory, last_question=grading.question_id)
    return memories


def as_value(row: MemoryState) -> Memory:
    """The kept row as a value."""
    values = {name: getattr(row, name) for name in NAMES if name not in ("last_question", "kinds")}
    return Memory(last_question=row.last_question_id, kinds=tuple(row.kinds), **values)


def plan(
    learner: User,
    course: Course,
    *,
    scope: str,
    lesson: Lesson | None = None,
    fact_ids: Collection[str] | None = None,
    now: datetime,
) -> list[QuestionVersion]:
    """What to ask in a session that begins now, in order; [] when there is nothing. Six queries, for a course that
    replaces an older edition seven.

    `scope` is a value of `Attempt.Scope`; "lesson" needs `lesson`, "facts" needs `fact_ids` (keys of facts). The same
    learner, study day and history give the same plan.
    """
    versions = _versions(course, lesson if scope == Attempt.Scope.LESSON else None)
    situation = _situation(learner, course, versions.values(), scope=scope, now=now)
    left = learner.items_per_day - answered_since(learner, situation.day_began)
    shortest = min(FEWEST, learner.items_per_day)
    size = min(MOST, left) if scope == Attempt.Scope.DUE else min(MOST, max(shortest, left))
    composed = compose(situation, scope=scope, size=size, wanted=fact_ids or ()) if size > 0 else []
    return [versions[candidate.version_id] for candidate in composed]


def _situation(
    learner: User, course: Course, versions: Collection[QuestionVersion], *, scope: str, now: datetime
) -> Situation:
    zone = ZoneInfo(learner.time_zone)
    day = study_day(now, zone)
    return Situation(
        candidates=[candidate(version) for version in versions],
        places=_places(course),
        memories=_memories(learner, course),
        outdated=frozenset(row.key for row in outdated_in(learner.pk, [course]).values()),
        assigned=setters.lessons_first(learner, course, now=now),
        edges=leaks(versions),
        confused=_confused(learner, course),
        now=now,
        day_began=day_begins(day, zone),
        day_ends=day_begins(day + timedelta(days=1), zone),
        seed=f"{learner.pk}:{day}:{scope}",
        items_per_day=learner.items_per_day,
    )


def answered_since(learner: User, began: datetime, *, course: Course | None = None) -> int:
    """How many questions, of any course or of one, were answered since `began`, not counting those that came a second
    time. One query."""
    items = AttemptItem.objects.filter(attempt__learner=learner, answered_at__gte=began, is_repeat=False)
    return (items if course is None else items.filter(attempt__course=course)).count()


def _versions(course: Course, lesson: Lesson | None) -> dict[int, QuestionVersion]:
    wanted = {"current_for__course": course, "current_for__is_active": True}
    if lesson is not None:
        wanted["current_for__lesson"] = lesson
    rows = QuestionVersion.objects.filter(**wanted).select_related("question").order_by("pk")
    return {version.pk: version for version in rows}


def candidate(version: QuestionVersion) -> Candidate:
    content = version.content
    return Candidate(version.question_id, version.pk, content, KINDS[content.kind].is_productive(content))


def _places(course: Course) -> dict[str, Place]:
    facts = Fact.objects.filter(course=course).select_related("sentence__passage__lesson")
    only = "key", "start", "core", "sentence__key", "sentence__passage__order", "sentence__passage__lesson__order"
    return {fact.key: _place(fact) for fact in facts.only(*only)}


def _place(fact: Fact) -> Place:
    passage = fact.sentence.passage
    return Place(passage.lesson.order, passage.order, fact.sentence.key, fact.start, fact.core)


def _memories(learner: User, course: Course) -> dict[str, Memory]:
    rows = MemoryState.objects.filter(learner=learner, fact__course=course).annotate(key=F("fact__key"))
    return {row.key: as_value(row) for row in rows}


def _confused(learner: User, course: Course) -> dict[str, frozenset[str]]:
    """For each fact the wrong answers that this learner gave lately."""
    rows = Grading.objects.standing().filter(learner=learner, fact__course=course).exclude(confused_with="")
    given: dict[str, set[str]] = defaultdict(set)
    for key, text in rows.order_by("-answered_at", "-id").values_list("fact__key", "confused_with")[:RECENT]:
        given[key].add(text)
    return {key: frozenset(texts) for key, texts in given.items()}


def leaks(versions: Collection[QuestionVersion]) -> dict[str, frozenset[str]]:
    """Which question gives away which, worked out once per bank and process."""
    bank = tuple((version.pk, version.digest, version.content.stem) for version in versions)
    if bank not in _known_edges:
        if len(_known_edges) >= MOST_BANKS:
            _known_edges.clear()
        _known_edges[bank] = leak_edges([version.content for version in versions])
    return _known_edges[bank]


def record(gradings: Sequence[Grading]) -> None:
    """Bring the memory of these facts, and of those that continue them unchanged in a newer edition, up to date with
    freshly saved gradings of one learner, in three queries.

    Must run in the transaction that saved them. The learner's row is locked first, so that two answers at the same
    moment are counted one after the other.
    """
    learners = {grading.learner_id for grading in gradings}
    if not learners:
        return
    (learner_id,) = learners
    facts = {grading.fact_id for grading in gradings}
    _lock(learner_id)
    rows = list(history_of(learner_id, facts))
    memories = replay(rows)
    _save(learner_id, memories)
    if any(grading.supersedes_id for grading in gradings):
        recount_regraded(learner_id)
        _forget(learner_id, (facts | {counts_for(grading) for grading in rows}) - memories.keys())


@transaction.atomic
def rebuild(learner: User) -> None:
    """Make everything kept about the learner's memory equal to what the whole history says."""
    _lock(learner.pk)
    forget(learner)
    _save(learner.pk, _replayed(learner))
    packing.pack_up(learner)
    recount_regraded(learner.pk)


def forget(learner: User) -> None:
    """Delete all that is kept about the learner's memory; the history stays."""
    MemoryState.objects.filter(learner=learner).delete()
    LessonMemory.objects.filter(learner=learner).delete()


def differences(learner: User) -> list[Difference]:
    """Where the kept memory and the replayed history disagree, exactly, in order of fact. Three queries."""
    rows = list(MemoryState.objects.filter(learner=learner))
    kept, replayed = {row.fact_id: as_value(row) for row in rows}, _replayed(learner)
    facts = {fact for fact in kept.keys() | replayed.keys() if kept.get(fact) != replayed.get(fact)}
    facts |= packing.outdated(learner, rows)
    return [Difference(fact, kept.get(fact), replayed.get(fact)) for fact in sorted(facts)]


def with_history() -> Iterator[User]:
    """Everybody of whom there is something to replay or to forget, a batch at a time."""
    people: QuerySet[User] = User.objects.filter(Q(gradings__isnull=False) | Q(memory__isnull=False))
    return people.distinct().order_by("pk").iterator(chunk_size=BATCH)


def _replayed(learner: User) -> dict[int, Memory]:
    return replay(history(learner.pk, Grading.objects.filter(learner=learner).order_by().values("fact")))


def _lock(learner_id: int) -> None:
    """Hold the learner's row until the transaction ends; gradings may still refer to it meanwhile."""
    HELD.rows(learner=learner_id)


HELD = Statement(
    lambda: (
        User.objects.select_for_update(no_key=True)
        .filter(pk=Slot("learner", IntegerField()))
        .values_list("pk")
        .order_by()
    )
)


def _save(learner_id: int, memories: Mapping[int, Memory]) -> None:
    KEPT.insert([_row(learner_id, fact, memory) for fact, memory in sorted(memories.items())])


KEPT = Insertion(MemoryState, unique=["learner", "fact"], updates=[*NAMES, "is_packed"])


def _row(learner_id: int, fact_id: int, memory: Memory) -> MemoryState:
    values = {name: getattr(memory, name) for name in NAMES if name not in ("last_question", "kinds")}
    return MemoryState(
        learner_id=learner_id,
        fact_id=fact_id,
        last_question_id=memory.last_question,
        kinds=list(memory.kinds),
        **values,
    )


def _forget(learner_id: int, facts: Collection[int]) -> None:
    """Delete what is kept of facts of which the history says nothing any more."""
    if facts:
        MemoryState.objects.filter(learner_id=learner_id, fact_id__in=facts).delete()
        packing.take_out(learner_id, facts)
