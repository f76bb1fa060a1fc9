"""A class and its course: who knows what, who needs somebody and why, and what changed since a chosen week.

Costs learners x lessons, however many answers there are: recall is worked out from what each learner remembers of each
lesson (`classrooms.heat`), the past comes from weekly notes (`quizzes.weeks`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localtime

from classrooms import heat
from classrooms.assigned import Work
from classrooms.heat import Cell, Column, Recalled
from classrooms.models import Classroom, Member
from classrooms.needs import Need
from classrooms.today import learners_by_need
from quizzes.mastery import FEWEST_ANSWERS, MASTERED_RECALL, MASTERED_SHARE
from quizzes.models import Attempt, KnowledgeWeek, Response
from quizzes.packed import Packed, microseconds, moment
from quizzes.scheduling import day_begins, study_day
from quizzes.standings import Day
from quizzes.weeks import WEEK, monday_of

FALLING = 0.1
BACKLOG = 40
ABSENT_DAYS = 10
RAPID_WINDOW = timedelta(days=14)
RAPID_SHARE, RAPID_FEWEST = 0.2, 10
SHOWN = (
    "classroom",
    "user",
    "group",
    "name",
    "status",
    "role",
    "user__username",
    "user__display_name",
    "user__is_guest",
)
"""What is read of each member: a large class has many."""
BANDS = (0.0, 0.25, 0.5, 0.7, 0.85)


class State(StrEnum):
    """Where a learner stands in the course; in the order in which the page names them."""

    NEEDS_HELP = "needs_help"
    WORKING = "working"
    SECURE = "secure"
    NOT_STARTED = "not_started"


class Risk(StrEnum):
    """Why a learner may fall behind."""

    FALLING = "falling"
    BACKLOG = "backlog"
    ABSENT = "absent"
    RAPID = "rapid"


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """One learner. `cells` by lesson (row id); `recall` of the whole course, None with too few answers; `before` the
    same as the chosen week began; `risks` with the figure that each rests on: percentage points lost, facts due, days
    away, percent of answers too quick to have been read."""

    member: Member
    cells: Mapping[int, Cell]
    recall: float | None
    before: float | None
    met: int
    secure: int
    due: int
    last_day: date | None
    needs: tuple[Need, ...]
    risks: tuple[tuple[Risk, int], ...]
    state: State

    @property
    def change(self) -> float | None:
        """Difference of `recall` since the chosen week, as a share."""
        return None if self.recall is None or self.before is None else self.recall - self.before


@dataclass(frozen=True, slots=True)
class LessonSummary:
    """A lesson over the `n` learners with enough answers: their mean recall now, and as the chosen week began. Who had
    not begun it by then counts as 0 there; `n_before` had. Where nobody had, `before` is None."""

    column: Column
    recall: float | None
    n: int
    before: float | None
    n_before: int


@dataclass(frozen=True, slots=True)
class ClassOverview:
    """`since`: the Monday that changes are counted from. `rows` by name; `recalled`: what they would recall now of each
    fact; `urgent`: members (row ids) in the order of the page of today, those who need somebody most first; `work`:
    what is set."""

    classroom: Classroom
    day: Day
    since: date
    columns: tuple[Column, ...]
    rows: tuple[LearnerRow, ...]
    recalled: Recalled
    lessons: tuple[LessonSummary, ...]
    urgent: tuple[int, ...]
    work: tuple[Work, ...]

    @property
    def settled(self) -> date:
        """The Monday after the week in which the class was made: the first of which something can be known."""
        return monday_of(localtime(self.classroom.created_at, self.classroom.zone).date()) + WEEK

    @property
    def states(self) -> tuple[tuple[State, int], ...]:
        counted = Counter(row.state for row in self.rows)
        return tuple((state, counted[state]) for state in State)

    @property
    def helping(self) -> tuple[LearnerRow, ...]:
        """Those who need help, in the order of the page of today."""
        rows = {row.member.pk: row for row in self.rows if row.state == State.NEEDS_HELP}
        return tuple(rows[member] for member in self.urgent if member in rows)

    @property
    def at_risk(self) -> tuple[LearnerRow, ...]:
        """Those with the most reasons first."""
        return tuple(sorted((row for row in self.rows if row.risks), key=lambda row: -len(row.risks)))

    @property
    def bands(self) -> tuple[tuple[float, int], ...]:
        """How many learners recall at least so much of the course and less than the next band."""
        known = [row.recall for row in self.rows if row.recall is not None]
        counted = Counter(sum(recall >= least for least in BANDS) - 1 for recall in known)
        return tuple((least, counted[at]) for at, least in enumerate(BANDS))

    @property
    def mean(self) -> float | None:
        """Mean recall of the learners with enough answers."""
        return mean(row.recall for row in self.rows)

    @property
    def befores(self) -> list[float]:
        """What the same learners recalled as the chosen week began, 0 who had not begun; nothing where nobody had."""
        found = [row.before for row in self.rows if row.recall is not None]
        return [before or 0.0 for before in found] if any(before is not None for before in found) else []

    @property
    def mean_before(self) -> float | None:
        return mean(self.befores)


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of what is there; None without anything."""
    found = [value for value in values if value is not None]
    return sum(found) / len(found) if found else None


def class_overview(
    classroom: Classroom, now: datetime, *, since: date | None = None, group: int | None = None
) -> ClassOverview:
    """The class's current learners, of one group if asked. Eleven queries, from one learner to many.

    `since` is moved to its Monday; four weeks ago by default.
    """
    day = Day(now, classroom.zone)
    monday = min(monday_of(since or day.date - 4 * WEEK), monday_of(day.date))
    members = classroom.members.active().learners().select_related("user").only(*SHOWN)
    if group is not None:
        members = members.filter(group=group)
    people = sorted(members, key=lambda member: (member.shown_name.casefold(), member.pk))
    ids = [member.user_id for member in people]
    columns = heat.columns(classroom.course)
    facts = sum(len(column.weights) for column in columns)
    known, recalled = _known(columns, members, now, day_begins(monday, classroom.zone))
    then = _then(columns, members, known, monday, classroom.zone)
    by_need, work = learners_by_need(classroom, now)
    helped = {row.member: row.needs for row in by_need}
    rapid = _rapid(classroom, ids, now)
    rows = tuple(
        _row(
            member,
            columns=columns,
            before=then.get(member.user_id, {}),
            standing=known.get(member.user_id, NOTHING),
            rapid=rapid.get(member.user_id),
            needs=helped.get(member.pk, ()),
            facts=facts,
            day=day,
        )
        for member in people
    )
    lessons = tuple(_lesson(column, rows, then) for column in columns)
    return ClassOverview(
        classroom=classroom,
        day=day,
        since=monday,
        columns=columns,
        rows=rows,
        recalled=recalled,
        lessons=lessons,
        urgent=tuple(row.member for row in by_need),
        work=work,
    )


@dataclass(slots=True)
class _Standing:
    """`cells` by lesson (row id). `last_at` as `quizzes.packed` has moments, 0 before the first answer. `kept` is what
    is remembered of each lesson, whole only where nothing was answered since the chosen week began."""

    cells: dict[int, Cell] = field(default_factory=dict)
    kept: dict[int, Packed] = field(default_factory=dict)
    met: int = 0
    secure: int = 0
    due: int = 0
    last_at: float = 0.0


NOTHING = _Standing()


def _known(
    columns: Collection[Column], members: QuerySet[Member], now: datetime, began: datetime
) -> tuple[dict[int, _Standing], Recalled]:
    """What each remembers of the facts that can be asked, by person (row id), and fact by fact. One query."""
    by_lesson, since = {column.lesson.pk: column for column in columns}, microseconds(began)
    found: dict[int, _Standing] = defaultdict(_Standing)
    recalled = Recalled()
    asked = {lesson: column.weights for lesson, column in by_lesson.items()}
    for learner, lesson, known in heat.begun(asked, members.order_by().values("user")):
        row, column, recalls = found[learner], by_lesson[lesson], known.recall(now)
        recalled.add(known.facts, recalls)
        row.cells[lesson] = Cell(column.share(known.facts, recalls), known.answers(), len(known.facts))
        row.met += len(known.facts)
        row.secure += known.secure(column.has_productive)
        row.due += known.due(now)
        row.last_at = max(row.last_at, known.last_review_at())
        if row.last_at < since:
            row.kept[lesson] = known
    return found, recalled


def _rapid(classroom: Classroom, learners: Collection[int], now: datetime) -> dict[int, int]:
    """Percent of the last two weeks' answers that came too quick to have been read, where it is much. One query."""
    runs = Attempt.objects.filter(learner__in=learners, course=classroom.course_id, started_at__gte=now - RAPID_WINDOW)
    given = Response.objects.filter(item__attempt__in=runs, try_number=1).order_by()
    rows = given.values_list("item__attempt__learner").annotate(
        n=Count("pk"), rapid=Count("pk", filter=Q(is_rapid=True))
    )
    often = [row for row in rows if row[1] >= RAPID_FEWEST and row[2] > RAPID_SHARE * row[1]]
    return {learner: round(100 * rapid / n) for learner, n, rapid in often}


def _then(
    columns: Collection[Column],
    members: QuerySet[Member],
    known: Mapping[int, _Standing],
    monday: date,
    zone: ZoneInfo,
) -> dict[int, dict[int, float]]:
    """Recall of each lesson as the week of `monday` began, by person and lesson (row ids). One query.

    Of those who answered since, it was noted; what the others know is what they knew then, only fresher.
    """
    by_lesson, began = {column.lesson.pk: column for column in columns}, day_begins(monday, zone)
    people = members.order_by().values("user")
    notes = KnowledgeWeek.objects.filter(learner__in=people, lesson__in=list(by_lesson), monday=monday)
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for learner, lesson, share in notes.order_by().values_list("learner", "lesson", "knowledge"):
        found[learner][lesson] = share
    for learner, row in known.items():
        if row.last_at < microseconds(began) and learner not in found:
            found[learner] = {
                lesson: by_lesson[lesson].share(kept.facts, kept.recall(began)) for lesson, kept in row.kept.items()
            }
    return found


def _row(
    member: Member,
    *,
    columns: Collection[Column],
    before: Mapping[int, float],
    standing: _Standing,
    rapid: int | None,
    needs: tuple[Need, ...],
    facts: int,
    day: Day,
) -> LearnerRow:
    cells = standing.cells
    has_enough = sum(cell.answers for cell in cells.values()) >= FEWEST_ANSWERS
    recall = whole({lesson: cell.share for lesson, cell in cells.items()}, columns) if has_enough else None
    earlier = whole(before, columns)
    last_day = study_day(moment(standing.last_at), day.zone) if standing.last_at else None
    away = None if last_day is None else (day.date - last_day).days
    return LearnerRow(
        member=member,
        cells=cells,
        recall=recall,
        before=earlier,
        met=standing.met,
        secure=standing.secure,
        due=standing.due,
        last_day=last_day,
        needs=needs,
        risks=tuple(_risks(recall, earlier, standing.due, away, rapid)),
        state=_state(needs, recall, standing, facts),
    )


def whole(recalls: Mapping[int, float | None], columns: Collection[Column]) -> float | None:
    """Recall of the course from that of its lessons (row ids), each with its weight; what was not begun counts as 0.
    None where no lesson has a figure."""
    if all(recall is None for recall in recalls.values()):
        return None
    weight = sum(column.weight for column in columns)
    return (
        sum(column.weight * (recalls.get(column.lesson.pk) or 0.0) for column in columns) / weight if weight else None
    )


def _risks(
    recall: float | None, before: float | None, due: int, away: int | None, rapid: int | None
) -> Iterable[tuple[Risk, int]]:
    if recall is not None and before is not None and before - recall >= FALLING:
        yield Risk.FALLING, round(100 * (before - recall))
    if due > BACKLOG:
        yield Risk.BACKLOG, due
    if away is not None and away >= ABSENT_DAYS:
        yield Risk.ABSENT, away
    if rapid is not None:
        yield Risk.RAPID, rapid


def _state(needs: tuple[Need, ...], recall: float | None, standing: _Standing, facts: int) -> State:
    if needs:
        return State.NEEDS_HELP
    if not standing.met:
        return State.NOT_STARTED
    is_known = recall is not None and recall >= MASTERED_RECALL
    return State.SECURE if is_known and standing.secure >= MASTERED_SHARE * facts else State.WORKING


def _lesson(column: Column, rows: Collection[LearnerRow], then: Mapping[int, Mapping[int, float]]) -> LessonSummary:
    lesson = column.lesson.pk
    known = [
        (row.cells[lesson].share, row.member.user_id)
        for row in rows
        if lesson in row.cells and row.cells[lesson].recall is not None
    ]
    befores = [then[learner].get(lesson) if learner in then else None for _recall, learner in known]
    n_before = sum(before is not None for before in befores)
    return LessonSummary(
        column=column,
        recall=mean(recall for recall, _learner in known),
        n=len(known),
        before=mean(before or 0.0 for before in befores) if n_before else None,
        n_before=n_before,
    )
