"""Who may do what in a class: every view of this app begins here, at the person.

A stranger gets 404, as for a class that does not exist. Somebody of the class who lacks the role gets 403: they know
that it is there. `is_staff` opens the admin, not other people's classes.
"""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from classrooms.models import Classroom, Member
from classrooms.models.people import MemberQuerySet

LARGEST_ID = 2**63 - 1
"""What fits into a column; the driver refuses to ask for more."""


def membership(user: AbstractUser | AnonymousUser, classroom_id: int) -> Member:
    """The person's row in the class, with the class, its course (not its text) and the person. Raises Http404."""
    if classroom_id > LARGEST_ID:
        raise Http404
    mine = Member.objects.active().filter(user=user.pk, classroom=classroom_id)
    found = mine.select_related("classroom__course", "user", "group").defer("classroom__course__text").first()
    if found is None:
        raise Http404
    return found


def places_of(user: AbstractUser | AnonymousUser) -> MemberQuerySet:
    """The person's rows in current classes, by the name of the class, each with the class and the person."""
    mine = Member.objects.active().filter(user=user.pk, classroom__archived_at=None)
    return mine.select_related("classroom", "user").order_by("classroom")


def teaching(user: AbstractUser | AnonymousUser, classroom_id: int) -> Member:
    """As `membership`, of the owner or an instructor. Raises Http404, PermissionDenied for a learner of the class."""
    return _in_role(user, classroom_id, Member.TEACHES)


def owning(user: AbstractUser | AnonymousUser, classroom_id: int) -> Member:
    """As `membership`, of the owner. Raises Http404, PermissionDenied for everybody else of the class."""
    return _in_role(user, classroom_id, [Member.Role.OWNER])


def learning(user: AbstractUser | AnonymousUser, classroom_id: int) -> Member:
    """As `membership`, of a learner. Raises Http404, PermissionDenied for those who teach the class."""
    return _in_role(user, classroom_id, [Member.Role.LEARNER])


def learner_of(classroom: Classroom, member_id: int) -> Member:
    """A learner of this class, in it or not any more, with person and group. Raises Http404 for anybody else."""
    learners = classroom.members.learners().select_related("user", "group", "classroom")
    return get_object_or_404(learners, pk=member_id)


def learner_in(classroom: Classroom, member_id: int) -> Member:
    """As `learner_of`, of one who is in the class now. Whoever waits has not been let in yet; whoever left or was
    removed learns on without the class looking. Raises Http404 for them too."""
    learners = classroom.members.active().learners().select_related("user", "group", "classroom")
    return get_object_or_404(learners, pk=member_id)


def _in_role(user: AbstractUser | AnonymousUser, classroom_id: int, roles: Collection[str]) -> Member:
    found = membership(user, classroom_id)
    if found.role not in roles:
        raise PermissionDenied
    return found
