"""How far learners have come with practice and review that is set, over many assignments at once. Reads only.

Practice: the share of the facts of its lessons that are at the level wanted, of the share that is wanted. Review: the
days with a finished daily review, of the days wanted. What work that closes at its due time shows afterwards is what
stood then: it is replayed from the history, since later practice must not change it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from classrooms.models import Assignment, Completion, Member
from curriculum.models import Fact
from quizzes.memory import as_value, replay
from quizzes.models import Attempt, Grading, MemoryState, Question
from quizzes.scheduling import FactState, Memory, fact_state, study_day
from quizzes.standings import PRODUCTIVE

Target = Assignment.Target
WANTED = {
    Target.CONSOLIDATING: (FactState.CONSOLIDATING, FactState.SECURE),
    Target.SECURE: (FactState.SECURE,),
}
"""The states that reach a target; being asked at all reaches `MET`."""


@dataclass(frozen=True, slots=True)
class Practised:
    """`share` of what is wanted, 0 to 1, and when all of it was first reached."""

    share: float = 0.0
    reached_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    """The facts (row ids) of each lesson that have a question, whether they can be asked from memory, and everybody's
    memory of them by row id of the person."""

    of_lesson: Mapping[int, Sequence[int]]
    is_productive: Mapping[int, bool]
    memories: Mapping[int, Mapping[int, Memory]]


def practised(
    work: Collection[Assignment],
    members: Collection[Member],
    due: Mapping[tuple[int, int], datetime | None],
    now: datetime,
) -> dict[tuple[int, int], Practised]:
    """By row ids of assignment and member, where there is something. `due`: the times that are a learner's own.

    At most six queries: the completions; lessons, facts, memories and, for what closed, answers; finished reviews.
    """
    completed = {
        (row.assignment_id, row.member_id): row.reached_at
        for row in Completion.objects.filter(assignment__in=work, member__in=members)
    }
    found = dict(_reviewed([one for one in work if one.sort == Assignment.Sort.REVIEW], members, due))
    practice = [one for one in work if one.sort == Assignment.Sort.PRACTICE]
    found |= _drilled(practice, members, due, completed, now) if practice else {}
    return found | {key: Practised(1.0, at) for key, at in completed.items()}


# Spaced review.


def _reviewed(
    work: Collection[Assignment], members: Collection[Member], due: Mapping[tuple[int, int], datetime | None]
) -> Iterator[tuple[tuple[int, int], Practised]]:
    if not work:
        return
    rows = Attempt.objects.filter(
        learner__in=[member.user_id for member in members],
        course__in={assignment.classroom.course_id for assignment in work},
        scope=Attempt.Scope.DUE,
    )
    finished: dict[int, list[datetime]] = defaultdict(list)
    for attempt in rows.exclude(finished_at=None).only("learner", "finished_at").order_by("finished_at"):
        if attempt.finished_at is not None:
            finished[attempt.learner_id].append(attempt.finished_at)
    for assignment in work:
        begins = max(filter(None, (assignment.opens_at, assignment.published_at)))
        for member in members:
            ends = due.get((assignment.pk, member.pk), assignment.due_at)
            is_closed = assignment.late == Assignment.Late.CLOSE and ends is not None
            times = [at for at in finished[member.user_id] if begins <= at and not (is_closed and ends and at > ends)]
            yield (assignment.pk, member.pk), _days(times, assignment.review_days, ZoneInfo(member.user.time_zone))


def _days(times: Iterable[datetime], wanted: int, zone: ZoneInfo) -> Practised:
    """`times` in order: the first of each study day counts."""
    first: dict[object, datetime] = {}
    for at in times:
        first.setdefault(study_day(at, zone), at)
    counting = list(first.values())
    return Practised(min(1.0, len(counting) / wanted), counting[wanted - 1] if len(counting) >= wanted else None)


# Practice of lessons.


def _drilled(
    work: Sequence[Assignment],
    members: Collection[Member],
    due: Mapping[tuple[int, int], datetime | None],
    completed: Mapping[tuple[int, int], datetime],
    now: datetime,
) -> dict[tuple[int, int], Practised]:
    lessons: dict[int, list[int]] = defaultdict(list)
    through = Assignment.lessons.through.objects.filter(assignment__in=work)
    for assignment_id, lesson_id in through.values_list("assignment", "lesson"):
        lessons[assignment_id].append(lesson_id)
    facts = _facts({lesson for rows in lessons.values() for lesson in rows}, members)
    found: dict[tuple[int, int], Practised] = {}
    closed: list[tuple[Assignment, Member, list[int], datetime]] = []
    for assignment in work:
        asked = [fact for lesson in lessons[assignment.pk] for fact in facts.of_lesson.get(lesson, ())]
        for member in members:
            key = assignment.pk, member.pk
            if key in completed:
                continue
            memories = facts.memories.get(member.user_id, {})
            share = _share(assignment, asked, memories, facts.is_productive)
            ends = due.get(key, assignment.due_at)
            is_past = ends is not None and ends <= now
            if ends is not None and is_past and share and (share >= 1 or assignment.late == Assignment.Late.CLOSE):
                closed.append((assignment, member, asked, ends))
            found[key] = Practised(share, now if share >= 1 and not is_past else None)
    return found | dict(_as_it_stood(closed, facts, now))


def _facts(lessons: Collection[int], members: Collection[Member]) -> _Facts:
    active = Question.objects.active().filter(facts=OuterRef("pk"))
    rows = Fact.objects.filter(Exists(active), sentence__passage__lesson__in=lessons).order_by("pk")
    of_lesson: dict[int, list[int]] = defaultdict(list)
    productive: dict[int, bool] = {}
    annotated = rows.annotate(has_productive=Exists(active.filter(PRODUCTIVE)))
    for fact, lesson, has_productive in annotated.values_list("pk", "sentence__passage__lesson", "has_productive"):
        of_lesson[lesson].append(fact)
        productive[fact] = has_productive
    memories: dict[int, dict[int, Memory]] = defaultdict(dict)
    learners = [member.user_id for member in members]
    states = MemoryState.objects.filter(learner__in=learners, fact__sentence__passage__lesson__in=lessons).order_by()
    for state in states.iterator(chunk_size=2000):
        memories[state.learner_id][state.fact_id] = as_value(state)
    return _Facts(of_lesson, productive, memories)


def _share(
    assignment: Assignment, asked: Collection[int], memories: Mapping[int, Memory], productive: Mapping[int, bool]
) -> float:
    if not asked:
        return 0.0
    known = [fact for fact in asked if fact in memories]
    if assignment.target != Target.MET:
        wanted = WANTED[Target(assignment.target)]
        known = [fact for fact in known if fact_state(memories[fact], has_productive=productive[fact]) in wanted]
    return min(1.0, len(known) / len(asked) * 100 / assignment.target_share)


def _as_it_stood(
    closed: Sequence[tuple[Assignment, Member, list[int], datetime]], facts: _Facts, now: datetime
) -> Iterator[tuple[tuple[int, int], Practised]]:
    """What was reached at the due time: the history up to then, replayed where something came after. One query."""
    if not closed:
        return
    history: dict[int, list[Grading]] = defaultdict(list)
    rows = Grading.objects.standing().filter(
        learner__in={member.user_id for _assignment, member, _asked, _ends in closed},
        fact__in={fact for _assignment, _member, asked, _ends in closed for fact in asked},
        answered_at__lte=max(ends for _assignment, _member, _asked, ends in closed),
    )
    for grading in rows.in_history_order():
        history[grading.learner_id].append(grading)
    for assignment, member, asked, ends in closed:
        memories = facts.memories[member.user_id]
        moved = {fact for fact in asked if fact in memories and memories[fact].last_review_at > ends}
        until = (row for row in history[member.user_id] if row.fact_id in moved and row.answered_at <= ends)
        then = {fact: memories[fact] for fact in asked if fact in memories and fact not in moved} | replay(until)
        share = _share(assignment, asked, then, facts.is_productive)
        may_be_late = assignment.late != Assignment.Late.CLOSE
        reached = ends if share >= 1 else now if may_be_late else None
        yield (assignment.pk, member.pk), Practised(1.0 if may_be_late else share, reached)
