"""What learners mix up: wrong answers given often enough, by enough people, to be worth offering. Reads only."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count

from curriculum.models import Course
from quizzes.models import Grading

FEWEST_TIMES = 5
FEWEST_LEARNERS = 3


def confusions(course: Course) -> dict[str, list[str]]:
    """Fact key -> texts that were given instead, the most frequent first; from first tries, in one query.

    The same log gives the same result. Only texts given at least five times by at least three learners.
    """
    rows = (
        Grading.objects.standing()
        .filter(fact__course=course, is_first_try=True, is_correct=False)
        .exclude(confused_with="")
        .order_by()
        .values_list("fact__key", "confused_with")
        .annotate(times=Count("pk"), learners=Count("learner", distinct=True))
        .filter(times__gte=FEWEST_TIMES, learners__gte=FEWEST_LEARNERS)
    )
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for fact, text, times, _learners in rows:
        found[fact].append((-times, text))
    return {fact: [text for _times, text in sorted(found[fact])] for fact in sorted(found)}
