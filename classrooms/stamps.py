"""What a live page was made from, as one short text: the same text, the same page. One query."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Sum, Value

from classrooms.models import Classroom, Completion, Member, Showing, Sitting
from quizzes.models import Grading

DAY = timedelta(days=1)


def class_stamp(classroom: Classroom, now: datetime) -> str:
    """Changes with every answer in the class, hand-in, completion, piece of work or shown question, with who is in the
    class, and each minute, since who is here and who is stuck changes by itself.

    One query, along indexes: the answers are those of the study days that have now.
    """
    learners = Member.objects.active().learners().filter(classroom=classroom)
    recent = Grading.objects.filter(learner__in=learners.values("user"), study_day__gte=(now - DAY).date())
    here = {"classroom": OuterRef("pk")}
    work = {"assignment__classroom": OuterRef("pk")}
    parts = {
        "answers": _one(recent, Max("pk")),
        "people": _one(Member.objects.active().filter(**here), Count("pk")),
        "begun": _one(Sitting.objects.filter(**work), Count("pk")),
        "handed_in": _one(Sitting.objects.filter(**work), Count("submitted_at")),
        "reached": _one(Completion.objects.filter(**work), Count("pk")),
        "work": _one(classroom.assignments.published(), Sum("revision")),
        "showing": _one(Showing.objects.filter(**here), Max("pk")),
    }
    row = Classroom.objects.filter(pk=classroom.pk).annotate(**parts).values_list(*parts)[0]
    return _digest(*row, f"{now:%Y-%m-%dT%H:%M}", classroom.pk)


def page_stamp(stamp: str, *more: object) -> str:
    """The stamp of one page made at `stamp`; `more`: what else it depends on. No query."""
    return _digest(stamp, *more)


def showing_stamp(showing: Showing, *more: object) -> str:
    """Changes with every answer to a shown question (its `n`) and every step of it. No query."""
    moments = showing.closed_at, showing.revealed_at, showing.ended_at
    return _digest(showing.pk, showing.n, *moments, *more)  # type: ignore[attr-defined]


def learners_stamp(showing: Showing | None, has_answered: bool, *more: object) -> str:
    """Changes with what a learner's page says about the shown question, not while others answer. No query."""
    if showing is None:
        return _digest(None, *more)
    return _digest(showing.pk, has_answered, showing.closed_at, showing.revealed_at, *more)


def _one(rows: QuerySet[Any, Any], what: Any) -> Subquery:
    return Subquery(rows.order_by().values(one=Value(1)).annotate(found=what).values("found"))


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]
