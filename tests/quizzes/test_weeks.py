"""What was known at the beginning of each week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from curriculum.models import Course
from quizzes import practice, weeks
from quizzes.mastery import KnownFact
from quizzes.memory import replay
from quizzes.models import Grading, KnowledgeWeek
from quizzes.scheduling import retrievability
from tests.factories import make_bank, make_course, make_learner
from tests.quizzes.histories import MONDAY, answer, noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner() -> User:
    return make_learner()


@pytest.fixture
def course() -> Course:
    course = make_course(lessons=2, sentences=3)
    make_bank(course)
    return course


def noted() -> list[tuple[date, str, int, int]]:
    rows = KnowledgeWeek.objects.order_by("monday", "lesson__order")
    return list(rows.values_list("monday", "lesson__key", "met", "total"))


def test_somebody_new_has_no_past(learner: User) -> None:
    assert weeks.note(learner, now=noon(100)) == 0


def test_in_the_first_week_there_is_nothing_to_note(learner: User, course: Course) -> None:
    answer(learner, course.facts.get(key="F1-1"), at=noon(2))
    assert weeks.note(learner, now=noon(6)) == 0


def test_each_monday_shows_what_was_met_before_it(learner: User, course: Course) -> None:
    answer(learner, course.facts.get(key="F1-1"), at=noon(2))
    answer(learner, course.facts.get(key="F1-2"), at=noon(9))
    answer(learner, course.facts.get(key="F2-1"), at=noon(9))
    weeks.note(learner, now=noon(14))
    assert noted() == [
        (MONDAY + timedelta(days=7), "L1", 1, 3),
        (MONDAY + timedelta(days=14), "L1", 2, 3),
        (MONDAY + timedelta(days=14), "L2", 1, 3),
    ]


def test_the_estimate_is_that_of_the_moment_the_week_began(learner: User, course: Course) -> None:
    fact = course.facts.get(key="F1-1")
    answer(learner, fact, at=noon(2))
    weeks.note(learner, now=noon(8))
    memory = replay(Grading.objects.all())[fact.pk]
    began = noon(7).replace(hour=4)
    assert KnowledgeWeek.objects.get().knowledge == pytest.approx(retrievability(memory, began) / 3)


def test_noting_later_says_the_same_as_noting_each_week(learner: User, course: Course) -> None:
    for day in (2, 9, 16):
        weeks.note(learner, now=noon(day))
        answer(learner, course.facts.get(key="F1-1"), at=noon(day))
    weeks.note(learner, now=noon(21))
    at_once = list(KnowledgeWeek.objects.order_by("monday").values_list("monday", "met", "secure", "knowledge"))
    KnowledgeWeek.objects.all().delete()
    weeks.note(learner, now=noon(21))
    assert list(KnowledgeWeek.objects.order_by("monday").values_list("monday", "met", "secure", "knowledge")) == at_once


def test_a_long_absence_is_noted_only_for_so_many_weeks(learner: User, course: Course) -> None:
    answer(learner, course.facts.get(key="F1-1"), at=noon(0))
    assert weeks.note(learner, now=noon(7 * 500)) == weeks.MOST_WEEKS + 1


def test_the_first_run_of_a_week_notes_it_and_further_ones_ask_once(
    learner: User, course: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    answer(learner, course.facts.get(key="F1-1"), at=noon(2))
    practice.start(learner, course, scope="course", now=noon(7))
    assert len(noted()) == 1
    with django_assert_num_queries(1):
        weeks.note(learner, now=noon(8))


def test_a_row_counts_secure_facts() -> None:
    fact = KnownFact(1, "F", 1, "L1", "S", True, 1.0, True, None)
    row = weeks.week_row(1, 2, MONDAY, [fact], noon())
    assert (row.total, row.met, row.secure, row.knowledge) == (1, 0, 0, 0.0)
