"""Getting into a class, and out of it. Whoever leaves or is removed keeps the row; joining again restores the record.

Removed is the instructor's word, so coming back from there always waits to be let in.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from classrooms.codes import read_code, shown_code
from classrooms.models import Classroom, Member

SHOWN_LENGTH = 12


class JoinError(Exception):
    """Why nobody, or not this person, gets in. `message` is a sentence for the person."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


def find(typed: str, *, now: datetime) -> Classroom:
    """The class whose code was typed, with its course (not the text). Raises JoinError if the code lets nobody in."""
    code = read_code(typed)
    classrooms = Classroom.objects.select_related("course").defer("course__text")
    found = classrooms.filter(code=code).first() if code else None
    if found is None:
        shown = {"code": shown_code(code[:SHOWN_LENGTH])}
        raise JoinError(_("No class has the code %(code)s. Look for mixed-up letters, or ask for a new code.") % shown)
    check_open(found, now=now)
    return found


def check_open(classroom: Classroom, *, now: datetime) -> None:
    """Raises JoinError, with the reason, unless the class takes people in at `now`."""
    if classroom.takes_joins(now):
        return
    if classroom.is_archived:
        raise JoinError(_("This class is over. Nobody can join it any more."))
    if not classroom.is_open:
        raise JoinError(_("This class is closed to new learners. Ask the instructor to open it."))
    raise JoinError(_("This code is too old. Ask the instructor for a new one."))


@transaction.atomic
def join(classroom: Classroom, user: User, *, name: str, now: datetime) -> Member:
    """Make `user` a learner, waiting where an instructor has to let them in; a second call changes nothing.

    `name` is what the class calls the person; "" leaves it as it was. Raises JoinError when the class was closed
    meanwhile, and for those who teach it.
    """
    locked = Classroom.objects.select_for_update().get(pk=classroom.pk)
    check_open(locked, now=now)
    status = Member.Status.WAITING if locked.needs_approval else Member.Status.ACTIVE
    plain = {"status": status, "name": name, "joined_at": now}
    member, is_new = Member.objects.select_for_update().get_or_create(classroom=locked, user=user, defaults=plain)
    if member.is_active and member.teaches:
        raise JoinError(_("You teach this class. Sign in as somebody else to see it as a learner."))
    if is_new or member.is_active or member.status == Member.Status.WAITING:
        return member
    member.come_back(Member.Status.WAITING if member.status == Member.Status.REMOVED else status, name=name)
    return member
