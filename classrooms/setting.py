"""Work that is set, as practice hears of it (see `quizzes.setters`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from classrooms.models import Assignment, Completion, Member
from classrooms.work import note_completions
from curriculum.models import Course
from quizzes.models import Attempt

STILL_WANTED = timedelta(days=14)
"""How long after its due time work that was not done goes first."""


def lessons_first(learner: User, course: Course, *, now: datetime) -> frozenset[int]:
    """`order` of the lessons that classes have set for `learner` and that are still to do. One query."""
    mine = Member.objects.active().learners().filter(user=learner)
    done = Completion.objects.filter(assignment=OuterRef("pk"), member__user=learner)
    everybody = Q(groups=None, members=None)
    found = Assignment.objects.open_at(now).filter(
        Exists(mine.filter(classroom=OuterRef("classroom"))),
        ~Exists(done),
        everybody | Q(members__in=mine) | Q(groups__members__in=mine),
        Q(due_at=None) | Q(due_at__gte=now - STILL_WANTED),
        classroom__course=course,
        classroom__archived_at=None,
        lessons__isnull=False,
    )
    return frozenset(found.order_by().values_list("lessons__order", flat=True).distinct())


def run_finished(attempt: Attempt, *, now: datetime) -> None:
    """Note what is done with this run, in every class that reads its document."""
    mine = Member.objects.active().learners().filter(user=attempt.learner_id, classroom__archived_at=None)
    for member in mine.filter(classroom__course=attempt.course_id).select_related("classroom", "user"):
        note_completions(member.classroom, now, members=[member])
