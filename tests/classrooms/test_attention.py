"""What an instructor's home begins with: a line for each class, the one that needs them most first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from classrooms.attention import needs_you
from classrooms.models import Classroom, Member
from classrooms.today import today
from tests.classrooms.crowd import make_crowd
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.factories import make_bank, make_course, make_user
from tests.quizzes.histories import answer

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def teacher(db: None) -> User:
    return make_user("teacher")


def make_room(teacher: User, name: str) -> Classroom:
    course = make_course(sentences=6, lessons=2)
    make_bank(course)
    return make_classroom(teacher, course=course, name=name)


def test_each_class_is_a_line_with_what_its_own_page_says(client: Client, teacher: User) -> None:
    now = timezone.now()
    quiet, busy = make_room(teacher, "Quiet"), make_room(teacher, "Busy")
    make_member(quiet)
    make_crowd(busy, 8, now=now)
    make_member(busy, status=Member.Status.WAITING)
    first, second = needs_you(teacher, now)
    assert (first.classroom.name, first.needing, first.waiting) == ("Busy", len(today(busy, now).needing), 1)
    assert (first.missed, first.asked) == (0.5, 8)
    assert (second.classroom.name, second.is_calm) == ("Quiet", True)
    client.force_login(teacher)
    html = client.get(reverse("quizzes:home")).content.decode()
    assert "4 learners need help · 1 waits to be let in · one statement is missed by 50% of 8 learners" in html
    assert "1 learner, nobody needs help" in html
    assert busy.get_absolute_url() in html


def test_the_list_of_classes_begins_with_the_one_in_which_most_need_help(client: Client, teacher: User) -> None:
    now = timezone.now()
    quiet, busy = make_room(teacher, "A quiet class"), make_room(teacher, "Busy")
    make_member(quiet, user := make_user("learner"))
    make_assignment(quiet, due_at=now + DAY)
    make_crowd(busy, 8, now=now)
    client.force_login(teacher)
    page = " ".join(client.get(reverse("classrooms:classes")).content.decode().split())
    assert page.index("Busy") < page.index("A quiet class")
    assert page.count("<strong>4 learners need help</strong>") == page.count("need help") == 1
    client.force_login(user)
    assert "need help" not in client.get(reverse("classrooms:classes")).content.decode()


def test_overdue_work_counts_here_as_on_the_class_page(teacher: User) -> None:
    now = timezone.now()
    classroom = make_room(teacher, "1A")
    make_member(classroom)
    make_assignment(classroom, due_at=now - 3 * DAY, published_at=now - 9 * DAY)
    (line,) = needs_you(teacher, now)
    assert line.needing == len(today(classroom, now).needing) == 1


def test_what_somebody_studies_in_the_course_of_another_class_stays_theirs(teacher: User) -> None:
    now = timezone.now()
    mine, other = make_room(teacher, "1A"), make_room(teacher, "1B")
    member = make_member(mine)
    for fact in other.course.facts.filter(key__startswith="F1-"):
        answer(member.user, fact, at=now - MINUTE, rating=1)
    assert [line.is_calm for line in needs_you(teacher, now)] == [True, True]


def test_a_learner_and_an_instructor_of_an_archived_class_see_no_line(teacher: User) -> None:
    now = timezone.now()
    classroom = make_room(teacher, "1A")
    assert needs_you(make_member(classroom).user, now) == ()
    Classroom.objects.update(archived_at=now)
    assert needs_you(teacher, now) == ()


@pytest.mark.parametrize("classes", [1, 3])
def test_the_lines_take_nine_queries_for_any_number_of_classes(
    classes: int, teacher: User, django_assert_num_queries: Any
) -> None:
    now = timezone.now()
    for number in range(classes):
        classroom = make_room(teacher, f"Class {number}")
        make_crowd(classroom, 6, now=now)
        make_assignment(classroom)
    with django_assert_num_queries(9):
        assert [line.needing for line in needs_you(teacher, now)] == [3] * classes


def test_somebody_without_a_class_costs_one_query(teacher: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert needs_you(teacher, timezone.now()) == ()
