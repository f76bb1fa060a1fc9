"""Rows of classes: plain functions, beside tests.factories."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.models import User
from classrooms.models import Assignment, Classroom, Member
from curriculum.models import Course
from tests.factories import make_bank, make_course, make_user


def make_classroom(owner: User | None = None, *, course: Course | None = None, **fields: Any) -> Classroom:
    """A class with its owner; without `course` it reads a small one that has a bank."""
    if course is None:
        course = make_course(lessons=2)
        make_bank(course)
    classroom = Classroom.objects.create(course=course, **{"name": "Class A"} | fields)
    make_member(classroom, owner or make_user(), role=Member.Role.OWNER)
    return classroom


def make_member(classroom: Classroom, user: User | None = None, **fields: Any) -> Member:
    """An active learner of the class, unless `fields` say otherwise."""
    return classroom.members.create(user=user or make_user(), **{"joined_at": timezone.now()} | fields)


def make_assignment(classroom: Classroom, *, sort: str = "quiz", is_draft: bool = False, **fields: Any) -> Assignment:
    """Published work on all lessons of the class's course."""
    plain: dict[str, Any] = {"title": f"{sort} 1", "published_at": None if is_draft else timezone.now()}
    assignment = classroom.assignments.create(sort=sort, **plain | fields)
    assignment.lessons.set(classroom.course.lessons.all())
    return assignment
