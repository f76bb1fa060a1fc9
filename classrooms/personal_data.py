"""What this app keeps about a person: given out, moved or erased on request (see `accounts.personal_data`).

Whoever owns a class hands it over or deletes it first: with the owner's account it would go from under its learners.
What an instructor gave to others (work, marks, comments) stays with the class, without the name.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Hindrance
from classrooms.models import (
    Assignment,
    Calendar,
    Classroom,
    Completion,
    Extension,
    Invitation,
    MarkChange,
    Member,
    RosterImport,
    ShownAnswer,
    Sitting,
)
from classrooms.publishing import drop_work_of
from classrooms.sittings import hand_in
from quizzes.models import Attempt

MEMBER = (
    "id",
    "classroom__name",
    "role",
    "status",
    "name",
    "number",
    "email",
    "group__name",
    "is_managed",
    "extra_time_factor",
    "extra_attempts",
    "joined_at",
    "left_at",
    "seen_at",
)
SITTING = (
    "id",
    "member",
    "assignment__title",
    "attempt",
    "number",
    "form",
    "policy",
    "started_at",
    "submitted_at",
    "is_late",
    "is_automatic",
    "score",
)
UNTOLD = tuple(name for name in SITTING if name != "score")
COMPLETION = ("id", "member", "assignment__title", "reached_at")
EXTENSION = ("id", "member", "assignment__title", "due_at", "extra_attempts")
MARK = ("id", "member", "assignment__title", "action", "points", "before", "reason", "comment", "previous", "made_at")
SHOWN = ("id", "member", "showing", "item")
GIVEN = ("id", "assignment__title", "action", "made_at")
SET = ("id", "classroom__name", "title", "sort", "created_at", "published_at")
INVITATION = ("id", "classroom__name", "label", "created_at", "expires_at", "accepted_at")
IMPORT = ("id", "classroom__name", "created_at", "confirmed_at")
CALENDAR = ("id", "created_at")


def count(user: User) -> int:
    """Answers are counted where they are kept, in quizzes."""
    return 0


def export(user: User) -> dict[str, Any]:
    """Every row about `user` as JSON-able data, oldest first; ids join the lists.

    Scores and marks of a quiz are left out until its results are told. Of what an instructor did to others the time is
    given, and nothing about them.
    """
    sittings = Sitting.objects.filter(member__user=user).order_by("pk")
    told = sittings.filter(attempt__in=Attempt.objects.filter(learner=user).told_by(timezone.now()))
    untold = sittings.exclude(pk__in=told.values("pk"))
    marks = MarkChange.objects.filter(member__user=user).exclude(assignment__in=untold.values("assignment"))
    shown = ShownAnswer.objects.filter(member__user=user).order_by("pk")
    invited = Invitation.objects.filter(accepted_by=user) | Invitation.objects.filter(inviter=user)
    return {
        "memberships": list(Member.objects.filter(user=user).order_by("pk").values(*MEMBER)),
        "sittings": [*told.values(*SITTING), *untold.values(*UNTOLD)],
        "completions": list(Completion.objects.filter(member__user=user).order_by("pk").values(*COMPLETION)),
        "extensions": list(Extension.objects.filter(member__user=user).order_by("pk").values(*EXTENSION)),
        "marks": list(marks.order_by("pk").values(*MARK)),
        "shown_answers": list(shown.values(*SHOWN)),
        "marks_given": list(MarkChange.objects.filter(author=user).order_by("pk").values(*GIVEN)),
        "work_set": list(Assignment.objects.filter(author=user).order_by("pk").values(*SET)),
        "invitations": list(invited.order_by("pk").values(*INVITATION)),
        "roster_imports": list(RosterImport.objects.filter(actor=user).order_by("pk").values(*IMPORT)),
        "calendars": list(Calendar.objects.filter(user=user).order_by("pk").values(*CALENDAR)),
    }


def hindrances(user: User) -> list[Hindrance]:
    """Each class that `user` owns."""
    words = _("You own the class %(name)s. Hand it over or delete it first.")
    return [
        Hindrance(words % {"name": classroom.name}, reverse("classrooms:classroom_edit", args=[classroom.pk]))
        for classroom in Classroom.objects.owned_by(user)
    ]


def holds(guest: User) -> bool:
    """Whether a class that still runs counts the guest among its learners."""
    return Member.objects.active().filter(user=guest, classroom__archived_at=None).exists()


def erase(user: User) -> None:
    """Delete every row about `user`, who owns no class any more. What they gave to others stays without the name."""
    drop_work_of(Member.objects.filter(user=user))
    Member.objects.filter(user=user).delete()
    Invitation.objects.filter(inviter=user).delete()
    Invitation.objects.filter(accepted_by=user).update(accepted_by=None)
    RosterImport.objects.filter(actor=user).delete()
    Calendar.objects.filter(user=user).delete()
    MarkChange.objects.filter(author=user).update(author=None)
    Assignment.objects.filter(author=user).update(author=None)


def merge(guest: User, user: User) -> int:
    """Give the guest's places in classes to `user`; no answers are counted here. Run inside a transaction."""
    for member in Member.objects.select_for_update().filter(user=guest).order_by("pk"):
        own = Member.objects.select_for_update().filter(classroom=member.classroom_id, user=user).first()
        if own is None:
            Member.objects.filter(pk=member.pk).update(user=user)
        else:
            _join(member, own)
    if not Calendar.objects.filter(user=user).exists():
        Calendar.objects.filter(user=guest).update(user=user)
    return 0


def _join(guest: Member, own: Member) -> None:
    """Move everything of the guest's place to the person's own in the same class, and end the guest's.

    Where both have one of what there is only one of, the person's own stays; of two completions the first counts.
    Somebody who teaches the class has no marks in it.
    """
    if not own.teaches:
        _move_sittings(guest, own)
        _move_decisions(guest, own)
        _move_single(guest, own)
        for assignment in guest.assignments.all():
            assignment.members.add(own)
    drop_work_of(Member.objects.filter(pk=guest.pk))
    Member.objects.filter(pk=guest.pk).delete()  # before its number is given on: a class has each number once
    if not own.teaches:
        _take_over(guest, own)


def _take_over(guest: Member, own: Member) -> None:
    """What the class knew of the guest and not of the person. Removed stays removed: that is the instructor's word."""
    if guest.is_active and own.status in (Member.Status.WAITING, Member.Status.LEFT):
        own.status, own.left_at = Member.Status.ACTIVE, None
    for name in ("name", "number", "email", "group"):
        setattr(own, name, getattr(own, name) or getattr(guest, name))
    own.extra_time_factor = max(own.extra_time_factor, guest.extra_time_factor)
    own.extra_attempts = max(own.extra_attempts, guest.extra_attempts)
    own.seen_at = max((moment for moment in (own.seen_at, guest.seen_at) if moment), default=None)
    own.save()


def _move_sittings(guest: Member, own: Member) -> None:
    """Numbered after the person's own. Two at once cannot be: then the guest's is handed in as it stands."""
    for sitting in guest.sittings.select_related("assignment", "member", "attempt").order_by("assignment", "number"):
        mine = own.sittings.filter(assignment=sitting.assignment_id)
        if sitting.submitted_at is None and mine.open().exists():
            hand_in(sitting, now=timezone.now())
        last = mine.aggregate(last=Max("number"))["last"] or 0
        Sitting.objects.filter(pk=sitting.pk).update(member=own, number=last + 1)


def _move_decisions(guest: Member, own: Member) -> None:
    """The mark changes of both become one chain in the order in which they were made: the newest holds."""
    for first in MarkChange.objects.filter(member=guest, previous=None):
        chain = MarkChange.objects.filter(member__in=[guest, own], assignment=first.assignment_id)
        ids = list(chain.order_by("pk").values_list("pk", flat=True))
        chain.update(previous=-F("pk"))  # of no row, until the transaction ends: no two may follow the same one
        for before, pk in zip([None, *ids], ids, strict=False):
            MarkChange.objects.filter(pk=pk).update(member=own, previous=before)


def _move_single(guest: Member, own: Member) -> None:
    """What there is once per assignment or showing."""
    for completion in guest.completions.all():
        mine = own.completions.filter(assignment=completion.assignment_id)
        if not mine.exists():
            Completion.objects.filter(pk=completion.pk).update(member=own)
        else:
            mine.filter(reached_at__gt=completion.reached_at).update(reached_at=completion.reached_at)
    extended = list(own.extensions.values_list("assignment", flat=True))
    Extension.objects.filter(member=guest).exclude(assignment__in=extended).update(member=own)
    answered = list(own.shown_answers.values_list("showing", flat=True))
    ShownAnswer.objects.filter(member=guest).exclude(showing__in=answered).update(member=own)
