"""Eight weeks of a class, replayed through the real code with a clock that stands in the past."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from accounts.models import User
from classrooms.demonstration.answers import GAVE_UP, mistaken, right
from classrooms.demonstration.minds import Mind
from curriculum.models import Course, Lesson
from quizzes import practice, runs
from quizzes.content import Content
from quizzes.generation.measures import text_length
from quizzes.models import MAX_TRIES, Attempt, AttemptItem
from quizzes.practice import NothingToAskError

WEEKS = 8
GUESSES = {"choice": 0.25, "cloze": 0.02, "matching": 0.15, "ordering": 0.1, "short_answer": 0.0, "enumeration": 0.0}
RAPID_SECONDS = 0.9
LESSONS_AHEAD = 1
"""How many lessons a class is ahead of the week: in week 3 it has begun lesson 4."""


@dataclass(frozen=True, slots=True)
class Learner:
    user: User
    mind: Mind


def sessions(
    learner: Learner, course: Course, lessons: list[Lesson], *, began: datetime, until: datetime
) -> Iterator[tuple[datetime, Callable[[datetime], int]]]:
    """When one learner practises by themselves, and what does it: called with that moment it answers, and returns how
    often."""
    for lesson, at in _sittings_down(learner.mind, lessons, began=began, until=until):
        yield at, partial(_session, learner, course, lesson, began, until)


def _sittings_down(
    mind: Mind, lessons: list[Lesson], *, began: datetime, until: datetime
) -> Iterator[tuple[Lesson | None, datetime]]:
    """When they sit down, and to which lesson; None: to what is due."""
    for day in range((until - began).days + 1):
        week = day // 7 + 1
        at = began + timedelta(days=day, hours=mind.dice.gauss(12, 2.5), minutes=mind.dice.uniform(0, 59))
        if at >= until or not mind.practises(week=week, is_weekend=at.weekday() >= 5):
            continue
        reached = min(len(lessons), week + LESSONS_AHEAD)
        yield None, at
        later = at + timedelta(minutes=12)
        if mind.dice.random() < 0.5 and later < until:
            yield lessons[mind.dice.randrange(max(0, reached - 3), reached)], later


def _session(
    learner: Learner, course: Course, lesson: Lesson | None, began: datetime, until: datetime, at: datetime
) -> int:
    """One run, now and then left before its end; at `until` it stands as it is."""
    scope = Attempt.Scope.DUE if lesson is None else Attempt.Scope.LESSON
    try:
        attempt = practice.start(learner.user, course, scope=scope, lesson=lesson, now=at)
    except NothingToAskError:
        return 0
    patience = learner.mind.dice.randint(3, 10) if learner.mind.dice.random() < 0.12 else 100
    answered = 0
    while answered < patience and at < until and (item := runs.next_item(attempt, now=at)) is not None:
        done_at = _answered(learner, item, began=began, until=until, at=at)
        if done_at is None:
            break
        at, answered = done_at, answered + 1
    return answered


def _answered(
    learner: Learner, item: AttemptItem, *, began: datetime, until: datetime, at: datetime
) -> datetime | None:
    """Show one question and answer it, a second time where that is offered; returns when that was done.

    None where that would be after `until`: the question stands open before them.
    """
    item, place = runs.placed(item.pk)
    content, mind = item.version.content, learner.mind
    runs.show(item, now=at)
    days = (at - began).total_seconds() / 86_400
    for try_number in range(1, MAX_TRIES + 1):
        is_read = mind.reads()
        at += timedelta(seconds=mind.seconds(length=text_length(content.stem)) if is_read else RAPID_SECONDS)
        if at > until:
            return None
        answer = given(mind, content, days=days, is_read=is_read)
        response = practice.submit(
            item,
            answer=None if answer is GAVE_UP else answer,
            gave_up=answer is GAVE_UP,
            try_number=try_number,
            elapsed_ms=practice.elapsed_ms(item, try_number=try_number, now=at),
            now=at,
            place=place if try_number == 1 else None,
        )
        if item.is_answered:
            break
    for fact in content.facts:
        mind.learn(fact, at=days, was_right=response.score > 0.5)
    return at + timedelta(seconds=4)


def given(mind: Mind, content: Content, *, days: float, is_read: bool) -> object:
    """The answer that this mind gives, or GAVE_UP."""
    dice = mind.dice
    guess = GUESSES[content.kind] if content.options is None else 1 / len(content.options)
    if not is_read:
        return right(content) if dice.random() < guess else mistaken(content, dice)
    is_known = all(mind.knows(fact, at=days, guess=guess) for fact in content.facts[:2])
    return right(content) if is_known else mistaken(content, dice)
