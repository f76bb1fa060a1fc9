"""The weekly mail as values: per class what an instructor should act on, per course what comes back for a learner.

Reads only. A learner's part tells of nobody else; what there is nothing to say about is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Digest, User
from classrooms.assigned import Work
from classrooms.models import Classroom
from classrooms.work import Task, tasks
from curriculum.models import Course, Sentence
from curriculum.reading import Display, display
from quizzes.mastery import Mastery, SentenceRecall
from quizzes.models import Response
from quizzes.standings import Day, standings
from reports import class_tables
from reports.classes import ClassOverview, class_overview
from reports.document import hardest_sentences

AHEAD = timedelta(days=7)
NAMED, SENTENCES = 8, 3
"""So many learners and sentences are named; the report has all."""


@dataclass(frozen=True, slots=True)
class ClassPart:
    """One class. `helping`: names with reasons; `further`: how many more need help; `due`: work due within a week.

    `mean` and `before` are the class's recall now and as last week began, 0 to 1, None where it is not known.
    """

    classroom: Classroom
    display: Display
    helping: tuple[tuple[str, tuple[str, ...]], ...]
    further: int
    hardest: tuple[tuple[Sentence, SentenceRecall], ...]
    due: tuple[Work, ...]
    mean: float | None
    before: float | None

    @property
    def is_empty(self) -> bool:
        return not (self.helping or self.hardest or self.due) and self.mean is None

    @property
    def change(self) -> int | None:
        """In percentage points."""
        return None if self.mean is None or self.before is None else round(100 * self.mean) - round(100 * self.before)

    @property
    def lost(self) -> int:
        """By how many percentage points it fell; below 0 if it rose."""
        return -(self.change or 0)


@dataclass(frozen=True, slots=True)
class CoursePart:
    """One course of a learner. `coming`: facts that come back within a week; `days`: with practice in the last one."""

    course: Course
    display: Display
    mastery: Mastery
    coming: int
    days: int


@dataclass(frozen=True, slots=True)
class Mail:
    """What one person is told this week."""

    person: User
    classes: tuple[ClassPart, ...] = ()
    courses: tuple[CoursePart, ...] = ()
    work: tuple[Task, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.classes or self.courses or self.work)


def weekly(person: User, wishes: Digest, day: Day, *, script: str) -> Mail:
    """The mail of this week, with the parts that the person wants."""
    classes = _classes(person, day.now, script) if wishes.about_classes else ()
    courses = _courses(person, day, script) if wishes.about_learning else ()
    work = _work(person, day.now) if wishes.about_learning else ()
    return Mail(person, tuple(classes), tuple(courses), tuple(work))


def _classes(person: User, now: datetime, script: str) -> Iterator[ClassPart]:
    for classroom in Classroom.objects.current().taught_by(person).select_related("course").defer("course__text"):
        part = _class(class_overview(classroom, now, since=Day(now, classroom.zone).date - AHEAD), now, script)
        if not part.is_empty:
            yield part


def _class(found: ClassOverview, now: datetime, script: str) -> ClassPart:
    classroom, how = found.classroom, display(found.classroom.course, script)
    reasons = class_tables.reasons(found, how)
    helping = [(row.member.shown_name, tuple(reasons[row.member.pk])) for row in found.helping]
    return ClassPart(
        classroom=classroom,
        display=how,
        helping=tuple(helping[:NAMED]),
        further=max(0, len(helping) - NAMED),
        hardest=tuple(hardest_sentences(found.columns, found.recalled, most=SENTENCES)),
        due=tuple(row for row in found.work if is_near(row.assignment.due_at, now)),
        mean=found.mean,
        before=found.mean_before,
    )


def is_near(due_at: datetime | None, now: datetime) -> bool:
    """Whether something is due within a week from now."""
    return due_at is not None and now <= due_at <= now + AHEAD


def _courses(person: User, day: Day, script: str) -> Iterator[CoursePart]:
    """Those begun, of which something comes back or was practised. An older edition that was replaced is left out."""
    begun = Course.objects.filter(attempts__learner=person, replaced_by=None).distinct().defer("text")
    since = day.date - AHEAD
    for standing in standings(person, day, begun.order_by("title", "pk")):
        coming = sum(fact.memory is not None and fact.memory.due_at <= day.now + AHEAD for fact in standing.facts)
        runs = {"item__attempt__learner": person, "item__attempt__course": standing.course}
        days = Response.objects.filter(**runs, study_day__gt=since).values("study_day").distinct().order_by().count()
        if coming or days:
            how = display(standing.course, script)
            yield CoursePart(standing.course, how, standing.mastery, coming, days)


def _work(person: User, now: datetime) -> Iterator[Task]:
    return (row for row in tasks(person, now) if not row.standing.is_finished and is_near(row.standing.due_at, now))
