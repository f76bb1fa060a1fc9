"""An instructor decides about a mark: sets it by hand, excuses, goes back to the computed one, comments.

Each decision is a row after the newest one that its author saw. Two rows after the same one cannot exist, so of two
instructors at the same cell the second is told, and nothing that either wrote is lost.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from classrooms.models import Assignment, MarkChange, Member


class DecidedMeanwhileError(Exception):
    """Something else was decided since the page was opened; `newest` is the last word. None: what was seen is of
    another mark, and nothing was decided about this one."""

    def __init__(self, newest: MarkChange | None) -> None:
        super().__init__(str(newest))
        self.newest = newest


def decide(
    assignment: Assignment,
    member: Member,
    *,
    action: str,
    author: User | None,
    seen: int | None,
    now: datetime,
    points: float | None = None,
    before: float | None = None,
    reason: str = "",
    comment: str = "",
) -> MarkChange:
    """Keep a decision. `seen`: row id of the newest one that the author saw, None for none; `before`: points so far.

    Raises DecidedMeanwhileError.
    """
    known = MarkChange.objects.filter(assignment=assignment, member=member).order_by("pk")
    if known.values_list("pk", flat=True).last() != seen:
        raise DecidedMeanwhileError(known.last())
    try:
        with transaction.atomic():
            return MarkChange.objects.create(
                assignment=assignment,
                member=member,
                previous_id=seen,
                action=action,
                points=points,
                before=before,
                reason=reason,
                comment=comment,
                author=author,
                made_at=now,
            )
    except IntegrityError:
        raise DecidedMeanwhileError(known.last()) from None
