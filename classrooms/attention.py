"""What an instructor's home page begins with: a line for each class in which somebody needs them. Read-only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractUser
from django.db.models import Count, F

from classrooms.assigned import Assignee, open_work_of, untouched
from classrooms.evidence import MISSED, answers_of, by_lesson, counting, lessons_begun
from classrooms.models import Classroom, Member
from classrooms.needs import needs_help
from classrooms.today import is_hard

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """One class: how many of `learners` need help, how many wait to be let in, and the share of `asked` learners who
    missed the statement that is missed most; None without one."""

    classroom: Classroom
    learners: int
    needing: int
    waiting: int
    missed: float | None
    asked: int

    @property
    def is_calm(self) -> bool:
        return not (self.needing or self.waiting or self.missed)


def needs_you(user: AbstractUser, now: datetime) -> tuple[Line, ...]:
    """A line for each class that `user` teaches, those with most to do first. One query for somebody who teaches none,
    eight otherwise, however many classes there are; nine where somebody may need help."""
    mine = Classroom.objects.current().taught_by(user).order_by("name", "pk")
    return lines(list(mine.only("name", "course", "created_at", "archived_at")), now)


def lines(classes: Collection[Classroom], now: datetime) -> tuple[Line, ...]:
    """The same for classes that are at hand, by name. No query for none of them, at most eight otherwise."""
    if not classes:
        return ()
    people, waiting = _people(classes)
    work = open_work_of(people, now)
    rows = by_lesson(classes, now)
    answers, begun, hardest = answers_of(classes, rows, now), lessons_begun(rows), _hardest(classes, now)
    lessons = {lesson: course for course, lesson in _lessons(classes)}
    found = []
    for row in classes:
        needing = 0
        for person in people[row.pk]:
            own = [answer for answer in answers[person.user] if lessons.get(answer.lesson) == row.course_id]
            late = untouched(work.get(row.pk, ()), person.member, begun[person.user])
            needing += bool(needs_help(own, late, now=now))
        missed, asked = hardest.get(row.pk, (None, 0))
        found.append(Line(row, len(people[row.pk]), needing, waiting[row.pk], missed, asked))
    return tuple(sorted(found, key=lambda line: (line.is_calm, -line.needing, -line.waiting)))


def _people(classes: Collection[Classroom]) -> tuple[dict[int, list[Assignee]], dict[int, int]]:
    """The learners of each class, and how many wait. One query."""
    rows = Member.objects.learners().filter(classroom__in=classes).order_by()
    current = rows.filter(status__in=[Member.Status.ACTIVE, Member.Status.WAITING])
    people: dict[int, list[Assignee]] = {row.pk: [] for row in classes}
    waiting: dict[int, int] = defaultdict(int)
    for classroom, status, *person in current.values_list("classroom", "status", "pk", "user", "group"):
        if status == Member.Status.WAITING:
            waiting[classroom] += 1
        else:
            people[classroom].append(Assignee(*person))
    return people, waiting


def _lessons(classes: Collection[Classroom]) -> list[tuple[int, int]]:
    """(course, lesson) of the courses that the classes read. One query."""
    rows = Classroom.objects.filter(pk__in=[row.pk for row in classes]).exclude(course__lessons=None)
    return list(rows.order_by().values_list("course", "course__lessons").distinct())


def _hardest(classes: Collection[Classroom], now: datetime) -> dict[int, tuple[float, int]]:
    """(share, learners asked) of the statement that is missed most in each class this week. One query."""
    of_class = {
        "learner__memberships__classroom__in": classes,
        "learner__memberships__classroom__course": F("question__course"),
        "learner__memberships__role": Member.Role.LEARNER,
        "learner__memberships__status": Member.Status.ACTIVE,
    }
    graded = counting(classes, now - LATELY).filter(**of_class)
    rows = graded.values_list("learner__memberships__classroom", "fact")
    people = Count("learner", distinct=True)
    found: dict[int, tuple[float, int]] = {}
    for classroom, _fact, asked, missed in rows.annotate(
        n=people, missed=Count("learner", distinct=True, filter=MISSED)
    ):
        if is_hard(missed, asked):
            found[classroom] = max(found.get(classroom, (0.0, 0)), (missed / asked, asked))
    return found
