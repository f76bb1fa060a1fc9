"""Read-only queries about one learner, as values for pages; how many never depends on how much there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db.models import Count, Min, Q, QuerySet

from accounts.models import User
from curriculum.models import Course, Lesson
from quizzes.charts import Column, columns, curve, shade
from quizzes.mastery import FEWEST_ANSWERS, DayLoad, fading, forecast
from quizzes.memory import answered_since
from quizzes.models import Attempt, Response
from quizzes.scheduling import IDLE_MS
from quizzes.standings import CourseStanding, CourseTotal, Day, standings, totals
from quizzes.summary import AttemptSummary, WeakFact, summary, texts, weak_fact, weakest

__all__ = ["AttemptSummary", "Day", "history", "overview", "pace", "report", "summary"]

DEFAULT_SECONDS = {"choice": 15, "cloze": 18, "short_answer": 20, "enumeration": 45, "ordering": 40, "matching": 50}
RECENT_ANSWERS, RECENT_RUNS = 200, 30
RESUMABLE = timedelta(days=7)
WEEKS = 12
WEAKEST = 5


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds for one question: the learner's own median by kind where five answers allow it, else a usual time.

    `n` of the learner's own answers went into it.
    """

    seconds: float
    n: int

    def minutes(self, questions: int) -> int:
        return max(1, round(questions * self.seconds / 60))


USUAL_PACE = Pace(sum(DEFAULT_SECONDS.values()) / len(DEFAULT_SECONDS), 0)


@dataclass(frozen=True, slots=True)
class Running:
    """A run to go on with: the next question's position and how many there are."""

    attempt: Attempt
    position: int
    total: int


@dataclass(frozen=True, slots=True)
class NewLesson:
    """A lesson in which something was never asked. `is_begun`: something of its course was."""

    lesson: Lesson
    is_begun: bool


@dataclass(frozen=True, slots=True)
class Load:
    """What today asks: `due` facts in all, `today` of them within the day's number; `done` questions were answered.

    `review`: the course where most is due; None when nothing is, or when the day's number is used up.
    """

    due: int
    today: int
    done: int
    pace: Pace
    review: CourseTotal | None

    @property
    def later(self) -> int:
        return self.due - self.today

    @property
    def review_now(self) -> int:
        """How many facts of `review` fit into today."""
        return min(self.review.mastery.due, self.today) if self.review else 0

    @property
    def review_minutes(self) -> int:
        return self.pace.minutes(self.review_now)


@dataclass(frozen=True, slots=True)
class Overview:
    """The home page of somebody with an account or a guest's row.

    `new`: what to begin, where nothing is running and nothing to be reviewed.
    """

    running: Running | None
    load: Load
    new: NewLesson | None
    courses: tuple[CourseTotal, ...]
    days: tuple[DayLoad, ...]

    @property
    def next_day(self) -> DayLoad | None:
        """The next day after today that brings something."""
        return next((load for load in self.days[1:] if load.due), None)


@dataclass(frozen=True, slots=True)
class DayCount:
    """Questions answered on a day; None for a day that is still to come."""

    day: date
    answers: int | None

    @property
    def shade(self) -> int:
        return shade(self.answers or 0)


@dataclass(frozen=True, slots=True)
class History:
    """Twelve weeks of seven days, Monday first, the newest last."""

    weeks: tuple[tuple[DayCount, ...], ...]

    @property
    def days_practised(self) -> int:
        return sum(bool(day.answers) for week in self.weeks for day in week)

    @property
    def rows(self) -> tuple[tuple[tuple[DayCount, ...], int], ...]:
        """Each week with its sum."""
        return tuple((week, sum(day.answers or 0 for day in week)) for week in self.weeks)


@dataclass(frozen=True, slots=True)
class CourseReport:
    """One course on My progress: `weakest` facts first, at most five, all met before; `fading`: (days ahead, K)."""

    standing: CourseStanding
    weakest: tuple[WeakFact, ...]
    fading: tuple[tuple[int, float], ...]

    @property
    def curve(self) -> str:
        """`fading` as an SVG path in a box 100 wide and 40 high."""
        return curve([share for _days, share in self.fading], width=100, height=40)


@dataclass(frozen=True, slots=True)
class Report:
    """My progress. `courses` are those that were begun."""

    load: Load
    courses: tuple[CourseReport, ...]
    days: tuple[DayLoad, ...]
    history: History

    @property
    def columns(self) -> tuple[Column, ...]:
        """What the days bring, as columns."""
        return columns([load.due for load in self.days])

    @property
    def coming(self) -> int:
        return sum(load.due for load in self.days)

    @property
    def known(self) -> int:
        return sum(row.standing.mastery.secure for row in self.courses)

    @property
    def total(self) -> int:
        return sum(row.standing.mastery.total for row in self.courses)


def overview(learner: User, day: Day) -> Overview:
    """The home page: what is next, then the courses. At most six queries."""
    courses = totals(learner, day, Course.objects.published().newest().defer("text"))
    load = _load(learner, courses, day)
    running = _running(learner, day)
    new = None if running or load.review else _new_lesson(courses)
    return Overview(running, load, new, courses, _forecast(learner, courses, load, day))


def _new_lesson(courses: Sequence[CourseTotal]) -> NewLesson | None:
    """The first of a course that is begun, else of the first course. One query, if any."""
    still_new = [row for row in courses if row.next_lesson]
    row = next((row for row in still_new if row.is_begun), next(iter(still_new), None))
    return NewLesson(row.course.lessons.get(key=row.next_lesson), row.is_begun) if row else None


def _load(learner: User, courses: Sequence[CourseTotal], day: Day) -> Load:
    due, done = sum(row.mastery.due for row in courses), answered_since(learner, day.began)
    today = min(due, max(0, learner.items_per_day - done))
    review = max(courses, key=lambda row: row.mastery.due) if today else None
    return Load(due, today, done, pace(learner) if today else USUAL_PACE, review)


def _forecast(learner: User, courses: Iterable[CourseTotal], load: Load, day: Day) -> tuple[DayLoad, ...]:
    facts = [fact for row in courses for fact in row.facts]
    return forecast(
        (fact.memory for fact in facts if fact.memory),
        now=day.now,
        zone=day.zone,
        done_today=load.done,
        per_day=learner.items_per_day,
        outdated=sum(fact.is_outdated for fact in facts),
    )


def _running(learner: User, day: Day) -> Running | None:
    """The newest open run of the last week that still has a question."""
    waiting = Q(items__answered_at=None, items__version__question__is_active=True)
    runs: QuerySet[Attempt] = learner.attempts.practice().open().filter(started_at__gte=day.now - RESUMABLE)
    counted = runs.annotate(position=Min("items__position", filter=waiting), total=Count("items"))
    found = counted.exclude(position=None).select_related("course", "lesson").defer("course__text").first()
    return Running(found, found.position, found.total) if found else None


def pace(learner: User) -> Pace:
    """How long a question took this learner lately, over the kinds as often as they came. One query."""
    runs = learner.attempts.order_by("-started_at", "-pk").values("pk")[:RECENT_RUNS]
    timed = Response.objects.filter(item__attempt__in=runs, elapsed_ms__lte=IDLE_MS)
    rows = timed.order_by("-answered_at", "-id").values_list("item__version__question__kind", "elapsed_ms")
    times: dict[str, list[int]] = defaultdict(list)
    for kind, elapsed_ms in rows[:RECENT_ANSWERS]:
        times[kind].append(elapsed_ms or 0)
    if not times:
        return USUAL_PACE
    own = {kind: median(row) / 1000 for kind, row in times.items() if len(row) >= FEWEST_ANSWERS}
    counts = {kind: len(row) for kind, row in times.items()}
    return Pace(_mean_seconds(counts, DEFAULT_SECONDS | own), sum(len(times[kind]) for kind in own))


def _mean_seconds(counts: Mapping[str, int], seconds: Mapping[str, float]) -> float:
    return sum(n * seconds[kind] for kind, n in counts.items()) / sum(counts.values())


def report(learner: User, day: Day) -> Report:
    """My progress: today, what is to come, every course begun, twelve weeks. Eight queries."""
    offered = Course.objects.published().newest().defer("text")
    courses = tuple(row for row in standings(learner, day, offered) if row.is_begun)
    load = _load(learner, courses, day)
    chosen = {row.course.pk: weakest(row.facts, day)[:WEAKEST] for row in courses}
    rows = texts(fact.pk for facts in chosen.values() for fact in facts)
    weak = {pk: tuple(weak_fact(rows[fact.pk], fact, day) for fact in facts) for pk, facts in chosen.items()}
    reports = tuple(CourseReport(row, weak[row.course.pk], fading(row.facts, day.now)) for row in courses)
    answers = Response.objects.filter(item__attempt__learner=learner)
    return Report(load, reports, _forecast(learner, courses, load, day), history(answers, day))


def history(answers: QuerySet[Response], day: Day) -> History:
    """How many questions were answered by these on each day of the last twelve weeks. One query."""
    first = day.date - timedelta(days=day.date.weekday(), weeks=WEEKS - 1)
    rows = answers.filter(study_day__gte=first).order_by()
    counts = dict(rows.values_list("study_day").annotate(n=Count("item", distinct=True)))
    weeks = tuple(
        tuple(_day_count(first + timedelta(weeks=week, days=weekday), counts, day.date) for weekday in range(7))
        for week in range(WEEKS)
    )
    return History(weeks)


def _day_count(day: date, counts: Mapping[date, int], today: date) -> DayCount:
    return DayCount(day, None if day > today else counts.get(day, 0))
