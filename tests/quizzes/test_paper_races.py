"""Saving and handing in from many sides at once. Needs a database that serves several writers: PostgreSQL, as in CI."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from curriculum.models import Course
from quizzes import papers
from quizzes.memory import differences
from quizzes.models import Attempt, AttemptItem, Grading, Response
from quizzes.practice import RefusedError
from tests.quizzes.every_kind import CHOICE, TYPED, make_every_kind
from tests.races import MANY, RACES, at_once

pytestmark = RACES


@pytest.fixture
def course(transactional_db: None) -> Course:
    return make_every_kind()


@pytest.fixture
def attempt(learner: User, course: Course) -> Attempt:
    versions = papers.on_paper([question.current_id for question in course.questions.order_by("key")])
    deadline = timezone.now() + timedelta(minutes=5)
    return papers.freeze(learner, course, versions, feedback="end", deadline_at=deadline, now=timezone.now())


def item_at(attempt: Attempt, position: int) -> AttemptItem:
    return attempt.items.select_related("version__question", "attempt__learner").get(position=position)


def test_many_hand_ins_at_the_deadline_grade_once(attempt: Attempt) -> None:
    papers.save(item_at(attempt, CHOICE), {"choice": ["1"]}, now=timezone.now())
    found = at_once(
        lambda _n: papers.hand_in(Attempt.objects.select_related("learner").get(pk=attempt.pk), now=timezone.now())
    )
    assert sorted(found) == [False] * (MANY - 1) + [True]
    assert (Response.objects.count(), Grading.objects.count()) == (1, 1)
    assert differences(attempt.learner) == []


def test_an_answer_saved_while_it_is_handed_in_is_graded_or_refused(attempt: Attempt) -> None:
    items = [item_at(attempt, CHOICE), item_at(attempt, TYPED)]

    def verb(number: int) -> bool:
        if number % 4 == 3:
            return papers.hand_in(Attempt.objects.select_related("learner").get(pk=attempt.pk), now=timezone.now())
        try:
            fields = {"choice": ["1"]} if number % 2 else {"text": ["自然延伸"]}
            papers.save(items[0 if number % 2 else 1], fields, now=timezone.now())
        except RefusedError:
            return False
        return True

    at_once(verb)
    kept = set(attempt.items.exclude(saved=None).values_list("pk", flat=True))
    assert kept == set(Response.objects.values_list("item", flat=True))


def test_one_answer_for_good_of_many_stands(attempt: Attempt) -> None:
    def verb(number: int) -> int:
        return papers.answer(item_at(attempt, CHOICE), {"choice": [str(number % 4)]}, now=timezone.now()).pk

    assert set(at_once(verb)) == {Response.objects.get().pk}
    assert Grading.objects.count() == 1
