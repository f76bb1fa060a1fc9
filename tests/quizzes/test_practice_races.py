"""The same answer from many sides at once. Needs a database that serves several writers: PostgreSQL, as in CI."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from curriculum.models import Course
from quizzes import practice, runs
from quizzes.memory import differences
from quizzes.models import Attempt, AttemptItem, Grading, Response
from tests.quizzes.every_kind import CHOICE, ORDER, PAIRS, PARTNERS, TYPED, item_at, make_every_kind, make_run
from tests.races import MANY, RACES, at_once

pytestmark = RACES


@pytest.fixture
def course(transactional_db: None) -> Course:
    return make_every_kind()


@pytest.fixture
def attempt(learner: User, course: Course) -> Attempt:
    return make_run(learner, course)


def submit(attempt: Attempt, position: int, answer: Any, *, try_number: int = 1) -> Response:
    item, place = runs.find(attempt.learner, attempt.pk, position)
    now = timezone.now()
    return practice.submit(item, answer=answer, try_number=try_number, elapsed_ms=20_000, now=now, place=place)


@pytest.mark.parametrize(
    ("position", "answer"), [(CHOICE, 1), (CHOICE, 0), (TYPED, "自然延申"), (PAIRS, list(PARTNERS))]
)
def test_many_copies_of_one_answer_are_one_answer(attempt: Attempt, position: int, answer: Any) -> None:
    responses = at_once(lambda _number: submit(attempt, position, answer))
    assert len({response.pk for response in responses}) == 1
    assert Response.objects.count() == 1
    assert Grading.objects.count() == (6 if position == PAIRS else 1)
    assert AttemptItem.objects.filter(is_repeat=True).count() == (answer == 0)
    assert differences(attempt.learner) == []


def test_different_answers_at_once_leave_the_one_that_was_first(attempt: Attempt) -> None:
    responses = at_once(lambda number: submit(attempt, CHOICE, number % 4))
    assert {response.pk for response in responses} == {Response.objects.get().pk}


def test_different_questions_at_once_are_all_kept_and_each_missed_one_is_repeated(attempt: Attempt) -> None:
    wrong = {CHOICE: 0, 2: 0, ORDER: [1, 2, 3, 4], PAIRS: [6, 5, 4, 3, 2, 1]}
    at_once(lambda number: submit(attempt, list(wrong)[number % 4], wrong[list(wrong)[number % 4]]))
    positions = sorted(AttemptItem.objects.filter(is_repeat=True).values_list("position", flat=True))
    assert (Response.objects.count(), positions) == (4, [8, 9, 10, 11])
    assert differences(attempt.learner) == []


def test_many_starts_at_once_begin_one_run(learner: User, course: Course) -> None:
    now = timezone.now()
    found = at_once(lambda _number: practice.start(learner, course, scope="course", now=now))
    assert {attempt.pk for attempt in found} == {Attempt.objects.get().pk}


def test_a_hint_pressed_many_times_at_once_is_one_hint(attempt: Attempt) -> None:
    item = item_at(attempt, TYPED)
    assert sorted(at_once(lambda _number: practice.take_hint(item, level=1))) == [False] * (MANY - 1) + [True]
    assert item_at(attempt, TYPED).hints_taken == 1


def test_the_last_two_answers_at_once_close_the_run_at_the_next_look(attempt: Attempt) -> None:
    attempt.items.exclude(position__in=(CHOICE, TYPED)).delete()
    answers = {0: (CHOICE, 1), 1: (TYPED, "自然延伸")}
    at_once(lambda number: submit(attempt, *answers[number % 2]))
    attempt.refresh_from_db()
    assert runs.next_item(attempt, now=timezone.now()) is None
    assert attempt.is_finished
