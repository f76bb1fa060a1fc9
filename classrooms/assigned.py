"""Work that is set and how far a class is with it: three queries for any number of assignments and learners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, F, Q, Value

from classrooms.models import Assignment, Classroom, Completion, Extension, MarkChange, Sitting
from classrooms.needs import WINDOW, Untouched

DECISIONS = (MarkChange.Action.EXCUSE, MarkChange.Action.OVERRIDE, MarkChange.Action.CLEAR)


class Assignee(NamedTuple):
    """A learner of the class as far as work goes: row ids of the member, the person and the group."""

    member: int
    user: int
    group: int | None


@dataclass(frozen=True, slots=True)
class Work:
    """One assignment that is open: of `members` who have to do it, who began (`begun`) and who is through (`done`).

    All are row ids of members; excused learners are left out. `due`: the due time of members who have another one.
    """

    assignment: Assignment
    lessons: frozenset[int]
    members: frozenset[int]
    begun: frozenset[int]
    done: frozenset[int]
    due: Mapping[int, datetime] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return len(self.members)

    @property
    def n_done(self) -> int:
        return len(self.done)

    @property
    def n_working(self) -> int:
        return len(self.begun - self.done)

    def due_of(self, member: int) -> datetime | None:
        return self.due.get(member, self.assignment.due_at)


def open_work(classroom: Classroom, people: Collection[Assignee], now: datetime) -> tuple[Work, ...]:
    """Work that is open now or was due in the last two weeks, the next due first. Three queries."""
    return open_work_of({classroom.pk: people}, now).get(classroom.pk, ())


def open_work_of(people: Mapping[int, Collection[Assignee]], now: datetime) -> dict[int, tuple[Work, ...]]:
    """The same of several classes at once, each with its learners, by row id. Three queries."""
    recent = Q(due_at__gte=now - WINDOW) | Q(due_at=None)
    due_first = F("due_at").asc(nulls_last=True)
    set_now = Assignment.objects.open_at(now).filter(recent, classroom__in=people).order_by(due_first, "pk")
    found = list(set_now)
    targets, marks = _targets(found), _marks(found)
    work: dict[int, list[Work]] = defaultdict(list)
    for row in found:
        work[row.classroom_id].append(_work(row, people[row.classroom_id], targets[row.pk], marks[row.pk]))
    return {
        classroom: tuple(sorted(rows, key=lambda row: (row.assignment.due_at or now) < now))
        for classroom, rows in work.items()
    }


def _work(
    assignment: Assignment,
    people: Collection[Assignee],
    targets: Mapping[str, set[int]],
    marks: Mapping[str, dict[int, datetime | None]],
) -> Work:
    is_for_all = not targets["group"] and not targets["member"]
    meant = frozenset(
        person.member
        for person in people
        if is_for_all or person.member in targets["member"] or person.group in targets["group"]
    ).difference(_excused(marks))
    done = meant & {member for name in ("sitting", "completion") for member, at in marks[name].items() if at}
    due = {member: at for member, at in marks["extension"].items() if at}
    begun = meant & marks["sitting"].keys() | done
    return Work(assignment, frozenset(targets["lesson"]), meant, begun, done, due)


def _targets(assignments: Collection[Assignment]) -> dict[int, dict[str, set[int]]]:
    """Row ids of groups, members and lessons that each assignment names. One query."""
    found: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    named = [
        (Assignment.groups.through, "group"),
        (Assignment.members.through, "member"),
        (Assignment.lessons.through, "lesson"),
    ]
    rows = [
        through._default_manager.filter(assignment__in=assignments)
        .annotate(sort=Value(name, CharField()))
        .order_by()
        .values_list("sort", "assignment_id", f"{name}_id")
        for through, name in named
    ]
    for sort, assignment, pk in rows[0].union(*rows[1:], all=True):
        found[assignment][sort].add(pk)
    return found


def _marks(assignments: Collection[Assignment]) -> dict[int, dict[str, dict[int, datetime | None]]]:
    """What there is of each assignment, by sort and member, with its time: sittings (when the first was handed in),
    completions, extensions (the due time), and what instructors decided (the newest of each action). One query."""
    found: dict[int, dict[str, dict[int, datetime | None]]] = defaultdict(lambda: defaultdict(dict))
    decisions = MarkChange.objects.filter(action__in=DECISIONS)
    rows = [
        _dated(Sitting.objects, assignments, Value("sitting", CharField()), "submitted_at"),
        _dated(Completion.objects, assignments, Value("completion", CharField()), "reached_at"),
        _dated(Extension.objects, assignments, Value("extension", CharField()), "due_at"),
        _dated(decisions, assignments, F("action"), "made_at"),
    ]
    for sort, assignment, member, at in rows[0].union(*rows[1:], all=True):
        row = found[assignment][sort]
        row[member] = max(filter(None, [row.get(member), at]), default=None)
    return found


def _dated(rows: Any, assignments: Collection[Assignment], sort: Value | F, at: str) -> Any:
    own = rows.filter(assignment__in=assignments).order_by()
    return own.annotate(sort=sort, at=F(at)).values_list("sort", "assignment_id", "member_id", "at")


def _excused(marks: Mapping[str, Mapping[int, datetime | None]]) -> set[int]:
    """Members whose newest decision is to excuse them."""
    excused = set()
    for member, at in marks["excuse"].items():
        later = [marks[name].get(member) for name in (MarkChange.Action.OVERRIDE, MarkChange.Action.CLEAR)]
        if at and not any(other and other > at for other in later):
            excused.add(member)
    return excused


def untouched(work: Collection[Work], member: int, lessons_begun: Collection[int]) -> tuple[Untouched, ...]:
    """Work with a due time that a member has to do and did not begin. For practice and review an answer in one of its
    lessons (row ids in `lessons_begun`) is a beginning."""
    return tuple(
        Untouched(row.assignment.pk, due_at)
        for row in work
        if member in row.members - row.begun
        and (due_at := row.due_of(member)) is not None
        and (row.assignment.is_quiz or not row.lessons.intersection(lessons_begun))
    )
