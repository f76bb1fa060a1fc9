"""What became of the work that was set: the figures are the gradebook's, and means carry n and an interval."""

from __future__ import annotations

from datetime import timedelta
from statistics import mean, stdev

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from classrooms.marks import gradebook
from classrooms.models import Assignment, Classroom, Member, Sitting
from quizzes.models import Attempt
from reports.work import FEWEST, bootstrap, class_work, difference, gains
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.clock import NOW
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher() -> User:
    return make_user("instructor")


@pytest.fixture
def classroom(teacher: User) -> Classroom:
    return make_classroom(teacher)


def sit(
    assignment: Assignment, member: Member, score: float, *, minutes: float = 8, form: str = "", number: int = 1
) -> Sitting:
    """An attempt that was handed in."""
    began = NOW - timedelta(days=2)
    ended = began + timedelta(minutes=minutes)
    attempt = Attempt.objects.create(
        learner=member.user,
        course=assignment.classroom.course,
        scope=Attempt.Scope.QUIZ,
        seed="test",
        started_at=began,
        finished_at=ended,
    )
    return assignment.sittings.create(
        member=member, attempt=attempt, number=number, form=form, started_at=began, submitted_at=ended, score=score
    )


def learners(classroom: Classroom, count: int) -> list[Member]:
    return [make_member(classroom, name=f"Learner {at}") for at in range(count)]


def test_marks_are_those_of_the_gradebook(classroom: Classroom) -> None:
    quiz = make_assignment(classroom, due_at=NOW - timedelta(hours=1))
    *took, away = learners(classroom, FEWEST + 1)
    scores = [0.2, 0.4, 0.6, 0.8, 1.0]
    for member, score in zip(took, scores, strict=True):
        sit(quiz, member, score)
    (row,) = class_work(classroom, NOW)
    assert (row.n_set, row.done, row.missing, row.excused, row.n) == (6, 5, 1, 0, 5)
    assert (row.mean, row.spread) == (pytest.approx(60), pytest.approx(stdev([20, 40, 60, 80, 100])))
    book = gradebook(classroom, NOW)
    assert {found.member: found.cells[0].mark.points for found in book.rows}[away] == 0
    assert row.minutes == pytest.approx(8)


def test_below_five_marks_there_is_no_mean(classroom: Classroom) -> None:
    quiz = make_assignment(classroom)
    for member in learners(classroom, FEWEST - 1):
        sit(quiz, member, 0.5)
    (row,) = class_work(classroom, NOW)
    assert (row.n, row.mean, row.interval, row.minutes) == (4, None, None, None)


def test_the_interval_of_a_mean_is_that_of_resampling() -> None:
    values = (20.0, 40.0, 60.0, 80.0, 100.0) * 4
    low, high = bootstrap(values)
    error = stdev(values) / len(values) ** 0.5
    assert low == pytest.approx(mean(values) - 1.96 * error, abs=2)
    assert high == pytest.approx(mean(values) + 1.96 * error, abs=2)
    bootstrap.cache_clear()
    assert bootstrap(values) == (low, high)


def test_a_difference_says_whether_chance_explains_it(classroom: Classroom) -> None:
    easy, hard = make_assignment(classroom, title="easy"), make_assignment(classroom, title="hard")
    for at, member in enumerate(learners(classroom, 8)):
        sit(easy, member, 0.9 if at % 2 else 1.0)
        sit(hard, member, 0.2 if at % 2 else 0.3)
    rows = {row.assignment: row for row in class_work(classroom, NOW)}
    found = difference(rows[hard], rows[easy])
    assert found.points == pytest.approx(70)
    assert found.is_sure
    assert not difference(rows[hard], rows[hard]).is_sure


def test_gain_takes_the_first_attempts_of_those_who_took_both(classroom: Classroom) -> None:
    pre = make_assignment(classroom, title="pre", form=Assignment.Form.PRE)
    post = make_assignment(classroom, title="post", form=Assignment.Form.POST, pretest=pre)
    *both, only_before = learners(classroom, 7)
    for at, member in enumerate(both):
        sit(pre, member, 0.4, form="AB"[at % 2])
        sit(post, member, 0.7, form="BA"[at % 2])
        sit(post, member, 1.0, form="BA"[at % 2], number=2)
    sit(pre, only_before, 0.0, form="A")
    (found,) = gains(classroom)
    assert (found.gain.n, found.gain.pre, found.gain.post) == (6, pytest.approx(0.4), pytest.approx(0.7))
    assert found.gain.gain == pytest.approx(0.5)
    assert [(form, half.n, half.gain) for form, half in found.halves] == [("A", 3, None), ("B", 3, None)]


@pytest.mark.parametrize("count", [1, 9])
def test_the_report_takes_the_same_queries_however_many_there_are(
    classroom: Classroom, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = learners(classroom, count)
    for at in range(count):
        quiz = make_assignment(classroom, title=f"quiz {at}")
        for member in people:
            sit(quiz, member, 0.5)
    with django_assert_num_queries(8):
        class_work(classroom, NOW)


def test_only_what_one_teaches_can_be_compared(client: Client, classroom: Classroom, teacher: User) -> None:
    mine, second = make_assignment(classroom, title="Mine"), make_assignment(classroom, title="Also mine")
    theirs = make_assignment(make_classroom(name="Theirs"), title="Not mine")
    client.force_login(teacher)
    page = client.get(reverse("reports:compare"), {"first": mine.pk, "second": second.pk}).content.decode()
    assert 'id="t-compared-work"' in page
    assert "Not mine" not in page
    refused = client.get(reverse("reports:compare"), {"first": mine.pk, "second": theirs.pk}).content.decode()
    assert 'id="t-compared-work"' not in refused
    assert "Select a valid choice" in refused


def test_two_classes_stand_side_by_side(client: Client, classroom: Classroom, teacher: User) -> None:
    other = make_classroom(teacher, course=classroom.course, name="Class B")
    learners(other, 2)
    client.force_login(teacher)
    page = client.get(reverse("reports:compare"), {"one": classroom.pk, "other": other.pk}).content.decode()
    assert 'id="t-compared-classes"' in page
    assert "Class B" in page


def test_the_page_of_the_work_shows_each_assignment(client: Client, classroom: Classroom, teacher: User) -> None:
    make_assignment(classroom, title="Quiz on chapter one")
    client.force_login(teacher)
    page = client.get(reverse("reports:class_work", args=[classroom.pk])).content.decode()
    assert "Quiz on chapter one" in page
