"""The answers of a class that count, for whoever asks what they say: see `classrooms.needs`. Read-only.

Only answers in the course that the class reads are its business; what a learner studies elsewhere is theirs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from classrooms.models import Classroom, Member
from classrooms.needs import FEWEST, WINDOW, Answer
from quizzes.models import AttemptItem, Grading, Question, Response
from quizzes.scheduling import AGAIN

DAY = timedelta(days=1)
MISSED = Q(rating=AGAIN)


def as_text(time: str | Max) -> Cast:
    """A time as text, for `moment`: a busy class gives a hundred thousand answers in two weeks, and for SQLite the ORM
    takes five times as long to make times of them."""
    return Cast(time, TextField())


def moment(text: str) -> datetime:
    """The time that `as_text` gives."""
    return datetime.fromisoformat(text if "+" in text else f"{text}+00:00")


def learners_of(classrooms: Collection[Classroom]) -> QuerySet[Member]:
    """Those who learn in these classes now."""
    return Member.objects.active().learners().filter(classroom__in=classrooms)


def counting(classrooms: Collection[Classroom], since: datetime) -> QuerySet[Grading]:
    """Standing gradings since a moment that count (see `classrooms.needs`), of the learners of some classes in the
    courses that these read."""
    learners = learners_of(classrooms).values("user")
    flagged = AttemptItem.objects.filter(flags__learner__in=learners, flags__learner=F("attempt__learner"))
    asked = Question.objects.active().filter(pk=OuterRef("question"), course__in={row.course_id for row in classrooms})
    return (
        Grading.objects.standing()
        .filter(learner__in=learners, study_day__gte=(since - DAY).date(), answered_at__gte=since)
        .filter(Exists(asked))  # not a join: SQLite would begin at the questions and read everybody's answers
        .exclude(rating=None)
        .exclude(response__in=Response.objects.filter(item__in=flagged))
        .order_by()
    )


def by_lesson(classrooms: Collection[Classroom], now: datetime) -> list[tuple[int, int, int, int]]:
    """(person, lesson, answers, answers with a miss) over the last two weeks. One query."""
    rows = counting(classrooms, now - WINDOW).values_list("learner_id", "question__lesson_id")
    missed = Count("response", distinct=True, filter=MISSED)
    return list(rows.annotate(n=Count("response", distinct=True), missed=missed))


def answers_of(
    classrooms: Collection[Classroom], rows: Iterable[tuple[int, int, int, int]], now: datetime
) -> dict[int, list[Answer]]:
    """The answers of those lessons and people in which somebody may need help; of the others there are none.

    An answer with a miss is not always a wrong one, so no need is overlooked. One query.
    """
    pairs = {(user, lesson) for user, lesson, n, missed in rows if n >= FEWEST and 2 * missed > n}
    found: dict[int, list[Answer]] = defaultdict(list)
    if not pairs:
        return found
    people, lessons = {user for user, _lesson in pairs}, {lesson for _user, lesson in pairs}
    own = counting(classrooms, now - WINDOW).filter(learner__in=people, question__lesson__in=lessons)
    gradings = own.values_list("response_id", "learner_id", "question__lesson_id", as_text("answered_at"), "rating")
    given: dict[int, tuple[int, int, str]] = {}
    balance: Counter[int] = Counter()  # of each answer, its right facts less the missed; SQLite would sort them all
    for response, user, lesson, at, rating in gradings:
        if (user, lesson) in pairs:
            given[response] = user, lesson, at
            balance[response] += -1 if rating == AGAIN else 1
    for response, (user, lesson, at) in given.items():
        found[user].append(Answer(lesson, moment(at), balance[response] >= 0))
    return found


def lessons_begun(rows: Iterable[tuple[int, int, int, int]]) -> dict[int, set[int]]:
    """The lessons in which each person answered something, from what `by_lesson` found."""
    begun: dict[int, set[int]] = defaultdict(set)
    for user, lesson, _n, _missed in rows:
        begun[user].add(lesson)
    return begun
