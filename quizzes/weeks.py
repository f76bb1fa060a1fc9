"""What a learner knew at the beginning of each week: noted once a week, when the first run of the week begins.

At that moment nothing was answered yet in the new week, and the history before each Monday is complete. So reports can
show growth at a cost that depends on learners, lessons and weeks, not on the number of answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from curriculum.models import Course, Lesson
from quizzes.lineage import history
from quizzes.mastery import KnownFact, knowledge
from quizzes.memory import replay
from quizzes.models import Grading, KnowledgeWeek, MemoryState
from quizzes.scheduling import FactState, Memory, day_begins, study_day
from quizzes.standings import known_facts

WEEK = timedelta(weeks=1)
MOST_WEEKS = 60
"""Older weeks than these are not noted after a long absence."""


def monday_of(day: date) -> date:
    """The Monday of the week that `day` is in."""
    return day - timedelta(days=day.weekday())


def note(learner: User, *, now: datetime) -> int:
    """Note every week that began since the last one noted; returns how many rows. One query when there is none."""
    zone = ZoneInfo(learner.time_zone)
    this = monday_of(study_day(now, zone))
    newest = KnowledgeWeek.objects.filter(learner=learner).order_by("-monday").values_list("monday", flat=True).first()
    if newest is not None and newest >= this:
        return 0
    gradings = list(history(learner.pk, Grading.objects.filter(learner=learner).order_by().values("fact")))
    if not gradings:
        return 0
    first = monday_of(study_day(gradings[0].answered_at, zone)) + WEEK
    after_newest = first if newest is None else newest + WEEK
    begins = max(after_newest, this - MOST_WEEKS * WEEK)
    rows = list(_rows(learner, gradings, _mondays(begins, this), zone))
    KnowledgeWeek.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _mondays(first: date, last: date) -> list[date]:
    return [first + at * WEEK for at in range((last - first).days // 7 + 1)]


def _rows(
    learner: User, gradings: Iterable[Grading], mondays: Iterable[date], zone: ZoneInfo
) -> Iterator[KnowledgeWeek]:
    """One row for each Monday and each lesson of which something was met by then."""
    facts = _facts_of(learner)
    waiting = list(gradings)
    memories: Mapping[int, Memory] = {}
    for monday in mondays:
        began = day_begins(monday, zone)
        memories = replay((row for row in waiting if row.answered_at < began), dict(memories))
        waiting = [row for row in waiting if row.answered_at >= began]
        for lesson, own in facts.items():
            row = week_row(learner.pk, lesson, monday, _then(own, memories), began)
            if row.met:
                yield row


def _facts_of(learner: User) -> dict[int, list[KnownFact]]:
    """By lesson (row id): the facts that can be asked, of the courses that the learner has met."""
    met = MemoryState.objects.filter(learner=learner).values("fact__course").distinct()
    courses = list(Course.objects.filter(pk__in=met).defer("text"))
    lessons = {(row.course_id, row.key): row.pk for row in Lesson.objects.filter(course__in=courses)}
    by_lesson: dict[int, list[KnownFact]] = defaultdict(list)
    for fact in known_facts(learner, courses):
        by_lesson[lessons[fact.course_id, fact.lesson]].append(fact)
    return by_lesson


def _then(facts: Iterable[KnownFact], memories: Mapping[int, Memory]) -> list[KnownFact]:
    return [replace(fact, memory=memories.get(fact.pk)) for fact in facts]


def week_row(learner: int, lesson: int, monday: date, facts: list[KnownFact], at: datetime) -> KnowledgeWeek:
    """What is known of the facts of one lesson at a time, as an unsaved row."""
    states = [fact.state for fact in facts]
    return KnowledgeWeek(
        learner_id=learner,
        lesson_id=lesson,
        monday=monday,
        total=len(facts),
        met=len(facts) - states.count(FactState.NEW),
        secure=states.count(FactState.SECURE),
        knowledge=knowledge(facts, at),
    )
