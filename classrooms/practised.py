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

from classrooms import heat
from classrooms.models import Assignment, Completion, Member
from curriculum.models import Fact
from quizzes.memory import replay
from quizzes.models import Attempt, Grading
from quizzes.packed import Packed, Record, microseconds, pack, records
from quizzes.scheduling import Memory, study_day

Target = Assignment.Target
Closed = tuple[Assignment, Member, list[int], datetime]
"""Work that was begun, whose it is, its lessons (row ids), and when it was due."""


@dataclass(frozen=True, slots=True)
class Practised:
    """`share` of what is wanted, 0 to 1, and when all of it was first reached."""

    share: float = 0.0
    reached_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    """The facts (row ids) of each lesson that have a question, whether they can be asked from memory, what each person
    (row id) remembers of them, and how many they have brought to which target, both by person and lesson."""

    of_lesson: Mapping[int, Sequence[int]]
    is_productive: Mapping[int, bool]
    known: Mapping[tuple[int, int], Packed]
    reached: Mapping[tuple[int, int], Mapping[str, int]]

    def n(self, lessons: Iterable[int]) -> int:
        """How many facts these lessons have."""
        return sum(len(self.of_lesson.get(lesson, ())) for lesson in lessons)


def practised(
    work: Collection[Assignment],
    members: Collection[Member],
    due: Mapping[tuple[int, int], datetime | None],
    now: datetime,
) -> dict[tuple[int, int], Practised]:
    """By row ids of assignment and member, where there is something. `due`: the times that are a learner's own.

    At most seven queries, six for one learner: the completions; lessons, facts, memories and, for what closed,
    answers; finished reviews.
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
    work = [assignment for assignment in work if not assignment.is_draft]  # what is not set has not begun
    if not work:
        return
    begins = {assignment.pk: max(filter(None, (assignment.opens_at, assignment.published_at))) for assignment in work}
    rows = Attempt.objects.filter(
        learner__in=[member.user_id for member in members],
        course__in={assignment.classroom.course_id for assignment in work},
        scope=Attempt.Scope.DUE,
        finished_at__gte=min(begins.values()),
    )
    finished: dict[tuple[int, int], list[datetime]] = defaultdict(list)
    for learner, course, at in rows.order_by("finished_at").values_list("learner", "course", "finished_at"):
        if at is not None:
            finished[learner, course].append(at)
    for assignment in work:
        for member in members:
            ends = due.get((assignment.pk, member.pk), assignment.due_at)
            is_closed = assignment.late == Assignment.Late.CLOSE and ends is not None
            times = [
                at
                for at in finished[member.user_id, assignment.classroom.course_id]
                if begins[assignment.pk] <= at and not (is_closed and ends and at > ends)
            ]
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
    closed: list[Closed] = []
    for assignment in work:
        own = lessons[assignment.pk]
        asked = facts.n(own)
        for member in members:
            key = assignment.pk, member.pk
            if key in completed:
                continue
            reached = sum(facts.reached[member.user_id, lesson][assignment.target] for lesson in own)
            share = _share(assignment, reached, asked)
            ends = due.get(key, assignment.due_at)
            if ends is None or ends > now:
                found[key] = Practised(share, now if share >= 1 else None)
                continue
            found[key] = Practised(share)
            has_begun = any((member.user_id, lesson) in facts.known for lesson in own)
            if share >= 1 or (has_begun and assignment.late == Assignment.Late.CLOSE):
                closed.append((assignment, member, own, ends))
    return found | dict(_as_it_stood(closed, facts, now))


def _facts(lessons: Collection[int], members: Collection[Member]) -> _Facts:
    rows = Fact.objects.filter(heat.HAS_QUESTION, sentence__passage__lesson__in=lessons).order_by("pk")
    of_lesson: dict[int, list[int]] = {lesson: [] for lesson in lessons}
    productive: dict[int, bool] = {}
    annotated = rows.annotate(has_productive=heat.HAS_PRODUCTIVE)
    for fact, lesson, has_productive in annotated.values_list("pk", "sentence__passage__lesson", "has_productive"):
        of_lesson[lesson].append(fact)
        productive[fact] = has_productive
    known: dict[tuple[int, int], Packed] = {}
    reached: dict[tuple[int, int], Mapping[str, int]] = defaultdict(lambda: dict.fromkeys(Target.values, 0))
    for learner, lesson, row in heat.begun(of_lesson, [member.user_id for member in members]):
        known[learner, lesson] = row
        reached[learner, lesson] = {target.value: _reached(target, row, productive) for target in Target}
    return _Facts(of_lesson, productive, known, reached)


def _reached(target: str, known: Packed, productive: Mapping[int, bool]) -> int:
    """How many facts are at least at the target."""
    if target == Target.MET:
        return len(known.facts)
    return known.secure(productive) if target == Target.SECURE else known.consolidating()


def _share(assignment: Assignment, reached: int, asked: int) -> float:
    return min(1.0, reached / asked * 100 / assignment.target_share) if asked else 0.0


def _as_it_stood(closed: Sequence[Closed], facts: _Facts, now: datetime) -> Iterator[tuple[tuple[int, int], Practised]]:
    """What was reached at the due time: what is remembered of facts that were not asked since; of those that were, the
    history up to then, replayed. One query, if any."""
    history = _history(closed, facts)
    for assignment, member, lessons, ends in closed:
        reached = 0
        for known in _known(facts, member, lessons):
            moved = _moved(known, ends)
            still = known.only(set(known.facts) - moved) if moved else known
            before = [row for fact in moved for row in history[member.user_id, fact] if row.answered_at <= ends]
            reached += _reached(assignment.target, still, facts.is_productive)
            reached += _reached(assignment.target, _packed(replay(before)), facts.is_productive)
        share = _share(assignment, reached, facts.n(lessons))
        may_be_late = assignment.late != Assignment.Late.CLOSE
        at = ends if share >= 1 else now if may_be_late else None
        yield (assignment.pk, member.pk), Practised(1.0 if may_be_late else share, at)


def _known(facts: _Facts, member: Member, lessons: Iterable[int]) -> list[Packed]:
    keys = [(member.user_id, lesson) for lesson in lessons]
    return [facts.known[key] for key in keys if key in facts.known]


def _moved(known: Packed, ends: datetime) -> set[int]:
    """The facts that were asked after `ends`."""
    then = microseconds(ends)
    if known.last_review_at() <= then:
        return set()
    return {record.fact for record in records(known.packed) if record.reviewed_at > then}


def _packed(memories: Mapping[int, Memory]) -> Packed:
    return Packed(pack([Record.of(fact, memory) for fact, memory in memories.items()]))


def _history(closed: Iterable[Closed], facts: _Facts) -> dict[tuple[int, int], list[Grading]]:
    """The standing gradings of what was asked again after its due time, by person and fact (row ids), in history order.
    One query, if any."""
    moved: dict[tuple[int, int], datetime] = {}
    for _assignment, member, lessons, ends in closed:
        for known in _known(facts, member, lessons):
            for key in ((member.user_id, fact) for fact in _moved(known, ends)):
                moved[key] = max(ends, moved.get(key, ends))
    found: dict[tuple[int, int], list[Grading]] = defaultdict(list)
    if not moved:
        return found
    learners, asked = {learner for learner, _fact in moved}, {fact for _learner, fact in moved}
    rows = Grading.objects.standing().filter(learner__in=learners, fact__in=asked)
    for grading in rows.filter(answered_at__lte=max(moved.values())).in_history_order():
        if (key := (grading.learner_id, grading.fact_id)) in moved:
            found[key].append(grading)
    return found
