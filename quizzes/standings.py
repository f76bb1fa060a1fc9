"""What a learner knows of courses, lessons and sentences now: read-only, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from curriculum.models import Course, Fact, Lesson
from quizzes.lineage import asked_in_older_words
from quizzes.mastery import KnownFact, Mastery, SentenceRecall, mastery, sentence_recall
from quizzes.memory import as_value
from quizzes.models import Kind, MemoryState, Question
from quizzes.scheduling import day_begins, study_day

PRODUCTIVE = Q(kind__in=[Kind.SHORT_ANSWER, Kind.ENUMERATION]) | Q(kind=Kind.CLOZE, current__body__options=None)
"""Questions without options to pick from."""


@dataclass(frozen=True, slots=True)
class Day:
    """One study day of one learner."""

    now: datetime
    zone: ZoneInfo

    @property
    def date(self) -> date:
        return study_day(self.now, self.zone)

    @property
    def began(self) -> datetime:
        return day_begins(self.date, self.zone)

    @property
    def ends(self) -> datetime:
        return day_begins(self.date + timedelta(days=1), self.zone)


@dataclass(frozen=True, slots=True)
class LessonStanding:
    lesson: Lesson
    mastery: Mastery


@dataclass(frozen=True, slots=True)
class CourseTotal:
    """A course with what is known of it."""

    course: Course
    mastery: Mastery
    facts: tuple[KnownFact, ...]

    @property
    def is_begun(self) -> bool:
        return self.mastery.met > 0

    @property
    def next_lesson(self) -> str | None:
        """The key of the first lesson in which something was never asked."""
        return next((fact.lesson for fact in self.facts if fact.memory is None), None)


@dataclass(frozen=True, slots=True)
class CourseStanding(CourseTotal):
    """And of each lesson."""

    lessons: tuple[LessonStanding, ...]


def totals(learner: User, day: Day, courses: Iterable[Course]) -> tuple[CourseTotal, ...]:
    """What is known of each course. Two queries."""
    courses = list(courses)
    own: dict[int, list[KnownFact]] = {course.pk: [] for course in courses}
    for fact in known_facts(learner, courses):
        own[fact.course_id].append(fact)
    return tuple(CourseTotal(course, _mastery(own[course.pk], day), tuple(own[course.pk])) for course in courses)


def standings(learner: User | None, day: Day, courses: Iterable[Course]) -> tuple[CourseStanding, ...]:
    """What is known of each course and lesson. Three queries."""
    courses = list(courses)
    facts = known_facts(learner, courses)
    by_pk = {course.pk: course for course in courses}
    lessons: dict[int, list[Lesson]] = defaultdict(list)
    for lesson in Lesson.objects.filter(course__in=courses).order_by("course", "order"):
        lesson.course = by_pk[lesson.course_id]
        lessons[lesson.course_id].append(lesson)
    return tuple(_standing(course, lessons[course.pk], facts, day) for course in courses)


def _standing(course: Course, lessons: Iterable[Lesson], facts: Iterable[KnownFact], day: Day) -> CourseStanding:
    own = tuple(fact for fact in facts if fact.course_id == course.pk)
    by_lesson = _by_lesson(own)
    rows = tuple(LessonStanding(lesson, _mastery(by_lesson.get(lesson.key, ()), day)) for lesson in lessons)
    return CourseStanding(course, _mastery(own, day), own, rows)


def _by_lesson(facts: Iterable[KnownFact]) -> dict[str, list[KnownFact]]:
    found: dict[str, list[KnownFact]] = defaultdict(list)
    for fact in facts:
        found[fact.lesson].append(fact)
    return dict(found)


def _mastery(facts: Collection[KnownFact], day: Day) -> Mastery:
    return mastery(facts, now=day.now, day_ends=day.ends)


def known_facts(learner: User | None, courses: Collection[Course], **only: object) -> list[KnownFact]:
    """The facts of these courses that have a question, in document order, with the learner's memory. Two queries."""
    active = Question.objects.active().filter(facts=OuterRef("pk"))
    facts = Fact.objects.filter(Exists(active), course__in=courses, **only).order_by("course", "start", "key")
    rows = MemoryState.objects.filter(learner=learner, fact__course__in=courses)
    memories = {row.fact_id: as_value(row) for row in rows}
    annotated = facts.annotate(
        has_productive=Exists(active.filter(PRODUCTIVE)),
        is_older=asked_in_older_words(learner.pk if learner else None, courses),
    )
    return [
        KnownFact(*row[:-1], memory=memories.get(row[0]), is_outdated=row[-1] and row[0] not in memories)
        for row in annotated.values_list(
            "pk",
            "key",
            "course_id",
            "sentence__passage__lesson__key",
            "sentence__key",
            "core",
            "weight",
            "has_productive",
            "is_older",
        )
    ]


def lesson_mastery(learner: User, course: Course, day: Day) -> dict[str, Mastery]:
    """What is known of each lesson, by its key; empty before the first answer. Two queries."""
    by_lesson = _by_lesson(known_facts(learner, [course]))
    found = {key: _mastery(facts, day) for key, facts in by_lesson.items()}
    return found if any(row.met for row in found.values()) else {}


def lesson_recall(learner: User, lesson: Lesson, now: datetime) -> dict[str, SentenceRecall]:
    """What is known of each sentence of a lesson, by its key; empty before the first answer. Two queries."""
    by_sentence: dict[str, list[KnownFact]] = defaultdict(list)
    for fact in known_facts(learner, [lesson.course], sentence__passage__lesson=lesson):
        by_sentence[fact.sentence].append(fact)
    found = {key: sentence_recall(facts, now) for key, facts in by_sentence.items()}
    return found if any(row.n for row in found.values()) else {}


def first_steps() -> tuple[Course | None, Lesson | None]:
    """Where somebody new begins: the first published course and its first lesson with a question. Two queries."""
    course = Course.objects.published().newest().defer("text").first()
    if course is None:
        return None, None
    return course, course.lessons.filter(Exists(Question.objects.active().filter(lesson=OuterRef("pk")))).first()
