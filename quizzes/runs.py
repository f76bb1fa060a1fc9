"""Runs of practice: begun or gone on with, what stands where in them, and their end."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, IntegerField, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import User
from accounts.statements import Slot, Statement
from curriculum.models import Course, Lesson
from quizzes import memory, setters, weeks
from quizzes.kinds import KINDS
from quizzes.models import Attempt, AttemptItem, Flag, Question, QuestionVersion, Response
from quizzes.scheduling import study_day


class NothingToAskError(Exception):
    """The plan for this run is empty: nothing due, or no question yet."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in its run: tries recorded for it, items in all, other items open, other repeats open.

    `facts`: row ids by key of the facts that the question is about; `is_flagged`: the learner said it seems wrong.
    """

    tries: int
    total: int
    others_open: int
    repeats_open: int
    facts: dict[str, int] = field(default_factory=dict)
    is_flagged: bool = False


def start(
    learner: User,
    course: Course,
    *,
    scope: str,
    lesson: Lesson | None = None,
    fact_ids: Sequence[str] | None = None,
    now: datetime,
) -> Attempt:
    """Go on with today's open run of the same scope, or freeze a new one. Raises NothingToAskError."""
    wanted = {"course": course, "scope": scope, "lesson": lesson}
    running = _running(learner, wanted, fact_ids, now)
    if running is not None:
        return running
    weeks.note(learner, now=now)
    versions = memory.plan(learner, course, scope=scope, lesson=lesson, fact_ids=fact_ids, now=now)
    if not versions:
        raise NothingToAskError
    with transaction.atomic():
        User.objects.select_for_update().get(pk=learner.pk)  # of two starts at once the second finds the first
        return _running(learner, wanted, fact_ids, now) or _freeze(learner, wanted, versions, now)


def _running(learner: User, wanted: dict[str, Any], fact_ids: Sequence[str] | None, now: datetime) -> Attempt | None:
    """The learner's newest open run of today with this scope; a run about certain facts must ask about these only."""
    attempt = learner.attempts.open().filter(**wanted).first()
    zone = ZoneInfo(learner.time_zone)
    if attempt is None or study_day(attempt.started_at, zone) != study_day(now, zone):
        return None
    if fact_ids and attempt.items.exclude(version__question__facts__key__in=fact_ids).exists():
        return None
    return attempt


def _freeze(learner: User, wanted: dict[str, Any], versions: Iterable[QuestionVersion], now: datetime) -> Attempt:
    attempt = Attempt.objects.create(learner=learner, seed=secrets.token_hex(8), started_at=now, **wanted)
    AttemptItem.objects.bulk_create(
        prepared(attempt, position, version) for position, version in enumerate(versions, start=1)
    )
    return attempt


def prepared(attempt: Attempt, position: int, version: QuestionVersion, *, is_repeat: bool = False) -> AttemptItem:
    """An unsaved item with its display order frozen."""
    order = KINDS[version.content.kind].shuffle(version.content, f"{attempt.seed}:{position}")
    return AttemptItem(attempt=attempt, position=position, version=version, order=order, is_repeat=is_repeat)


def open_items(attempt: Attempt) -> QuerySet[AttemptItem]:
    """What is still to be answered; a question that was withdrawn meanwhile is not."""
    return attempt.items.filter(answered_at=None, version__question__is_active=True)


def next_item(attempt: Attempt, *, now: datetime) -> AttemptItem | None:
    """The first open item; without one the run is finished (also when its last question was withdrawn)."""
    item = None if attempt.is_finished else open_items(attempt).order_by("position").first()
    if item is None:
        finish(attempt, now=now)
    return item


def finish(attempt: Attempt, *, now: datetime) -> None:
    """Close the run; a run already closed keeps its time, and no clock that was set back closes one before it began."""
    now = max(now, attempt.started_at)
    if not attempt.is_finished and Attempt.objects.filter(pk=attempt.pk, finished_at=None).update(finished_at=now):
        attempt.finished_at = now
        setters.run_finished(attempt, now=now)


def find(learner: User, attempt_id: int, position: int) -> tuple[AttemptItem, Place]:
    """A person's own item of a practice run and its place, in one query. Raises AttemptItem.DoesNotExist."""
    return _placed(FOUND.rows(learner=learner.pk, attempt=attempt_id, position=position))


def placed(item_id: int) -> tuple[AttemptItem, Place]:
    """Any item and its place, in one query. Raises AttemptItem.DoesNotExist."""
    return _placed(PLACED.rows(item=item_id))


def _placed(rows: Sequence[Any]) -> tuple[AttemptItem, Place]:
    """The item with all that answering needs, from its rows: one for each fact of its question."""
    if not rows:
        raise AttemptItem.DoesNotExist
    first = rows[0]  # with the columns of COUNTS
    facts = {row.fact_key: row.fact_id for row in rows if row.fact_id is not None}
    return first, Place(first.tries, first.total, first.others_open, first.repeats_open, facts, bool(first.is_flagged))


def _with_place(items: QuerySet[AttemptItem]) -> QuerySet[AttemptItem]:
    """The answer path may not ask often: the facts come as rows of the same query."""
    return (
        items.select_related("attempt__course", "attempt__learner", "version__question__lesson")
        .only(*NEEDED)
        .annotate(**COUNTS, fact_id=F("version__question__facts"), fact_key=F("version__question__facts__key"))
    )


NEEDED = (
    *(field.name for field in AttemptItem._meta.concrete_fields),
    *(f"attempt__{field.name}" for field in Attempt._meta.concrete_fields),
    *(
        f"attempt__course__{name}"
        for name in ("slug", "title", "issuer", "date", "language", "is_published", "replaces")
    ),
    *(f"attempt__learner__{name}" for name in ("username", "display_name", "is_guest", "time_zone", "items_per_day")),
    *(f"version__{name}" for name in ("question", "number", "body", "digest")),
    *(f"version__question__{name}" for name in ("course", "lesson", "key", "kind", "rule", "is_active")),
    *(f"version__question__lesson__{name}" for name in ("course", "key", "slug", "order", "heading", "title", "scope")),
)
"""What answering and its page read of the rows that come with an item."""

_OWN = AttemptItem._meta.db_table
_RUN = f"SELECT COUNT(*) FROM {_OWN} own WHERE own.attempt_id = {_OWN}.attempt_id"
_OTHERS = (
    f"SELECT COUNT(*) FROM {_OWN} own"
    f" JOIN {QuestionVersion._meta.db_table} version ON version.id = own.version_id"
    f" JOIN {Question._meta.db_table} question ON question.id = version.question_id"
    f" WHERE own.attempt_id = {_OWN}.attempt_id AND own.id <> {_OWN}.id AND own.answered_at IS NULL"
    " AND question.is_active"
)
_TRIES = f"SELECT COUNT(*) FROM {Response._meta.db_table} given WHERE given.item_id = {_OWN}.id"
_FLAGS = (
    f"SELECT COUNT(*) FROM {Flag._meta.db_table} said"
    f" WHERE said.item_id = {_OWN}.id AND said.learner_id = {Attempt._meta.db_table}.learner_id"
)
COUNTS = {
    "tries": RawSQL(_TRIES, [], output_field=IntegerField()),
    "total": RawSQL(_RUN, [], output_field=IntegerField()),
    "others_open": RawSQL(_OTHERS, [], output_field=IntegerField()),
    "repeats_open": RawSQL(f"{_OTHERS} AND own.is_repeat", [], output_field=IntegerField()),
    "is_flagged": RawSQL(_FLAGS, [], output_field=IntegerField()),
}
"""Written in SQL: the same in the ORM is longer, and slower to work out."""

NUMBER = IntegerField()
PLACED = Statement(lambda: _with_place(AttemptItem.objects.filter(pk=Slot("item", NUMBER))))
FOUND = Statement(
    lambda: _with_place(
        AttemptItem.objects.filter(
            attempt__learner=Slot("learner", NUMBER),
            attempt__pk=Slot("attempt", NUMBER),
            position=Slot("position", NUMBER),
        ).exclude(attempt__scope__in=Attempt.SET_BY_OTHERS)
    )
)


def show(item: AttemptItem, *, now: datetime) -> None:
    """Note when the question was first seen; that is when its time begins."""
    if item.shown_at is None and item.answered_at is None:
        AttemptItem.objects.filter(pk=item.pk, shown_at=None).update(shown_at=now)
        item.shown_at = now
