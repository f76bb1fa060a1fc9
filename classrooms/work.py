"""How learners stand with what is set for them. A constant number of queries for any number of either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, FloatField, OuterRef, Q, Subquery, When
from django.db.models.functions import Cast

from accounts.models import User
from classrooms import sittings
from classrooms.access import places_of
from classrooms.models import Assignment, Classroom, Completion, Extension, MarkChange, Member, Sitting
from classrooms.practised import Practised, practised
from classrooms.terms import Terms, is_late
from quizzes.models import AttemptItem
from quizzes.papers import GRACE

Key = tuple[int, int]
DECIDE = (MarkChange.Action.EXCUSE, MarkChange.Action.OVERRIDE, MarkChange.Action.CLEAR)
FINISHED = ("handed_in", "done", "late", "excused")
SECONDS_A_QUESTION = 30
MINUTES_A_REVIEW = 8
_KEPT = Cast(Count("pk", filter=~Q(saved=None) | ~Q(answered_at=None)), FloatField())
_ITEMS = AttemptItem.objects.filter(attempt=OuterRef("attempt")).order_by().values("attempt")
ANSWERED = Case(When(submitted_at=None, then=Subquery(_ITEMS.values(share=_KEPT / Count("pk")))))
"""Of a sitting that is open: the share of its questions with an answer, 0 to 1."""


@dataclass(frozen=True, slots=True)
class WorkStanding:
    """One learner and one assignment.

    `state`: "not_open", "not_started", "working", "handed_in" (a quiz), "done" (practice, review), "late" (either,
    after it was due), "missing" (due, nothing handed in), "excused". `due_at` is the learner's own. `done` is 0 to 1:
    of an open attempt the share of questions with an answer, of practice and review the share of what is wanted.
    """

    state: str
    due_at: datetime | None
    done: float = 0.0
    attempts_used: int = 0
    submitted_at: datetime | None = None
    is_late: bool = False

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED

    @property
    def percent(self) -> int:
        return int(100 * self.done)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom each assignment is set for: row ids of groups and members by that of the assignment; none of both: all."""

    groups: Mapping[int, set[int]]
    members: Mapping[int, set[int]]

    def includes(self, assignment: Assignment, member: Member) -> bool:
        groups, members = self.groups.get(assignment.pk), self.members.get(assignment.pk)
        if not groups and not members:
            return True
        return member.pk in (members or ()) or member.group_id in (groups or ())


@dataclass(slots=True)
class _Records:
    """What there is, by row ids of assignment and member."""

    extensions: dict[Key, Extension] = field(default_factory=dict)
    sittings: dict[Key, list[Sitting]] = field(default_factory=lambda: defaultdict(list))
    excused: set[Key] = field(default_factory=set)
    practised: dict[Key, Practised] = field(default_factory=dict)


def standing(assignment: Assignment, members: Collection[Member], now: datetime) -> dict[int, WorkStanding]:
    """By row id of the member; of those it is not set for, too, if they are given. At most ten queries."""
    found = standings([assignment], members, now)
    return {member.pk: found[assignment.pk, member.pk] for member in members}


def standings(
    assignments: Collection[Assignment], members: Collection[Member], now: datetime
) -> dict[Key, WorkStanding]:
    """By row ids of assignment and member, every pair. The assignments need `classroom`, the members `user`."""
    records = _records(assignments, members, now)
    return {(work.pk, member.pk): _standing(work, member, records, now) for work in assignments for member in members}


def _records(assignments: Collection[Assignment], members: Collection[Member], now: datetime) -> _Records:
    records = _Records()
    rows = {"assignment__in": assignments, "member__in": members}
    for extension in Extension.objects.filter(**rows):
        records.extensions[extension.assignment_id, extension.member_id] = extension
    taken = Sitting.objects.filter(**rows).annotate(share=ANSWERED).select_related("attempt")
    for sitting in taken.order_by("number"):
        records.sittings[sitting.assignment_id, sitting.member_id].append(sitting)
    decided = MarkChange.objects.filter(**rows, action__in=DECIDE).order_by("pk")
    newest = {(row.assignment_id, row.member_id): row.action for row in decided.only("assignment", "member", "action")}
    records.excused = {key for key, action in newest.items() if action == MarkChange.Action.EXCUSE}
    drilled = [work for work in assignments if not work.is_quiz]
    if drilled:
        due = {key: row.due_at for key, row in records.extensions.items() if row.due_at}
        records.practised = practised(drilled, members, due, now)
    return records


def _standing(assignment: Assignment, member: Member, records: _Records, now: datetime) -> WorkStanding:
    key = assignment.pk, member.pk
    rules = sittings.terms_of(assignment, member, records.extensions.get(key))
    if assignment.is_quiz:
        found = _of_quiz(rules, records.sittings.get(key, []), now)
    else:
        found = _of_practice(rules, records.practised.get(key, Practised()), now)
    if key in records.excused:
        return WorkStanding("excused", rules.due_at, found.done, found.attempts_used, found.submitted_at)
    return found


def _of_quiz(rules: Terms, taken: Sequence[Any], now: datetime) -> WorkStanding:
    """`taken`: sittings with `share`."""
    handed = [row for row in taken if row.is_submitted]
    running = next((row for row in taken if not row.is_submitted), None)
    if handed:
        last = handed[-1]
        is_tardy = all(row.is_late for row in handed)
        state = "working" if running else "late" if is_tardy else "handed_in"
        done = running.share or 0.0 if running else 1.0
        return WorkStanding(state, rules.due_at, done, len(taken), last.submitted_at, is_tardy)
    if running:
        return WorkStanding("working", rules.due_at, running.share or 0.0, len(taken))
    return WorkStanding(_untouched(rules, now), rules.due_at)


def _of_practice(rules: Terms, found: Practised, now: datetime) -> WorkStanding:
    if found.reached_at is not None:
        is_tardy = is_late(found.reached_at, rules.due_at, grace=GRACE)
        state = "late" if is_tardy else "done"
        return WorkStanding(state, rules.due_at, 1.0, submitted_at=found.reached_at, is_late=is_tardy)
    state = _untouched(rules, now)
    if state == "not_started" and found.share:
        state = "working"
    return WorkStanding(state, rules.due_at, found.share)


def _untouched(rules: Terms, now: datetime) -> str:
    if rules.is_early(now):
        return "not_open"
    return "missing" if rules.due_at is not None and rules.due_at <= now else "not_started"


def audience(assignments: Collection[Assignment]) -> Audience:
    """Two queries."""
    groups: dict[int, set[int]] = defaultdict(set)
    members: dict[int, set[int]] = defaultdict(set)
    for assignment, group in Assignment.groups.through.objects.filter(assignment__in=assignments).values_list(
        "assignment", "group"
    ):
        groups[assignment].add(group)
    for assignment, member in Assignment.members.through.objects.filter(assignment__in=assignments).values_list(
        "assignment", "member"
    ):
        members[assignment].add(member)
    return Audience(groups, members)


# Completions.


def note_completions(classroom: Classroom, now: datetime, *, members: Collection[Member] | None = None) -> int:
    """Write down who has reached what a practice or review assignment asks for; how many rows are new.

    Without `members`, for every learner of the class. Safe to be run twice at once.
    """
    related = classroom.assignments.open_at(now).select_related("classroom")
    work = list(related.exclude(sort=Assignment.Sort.QUIZ))
    if not work:
        return 0
    if members is None:
        members = list(classroom.members.active().learners().select_related("user"))
    known = set(Completion.objects.filter(assignment__in=work, member__in=members).values_list("assignment", "member"))
    whom = audience(work)
    due = {
        (row.assignment_id, row.member_id): row.due_at
        for row in Extension.objects.filter(assignment__in=work, member__in=members).exclude(due_at=None)
    }
    people = {member.pk: member for member in members}
    rows = [
        Completion(assignment=assignment, member_id=member_id, reached_at=row.reached_at)
        for assignment in work
        for (found, member_id), row in practised([assignment], members, due, now).items()
        if row.reached_at is not None
        and (found, member_id) not in known
        and whom.includes(assignment, people[member_id])
    ]
    Completion.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


# One learner's list.


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: the assignment, how the learner stands with it, and about how many minutes it takes."""

    assignment: Assignment
    standing: WorkStanding
    minutes: int

    @property
    def classroom(self) -> Classroom:
        return self.assignment.classroom


def tasks(user: User, now: datetime, *, classroom: Classroom | None = None) -> tuple[Task, ...]:
    """What is set for `user` in their current classes (in one of them), the next due first. One query for somebody in
    no class, at most eleven otherwise, however much is set."""
    mine = places_of(user).learners()
    return tasks_of(list(mine if classroom is None else mine.filter(classroom=classroom)), now)


def tasks_of(places: Collection[Member], now: datetime) -> tuple[Task, ...]:
    """The same for somebody's places as a learner, one in each class. At most ten queries; none without a place."""
    members = {member.classroom_id: member for member in places}
    if not members:
        return ()
    published = Assignment.objects.published().for_members(places)
    related = published.select_related("classroom__course").defer("classroom__course__text")
    own = list(related.annotate(n_lessons=Count("lessons", distinct=True)))
    rows = standings(own, list(members.values()), now)
    made = [_task(work, rows[work.pk, members[work.classroom_id].pk], members[work.classroom_id]) for work in own]
    return tuple(
        sorted(made, key=lambda task: (task.standing.due_at is None, task.standing.due_at or now, task.assignment.pk))
    )


def _task(assignment: Assignment, standing: WorkStanding, member: Member) -> Task:
    return Task(assignment, standing, minutes(assignment, standing, member))


def minutes(assignment: Assignment, standing: WorkStanding, member: Member) -> int:
    """About how long it takes, at least a minute: a quiz its time limit or half a minute for each question; what is
    left of practice 15 minutes for each lesson; a review 8 minutes a day."""
    if assignment.is_quiz:
        asked = max((len(row) for row in assignment.paper.values()), default=0) or assignment.count
        usual = round(asked * SECONDS_A_QUESTION / 60)
        return max(1, usual if assignment.minutes is None else min(assignment.minutes, usual) or usual)
    if assignment.sort == Assignment.Sort.REVIEW:
        return MINUTES_A_REVIEW
    n_lessons = getattr(assignment, "n_lessons", 1) or 1
    return max(1, round(15 * n_lessons * (1 - standing.done)))
