"""The gradebook: the mark of every learner for every published assignment. Reads only, in a constant number of queries.

A mark is derived: from the attempts that were handed in and what they said at their start, or from what was practised,
then from what an instructor decided (`MarkChange`). Nothing that was due and not handed in counts as no points; what is
excused, not set for a learner, or not due yet counts for nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from classrooms import marking, terms
from classrooms.marking import Handed, Mark, Mean, State, Total
from classrooms.models import Assignment, Classroom, Extension, MarkChange, Member, Sitting
from classrooms.practised import Practised, practised
from quizzes.papers import GRACE

Key = tuple[int, int]
"""Row ids of an assignment and a member."""

Action = MarkChange.Action
MARKED = "assignment", "member", "policy", "submitted_at", "is_late", "score"
"""Of a sitting, what a mark is made of: a class has tens of thousands of them at the end of a term."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What instructors decided about one mark so far. `newest`: row id of their last word, None before the first.

    `points` of a mark set by hand, None while the computed one holds.
    """

    newest: int | None = None
    points: float | None = None
    is_excused: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One learner's mark for one assignment. `due_at` is the learner's own; `attempts` how many were handed in."""

    assignment_id: int
    member_id: int
    mark: Mark
    decision: Decision = Decision()
    due_at: datetime | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One learner; `cells` stand in the order of the columns."""

    member: Member
    cells: tuple[Cell, ...]
    total: Total


@dataclass(frozen=True, slots=True)
class Column:
    """One assignment, and the mean of the marks that count for it."""

    assignment: Assignment
    mean: Mean


@dataclass(frozen=True, slots=True)
class Gradebook:
    """`mean`: of the learners' totals."""

    classroom: Classroom
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    mean: Mean

    def row(self, member_id: int) -> Row | None:
        return next((row for row in self.rows if row.member.pk == member_id), None)


@dataclass(frozen=True, slots=True)
class _Records:
    """Everything that marks are made of, by assignment and member."""

    extensions: Mapping[Key, datetime | None]
    sittings: Mapping[Key, Sequence[Sitting]]
    changes: Mapping[Key, Decision]
    practised: Mapping[Key, Practised]
    named: Mapping[int, tuple[frozenset[int], frozenset[int]]]
    """Row ids of the groups and of the members that an assignment is for; none of either: for all."""


def gradebook(classroom: Classroom, now: datetime, *, members: QuerySet[Member] | None = None) -> Gradebook:
    """The marks of the learners who are in the class now, by name; of `members` alone if they are given.

    Seven queries, and at most seven of `practised` where something other than a quiz is set.
    """
    learners = classroom.members.active().learners() if members is None else members
    found = sorted(learners.select_related("user", "group"), key=lambda member: (member.shown_name, member.pk))
    work = list(classroom.assignments.published().prefetch_related("groups", "members").order_by("due_at", "pk"))
    work.sort(key=lambda assignment: (assignment.due_at is None, assignment.due_at or now, assignment.pk))
    records = _records(work, found, now)
    rows = tuple(_row(member, work, records, now) for member in found)
    columns = tuple(
        Column(assignment, marking.mean(marking.percent(row.cells[at].mark) for row in rows))
        for at, assignment in enumerate(work)
    )
    return Gradebook(classroom, columns, rows, marking.mean(row.total.percent for row in rows))


def cell(assignment: Assignment, member: Member, now: datetime) -> Cell:
    """One cell of the gradebook."""
    return _cell(assignment, member, _records([assignment], [member], now), now)


def cells(assignment: Assignment, members: Collection[Member], now: datetime) -> dict[int, Cell]:
    """One column of the gradebook, by row id of the learner. As many queries for any number."""
    records = _records([assignment], members, now)
    return {member.pk: _cell(assignment, member, records, now) for member in members}


def own_marks(member: Member, now: datetime) -> tuple[tuple[Assignment, Cell, bool], ...]:
    """What a learner may know of the own marks: each assignment that is set, or was when the learner took it, the cell,
    and whether its result is told.

    Of one that is not told yet the cell holds no points, no comment and no decision by hand. A quiz is told when all
    attempts at it that were handed in are; nothing is kept back that has no attempt.
    """
    work = (
        Assignment.objects.published()
        .marked_for(member)
        .select_related("classroom")
        .prefetch_related("groups", "members")
    )
    known = sorted(work, key=lambda assignment: (assignment.due_at is None, assignment.due_at or now, assignment.pk))
    records = _records(known, [member], now, taken=Sitting.objects.select_related("attempt"))
    found = []
    for assignment in known:
        own = _cell(assignment, member, records, now)
        is_told = all(
            sitting.attempt.is_told(now)
            for sitting in records.sittings.get((assignment.pk, member.pk), ())
            if sitting.is_submitted
        )
        found.append((assignment, own if is_told else _hidden(own, assignment), is_told))
    return tuple(found)


def own_total(marks: Iterable[tuple[Assignment, Cell, bool]]) -> Total:
    """The total over what is told."""
    return marking.total(own.mark for _assignment, own, is_told in marks if is_told)


def _hidden(own: Cell, assignment: Assignment) -> Cell:
    return replace(own, mark=Mark(State.WAITING, assignment.points, is_late=own.mark.is_late), decision=Decision())


# What is read.


def _records(
    work: Collection[Assignment],
    members: Collection[Member],
    now: datetime,
    *,
    taken: QuerySet[Sitting] | None = None,
) -> _Records:
    """`taken`: sittings with what more is wanted of them than a mark is made of."""
    rows: dict[str, Any] = {"assignment__in": work, "member__in": members}
    extensions = {
        (row.assignment_id, row.member_id): row.due_at
        for row in Extension.objects.filter(**rows).order_by()
        if row.due_at is not None
    }
    sittings: dict[Key, list[Sitting]] = defaultdict(list)
    taken = Sitting.objects.only(*MARKED) if taken is None else taken
    for sitting in taken.filter(**rows).order_by("number"):
        sittings[sitting.assignment_id, sitting.member_id].append(sitting)
    others = [assignment for assignment in work if not assignment.is_quiz]
    done = practised(others, members, extensions, now) if others else {}
    named = {assignment.pk: _named(assignment) for assignment in work}
    return _Records(extensions, sittings, decisions(MarkChange.objects.filter(**rows)), done, named)


def _named(assignment: Assignment) -> tuple[frozenset[int], frozenset[int]]:
    """Whom the work is for; it needs its groups and members fetched."""
    groups, members = assignment.groups.all(), assignment.members.all()
    return frozenset(group.pk for group in groups), frozenset(member.pk for member in members)


def decisions(changes: QuerySet[MarkChange]) -> dict[Key, Decision]:
    """What these changes come to, by assignment and member. One query."""
    found: dict[Key, Decision] = {}
    for change in changes.order_by("pk"):
        key = change.assignment_id, change.member_id
        found[key] = decided(found.get(key, Decision()), change)
    return found


def decided(before: Decision, change: MarkChange) -> Decision:
    """What holds after `change`: of a mark by hand, an excuse and the computed one the newest, and the newest comment.
    A regrade changes what is computed and decides nothing."""
    after = replace(before, newest=change.pk)
    if change.action == Action.COMMENT:
        return replace(after, comment=change.comment)
    if change.action == Action.REGRADE:
        return after
    is_excused = change.action == Action.EXCUSE
    return replace(after, is_excused=is_excused, points=change.points if change.action == Action.OVERRIDE else None)


# What is made of it.


def _row(member: Member, work: Sequence[Assignment], records: _Records, now: datetime) -> Row:
    cells = tuple(_cell(assignment, member, records, now) for assignment in work)
    return Row(member, cells, marking.total(cell.mark for cell in cells))


def _cell(assignment: Assignment, member: Member, records: _Records, now: datetime) -> Cell:
    key = assignment.pk, member.pk
    sittings = records.sittings.get(key, ())
    decision = records.changes.get(key, Decision())
    due_at = records.extensions.get(key, assignment.due_at)
    if not sittings and not _is_for(records.named[assignment.pk], member):
        return Cell(*key, Mark(State.NOT_SET, assignment.points), decision, due_at)
    mark = _quiz(assignment, sittings, due_at, now)
    if not assignment.is_quiz:
        mark = _practice(assignment, records.practised.get(key, Practised()), due_at, now)
    handed = sum(sitting.is_submitted for sitting in sittings)
    return Cell(*key, _decided(mark, decision), decision, due_at, handed)


def is_set_for(assignment: Assignment, member: Member) -> bool:
    """Whether the work is the learner's, as `AssignmentQuerySet.for_member`; needs its groups and members fetched."""
    return _is_for(_named(assignment), member)


def _is_for(named: tuple[frozenset[int], frozenset[int]], member: Member) -> bool:
    groups, members = named
    return not (groups or members) or member.group_id in groups or member.pk in members


def _decided(mark: Mark, decision: Decision) -> Mark:
    if decision.is_excused:
        return marking.excused(mark)
    return mark if decision.points is None else marking.overridden(mark, decision.points)


def _quiz(assignment: Assignment, sittings: Sequence[Sitting], due_at: datetime | None, now: datetime) -> Mark:
    scored = [handed(sitting, assignment) for sitting in sittings if sitting.is_submitted and sitting.score is not None]
    if scored:
        return marking.earned(marking.counted(scored, assignment.counts))
    if any(sitting.is_submitted for sitting in sittings):
        return Mark(State.WAITING, assignment.points)
    if sittings:
        return Mark(State.WORKING, assignment.points)
    return _untouched(assignment, due_at, now)


def handed(sitting: Sitting, assignment: Assignment) -> Handed:
    """An attempt that was handed in and scored, under the policy that held at its start."""
    policy = sitting.policy
    is_fined = sitting.is_late and policy.get("late", assignment.late) == Assignment.Late.PENALTY
    penalty = int(policy.get("late_penalty", assignment.late_penalty)) if is_fined else 0
    return Handed(sitting.score or 0.0, policy.get("points", assignment.points), penalty, sitting.is_late)


def _practice(assignment: Assignment, done: Practised, due_at: datetime | None, now: datetime) -> Mark:
    is_late = done.reached_at is not None and terms.is_late(done.reached_at, due_at, grace=GRACE)
    penalty = assignment.late_penalty if assignment.late == Assignment.Late.PENALTY else 0
    may_be_late = assignment.late != Assignment.Late.CLOSE
    if done.reached_at is not None and (may_be_late or not is_late):
        return marking.earned(Handed(1.0, assignment.points, penalty if is_late else 0, is_late))
    if due_at is not None and due_at <= now:
        return marking.part(done.share, assignment.points, penalty=penalty)
    if done.share:
        return Mark(State.WORKING, assignment.points, share=done.share)
    return _untouched(assignment, due_at, now)


def _untouched(assignment: Assignment, due_at: datetime | None, now: datetime) -> Mark:
    if due_at is not None and due_at <= now:
        return marking.missing(assignment.points)
    return Mark(State.NOTHING, assignment.points)
