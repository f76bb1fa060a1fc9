"""Who needs help, and why: the one definition, for the class page, reports, the learner's own page and exports. Pure.

A learner needs help in a lesson when, of at least FEWEST answers there in the last WINDOW, fewer than half were right;
and with work that was due OVERDUE ago of which nothing was begun. Help in a lesson clears itself when of the last LAST
answers there CLEARED were right; both expire, at the latest WINDOW after the answers or the due time they rest on. One
wrong answer therefore never makes a learner need help.

An answer is right unless its facts were graded "again" (see `quizzes.scheduling.rating_for`); one about several facts
is right when at least half of them were. What says nothing does not count: a guess too quick to have been read, a first
try whose second is still open, a question that was withdrawn or that the learner flagged, an answer whose grading a
later one replaced.

Stuck is of this moment: the same question open for STUCK_AFTER, or the same statement missed twice today and not yet
right. It passes after AWAY_AFTER without a sign of the learner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(days=14)
FEWEST = 6
LAST, CLEARED = 4, 3
OVERDUE = timedelta(days=2)
STUCK_AFTER, AWAY_AFTER = timedelta(minutes=3), timedelta(minutes=15)
STUCK_MISSES = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that counts, in a lesson (row id)."""

    lesson: int
    at: datetime
    is_right: bool


@dataclass(frozen=True, slots=True)
class Untouched:
    """Work (row id) that a learner has to do by `due_at`, their own due time, and of which nothing was begun."""

    work: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Need:
    """Why a learner needs help, until when at the latest.

    `reason` "lesson": `right` of `answers` in the lesson with row id `subject`, the newest at `at`; "overdue": the work
    with row id `subject` was due at `at`.
    """

    reason: str
    subject: int
    at: datetime
    until: datetime
    right: int = 0
    answers: int = 0

    @property
    def wrong(self) -> int:
        return self.answers - self.right


def needs_help(answers: Iterable[Answer], untouched: Iterable[Untouched] = (), *, now: datetime) -> tuple[Need, ...]:
    """Why one learner needs help now; the lesson with most wrong answers first, then overdue work. () for most."""
    by_lesson: dict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        if now - WINDOW <= answer.at <= now:
            by_lesson[answer.lesson].append(answer)
    found = [_in_lesson(sorted(rows, key=lambda row: row.at)) for rows in by_lesson.values()]
    lessons = sorted((need for need in found if need), key=lambda need: (-need.wrong, need.subject))
    late = [
        Need("overdue", row.work, row.due_at, row.due_at + WINDOW)
        for row in sorted(untouched, key=lambda row: (row.due_at, row.work))
        if row.due_at + OVERDUE <= now < row.due_at + WINDOW
    ]
    return (*lessons, *late)


def _in_lesson(rows: list[Answer]) -> Need | None:
    """The need in one lesson, from its answers in the window, oldest first."""
    right = sum(row.is_right for row in rows)
    if len(rows) < FEWEST or 2 * right >= len(rows):
        return None
    if sum(row.is_right for row in rows[-LAST:]) >= CLEARED:
        return None
    return Need("lesson", rows[-1].lesson, rows[-1].at, rows[-FEWEST].at + WINDOW, right, len(rows))


def is_stuck(*, open_since: datetime | None, misses: int, answered_at: datetime | None, now: datetime) -> bool:
    """Whether a learner is stuck at this moment.

    `open_since`: when the question before them was first shown; `misses`: how often the statement was missed today
    without having been right, most of any; `answered_at`: their last answer.
    """
    has_waited = open_since is not None and STUCK_AFTER <= now - open_since < AWAY_AFTER
    is_at_it = answered_at is not None and now - answered_at < AWAY_AFTER
    return has_waited or (is_at_it and misses >= STUCK_MISSES)
