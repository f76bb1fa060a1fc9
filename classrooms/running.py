"""The life of a class: archived and restored, given to the next term, deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from classrooms.models import Assignment, Classroom, MarkChange, Member, Sitting
from classrooms.sittings import hand_in
from quizzes.models import Attempt

COPIED = (
    "sort",
    "title",
    "instructions",
    "late",
    "late_penalty",
    "points",
    "target",
    "target_share",
    "review_days",
    "kinds",
    "count",
    "is_same_for_all",
    "form",
    "minutes",
    "attempts",
    "counts",
    "is_shuffled",
    "is_free",
    "feedback",
)
"""What a copy of an assignment takes over. Not its times, its people, its drawn paper or that it was published."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes when a class is deleted, counted. `accounts` are those that the class made: they stay."""

    learners: int
    assignments: int
    sittings: int
    decisions: int
    accounts: int


def contents(classroom: Classroom) -> Contents:
    assignments = classroom.assignments.all()
    return Contents(
        learners=classroom.members.learners().count(),
        assignments=assignments.count(),
        sittings=Sitting.objects.filter(assignment__in=assignments).count(),
        decisions=MarkChange.objects.filter(assignment__in=assignments).count(),
        accounts=classroom.members.filter(is_managed=True).count(),
    )


def archive(classroom: Classroom, *, now: datetime) -> None:
    """Nobody joins any more and the class leaves the lists; everything in it stays and can be read."""
    Classroom.objects.filter(pk=classroom.pk, archived_at=None).update(archived_at=now)


def restore(classroom: Classroom) -> None:
    Classroom.objects.filter(pk=classroom.pk).update(archived_at=None)


@transaction.atomic
def duplicate(classroom: Classroom, *, owner: User, name: str, now: datetime) -> Classroom:
    """A class of `owner` with the same document, settings, groups and assignments, these as drafts; without people.

    An assignment that was set for single learners has nobody in the copy: there, as a draft, it is for all.
    """
    copy = Classroom.objects.create(
        name=name,
        course=classroom.course,
        time_zone=classroom.time_zone,
        needs_approval=classroom.needs_approval,
        is_demo=classroom.is_demo,
    )
    copy.members.create(user=owner, role=Member.Role.OWNER, joined_at=now)
    groups = {group.pk: copy.groups.create(name=group.name) for group in classroom.groups.all()}
    copies: dict[int, Assignment] = {}
    originals = list(classroom.assignments.prefetch_related("lessons", "questions", "groups").order_by("pk"))
    for original in originals:
        kept = {field: getattr(original, field) for field in COPIED}
        copied = copies[original.pk] = copy.assignments.create(author=owner, **kept)
        copied.lessons.set(original.lessons.all())
        copied.questions.set(original.questions.all())
        copied.groups.set([groups[group.pk] for group in original.groups.all()])
    for original in originals:
        if original.pretest_id in copies:
            copies[original.pk].pretest = copies[original.pretest_id]
            copies[original.pk].save(update_fields=["pretest"])
    return copy


def delete(classroom: Classroom, *, now: datetime) -> None:
    """Delete the class with its work and marks. What learners have learned, and their answers, stay theirs.

    Quizzes that somebody is taking are handed in first, and results that were held back are told: nobody could later.
    """
    for sitting in _sittings(classroom).filter(submitted_at=None).select_related("assignment", "member", "attempt"):
        hand_in(sitting, now=now)
    with transaction.atomic():
        held = Attempt.objects.filter(sitting__in=_sittings(classroom), feedback=Attempt.Feedback.LATER)
        Attempt.objects.filter(pk__in=list(held.values_list("pk", flat=True))).update(results_at=now)
        classroom.delete()


def _sittings(classroom: Classroom) -> QuerySet[Sitting]:
    return Sitting.objects.filter(assignment__classroom=classroom)
