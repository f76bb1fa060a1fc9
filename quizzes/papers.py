"""A quiz from its questions to its mark: drawn, frozen for a learner, saved while it runs, handed in and graded once.

Nothing of a sitting is in practice's way: there is one try, no hint, no repeat. What is saved may change until the run
is handed in or its deadline has passed by more than GRACE. Every verb first takes the run's row, so that of two at the
same moment, a save and a hand-in or two hand-ins, one is first and the other sees it (on SQLite a transaction that
writes is alone anyway).
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from curriculum.models import Course, Lesson
from quizzes import memory
from quizzes.content import Content
from quizzes.drawing import Edges, Forms, arranged, draw, draw_forms
from quizzes.judging import Judged, as_gradings, as_response, judge
from quizzes.kinds import KINDS, InvalidAnswer
from quizzes.models import Attempt, AttemptItem, Grading, Question, QuestionVersion, Response
from quizzes.practice import RefusedError
from quizzes.runs import prepared
from quizzes.scheduling import usable_latency
from quizzes.sequence import Candidate

GRACE = timedelta(seconds=30)
"""How long after a deadline an answer is still taken: the network's share."""
LATEST = timedelta(minutes=2)
"""A save that was longer on its way is taken for one of so long ago."""


# The questions.


def askable(course: Course, *, lessons: Collection[Lesson] = (), kinds: Collection[str] = ()) -> QuerySet[Question]:
    """The active questions of these lessons and kinds; of all where none is named."""
    found = Question.objects.active().for_course(course).exclude(current=None)
    if lessons:
        found = found.filter(lesson__in=lessons)
    return found.filter(kind__in=kinds) if kinds else found


def draw_paper(questions: QuerySet[Question], *, count: int, seed: str) -> list[QuestionVersion]:
    """`count` current versions of `questions`, drawn by `seed`, in the order in which to ask them. One query."""
    versions, edges = _bank(questions)
    drawn = draw(_candidates(versions), count=count, seed=seed, edges=edges)
    return [versions[candidate.version_id] for candidate in drawn]


def draw_parallel(
    questions: QuerySet[Question], *, count: int, seed: str
) -> tuple[list[QuestionVersion], list[QuestionVersion], int]:
    """Forms A and B of `count` questions each, and how many facts are asked in both. One query."""
    versions, edges = _bank(questions)
    forms: Forms = draw_forms(_candidates(versions), count=count, seed=seed, edges=edges)
    a, b = ([versions[row.version_id] for row in arranged(form, seed=seed, edges=edges)] for form in (forms.a, forms.b))
    return a, b, forms.paired


def _bank(questions: QuerySet[Question]) -> tuple[dict[int, QuestionVersion], Edges]:
    rows = QuestionVersion.objects.filter(current_for__in=questions).select_related("question").order_by("pk")
    versions = {version.pk: version for version in rows}
    return versions, memory.leaks(versions.values())


def _candidates(versions: Mapping[int, QuestionVersion]) -> list[Candidate]:
    return [memory.candidate(version) for version in versions.values()]


def on_paper(version_ids: Sequence[int]) -> list[QuestionVersion]:
    """These versions in this order; what was deleted meanwhile is left out. One query."""
    rows = QuestionVersion.objects.select_related("question__lesson").in_bulk(list(version_ids))
    return [rows[pk] for pk in version_ids if pk in rows]


# The sitting.


def freeze(
    learner: User,
    course: Course,
    versions: Sequence[QuestionVersion],
    *,
    feedback: str,
    deadline_at: datetime | None = None,
    results_at: datetime | None = None,
    is_shuffled: bool = False,
    now: datetime,
) -> Attempt:
    """A run over these versions, one item each, with every order frozen. Two queries.

    `is_shuffled`: in an order of this run's own. Must run in the transaction that decided that it may begin.
    """
    attempt = Attempt.objects.create(
        learner=learner,
        course=course,
        scope=Attempt.Scope.QUIZ,
        seed=secrets.token_hex(8),
        feedback=feedback,
        deadline_at=deadline_at,
        results_at=results_at,
        started_at=now,
    )
    order = _shuffled(versions, attempt.seed) if is_shuffled else versions
    AttemptItem.objects.bulk_create(prepared(attempt, at, version) for at, version in enumerate(order, start=1))
    return attempt


def _shuffled(versions: Sequence[QuestionVersion], seed: str) -> list[QuestionVersion]:
    by_id = {version.pk: version for version in versions}
    order = arranged(_candidates(by_id), seed=seed, edges=memory.leaks(versions))
    return [by_id[candidate.version_id] for candidate in order]


def is_over(attempt: Attempt, now: datetime) -> bool:
    """Whether time is up for answers, the network's grace included; it need not be handed in yet."""
    return attempt.deadline_at is not None and now > attempt.deadline_at + GRACE


def problem(content: Content, fields: Mapping[str, Sequence[str]] | None) -> InvalidAnswer | None:
    """Why these fields are no answer yet, blank ones included (`code` "blank"); None when they can be graded."""
    kind = KINDS[content.kind]
    try:
        if kind.grade(content, kind.read(content, fields or {}), is_final=True).verdict != "blank":
            return None
    except InvalidAnswer as found:
        return found
    return InvalidAnswer(_("Answer the question first."), code="blank")


def save(
    item: AttemptItem, fields: Mapping[str, Sequence[str]], *, now: datetime, typed_at: datetime | None = None
) -> bool:
    """Keep the fields of an answer as they are; {} takes an answer back. Two queries.

    `typed_at`: since when the page has said so, where it tells. A request that was overtaken by a later one on the way
    changes nothing, and False is returned. What is told is held to the last minutes and to no time ahead.

    Raises RefusedError, and changes nothing, when the run is over or the question was answered for good.
    """
    at = now if typed_at is None else min(max(typed_at, now - LATEST), now)
    with transaction.atomic():
        _hold(item.attempt, now)
        kept = dict(fields) if any(any(values) for values in fields.values()) else None
        open_item = AttemptItem.objects.filter(pk=item.pk, answered_at=None)
        not_overtaken = Q() if typed_at is None else Q(saved_at=None) | Q(saved_at__lte=at)
        if not open_item.filter(not_overtaken).update(saved=kept, saved_at=at):
            if typed_at is not None and open_item.exists():
                return False
            raise RefusedError(_("This question is already answered. The answer recorded first stands."))
    item.saved, item.saved_at = kept, at
    return True


def _hold(attempt: Attempt, now: datetime) -> None:
    """Take the run's row until the transaction ends. Raises RefusedError when it takes no answers any more."""
    found = Attempt.objects.select_for_update(no_key=True).only("finished_at", "deadline_at").get(pk=attempt.pk)
    if found.finished_at is not None:
        raise RefusedError(_("This quiz is handed in. Nothing was changed."))
    if is_over(found, now):
        raise RefusedError(_("The time is up. What was saved before stands and is handed in."))


def answer(item: AttemptItem, fields: Mapping[str, Sequence[str]], *, now: datetime) -> Response:
    """Grade an answer for good in a run that tells after each: one try. The same again gives what is recorded.

    Raises InvalidAnswer when it is no answer, RefusedError when the run takes none any more.
    """
    if item.is_answered:
        return item.responses.get()
    if (found := problem(item.version.content, fields)) is not None:
        raise found
    judged = _judged(item, fields, now)
    with transaction.atomic():
        _hold(item.attempt, now)
        kept = {"saved": dict(fields), "saved_at": now, "answered_at": now}
        if not AttemptItem.objects.filter(pk=item.pk, answered_at=None).update(**kept):
            return item.responses.get()
        (response,) = _keep(item.attempt, [(item, judged)])
    return response


def hand_in(attempt: Attempt, *, now: datetime, at: datetime | None = None) -> bool:
    """Close the run and grade everything that was saved; blanks get no response. False: it was handed in before.

    `at` is when it counts as handed in (the deadline, for one closed by the server); without it, `now`. As many
    queries for any number of questions: nine.
    """
    at = at or now
    with transaction.atomic():
        if not Attempt.objects.filter(pk=attempt.pk, finished_at=None).update(finished_at=at):
            attempt.refresh_from_db(fields=["finished_at"])
            return False
        waiting = attempt.items.filter(answered_at=None).exclude(saved=None).select_related("version__question")
        given = [row for row in waiting.order_by("position") if problem(row.version.content, row.saved) is None]
        answered = [(item, _judged(item, item.saved or {}, at)) for item in given]
        AttemptItem.objects.filter(pk__in=[item.pk for item, _row in answered]).update(answered_at=at)
        _keep(attempt, answered)
    attempt.finished_at = at
    return True


def _judged(item: AttemptItem, fields: Mapping[str, Sequence[str]], at: datetime) -> Judged:
    """Raises InvalidAnswer."""
    content = item.version.content
    read = KINDS[content.kind].read(content, fields)
    return judge(content, read, gave_up=False, try_number=1, elapsed_ms=_elapsed(item), is_only=True, now=at)


def _elapsed(item: AttemptItem) -> int | None:
    """Milliseconds from the first showing to the last change of the answer; None when unknown or idle."""
    if item.shown_at is None or item.saved_at is None or item.saved_at < item.shown_at:
        return None
    return usable_latency(round((item.saved_at - item.shown_at).total_seconds() * 1000))


def _keep(attempt: Attempt, answered: Sequence[tuple[AttemptItem, Judged]]) -> list[Response]:
    """Store responses and gradings, and bring the memory up to date."""
    if not answered:
        return []
    learner = attempt.learner
    zone = ZoneInfo(learner.time_zone)
    facts = _facts(item for item, _row in answered)
    responses = Response.objects.bulk_create(as_response(item, judged, zone) for item, judged in answered)
    gradings = []
    for response, (item, judged) in zip(responses, answered, strict=True):
        own = as_gradings(item, judged, facts[item.version.question_id], learner_id=learner.pk, zone=zone)
        for grading in own:
            grading.response = response
        gradings += own
    memory.record(Grading.objects.bulk_create(gradings))
    return responses


def _facts(items: Iterable[AttemptItem]) -> dict[int, dict[str, int]]:
    """Row ids of facts by key, for each question. One query."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    asked = Question.objects.filter(pk__in=[item.version.question_id for item in items], facts__isnull=False).order_by()
    for question, key, fact in asked.values_list("pk", "facts__key", "facts"):
        found[question][key] = fact
    return found


# The mark.


def score(attempt: Attempt) -> float | None:
    """The share of the points that the run earns, 0 to 1, from standing gradings, so that a regrade changes it.

    Each question is worth one point; one that a person has suspended since counts for nobody. A question earns what
    its response earned (`Outcome.score`: a list 3 of 4 members, a set 4 of 5 pairs); once any of its gradings was
    replaced, the mean of `Grading.score` over its standing gradings. A blank earns 0. score = Σ earned / questions;
    None where no question is left. Three queries.
    """
    return scores([attempt.pk]).get(attempt.pk)


def scores(attempt_ids: Collection[int]) -> dict[int, float | None]:
    """`score` of many runs at once, in three queries."""
    standing = Prefetch("gradings", Grading.objects.standing().order_by("pk"), to_attr="standing")
    responses = Prefetch("responses", Response.objects.order_by("try_number").prefetch_related(standing))
    items = AttemptItem.objects.filter(attempt__in=attempt_ids, version__question__is_suspended=False)
    items = items.only("attempt", "version__question").prefetch_related(responses).order_by("attempt", "position")
    points: dict[int, list[float]] = defaultdict(list)
    for item in items:
        given = list(item.responses.all())
        points[item.attempt_id].append(earned(given[-1]) if given else 0.0)
    return {pk: sum(points[pk]) / len(points[pk]) if points[pk] else None for pk in attempt_ids}


def earned(response: Response) -> float:
    """What one response earns now; needs its standing gradings as `standing`, a list of rows (see `scores`)."""
    rows: list[Grading] = response.standing  # type: ignore[attr-defined]
    if not any(row.supersedes_id for row in rows):
        return response.score
    return sum(response.score if row.score is None else row.score for row in rows) / len(rows)
