"""What happened in a class lately, made from the rows themselves: one query, newest first.

Runs are those in the class's own course, since the learner joined: what they study elsewhere is theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from classrooms.models import Classroom, Completion, MarkChange, Member, Sitting
from classrooms.needs import WINDOW
from quizzes.models import Attempt

NEWEST = 30


@dataclass(frozen=True, slots=True)
class Event:
    """`sort`: "joined", "left", "removed", "run", "handed_in", "reached", "published", "mark".

    `member` (row id, None for what concerns all) is called `name`; `about` is the title of a piece of work or the
    heading of a lesson.
    """

    at: datetime
    sort: str
    member: int | None
    name: str
    about: str


def activity(classroom: Classroom, now: datetime) -> Sequence[Event]:
    """The newest NEWEST events of the last two weeks. One query."""
    since = now - WINDOW
    learners = classroom.members.learners()
    gone = [Member.Status.LEFT, Member.Status.REMOVED]
    marks = MarkChange.objects.filter(assignment__classroom=classroom).exclude(action=MarkChange.Action.COMMENT)
    mine = {"learner__memberships__classroom": classroom, "learner__memberships__role": Member.Role.LEARNER}
    runs = Attempt.objects.practice().filter(
        course=classroom.course_id,
        learner__memberships__status=Member.Status.ACTIVE,
        finished_at__gte=F("learner__memberships__joined_at"),
        **mine,
    )
    work = {"assignment__classroom": classroom}
    parts = [
        _rows(learners.active(), since, now, "joined", "joined_at", person=""),
        _rows(learners.filter(status__in=gone), since, now, "status", "left_at", person=""),
        _rows(runs, since, now, "run", "finished_at", person="learner__memberships__", about="lesson__heading"),
        _rows(Sitting.objects.filter(**work), since, now, "handed_in", "submitted_at", about="assignment__title"),
        _rows(Completion.objects.filter(**work), since, now, "reached", "reached_at", about="assignment__title"),
        _rows(marks, since, now, "mark", "made_at", about="assignment__title"),
        _published(classroom.assignments.published(), since, now),
    ]
    newest = parts[0].union(*parts[1:], all=True).order_by("-happened", "kind", "who")[:NEWEST]
    return [Event(at, sort, member, name or _("Guest"), about or "") for at, sort, member, name, about in newest]


def _rows(
    rows: Any, since: datetime, now: datetime, sort: str, at: str, *, person: str = "member__", about: str = ""
) -> Any:
    """(at, sort, member, name, about) of rows between two moments; `person` leads from a row to its member. The sort
    "status" stands for what the row's own status says."""
    lately = rows.filter(**{f"{at}__gte": since, f"{at}__lte": now}).order_by()
    columns = {
        "happened": F(at),
        "kind": F("status") if sort == "status" else Value(sort, CharField()),
        "who": F(f"{person}pk"),
        "called": _name(person),
        "about": F(about) if about else Value("", CharField()),
    }
    return lately.annotate(**columns).values_list(*columns)


def _name(person: str) -> Case:
    """As `Member.shown_name`; "" for a guest without a name in the class."""
    return Case(
        When(~Q(**{f"{person}name": ""}), then=F(f"{person}name")),
        When(**{f"{person}user__is_guest": True}, then=Value("")),
        When(~Q(**{f"{person}user__display_name": ""}), then=F(f"{person}user__display_name")),
        default=F(f"{person}user__username"),
        output_field=CharField(),
    )


def _published(rows: Any, since: datetime, now: datetime) -> Any:
    lately = rows.filter(published_at__gte=since, published_at__lte=now).order_by()
    columns = {
        "happened": F("published_at"),
        "kind": Value("published", CharField()),
        "who": Value(None, IntegerField()),
        "called": Value("-", CharField()),
        "about": F("title"),
    }
    return lately.annotate(**columns).values_list(*columns)
