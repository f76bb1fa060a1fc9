"""A shipped course with a bank that people wrote and read, for tests of what people do to a bank."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from curriculum.models import Course
from quizzes.bank import store
from quizzes.models import AttemptItem, Question, Response
from quizzes.practice import submit
from tests.quizzes.clean_bank import clean_bank
from tests.quizzes.every_kind import make_run
from tests.quizzes.histories import noon


def stored_bank(course: Course) -> Course:
    """The first course with the clean set as its bank."""
    store(course, clean_bank())
    return course


def of_kind(course: Course, kind: str, **fields: Any) -> Question:
    questions = Question.objects.filter(course=course, kind=kind, **fields).select_related("current", "course")
    return questions.earliest("key")


def typed_question(course: Course) -> Question:
    """A short answer whose key is long enough to be nearly right."""
    return of_kind(course, "short_answer")


def answered(learner: User, question: Question, answer: Any, *, day: int = 0, try_number: int = 1) -> Response:
    """`learner` answers `question` in a run of its own."""
    item: AttemptItem = make_run(learner, question.course, keys=[question.key]).items.get()
    return submit(item, answer=answer, try_number=try_number, elapsed_ms=20_000, now=noon(day))
