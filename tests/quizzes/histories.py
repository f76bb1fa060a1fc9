"""Makes people with a past: answers saved as the practice pages save them, without the pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import User
from curriculum.models import Course, Fact
from quizzes.memory import record
from quizzes.models import Attempt, AttemptItem, Grading, Question, Response
from quizzes.scheduling import study_day

MONDAY = date(2026, 3, 2)


def noon(days: int = 0) -> datetime:
    """Noon, UTC, so many days after a Monday."""
    return datetime.combine(MONDAY, time(12), tzinfo=UTC) + timedelta(days=days)


def day_of(at: datetime, learner: User) -> date:
    """The study day that a learner's answer at this moment belongs to, at any hour."""
    return study_day(at, ZoneInfo(learner.time_zone))


def typed(fact: Fact) -> Question:
    return Question.objects.get(course=fact.course, key=f"typed-{fact.key}")


def chosen(fact: Fact) -> Question:
    return Question.objects.get(course=fact.course, key=f"choice-{fact.key}")


def make_run(learner: User, course: Course, *, at: datetime, **fields: Any) -> Attempt:
    return Attempt.objects.create(
        learner=learner, course=course, **{"scope": "course", "seed": "test", "started_at": at} | fields
    )


def answer(
    learner: User,
    fact: Fact,
    *,
    at: datetime,
    rating: int | None = 3,
    question: Question | None = None,
    run: Attempt | None = None,
    is_recorded: bool = True,
    **fields: Any,
) -> Grading:
    """One answered item about `fact`, graded and (unless told otherwise) recorded."""
    question = question or typed(fact)
    assert question.current is not None
    run = run or make_run(learner, fact.course, at=at)
    position = run.items.count() + 1
    item = AttemptItem.objects.create(
        attempt=run, position=position, version=question.current, shown_at=at, answered_at=at
    )
    is_right = (rating or 0) > 1
    response = Response.objects.create(
        item=item,
        try_number=1,
        answer="答案",
        verdict="correct" if is_right else "wrong",
        score=float(is_right),
        rule="key",
        elapsed_ms=12_000,
        study_day=day_of(at, learner),
        answered_at=at,
    )
    return graded(learner, fact, response, at=at, rating=rating, question=question, is_recorded=is_recorded, **fields)


def graded(
    learner: User,
    fact: Fact,
    response: Response,
    *,
    at: datetime,
    rating: int | None,
    question: Question,
    is_recorded: bool = True,
    **fields: Any,
) -> Grading:
    """What a response says about a fact."""
    plain = {
        "kind": question.kind,
        "is_productive": question.kind == "short_answer",
        "is_correct": (rating or 0) > 1,
        "is_first_try": True,
        "study_day": day_of(at, learner),
        "answered_at": at,
    }
    with transaction.atomic():
        grading = Grading.objects.create(
            response=response, learner=learner, fact=fact, question=question, rating=rating, **plain | fields
        )
        if is_recorded:
            record([grading])
    return grading
