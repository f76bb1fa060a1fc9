"""What the learners of the demonstration say about a question that seems wrong to them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count

from accounts.models import User
from curriculum.models import Course
from quizzes import practice
from quizzes.models import Flag, Kind, Response

DOUBTERS = 4


def contest(course: Course, people: Collection[User]) -> int:
    """Some of those who missed the typed question that was missed most often say that their answer should count; how
    many did."""
    missed = Response.objects.filter(
        item__attempt__course=course,
        item__attempt__learner__in=people,
        item__version__question__kind=Kind.SHORT_ANSWER,
        verdict="wrong",
        gave_up=False,
        is_rapid=False,
    )
    by_question = missed.values("item__version__question").annotate(
        count=Count("item__attempt__learner", distinct=True)
    )
    worst = by_question.order_by("-count", "item__version__question").first()
    if worst is None:
        return 0
    seen: set[int] = set()
    rows = missed.filter(item__version__question=worst["item__version__question"])
    for response in rows.select_related("item__attempt__learner").order_by("answered_at", "pk"):
        learner = response.item.attempt.learner
        if learner.pk not in seen and len(seen) < DOUBTERS:
            seen.add(learner.pk)
            practice.flag(response.item, learner, reason=Flag.Reason.MY_ANSWER)
    return len(seen)
