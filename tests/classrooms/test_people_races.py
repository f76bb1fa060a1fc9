"""The same step in a class from many sides at once. Needs a database with several writers: PostgreSQL, as in CI."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from accounts.models import User
from accounts.personal_data import merge
from classrooms import importing
from classrooms.invitations import accept, invite
from classrooms.joining import JoinError, join
from classrooms.models import Classroom, Member
from classrooms.people import hand_over
from classrooms.roster import read_text
from tests.classrooms.rows import make_classroom, make_member
from tests.clock import NOW
from tests.factories import make_guest, make_user
from tests.races import MANY, RACES, at_once

pytestmark = RACES


@pytest.fixture
def classroom(transactional_db: None) -> Classroom:
    return make_classroom(make_user("teacher"))


def test_joining_many_times_at_once_is_joining_once(classroom: Classroom, learner: User) -> None:
    found = at_once(lambda _number: join(classroom, learner, name="Ann", now=NOW).pk)
    assert set(found) == {classroom.members.learners().get().pk}


def test_coming_back_many_times_at_once_is_once(classroom: Classroom, learner: User) -> None:
    member = make_member(classroom, learner, status=Member.Status.LEFT)
    assert set(at_once(lambda _number: join(classroom, learner, name="", now=NOW).pk)) == {member.pk}
    member.refresh_from_db()
    assert member.is_active


def test_whoever_joins_while_the_class_closes_is_in_or_told(classroom: Classroom) -> None:
    users = [make_user() for _ in range(MANY)]

    def act(number: int) -> bool:
        if number == 0:
            Classroom.objects.filter(pk=classroom.pk).update(is_open=False)
            return True
        try:
            join(classroom, users[number], name="", now=NOW)
        except JoinError:
            return False
        return True

    told = at_once(act)[1:]
    assert classroom.members.learners().count() == sum(told)


def test_one_invitation_makes_one_instructor(classroom: Classroom) -> None:
    users = [make_user() for _ in range(MANY)]
    invite(classroom, inviter=users[0], label="", now=NOW)
    invitation = classroom.invitations.get()

    def act(number: int) -> bool:
        try:
            accept(invitation, users[number], now=NOW)
        except JoinError:
            return False
        return True

    assert sum(at_once(act)) == 1
    assert classroom.members.filter(role="instructor").count() == 1


def test_a_class_handed_over_from_many_sides_has_one_owner(classroom: Classroom) -> None:
    owner = classroom.members.get()
    successors = [make_member(classroom, role=Member.Role.INSTRUCTOR) for _ in range(MANY)]
    assert sum(at_once(lambda number: hand_over(owner, successors[number]))) == 1
    assert classroom.members.filter(role="owner").count() == 1
    assert classroom.members.filter(role="instructor").count() == MANY


def test_a_list_confirmed_many_times_at_once_is_written_once(classroom: Classroom) -> None:
    teacher = classroom.members.get().user
    arrival = importing.keep(classroom, teacher, read_text("Ann\nBen\nCai"))

    def act(_number: int) -> Any:
        row = type(arrival).objects.select_related("classroom", "actor").get(pk=arrival.pk)
        try:
            return importing.confirm(row, now=NOW)
        except importing.ChangedMeanwhileError:
            return None

    assert sum(outcome is not None for outcome in at_once(act)) == 1
    assert classroom.members.learners().count() == 3
    assert User.objects.count() == 4


def test_two_lists_with_one_name_at_once_never_share_an_account(classroom: Classroom) -> None:
    classes = [make_classroom(make_user()) for _ in range(MANY)]
    arrivals = [importing.keep(row, row.members.get().user, read_text("Ann")) for row in classes]

    def act(number: int) -> bool:
        try:
            return importing.confirm(arrivals[number], now=NOW) is not None
        except (importing.ChangedMeanwhileError, IntegrityError):
            return False

    assert at_once(act).count(True) == User.objects.filter(username__startswith="ann").count() >= 1


def test_a_guest_who_logs_in_twice_at_once_moves_once(classroom: Classroom, learner: User) -> None:
    guest = make_guest()
    make_member(classroom, guest, name="Ann")
    at_once(lambda _number: merge(guest, learner))
    assert [(member.user, member.name) for member in classroom.members.learners()] == [(learner, "Ann")]


def test_of_two_who_take_one_number_the_second_is_told(classroom: Classroom) -> None:
    """The constraint, whatever the forms say."""
    members = [make_member(classroom) for _ in range(MANY)]

    def act(number: int) -> bool:
        try:
            Member.objects.filter(pk=members[number].pk).update(number="7")
        except IntegrityError:
            return False
        return True

    assert sum(at_once(act)) == 1
