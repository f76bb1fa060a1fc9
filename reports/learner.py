"""One learner and one course: what is known, how it grew, what it took. Read-only values; every share says of how many.

The learner sees all of it; an instructor sees it for the class's course. Answers to a quiz whose results are not told
yet are left out for the learner (`for_learner`), since they would tell them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from accounts.models import User
from curriculum.models import Course, Fact, Lesson, Sentence
from quizzes.charts import Column, columns, curve
from quizzes.mastery import (
    FEWEST_ANSWERS,
    DayLoad,
    KnownFact,
    Mastery,
    SentenceRecall,
    forecast,
    knowledge,
    sentence_recall,
)
from quizzes.memory import answered_since
from quizzes.models import Attempt, Grading, Kind, KnowledgeWeek, Response
from quizzes.progress import History, history
from quizzes.scheduling import day_begins
from quizzes.standings import CourseStanding, Day, standings
from quizzes.summary import WeakFact, texts, weak_fact, weakest
from quizzes.validity.solvers import wilson
from quizzes.weeks import WEEK, monday_of

WEAKEST = 8
CONFUSIONS = 10
WEEKS = 12
FIRST = Q(try_number=1, item__is_repeat=False)
RIGHT = FIRST & Q(verdict="correct", hints_taken=0)
"""Right at the first try, without help, when the question came for the first time in its run."""


@dataclass(frozen=True, slots=True)
class Share:
    """`right` of `n`; the share and its 95 % interval (Wilson 1927) only from five on."""

    right: int
    n: int

    @property
    def share(self) -> float | None:
        return self.right / self.n if self.n >= FEWEST_ANSWERS else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.right, self.n) if self.n >= FEWEST_ANSWERS else None


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson now, and its K (`quizzes.mastery.knowledge`) on the chosen date without further practice."""

    lesson: Lesson
    mastery: Mastery
    recall_then: float | None


@dataclass(frozen=True, slots=True)
class Week:
    """A week of practice. `knowledge`: K of the course as it began, None before anything was noted."""

    monday: date
    first_tries: Share
    answers: int
    minutes: float
    days: int
    knowledge: float | None


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """`given` was taken for the answer of a fact, `times` times, the last time at `last_at`."""

    subject: str
    key: str
    given: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A sentence with what is known of its facts."""

    lesson: Lesson
    sentence: Sentence
    recall: SentenceRecall


@dataclass(frozen=True, slots=True)
class LearnerReport:
    """`then` is the chosen date; `days_practised`, `minutes` and `answers` count from the beginning."""

    learner: User
    course: Course
    day: Day
    then: date
    standing: CourseStanding
    lessons: tuple[LessonRow, ...]
    recall_then: float | None
    days_practised: int
    minutes: float
    answers: int
    by_kind: tuple[tuple[Kind, Share], ...]
    weeks: tuple[Week, ...]
    confusions: tuple[ConfusedPair, ...]
    weakest: tuple[WeakFact, ...]
    sentences: tuple[SentenceRow, ...]
    coming: tuple[DayLoad, ...]
    history: History

    @property
    def mastery(self) -> Mastery:
        return self.standing.mastery

    @property
    def whole_minutes(self) -> int:
        return round(self.minutes)

    @property
    def first_tries(self) -> Share:
        return Share(sum(row.right for _kind, row in self.by_kind), sum(row.n for _kind, row in self.by_kind))

    @property
    def load_columns(self) -> tuple[Column, ...]:
        """The forecast as columns (`quizzes.charts`)."""
        return columns([load.due for load in self.coming])

    @property
    def growth(self) -> str:
        """K week by week as an SVG path in a box 100 wide and 40 high; "" with fewer than two weeks."""
        known = [week.knowledge for week in self.weeks if week.knowledge is not None]
        return curve(known, width=100, height=40) if len(known) > 1 else ""

    @property
    def trend(self) -> str:
        """First-try accuracy by week as an SVG path in the same box; weeks with too few answers are left out."""
        shares = [week.first_tries.share for week in self.weeks if week.first_tries.share is not None]
        return curve(shares, width=100, height=40) if len(shares) > 1 else ""


def learner_report(
    learner: User, course: Course, day: Day, *, then: date | None = None, for_learner: bool
) -> LearnerReport:
    """Eleven queries. `then`: 30 days ahead unless chosen."""
    (standing,) = standings(learner, day, [course])
    then = then or day.date + timedelta(days=30)
    at = day_begins(then, day.zone)
    responses = _responses(learner, course, day, for_learner=for_learner)
    tallies = list(
        responses.order_by()
        .values("study_day", "item__version__question__kind")
        .annotate(
            answers=Count("item", distinct=True),
            tries=Count("pk", filter=FIRST),
            right=Count("pk", filter=RIGHT),
            ms=Sum("elapsed_ms"),
        )
    )
    weak = weakest(standing.facts, day)[:WEAKEST]
    rows = texts(fact.pk for fact in weak)
    return LearnerReport(
        learner=learner,
        course=course,
        day=day,
        then=then,
        standing=standing,
        lessons=tuple(_lesson_rows(standing, at)),
        recall_then=_recall(standing.facts, standing.mastery, at),
        days_practised=len({row["study_day"] for row in tallies}),
        minutes=sum(row["ms"] or 0 for row in tallies) / 60_000,
        answers=sum(row["answers"] for row in tallies),
        by_kind=_by_kind(tallies),
        weeks=_weeks(learner, course, tallies, day),
        confusions=_confusions(learner, course, responses),
        weakest=tuple(weak_fact(rows[fact.pk], fact, day) for fact in weak),
        sentences=_sentences(course, standing.facts, day),
        coming=_coming(learner, standing, day),
        history=history(responses, day),
    )


def _responses(learner: User, course: Course, day: Day, *, for_learner: bool) -> QuerySet[Response]:
    runs = Attempt.objects.filter(learner=learner, course=course)
    return Response.objects.filter(item__attempt__in=runs.told_by(day.now) if for_learner else runs)


def _lesson_rows(standing: CourseStanding, at: datetime) -> Iterable[LessonRow]:
    by_lesson = _by(standing.facts, lambda fact: fact.lesson)
    for row in standing.lessons:
        facts = by_lesson.get(row.lesson.key, [])
        yield LessonRow(row.lesson, row.mastery, _recall(facts, row.mastery, at))


def _recall(facts: Sequence[KnownFact], mastery: Mastery, at: datetime) -> float | None:
    """K at a time, where there are answers enough for an estimate."""
    return None if mastery.recall_now is None else knowledge(facts, at)


def _by(facts: Iterable[KnownFact], name: Callable[[KnownFact], str]) -> dict[str, list[KnownFact]]:
    found: dict[str, list[KnownFact]] = defaultdict(list)
    for fact in facts:
        found[name(fact)].append(fact)
    return found


def _by_kind(tallies: Iterable[Mapping[str, Any]]) -> tuple[tuple[Kind, Share], ...]:
    """Kinds that were asked, in the order in which they are always named."""
    right, tries = defaultdict[str, int](int), defaultdict[str, int](int)
    for row in tallies:
        kind = row["item__version__question__kind"]
        right[kind] += row["right"]
        tries[kind] += row["tries"]
    return tuple((kind, Share(right[kind], tries[kind])) for kind in Kind if tries[kind])


def _weeks(learner: User, course: Course, tallies: Iterable[Mapping[str, Any]], day: Day) -> tuple[Week, ...]:
    """Twelve weeks, the oldest first; those before the first answer are left out."""
    noted = _noted(learner, course)
    rows: dict[date, list[Mapping[str, Any]]] = defaultdict(list)
    for row in tallies:
        rows[monday_of(row["study_day"])].append(row)
    this = monday_of(day.date)
    first = max(min(rows, default=this), this - (WEEKS - 1) * WEEK)
    mondays = [first + at * WEEK for at in range((this - first).days // 7 + 1)]
    return tuple(_week(monday, rows[monday], noted.get(monday)) for monday in mondays)


def _week(monday: date, rows: Sequence[Mapping[str, Any]], known: float | None) -> Week:
    return Week(
        monday=monday,
        first_tries=Share(sum(row["right"] for row in rows), sum(row["tries"] for row in rows)),
        answers=sum(row["answers"] for row in rows),
        minutes=sum(row["ms"] or 0 for row in rows) / 60_000,
        days=len({row["study_day"] for row in rows}),
        knowledge=known,
    )


def _noted(learner: User, course: Course) -> dict[date, float]:
    """K of the course as each noted week began: lessons weighted by their facts. Two queries."""
    notes = KnowledgeWeek.objects.filter(learner=learner, lesson__course=course).order_by()
    facts = Fact.objects.filter(course=course, questions__is_active=True).values("pk").distinct().count()
    sums = notes.values_list("monday").annotate(known=Sum(F("knowledge") * F("total")))
    return {monday: min(1.0, known / facts) for monday, known in sums} if facts else {}


def _confusions(learner: User, course: Course, responses: QuerySet[Response]) -> tuple[ConfusedPair, ...]:
    """What was taken for what, the most frequent first. One query."""
    wrong = Grading.objects.standing().filter(learner=learner, fact__course=course, is_correct=False)
    rows = (
        wrong.filter(response__in=responses)
        .exclude(confused_with="")
        .order_by()
        .values("fact__subject", "fact__text", "confused_with")
        .annotate(times=Count("pk"), last_at=Max("answered_at"))
        .order_by("-times", "-last_at", "fact__text")[:CONFUSIONS]
    )
    return tuple(
        ConfusedPair(row["fact__subject"], row["fact__text"], row["confused_with"], row["times"], row["last_at"])
        for row in rows
    )


def _sentences(course: Course, facts: Iterable[KnownFact], day: Day) -> tuple[SentenceRow, ...]:
    """The document, sentence by sentence, in its order. One query."""
    by_sentence = _by(facts, lambda fact: fact.sentence)
    rows = Sentence.objects.filter(passage__lesson__course=course).select_related("passage__lesson")
    return tuple(
        SentenceRow(row.passage.lesson, row, sentence_recall(by_sentence[row.key], day.now))
        for row in rows.order_by("start")
        if row.key in by_sentence
    )


def _coming(learner: User, standing: CourseStanding, day: Day) -> tuple[DayLoad, ...]:
    """Two weeks of reviews of this course, within the learner's number a day.

    Answers in other courses use that number up too, but whoever teaches one course could tell from it that there were
    any: today is what is left as if there were only this course.
    """
    return forecast(
        (fact.memory for fact in standing.facts if fact.memory),
        now=day.now,
        zone=day.zone,
        done_today=answered_since(learner, day.began, course=standing.course),
        per_day=learner.items_per_day,
        outdated=sum(fact.is_outdated for fact in standing.facts),
    )
