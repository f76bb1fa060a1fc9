"""Answers of many learners for reports, written by the code that the pages use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from classrooms.models import Classroom
from quizzes import practice
from quizzes.models import Attempt, Question
from tests.classrooms.rows import make_member
from tests.factories import make_user
from tests.quizzes.every_kind import item_at
from tests.quizzes.histories import noon


def make_learners(classroom: Classroom, count: int) -> list[User]:
    """So many learners of the class."""
    return [make_member(classroom, make_user(), name=f"Learner {at}").user for at in range(count)]


def respond(
    learner: User,
    question: Question,
    answer: Any,
    *,
    at: datetime | None = None,
    elapsed_ms: int = 8_000,
    scope: str = "course",
) -> Attempt:
    """One answer to one question in a run of its own; None: "I don't know"."""
    at = at or noon()
    run = Attempt.objects.create(learner=learner, course=question.course, scope=scope, seed="test", started_at=at)
    run.items.create(position=1, version=question.current, shown_at=at - timedelta(seconds=30))
    practice.submit(item_at(run, 1), answer=answer, gave_up=answer is None, try_number=1, elapsed_ms=elapsed_ms, now=at)
    return run


def respond_to_all(learner: User, questions: Sequence[Question], answers: Sequence[Any], *, day: int = 0) -> None:
    """One answer after the other, an hour apart."""
    for at, (question, answer) in enumerate(zip(questions, answers, strict=True)):
        respond(learner, question, answer, at=noon(day) + timedelta(hours=at))
