"""One question for the whole class at the same time: shown, answered once by each, closed, revealed, ended.

An answer is history like any other: a run of its own with one item, graded by the server, feeding the memory. Nobody is
told what is right, not even the one who answered, before the instructor reveals it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from classrooms.evidence import MISSED, counting
from classrooms.models import Classroom, Member, Showing, ShownAnswer
from quizzes import papers
from quizzes.kinds import KINDS
from quizzes.models import Attempt, AttemptItem, Kind, Question, QuestionVersion, Response
from quizzes.practice import RefusedError

FORGOTTEN = timedelta(hours=3)
"""After so long a question that nobody ended is over."""
LATELY = timedelta(days=7)


def current(classroom: Classroom, now: datetime) -> QuerySet[Showing, Showing]:
    """The question that the class is at, at most one, with all that pages need of it and `n`, the answers so far."""
    running = classroom.showings.filter(ended_at=None, opened_at__gt=now - FORGOTTEN)
    return running.select_related("version__question__lesson").annotate(n=Count("answers")).order_by("-pk")


def show(classroom: Classroom, version: QuestionVersion, *, now: datetime) -> Showing:
    """Put a question before the class; one that is still shown ends. Raises RefusedError when somebody else showed one
    at the same moment, when the class is archived or the question is not of its course or withdrawn."""
    question = version.question
    if classroom.is_archived:
        raise RefusedError(_("This class is archived."))
    if question.course_id != classroom.course_id or not question.is_active:
        raise RefusedError(_("This question cannot be shown."))
    try:
        with transaction.atomic():
            for running in classroom.showings.select_for_update(no_key=True).filter(ended_at=None):
                end(running, now=now)
            return classroom.showings.create(version=version, seed=secrets.token_hex(8), opened_at=now)
    except IntegrityError:
        raise RefusedError(_("Somebody else has just shown another question.")) from None


def close(showing: Showing, *, now: datetime) -> None:
    """Take no further answers."""
    Showing.objects.filter(pk=showing.pk, closed_at=None).update(closed_at=now)


def reveal(showing: Showing, *, now: datetime) -> None:
    """Take no further answers and tell what is right; from now on the answers' runs tell it too."""
    with transaction.atomic():
        close(showing, now=now)
        Showing.objects.filter(pk=showing.pk, revealed_at=None).update(revealed_at=now)
        _tell(showing, now)


def end(showing: Showing, *, now: datetime) -> None:
    """The question is over, revealed or not; the answers stay."""
    with transaction.atomic():
        close(showing, now=now)
        Showing.objects.filter(pk=showing.pk, ended_at=None).update(ended_at=now)
        _tell(showing, now)


def _tell(showing: Showing, now: datetime) -> None:
    Attempt.objects.filter(items__shown_answer__showing=showing, results_at=None).update(results_at=now)


def order_of(showing: Showing) -> dict[str, object]:
    """The order of options and items: the same on the wall and on every phone."""
    content = showing.version.content
    return KINDS[content.kind].shuffle(content, showing.seed)


def answer(showing: Showing, member: Member, fields: Mapping[str, Sequence[str]], *, now: datetime) -> Response:
    """Keep a learner's one answer; the same again, or another, gives what is recorded.

    `fields` as posted. Raises InvalidAnswer when it is no answer, RefusedError when none is taken any more.
    """
    recorded = answer_of(showing, member)
    if recorded is not None:
        return recorded
    if showing.closed_at is not None or showing.ended_at is not None:
        raise RefusedError(_("No more answers are taken for this question."))
    if not showing.version.question.is_active:
        raise RefusedError(_("This question has been withdrawn. It does not count."))
    if (problem := papers.problem(showing.version.content, fields)) is not None:
        raise problem
    try:
        with transaction.atomic():
            return _keep(showing, member, fields, now)
    except IntegrityError:  # the same person, at the same moment
        recorded = answer_of(showing, member)
        if recorded is None:
            raise
        return recorded


def _keep(showing: Showing, member: Member, fields: Mapping[str, Sequence[str]], now: datetime) -> Response:
    run = Attempt.objects.create(
        learner=member.user,
        course_id=showing.version.question.course_id,
        scope=Attempt.Scope.LIVE,
        seed=showing.seed,
        feedback=Attempt.Feedback.LATER,
        started_at=showing.opened_at,
    )
    item = AttemptItem.objects.create(
        attempt=run,
        position=1,
        version=showing.version,
        order=order_of(showing),
        shown_at=showing.opened_at,
        saved_at=now,
    )
    ShownAnswer.objects.create(showing=showing, member=member, item=item)
    response = papers.answer(item, fields, now=now)
    Attempt.objects.filter(pk=run.pk).update(finished_at=now)
    return response


def answer_of(showing: Showing, member: Member) -> Response | None:
    """What a learner answered, with its item; None when nothing. One query."""
    mine = Response.objects.filter(item__shown_answer__showing=showing, item__shown_answer__member=member)
    return mine.select_related("item__version").first()


# Choosing.


def choosable(classroom: Classroom) -> QuerySet[Any, Any]:
    """Questions that may be shown, in the order of the document, each with `was_shown`: in the last week."""
    shown = classroom.showings.filter(version__question=OuterRef("pk"))
    active = Question.objects.active().for_course(classroom.course).exclude(current=None)
    rows = active.select_related("current", "lesson").annotate(was_shown=Exists(shown))
    return rows.order_by("lesson__order", "kind", "key")


def next_hardest(classroom: Classroom, now: datetime) -> Question | None:
    """The question to show next: about what the class missed most in the last week, not yet shown, one choice first,
    since it fits a wall best. Before anything was missed, the first that was not shown. Two queries."""
    graded = counting([classroom], now - LATELY).values_list("fact_id")
    rows = graded.annotate(n=Count("learner", distinct=True), missed=Count("learner", distinct=True, filter=MISSED))
    missed = sorted(((-missed / n, -n, fact) for fact, n, missed in rows if missed))[:10]
    rank = Case(*(When(facts=fact, then=Value(at)) for at, (_share, _n, fact) in enumerate(missed)), default=Value(99))
    is_choice = Case(When(Q(kind=Kind.CHOICE), then=Value(0)), default=Value(1))
    fresh = choosable(classroom).filter(was_shown=False)
    found: Question | None = fresh.annotate(rank=rank, first=is_choice).order_by("rank", "first", "pk").first()
    return found
