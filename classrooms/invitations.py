"""Making somebody an instructor: a private link, good for one person and a fortnight. Only its digest is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from classrooms.codes import digest, new_secret
from classrooms.joining import JoinError
from classrooms.models import Classroom, Invitation, Member

LIFETIME = timedelta(days=14)


def invite(classroom: Classroom, *, inviter: User, label: str, now: datetime) -> str:
    """The secret of a new invitation. It is not kept, so it can be shown only now."""
    secret = new_secret()
    classroom.invitations.create(digest=digest(secret), label=label, inviter=inviter, expires_at=now + LIFETIME)
    return secret


def find_invitation(secret: str, *, now: datetime) -> Invitation:
    """The invitation, with its class. Raises JoinError for one that is unknown, used or too old."""
    found = Invitation.objects.select_related("classroom__course").defer("classroom__course__text")
    invitation = found.filter(digest=digest(secret), accepted_at=None, expires_at__gt=now).first()
    if invitation is None:
        raise JoinError(_("This invitation was used before or is too old. Ask for a new one."))
    return invitation


@transaction.atomic
def accept(invitation: Invitation, user: User, *, now: datetime) -> Member:
    """Make `user` an instructor of the class, once. Who learned in it keeps the record; the owner stays the owner.

    Raises JoinError when somebody else was faster.
    """
    mine = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=now)
    if not mine.update(accepted_at=now, accepted_by=user):
        raise JoinError(_("This invitation was used before or is too old. Ask for a new one."))
    plain = {"role": Member.Role.INSTRUCTOR, "joined_at": now}
    member, is_new = Member.objects.select_for_update().get_or_create(
        classroom=invitation.classroom, user=user, defaults=plain
    )
    if not is_new and member.role != Member.Role.OWNER:
        member.role, member.status, member.left_at = Member.Role.INSTRUCTOR, Member.Status.ACTIVE, None
        member.save(update_fields=["role", "status", "left_at"])
    return member
