"""What an instructor sees at a glance: who is here, who is through, who needs help and why, what most get wrong now.

Read-only. Only what was answered in the class's own course counts; what a learner studies elsewhere is theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.cache.backends.locmem import LocMemCache
from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery

from classrooms.assigned import Assignee, Work, open_work, untouched
from classrooms.evidence import MISSED, answers_of, as_text, by_lesson, counting, learners_of, lessons_begun, moment
from classrooms.models import Classroom
from classrooms.needs import AWAY_AFTER, Need, is_stuck, needs_help
from curriculum.models import Fact
from quizzes.models import AttemptItem
from quizzes.standings import Day

HERE = timedelta(minutes=5)
FEWEST_FOR_RATE = 5
HARDEST = 3
HARD_SHARE = 0.4
LATELY = timedelta(days=7)
DAY = timedelta(days=1)

RECENT_SECONDS = 3
_recent = LocMemCache("classrooms-today", {})


class Now(NamedTuple):
    """What one learner answered today, in statements, and the most times one was missed without being right yet."""

    answers: int = 0
    right: int = 0
    misses: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Learner:
    """One learner as the class page shows them. `open_since`: since when a question stands open before them."""

    member: int
    user: int
    name: str
    is_here: bool
    is_stuck: bool
    now: Now
    open_since: datetime | None
    needs: tuple[Need, ...]

    @property
    def urgency(self) -> tuple[bool, int, bool]:
        """Sorts those who need somebody first."""
        return (not self.is_stuck, -len(self.needs), not self.is_here)


@dataclass(frozen=True, slots=True)
class Hard:
    """A statement that many get wrong: of `n` learners asked today (`is_today` false: in the last week) `missed` missed
    it at least once."""

    fact: Fact
    missed: int
    n: int
    is_today: bool

    @property
    def share(self) -> float:
        return self.missed / self.n


@dataclass(frozen=True, slots=True)
class Today:
    """The class now. `learners` are sorted by need, then by name."""

    at: datetime
    learners: tuple[Learner, ...]
    work: tuple[Work, ...]
    hardest: tuple[Hard, ...]

    @property
    def n(self) -> int:
        return len(self.learners)

    @property
    def here(self) -> int:
        return sum(row.is_here for row in self.learners)

    @property
    def practised(self) -> int:
        return sum(row.now.answers > 0 for row in self.learners)

    @property
    def stuck(self) -> tuple[Learner, ...]:
        return tuple(row for row in self.learners if row.is_stuck)

    @property
    def needing(self) -> tuple[Learner, ...]:
        return tuple(row for row in self.learners if row.needs)

    @property
    def next_work(self) -> Work | None:
        """The work that is due next, else what was due last."""
        return next(iter(self.work), None)


def today(classroom: Classroom, now: datetime) -> Today:
    """The class at `now`. At most nine queries, from one learner to many."""
    lately = list(_by_statement(classroom, Day(now, classroom.zone).began))
    learners, work = _learners(classroom, lately, now)
    return Today(at=now, learners=learners, work=work, hardest=_hardest(classroom, lately, now))


def learners_by_need(classroom: Classroom, now: datetime) -> tuple[tuple[Learner, ...], tuple[Work, ...]]:
    """The learners and the work alone, as `Today` has them. At most seven queries."""
    return _learners(classroom, _by_statement(classroom, Day(now, classroom.zone).began), now)


def _learners(
    classroom: Classroom, lately: Iterable[tuple[int, int, int, int, datetime]], now: datetime
) -> tuple[tuple[Learner, ...], tuple[Work, ...]]:
    """The learners, sorted, and the work that is set."""
    people = list(_people(classroom, now))
    work = open_work(classroom, [Assignee(row.pk, row.user_id, row.group_id) for row in people], now)
    lessons = by_lesson([classroom], now)
    answers, begun = answers_of([classroom], lessons, now), lessons_begun(lessons)
    done = _now(lately)
    learners = [
        _learner(
            row,
            done.get(row.user_id, Now()),
            row.open_since,
            needs_help(answers[row.user_id], untouched(work, row.pk, begun[row.user_id]), now=now),
            now,
        )
        for row in people
    ]
    return tuple(sorted(learners, key=lambda row: (row.urgency, row.name.casefold(), row.member))), work


def recent(classroom: Classroom, now: datetime, stamp: str) -> tuple[str, Today]:
    """As `today`, but up to RECENT_SECONDS old, with the stamp that it was made at: many open pages of one class are
    worked out once in this process. What is older than `stamp` carries its own, so that the next look sees the rest."""
    key = f"{classroom.pk}:{classroom.created_at.timestamp()}"
    found: tuple[str, Today] | None = _recent.get(key)
    if found is None:
        found = stamp, today(classroom, now)
        _recent.set(key, found, RECENT_SECONDS)
    return found


def _people(classroom: Classroom, now: datetime) -> QuerySet[Any, Any]:
    """The learners, each with `open_since`: when the newest question that is still open before them was shown; None for
    one that was left long ago."""
    running = AttemptItem.objects.filter(attempt__learner=OuterRef("user"), attempt__course=classroom.course_id)
    lately = running.filter(attempt__finished_at=None, attempt__started_at__gte=now - LATELY)
    shown = lately.filter(answered_at=None, shown_at__gte=now - AWAY_AFTER).order_by("-shown_at")
    names = [f"user__{name}" for name in ("username", "display_name", "is_guest")]
    fields = "classroom", "name", "group", "seen_at", "user", *names
    rows = learners_of([classroom]).select_related("user").only(*fields).order_by()
    return rows.annotate(open_since=Subquery(shown.values("shown_at")[:1]))


def _learner(row: Any, done: Now, open_since: datetime | None, needs: tuple[Need, ...], now: datetime) -> Learner:
    signs = [at for at in (row.seen_at, done.at, open_since) if at is not None]
    return Learner(
        member=row.pk,
        user=row.user_id,
        name=row.shown_name,
        is_here=any(now - at < HERE for at in signs),
        is_stuck=is_stuck(open_since=open_since, misses=done.misses, answered_at=done.at, now=now),
        now=done,
        open_since=open_since,
        needs=needs,
    )


# What was answered.


def _by_statement(classroom: Classroom, since: datetime) -> Iterable[tuple[int, int, int, int, datetime]]:
    """(person, fact, answers, missed, newest) for each statement a learner was asked since. One query."""
    fact = F("fact") + 0  # an expression, else SQLite reads all that a learner ever answered, in the order of facts
    rows = counting([classroom], since).values_list("learner_id", fact)
    counted = rows.annotate(n=Count("pk"), missed=Count("pk", filter=MISSED), at=as_text(Max("answered_at")))
    return ((*row, moment(at)) for *row, at in counted)


def _now(rows: Iterable[tuple[int, int, int, int, datetime]]) -> dict[int, Now]:
    found: dict[int, Now] = {}
    for user, _fact, n, missed, at in rows:
        before = found.get(user, Now())
        misses = missed if missed == n else 0
        newest = at if before.at is None else max(at, before.at)
        found[user] = Now(before.answers + n, before.right + n - missed, max(before.misses, misses), newest)
    return found


# What is hard.


def _hardest(
    classroom: Classroom, today_rows: Iterable[tuple[int, int, int, int, datetime]], now: datetime
) -> tuple[Hard, ...]:
    """The statements that most people miss today; without enough answers today, in the last week. Two queries."""
    tally: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for _user, fact, _n, missed, _at in today_rows:
        tally[fact][0] += missed > 0
        tally[fact][1] += 1
    found = _most_missed((fact, missed, n) for fact, (missed, n) in tally.items())
    is_today = bool(found)
    found = found or _most_missed(_lately(classroom, now))
    facts = Fact.objects.select_related("sentence__passage__lesson").in_bulk([fact for fact, _missed, _n in found])
    return tuple(Hard(facts[fact], missed, n, is_today) for fact, missed, n in found if fact in facts)


def _most_missed(rows: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    hard = [(fact, missed, n) for fact, missed, n in rows if is_hard(missed, n)]
    return sorted(hard, key=lambda row: (-row[1] / row[2], -row[2], row[0]))[:HARDEST]


def _lately(classroom: Classroom, now: datetime) -> list[tuple[int, int, int]]:
    """(fact, learners who missed it, learners asked) over the last week."""
    rows = counting([classroom], now - LATELY).values_list("fact_id")
    missed = Count("learner", distinct=True, filter=MISSED)
    return list(rows.annotate(missed=missed, n=Count("learner", distinct=True)))


def is_hard(missed: int, n: int) -> bool:
    """Whether so many of so many learners are enough to say that most people get it wrong."""
    return n >= FEWEST_FOR_RATE and missed >= HARD_SHARE * n
