"""From the first question to the mark, through the real code of sittings and gradebook."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from classrooms import sittings
from classrooms.marks import cell, own_marks
from classrooms.models import Assignment, Classroom, Member
from quizzes import papers
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DUE = NOW + timedelta(hours=1)


@pytest.fixture
def classroom() -> Classroom:
    return make_classroom(make_user("owner"))


@pytest.fixture
def member(classroom: Classroom) -> Member:
    return make_member(classroom, make_user("learner"))


def answer(assignment: Assignment, member: Member, *, right: int, now: datetime) -> None:
    """Begin an attempt and save `right` right answers of four."""
    sitting = sittings.start(assignment, member, now=now)
    items = sitting.attempt.items.select_related("attempt", "version__question").order_by("position")
    for item in items[:right]:
        content = item.version.content
        index = content.options.index(content.key) if content.options else 0
        papers.save(item, {"choice": [str(index)], "text": [str(content.key)]}, now=now)


def a_quiz(classroom: Classroom, **fields: object) -> Assignment:
    return make_assignment(classroom, count=4, is_same_for_all=False, points=20, due_at=DUE, **fields)


def test_work_handed_in_late_loses_what_the_rules_said_when_it_was_begun(classroom: Classroom, member: Member) -> None:
    assignment = a_quiz(classroom, late="penalty", late_penalty=25)
    answer(assignment, member, right=2, now=NOW)
    assert cell(assignment, member, NOW).mark.points is None
    assignment.late_penalty, assignment.points = 50, 100
    assignment.save()
    sittings.hand_in(assignment.sittings.get(), now=DUE + timedelta(hours=1))
    found = cell(assignment, member, DUE + timedelta(hours=2)).mark
    assert (found.points, found.out_of, found.is_late) == (7.5, 20, True)


def test_the_network_is_given_its_grace(classroom: Classroom, member: Member) -> None:
    assignment = a_quiz(classroom, late="penalty", late_penalty=25)
    answer(assignment, member, right=4, now=NOW)
    sittings.hand_in(assignment.sittings.get(), now=DUE + timedelta(seconds=20))
    found = cell(assignment, member, DUE + timedelta(hours=1)).mark
    assert (found.points, found.is_late) == (20.0, False)


def test_an_attempt_whose_time_is_up_is_a_mark_as_soon_as_the_gradebook_is_opened(
    client: Client, classroom: Classroom, member: Member
) -> None:
    begun = timezone.now() - timedelta(hours=3)
    assignment = make_assignment(classroom, count=4, is_same_for_all=False, points=20, minutes=10)
    answer(assignment, member, right=3, now=begun)
    client.force_login(classroom.members.get(role="owner").user)
    assert client.get(f"/classes/{classroom.pk}/gradebook/").status_code == 200
    sitting = assignment.sittings.get()
    assert (sitting.is_automatic, sitting.score) == (True, 0.75)
    assert cell(assignment, member, timezone.now()).mark.points == 15.0


def test_results_that_wait_for_the_due_time_wait_on_the_learners_page(classroom: Classroom, member: Member) -> None:
    assignment = a_quiz(classroom, feedback="later")
    answer(assignment, member, right=2, now=NOW)
    sittings.hand_in(assignment.sittings.get(), now=NOW)
    ((_work, own, is_told),) = own_marks(member, DUE - timedelta(minutes=1))
    assert (is_told, own.mark.points) == (False, None)
    ((_work, own, is_told),) = own_marks(member, DUE + timedelta(minutes=1))
    assert (is_told, own.mark.points) == (True, 10.0)
