"""Sittings with a score or with real answers, for tests about marks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from classrooms.models import Assignment, Member, Sitting
from curriculum.models import Fact
from quizzes import papers
from quizzes.models import Attempt, AttemptItem, QuestionVersion
from quizzes.practice import submit
from tests.factories import make_attempt


def make_sitting(
    assignment: Assignment, member: Member, now: datetime, *, score: float | None = None, **fields: Any
) -> Sitting:
    """An attempt that was handed in with this score an hour ago and is told; without a score it is still open."""
    feedback = fields.pop("feedback", Attempt.Feedback.END)
    handed = None if score is None else now - timedelta(hours=1)
    attempt = make_attempt(
        member.user,
        assignment.classroom.course,
        now=now - timedelta(hours=2),
        scope=Attempt.Scope.QUIZ,
        feedback=feedback,
        finished_at=handed,
    )
    number = fields.pop("number", assignment.sittings.filter(member=member).count() + 1)
    plain = {"started_at": attempt.started_at, "submitted_at": handed, "score": score} | fields
    return assignment.sittings.create(member=member, attempt=attempt, number=number, **plain)


def sit(
    assignment: Assignment,
    member: Member,
    now: datetime,
    answers: dict[str, dict[str, list[str]]],
    *,
    feedback: str = Attempt.Feedback.END,
) -> Sitting:
    """A sitting over every question of the course, handed in through the real code. `answers`: fields by key."""
    course = assignment.classroom.course
    versions = list(QuestionVersion.objects.filter(current_for__course=course).order_by("question__key"))
    attempt = papers.freeze(member.user, course, versions, feedback=feedback, now=now)
    number = assignment.sittings.filter(member=member).count() + 1
    sitting: Sitting = assignment.sittings.create(member=member, attempt=attempt, number=number, started_at=now)
    for item in AttemptItem.objects.filter(attempt=attempt).select_related("version__question", "attempt"):
        if fields := answers.get(item.version.question.key):
            papers.save(item, fields, now=now)
    papers.hand_in(attempt, now=now)
    sitting.submitted_at, sitting.score = now, papers.score(attempt)
    sitting.save(update_fields=["submitted_at", "score"])
    return sitting


def practise(user: User, fact: Fact, at: datetime) -> None:
    """One right answer about `fact`, typed, through the real code."""
    question = fact.questions.get(kind="short_answer")
    attempt = Attempt.objects.create(learner=user, course=fact.course, scope="course", seed="test", started_at=at)
    item = attempt.items.create(position=1, version=question.current, order={})
    submit(item, answer=fact.text, try_number=1, elapsed_ms=20_000, now=at)
