"""The people of one class, as values for its pages: how many queries never depends on how many people there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from classrooms.models import Classroom, Member
from quizzes.models import MemoryState

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One learner in the list. `active_at`: last seen in the class, or last answer about its document; None: never."""

    member: Member
    active_at: datetime | None

    @property
    def has_signed_in(self) -> bool:
        return self.member.user.last_login is not None or self.active_at is not None


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of a class: learners in it, those waiting, those who left or were removed, those who teach it."""

    lines: tuple[Line, ...]
    waiting: tuple[Member, ...]
    gone: tuple[Member, ...]
    teachers: tuple[Member, ...]

    @property
    def never(self) -> int:
        """How many learners have not signed in yet."""
        return sum(not line.has_signed_in for line in self.lines)


def people(classroom: Classroom) -> People:
    """In two queries, each list by name."""
    members = list(classroom.members.select_related("user", "group"))
    members.sort(key=lambda member: (member.shown_name.casefold(), member.pk))
    learners = [member for member in members if not member.teaches and member.is_active]
    answered = _last_answers(classroom, learners)
    out = (Member.Status.LEFT, Member.Status.REMOVED)
    return People(
        lines=tuple(Line(member, _latest(member.seen_at, answered.get(member.user_id))) for member in learners),
        waiting=tuple(member for member in members if member.status == Member.Status.WAITING),
        gone=tuple(member for member in members if member.status in out),
        teachers=tuple(member for member in members if member.teaches and member.is_active),
    )


def _last_answers(classroom: Classroom, members: Sequence[Member]) -> dict[int, datetime]:
    """When each person last answered about the document of the class."""
    learners = [member.user_id for member in members]
    states = MemoryState.objects.filter(learner__in=learners, fact__course=classroom.course_id).order_by()
    return dict(states.values_list("learner").annotate(Max("last_review_at")))


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


SORTS: dict[str, Callable[[Line], Any]] = {
    "name": lambda line: line.member.shown_name.casefold(),
    "group": lambda line: line.member.group.name.casefold() if line.member.group else "",
    "number": lambda line: line.member.number.casefold(),
    "active": lambda line: line.active_at or EPOCH,
}


def chosen(lines: Sequence[Line], *, q: str = "", group_id: int | None = None, sort: str = "name") -> list[Line]:
    """The lines whose name, number or e-mail holds `q`, of one group if given; `sort` names SORTS, with - downwards."""
    wanted = q.casefold()
    found = [
        line
        for line in lines
        if (group_id is None or line.member.group_id == group_id)
        and any(wanted in text.casefold() for text in (line.member.shown_name, line.member.number, line.member.email))
    ]
    key = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    return sorted(found, key=key, reverse=sort.startswith("-"))


def admit(waiting: QuerySet[Member]) -> int:
    """Let those in who wait; how many."""
    return waiting.filter(status=Member.Status.WAITING).update(status=Member.Status.ACTIVE)


@transaction.atomic
def hand_over(owner: Member, successor: Member) -> bool:
    """Make `successor`, an instructor of the class, its owner, and `owner` an instructor. False if either changed."""
    rows = {row.pk: row for row in Member.objects.select_for_update().filter(pk__in=[owner.pk, successor.pk])}
    now_owner, now_next = rows[owner.pk], rows.get(successor.pk)
    if now_owner.role != Member.Role.OWNER or now_next is None:
        return False
    if now_next.role != Member.Role.INSTRUCTOR or not now_next.is_active:
        return False
    Member.objects.filter(pk=now_owner.pk).update(role=Member.Role.INSTRUCTOR)
    Member.objects.filter(pk=now_next.pk).update(role=Member.Role.OWNER)
    return True
