"""Whose answers the statistics of a class and of a course are about, and bringing their sums up to date.

Left out: site staff, whoever teaches the class or, for a course, any class that reads it, and the owner of the course.
A preview leaves no answer, so there is nothing to leave out.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from accounts.models import User
from classrooms.models import ClassCohort, Classroom, Member
from curriculum.models import Course
from quizzes import counting
from quizzes.models import Cohort


@dataclass(frozen=True, slots=True)
class Counted:
    """A cohort whose sums are up to date, or (without `is_complete`) still short of answers that wait."""

    cohort: Cohort
    is_complete: bool


def of_class(classroom: Classroom, *, at_most: int | None = counting.AT_ONCE) -> Counted:
    """The first answers of those who learn in the class now. Three queries where nothing is new."""
    link = ClassCohort.objects.select_related("cohort").filter(classroom=classroom.pk).first()
    is_kept = link is not None and link.cohort.course_id == classroom.course_id
    return _up_to_date(link.cohort if link and is_kept else _made(classroom), learners(classroom), at_most)


def of_course(course: Course, *, at_most: int | None = counting.AT_ONCE) -> Counted:
    """The first answers of everybody who learns from the course. Three queries where nothing changed."""
    teaching = Member.objects.active().teachers().filter(classroom__course=course)
    readers = counting.readers(course).exclude(pk__in=teaching.values("user"))
    return _up_to_date(counting.everybody(course), readers, at_most)


def learners(classroom: Classroom) -> QuerySet[User]:
    """Those who learn in the class now, without site staff."""
    inside = Member.objects.active().learners().filter(classroom=classroom)
    found: QuerySet[User] = User.objects.filter(pk__in=inside.values("user"), is_staff=False)
    return found


def _up_to_date(cohort: Cohort, wanted: QuerySet[User], at_most: int | None) -> Counted:
    """A reader gets the sums as they are where they cannot be written just now: the disk is full, the database is busy,
    or somebody whose answers are to be counted is being deleted at the same moment."""
    try:
        counting.keep(cohort, wanted)
        return Counted(cohort, counting.catch_up(cohort.course_id, at_most=at_most))
    except OperationalError:
        if at_most is None:
            raise
        return Counted(cohort, is_complete=False)


@transaction.atomic
def _made(classroom: Classroom) -> Cohort:
    """A new cohort of the class; sums of classes that are gone, or of a course that it read before, are deleted."""
    locked = Classroom.objects.select_for_update(no_key=True).get(pk=classroom.pk)
    Cohort.objects.filter(classroom__classroom=locked).exclude(course=locked.course_id).delete()
    Cohort.objects.filter(is_everybody=False, classroom=None).delete()
    if found := Cohort.objects.filter(classroom__classroom=locked).first():
        return found
    return ClassCohort.objects.create(classroom=locked, cohort=Cohort.objects.create(course_id=locked.course_id)).cohort
