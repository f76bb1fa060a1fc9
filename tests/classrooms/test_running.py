"""The life of a class: archived, restored, duplicated, handed over, deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from classrooms import running
from classrooms.models import Assignment, Classroom, Group, Member, Sitting
from quizzes.models import Attempt
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.classrooms.test_joining import signed_in, text_of
from tests.classrooms.test_personal_data import sit
from tests.clock import NOW
from tests.factories import make_course, make_user


@pytest.fixture
def teacher(db: None) -> User:
    return make_user("teacher")


@pytest.fixture
def classroom(teacher: User) -> Classroom:
    return make_classroom(teacher, name="Term 1")


@pytest.fixture
def client(teacher: User) -> Client:
    return signed_in(teacher)


def test_an_archived_class_is_kept_closed_and_comes_back(client: Client, classroom: Classroom, learner: User) -> None:
    client.post(f"/classes/{classroom.pk}/archive/")
    assert "1 archived class" in text_of(client, "/classes/")
    assert signed_in(learner).get(f"/classes/join/{classroom.code}/").status_code == 422
    assert client.get(f"/classes/{classroom.pk}/people/").status_code == 200
    client.post(f"/classes/{classroom.pk}/restore/")
    assert "archived" not in text_of(client, "/classes/")
    assert signed_in(learner).get(f"/classes/join/{classroom.code}/").status_code == 200


def test_the_copy_has_the_work_as_drafts_and_nobody(client: Client, classroom: Classroom, teacher: User) -> None:
    red = classroom.groups.create(name="Red")
    ann = make_member(classroom, group=red)
    pre = make_assignment(
        classroom, title="Before", opens_at=NOW, due_at=NOW + timedelta(days=1), form="pre", minutes=20
    )
    post = make_assignment(classroom, title="After", pretest=pre, kinds=["choice"], attempts=3)
    pre.groups.add(red)
    post.members.add(ann)
    sit(ann, pre)
    client.post(f"/classes/{classroom.pk}/copy/", {"name": "Term 2"})
    copy = Classroom.objects.get(name="Term 2")
    assert copy.code != classroom.code
    assert [(member.user, member.role) for member in copy.members.all()] == [(teacher, "owner")]
    before, after = copy.assignments.order_by("pk")
    assert (before.title, before.is_draft, before.opens_at, before.due_at) == ("Before", True, None, None)
    assert (before.minutes, before.form, before.paper) == (20, "pre", {})
    assert (after.kinds, after.attempts, after.pretest) == (["choice"], 3, before)
    assert [group.name for group in before.groups.all()] == ["Red"]
    assert before.groups.get().classroom == copy
    assert not after.members.exists()
    assert set(before.lessons.all()) == set(pre.lessons.all())
    assert not Sitting.objects.filter(assignment__classroom=copy).exists()
    assert (classroom.assignments.count(), Group.objects.filter(classroom=classroom).count()) == (2, 1)


def test_every_field_of_an_assignment_is_copied_or_left_on_purpose() -> None:
    fields = {field.name for field in Assignment._meta.concrete_fields}
    left = {
        "id",
        "classroom",
        "opens_at",
        "due_at",
        "published_at",
        "author",
        "created_at",
        "revision",
        "paper",
        "pretest",
    }
    assert fields - left == set(running.COPIED)


def test_a_colleague_who_copies_owns_the_copy(classroom: Classroom, stranger: User) -> None:
    draft = make_course(is_published=False, owner=classroom.members.get().user)
    Classroom.objects.update(course=draft)
    make_member(classroom, stranger, role=Member.Role.INSTRUCTOR)
    signed_in(stranger).post(f"/classes/{classroom.pk}/copy/", {"name": "Mine"})
    copy = Classroom.objects.get(name="Mine")
    assert (copy.course, copy.members.get().user) == (draft, stranger)


def test_the_owner_hands_the_class_over(client: Client, classroom: Classroom, stranger: User) -> None:
    url = f"/classes/{classroom.pk}/transfer/"
    assert "Nobody else teaches this class." in text_of(client, url)
    learner = make_member(classroom)
    other = make_member(classroom, stranger, role=Member.Role.INSTRUCTOR)
    assert client.post(url, {"successor": learner.pk}).status_code == 422
    assert client.post(url, {"successor": other.pk}).status_code == 302
    assert client.get(url).status_code == 403
    assert signed_in(stranger).get(url).status_code == 200
    assert client.post(f"/classes/{classroom.pk}/leave/").status_code == 302


def test_deleting_says_what_goes_and_wants_the_name(client: Client, classroom: Classroom, learner: User) -> None:
    member = make_member(classroom, learner, is_managed=True)
    assignment = make_assignment(classroom)
    done, still = sit(member, assignment), sit(member, assignment, number=2, is_open=True)
    url = f"/classes/{classroom.pk}/delete/"
    page = text_of(client, url)
    for words in ("the list of 1 learner,", "1 assignment;", "2 quizzes that were taken", "The 1 account"):
        assert words in page
    for name in ("", "Term", "Term 2"):
        assert client.post(url, {"name": name}).status_code == 422
    assert Classroom.objects.exists()
    assert client.post(url, {"name": " term 1 "}).status_code == 302
    assert not Classroom.objects.exists()
    assert not Sitting.objects.exists()
    assert {attempt.pk for attempt in Attempt.objects.open()} == set()
    assert Attempt.objects.told_by(timezone.now()).count() == 2
    assert {done.attempt_id, still.attempt_id} == set(learner.attempts.values_list("pk", flat=True))


def test_a_class_has_one_owner_who_is_in_it(classroom: Classroom) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_member(classroom, role=Member.Role.OWNER)
    for status in (Member.Status.LEFT, Member.Status.REMOVED, Member.Status.WAITING):
        with pytest.raises(IntegrityError), transaction.atomic():
            classroom.members.update(status=status)
    assert not classroom.members.get().go(Member.Status.LEFT, now=NOW)


def test_a_removal_during_a_quiz_keeps_what_was_answered(classroom: Classroom) -> None:
    member = make_member(classroom)
    sitting = sit(member, make_assignment(classroom), is_open=True)
    assert member.go(Member.Status.REMOVED, now=NOW)
    assert not member.go(Member.Status.LEFT, now=NOW)
    assert signed_in(member.user).get(f"/classes/{classroom.pk}/sittings/{sitting.pk}/1/").status_code == 403
    assert signed_in(member.user).post(f"/classes/{classroom.pk}/sittings/{sitting.pk}/hand-in/").status_code == 403
    assert Sitting.objects.open().get() == sitting
    member.come_back(Member.Status.ACTIVE)
    assert signed_in(member.user).get(f"/classes/{classroom.pk}/sittings/{sitting.pk}/1/").status_code == 200
