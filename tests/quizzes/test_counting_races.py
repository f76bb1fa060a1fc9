"""Counting from many sides while answers come in. Needs a database that serves several writers: PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from curriculum.models import Course
from quizzes import counting
from quizzes.models import AttemptItem, FirstAnswer, ItemTally, Question
from tests.factories import make_bank, make_course, make_user
from tests.quizzes.test_counting import answer, everybody
from tests.races import MANY, RACES, at_once

pytestmark = RACES


@pytest.fixture
def course(transactional_db: None) -> Course:
    course = make_course(sentences=2)
    make_bank(course)
    return course


def totals(question: Question) -> list[dict[str, dict[str, int]]]:
    return [row.sums["answers"] for row in ItemTally.objects.filter(version=question.current)]


def test_readers_at_the_same_moment_count_each_answer_once(course: Course) -> None:
    question = Question.objects.get(course=course, key="choice-F1-1")
    everybody(course)
    for _ in range(MANY):
        answer(make_user(), question, 1, at=timezone.now())
    at_once(lambda _n: everybody(course))
    assert totals(question) == [{"1:10000": {"": MANY}}]
    assert counting.differences(course.pk) == 0


def test_answers_that_come_while_others_are_counted_are_counted_later(course: Course) -> None:
    question = Question.objects.get(course=course, key="choice-F1-1")
    people = [make_user() for _ in range(MANY)]
    everybody(course)

    def answer_or_count(number: int) -> None:
        if number % 2:
            everybody(course)
        else:
            answer(people[number], question, 1, at=timezone.now() + timedelta(minutes=number))

    at_once(answer_or_count)
    everybody(course)
    assert totals(question) == [{"1:10000": {"": MANY // 2}}]
    assert (FirstAnswer.objects.count(), counting.differences(course.pk)) == (MANY // 2, 0)
    assert not AttemptItem.objects.filter(answered_at__isnull=False, is_counted=False).exists()
